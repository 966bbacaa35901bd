import { adyen } from "@connector-service/connectors/adyen/connector"
import { Connectors } from "@connector-service/connectors/Connectors"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { outcome, result, targetOf } from "../Sending.ts"
import { ended, over, start, stub } from "../Stub.ts"
import { decoded } from "../Table.ts"
import { authorised, ok } from "./replies.ts"

const credentials = { apiKey: "AQE_made_up", merchantAccount: "ShopECOM" }
const target = targetOf(adyen, { credentials })
const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const threeDSecureResult = {
  version: "2.2.0",
  cryptogram: "AJkBByEyYgAAAASwgmEodQAAAAA=",
  transactionId: "f879ea1c-aa2c-4441-806d-e30406466d79",
  status: "AUTHENTICATED"
}
const browser = {
  userAgent: "Mozilla/5.0",
  acceptHeader: "text/html",
  language: "nl",
  colorDepth: 24,
  screenHeight: 723,
  screenWidth: 1536,
  timeZoneOffset: 0,
  javaEnabled: false
}
const many = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`key-${index}`, "x"]))
const item = { name: "Hat", quantity: 1, unitAmount: eur(1000n) }
const automatic = (paymentMethod: object) => ({ captureMethod: "AUTOMATIC", paymentMethod })
const apple = {
  _tag: "ApplePayDecrypted",
  number: "4111111111111111",
  expiryMonth: 12,
  expiryYear: 2031,
  cryptogram: "YwAAAAAABaYcCMX/OhNRQAAAAAA="
}
const bancontact = { number: "6703444444444449", expiryMonth: 3, expiryYear: 2030 }

/** What PaymentRequest cannot carry, or would not do as asked, with the limit that the published file gives. */
const refused: ReadonlyArray<readonly [name: string, field: string, input: object]> = [
  [
    "a return URL of more than 1024 characters",
    "return_url",
    { returnUrl: `https://shop.example/${"x".repeat(1010)}` }
  ],
  [
    "an origin of more than 80 characters, where it must be told",
    "return_url",
    { browser, returnUrl: `https://${"x".repeat(60)}.${"y".repeat(20)}.example/` }
  ],
  ["more than 20 notes", "metadata", { metadata: many }],
  ["a note's name of more than 20 characters", "metadata", { metadata: { ["x".repeat(21)]: "" } }],
  ["a note of more than 80 characters", "metadata", { metadata: { note: "x".repeat(81) } }],
  ["a shopper reference of less than 3 characters", "customer.id", { customer: { id: "ab" } }],
  ["letters that no statement of Adyen's shows", "statement_descriptor", { statementDescriptor: "HATS & CAPS" }],
  // docs.adyen.com/payment-methods/bancontact/bancontact-card: separate captures are not supported
  ["a later capture of iDEAL", "capture_method", { captureMethod: "MANUAL", paymentMethod: { _tag: "Ideal" } }],
  [
    "a later capture of Bancontact",
    "capture_method",
    { captureMethod: "MANUAL", paymentMethod: { _tag: "Bancontact" } }
  ],
  [
    "a later capture of BLIK",
    "capture_method",
    { captureMethod: "MANUAL", paymentMethod: { _tag: "Blik", code: "777123" } }
  ],
  [
    "3-D Secure where there is none",
    "three_d_secure_request",
    { threeDSecureRequest: "ALWAYS", ...automatic({ _tag: "Ideal" }) }
  ],
  [
    "a challenge in the Bancontact app",
    "three_d_secure_request",
    { threeDSecureRequest: "CHALLENGE", ...automatic({ _tag: "Bancontact" }) }
  ],
  [
    "results of 3-D Secure with a wallet",
    "three_d_secure_result",
    { threeDSecureResult, paymentMethod: { _tag: "GooglePay", token: "made-up" } }
  ],
  // the device's proof stands in the place of a result
  [
    "3-D Secure with a device's proof",
    "three_d_secure_request",
    { threeDSecureRequest: "ALWAYS", ...automatic(apple) }
  ],
  [
    "results of 3-D Secure with Apple Pay, decrypted",
    "three_d_secure_result",
    { threeDSecureResult, paymentMethod: apple }
  ],
  [
    "results of 3-D Secure with Google Pay's device",
    "three_d_secure_result",
    { threeDSecureResult, paymentMethod: { ...apple, _tag: "GooglePayDecrypted" } }
  ],
  [
    "a challenge with Google Pay's device",
    "three_d_secure_request",
    { threeDSecureRequest: "CHALLENGE", ...automatic({ ...apple, _tag: "GooglePayDecrypted" }) }
  ],
  [
    "results of 3-D Secure with a Bancontact card",
    "three_d_secure_result",
    { threeDSecureResult, ...automatic({ _tag: "Bancontact", card: bancontact }) }
  ],
  [
    "things bought in another currency",
    "line_items",
    { lineItems: [item, { ...item, unitAmount: { minorUnits: 1n, currencyCode: "USD" } }] }
  ],
  [
    "a tax in another currency",
    "line_items",
    { lineItems: [{ ...item, unitTax: { minorUnits: 1n, currencyCode: "USD" } }] }
  ],
  // docs.adyen.com/development-resources/currency-codes: no decimals, where the standard has two
  [
    "an amount of CVE that it cannot hold",
    "amount.minor_units",
    { amount: { minorUnits: 1050n, currencyCode: "CVE" } }
  ],
  [
    "an amount of IDR that it cannot hold",
    "amount.minor_units",
    { amount: { minorUnits: 1001n, currencyCode: "IDR" } }
  ],
  [
    "a price of IDR that it cannot hold",
    "line_items.unit_amount.minor_units",
    {
      amount: { minorUnits: 1000n, currencyCode: "IDR" },
      lineItems: [{ ...item, unitAmount: { minorUnits: 999n, currencyCode: "IDR" } }]
    }
  ]
]

