import { Ajv2020 } from "ajv/dist/2020.js"
import { expect, test } from "vitest"
import { dialect, type Mode } from "../src/Dialect.ts"
import { asObject, type JsonObject } from "../src/Json.ts"

const accepts = (schema: JsonObject, mode: Mode = "request", components: JsonObject = {}) => {
  const document = { openapi: "3.0.3", components: { schemas: components } }
  const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false })
  const wanted: Array<string> = []
  const convert = dialect(document, mode, (pointer) => wanted.push(pointer))
  const converted = asObject(convert(schema, "#/here"))
  for (const pointer of new Set(wanted)) {
    const name = pointer.split("/").at(-1) ?? ""
    ajv.addSchema(asObject(convert(components[name], pointer, false)), `spec:/${encodeURIComponent(pointer)}`)
  }
  const validate = ajv.compile(converted)
  return (value: unknown) => validate(value)
}

// OpenAPI 3.0.3, Schema Object: nullable, exclusiveMinimum as a boolean (JSON Schema draft 5), readOnly and writeOnly.
test("nullable admits null beside a type, an enum, a reference and alternatives", () => {
  const components = { name: { type: "string" } }
  expect(accepts({ type: "string", nullable: true })(null)).toBe(true)
  expect(accepts({ type: "string", enum: ["a"], nullable: true })(null)).toBe(true)
  expect(accepts({ type: "string", enum: ["a"], nullable: true })("b")).toBe(false)
  expect(accepts({ $ref: "#/components/schemas/name", nullable: true }, "request", components)(null)).toBe(true)
  expect(accepts({ $ref: "#/components/schemas/name", nullable: true }, "request", components)(1)).toBe(false)
  expect(accepts({ anyOf: [{ type: "string" }], nullable: true })(null)).toBe(true)
  expect(accepts({ type: "string" })(null)).toBe(false)
})

test("an exclusive bound given as a boolean excludes the bound", () => {
  const above = accepts({ type: "integer", minimum: 0, exclusiveMinimum: true })
  expect([above(0), above(1)]).toEqual([false, true])
  const from = accepts({ type: "integer", minimum: 0, exclusiveMinimum: false })
  expect([from(-1), from(0)]).toEqual([false, true])
})

test("a read-only property is required in replies only, a write-only one in requests only", () => {
  const schema = {
    type: "object",
    required: ["id", "secret"],
    properties: { id: { type: "string", readOnly: true }, secret: { type: "string", writeOnly: true } }
  }
  expect(accepts(schema, "request")({ secret: "s" })).toBe(true)
  expect(accepts(schema, "request")({ id: "i" })).toBe(false)
  expect(accepts(schema, "reply")({ id: "i" })).toBe(true)
  expect(accepts(schema, "reply")({ secret: "s" })).toBe(false)
})

test("unknown properties are refused wherever a schema lists its own, except in replies", () => {
  const address = { type: "object", properties: { line1: { type: "string" } } }
  const schema = {
    type: "object",
    allOf: [{ type: "object", properties: { id: { type: "string" } } }],
    properties: { address, tags: { type: "object" }, map: { type: "object", additionalProperties: { type: "string" } } }
  }
  const known = { id: "1", address: { line1: "x" }, tags: { any: 1 }, map: { key: "v" } }
  const unknown = { id: "1", address: { line1: "x", line9: "y" } }
  expect(accepts(schema, "request")(known)).toBe(true)
  expect(accepts(schema, "request")(unknown)).toBe(false)
  expect(accepts(schema, "exact")(unknown)).toBe(false)
  expect(accepts(schema, "reply")(unknown)).toBe(true)
  expect(accepts(schema, "request")({ other: 1 })).toBe(false)
  expect(accepts({ ...schema, additionalProperties: false, allOf: [] }, "reply")({ other: 1 })).toBe(true)
})

test("a type the standard does not know is text", () => {
  expect(accepts({ type: "datetime" })("2026-01-01T00:00:00Z")).toBe(true)
  expect(accepts({ type: "datetime" })(1)).toBe(false)
})
