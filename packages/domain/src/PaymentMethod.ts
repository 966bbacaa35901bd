import { Schema } from "effect"
import { Card, NetworkToken } from "./Card.ts"
import { ProcessorId } from "./Text.ts"

/** A payment method kept at the processor. */
export const SavedPaymentMethod = Schema.TaggedStruct("SavedPaymentMethod", { id: ProcessorId })
/** A payment method kept at the processor. */
export interface SavedPaymentMethod extends Schema.Schema.Type<typeof SavedPaymentMethod> {}

/** How the payer pays, told apart by `_tag`. */
export const PaymentMethod = Schema.Union([Card, NetworkToken, SavedPaymentMethod])
/** How the payer pays, told apart by `_tag`. */
export type PaymentMethod = typeof PaymentMethod.Type

/** The tags of all payment methods. */
export const paymentMethodTags = ["Card", "NetworkToken", "SavedPaymentMethod"] as const satisfies ReadonlyArray<
  PaymentMethod["_tag"]
>
