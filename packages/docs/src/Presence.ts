import type { DescField, DescMessage } from "@bufbuild/protobuf"
import { Reason } from "@connector-service/domain/Reason"
import { services } from "@connector-service/domain/Services"
import type { Schema, SchemaAST } from "effect"

type Ast = SchemaAST.AST

/** The schema of a value that may be absent. */
const given = (ast: Ast): Ast => {
  const [only, ...more] = ast._tag === "Union" ? ast.types.filter(({ _tag }) => _tag !== "Undefined") : [ast]
  return only === undefined || more.length > 0 ? ast : only
}

const isOptional = ({ context }: Ast): boolean => context?.isOptional === true

const propertyOf = (ast: Ast, name: string): Ast | undefined =>
  ast._tag === "Objects" ? ast.propertySignatures.find((property) => property.name === name)?.type : undefined

/** The struct of a union that a field of a oneof stands for: its `_tag` is the field's name. */
const variantOf = (ast: Ast, { localName }: DescField): Ast | undefined => {
  if (ast._tag !== "Union") return undefined
  return ast.types.find((type) => {
    const tag = propertyOf(type, "_tag")
    return tag?._tag === "Literal" && String(tag.literal).toLowerCase() === localName.toLowerCase()
  })
}

const itemOf = (ast: Ast): Ast | undefined => (ast._tag === "Arrays" ? ast.rest.at(0) : undefined)

type Table = Map<string, boolean>

/** Notes of every field of a message whether the domain's schema wants it, and of the messages in it. */
const note = (into: Table, desc: DescMessage, ast: Ast): void => {
  for (const field of desc.fields) {
    const key = `${desc.name}.${field.name}`
    if (into.has(key)) continue
    const variant = field.oneof !== undefined && !field.proto.proto3Optional ? variantOf(ast, field) : undefined
    // what carries one value alone, as an answer does, is that value in the domain
    const carried = desc.fields.length === 1 && propertyOf(ast, field.localName) === undefined ? ast : undefined
    const property = variant ?? propertyOf(ast, field.localName) ?? carried
    if (property === undefined) continue
    into.set(key, !isOptional(property) && field.fieldKind !== "map")
    const inner = field.fieldKind === "message" || field.fieldKind === "list" ? field.message : undefined
    if (inner === undefined || inner.file.proto.package !== desc.file.proto.package) continue
    const value = given(property)
    const own = propertyOf(value, field.localName)
    note(into, inner, field.fieldKind === "list" ? (itemOf(value) ?? value) : (own ?? value))
  }
}

/** Whether each field, by "Message.field", must be given in a request and is always there in an answer. */
export const presence = (
  methodsOf: (
    service: string
  ) => ReadonlyArray<{ readonly localName: string; readonly input: DescMessage; readonly output: DescMessage }>,
  messageOf: (name: string) => DescMessage | undefined
): ReadonlyMap<string, boolean> => {
  const into: Table = new Map()
  for (const [service, rows] of Object.entries(services)) {
    const table: Readonly<Record<string, { readonly request: Schema.Top; readonly response: Schema.Top }>> = rows
    for (const { input, localName, output } of methodsOf(service)) {
      const row = table[localName]
      if (row === undefined) continue
      note(into, input, row.request.ast)
      note(into, output, row.response.ast)
    }
  }
  for (const { fields, identifier } of Reason.members) {
    const desc = messageOf(identifier)
    const schemas: Readonly<Record<string, Schema.Top>> = fields
    for (const field of desc?.fields ?? []) {
      const schema = schemas[field.localName]
      if (schema !== undefined) into.set(`${identifier}.${field.name}`, !isOptional(schema.ast))
    }
  }
  return into
}
