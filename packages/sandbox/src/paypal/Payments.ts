import { type Tree, textOf, treeOf } from "../Json.ts"
import {
  type AuthorizationRecord,
  type CaptureRecord,
  type Context,
  newId,
  type RefundRecord,
  record
} from "./Account.ts"
import { type Money, readMoney } from "./Amounts.ts"
import type { Answer } from "./Orders.ts"
import { settle, tellCapture } from "./Paying.ts"
import { missing, Refusal, unprocessable } from "./Refusal.ts"
import { authorizationView, captureView, minimal, refundView } from "./Views.ts"

const answer = (view: () => object): Answer => ({ whole: view, brief: () => minimal(view()) })

const amountField = { field: "/amount/value" } as const

const readAmount = (params: Tree, whole: Money, mismatch: string) => {
  if (params.amount === undefined) return whole.minor
  const money = readMoney(treeOf(params, "amount"), "/amount", "payments")
  if (money instanceof Refusal) return money
  return money.currency === whole.currency ? money.minor : unprocessable(mismatch, { field: "/amount/currency_code" })
}

const takeInvoice = (params: Tree, used: Set<string>): Refusal | undefined => {
  const invoice = textOf(params, "invoice_id")
  return invoice !== undefined && used.has(invoice)
    ? unprocessable("DUPLICATE_INVOICE_ID", { field: "/invoice_id", value: invoice })
    : undefined
}

const findAuthorization = (context: Context, id: string): AuthorizationRecord | Refusal =>
  context.account.authorizations.get(id) ?? missing("authorization_id", id)

const findCapture = (context: Context, id: string): CaptureRecord | Refusal =>
  context.account.captures.get(id) ?? missing("capture_id", id)

/** `GET /v2/payments/authorizations/{id}`. */
export const retrieveAuthorization = (context: Context, id: string): Answer | Refusal => {
  const authorization = findAuthorization(context, id)
  return authorization instanceof Refusal ? authorization : answer(() => authorizationView(context, authorization))
}

const uncapturable = ({ status, closed }: AuthorizationRecord): Refusal | undefined => {
  if (status === "VOIDED") return unprocessable("AUTHORIZATION_VOIDED")
  if (status === "DENIED") return unprocessable("AUTHORIZATION_DENIED")
  return status === "CAPTURED" || closed ? unprocessable("AUTHORIZATION_ALREADY_CAPTURED") : undefined
}

// The published description of MAX_CAPTURE_AMOUNT_EXCEEDED: all captures together may come to 115 % by default.
const limitOf = ({ money }: AuthorizationRecord): number => Math.floor((money.minor * 115) / 100)

const takeFrom = (context: Context, authorization: AuthorizationRecord, params: Tree, minor: number): CaptureRecord => {
  const { order, unit, money, references } = authorization
  const capture: CaptureRecord = {
    id: newId(),
    order,
    unit,
    authorization,
    money: { ...money, minor },
    references: { invoiceId: textOf(params, "invoice_id") ?? references.invoiceId, customId: references.customId },
    final: params.final_capture === true,
    status: "COMPLETED",
    refunded: 0,
    created: context.now,
    updated: context.now
  }
  authorization.captured += minor
  authorization.closed = capture.final
  authorization.status = authorization.captured >= money.minor ? "CAPTURED" : "PARTIALLY_CAPTURED"
  authorization.updated = context.now
  unit.captures.push(capture)
  context.account.captures.set(capture.id, capture)
  return capture
}

/** `POST /v2/payments/authorizations/{id}/capture`. Without an amount "the full authorized amount is captured". */
export const captureAuthorization = (context: Context, id: string, params: Tree): Answer | Refusal => {
  const authorization = findAuthorization(context, id)
  if (authorization instanceof Refusal) return authorization
  const { invoices } = context.account
  const refusal = uncapturable(authorization) ?? takeInvoice(params, invoices.captures)
  if (refusal !== undefined) return refusal
  const asked = readAmount(params, authorization.money, "AUTH_CAPTURE_CURRENCY_MISMATCH")
  if (asked instanceof Refusal) return asked
  if (authorization.captured + asked > limitOf(authorization)) {
    return unprocessable("MAX_CAPTURE_AMOUNT_EXCEEDED", amountField)
  }
  const capture = takeFrom(context, authorization, params, asked + context.amountOff)
  const invoice = textOf(params, "invoice_id")
  if (invoice !== undefined) invoices.captures.add(invoice)
  record(context, "capture", capture)
  tellCapture(context, capture)
  return answer(() => captureView(context, capture))
}

