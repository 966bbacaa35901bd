import { toPayment } from "@connector-service/connectors/adyen/meaning"
import type { CheckResult } from "@connector-service/domain/CardChecks"
import { describe, expect, it } from "vitest"

type Told = CheckResult | undefined

/** docs.adyen.com/point-of-sale/mail-and-telephone-order-moto/avs-responses-pos: each result, and what it tells of the two. */
const avs: ReadonlyArray<readonly [result: string, addressLine: Told, postalCode: Told]> = [
  ["0 Unknown", "UNAVAILABLE", "UNAVAILABLE"],
  ["1 Address matches, postal code doesn't", "MATCH", "NO_MATCH"],
  ["2 Neither postal code nor address match", "NO_MATCH", "NO_MATCH"],
  ["3 AVS unavailable", "UNAVAILABLE", "UNAVAILABLE"],
  ["4 AVS not supported for this card type", "UNAVAILABLE", "UNAVAILABLE"],
  ["5 No AVS data provided", "UNCHECKED", "UNCHECKED"],
  ["6 Postal code matches", undefined, "MATCH"],
  ["7 Both postal code and address match", "MATCH", "MATCH"],
  ["8 Address not checked, postal code unknown", "UNCHECKED", "UNAVAILABLE"],
  ["9 Address matches, postal code unknown", "MATCH", "UNAVAILABLE"],
  ["10 Address doesn't match, postal code unknown", "NO_MATCH", "UNAVAILABLE"],
  ["11 Postal code not checked, address unknown", "UNAVAILABLE", "UNCHECKED"],
  ["12 Address matches, postal code not checked", "MATCH", "UNCHECKED"],
  ["13 Address doesn't match, postal code not checked", "NO_MATCH", "UNCHECKED"],
  ["14 Postal code matches", undefined, "MATCH"],
  ["15 Postal code matches", undefined, "MATCH"],
  ["16 Postal code doesn't match, address unknown", "UNAVAILABLE", "NO_MATCH"],
  ["17 Postal code doesn't match, address not checked", "UNCHECKED", "NO_MATCH"],
  ["18 Neither postal code nor address were checked", "UNCHECKED", "UNCHECKED"],
  ["23 Postal code matches", undefined, "MATCH"],
  ["24 Both postal code and address match", "MATCH", "MATCH"],
  ["25 Address matches", "MATCH", undefined],
  ["26 Neither postal code, address nor name match", "NO_MATCH", "NO_MATCH"]
]

/** docs.adyen.com/development-resources/testing/cvc-cvv-result-testing. */
const cvc: ReadonlyArray<readonly [result: string, cvc: CheckResult]> = [
  ["0 Unknown", "UNAVAILABLE"],
  ["1 Matches", "MATCH"],
  ["2 Doesn't match", "NO_MATCH"],
  ["3 Not checked", "UNCHECKED"],
  ["4 No CVC/CVV provided, but was required", "UNCHECKED"],
  ["5 Issuer not certified for CVC/CVV", "UNAVAILABLE"],
  ["6 No CVC/CVV provided", "UNCHECKED"]
]

const checks = (additionalData: object) =>
  toPayment({ resultCode: "Authorised", additionalData }, { paymentId: "order-1" }).cardChecks

describe("Adyen's card checks", () => {
  it.each(avs)("AVS %s", (avsResult, addressLine, postalCode) => {
    const { avsCode, ...told } = checks({ avsResult }) ?? {}
    expect(told).toEqual({ addressLine, postalCode })
    // a letter stands for both only: Y, A, Z, N and U (the networks' own)
    if (addressLine === undefined || postalCode === undefined) expect(avsCode).toBeUndefined()
  })

  it.each(cvc)("CVC %s", (cvcResult, cvc) => {
    expect(checks({ cvcResult })?.cvc).toBe(cvc)
  })
})
