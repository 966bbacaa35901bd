import * as Schema from "effect/Schema"
import { AnyAmount } from "./Amount.ts"

/**
 * Where a dispute stands. OPEN: nothing is asked of the merchant now. NEEDS_RESPONSE: he should answer, or accept.
 * CLOSED: over, and the processor does not say for whom.
 */
export const DisputeStatus = Schema.Literals([
  "OPEN",
  "NEEDS_RESPONSE",
  "UNDER_REVIEW",
  "WON",
  "LOST",
  "CLOSED",
  "UNRECOGNIZED"
])
/** Where a dispute stands. */
export type DisputeStatus = typeof DisputeStatus.Type

/** A payer's objection to a payment. `reason` is the processor's or the network's own code; `respondBy` when an answer is due. */
export const Dispute = Schema.Struct({
  disputeId: Schema.String,
  status: DisputeStatus,
  rawStatus: Schema.String,
  paymentId: Schema.optional(Schema.String),
  captureId: Schema.optional(Schema.String),
  amount: Schema.optional(AnyAmount),
  reason: Schema.optional(Schema.String),
  respondBy: Schema.optional(Schema.DateTimeUtcFromDate)
})
/** A payer's objection to a payment. */
export interface Dispute extends Schema.Schema.Type<typeof Dispute> {}
