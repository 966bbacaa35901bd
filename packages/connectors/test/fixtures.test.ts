import { stripeFixtures } from "@connector-service/conformance/Exemplars"
import { specsAvailable, specsDir } from "@connector-service/conformance/Specs"
import type { Conflict, Reply } from "@connector-service/connectors/Reply"
import { stripe } from "@connector-service/connectors/stripe/connector"
import type { Reason } from "@connector-service/domain/Reason"
import { Effect, Result } from "effect"
import { describe, expect, it } from "vitest"

const present = specsAvailable()
if (!present) console.warn(`Skipped: no published specifications in ${specsDir()} (set SPECS_DIR)`)

const { payment = {}, refund = {} } = stripe.flows
type Reader = (reply: Reply, call: never) => Effect.Effect<unknown, Reason | Conflict>
const read = (reader: Reader | undefined, body: object, status = 200): unknown => {
  if (reader === undefined) throw new Error("no such flow")
  // these readers look at the reply alone
  const told = Effect.runSync(Effect.result(reader({ status, headers: {}, text: JSON.stringify(body) }, {} as never)))
  return Result.isSuccess(told) ? told.success : told.failure
}
const usd = (minorUnits: bigint) => ({ minorUnits, currencyCode: "USD" })

/**
 * Stripe's published examples (`stripe/fixtures3-2026-08-21.json`): the resources that our flows read, whole, and what
 * each is to a caller. An example's fields need not fit together, so each row says why its meaning is right.
 */
describe.skipIf(!present)("published examples", () => {
  const fixture = (name: string): object => {
    const found = stripeFixtures()[name]
    if (found === undefined) throw new Error(`no example ${name}`)
    return found
  }

  it("are these, of our flows' resources", () => {
    const names = Object.keys(stripeFixtures()).filter((name) => /^(payment_intent|charge|refund|error)s?$/.test(name))
    expect(names.toSorted()).toEqual(["charge", "payment_intent", "refund"])
  })

  it("payment_intent: refused, as it wants a payment method and tells of an error", () => {
    expect(read(payment.get?.response, fixture("payment_intent"))).toEqual({
      paymentId: "pi_1PgafyB7WZ01zgkWSjxsAJo3",
      status: "DECLINED",
      rawStatus: "requires_payment_method",
      // docs.stripe.com/payments/paymentintents/lifecycle: a payment method can be attached and confirmed again
      final: false,
      amount: usd(1099n),
      // amount_received is 0, and there is no charge
      amountCaptured: usd(0n),
      decline: {
        // an error of Stripe's type alone is no issuer's word
        code: "UNRECOGNIZED",
        kind: "SOFT",
        action: "OTHER_PAYMENT_METHOD",
        payerMessage: expect.any(String),
        rawCode: "idempotency_error"
      },
      state: {}
    })
  })

  it("payment_intent with its charge: paid, as both say that it succeeded", () => {
    const body = {
      ...fixture("payment_intent"),
      amount: 100,
      amount_received: 100,
      status: "succeeded",
      last_payment_error: null,
      latest_charge: { ...fixture("charge"), captured: true, amount_captured: 100 }
    }
    expect(read(payment.get?.response, body)).toEqual({
      paymentId: "pi_1PgafyB7WZ01zgkWSjxsAJo3",
      status: "CAPTURED",
      rawStatus: "succeeded",
      final: true,
      amount: usd(100n),
      amountAuthorized: usd(100n),
      amountCaptured: usd(100n),
      amountRefunded: usd(0n),
      authorizationId: "ch_1PgafuB7WZ01zgkWXYmPNZs8",
      // the example's checks: the security code passed, the address was not checked at all
      cardChecks: { cvc: "MATCH", cvcCode: "M" },
      state: {}
    })
  })

  it("payment_intent with its charge as it is: reserved, as nothing of it is captured", () => {
    const body = {
      ...fixture("payment_intent"),
      amount: 100,
      amount_capturable: 100,
      status: "requires_capture",
      last_payment_error: null,
      latest_charge: fixture("charge")
    }
    expect(read(payment.authorize?.response, body)).toMatchObject({
      status: "AUTHORIZED",
      final: false,
      amountAuthorized: usd(100n),
      amountCaptured: usd(0n),
      amountRefunded: usd(0n)
    })
  })

  it("payment_intent after a capture: taken in full", () => {
    const body = { ...fixture("payment_intent"), status: "succeeded", amount_received: 1099, last_payment_error: null }
    expect(read(payment.capture?.response, body)).toEqual({
      paymentId: "pi_1PgafyB7WZ01zgkWSjxsAJo3",
      status: "SUCCEEDED",
      rawStatus: "succeeded",
      amount: usd(1099n),
      amountCaptured: usd(1099n),
      paymentStatus: "CAPTURED",
      state: {}
    })
  })

  it("payment_intent inside a card error: a decline that carries the payment", () => {
    // docs.stripe.com/api/errors#errors-payment_intent
    const error = { type: "card_error", code: "expired_card", payment_intent: fixture("payment_intent") }
    expect(read(stripe.rejection as Reader, { error }, 402)).toMatchObject({
      _tag: "Declined",
      decline: { code: "EXPIRED_CARD", rawCode: "expired_card" },
      payment: { paymentId: "pi_1PgafyB7WZ01zgkWSjxsAJo3", rawStatus: "requires_payment_method" }
    })
  })

  it("refund: given back, of a payment that the example does not name", () => {
    const meaning = {
      refundId: "re_1Pgc72B7WZ01zgkWqPvrRrPE",
      status: "SUCCEEDED",
      rawStatus: "succeeded",
      amount: usd(100n),
      state: {}
    }
    expect(read(refund.get?.response, fixture("refund"))).toEqual(meaning)
    expect(read(refund.create?.response, fixture("refund"))).toEqual(meaning)
  })
})
