import type { DisputeStatus } from "@connector-service/domain/Dispute"
import type { OperationStatus } from "@connector-service/domain/Payment"
import { reader } from "@connector-service/webhooks/Delivery"
import { type Meaning, meaning, moment } from "@connector-service/webhooks/Meaning"
import * as Schema from "effect/Schema"
import { table } from "../Table.ts"
import { toCapture, toPayment, toRefund, toReleased } from "./meaning.ts"
import * as W from "./wire.ts"

const nullish = <S extends Schema.Constraint>(schema: S) => Schema.optional(Schema.NullOr(schema))
const text = nullish(Schema.String)

// ── Wire ─────────────────────────────────────────────────────────────────────

/** What an event's object says of others. */
const relations = {
  supplementary_data: nullish(
    Schema.Struct({
      related_ids: nullish(Schema.Struct({ order_id: text, authorization_id: text, capture_id: text }))
    })
  ),
  links: nullish(Schema.Array(Schema.Struct({ rel: text, href: text })))
}
const Related = Schema.Struct(relations)
const Authorization = Schema.Struct({ ...W.Authorization.fields, ...relations })
const Capture = Schema.Struct({ ...W.Capture.fields, ...relations })
const Refund = Schema.Struct({ ...W.Refund.fields, ...relations })

/** `dispute` (`customer_disputes_v1.json`). */
const Dispute = Schema.Struct({
  dispute_id: Schema.String,
  status: text,
  reason: text,
  dispute_amount: nullish(Schema.Struct({ currency_code: Schema.String, value: Schema.String })),
  dispute_outcome: nullish(Schema.Struct({ outcome_code: text })),
  seller_response_due_date: text,
  disputed_transactions: nullish(Schema.Array(Schema.Struct({ seller_transaction_id: text })))
})
/** `payment_token_response` (`vault_payment_tokens_v3.json`). */
const PaymentToken = Schema.Struct({ id: Schema.String, customer: nullish(Schema.Struct({ id: text })) })
/** `payout_item` with its status (`payments_payouts_batch_v1.json`). */
const PayoutItem = Schema.Struct({
  payout_item_id: Schema.String,
  transaction_status: text,
  payout_item: nullish(
    Schema.Struct({
      amount: nullish(Schema.Struct({ currency: Schema.String, value: Schema.String })),
      sender_item_id: text
    })
  ),
  errors: nullish(Schema.Struct({ message: text }))
})

// ── Meaning ──────────────────────────────────────────────────────────────────

/** The order that an object belongs to; an older event names it in a link, or not at all. */
const orderOf = ({ links, supplementary_data }: typeof Related.Type): string => {
  const named = links?.flatMap(({ href, rel }) =>
    rel === "up" ? (/\/v2\/checkout\/orders\/([A-Z0-9]{1,36})$/.exec(href ?? "")?.[1] ?? []) : []
  )
  return supplementary_data?.related_ids?.order_id ?? named?.[0] ?? ""
}

const order = meaning(W.Order, (order) => ({ _tag: "Payment", payment: toPayment(order) }))
const authorization = meaning(Authorization, (authorization) => {
  const { amount, id } = authorization
  const authorized = amount == null ? {} : { authorized: `${amount.value} ${amount.currency_code}` }
  const input = { paymentId: orderOf(authorization), state: { authorizationId: id, ...authorized } }
  return { _tag: "Payment", payment: toReleased(authorization, { input }) }
})
const capture = meaning(Capture, (capture) => {
  const authorizationId = capture.supplementary_data?.related_ids?.authorization_id
  const input = { paymentId: orderOf(capture), state: authorizationId == null ? {} : { authorizationId } }
  return { _tag: "Capture", capture: toCapture(capture, { input }) }
})
const refund = meaning(Refund, (refund) => ({ _tag: "Refund", refund: toRefund(refund, orderOf(refund) || undefined) }))

const disputeStatus = table<DisputeStatus>({
  OPEN: "OPEN",
  WAITING_FOR_BUYER_RESPONSE: "OPEN",
  WAITING_FOR_SELLER_RESPONSE: "NEEDS_RESPONSE",
  UNDER_REVIEW: "UNDER_REVIEW",
  RESOLVED: "CLOSED"
})
/** For whom it was resolved, where that is told. */
const outcome = table<DisputeStatus>({
  RESOLVED_BUYER_FAVOUR: "LOST",
  RESOLVED_SELLER_FAVOUR: "WON",
  CANCELED_BY_BUYER: "WON"
})
const dispute = meaning(Dispute, (dispute) => {
  const { dispute_amount, dispute_id, dispute_outcome, disputed_transactions, reason, status } = dispute
  const due = dispute.seller_response_due_date
  const stands = disputeStatus(status) ?? "UNRECOGNIZED"
  return {
    _tag: "Dispute",
    dispute: {
      disputeId: dispute_id,
      status: stands === "CLOSED" ? (outcome(dispute_outcome?.outcome_code) ?? stands) : stands,
      rawStatus: status ?? "",
      captureId: disputed_transactions?.[0]?.seller_transaction_id ?? undefined,
      amount: W.fromAmount(dispute_amount),
      reason: reason ?? undefined,
      respondBy: due == null ? undefined : moment(due)
    }
  }
})

