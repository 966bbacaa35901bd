import { type CardChecks, type CheckResult, cardChecks } from "@connector-service/domain/CardChecks"
import { table } from "../Table.ts"
import type { ProcessorResponse } from "./wire.ts"

type Address = readonly [addressLine: CheckResult, postalCode: CheckResult]
const both: Address = ["MATCH", "MATCH"]
const lineOnly: Address = ["MATCH", "NO_MATCH"]
const postalCodeOnly: Address = ["NO_MATCH", "MATCH"]
const neither: Address = ["NO_MATCH", "NO_MATCH"]
const unavailable: Address = ["UNAVAILABLE", "UNAVAILABLE"]

/** `avs_code`: the networks' letters, and Maestro's digits (developer.paypal.com/api/nvp-soap/AVSResponseCodes). */
const avs = table<Address>({
  A: lineOnly,
  B: lineOnly,
  C: neither,
  D: both,
  E: unavailable,
  F: both,
  G: unavailable,
  I: unavailable,
  M: both,
  N: neither,
  P: postalCodeOnly,
  R: unavailable,
  S: unavailable,
  U: unavailable,
  W: postalCodeOnly,
  X: both,
  Y: both,
  Z: postalCodeOnly,
  Null: unavailable,
  0: both,
  1: neither,
  // 2 is a match of a part, and does not say of which
  3: ["UNCHECKED", "UNCHECKED"],
  4: unavailable
})

/** `cvv_code` (github.com/paypal/PayPal-PHP-Server-SDK, doc/models/cvv-code.md). */
const cvv = table<CheckResult>({
  E: "UNAVAILABLE",
  I: "UNAVAILABLE",
  M: "MATCH",
  N: "NO_MATCH",
  P: "UNCHECKED",
  S: "UNAVAILABLE",
  U: "UNAVAILABLE",
  X: "UNAVAILABLE",
  "All others": "UNAVAILABLE",
  0: "MATCH",
  1: "NO_MATCH",
  2: "UNCHECKED",
  3: "UNCHECKED",
  4: "UNAVAILABLE"
})

/** What the issuer said of address and verification code. */
export const toChecks = (response: typeof ProcessorResponse.Type | null | undefined): CardChecks | undefined => {
  const [addressLine, postalCode] = avs(response?.avs_code) ?? []
  return cardChecks({ addressLine, postalCode, cvc: cvv(response?.cvv_code) })
}
