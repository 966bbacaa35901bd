import { toBinary } from "@bufbuild/protobuf"
import { judge, refused } from "@connector-service/codec/Judge"
import { Result, Schema } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { messageOf } from "./Descriptors.ts"
import { methods } from "./Methods.ts"
import { plain } from "./Values.ts"

const copy = (value: unknown): unknown =>
  typeof value !== "object" || value === null || value instanceof Date
    ? value
    : Array.isArray(value)
      ? value.map(copy)
      : Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copy(part)]))

const isParts = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !(value instanceof Date)

/** The value with one part, found by following the steps, put in place of another. */
const damaged = (value: unknown, [step, ...steps]: ReadonlyArray<number>, part: unknown): unknown => {
  if (step === undefined || !isParts(value)) return part
  const keys = Object.keys(value)
  const key = keys[step % Math.max(keys.length, 1)]
  return key === undefined ? part : { ...value, [key]: damaged(value[key], steps, part) }
}

const junk = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    "",
    0,
    -1,
    1.5,
    Number.NaN,
    0n,
    -1n,
    true,
    {},
    [],
    new Date(Number.NaN),
    new Date(0)
  ),
  fc.string({ maxLength: 30 }),
  fc.integer(),
  fc.bigInt(),
  fc.record({ _tag: fc.constantFrom("Card", "SavedPaymentMethod", "Other"), id: fc.string() })
)

describe.each(methods)("$name", ({ codec, desc, generated, schema }) => {
  const judged = judge(schema.request.ast)
  const decode = Schema.decodeUnknownResult(schema.request)
  const decodeExact = Schema.decodeUnknownResult(schema.request, { onExcessProperty: "error" })
  const encode = Schema.encodeSync(schema.request)
  const encoded = messageOf(desc.request, { of: "request", fields: "some" }).map((message) =>
    encode(Result.getOrThrow(codec.request.fromProto(generated.request.decode(toBinary(desc.request, message)))))
  )

  it("is judged as the schema's own decoder would", () => {
    fc.assert(
      fc.property(
        encoded,
        fc.option(fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), { nil: undefined }),
        junk,
        (valid, steps, part) => {
          const value = steps === undefined ? valid : damaged(valid, steps, part)
          const expected = decode(copy(value))
          // a judge is given no keys that the schema has not
          fc.pre(Result.isFailure(expected) || Result.isSuccess(decodeExact(copy(value))))
          const verdict = judged(copy(value))
          expect(verdict === refused).toBe(Result.isFailure(expected))
          if (Result.isSuccess(expected)) expect(plain(verdict)).toEqual(plain(expected.success))
        }
      ),
      { numRuns: 400 }
    )
  })
})

describe("a schema that has no faster way", () => {
  it.each<[string, Schema.ConstraintCodec<unknown>, ReadonlyArray<unknown>]>([
    ["an array", Schema.Array(Schema.Int), [[1, 2], [1, "2"], 3]],
    ["a transformation", Schema.NumberFromString, ["1", "x", 1]],
    [
      "a redacted text with a rule of its own after it",
      Schema.RedactedFromValue(Schema.String).check(Schema.makeFilter(() => false)),
      ["a"]
    ],
    ["a union of bare types", Schema.Union([Schema.String, Schema.Finite]), ["a", 1, Number.NaN, true]],
    [
      "a required value that may be undefined",
      Schema.Struct({ a: Schema.UndefinedOr(Schema.String) }),
      [{}, { a: undefined }, { a: "b" }]
    ],
    [
      "a key that may be absent and not undefined",
      Schema.Struct({ a: Schema.optionalKey(Schema.String) }),
      [{}, { a: undefined }, { a: "b" }]
    ],
    [
      "a record with keys of a kind",
      Schema.Record(Schema.String.check(Schema.isMinLength(2)), Schema.Int),
      [{ ab: 1 }, { ab: "1" }, { a: 1 }]
    ]
  ])("judges %s as its decoder does", (_, schema, values) => {
    const judged = judge(schema.ast)
    const decode = Schema.decodeUnknownResult(schema)
    for (const value of values) {
      const expected = decode(copy(value))
      const verdict = judged(value)
      expect(verdict === refused).toBe(Result.isFailure(expected))
      if (Result.isSuccess(expected)) expect(plain(verdict)).toEqual(plain(expected.success))
    }
  })
})

it("is made when it first judges, and once", () => {
  let looks = 0
  const { ast } = Schema.String
  const judged = judge(
    new Proxy(ast, {
      get: (target, key) => {
        looks++
        return Reflect.get(target, key)
      }
    })
  )
  expect(looks).toBe(0)
  expect(judged("text")).toBe("text")
  const made = looks
  expect(judged(1)).toBe(refused)
  expect(looks).toBe(made)
})
