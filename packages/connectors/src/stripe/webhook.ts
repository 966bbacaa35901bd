import type { DisputeStatus } from "@connector-service/domain/Dispute"
import type { Event } from "@connector-service/domain/Event"
import type { MandateStatus } from "@connector-service/domain/Mandate"
import type { OperationStatus } from "@connector-service/domain/Payment"
import { type Delivery, parse, reader, text as textOf } from "@connector-service/webhooks/Delivery"
import { eventOf, type Meaning, meaning, moment } from "@connector-service/webhooks/Meaning"
import { timestampedHmac } from "@connector-service/webhooks/Signature"
import * as Webhook from "@connector-service/webhooks/Webhook"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { table } from "../Table.ts"
import { toPayment, toRefund } from "./meaning.ts"
import * as W from "./wire.ts"

const nullish = <S extends Schema.Constraint>(schema: S) => Schema.optional(Schema.NullOr(schema))
const text = nullish(Schema.String)

// ── Wire ─────────────────────────────────────────────────────────────────────

/** An object's id, or the object itself. */
const Expandable = nullish(Schema.Union([Schema.String, Schema.Struct({ id: Schema.String })]))
const idOf = (of: typeof Expandable.Type) => (typeof of === "string" ? of : of?.id)

/** `event`, and the events of the API's second version, which name their object without its content. */
const Frame = Schema.Struct({
  id: Schema.String,
  type: Schema.String,
  // seconds since 1970, or text (docs.stripe.com/api/v2/core/events)
  created: Schema.Union([Schema.Int, Schema.String]),
  livemode: nullish(Schema.Boolean),
  account: text,
  context: text,
  data: nullish(Schema.Struct({ object: Schema.optional(Schema.Unknown) }))
})
const Named = Schema.Struct({ object: Schema.String })
const Routed = Schema.Struct({
  account: text,
  context: text,
  related_object: nullish(Schema.Struct({ id: Schema.String })),
  data: nullish(Schema.Struct({ object: nullish(Schema.Struct({ id: text, payment_intent: Expandable })) }))
})

const Charge = Schema.Struct({
  status: Schema.String,
  amount_captured: Schema.Int,
  currency: Schema.String,
  payment_intent: Expandable
})
const Dispute = Schema.Struct({
  id: Schema.String,
  status: Schema.String,
  amount: Schema.Int,
  currency: Schema.String,
  payment_intent: Expandable,
  reason: text,
  evidence_details: nullish(Schema.Struct({ due_by: nullish(Schema.Int) }))
})
const Mandate = Schema.Struct({ id: Schema.String, status: Schema.String, payment_method: Expandable })
const Payout = Schema.Struct({
  id: Schema.String,
  status: Schema.String,
  amount: Schema.Int,
  currency: Schema.String,
  failure_message: text
})
const PaymentMethod = Schema.Struct({ id: Schema.String, customer: Expandable })

// ── Meaning ──────────────────────────────────────────────────────────────────

const disputeStatus = table<DisputeStatus>({
  warning_needs_response: "NEEDS_RESPONSE",
  warning_under_review: "UNDER_REVIEW",
  warning_closed: "CLOSED",
  needs_response: "NEEDS_RESPONSE",
  under_review: "UNDER_REVIEW",
  won: "WON",
  lost: "LOST",
  // docs.stripe.com/disputes/prevention: refunded before it became a dispute
  prevented: "CLOSED"
})
const mandateStatus = table<MandateStatus>({ active: "ACTIVE", inactive: "INACTIVE", pending: "PENDING" })
const payoutStatus = table<OperationStatus>({
  pending: "PENDING",
  in_transit: "PENDING",
  paid: "SUCCEEDED",
  failed: "FAILED",
  canceled: "CANCELLED"
})

const keptPaymentMethod = (status: "ACTIVE" | "INACTIVE", rawStatus: string): Meaning =>
  meaning(PaymentMethod, ({ customer, id }) => ({
    _tag: "PaymentMethod",
    paymentMethod: { paymentMethodId: id, status, rawStatus, customerId: idOf(customer) }
  }))

