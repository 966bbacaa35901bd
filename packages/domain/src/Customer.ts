import { Schema } from "effect"
import { line, ProcessorId } from "./Text.ts"

/** A postal address. */
export const Address = Schema.Struct({
  line1: Schema.optional(line(200)),
  line2: Schema.optional(line(200)),
  city: Schema.optional(line(100)),
  region: Schema.optional(line(100)),
  postalCode: Schema.optional(line(20)),
  countryCode: Schema.optional(
    Schema.String.check(
      Schema.isPattern(/^[A-Z]{2}$/, { expected: "an ISO 3166-1 alpha-2 code in upper case, such as NL" })
    )
  )
})
/** A postal address. */
export interface Address extends Schema.Schema.Type<typeof Address> {}

const Phone = Schema.String.check(Schema.isPattern(/^\+[1-9]\d{4,14}$/, { expected: "E.164, such as +31201234567" }))

/** Who pays. */
export const Customer = Schema.Struct({
  id: Schema.optional(ProcessorId),
  name: Schema.optional(line(200)),
  email: Schema.optional(
    Schema.String.check(
      Schema.isPattern(/^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,190}$/u, { expected: "an e-mail address" })
    )
  ),
  phone: Schema.optional(Phone)
})
/** Who pays. */
export interface Customer extends Schema.Schema.Type<typeof Customer> {}

/** Where goods are sent. */
export const Shipping = Schema.Struct({
  name: line(200),
  address: Address,
  phone: Schema.optional(Phone),
  carrier: Schema.optional(line(100)),
  trackingNumber: Schema.optional(line(100))
})
/** Where goods are sent. */
export interface Shipping extends Schema.Schema.Type<typeof Shipping> {}
