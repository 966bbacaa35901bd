import { newId } from "../Random.ts"
import type { ChargeRecord, Context, RefundRecord } from "./Account.ts"
import { mergeMetadata } from "./Cards.ts"
import type { Metadata, Refund } from "./Objects.ts"
import { numberOf, type Params, textOf } from "./Parameters.ts"
import { conflict, invalid, missing, Refusal } from "./Refusal.ts"

interface Wanted {
  readonly amount: number
  readonly reason: string | null
  readonly metadata: Metadata
  readonly status: Refund["status"]
  readonly settles: RefundRecord["settles"]
}

const addRefund = (context: Context, charge: ChargeRecord, wanted: Wanted): RefundRecord => {
  const id = newId("re_3")
  const refund: RefundRecord = {
    id,
    settles: wanted.settles,
    object: {
      id,
      object: "refund",
      amount: wanted.amount,
      balance_transaction: charge.object.captured ? newId("txn_3") : null,
      charge: charge.id,
      created: context.now,
      currency: charge.object.currency,
      ...(charge.object.payment_method_details.card === undefined
        ? {}
        : { destination_details: { card: { type: charge.object.captured ? "refund" : "reversal" }, type: "card" } }),
      metadata: wanted.metadata,
      payment_intent: charge.object.payment_intent,
      reason: wanted.reason,
      receipt_number: null,
      source_transfer_reversal: null,
      status: wanted.status,
      transfer_reversal: null
    }
  }
  charge.refunds.push(refund)
  charge.object.amount_refunded += wanted.amount
  charge.object.refunded = charge.object.amount_refunded >= charge.object.amount
  return context.account.refunds.add(refund)
}

/** Gives back reserved money that was never captured: Stripe shows it as refunded, though no refund was asked for. */
export const release = (context: Context, charge: ChargeRecord, amount: number): void => {
  addRefund(context, charge, { amount, reason: null, metadata: {}, status: "succeeded", settles: null })
}

const chargeOf = (context: Context, params: Params): ChargeRecord | Refusal => {
  const paymentId = textOf(params, "payment_intent")
  const chargeId = textOf(params, "charge")
  if (chargeId !== undefined) {
    const charge = context.account.charges.get(chargeId)
    if (charge === undefined) return missing(400, "charge", chargeId, "charge")
    return paymentId === undefined || charge.object.payment_intent === paymentId
      ? charge
      : invalid("The charge is not one of the payment intent's.", { param: "charge" })
  }
  if (paymentId === undefined) {
    return invalid("A refund needs a charge or a payment_intent.", { code: "parameter_missing", param: "charge" })
  }
  const intent = context.account.intents.get(paymentId)
  if (intent === undefined) return missing(400, "payment intent", paymentId, "payment_intent")
  const charge = context.account.charges.get(intent.object.latest_charge ?? "")
  return charge ?? conflict("The payment intent has no successful charge to refund.", { param: "payment_intent" })
}

/** `POST /v1/refunds`. */
export const createRefund = (context: Context, _id: string, params: Params): Refund | Refusal => {
  const charge = chargeOf(context, params)
  if (charge instanceof Refusal) return charge
  const { object } = charge
  if (!object.paid) return conflict("The payment intent has no successful charge to refund.")
  if (!object.captured) return conflict("The charge is not captured; cancel its payment intent instead.")
  const left = object.amount_captured - charge.returned
  if (left === 0) return conflict("The charge is refunded already.", { code: "charge_already_refunded" })
  const asked = numberOf(params, "amount") ?? left
  if (asked > left) return conflict(`At most ${left} is left to refund.`, { param: "amount" })
  const amount = asked + context.amountOff
  const { refund: kind } = charge.behaviour
  const refund = addRefund(context, charge, {
    amount,
    reason: textOf(params, "reason") ?? null,
    metadata: mergeMetadata({}, params),
    status: kind === "pending" ? "pending" : "succeeded",
    settles: kind === "pending" ? "succeeded" : kind === "fails" ? "failed" : null
  })
  charge.returned += amount
  context.money("refund", {
    id: refund.id,
    payment_id: object.payment_intent,
    amount,
    currency: object.currency,
    metadata: { ...refund.object.metadata }
  })
  context.event("refund.created", refund.object)
  context.event("charge.refunded", object)
  return refund.object
}

const settle = (context: Context, refund: RefundRecord): void => {
  if (refund.settles === null) return
  const charge = context.account.charges.get(refund.object.charge)
  refund.object.status = refund.settles
  if (refund.settles === "failed" && charge !== undefined) {
    refund.object.failure_reason = "unknown"
    refund.object.failure_balance_transaction = newId("txn_1")
    charge.returned -= refund.object.amount
    charge.object.amount_refunded -= refund.object.amount
    charge.object.refunded = false
  }
  refund.settles = null
  context.event("refund.updated", refund.object)
  context.event("charge.refund.updated", refund.object)
  if (refund.object.status === "failed") context.event("refund.failed", refund.object)
}

/**
 * `GET /v1/refunds/:id`. A refund that Stripe settles "some time later" settles here after it has been read once, so that
 * a test sees both states without waiting.
 */
export const retrieveRefund = (context: Context, id: string): Refund | Refusal => {
  const refund = context.account.refunds.get(id)
  if (refund === undefined) return missing(404, "refund", id, "id")
  const seen = { ...refund.object }
  settle(context, refund)
  return seen
}
