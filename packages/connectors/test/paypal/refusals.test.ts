import { Connectors } from "@connector-service/connectors/Connectors"
import { paypal } from "@connector-service/connectors/paypal/connector"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { result, targetOf } from "../Sending.ts"
import { ended, over, type Step, start, stub } from "../Stub.ts"
import { decoded } from "../Table.ts"
import { order } from "./replies.ts"

const target = targetOf(paypal, { credentials: { clientId: "client", clientSecret: "secret" } })
const token = { status: 200, body: { access_token: "A21AAmadeup", expires_in: 31668 } }
const answered: Step = { status: 201, body: order() }

const call = (
  name: string,
  input: object,
  processor = stub(() => answered, [{ path: "/v1/oauth2/token", answer: token }])
) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(start)
    const sender = yield* Connectors
    const [service, method] = name.split(".")
    // the input is of this flow: its own schema decoded it
    const given = decoded(name, input) as never
    const told = result(yield* ended(sender.call(target, service as "payment", method as "get", given)))
    return { ...told, sent: processor.sent }
  }).pipe(Effect.provide(over(processor, [paypal])))

const refused = (name: string, input: object, reason: object) =>
  Effect.gen(function* () {
    const told = yield* call(name, input)
    expect(told).toMatchObject({ reason, moneyMoved: "NO" })
    expect(told.sent).toEqual([])
  })

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const input = {
  reference: "order-1",
  amount: eur(1000n),
  captureMethod: "AUTOMATIC",
  paymentMethod: { _tag: "Card", number: "4012888888881881", expiryMonth: 8, expiryYear: 2040, cvc: "737" }
}
const cryptogram = "AgAAAAAABk4DWZ4C28yUQAAAAAA="
const token3ds = (number: string, eci: string) => ({
  paymentMethod: { _tag: "NetworkToken", number, expiryMonth: 8, expiryYear: 2040, cryptogram, eci }
})
const wallet = { paymentMethod: { _tag: "Paypal" }, returnUrl: "https://shop.example/back" }
const bank = {
  paymentMethod: { _tag: "Ideal" },
  returnUrl: "https://shop.example/back",
  customer: { name: "Ada Lovelace" },
  billingAddress: { countryCode: "NL" }
}
const hat = { name: "Hat", quantity: 1, unitAmount: eur(1000n) }

const invalid = (field: string) => ({ _tag: "InvalidField", field })
const missing = (field: string) => ({ _tag: "MissingField", field })

/** Fields that change what happens to money or liability, or without which PayPal cannot do it. */
const authorizations: ReadonlyArray<readonly [what: string, more: object, reason: object]> = [
  [
    "to take another's 3-D Secure",
    { threeDSecureResult: { version: "2.2.0", cryptogram, transactionId: "f879ea1c", status: "AUTHENTICATED" } },
    invalid("three_d_secure_result")
  ],
  ["for a challenge", { threeDSecureRequest: "CHALLENGE" }, invalid("three_d_secure_request")],
  ["for 3-D Secure without a way back", { threeDSecureRequest: "ALWAYS" }, missing("return_url")],
  [
    "for 3-D Secure of a saved wallet",
    {
      paymentMethod: { _tag: "SavedPaymentMethod", id: "8kk8451t" },
      state: { paymentSource: "paypal" },
      threeDSecureRequest: "ALWAYS"
    },
    invalid("three_d_secure_request")
  ],
  ["for 3-D Secure of a wallet", { ...wallet, threeDSecureRequest: "ALWAYS" }, invalid("three_d_secure_request")],
  ...["Ideal", "Bancontact"].map(
    (_tag) =>
      [
        `to reserve by ${_tag}`,
        { ...bank, paymentMethod: { _tag }, captureMethod: "MANUAL" },
        invalid("capture_method")
      ] as const
  ),
  [
    "to reserve by Blik",
    { ...bank, paymentMethod: { _tag: "Blik", code: "777123" }, captureMethod: "MANUAL" },
    invalid("capture_method")
  ],
  ["for a wallet without a way back", { paymentMethod: { _tag: "Paypal" } }, missing("return_url")],
  ["for a bank without a way back", { ...bank, returnUrl: undefined }, missing("return_url")],
  ["for a bank without a name", { ...bank, customer: { familyName: "King" } }, missing("customer.name")],
  ["for a bank without a country", { ...bank, billingAddress: {} }, missing("billing_address.country_code")],
  ["with an address of no country", { billingAddress: { city: "Paris" } }, missing("billing_address.country_code")],
  [
    "to ship to no country",
    { shipping: { name: "Ada", address: { city: "Paris" } } },
    missing("shipping.address.country_code")
  ],
  ["with a description that is too long", { description: "x".repeat(128) }, invalid("description")],
  [
    "with Visa's indicator on Mastercard",
    token3ds("5555555555554444", "05"),
    invalid("payment_method.network_token.eci")
  ],
  [
    "with Mastercard's indicator on Visa",
    token3ds("4012888888881881", "02"),
    invalid("payment_method.network_token.eci")
  ],
  [
    "with an indicator of a network that it does not list",
    token3ds("6011111111111117", "05"),
    invalid("payment_method.network_token.eci")
  ],
  ["with goods that cost more", { lineItems: [hat, hat] }, invalid("line_items")],
  ["with goods that cost less", { lineItems: [{ ...hat, unitAmount: eur(999n) }] }, invalid("line_items")],
  [
    "with goods of another currency",
    { lineItems: [{ ...hat, unitAmount: { minorUnits: 1000n, currencyCode: "USD" } }] },
    invalid("line_items")
  ],
  [
    "with a tax of another currency",
    { lineItems: [{ ...hat, unitTax: { minorUnits: 1n, currencyCode: "USD" } }] },
    invalid("line_items")
  ],
  // developer.paypal.com/api/rest/reference/currency-codes: no decimals
  ["for fillér", { amount: { minorUnits: 1050n, currencyCode: "HUF" } }, invalid("amount.minor_units")],
  ["for new Taiwan cents", { amount: { minorUnits: 1001n, currencyCode: "TWD" } }, invalid("amount.minor_units")]
]