const paymentToken = (status: "ACTIVE" | "INACTIVE", rawStatus: string): Meaning =>
  meaning(PaymentToken, ({ customer, id }) => ({
    _tag: "PaymentMethod",
    paymentMethod: { paymentMethodId: id, status, rawStatus, customerId: customer?.id ?? undefined }
  }))

/** `transaction_enum`. */
const payoutStatus = table<OperationStatus>({
  SUCCESS: "SUCCEEDED",
  FAILED: "FAILED",
  PENDING: "PENDING",
  UNCLAIMED: "PENDING",
  ONHOLD: "PENDING",
  RETURNED: "FAILED",
  BLOCKED: "FAILED",
  REFUNDED: "FAILED",
  REVERSED: "FAILED"
})
const payout = meaning(PayoutItem, ({ errors, payout_item, payout_item_id, transaction_status }) => {
  const amount = payout_item?.amount
  return {
    _tag: "Payout",
    payout: {
      payoutId: payout_item_id,
      status: payoutStatus(transaction_status) ?? "UNRECOGNIZED",
      rawStatus: transaction_status ?? "",
      reference: payout_item?.sender_item_id ?? undefined,
      amount: amount == null ? undefined : W.fromAmount({ currency_code: amount.currency, value: amount.value }),
      failureReason: errors?.message ?? undefined
    }
  }
})

/** `event_type` (developer.paypal.com/api/rest/webhooks/event-names). Those of the first version's payments are not here. */
const byType = table<Meaning>({
  "CHECKOUT.ORDER.SAVED": order,
  "CHECKOUT.ORDER.APPROVED": order,
  "CHECKOUT.ORDER.PROCESSED": order,
  "CHECKOUT.ORDER.COMPLETED": order,
  "CHECKOUT.ORDER.VOIDED": order,
  "PAYMENT.AUTHORIZATION.CREATED": authorization,
  "PAYMENT.AUTHORIZATION.VOIDED": authorization,
  "PAYMENT.CAPTURE.COMPLETED": capture,
  "PAYMENT.CAPTURE.DECLINED": capture,
  "PAYMENT.CAPTURE.DENIED": capture,
  "PAYMENT.CAPTURE.PENDING": capture,
  // what is given back of a capture is an object of its own, whoever gives it back
  "PAYMENT.CAPTURE.REFUNDED": refund,
  "PAYMENT.CAPTURE.REVERSED": refund,
  "PAYMENT.REFUND.PENDING": refund,
  "PAYMENT.REFUND.FAILED": refund,
  "CUSTOMER.DISPUTE.CREATED": dispute,
  "CUSTOMER.DISPUTE.UPDATED": dispute,
  "CUSTOMER.DISPUTE.RESOLVED": dispute,
  "VAULT.PAYMENT-TOKEN.CREATED": paymentToken("ACTIVE", "CREATED"),
  "VAULT.PAYMENT-TOKEN.DELETION-INITIATED": paymentToken("INACTIVE", "DELETION-INITIATED"),
  "VAULT.PAYMENT-TOKEN.DELETED": paymentToken("INACTIVE", "DELETED"),
  "PAYMENT.PAYOUTS-ITEM.SUCCEEDED": payout,
  "PAYMENT.PAYOUTS-ITEM.FAILED": payout,
  "PAYMENT.PAYOUTS-ITEM.DENIED": payout,
  "PAYMENT.PAYOUTS-ITEM.CANCELED": payout,
  "PAYMENT.PAYOUTS-ITEM.BLOCKED": payout,
  "PAYMENT.PAYOUTS-ITEM.HELD": payout,
  "PAYMENT.PAYOUTS-ITEM.RETURNED": payout,
  "PAYMENT.PAYOUTS-ITEM.REFUNDED": payout,
  "PAYMENT.PAYOUTS-ITEM.UNCLAIMED": payout
})

/** An authorization of the first version has a `state` where ours has a `status`: its payment is none of ours. */
const isOfFirstVersion = (() => {
  const read = reader(Schema.Struct({ state: Schema.String, status: Schema.optional(Schema.Never) }))
  return (resource: unknown) => read(resource) !== undefined
})()

/** What an event is about. */
export const toSubject = (type: string, resource: unknown): ReturnType<Meaning> =>
  isOfFirstVersion(resource) ? undefined : byType(type)?.(resource)
