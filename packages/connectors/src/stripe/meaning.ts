import { type CheckResult, cardChecks } from "@connector-service/domain/CardChecks"
import type { NextAction } from "@connector-service/domain/NextAction"
import * as P from "@connector-service/domain/Payment"
import { Declined, InvalidCredentials, Rejected, UnreadableReply } from "@connector-service/domain/Reason"
import type * as R from "@connector-service/domain/Refund"
import * as Redacted from "effect/Redacted"
import { Conflict, jsonRejection } from "../Reply.ts"
import { table } from "../Table.ts"
import { toDecline } from "./declines.ts"
import * as W from "./wire.ts"

const paymentStatus = table<P.PaymentStatus>({
  requires_payment_method: "REQUIRES_ACTION",
  requires_confirmation: "REQUIRES_ACTION",
  requires_action: "REQUIRES_ACTION",
  processing: "PENDING",
  requires_capture: "AUTHORIZED",
  succeeded: "CAPTURED",
  canceled: "VOIDED"
})
const refundStatus = table<P.OperationStatus>({
  pending: "PENDING",
  requires_action: "PENDING",
  succeeded: "SUCCEEDED",
  failed: "FAILED",
  canceled: "CANCELLED"
})
const check = table<CheckResult>({
  pass: "MATCH",
  fail: "NO_MATCH",
  unavailable: "UNAVAILABLE",
  unchecked: "UNCHECKED"
})
/** Cancellation reasons that Stripe gives itself when an authorization runs out. */
const ranOut = new Set(["automatic", "expired"])

const statusOf = (intent: W.PaymentIntent): P.PaymentStatus => {
  const status = paymentStatus(intent.status) ?? "UNRECOGNIZED"
  if (intent.status === "requires_payment_method" && intent.last_payment_error != null) return "DECLINED"
  if (status === "AUTHORIZED" && (intent.amount_received ?? 0) > 0) return "PARTIALLY_CAPTURED"
  return status === "VOIDED" && ranOut.has(intent.cancellation_reason ?? "") ? "EXPIRED" : status
}

/** What was given back: a charge counts as refunded also what a partial capture or a cancellation let go. */
const refunded = ({ amount, amount_captured, amount_refunded }: typeof W.Charge.Type): number => {
  const letGo = amount_captured == null ? 0 : Math.max(0, amount - amount_captured)
  const all = amount_refunded ?? 0
  return all >= letGo ? all - letGo : all
}

const nextAction = ({ client_secret, next_action }: W.PaymentIntent): NextAction | undefined =>
  next_action?.redirect_to_url?.url != null
    ? { _tag: "Redirect", method: "GET", url: next_action.redirect_to_url.url, fields: {} }
    : next_action?.type === "use_stripe_sdk" && client_secret != null
      ? { _tag: "ClientSdk", clientSecret: Redacted.make(client_secret, { label: "client secret" }) }
      : next_action?.type === "blik_authorize"
        ? // the payer has 60 seconds (docs.stripe.com/payments/blik/accept-a-payment); Stripe does not say since when
          { _tag: "Wait" }
        : undefined

/** A payment intent, as a payment. */
export const toPayment = (intent: W.PaymentIntent): P.Payment => {
  const status = statusOf(intent)
  const charge = typeof intent.latest_charge === "object" ? (intent.latest_charge ?? undefined) : undefined
  const card = charge?.payment_method_details?.card ?? undefined
  const money = (amount: number | null | undefined) =>
    amount == null ? undefined : W.fromAmount(amount, intent.currency)
  return {
    paymentId: intent.id,
    status,
    rawStatus: intent.status,
    // a refused payment can be confirmed again by who holds its client secret
    final: P.isFinal(status) && intent.status !== "requires_payment_method",
    reference: intent.metadata?.reference,
    amount: money(intent.amount),
    amountAuthorized:
      status === "AUTHORIZED"
        ? money(intent.amount_capturable)
        : status === "CAPTURED"
          ? money(charge?.amount)
          : undefined,
    amountCaptured: money(intent.amount_received),
    amountRefunded: charge && money(refunded(charge)),
    authorizationId: typeof intent.latest_charge === "string" ? intent.latest_charge : charge?.id,
    nextAction: status === "REQUIRES_ACTION" ? nextAction(intent) : undefined,
    decline:
      status === "DECLINED" && intent.last_payment_error != null ? toDecline(intent.last_payment_error) : undefined,
    cardChecks: cardChecks({
      addressLine: check(card?.checks?.address_line1_check),
      postalCode: check(card?.checks?.address_postal_code_check),
      cvc: check(card?.checks?.cvc_check)
    }),
    networkTransactionId: card?.network_transaction_id ?? undefined,
    paymentMethodId:
      typeof intent.payment_method === "string" ? intent.payment_method : (intent.payment_method?.id ?? undefined),
    state: { currency: intent.currency.toUpperCase() }
  }
}