const paymentId = "5O190127TN364715T"
const later = { reference: "later-1", paymentId }
const states: ReadonlyArray<readonly [flow: string, more: object, field: string]> = [
  ["payment.complete", {}, "intent"],
  ["payment.capture", { amount: eur(1000n) }, "authorizationId"],
  ["payment.void", {}, "authorizationId"],
  ["refund.create", { amount: eur(1000n) }, "captureId"]
]

describe("PayPal is not asked", () => {
  it.effect.each(authorizations)("%s", ([, more, reason]) =>
    refused("payment.authorize", { ...input, ...more }, reason)
  )

  it.effect.each(states)("for %s without its state", ([flow, more, field]) =>
    Effect.gen(function* () {
      yield* refused(flow, { ...later, ...more }, missing(`state.${field}`))
      yield* refused(flow, { ...later, ...more, state: { other: "1" } }, missing(`state.${field}`))
    })
  )

  it.effect.each(states)("for %s with a state that is not its own", ([flow, more, field]) =>
    Effect.forEach(["", "..", "A/B", "A?b=1", "a%2F", "x".repeat(40)], (value) =>
      refused(flow, { ...later, ...more, state: { [field]: value } }, invalid(`state.${field}`))
    )
  )

  it.effect("to complete an order of another intent", () =>
    refused("payment.complete", { ...later, state: { intent: "SUBSCRIBE" } }, invalid("state.intent"))
  )

  it.effect("to complete an order with what the payer brought back of another", () =>
    refused(
      "payment.complete",
      { ...later, returned: { token: "1AB23456CD789012E" }, state: { intent: "CAPTURE" } },
      invalid("returned.token")
    )
  )
})

describe("PayPal's access token", () => {
  const withToken = (answer: { readonly status: number; readonly body: unknown }) =>
    call(
      "payment.authorize",
      input,
      stub(() => answered, [{ path: "/v1/oauth2/token", answer }])
    )

  // RFC 6749 section 5.2
  it.effect("is refused to who is not known", () =>
    Effect.gen(function* () {
      const told = yield* withToken({
        status: 401,
        body: { error: "invalid_client", error_description: "Client Authentication failed" }
      })
      expect(told).toMatchObject({
        reason: {
          _tag: "InvalidCredentials",
          description: "Client Authentication failed",
          refusedByProcessor: true
        },
        moneyMoved: "NO"
      })
      expect(told.sent).toEqual([])
    })
  )

  it.effect("is refused for another reason", () =>
    Effect.gen(function* () {
      const told = yield* withToken({ status: 400, body: { error: "unsupported_grant_type" } })
      expect(told).toMatchObject({ reason: { _tag: "Rejected", rawCode: "unsupported_grant_type" }, moneyMoved: "NO" })
      expect(told.sent).toEqual([])
    })
  )

  it.effect("cannot be read", () =>
    Effect.gen(function* () {
      const told = yield* withToken({ status: 200, body: { access_token: "A21AAmadeup" } })
      expect(told).toMatchObject({ reason: { _tag: "Unreachable" }, moneyMoved: "NO" })
      expect(told.sent).toEqual([])
    })
  )
})

describe("PayPal's idempotency keys", () => {
  const first = (age: number) => new Date(start - age)
  const hour = 3_600_000
  const payments = {
    state: { authorizationId: "0VF52814937998046", captureId: "3C679366HH908993F" },
    amount: eur(400n)
  }
  // the published files, PayPal-Request-Id: Orders keep keys for 6 hours, Payments for 45 days
  it.effect.each([
    ["payment.authorize", input, 6],
    ["payment.complete", { ...later, state: { intent: "CAPTURE" } }, 6],
    ["payment.capture", { ...later, ...payments }, 45 * 24],
    ["refund.create", { ...later, ...payments }, 45 * 24]
  ] as const)("%s is sent again before they are forgotten, and not after", ([flow, given, hours]) =>
    Effect.gen(function* () {
      // a clock may be five minutes behind
      const late = yield* call(flow, { ...given, firstSentAt: first(hours * hour - 4 * 60_000) })
      expect(late).toMatchObject({ reason: { _tag: "KeyExpired" }, moneyMoved: "UNKNOWN" })
      expect(late.sent).toEqual([])
      const intime = yield* call(flow, { ...given, firstSentAt: first(hours * hour - 6 * 60_000) })
      expect(intime.sent.length).toBeGreaterThan(0)
    })
  )

  it.effect("payment.void has none, and a second one moves nothing: it is sent again whenever it comes", () =>
    Effect.gen(function* () {
      const { sent } = yield* call("payment.void", { ...later, state: payments.state, firstSentAt: first(100 * hour) })
      expect(sent.length).toBeGreaterThan(0)
    })
  )

  it.effect.each(["x".repeat(108), "x".repeat(109)])("are of 108 characters at most", (idempotencyKey) =>
    Effect.gen(function* () {
      const told = yield* call("payment.authorize", { ...input, idempotencyKey })
      expect(told.sent.length).toBe(idempotencyKey.length > 108 ? 0 : 1)
    })
  )
})
