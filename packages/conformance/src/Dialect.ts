import { asArray, asObject, asString, below, deref, isObject, type JsonObject, refPointer } from "./Json.ts"

/**
 * What a schema is read for. `request`: unknown properties are refused. `reply`: they are allowed, as a processor may
 * add fields. `exact`: a reply in which they are refused.
 */
export type Mode = "request" | "reply" | "exact"

/** Keyword carrying the published place (a JSON pointer) of a converted schema, read back from a validator's errors. */
export const AT = "x-at"

/** Keyword carrying the property names that a closed schema lists, to tell an unknown property from an unevaluated one. */
export const LISTED = "x-listed"

/** The address under which a converted schema is known to the validator. */
export const schemaAddress = (pointer: string): string => `spec:/${encodeURIComponent(pointer)}`

/** The pointer behind an address of `schemaAddress`. */
export const pointerOf = (address: string): string => decodeURIComponent(address.slice("spec:/".length))

const types = new Set(["array", "boolean", "integer", "null", "number", "object", "string"])
const copied = [
  "const enum pattern format minLength maxLength minItems maxItems uniqueItems minProperties maxProperties",
  "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf"
].flatMap((line) => line.split(" "))
const maps = ["properties", "patternProperties", "$defs", "dependentSchemas"]
const singles = ["items", "not", "if", "then", "else", "contains", "propertyNames"]
const lists = ["allOf", "anyOf", "oneOf", "prefixItems"]

/** Turns OpenAPI 3.0 and 3.1 schemas of one document into JSON Schema 2020-12; each `$ref` met is reported to `onRef`. */
export const dialect = (document: JsonObject, mode: Mode, onRef: (pointer: string) => void) => {
  const siblingsApply = (asString(document.openapi) ?? "").startsWith("3.1")
  const hidden = mode === "request" ? "readOnly" : "writeOnly"

  const listed = (schema: unknown, at: string, seen: ReadonlySet<string>, member: boolean): Set<string> | "open" => {
    const here = deref(document, schema, at)
    if (!isObject(here.node)) return "open"
    if (seen.has(here.pointer)) return new Set()
    const node = here.node
    const within = new Set([...seen, here.pointer])
    if (node.additionalProperties !== undefined && node.additionalProperties !== false) return "open"
    const names = new Set(Object.keys(asObject(node.properties)))
    const composed = lists.some((keyword) => node[keyword] !== undefined)
    const free = node.properties === undefined && !composed && (node.type === "object" || bare(node))
    if (free && !member) return "open"
    for (const keyword of ["allOf", "anyOf", "oneOf"]) {
      for (const [index, child] of asArray(node[keyword]).entries()) {
        const found = listed(child, below(here.pointer, keyword, index), within, keyword === "allOf")
        if (found === "open") return "open"
        for (const name of found) names.add(name)
      }
    }
    return names
  }

  const visible = (schema: JsonObject): ReadonlyArray<unknown> =>
    asArray(schema.required).filter((name) => {
      const property = asObject(schema.properties)[String(name)]
      return asObject(deref(document, property, "#").node)[hidden] !== true && asObject(property)[hidden] !== true
    })

  const convert = (schema: unknown, at: string, site = true): unknown => {
    if (!isObject(schema)) return schema
    const out: JsonObject = { [AT]: at }
    const target = refPointer(asString(schema.$ref) ?? "")
    if (target !== undefined) {
      onRef(target)
      out.$ref = schemaAddress(target)
    }
    if (target === undefined || siblingsApply) keywords(schema, at, out)
    const nullable = schema.nullable === true ? orNull(out) : out
    return site && mode !== "reply" ? closed(schema, at, nullable) : nullable
  }

  const keywords = (schema: JsonObject, at: string, out: JsonObject): void => {
    for (const keyword of copied) if (schema[keyword] !== undefined) out[keyword] = schema[keyword]
    for (const [limit, bound] of [
      ["exclusiveMinimum", "minimum"],
      ["exclusiveMaximum", "maximum"]
    ] as const) {
      if (out[limit] === true) out[limit] = out[bound]
      if (out[limit] === undefined || out[limit] === false) delete out[limit]
    }
    if (schema.type !== undefined) {
      const known = [schema.type].flat().map((type) => (types.has(String(type)) ? type : "string"))
      out.type = known.length === 1 ? known[0] : known
    }
    for (const keyword of maps) {
      if (!isObject(schema[keyword])) continue
      const place = below(at, keyword)
      const entries = Object.entries(schema[keyword])
      out[keyword] = Object.fromEntries(entries.map(([name, child]) => [name, convert(child, below(place, name))]))
    }
    for (const keyword of singles) {
      if (isObject(schema[keyword])) out[keyword] = convert(schema[keyword], below(at, keyword), keyword === "items")
    }
    for (const keyword of lists) {
      if (!Array.isArray(schema[keyword])) continue
      // Without closed objects several alternatives of a oneOf may hold at once.
      const written = keyword === "oneOf" && mode === "reply" && schema.anyOf === undefined ? "anyOf" : keyword
      out[written] = schema[keyword].map((child, index) => convert(child, below(at, keyword, index), false))
    }
    if (isObject(schema.additionalProperties)) {
      out.additionalProperties = convert(schema.additionalProperties, below(at, "additionalProperties"))
    } else if (typeof schema.additionalProperties === "boolean" && (schema.additionalProperties || mode !== "reply")) {
      out.additionalProperties = schema.additionalProperties
    }
    if (Array.isArray(schema.required)) out.required = visible(schema)
  }

  const closed = (schema: JsonObject, at: string, out: JsonObject): JsonObject => {
    if (out.additionalProperties !== undefined) return out
    const names = listed(schema, at, new Set(), false)
    const listsNothing = names !== "open" && names.size === 0 && schema.properties === undefined
    return names === "open" || listsNothing ? out : { ...out, unevaluatedProperties: false, [LISTED]: [...names] }
  }

  return convert
}

const bare = (schema: JsonObject): boolean => schema.type === undefined && schema.enum === undefined

const orNull = (out: JsonObject): JsonObject => {
  const nothing = { type: "null", [AT]: below(String(out[AT]), "nullable") }
  if (Array.isArray(out.enum)) out.enum = [...out.enum, null]
  if (out.$ref !== undefined || out.allOf !== undefined) return { [AT]: out[AT], anyOf: [out, nothing] }
  for (const keyword of ["anyOf", "oneOf"]) {
    if (Array.isArray(out[keyword])) out[keyword] = [...out[keyword], nothing]
  }
  if (out.type !== undefined) out.type = [out.type, "null"].flat()
  return out
}
