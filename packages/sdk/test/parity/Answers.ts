import { decline } from "@connector-service/domain/Decline"
import type { Received, Unverified } from "@connector-service/domain/Delivery"
import type { Event, Occurrence } from "@connector-service/domain/Event"
import type { NextAction } from "@connector-service/domain/NextAction"
import type { Capture, Payment } from "@connector-service/domain/Payment"
import type { Refund } from "@connector-service/domain/Refund"
import type { Found } from "@connector-service/domain/Settlement"
import { DateTime, Redacted } from "effect"

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
// with milliseconds, which every face has to keep
const expiresAt = DateTime.makeUnsafe("2030-01-02T03:04:05.678Z")

/** A refusal with everything in it: ISO 8583 response code 51, and Mastercard's merchant advice code 02 beside it. */
export const refusal = decline("INSUFFICIENT_FUNDS", {
  rawCode: "insufficient_funds",
  rawMessage: "Your card has insufficient funds.",
  networkDeclineCode: "51",
  networkAdviceCode: "02"
})

/** Every next action, by its tag, with all its fields. */
export const nextActions: {
  readonly [Tag in NextAction["_tag"]]: Required<Extract<NextAction, { readonly _tag: Tag }>>
} = {
  Redirect: { _tag: "Redirect", method: "POST", url: "https://acs.example/", fields: { PaReq: "eJzT", MD: "1" } },
  ClientSdk: { _tag: "ClientSdk", clientSecret: Redacted.make("p-1_secret") },
  Challenge: {
    _tag: "Challenge",
    step: "CHALLENGE",
    url: "https://acs.example/challenge",
    fields: { creq: "eyJ9" },
    token: Redacted.make("t-1")
  },
  Wait: { _tag: "Wait", expiresAt },
  QrCode: { _tag: "QrCode", data: "qr", url: "https://pay.example/", expiresAt }
}

/** A payment with everything in it that an answer can hold. */
export const payment: Payment & Required<Omit<Payment, "decline">> = {
  paymentId: "p-1",
  status: "REQUIRES_ACTION",
  rawStatus: "action",
  final: false,
  reference: "r-1",
  amount: eur(1000n),
  amountAuthorized: eur(1000n),
  amountCaptured: eur(0n),
  amountRefunded: eur(0n),
  authorizationId: "a-1",
  captureId: "c-1",
  nextAction: nextActions.QrCode,
  cardChecks: { addressLine: "MATCH", postalCode: "NO_MATCH", cvc: "MATCH", avsCode: "A", cvcCode: "M" },
  networkTransactionId: "n-1",
  paymentMethodId: "m-1",
  state: { order: "o-1" }
}
/** The same for a capture. */
export const capture: Required<Capture> = {
  paymentId: "p-1",
  status: "SUCCEEDED",
  rawStatus: "done",
  captureId: "c-1",
  reference: "r-1",
  amount: eur(500n),
  amountCaptured: eur(500n),
  paymentStatus: "PARTIALLY_CAPTURED",
  decline: refusal,
  state: { order: "o-1" }
}
/** The same for a refund. */
export const refund: Required<Refund> = {
  refundId: "f-1",
  status: "FAILED",
  rawStatus: "no",
  paymentId: "p-1",
  reference: "r-1",
  amount: eur(500n),
  failureReason: "closed",
  decline: refusal,
  state: { order: "o-1" }
}

/** A payment that was refused, and what is left of it. */
export const refused: Payment = { ...payment, status: "DECLINED", final: true, decline: refusal }
/** A payment that was taken. */
export const captured: Payment = { ...payment, status: "CAPTURED" }
/** A payment that was released. */
export const voided: Payment = { ...payment, status: "VOIDED", final: true }

/** Everything that a look-up can find, by its tag. */
export const found: { readonly [Tag in Found["_tag"]]: Extract<Found, { readonly _tag: Tag }> } = {
  Payment: { _tag: "Payment", payment: voided },
  Capture: { _tag: "Capture", capture },
  Refund: { _tag: "Refund", refund }
}

const occurrence: Required<Occurrence> = {
  id: "e-1",
  rawType: "happened",
  occurredAt: expiresAt,
  account: "acct-1",
  environment: "sandbox"
}

/** Every event there is, with everything in it that an answer can hold. */
export const events: ReadonlyArray<Event> = [
  { _tag: "Payment", ...occurrence, payment: refused },
  ...Object.values(nextActions).map(
    (nextAction): Event => ({ _tag: "Payment", ...occurrence, payment: { ...payment, nextAction } })
  ),
  { _tag: "Capture", ...occurrence, capture },
  { _tag: "Refund", ...occurrence, refund },
  {
    _tag: "Dispute",
    ...occurrence,
    dispute: {
      disputeId: "d-1",
      status: "NEEDS_RESPONSE",
      rawStatus: "needs",
      paymentId: "p-1",
      captureId: "c-1",
      amount: eur(500n),
      // Visa's dispute condition for merchandise that did not come
      reason: "13.1",
      respondBy: expiresAt
    }
  },
  {
    _tag: "Mandate",
    ...occurrence,
    mandate: { mandateId: "m-1", status: "ACTIVE", rawStatus: "on", paymentMethodId: "pm-1" }
  },
  {
    _tag: "Payout",
    ...occurrence,
    payout: {
      payoutId: "o-1",
      status: "FAILED",
      rawStatus: "no",
      reference: "r-1",
      amount: eur(500n),
      failureReason: "closed"
    }
  },
  {
    _tag: "PaymentMethod",
    ...occurrence,
    paymentMethod: { paymentMethodId: "pm-1", status: "INACTIVE", rawStatus: "off", customerId: "cu-1" }
  },
  { _tag: "Other", ...occurrence, problem: "it is not what it should be", raw: '{"a":1}' }
]

/** What the scripted processor's deliveries are received as. */
export const received: Received = {
  _tag: "Received",
  events,
  acknowledgement: { status: 202, contentType: "text/plain", body: "[accepted]" }
}
/** What they claim. */
export const unverified: Unverified = { _tag: "Unverified", account: "acct-1", objectIds: ["p-1", "c-1"] }
