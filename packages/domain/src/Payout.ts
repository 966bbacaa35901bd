import * as Schema from "effect/Schema"
import { AnyAmount } from "./Amount.ts"
import { OperationStatus } from "./Payment.ts"

/** Money that the processor pays out, to the merchant's bank or to whom he says, as it tells it now. */
export const Payout = Schema.Struct({
  payoutId: Schema.String,
  status: OperationStatus,
  rawStatus: Schema.String,
  reference: Schema.optional(Schema.String),
  amount: Schema.optional(AnyAmount),
  failureReason: Schema.optional(Schema.String)
})
/** Money that the processor pays out, as it tells it now. */
export interface Payout extends Schema.Schema.Type<typeof Payout> {}