/** By the event's type, where that says more than its object (docs.stripe.com/api/events/types). */
const byType = table<Meaning>({
  // of a payment that is captured later; the payment intent's own event tells the same of the payment
  "charge.captured": meaning(Charge, ({ amount_captured, currency, payment_intent, status }) => {
    const paymentId = idOf(payment_intent)
    const amount = W.fromAmount(amount_captured, currency)
    return (
      (paymentId && {
        _tag: "Capture",
        capture: {
          paymentId,
          status: status === "succeeded" ? "SUCCEEDED" : "UNRECOGNIZED",
          rawStatus: status,
          amount,
          amountCaptured: amount,
          paymentStatus: "CAPTURED",
          state: { currency: currency.toUpperCase() }
        }
      }) ||
      undefined
    )
  }),
  "payment_method.attached": keptPaymentMethod("ACTIVE", "attached"),
  "payment_method.automatically_updated": keptPaymentMethod("ACTIVE", "automatically_updated"),
  "payment_method.updated": keptPaymentMethod("ACTIVE", "updated"),
  "payment_method.detached": keptPaymentMethod("INACTIVE", "detached")
})

/** By the object: whatever happened to it, the event shows it as it is now. */
const byObject = table<Meaning>({
  payment_intent: meaning(W.PaymentIntent, (intent) => ({ _tag: "Payment", payment: toPayment(intent) })),
  refund: meaning(W.Refund, (refund) => ({ _tag: "Refund", refund: toRefund(refund) })),
  dispute: meaning(Dispute, ({ amount, currency, evidence_details, id, payment_intent, reason, status }) => ({
    _tag: "Dispute",
    dispute: {
      disputeId: id,
      status: disputeStatus(status) ?? "UNRECOGNIZED",
      rawStatus: status,
      paymentId: idOf(payment_intent),
      amount: W.fromAmount(amount, currency),
      reason: reason ?? undefined,
      respondBy: evidence_details?.due_by == null ? undefined : moment(evidence_details.due_by * 1000)
    }
  })),
  mandate: meaning(Mandate, ({ id, payment_method, status }) => ({
    _tag: "Mandate",
    mandate: {
      mandateId: id,
      status: mandateStatus(status) ?? "UNRECOGNIZED",
      rawStatus: status,
      paymentMethodId: idOf(payment_method)
    }
  })),
  payout: meaning(Payout, ({ amount, currency, failure_message, id, status }) => ({
    _tag: "Payout",
    payout: {
      payoutId: id,
      status: payoutStatus(status) ?? "UNRECOGNIZED",
      rawStatus: status,
      amount: W.fromAmount(amount, currency),
      failureReason: failure_message ?? undefined
    }
  }))
})

const readFrame = reader(Frame)
const readNamed = reader(Named)
const readRouted = reader(Routed)

const toEvent = (body: unknown): Event | undefined => {
  const frame = readFrame(body)
  if (frame === undefined) return undefined
  const { account, context, created, id, livemode, type } = frame
  const occurredAt = moment(typeof created === "number" ? created * 1000 : created)
  if (occurredAt === undefined) return undefined
  const object = frame.data?.object
  const read = byType(type) ?? byObject(readNamed(object)?.object)
  return eventOf(
    {
      id,
      rawType: type,
      occurredAt,
      account: account ?? context ?? undefined,
      environment: livemode == null ? undefined : livemode ? "live" : "sandbox"
    },
    read?.(object),
    body
  )
}

// ── Definition ───────────────────────────────────────────────────────────────

/** An endpoint's signing secret. */
const Secret = Schema.Struct({
  signingSecret: Schema.RedactedFromValue(
    Schema.String.check(
      Schema.isPattern(/^whsec_[\x21-\x7e]{1,250}$/, { expected: "a secret that begins with whsec_" })
    ),
    { label: "signingSecret" }
  )
})

const bodyOf = (delivery: Delivery) => parse(textOf(delivery))

/** Stripe's webhooks: one event each, of the account itself or of one connected to it. */
export const webhook = Webhook.make(Secret, {
  acknowledgement: { status: 200 },
  // docs.stripe.com/webhooks#verify-manually; its libraries allow five minutes
  verify: timestampedHmac({
    header: "stripe-signature",
    tolerance: Duration.minutes(5),
    key: ({ signingSecret }) => signingSecret
  }),
  events: (delivery) => {
    const event = toEvent(bodyOf(delivery))
    return event && [event]
  },
  route: (delivery) => {
    const routed = readRouted(bodyOf(delivery))
    return (
      routed && {
        account: routed.account ?? routed.context ?? undefined,
        objectIds: [
          routed.related_object?.id,
          routed.data?.object?.id,
          idOf(routed.data?.object?.payment_intent)
        ].flatMap((id) => id ?? [])
      }
    )
  }
})
