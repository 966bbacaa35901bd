import type { Money } from "@connector-service/domain/Money"
import type { NextAction } from "@connector-service/domain/NextAction"
import * as P from "@connector-service/domain/Payment"
import type * as R from "@connector-service/domain/Refund"
import type { State } from "@connector-service/domain/Text"
import { table } from "../Table.ts"
import { toChecks } from "./checks.ts"
import { toDecline } from "./declines.ts"
import * as W from "./wire.ts"

/** An order to which nothing was done yet. COMPLETED is none of these: it says that something was, not what. */
const orderStatus = table<P.PaymentStatus>({
  CREATED: "REQUIRES_ACTION",
  SAVED: "REQUIRES_ACTION",
  APPROVED: "REQUIRES_ACTION",
  PAYER_ACTION_REQUIRED: "REQUIRES_ACTION",
  VOIDED: "VOIDED"
})
const authorizationStatus = table<P.PaymentStatus>({
  CREATED: "AUTHORIZED",
  CAPTURED: "CAPTURED",
  DENIED: "DECLINED",
  PARTIALLY_CAPTURED: "PARTIALLY_CAPTURED",
  VOIDED: "VOIDED",
  PENDING: "PENDING"
})
const paymentStatus = table<P.PaymentStatus>({
  COMPLETED: "CAPTURED",
  DECLINED: "DECLINED",
  PARTIALLY_REFUNDED: "CAPTURED",
  PENDING: "PENDING",
  REFUNDED: "CAPTURED",
  FAILED: "FAILED"
})
const captureStatus = table<P.OperationStatus>({
  COMPLETED: "SUCCEEDED",
  DECLINED: "FAILED",
  PARTIALLY_REFUNDED: "SUCCEEDED",
  PENDING: "PENDING",
  REFUNDED: "SUCCEEDED",
  FAILED: "FAILED"
})
const refundStatus = table<P.OperationStatus>({
  CANCELLED: "CANCELLED",
  FAILED: "FAILED",
  PENDING: "PENDING",
  COMPLETED: "SUCCEEDED"
})

const isTaken = ({ status }: W.Capture) => captureStatus(status) === "SUCCEEDED"
const isFailed = ({ status }: W.Capture) => captureStatus(status) === "FAILED"
const isListed = ({ status }: W.Capture) => captureStatus(status) !== undefined

/** PayPal itself completes an order that was created so, once the payer has approved it. */
export const completesItself = (instruction: string | null | undefined): boolean =>
  instruction === "ORDER_COMPLETE_ON_PAYMENT_APPROVAL"

/** An authorization of which money is, or was, to be had. */
const holds: ReadonlySet<P.PaymentStatus | undefined> = new Set(["AUTHORIZED", "PARTIALLY_CAPTURED", "CAPTURED"])
const isHeld = ({ status }: W.Authorization) => holds.has(authorizationStatus(status))
const isGone = ({ status }: W.Authorization) => status === "DENIED" || status === "VOIDED"

/**
 * What is in an order, all units together. Of several authorizations the newest counts that holds funds, else that may;
 * of several captures the newest that took money, else that may.
 */
export const partsOf = ({ purchase_units }: W.Order) => {
  const units = purchase_units ?? []
  const authorizations = units.flatMap(({ payments }) => payments?.authorizations ?? [])
  const captures = units.flatMap(({ payments }) => payments?.captures ?? [])
  const taken = captures.findLast(isTaken)
  // one whose word is not known may have taken money, or may yet
  const open = captures.findLast((capture) => !isTaken(capture) && !isFailed(capture))
  return {
    units,
    authorizations,
    authorization:
      authorizations.findLast(isHeld) ?? authorizations.findLast((one) => !isGone(one)) ?? authorizations.at(-1),
    captures,
    taken,
    open,
    capture: taken ?? open ?? captures.at(-1),
    refunds: units.flatMap(({ payments }) => payments?.refunds ?? [])
  }
}
type Parts = ReturnType<typeof partsOf>

type Standing = readonly [status: P.PaymentStatus, rawStatus: string]
const standing = (
  statuses: (word: string | null | undefined) => P.PaymentStatus | undefined,
  word: string | null | undefined
): Standing => [statuses(word) ?? "UNRECOGNIZED", word ?? ""]

/** Where an authorization stands when money was taken of it: what was released after that is not the payment. */
const afterCapture: Readonly<Partial<Record<P.PaymentStatus, P.PaymentStatus>>> = {
  AUTHORIZED: "PARTIALLY_CAPTURED",
  PENDING: "PARTIALLY_CAPTURED",
  PARTIALLY_CAPTURED: "PARTIALLY_CAPTURED",
  CAPTURED: "CAPTURED",
  VOIDED: "CAPTURED"
}

