import * as Schema from "effect/Schema"

/** Whether a mandate can be charged. */
export const MandateStatus = Schema.Literals(["PENDING", "ACTIVE", "INACTIVE", "UNRECOGNIZED"])
/** Whether a mandate can be charged. */
export type MandateStatus = typeof MandateStatus.Type

/** The payer's standing permission, as the processor tells it now. */
export const Mandate = Schema.Struct({
  mandateId: Schema.String,
  status: MandateStatus,
  rawStatus: Schema.String,
  paymentMethodId: Schema.optional(Schema.String)
})
/** The payer's standing permission, as the processor tells it now. */
export interface Mandate extends Schema.Schema.Type<typeof Mandate> {}
