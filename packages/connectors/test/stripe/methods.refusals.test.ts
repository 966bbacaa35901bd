import { stripe } from "@connector-service/connectors/stripe/connector"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { outcome, targetOf } from "../Sending.ts"
import { stub } from "../Stub.ts"
import { intent, ok } from "./replies.ts"

const target = targetOf(stripe, { credentials: { secretKey: "sk_test_made_up" } })
const outcomeOf = (input: object) =>
  Effect.gen(function* () {
    const processor = stub(() => ok(intent()))
    const { moneyMoved, reason } = yield* outcome(processor, stripe, "write", {
      target,
      captureMethod: "AUTOMATIC",
      ...input
    })
    return { moneyMoved, reason, sent: processor.sent.length }
  })

const sepa = { _tag: "SepaDebit", iban: "AT611904300234573201", holderName: "Ada Lovelace" }
const blik = { _tag: "Blik", code: "777123" }
const klarna = { _tag: "Klarna" }
const customer = { name: "Ada Lovelace", email: "ada@example.com" }
const billingAddress = { countryCode: "NL" }

describe("Stripe is not asked without what the payment method needs", () => {
  // docs.stripe.com/payments/<method>/accept-a-payment
  it.effect.each([
    ["iDEAL", { paymentMethod: { _tag: "Ideal" }, returnUrl: undefined }, "return_url"],
    ["PayPal", { paymentMethod: { _tag: "Paypal" }, returnUrl: undefined }, "return_url"],
    ["Bancontact", { paymentMethod: { _tag: "Bancontact" }, customer, returnUrl: undefined }, "return_url"],
    ["Bancontact", { paymentMethod: { _tag: "Bancontact" } }, "customer.name"],
    ["Klarna", { paymentMethod: klarna, customer, billingAddress, returnUrl: undefined }, "return_url"],
    ["Klarna", { paymentMethod: klarna, billingAddress }, "customer.email"],
    ["Klarna", { paymentMethod: klarna, customer }, "billing_address.country_code"],
    ["SEPA Direct Debit", { paymentMethod: sepa }, "customer.email"]
  ] as const)("%s: %o", ([_, input, field]) =>
    Effect.gen(function* () {
      const { moneyMoved, reason, sent } = yield* outcomeOf(input)
      expect(reason).toMatchObject({ _tag: "MissingField", field })
      expect([moneyMoved, sent]).toEqual(["NO", 0])
    })
  )
})

const result = {
  version: "2.2.0",
  cryptogram: "AJkBByEyYgAAAASwgmEodQAAAAA=",
  transactionId: "f879ea1c-aa2c-4441-806d-e30406466d79",
  status: "AUTHENTICATED"
}

describe("Stripe is not asked for what the payment method cannot do", () => {
  // docs.stripe.com/api/payment_intents/create: which of payment_method_options have a capture_method
  it.effect.each([
    ["iDEAL", { paymentMethod: { _tag: "Ideal" } }],
    ["Bancontact", { paymentMethod: { _tag: "Bancontact" }, customer }],
    ["SEPA Direct Debit", { paymentMethod: sepa, customer }],
    ["BLIK", { paymentMethod: blik }]
  ] as const)("%s: a capture later", ([_, input]) =>
    Effect.gen(function* () {
      const { reason, sent } = yield* outcomeOf({ ...input, captureMethod: "MANUAL" })
      expect(reason).toMatchObject({ _tag: "InvalidField", field: "capture_method" })
      expect(sent).toBe(0)
    })
  )

  it.effect.each([
    ["three_d_secure_result", { threeDSecureResult: result }],
    ["three_d_secure_request", { threeDSecureRequest: "ALWAYS" }],
    ["three_d_secure_request", { threeDSecureRequest: "CHALLENGE" }]
  ] as const)("%s without a card", ([field, input]) =>
    Effect.gen(function* () {
      const { reason, sent } = yield* outcomeOf({ paymentMethod: blik, ...input })
      expect(reason).toMatchObject({ _tag: "InvalidField", field })
      expect(sent).toBe(0)
    })
  )

  it.effect.each(["tok_1", '{"id":"card_1"}', '{"id":"tok_"}', '{"id":1}', "{}", "null", '{"signature":"MEUC"}'])(
    "a Google Pay token that is not Stripe's: %s",
    (token) =>
      Effect.gen(function* () {
        const { reason, sent } = yield* outcomeOf({ paymentMethod: { _tag: "GooglePay", token } })
        expect(reason).toMatchObject({ _tag: "InvalidField", field: "payment_method.google_pay.token" })
        expect(JSON.stringify(reason)).not.toContain(token)
        expect(sent).toBe(0)
      })
  )
})
