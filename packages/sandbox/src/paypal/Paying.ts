import {
  type AuthorizationRecord,
  type CaptureRecord,
  type Context,
  newId,
  type OrderRecord,
  record,
  type UnitRecord
} from "./Account.ts"
import { Refusal, unprocessable } from "./Refusal.ts"
import type { Source } from "./Sources.ts"
import { keep } from "./Vault.ts"
import { authorizationView, captureView, orderView, payerLink } from "./Views.ts"

const movement = (context: Context, order: OrderRecord, unit: UnitRecord, off: number) => ({
  id: newId(),
  order,
  unit,
  money: { ...unit.money, minor: unit.money.minor + off },
  references: unit.references,
  created: context.now,
  updated: context.now
})

const authorize = (context: Context, order: OrderRecord, unit: UnitRecord, declined: boolean, off: number): void => {
  const authorization: AuthorizationRecord = {
    ...movement(context, order, unit, off),
    status: declined ? "DENIED" : "CREATED",
    captured: 0,
    closed: false
  }
  unit.authorizations.push(authorization)
  context.account.authorizations.set(authorization.id, authorization)
  if (declined) return
  record(context, "authorization", authorization)
  const view = () => authorizationView(context, authorization)
  context.event("PAYMENT.AUTHORIZATION.CREATED", "authorization", view, "A payment authorization was created")
}

const statusOf = (source: Source, declined: boolean): CaptureRecord["status"] => {
  if (declined) return "DECLINED"
  return source.funding === "echeck" ? "PENDING" : "COMPLETED"
}

/** Tells by webhook where a capture stands (developer.paypal.com/api/rest/webhooks/event-names). */
export const tellCapture = (context: Context, capture: CaptureRecord): void =>
  context.event(
    `PAYMENT.CAPTURE.${capture.status}`,
    "capture",
    () => captureView(context, capture),
    `Payment ${capture.status.toLowerCase()}`
  )

const capture = (
  context: Context,
  order: OrderRecord,
  unit: UnitRecord,
  status: CaptureRecord["status"],
  off: number
): void => {
  const taken: CaptureRecord = {
    ...movement(context, order, unit, off),
    authorization: undefined,
    final: true,
    status,
    refunded: 0
  }
  unit.captures.push(taken)
  context.account.captures.set(taken.id, taken)
  if (status === "COMPLETED") record(context, "capture", taken)
  tellCapture(context, taken)
}

const duplicate = (context: Context, order: OrderRecord): Refusal | undefined => {
  const used = order.units.some(
    ({ references }) => references.invoiceId !== undefined && context.account.invoices.orders.has(references.invoiceId)
  )
  return used ? unprocessable("DUPLICATE_INVOICE_ID") : undefined
}

// The file lists INSTRUMENT_DECLINED for captures only; recorded replies carry a link with which the payer can choose again.
const instrumentDeclined = (context: Context, order: OrderRecord): Refusal =>
  new Refusal(
    422,
    [{ issue: order.intent === "CAPTURE" ? "INSTRUMENT_DECLINED" : "PAYER_CANNOT_PAY" }],
    payerLink(context, order, "redirect")
  )

/** `ON_SUCCESS`: what has paid is kept, and what was declined is not. */
const keepSource = (context: Context, order: OrderRecord, source: Source): void => {
  const { card, keepFor: customer, type, view } = source
  if (customer === undefined || (type !== "card" && type !== "paypal")) return
  order.source = { ...source, kept: keep(context, { customer, type, view, card }) }
}

/**
 * Pays an order that nothing stands in the way of: an authorization or a capture for each purchase unit, `off` minor units
 * wrong. A declined card is an answer in these; a declined instrument of a wallet refuses the call.
 */
export const pay = (context: Context, order: OrderRecord, source: Source, off = 0): Refusal | undefined => {
  if (source.funding === "declined") return instrumentDeclined(context, order)
  const refusal = duplicate(context, order)
  if (refusal !== undefined) return refusal
  const declined = source.card?.declined === true
  for (const unit of order.units) {
    if (order.intent === "AUTHORIZE") authorize(context, order, unit, declined, off)
    else capture(context, order, unit, statusOf(source, declined), off)
    if (!declined && unit.references.invoiceId !== undefined)
      context.account.invoices.orders.add(unit.references.invoiceId)
  }
  if (!declined) keepSource(context, order, source)
  order.status = "COMPLETED"
  order.updated = context.now
  if (order.intent === "CAPTURE" && !declined) {
    context.event("CHECKOUT.ORDER.COMPLETED", "checkout-order", () => orderView(context, order), "Order completed")
  }
  return undefined
}

/** Completes a capture that waited for an eCheck. PayPal does so after days, this sandbox once the capture was read. */
export const settle = (context: Context, pending: CaptureRecord): void => {
  if (pending.status !== "PENDING") return
  pending.status = "COMPLETED"
  pending.updated = context.now
  record(context, "capture", pending)
  tellCapture(context, pending)
}
