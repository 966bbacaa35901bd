import { Schema } from "effect"
import { line } from "./Text.ts"

/** EMV 3-D Secure transStatus: Y, A, N, U, R, I, C. */
export const ThreeDSecureStatus = Schema.Literals([
  "AUTHENTICATED",
  "ATTEMPTED",
  "NOT_AUTHENTICATED",
  "UNAVAILABLE",
  "REJECTED",
  "INFORMATIONAL",
  "CHALLENGE"
])
/** EMV 3-D Secure transStatus. */
export type ThreeDSecureStatus = typeof ThreeDSecureStatus.Type

/** The result of an authentication done elsewhere, brought along. */
export const ThreeDSecureResult = Schema.Struct({
  version: Schema.String.check(
    Schema.isPattern(/^[12](?:\.\d){1,2}$/, { expected: "a protocol version, such as 2.2.0" })
  ),
  cryptogram: Schema.RedactedFromValue(
    Schema.String.check(Schema.isPattern(/^[A-Za-z0-9+/=_-]{8,128}$/, { expected: "base64, 8 to 128 characters" })),
    { label: "cryptogram" }
  ),
  transactionId: line(128),
  eci: Schema.optional(Schema.String.check(Schema.isPattern(/^0?\d$/, { expected: "one or two digits, such as 05" }))),
  status: ThreeDSecureStatus
})
/** The result of an authentication done elsewhere, brought along. */
export interface ThreeDSecureResult extends Schema.Schema.Type<typeof ThreeDSecureResult> {}

/** Whether the processor should run 3-D Secure. */
export const ThreeDSecureRequest = Schema.Literals(["IF_REQUIRED", "ALWAYS", "CHALLENGE"])
/** Whether the processor should run 3-D Secure. */
export type ThreeDSecureRequest = typeof ThreeDSecureRequest.Type

/** Send the payer's browser to a page of the processor or the issuer; `fields` are posted with it. */
export const Redirect = Schema.TaggedStruct("Redirect", {
  method: Schema.Literals(["GET", "POST"]),
  url: Schema.String,
  fields: Schema.Record(Schema.String, Schema.String)
})
/** Let the processor's own client library do the step, with this secret. */
export const ClientSdk = Schema.TaggedStruct("ClientSdk", { clientSecret: Schema.String })

/** What has to happen before the payment goes on, told apart by `_tag`. */
export const NextAction = Schema.Union([Redirect, ClientSdk])
/** What has to happen before the payment goes on, told apart by `_tag`. */
export type NextAction = typeof NextAction.Type