/** Where a payment stands by its authorization and by captures that took money, or that may yet. */
const withCaptures = (authorized: P.PaymentStatus, taken: boolean, open: boolean): P.PaymentStatus => {
  if (!taken) return open ? "PENDING" : authorized
  const after = afterCapture[authorized] ?? "UNRECOGNIZED"
  return open && after === "CAPTURED" ? "PARTIALLY_CAPTURED" : after
}

/** Never by the order alone: that one is completed says neither that it was paid nor that it was refused. */
const standingOf = (order: W.Order, { authorization, capture, captures, open, taken }: Parts): Standing => {
  const strange = captures.findLast((one) => !isListed(one))
  if (strange !== undefined) return ["UNRECOGNIZED", strange.status ?? ""]
  if (authorization === undefined) {
    if (taken !== undefined) return [withCaptures("CAPTURED", true, open !== undefined), taken.status ?? ""]
    if (capture !== undefined) return standing(paymentStatus, capture.status)
    return order.status === "APPROVED" && completesItself(order.processing_instruction)
      ? ["PENDING", order.status]
      : standing(orderStatus, order.status)
  }
  const authorized = standing(authorizationStatus, authorization.status)
  const [status, word] = authorized
  if (capture === undefined) return authorized
  if (taken !== undefined) {
    const after = withCaptures(status, true, open !== undefined)
    const closed = open === undefined && captures.some((one) => isTaken(one) && one.final_capture === true)
    return [closed && after === "PARTIALLY_CAPTURED" ? "CAPTURED" : after, word]
  }
  // whatever the authorization says, this may yet take money
  if (open !== undefined) return ["PENDING", open.status ?? ""]
  // nothing was taken, whatever the authorization counts as captured
  if (status === "PARTIALLY_CAPTURED") return ["AUTHORIZED", word]
  return status === "CAPTURED" ? standing(paymentStatus, capture.status) : authorized
}

/** The sum of what these are for; undefined where one does not say. */
const total = (all: ReadonlyArray<Pick<W.Refund, "amount">>, none: Money | undefined): Money | undefined =>
  all.length === 0
    ? none
    : all
        .map(({ amount }) => W.fromAmount(amount))
        .reduce((sum, next) => sum && next && { ...next, minorUnits: sum.minorUnits + next.minorUnits })

const nothing = (of: Money | undefined) => of && { ...of, minorUnits: 0n }

const isDone = ({ status }: W.Refund) => refundStatus(status) === "SUCCEEDED"
const isGivenBack = ({ status }: W.Capture) => status === "REFUNDED" || status === "PARTIALLY_REFUNDED"

/**
 * The payer goes to PayPal's page; without one the bank asks in its app
 * (developer.paypal.com/api/orders/v2/definitions/order_status).
 */
const nextAction = ({ links, status }: W.Order): NextAction | undefined => {
  const link = links?.find(({ rel }) => rel === "payer-action") ?? links?.find(({ rel }) => rel === "approve")
  if (status === "APPROVED" || status === "SAVED") return undefined
  if (link?.href != null) return { _tag: "Redirect", method: "GET", url: link.href, fields: {} }
  return status === "PAYER_ACTION_REQUIRED" ? { _tag: "Wait" } : undefined
}

/** The id of the payment source, where PayPal keeps it. */
const vaultOf = ({ payment_source }: W.Order) =>
  Object.values(payment_source ?? {})[0]?.attributes?.vault?.id ?? undefined

/**
 * What a later call needs, of an order and what is in it; `authorized` lets a capture of all of it be the last,
 * `captureId` took money and `pendingCaptureId` may yet.
 */
const stateOf = (order: W.Order, { authorization, open, taken }: Parts) => {
  const { currency_code, value } = authorization?.amount ?? {}
  const state = {
    intent: order.intent,
    processingInstruction: completesItself(order.processing_instruction) ? order.processing_instruction : undefined,
    authorizationId: authorization?.id,
    authorized: value === undefined ? undefined : `${value} ${currency_code}`,
    captureId: taken?.id,
    pendingCaptureId: open?.id,
    paymentSource: vaultOf(order) && Object.keys(order.payment_source ?? {})[0]
  }
  return Object.fromEntries(Object.entries(state).flatMap(([key, value]) => (value == null ? [] : [[key, value]])))
}

/** Orders of these statuses can still be completed. */
const unfinished = new Set(["CREATED", "SAVED", "APPROVED", "PAYER_ACTION_REQUIRED"])

