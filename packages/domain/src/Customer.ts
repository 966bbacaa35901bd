import * as Schema from "effect/Schema"
import { line, ProcessorId, wellFormed } from "./Text.ts"

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
      Schema.isPattern(/^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,190}$/u, { expected: "an e-mail address" }),
      wellFormed
    )
  ),
  phone: Schema.optional(Phone),
  givenName: Schema.optional(line(100)),
  familyName: Schema.optional(line(100))
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

/** Lengths that a screen or a clock can have. */
const count = (maximum: number) =>
  Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }, { expected: `0 to ${maximum}` }))

/** The payer's browser, as EMV 3-D Secure wants it described. Pixels, bits, and minutes behind UTC. */
export const Browser = Schema.Struct({
  userAgent: line(2048),
  acceptHeader: line(2048),
  language: line(35),
  colorDepth: count(48),
  screenHeight: count(999_999),
  screenWidth: count(999_999),
  timeZoneOffset: Schema.Int.check(
    Schema.isBetween({ minimum: -840, maximum: 840 }, { expected: "-840 to 840 minutes" })
  ),
  javaEnabled: Schema.Boolean,
  ipAddress: Schema.optional(
    Schema.String.check(Schema.isPattern(/^[0-9A-Fa-f:.]{2,45}$/, { expected: "an IPv4 or IPv6 address" }))
  )
})
/** The payer's browser. */
export interface Browser extends Schema.Schema.Type<typeof Browser> {}
