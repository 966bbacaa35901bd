import * as Schema from "effect/Schema"

/** A payment method that the processor keeps: `paymentMethodId` pays again while it is ACTIVE. */
export const KeptPaymentMethod = Schema.Struct({
  paymentMethodId: Schema.String,
  status: Schema.Literals(["ACTIVE", "INACTIVE"]),
  rawStatus: Schema.String,
  customerId: Schema.optional(Schema.String)
})
/** A payment method that the processor keeps. */
export interface KeptPaymentMethod extends Schema.Schema.Type<typeof KeptPaymentMethod> {}