/** An order, as a payment. */
export const toPayment = (order: W.Order): P.Payment => {
  const parts = partsOf(order)
  const { authorization, capture, captures, refunds, units } = parts
  const [status, rawStatus] = standingOf(order, parts)
  const amount = total(units, undefined)
  const taken = captures.filter(isTaken)
  const isPaid = status === "CAPTURED" || status === "PARTIALLY_CAPTURED"
  const amountCaptured = captures.every(isListed)
    ? total(taken, isPaid || status === "UNRECOGNIZED" ? undefined : nothing(amount))
    : undefined
  const { processor_response, status_details } = capture ?? authorization ?? {}
  return {
    paymentId: order.id,
    status,
    rawStatus,
    // a refused payment can be completed by another funding source while its order is not
    final: P.isFinal(status) && (isPaid || !unfinished.has(order.status ?? "")),
    reference: W.fromInvoice(units[0]?.invoice_id),
    amount,
    amountAuthorized:
      status === "AUTHORIZED" || isPaid
        ? authorization === undefined
          ? amountCaptured
          : W.fromAmount(authorization.amount)
        : undefined,
    amountCaptured,
    amountRefunded: total(refunds.filter(isDone), taken.some(isGivenBack) ? undefined : nothing(amountCaptured)),
    authorizationId: authorization?.id,
    captureId: capture?.id,
    nextAction: status === "REQUIRES_ACTION" ? nextAction(order) : undefined,
    decline: status === "DECLINED" ? toDecline(processor_response, status_details?.reason ?? rawStatus) : undefined,
    cardChecks: toChecks(processor_response),
    networkTransactionId: (capture ?? authorization)?.network_transaction_reference?.id ?? undefined,
    paymentMethodId: vaultOf(order),
    state: stateOf(order, parts)
  }
}

const transactionOf = ({ amount, invoice_id, status }: W.Refund) => ({
  rawStatus: status ?? "",
  reference: W.fromInvoice(invoice_id),
  amount: W.fromAmount(amount)
})

/** What an input says of the payment it is about. */
interface About {
  readonly input: Pick<P.CaptureRequest, "paymentId" | "state">
}

/** What is known of a payment's captures after one more: one that took nothing is not kept. */
const stateAfter = (capture: W.Capture, { captureId, pendingCaptureId, ...state }: State = {}): State => {
  const taken = isTaken(capture) ? capture.id : captureId
  const still = pendingCaptureId === capture.id ? undefined : pendingCaptureId
  const open = isTaken(capture) || isFailed(capture) ? still : capture.id
  return {
    ...state,
    ...(taken !== undefined && { captureId: taken }),
    ...(open !== undefined && { pendingCaptureId: open })
  }
}

/** Where the payment stands after a capture, as far as the capture and the state tell. */
const paymentAfter = (capture: W.Capture, state: State): P.PaymentStatus => {
  if (isFailed(capture) || !isListed(capture)) return "UNRECOGNIZED"
  if (state.pendingCaptureId !== undefined) return state.captureId === undefined ? "PENDING" : "PARTIALLY_CAPTURED"
  return capture.final_capture === true ? "CAPTURED" : "PARTIALLY_CAPTURED"
}

/**
 * A capture. It does not tell what was captured before it, so only PayPal's `final_capture` says that no more will be
 * taken.
 */
export const toCapture = (capture: W.Capture, { input }: About): P.Capture => {
  const { processor_response, status_details } = capture
  const state = stateAfter(capture, input.state)
  return {
    paymentId: input.paymentId,
    status: captureStatus(capture.status) ?? "UNRECOGNIZED",
    ...transactionOf(capture),
    captureId: capture.id,
    paymentStatus: paymentAfter(capture, state),
    decline:
      capture.status === "DECLINED" ? toDecline(processor_response, status_details?.reason ?? "DECLINED") : undefined,
    state
  }
}

/** A capture that is in its order. */
export const toCaptureIn = (order: W.Order, capture: W.Capture): P.Capture => {
  const { amountCaptured, state, status } = toPayment(order)
  return { ...toCapture(capture, { input: { paymentId: order.id } }), amountCaptured, paymentStatus: status, state }
}

/** An authorization after its void. What was captured of it stays captured, and only the state tells of that. */
export const toReleased = (authorization: W.Authorization, { input }: About): P.Payment => {
  const [released, word] = standing(authorizationStatus, authorization.status)
  const { captureId, pendingCaptureId } = input.state ?? {}
  const status = withCaptures(released, captureId !== undefined, pendingCaptureId !== undefined)
  return {
    paymentId: input.paymentId,
    status,
    final: P.isFinal(status),
    ...transactionOf(authorization),
    rawStatus: word,
    authorizationId: authorization.id,
    captureId: captureId ?? pendingCaptureId,
    state: input.state ?? {}
  }
}

/** A refund. */
export const toRefund = (refund: W.Refund, paymentId?: string): R.Refund => ({
  refundId: refund.id,
  status: refundStatus(refund.status) ?? "UNRECOGNIZED",
  paymentId,
  ...transactionOf(refund),
  failureReason: refund.status_details?.reason ?? undefined,
  state: {}
})
