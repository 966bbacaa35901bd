import { type Schema, SchemaAST } from "effect"

const isThere = (value: unknown): boolean => value !== undefined

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  // whatever has fields is an object
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {}

/** The name of a union's member: what its `_tag` must be. */
const tagOf = (ast: SchemaAST.AST): string | undefined => {
  const tag = SchemaAST.isObjects(ast) ? ast.propertySignatures.find(({ name }) => name === "_tag")?.type : undefined
  return tag !== undefined && SchemaAST.isLiteral(tag) ? String(tag.literal) : undefined
}

const missing = (ast: SchemaAST.AST, values: ReadonlyArray<unknown>, path: string): ReadonlyArray<string> => {
  if (SchemaAST.isUnion(ast)) {
    return ast.types.flatMap((type) => {
      const tag = tagOf(type)
      const own = tag === undefined ? values : values.filter((value) => fieldsOf(value)._tag === tag)
      // one of them is there, unless it is told apart by a tag that none has
      return SchemaAST.isUndefined(type) ? [] : missing(type, own, tag === undefined ? path : `${path}(${tag})`)
    })
  }
  if (values.length === 0) return [path]
  if (SchemaAST.isArrays(ast)) {
    const items = values.flatMap((value) => (Array.isArray(value) ? value : []))
    return ast.rest.flatMap((type) => missing(type, items, `${path}[]`))
  }
  if (!SchemaAST.isObjects(ast)) return []
  const named = ast.propertySignatures.flatMap(({ name, type }) => {
    const own = values.map((value) => fieldsOf(value)[String(name)]).filter(isThere)
    return missing(type, own, `${path}.${String(name)}`)
  })
  const others = ast.indexSignatures.flatMap(({ type }) =>
    missing(
      type,
      values.flatMap((value) => Object.values(fieldsOf(value))),
      `${path}{}`
    )
  )
  return [...named, ...others]
}

/** The fields and the tagged members of a schema, however deep, that none of these values has. */
export const unfilled = (schema: Schema.Top, values: ReadonlyArray<unknown>): ReadonlyArray<string> =>
  missing(SchemaAST.toEncoded(schema.ast), values, "")
