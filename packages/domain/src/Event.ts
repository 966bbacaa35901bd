import * as Schema from "effect/Schema"
import { Dispute } from "./Dispute.ts"
import { KeptPaymentMethod } from "./KeptPaymentMethod.ts"
import { Mandate } from "./Mandate.ts"
import { Capture, Payment } from "./Payment.ts"
import { Payout } from "./Payout.ts"
import { Refund } from "./Refund.ts"

/** What every event carries beside what it is about. */
export const occurrence = {
  /** The processor's event id, or what its documentation tells repeated events apart by; the same each time it is sent. */
  id: Schema.String,
  /** The processor's own word for what happened. */
  rawType: Schema.String,
  occurredAt: Schema.DateTimeUtcFromDate,
  /** The account that it happened at, as the processor names it; absent where it does not. */
  account: Schema.optional(Schema.String),
  /** Absent where the processor does not tell. */
  environment: Schema.optional(Schema.Literals(["live", "sandbox"]))
}
/** What every event carries beside what it is about. */
export type Occurrence = Schema.Struct.Type<typeof occurrence>

/**
 * What a verified webhook means, told apart by `_tag`: the values that the flows answer with. `Other` is an event that
 * means nothing to them, or (with `problem`, a sentence) one that should and is not what the processor documents; `raw`
 * is its JSON text.
 */
export const Event = Schema.Union([
  Schema.TaggedStruct("Payment", { ...occurrence, payment: Payment }),
  Schema.TaggedStruct("Refund", { ...occurrence, refund: Refund }),
  Schema.TaggedStruct("Capture", { ...occurrence, capture: Capture }),
  Schema.TaggedStruct("Dispute", { ...occurrence, dispute: Dispute }),
  Schema.TaggedStruct("Mandate", { ...occurrence, mandate: Mandate }),
  Schema.TaggedStruct("Payout", { ...occurrence, payout: Payout }),
  Schema.TaggedStruct("PaymentMethod", { ...occurrence, paymentMethod: KeptPaymentMethod }),
  Schema.TaggedStruct("Other", { ...occurrence, problem: Schema.optional(Schema.String), raw: Schema.String })
])
/** What a verified webhook means, told apart by `_tag`. */
export type Event = typeof Event.Type

type About<E> = E extends unknown ? Omit<E, keyof Occurrence> : never
/** What an event is about: its tag and value. */
export type Subject = About<Event>