/** `POST /v2/payments/authorizations/{id}/void`: 204, or 200 with the authorization when its representation is preferred. */
export const voidAuthorization = (context: Context, id: string): Answer | Refusal => {
  const authorization = findAuthorization(context, id)
  if (authorization instanceof Refusal) return authorization
  if (authorization.status === "VOIDED") return unprocessable("PREVIOUSLY_VOIDED")
  if (authorization.status === "CAPTURED" || authorization.closed) return unprocessable("PREVIOUSLY_CAPTURED")
  if (authorization.status !== "DENIED") {
    record(context, "void", authorization, authorization.money.minor - authorization.captured)
  }
  authorization.status = "VOIDED"
  authorization.updated = context.now
  const view = () => authorizationView(context, authorization)
  context.event("PAYMENT.AUTHORIZATION.VOIDED", "authorization", view, "A payment authorization was voided")
  return { whole: view, brief: () => null }
}

/** `GET /v2/payments/captures/{id}`. */
export const retrieveCapture = (context: Context, id: string): Answer | Refusal => {
  const capture = findCapture(context, id)
  if (capture instanceof Refusal) return capture
  const seen = captureView(context, capture)
  settle(context, capture)
  return answer(() => seen)
}

const unrefundable: Readonly<Partial<Record<CaptureRecord["status"], string>>> = {
  DECLINED: "REFUND_NOT_ALLOWED",
  PENDING: "PENDING_CAPTURE",
  REFUNDED: "CAPTURE_FULLY_REFUNDED"
}

const giveBack = (context: Context, capture: CaptureRecord, params: Tree, minor: number): RefundRecord => {
  const { order, unit, money, references } = capture
  capture.refunded += minor
  capture.status = capture.refunded >= money.minor ? "REFUNDED" : "PARTIALLY_REFUNDED"
  capture.updated = context.now
  const refund: RefundRecord = {
    id: newId(),
    order,
    unit,
    capture,
    money: { ...money, minor },
    references: {
      invoiceId: textOf(params, "invoice_id") ?? references.invoiceId,
      customId: textOf(params, "custom_id") ?? references.customId
    },
    note: textOf(params, "note_to_payer"),
    total: capture.refunded,
    created: context.now,
    updated: context.now
  }
  unit.refunds.push(refund)
  context.account.refunds.set(refund.id, refund)
  return refund
}

/** `POST /v2/payments/captures/{id}/refund`. Without an amount, "captured amount - previous refunds" is refunded. */
export const refundCapture = (context: Context, id: string, params: Tree): Answer | Refusal => {
  const capture = findCapture(context, id)
  if (capture instanceof Refusal) return capture
  const { invoices } = context.account
  const issue = unrefundable[capture.status]
  const refusal = issue === undefined ? takeInvoice(params, invoices.refunds) : unprocessable(issue)
  if (refusal !== undefined) return refusal
  const left = capture.money.minor - capture.refunded
  const asked = readAmount(params, { ...capture.money, minor: left }, "REFUND_CAPTURE_CURRENCY_MISMATCH")
  if (asked instanceof Refusal) return asked
  if (asked > left) return unprocessable("REFUND_AMOUNT_EXCEEDED", amountField)
  const refund = giveBack(context, capture, params, asked + context.amountOff)
  const invoice = textOf(params, "invoice_id")
  if (invoice !== undefined) invoices.refunds.add(invoice)
  record(context, "refund", refund)
  context.event("PAYMENT.CAPTURE.REFUNDED", "refund", () => refundView(context, refund), "A refund was made")
  return answer(() => refundView(context, refund))
}

/** `GET /v2/payments/refunds/{id}`. */
export const retrieveRefund = (context: Context, id: string): Answer | Refusal => {
  const refund = context.account.refunds.get(id)
  return refund === undefined ? missing("refund_id", id) : answer(() => refundView(context, refund))
}
