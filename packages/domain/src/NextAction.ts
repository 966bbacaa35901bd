import * as Schema from "effect/Schema"
import { secret } from "./Text.ts"

/** Send the payer's browser to a page of the processor or the issuer; `fields` are posted with it. */
export const Redirect = Schema.TaggedStruct("Redirect", {
  method: Schema.Literals(["GET", "POST"]),
  url: Schema.String,
  fields: Schema.Record(Schema.String, Schema.String)
})
/** Let the processor's own client library do the step, with this secret. */
export const ClientSdk = Schema.TaggedStruct("ClientSdk", { clientSecret: secret(Schema.String, "client secret") })

/**
 * Run a step of EMV 3-D Secure 2 in the payer's browser: post `fields` to `url` in an iframe, hidden for a fingerprint.
 * `token` is the step as the processor's own browser library takes it; without `url` only that library can do it.
 */
export const Challenge = Schema.TaggedStruct("Challenge", {
  step: Schema.Literals(["FINGERPRINT", "CHALLENGE"]),
  url: Schema.optional(Schema.String),
  fields: Schema.Record(Schema.String, Schema.String),
  token: Schema.optional(secret(Schema.String, "challenge token"))
})
/** Wait: the payer is asked in an app until `expiresAt`, and the processor's webhook tells how it ended. */
export const Wait = Schema.TaggedStruct("Wait", { expiresAt: Schema.optional(Schema.DateTimeUtcFromDate) })
/** Show a QR code that encodes `data`; a payer who is already on the phone goes to `url` instead. */
export const QrCode = Schema.TaggedStruct("QrCode", {
  data: Schema.String,
  url: Schema.optional(Schema.String),
  expiresAt: Schema.optional(Schema.DateTimeUtcFromDate)
})

/**
 * What has to happen before the payment goes on, told apart by `_tag`. It is for the payer's browser: who has it can go
 * on in the payer's place, so it is not to be logged; what is for a library's eyes only is redacted.
 */
export const NextAction = Schema.Union([Redirect, ClientSdk, Challenge, Wait, QrCode])
/** What has to happen before the payment goes on, told apart by `_tag`. */
export type NextAction = typeof NextAction.Type
