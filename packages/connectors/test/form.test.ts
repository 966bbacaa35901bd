import { encode, type FormValue } from "@connector-service/connectors/Form"
import fc from "fast-check"
import { parse } from "qs"
import { describe, expect, it } from "vitest"

const key = fc
  .oneof(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" }))
  // a bracket in a name is what qs reads as nesting; the domain's names have none
  .filter((name) => !/[[\]]/.test(name) && !/^\d+$/.test(name) && name.isWellFormed())
const leaf = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }).filter((text) => text.isWellFormed()),
  fc.integer(),
  fc.bigInt(),
  fc.boolean()
)
const { value: values } = fc.letrec<{ value: FormValue; list: FormValue; fields: FormValue }>((tie) => ({
  list: fc.array(tie("value"), { minLength: 1, maxLength: 4 }),
  fields: fc.dictionary(key, tie("value"), { minKeys: 1, maxKeys: 4 }),
  value: fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf, tie("list"), tie("fields"))
}))

/** What the far side should read: every leaf a text. */
const texts = (value: FormValue): unknown =>
  Array.isArray(value)
    ? value.map(texts)
    : typeof value === "object"
      ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, texts(inner)]))
      : String(value)

const options = { depth: 64, arrayLimit: 100, parameterLimit: 10_000, plainObjects: true } as const

describe("a form body", () => {
  it("is read back by another implementation as it was written", () => {
    fc.assert(
      fc.property(fc.dictionary(key, values, { maxKeys: 5 }), (fields) => {
        expect(JSON.parse(JSON.stringify(parse(encode(fields), options)))).toEqual(texts(fields))
      }),
      { numRuns: 500 }
    )
  })

  it("is read back by the platform's own parser where nothing is nested", () => {
    fc.assert(
      fc.property(fc.dictionary(key, leaf), (fields) => {
        expect(Object.fromEntries(new URLSearchParams(encode(fields)))).toEqual(texts(fields))
      })
    )
  })

  it("leaves out what is absent, wherever it is", () => {
    expect(encode({ a: undefined, b: { c: undefined }, d: [undefined], e: { f: { g: undefined }, h: "1" } })).toBe(
      "e[h]=1"
    )
  })

  it("keeps what is empty", () => {
    expect(encode({ a: "" })).toBe("a=")
  })

  it("hides nothing in a name or a value", () => {
    expect(encode({ "a&b=c": "d&e=f#+ %\r\n" })).toBe("a%26b%3Dc=d%26e%3Df%23%2B%20%25%0D%0A")
  })

  it("is empty when there is nothing to say", () => {
    expect(encode({})).toBe("")
  })
})
