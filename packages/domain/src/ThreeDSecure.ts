import * as Schema from "effect/Schema"
import { cryptogram, eci } from "./Card.ts"
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

/** The letter of each in EMV 3-D Secure's messages, as processors take it. */
export const transStatus = {
  AUTHENTICATED: "Y",
  ATTEMPTED: "A",
  NOT_AUTHENTICATED: "N",
  UNAVAILABLE: "U",
  REJECTED: "R",
  INFORMATIONAL: "I",
  CHALLENGE: "C"
} as const satisfies Readonly<Record<ThreeDSecureStatus, string>>

/** The result of an authentication done elsewhere, brought along. */
export const ThreeDSecureResult = Schema.Struct({
  version: Schema.String.check(
    Schema.isPattern(/^[12](?:\.\d){1,2}$/, { expected: "a protocol version, such as 2.2.0" })
  ),
  cryptogram,
  transactionId: line(128),
  eci,
  status: ThreeDSecureStatus
})
/** The result of an authentication done elsewhere, brought along. */
export interface ThreeDSecureResult extends Schema.Schema.Type<typeof ThreeDSecureResult> {}

/** Whether the processor should run 3-D Secure. */
export const ThreeDSecureRequest = Schema.Literals(["IF_REQUIRED", "ALWAYS", "CHALLENGE"])
/** Whether the processor should run 3-D Secure. */
export type ThreeDSecureRequest = typeof ThreeDSecureRequest.Type
