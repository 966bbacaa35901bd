import { decline } from "@connector-service/domain/Decline"
import type { NextAction } from "@connector-service/domain/NextAction"
import type { Capture, Payment } from "@connector-service/domain/Payment"
import type { Refund } from "@connector-service/domain/Refund"
import type { Found } from "@connector-service/domain/Settlement"
import { DateTime } from "effect"

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
  ClientSdk: { _tag: "ClientSdk", clientSecret: "p-1_secret" },
  Challenge: {
    _tag: "Challenge",
    step: "CHALLENGE",
    url: "https://acs.example/challenge",
    fields: { creq: "eyJ9" },
    token: "t-1"
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
