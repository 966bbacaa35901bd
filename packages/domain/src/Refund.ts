import * as Schema from "effect/Schema"
import { Amount, AnyAmount } from "./Amount.ts"
import { Decline } from "./Decline.ts"
import { OperationStatus } from "./Payment.ts"
import { Metadata, ProcessorId, State } from "./Text.ts"
import { write } from "./Write.ts"

/** A refund, as the processor tells it now. */
export const Refund = Schema.Struct({
  refundId: Schema.String,
  status: OperationStatus,
  rawStatus: Schema.String,
  paymentId: Schema.optional(Schema.String),
  reference: Schema.optional(Schema.String),
  amount: Schema.optional(AnyAmount),
  failureReason: Schema.optional(Schema.String),
  decline: Schema.optional(Decline),
  state: State
})
/** A refund, as the processor tells it now. */
export interface Refund extends Schema.Schema.Type<typeof Refund> {}

/** Why money is given back. */
export const RefundReason = Schema.Literals(["REQUESTED_BY_CUSTOMER", "DUPLICATE", "FRAUDULENT"])
/** Why money is given back. */
export type RefundReason = typeof RefundReason.Type

/** A refund to make. */
export const CreateRequest = Schema.Struct({
  ...write,
  paymentId: ProcessorId,
  amount: Amount,
  reason: Schema.optional(RefundReason),
  metadata: Schema.optional(Metadata),
  state: Schema.optional(State)
})
/** A refund to make. */
export interface CreateRequest extends Schema.Schema.Type<typeof CreateRequest> {}

/** A question about a refund. */
export const GetRequest = Schema.Struct({ refundId: ProcessorId, state: Schema.optional(State) })
/** A question about a refund. */
export interface GetRequest extends Schema.Schema.Type<typeof GetRequest> {}
