import * as Schema from "effect/Schema"
import { Amount } from "./Amount.ts"
import type { Money } from "./Money.ts"
import { Capture, Payment } from "./Payment.ts"
import { Refund } from "./Refund.ts"
import { ProcessorId, Reference, State } from "./Text.ts"
import { Attempt } from "./Write.ts"

/** A payment, capture or refund, told apart by `_tag`. */
export const Found = Schema.Union([
  Schema.TaggedStruct("Payment", { payment: Payment }),
  Schema.TaggedStruct("Capture", { capture: Capture }),
  Schema.TaggedStruct("Refund", { refund: Refund })
])
/** A payment, capture or refund, told apart by `_tag`. */
export type Found = typeof Found.Type

/** What was found was for this much; for a payment, what was reserved of it, whatever was taken of that since. */
export const amountOf = (found: Found): Money | undefined =>
  found._tag === "Payment"
    ? (found.payment.amountAuthorized ?? found.payment.amount)
    : found._tag === "Capture"
      ? found.capture.amount
      : found.refund.amount

/**
 * What Settle needs to find out what became of a write. A caller hands it back as it is. `attempt` is 1 if absent.
 * `lastSentAt` is when it was last sent, at the latest: only long enough after it does not finding the write prove anything.
 * Who has nothing but the reference may leave the times out: then the write is found where the processor can be asked for
 * it, and never absent.
 */
export const Unsettled = Schema.Struct({
  flow: Schema.String.check(
    Schema.isPattern(/^[a-z]+\.[a-zA-Z]+$/, { expected: "a flow's name, such as payment.authorize" })
  ),
  reference: Reference,
  attempt: Schema.optional(Attempt),
  paymentId: Schema.optional(ProcessorId),
  amount: Schema.optional(Amount),
  firstSentAt: Schema.optional(Schema.DateTimeUtcFromDate),
  lastSentAt: Schema.optional(Schema.DateTimeUtcFromDate),
  state: Schema.optional(State)
})
/** What Settle needs to find out what became of a write. */
export interface Unsettled extends Schema.Schema.Type<typeof Unsettled> {}

/** The write in question. */
export const SettleRequest = Schema.Struct({ unsettled: Unsettled })
/** The write in question. */
export interface SettleRequest extends Schema.Schema.Type<typeof SettleRequest> {}

/** What became of a write, told apart by `_tag`. */
export const Settlement = Schema.Union([
  Schema.TaggedStruct("Taken", { found: Found }),
  Schema.TaggedStruct("NotTaken", { evidence: Schema.String }),
  Schema.TaggedStruct("StillUnknown", { retryAfter: Schema.optional(Schema.Duration), awaitWebhook: Schema.Boolean })
])
/** Taken: the processor has it. NotTaken: it has not and never will. StillUnknown: ask again later. */
export type Settlement = typeof Settlement.Type
