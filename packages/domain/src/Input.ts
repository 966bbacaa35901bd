import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import type * as SchemaIssue from "effect/SchemaIssue"
import { InvalidField, MissingField } from "./Reason.ts"

interface Problem {
  readonly path: ReadonlyArray<PropertyKey>
  readonly rule: string
}

/** The first thing wrong, and where. */
const first = (issue: SchemaIssue.Issue, path: ReadonlyArray<PropertyKey> = []): Problem => {
  switch (issue._tag) {
    case "Pointer":
      return first(issue.issue, [...path, ...issue.path])
    case "Composite":
      return first(issue.issues[0], path)
    case "Encoding":
      return first(issue.issue, path)
    case "Filter": {
      const expected = issue.filter.annotations?.expected
      return { path, rule: typeof expected === "string" ? expected : "valid" }
    }
    case "AnyOf":
      return issue.issues.length === 1 && issue.issues[0] !== undefined
        ? first(issue.issues[0], path)
        : { path, rule: expectedOf(issue.ast) }
    case "InvalidType":
      return { path, rule: expectedOf(issue.ast) }
    default:
      return { path, rule: "valid" }
  }
}

const kinds: Readonly<Record<string, string>> = {
  Objects: "an object",
  Arrays: "a list",
  String: "a text",
  Number: "a number",
  BigInt: "a bigint",
  Boolean: "true or false",
  // dates are the only declared type that a caller writes
  Declaration: "a valid timestamp"
}

const tagOf = (ast: SchemaAST.AST): unknown => {
  const tag = ast._tag === "Objects" ? ast.propertySignatures.find(({ name }) => name === "_tag")?.type : undefined
  return tag?._tag === "Literal" ? tag.literal : undefined
}

/** What a value of the wrong kind should have been. */
const expectedOf = (ast: SchemaAST.AST): string => {
  if (ast._tag !== "Union") return kinds[ast._tag] ?? "valid"
  const types = ast.types.filter(({ _tag }) => _tag !== "Undefined")
  const [only] = types
  if (types.length === 1 && only !== undefined) return expectedOf(only)
  const literals = types.flatMap((type) => (type._tag === "Literal" ? [String(type.literal)] : []))
  return literals.length === types.length
    ? `one of ${literals.join(", ")}`
    : `an object whose _tag is one of ${types.map(tagOf).join(", ")}`
}

/** The proto's name of a field or of a tag: `paymentMethod` and `NetworkToken` are `payment_method`, `network_token`. */
export const snake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter, at) => `${at === 0 ? "" : "_"}${letter.toLowerCase()}`)

const isObject = (value: unknown): value is Readonly<Record<PropertyKey, unknown>> =>
  typeof value === "object" && value !== null

/** A field's path as the proto names it, where the case of a oneof stands for a tag, and what the caller gave there. */
const locate = (input: unknown, path: ReadonlyArray<PropertyKey>) => {
  const names: Array<string> = []
  let given = input
  for (const key of path) {
    if (isObject(given) && typeof given._tag === "string") names.push(snake(given._tag))
    names.push(snake(String(key)))
    given = isObject(given) ? given[key] : undefined
  }
  return { field: names.join("."), given }
}

/**
 * A reader of a caller's input: the decoded value, or MissingField or InvalidField with the field's path as the proto
 * names it. Neither repeats the value.
 */
export const input = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownResult(schema)
  return (value: unknown): Result.Result<S["Type"], MissingField | InvalidField> =>
    Result.mapError(decode(value), ({ issue }) => {
      const { path, rule } = first(issue)
      const { field, given } = locate(value, path)
      return given === undefined || given === "" ? new MissingField({ field }) : new InvalidField({ field, rule })
    })
}