const complete = (input: object) => {
  const processor = stub(() => ok(authorised()))
  const own = decoded("payment.complete", { reference: "c-1", paymentId: "order-1", ...input })
  return Effect.gen(function* () {
    yield* TestClock.setTime(start)
    const sender = yield* Connectors
    // the input is of this flow: its own schema decoded it
    const ending = result(yield* ended(sender.call(target, "payment", "complete", own as never)))
    return { ...ending, sent: processor.sent }
  }).pipe(Effect.provide(over(processor, [adyen])))
}

describe("Adyen is not asked", () => {
  it.effect.each(refused)("for %s", ([_, field, input]) =>
    Effect.gen(function* () {
      const processor = stub(() => ok(authorised()))
      const { moneyMoved, reason } = yield* outcome(processor, adyen, "write", { target, ...input })
      expect(reason).toMatchObject({ _tag: "InvalidField", field })
      expect([moneyMoved, processor.sent]).toEqual(["NO", []])
    })
  )

  // LineItem: required for Klarna
  it.effect.each([{}, { lineItems: [] }])("for Klarna without what is bought: %j", (input) =>
    Effect.gen(function* () {
      const processor = stub(() => ok(authorised()))
      const { reason } = yield* outcome(processor, adyen, "write", {
        target,
        ...automatic({ _tag: "Klarna" }),
        ...input
      })
      expect(reason).toMatchObject({ _tag: "MissingField", field: "line_items" })
      expect(processor.sent).toEqual([])
    })
  )

  // PaymentCompletionDetails: one of its names, and for the others what Adyen's library makes of them
  it.effect.each([
    ["of nothing that Adyen knows", "InvalidField", "returned", { returned: { order: "1" } }],
    ["of an empty return", "InvalidField", "returned", { returned: {} }],
    ["of a challenge response that is none", "InvalidField", "returned.cres", { returned: { cres: "made-up" } }],
    [
      "of a challenge whose state was lost",
      "MissingField",
      "state.authorisationToken",
      { returned: { transStatus: "Y" } }
    ]
  ] as const)("to complete a payment %s", ([_, tag, field, input]) =>
    Effect.gen(function* () {
      const { reason, sent } = yield* complete(input)
      expect(reason).toMatchObject({ _tag: tag, field })
      expect(sent).toEqual([])
    })
  )
})

