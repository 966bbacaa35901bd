import { Result, Schema, type SchemaIssue } from "effect"
import { InvalidField, MissingField } from "./Reason.ts"

interface Problem {
  readonly path: ReadonlyArray<PropertyKey>
  readonly rule: string
}

/** The first thing wrong, and where; `undefined` as a rule means that it is missing. */
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

const expectedOf = (ast: { readonly _tag: string }): string => {
  if (ast._tag === "Union" && "types" in ast && Array.isArray(ast.types)) {
    const literals: ReadonlyArray<unknown> = ast.types.map((type: { readonly literal?: unknown }) => type.literal)
    if (literals.every((literal) => typeof literal === "string")) return `one of ${literals.join(", ")}`
  }
  return `a ${ast._tag.toLowerCase()}`
}

const snake = (key: PropertyKey): string => String(key).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const valueAt = (input: unknown, path: ReadonlyArray<PropertyKey>): unknown =>
  path.reduce<unknown>(
    // a path that the decoder reports is made of the input's own keys
    (value, key) =>
      value === null || typeof value !== "object" ? undefined : (value as Record<PropertyKey, unknown>)[key],
    input
  )

/**
 * A reader of a caller's input: the decoded value, or MissingField or InvalidField with the field's path as the proto
 * names it. Neither repeats the value.
 */
export const input = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownResult(schema)
  return (value: unknown): Result.Result<S["Type"], MissingField | InvalidField> =>
    Result.mapError(decode(value), ({ issue }) => {
      const { path, rule } = first(issue)
      const field = path.map(snake).join(".")
      const given = valueAt(value, path)
      return given === undefined || given === "" ? new MissingField({ field }) : new InvalidField({ field, rule })
    })
}
