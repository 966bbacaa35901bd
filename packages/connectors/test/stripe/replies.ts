import type { Answer } from "../Stub.ts"
import { replies } from "../Table.ts"

const reply = replies("stripe")

/** A charge with fields replaced. */
export const charge = (over: object = {}): object => reply("charge", over)
/** A payment intent that succeeded, its charge expanded, with fields replaced. */
export const intent = (over: object = {}): object => reply("payment_intent", { latest_charge: charge(), ...over })
/** A payment intent that waits for its capture. */
export const reserved = (over: object = {}): object =>
  intent({
    status: "requires_capture",
    capture_method: "manual",
    amount_capturable: 1000,
    amount_received: 0,
    latest_charge: charge({ amount_captured: 0, captured: false }),
    ...over
  })
/** A payment intent that was released, which its charge counts as refunded. */
export const voided = (over: object = {}): object =>
  intent({
    status: "canceled",
    cancellation_reason: "requested_by_customer",
    amount_received: 0,
    latest_charge: charge({ amount_captured: 0, captured: false, amount_refunded: 1000 }),
    ...over
  })
/** A refund with fields replaced. */
export const refund = (over: object = {}): object => reply("refund", over)
/** A card token. */
export const token = (): object => reply("token")
/** A page of a list. */
export const list = (data: ReadonlyArray<object>, more = false, url = "/v1/payment_intents"): object => ({
  object: "list",
  data,
  has_more: more,
  url
})
/** A reply of 200. */
export const ok = (body: object): Answer => ({ status: 200, body })
/** An error reply. */
export const error = (status: number, over: object, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  body: { error: reply("error", over) },
  ...(headers && { headers })
})
/** A card error (docs.stripe.com/api/errors). */
export const cardError = (over: object): Answer =>
  error(402, { type: "card_error", code: "card_declined", message: "The card was declined.", ...over })
/** No object has the id in the path. */
export const missing = error(404, { code: "resource_missing", param: "id" })