const captureStatus: Readonly<Partial<Record<P.PaymentStatus, P.OperationStatus>>> = {
  CAPTURED: "SUCCEEDED",
  PARTIALLY_CAPTURED: "SUCCEEDED",
  PENDING: "PENDING"
}

/** A payment intent is captured once, so what it received is what its capture took. */
export const toCapture = (intent: W.PaymentIntent): P.Capture => {
  const payment = toPayment(intent)
  const status = captureStatus[payment.status] ?? "UNRECOGNIZED"
  return {
    paymentId: payment.paymentId,
    status,
    rawStatus: payment.rawStatus,
    reference: intent.metadata?.capture_reference,
    // until it is taken, what was received is not what this capture is for
    amount: status === "PENDING" ? undefined : payment.amountCaptured,
    amountCaptured: payment.amountCaptured,
    paymentStatus: payment.status,
    state: payment.state
  }
}

/** A refund. */
export const toRefund = (refund: typeof W.Refund.Type): R.Refund => ({
  refundId: refund.id,
  status: refundStatus(refund.status) ?? "UNRECOGNIZED",
  rawStatus: refund.status ?? "",
  paymentId: typeof refund.payment_intent === "string" ? refund.payment_intent : refund.payment_intent?.id,
  reference: refund.metadata?.reference,
  amount: W.fromAmount(refund.amount, refund.currency),
  failureReason: refund.failure_reason ?? undefined,
  state: {}
})

/** Codes that say the object was changed before (docs.stripe.com/error-codes). */
const stateConflicts = new Set([
  "capture_charge_authorization_expired",
  "capture_unauthorized_payment",
  "charge_already_captured",
  "charge_already_refunded",
  "charge_disputed",
  "charge_expired_for_capture",
  "charge_not_refundable",
  "intent_invalid_state",
  "payment_intent_unexpected_state",
  "payment_method_unexpected_state",
  "refund_disputed_payment",
  "token_already_used"
])

/** Codes that say that another request holds the object, the token or the key, whatever the status (the same page). */
const inProgress = new Set(["idempotency_key_in_use", "lock_timeout", "token_in_use"])

/** Codes of refusals of a payment, of whatever type the error is (docs.stripe.com/error-codes). */
const otherDeclines = new Set([
  "payment_intent_authentication_failure",
  "payment_intent_payment_attempt_expired",
  "payment_intent_payment_attempt_failed",
  "payment_method_customer_decline",
  "payment_method_provider_decline",
  "payment_method_provider_timeout"
])

/** A reply of 400 to 499. */
export const rejection = jsonRejection(W.ErrorBody, ({ error }, { status }) => {
  const rawCode = error.code ?? error.type ?? ""
  const rawMessage = error.message ?? ""
  if (status === 401 || status === 403)
    return new InvalidCredentials({ description: rawMessage, refusedByProcessor: true })
  if (error.type === "card_error" || otherDeclines.has(rawCode)) {
    const payment = error.payment_intent == null ? undefined : toPayment(error.payment_intent)
    // refused at once, so that nobody but us holds the payment's client secret
    const final = payment?.rawStatus === "requires_payment_method" || payment?.final === true
    return new Declined({ decline: toDecline(error), payment: payment && { ...payment, final } })
  }
  // Stripe's own fault, or that of what it depends on, whatever the status: it says nothing of what was done
  if (error.type === "api_error")
    return new UnreadableReply({ httpStatus: status, description: `api_error ${rawCode}` })
  // another request holds the object, perhaps under the same key (docs.stripe.com/api/errors)
  if (status === 409 || inProgress.has(rawCode)) return new Conflict({ kind: "InProgress", rawCode })
  if (error.type === "idempotency_error") return new Conflict({ kind: "Key", rawCode })
  if (stateConflicts.has(rawCode)) return new Conflict({ kind: "State", rawCode })
  return new Rejected({ httpStatus: status, rawCode, rawMessage, rawField: error.param ?? undefined })
})
