import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"

/** What a judge gives for a value that the schema refuses. */
export const refused: unique symbol = Symbol("refused")

/**
 * Decodes a value by a schema's own rules, in place where a rule changes a part, so the value must be the caller's own,
 * its objects without keys that the schema has not. Says only *that* a value is refused: the schema's decoder says why.
 */
export type Judge = (value: unknown) => unknown

const byType =
  (type: string): Judge =>
  (value) =>
    typeof value === type ? value : refused

/** By the schema's own decoder: for what is rare or new, and so not worth a faster way. */
const decoded = (ast: SchemaAST.AST): Judge => {
  const decode = Schema.decodeUnknownResult(Schema.make<Schema.Codec<unknown>>(ast))
  return (value) => Result.getOrElse(decode(value), () => refused)
}

const options: SchemaAST.ParseOptions = {}

const passes = (checks: ReadonlyArray<SchemaAST.Check<unknown>>, ast: SchemaAST.AST, value: unknown): boolean => {
  for (const check of checks) {
    const passed =
      check._tag === "FilterGroup" ? passes(check.checks, ast, value) : check.run(value, ast, options) === undefined
    if (!passed) return false
  }
  return true
}

/** A transformation of one step into a declared type of exactly what the step starts from, such as Redacted. */
const transformed = (ast: SchemaAST.AST, [link, ...more]: SchemaAST.Encoding): Judge => {
  const { to, transformation } = link
  if (
    more.length > 0 ||
    ast.checks !== undefined ||
    ast._tag !== "Declaration" ||
    ast.typeParameters.length !== 1 ||
    ast.typeParameters[0] !== SchemaAST.toType(to) ||
    transformation._tag !== "Transformation" ||
    transformation.decode._tag !== "Transform"
  )
    return decoded(ast)
  const source = judgeOf(to)
  const { transform } = transformation.decode
  return (value) => {
    const from = source(value)
    return from === refused ? refused : transform(from)
  }
}

const objects = (ast: SchemaAST.Objects): Judge => {
  const [index] = ast.indexSignatures
  const empty = ast.propertySignatures.length === 0 && index === undefined
  if (empty || ast.encodingChecks !== undefined) return decoded(ast)
  if (index !== undefined) {
    const plain = ast.indexSignatures.length === 1 && ast.propertySignatures.length === 0
    return plain && index.parameter._tag === "String" && isBare(index.parameter) && isBare(index.type)
      ? entries(judgeOf(index.type))
      : decoded(ast)
  }
  const names: Array<string> = []
  const judges: Array<Judge> = []
  for (const { name, type } of ast.propertySignatures) {
    const ofProperty = judgeOf(type)
    const takesNone = ofProperty(undefined) !== refused
    if (typeof name !== "string" || takesNone !== SchemaAST.isOptional(type)) return decoded(ast)
    names.push(name)
    judges.push(ofProperty)
  }
  return properties(names, judges)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const entries =
  (ofValue: Judge): Judge =>
  (value) => {
    if (!isObject(value)) return refused
    for (const key in value) if (ofValue(value[key]) === refused) return refused
    return value
  }

const properties =
  (names: ReadonlyArray<string>, judges: ReadonlyArray<Judge>): Judge =>
  (value) => {
    if (!isObject(value)) return refused
    for (let index = 0; index < names.length; index++) {
      const name = names[index]
      const ofProperty = judges[index]
      if (name === undefined || ofProperty === undefined) return refused
      const before = value[name]
      const after = ofProperty(before)
      if (after === refused) return refused
      if (after !== before) value[name] = after
    }
    return value
  }

/** Without rules or steps of its own. */
const isBare = (ast: SchemaAST.AST): boolean => ast.checks === undefined && ast.encoding === undefined

const tagOf = (ast: SchemaAST.AST): SchemaAST.LiteralValue | undefined => {
  const tag =
    ast._tag === "Objects" && isBare(ast) ? ast.propertySignatures.find(({ name }) => name === "_tag") : undefined
  return tag?.type._tag === "Literal" && isBare(tag.type) ? tag.type.literal : undefined
}

const union = (ast: SchemaAST.Union): Judge => {
  if (ast.encodingChecks !== undefined || ast.options?.mode === "oneOf") return decoded(ast)
  const literals = new Set<unknown>()
  for (const type of ast.types) if (type._tag === "Literal" && isBare(type)) literals.add(type.literal)
  if (literals.size === ast.types.length) return (value) => (literals.has(value) ? value : refused)

  const [given, none] = ast.types
  if (ast.types.length === 2 && given !== undefined && none?._tag === "Undefined" && isBare(none)) {
    const ofGiven = judgeOf(given)
    return ofGiven(undefined) === refused ? (value) => (value === undefined ? value : ofGiven(value)) : decoded(ast)
  }

  const byTag = new Map<unknown, Judge>()
  for (const type of ast.types) byTag.set(tagOf(type), judgeOf(type))
  if (byTag.has(undefined) || byTag.size !== ast.types.length) return decoded(ast)
  return (value) => (isObject(value) ? (byTag.get(value._tag)?.(value) ?? refused) : refused)
}

const unchecked = (ast: SchemaAST.AST): Judge => {
  switch (ast._tag) {
    case "String":
      return byType("string")
    case "Number":
      return byType("number")
    case "BigInt":
      return byType("bigint")
    case "Boolean":
      return byType("boolean")
    case "Literal":
      return (value) => (value === ast.literal ? value : refused)
    case "Objects":
      return objects(ast)
    case "Union":
      return union(ast)
    default:
      return decoded(ast)
  }
}

const judgeOf = (ast: SchemaAST.AST): Judge => {
  if (ast.encoding !== undefined) return transformed(ast, ast.encoding)
  const { checks } = ast
  const base = unchecked(ast)
  if (checks === undefined) return base
  return (value) => {
    const result = base(value)
    return result === refused || !passes(checks, ast, result) ? refused : result
  }
}

/**
 * The judge of a schema's tree, made once, when it first judges: most programs use few schemas of those they import.
 * Whatever this file has no fast way for goes through the schema's decoder.
 */
export const judge = (ast: SchemaAST.AST): Judge => {
  let made: Judge | undefined
  return (value) => {
    made ??= judgeOf(ast)
    return made(value)
  }
}
