import { stripeFixtures } from "@connector-service/conformance/Exemplars"
import { stripe } from "@connector-service/connectors/stripe/connector"
import { expect, it } from "vitest"
import { describeExamples, describeWithSpecs } from "../Examples.ts"

const usd = (minorUnits: bigint) => ({ minorUnits, currencyCode: "USD" })

const fixture = (name: string): object => {
  const found = stripeFixtures()[name]
  if (found === undefined) throw new Error(`no example ${name}`)
  return found
}

describeWithSpecs("Stripe's published examples", () => {
  it("are these, of our flows' resources", () => {
    const names = Object.keys(stripeFixtures()).filter((name) => /^(payment_intent|charge|refund|error)s?$/.test(name))
    expect(names.toSorted()).toEqual(["charge", "payment_intent", "refund"])
  })
})

const refund = {
  body: () => fixture("refund"),
  means: {
    refundId: "re_1Pgc72B7WZ01zgkWqPvrRrPE",
    status: "SUCCEEDED",
    rawStatus: "succeeded",
    amount: usd(100n),
    state: {}
  }
}

/**
 * `stripe/fixtures3-2026-08-21.json`: the resources that our flows read, whole, and what each is to a caller. An
 * example's fields need not fit together, so each row says why its meaning is right.
 */
describeExamples(stripe, {
  "payment_intent: refused, as it wants a payment method and tells of an error": {
    flow: "payment.get",
    body: () => fixture("payment_intent"),
    means: {
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
      state: { currency: "USD" }
    }
  },
  "payment_intent with its charge: paid, as both say that it succeeded": {
    flow: "payment.get",
    body: () => ({
      ...fixture("payment_intent"),
      amount: 100,
      amount_received: 100,
      status: "succeeded",
      last_payment_error: null,
      latest_charge: { ...fixture("charge"), captured: true, amount_captured: 100 }
    }),
    means: {
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
      state: { currency: "USD" }
    }
  },
  "payment_intent with its charge as it is: reserved, as nothing of it is captured": {
    flow: "payment.authorize",
    body: () => ({
      ...fixture("payment_intent"),
      amount: 100,
      amount_capturable: 100,
      status: "requires_capture",
      last_payment_error: null,
      latest_charge: fixture("charge")
    }),
    means: expect.objectContaining({
      status: "AUTHORIZED",
      final: false,
      amountAuthorized: usd(100n),
      amountCaptured: usd(0n),
      amountRefunded: usd(0n)
    })
  },
  "payment_intent after a capture: taken in full": {
    flow: "payment.capture",
    body: () => ({
      ...fixture("payment_intent"),
      status: "succeeded",
      amount_received: 1099,
      last_payment_error: null
    }),
    means: {
      paymentId: "pi_1PgafyB7WZ01zgkWSjxsAJo3",
      status: "SUCCEEDED",
      rawStatus: "succeeded",
      amount: usd(1099n),
      amountCaptured: usd(1099n),
      paymentStatus: "CAPTURED",
      state: { currency: "USD" }
    }
  },
  "payment_intent inside a card error: a decline that carries the payment": {
    flow: "payment.authorize",
    status: 402,
    // docs.stripe.com/api/errors#errors-payment_intent
    body: () => ({
      error: { type: "card_error", code: "expired_card", payment_intent: fixture("payment_intent") }
    }),
    means: expect.objectContaining({
      _tag: "Declined",
      decline: expect.objectContaining({ code: "EXPIRED_CARD", rawCode: "expired_card" }),
      payment: expect.objectContaining({
        paymentId: "pi_1PgafyB7WZ01zgkWSjxsAJo3",
        rawStatus: "requires_payment_method"
      })
    })
  },
  "refund: given back, of a payment that the example does not name": { flow: "refund.get", ...refund },
  "refund, as the answer to its creation": { flow: "refund.create", ...refund }
})
