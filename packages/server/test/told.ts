import type { Event } from "@connector-service/domain/Event"
import type { Told } from "@connector-service/server/Sink"
import { DateTime } from "effect"

/** A payment that was told of, as Stripe does. */
export const paymentEvent = (id: string): Event => ({
  _tag: "Payment",
  id,
  rawType: "payment_intent.succeeded",
  occurredAt: DateTime.makeUnsafe("2026-03-01T12:30:15.250Z"),
  account: "acct_1",
  environment: "sandbox",
  payment: {
    paymentId: "pi_1",
    reference: "order-1",
    status: "CAPTURED",
    rawStatus: "succeeded",
    final: true,
    amountAuthorized: { minorUnits: 9_007_199_254_740_993n, currencyCode: "EUR" },
    state: {}
  }
})

/** An event of an account. */
export const told = (id: string, account = "shop", connector = "stripe"): Told => ({
  connector,
  account,
  event: paymentEvent(id)
})