describe("Adyen's environments", () => {
  const liveUrlPrefix = "1797a841fbb37ca7-ShopBV"
  const sentTo = (own: object, environment: "live" | "sandbox") => {
    const processor = stub(() => ok(authorised()))
    const input = {
      target: { ...target, environment, credentials: { ...credentials, ...own } },
      captureMethod: "AUTOMATIC"
    }
    return Effect.map(outcome(processor, adyen, "write", input), ({ reason }) => ({
      reason,
      hosts: processor.sent.map(({ url }) => url.host)
    }))
  }

  // docs.adyen.com/development-resources/live-endpoints: the prefix is of the live address only
  it.effect("a prefix is for the live one, and goes into its address", () =>
    Effect.gen(function* () {
      expect((yield* sentTo({ liveUrlPrefix }, "live")).hosts).toEqual([
        "1797a841fbb37ca7-shopbv-checkout-live.adyenpayments.com"
      ])
      expect(yield* sentTo({ liveUrlPrefix }, "sandbox")).toMatchObject({
        reason: { _tag: "InvalidCredentials", refusedByProcessor: false },
        hosts: []
      })
    })
  )

  it.effect("none is for the sandbox", () =>
    Effect.gen(function* () {
      expect((yield* sentTo({}, "sandbox")).hosts).toEqual(["checkout-test.adyen.com"])
      expect(yield* sentTo({}, "live")).toMatchObject({ reason: { _tag: "InvalidCredentials" }, hosts: [] })
    })
  )

  it.effect.each(["evil.example/", "1797a841fbb37ca7-Shop.evil", "1797a841fbb37ca7-Shop@evil", "Shop", "", "x-y#"])(
    "a prefix that would change the host is none: %j",
    (prefix) =>
      Effect.gen(function* () {
        const { hosts, reason } = yield* sentTo({ liveUrlPrefix: prefix }, "live")
        expect(reason).toMatchObject({ _tag: "InvalidCredentials", refusedByProcessor: false })
        expect(hosts).toEqual([])
      })
  )
})

describe("Adyen's keys", () => {
  const keyOf = (merchantAccount: string) => {
    const processor = stub(() => ok(authorised()))
    const own = targetOf(adyen, { credentials: { ...credentials, merchantAccount } })
    return Effect.map(
      outcome(processor, adyen, "write", { target: own }),
      () => processor.sent[0]?.headers["idempotency-key"]
    )
  }

  it.effect("differ between merchant accounts, which a company's key store holds together", () =>
    Effect.gen(function* () {
      const key = yield* keyOf("ShopECOM")
      expect(key).toBeDefined()
      expect(yield* keyOf("ShopECOM")).toBe(key)
      expect(yield* keyOf("OtherECOM")).not.toBe(key)
    })
  )

  // docs.adyen.com/development-resources/api-idempotency: kept for 7 to 14 days
  it.effect.each([
    ["six minutes less than 7 days", 7 * 24 * 60 - 6, 1],
    // a clock may be five minutes behind
    ["four minutes less than 7 days", 7 * 24 * 60 - 4, 0]
  ] as const)("are trusted for 7 days: %s", ([_, minutes, sendings]) =>
    Effect.gen(function* () {
      const processor = stub(() => ok(authorised()))
      const firstSentAt = new Date(start - minutes * 60_000)
      const { reason } = yield* outcome(processor, adyen, "write", { target, firstSentAt })
      expect(processor.sent.length).toBe(sendings)
      expect(reason?._tag).toBe(sendings === 0 ? "KeyExpired" : undefined)
    })
  )
})
