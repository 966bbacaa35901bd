import * as Schema from "effect/Schema"

/** What a check of something given said. */
export const CheckResult = Schema.Literals(["MATCH", "NO_MATCH", "UNAVAILABLE", "UNCHECKED"])
/** What a check of something given said. */
export type CheckResult = typeof CheckResult.Type

/** Address verification (AVS) and card verification code (CVC) results, and the networks' letters for them. */
export const CardChecks = Schema.Struct({
  addressLine: Schema.optional(CheckResult),
  postalCode: Schema.optional(CheckResult),
  cvc: Schema.optional(CheckResult),
  avsCode: Schema.optional(Schema.String),
  cvcCode: Schema.optional(Schema.String)
})
/** Address verification (AVS) and card verification code (CVC) results. */
export interface CardChecks extends Schema.Schema.Type<typeof CardChecks> {}

/** AVS letters by address line and postal code: Y both, A address only, Z postal code only, N neither, U unavailable. */
const avs: Readonly<Record<string, string>> = {
  "MATCH MATCH": "Y",
  "MATCH NO_MATCH": "A",
  "NO_MATCH MATCH": "Z",
  "NO_MATCH NO_MATCH": "N",
  "UNAVAILABLE UNAVAILABLE": "U"
}
const cvcLetter: Readonly<Record<CheckResult, string>> = { MATCH: "M", NO_MATCH: "N", UNAVAILABLE: "U", UNCHECKED: "P" }

/** Checks with the letters that follow from them; undefined when nothing was said. */
export const cardChecks = (checks: {
  readonly addressLine: CheckResult | undefined
  readonly postalCode: CheckResult | undefined
  readonly cvc: CheckResult | undefined
}): CardChecks | undefined =>
  checks.addressLine === undefined && checks.postalCode === undefined && checks.cvc === undefined
    ? undefined
    : {
        ...checks,
        avsCode: avs[`${checks.addressLine} ${checks.postalCode}`],
        cvcCode: checks.cvc && cvcLetter[checks.cvc]
      }
