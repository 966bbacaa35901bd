import * as Settlement from "@connector-service/domain/Settlement"
import { DateTime, Schema } from "effect"
import fc from "fast-check"
import { expect, test } from "vitest"
import { parse, stringify, type Unsettled } from "../src/Unsettled.ts"

// Effect's own JSON of the schema
const Json = Schema.fromJsonString(Schema.toCodecJson(Settlement.Unsettled))
const [encode, decode] = [Schema.encodeSync(Json), Schema.decodeUnknownSync(Json)]

const word = fc.stringMatching(/^[a-z0-9]{1,20}$/)
const time = fc.integer({ min: 0, max: 4_102_444_800_000 }).map(DateTime.makeUnsafe)
const unsettled: fc.Arbitrary<Unsettled> = fc.record(
  {
    flow: fc.constantFrom("payment.authorize", "payment.capture", "refund.create"),
    reference: word,
    attempt: fc.integer({ min: 1, max: 1_000_000 }),
    paymentId: word,
    amount: fc.record({
      minorUnits: fc.bigInt({ min: 1n, max: 999_999_999_999n }),
      currencyCode: fc.constantFrom("EUR", "JPY", "BHD")
    }),
    firstSentAt: time,
    lastSentAt: time,
    state: fc.dictionary(word, fc.string({ unit: "grapheme", maxLength: 20 }))
  },
  { requiredKeys: ["flow", "reference"] }
)

test("the text is the schema's own JSON, and each reads what the other wrote", () => {
  fc.assert(
    fc.property(unsettled, (value) => {
      const text = stringify(value)
      expect(JSON.parse(text)).toEqual(JSON.parse(encode(value)))
      expect(decode(text)).toEqual(value)
      expect(parse(encode(value))).toEqual(value)
    })
  )
})

const whole = {
  flow: "payment.capture",
  reference: "capture-1",
  attempt: 2,
  paymentId: "pi_1",
  amount: { minorUnits: "500", currencyCode: "EUR" },
  firstSentAt: "2026-01-02T03:04:05.678Z",
  lastSentAt: "2026-01-02T03:04:06.000Z",
  state: { order: "o-1" }
}

test.each(Object.keys(whole))("a text whose %s has another form is refused by its name", (field) => {
  expect(() => parse(JSON.stringify(whole))).not.toThrow()
  for (const wrong of [null, [], true, { minorUnits: 5, currencyCode: "EUR" }, { order: 1 }]) {
    expect(() => parse(JSON.stringify({ ...whole, [field]: wrong })), JSON.stringify(wrong)).toThrow(
      new TypeError(`Unsettled.parse: ${field} is not as Unsettled.stringify writes it.`)
    )
  }
})

test.each(["-5", "5.0", "1e3", "0x10", "", " 5"])("an amount of %j minor units is refused", (minorUnits) => {
  const amount = { ...whole.amount, minorUnits }
  expect(() => parse(JSON.stringify({ ...whole, amount }))).toThrow("amount is not as")
})

test.each(["", "{", "null", "[]", '"payment.capture"', '{"flow":"payment.capture"}', '{"reference":"capture-1"}'])(
  "the text %j is refused",
  (text) => {
    expect(() => parse(text)).toThrow(text === "" || text === "{" ? SyntaxError : TypeError)
  }
)

test("a value that could not be read back is not written", () => {
  expect(() => stringify({ flow: "payment.capture" } as never)).toThrow(TypeError)
  expect(() => stringify(undefined as never)).toThrow()
})
