import { corrected } from "@connector-service/conformance/Errata"
import { specsAvailable, specsDir } from "@connector-service/conformance/Specs"
import { toChecks } from "@connector-service/connectors/paypal/checks"
import { toDecline, toRefusal } from "@connector-service/connectors/paypal/declines"
import type { CheckResult } from "@connector-service/domain/CardChecks"
import { type DeclineCode, declines } from "@connector-service/domain/Decline"
import { describe, expect, it } from "vitest"

const present = specsAvailable()
if (!present) console.warn(`Skipped: no published specifications in ${specsDir()} (set SPECS_DIR)`)

/**
 * github.com/paypal/PayPal-PHP-Server-SDK, doc/models/processor-response-code.md: every code, by what its name there
 * says in our words.
 */
const published: Readonly<Partial<Record<DeclineCode, string>>> = {
  AUTHENTICATION_FAILED: "7700 7710 PPD3 PPTE PPTR PPTV",
  AUTHENTICATION_REQUIRED: "5650 PCNR",
  BLOCKED: "PPRN",
  CALL_ISSUER: "0100 9530",
  CARD_NOT_SUPPORTED: "7800 PPAE PPCO PPCT PPDI PPMC PPPM",
  CURRENCY_NOT_SUPPORTED: "1320 PPCU PPUC PPVC",
  DO_NOT_HONOR: "0000 0500 10BR 5100 7600 9540 9600 PPAR PPDV PPSD PPSE",
  DUPLICATE_TRANSACTION: "5200",
  EXPIRED_CARD: "5400 PPEF",
  INCORRECT_ADDRESS: "5170 5190 PPAD PPAV",
  INCORRECT_CVC: "00N7 1382 5110 PCVV PPC2",
  INCORRECT_PIN: "0890 5130 5500 7900",
  INSUFFICIENT_FUNDS: "1000 5120",
  INVALID_ACCOUNT: "0390 1330 1335 5140 5930 5950 6300 PP06 PPFI",
  INVALID_AMOUNT: "1310 PPAI",
  INVALID_EXPIRY: "1380 PPEX",
  INVALID_NUMBER: "5900",
  ISSUER_UNAVAILABLE: "5910 5920",
  LIMIT_EXCEEDED: "5710 PPAX PPDT PPEL PPNL",
  LOST_CARD: "9520",
  PICK_UP_CARD: "5150",
  PIN_TRIES_EXCEEDED: "5135",
  PROCESSING_ERROR: [
    "0800 0880 0960 1300 1317 1340 1360 1370 1384 1390 5800 8000 8010 8020 8100 8110 8220 PPCE PPCR PPER PPFE PPFV",
    "PPGR PPH1 PPIF PPII PPIM PPIT PPLR PPLS PPMB PPMD PPNM PPNT PPPH PPRE PPRF PPRR PPS0 PPS1 PPS2 PPS3 PPS4 PPS5 PPS6",
    "PPTF PPTI PPVE"
  ].join(" "),
  RESTRICTED_CARD: "1352 5180 PPAB PPFR",
  STOPPED_BY_PAYER: "0R00",
  SUSPECTED_FRAUD: "9500 PPSC",
  TRANSACTION_NOT_PERMITTED: [
    "0580 1312 1350 1393 5160 5210 5700 8030 9510 PPAG PPAU PPBG PPDC PPNC PPPI PPQC PPTT PPUA PPUE PPUI PPUP PPUR PPVT"
  ].join(" "),
  TRY_AGAIN_LATER: "9100"
}
const codes = Object.entries(published).flatMap(([code, all]) =>
  // the keys are DeclineCodes: the table says so
  all.split(" ").map((rawCode) => [rawCode, code as DeclineCode] as const)
)

describe("PayPal's processor response codes", () => {
  it.each(codes.filter(([rawCode]) => rawCode !== "5910"))("%s is %s", (response_code, code) => {
    const { action, kind, payerMessage } = declines[code]
    expect(toDecline({ response_code }, "DECLINED")).toEqual({
      code,
      kind,
      action,
      payerMessage,
      rawCode: response_code
    })
  })

  it("5910, ISSUER_NOT_AVAILABLE_NOT_RETRIABLE, is not to be tried again", () => {
    expect(toDecline({ response_code: "5910" }, "DECLINED")).toMatchObject({
      code: "ISSUER_UNAVAILABLE",
      kind: "HARD",
      action: "OTHER_PAYMENT_METHOD"
    })
  })

  it.skipIf(!present)("are all that the published file lists", () => {
    const { components } = corrected("paypal/checkout_orders_v2.json") as {
      readonly components: {
        readonly schemas: {
          readonly processor_response: {
            readonly properties: { readonly response_code: { readonly enum: ReadonlyArray<string> } }
          }
        }
      }
    }
    const listed = components.schemas.processor_response.properties.response_code.enum
    expect(codes.map(([rawCode]) => rawCode).toSorted()).toEqual(listed.toSorted())
  })

  // github.com/paypal/PayPal-PHP-Server-SDK, doc/models/payment-advice-code.md
  it.each([
    ["01", "SOFT", "CORRECT_DETAILS"],
    // of Mastercard to be tried again, of Visa never: what the code says stands
    ["02", "SOFT", "CONTACT_ISSUER"],
    ["03", "HARD", "DO_NOT_RETRY"],
    ["04", "SOFT", "CONTACT_ISSUER"],
    ["21", "HARD", "DO_NOT_RETRY"],
    ["22", "SOFT", "CONTACT_ISSUER"],
    ["24", "SOFT", "RETRY_LATER"],
    ["30", "SOFT", "RETRY_LATER"],
    ["40", "SOFT", "CONTACT_ISSUER"],
    ["99", "SOFT", "CONTACT_ISSUER"]
  ])("the advice %s makes a refusal %s, %s", (payment_advice_code, kind, action) => {
    expect(toDecline({ response_code: "5100", payment_advice_code }, "DECLINED")).toMatchObject({
      code: "DO_NOT_HONOR",
      kind,
      action,
      networkAdviceCode: payment_advice_code
    })
  })
})

describe("PayPal's errors that refuse a payment", () => {
  // the published files, 422, by the words beside each issue
  it.each([
    ["BILLING_ADDRESS_INVALID", "INCORRECT_ADDRESS"],
    ["CARD_BRAND_NOT_SUPPORTED", "CARD_NOT_SUPPORTED"],
    ["CARD_EXPIRED", "EXPIRED_CARD"],
    ["COMPLIANCE_VIOLATION", "TRANSACTION_NOT_PERMITTED"],
    ["INSTRUMENT_DECLINED", "DO_NOT_HONOR"],
    ["INVALID_EXPIRY_DATE", "INVALID_EXPIRY"],
    ["INVALID_SECURITY_CODE_LENGTH", "INCORRECT_CVC"],
    ["MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED", "LIMIT_EXCEEDED"],
    ["PAYEE_BLOCKED_TRANSACTION", "BLOCKED"],
    ["PAYER_ACCOUNT_RESTRICTED", "INVALID_ACCOUNT"],
    ["PAYER_CANNOT_PAY", "TRANSACTION_NOT_PERMITTED"],
    ["PAYMENT_SOURCE_DECLINED_BY_PROCESSOR", "DO_NOT_HONOR"],
    ["PAYMENT_SOURCE_INFO_CANNOT_BE_VERIFIED", "INCORRECT_ADDRESS"],
    ["TRANSACTION_LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    ["TRANSACTION_REFUSED", "DO_NOT_HONOR"]
  ])("%s is %s", (issue, code) => {
    expect(toRefusal(issue, "as PayPal says")).toMatchObject({ code, rawCode: issue, rawMessage: "as PayPal says" })
  })

  it.each(["AMOUNT_MISMATCH", "INVALID_CURRENCY_CODE", "constructor", ""])("%s is none", (issue) => {
    expect(toRefusal(issue, undefined)).toBeUndefined()
  })
})

describe("PayPal's card checks", () => {
  const both = (result: CheckResult) => ({ addressLine: result, postalCode: result })
  // developer.paypal.com/api/nvp-soap/AVSResponseCodes: matched details
  it.each([
    ...["A", "B"].map((code) => [code, { addressLine: "MATCH", postalCode: "NO_MATCH", avsCode: "A" }] as const),
    ...["P", "W", "Z"].map((code) => [code, { addressLine: "NO_MATCH", postalCode: "MATCH", avsCode: "Z" }] as const),
    ...["D", "F", "M", "X", "Y", "0"].map((code) => [code, { ...both("MATCH"), avsCode: "Y" }] as const),
    ...["C", "N", "1"].map((code) => [code, { ...both("NO_MATCH"), avsCode: "N" }] as const),
    ...["E", "G", "I", "R", "S", "U", "4", "Null"].map(
      (code) => [code, { ...both("UNAVAILABLE"), avsCode: "U" }] as const
    ),
    ["3", both("UNCHECKED")] as const
  ])("the address code %s", (avs_code, checks) => {
    expect(toChecks({ avs_code })).toEqual(checks)
  })

  // github.com/paypal/PayPal-PHP-Server-SDK, doc/models/cvv-code.md
  it.each([
    ...["M", "0"].map((code) => [code, "MATCH", "M"] as const),
    ...["N", "1"].map((code) => [code, "NO_MATCH", "N"] as const),
    ...["P", "2", "3"].map((code) => [code, "UNCHECKED", "P"] as const),
    ...["E", "I", "S", "U", "X", "4", "All others"].map((code) => [code, "UNAVAILABLE", "U"] as const)
  ])("the verification code %s is %s", (cvv_code, cvc, cvcCode) => {
    expect(toChecks({ cvv_code })).toEqual({ cvc, cvcCode })
  })

  it.each(["2", "Q", "constructor", undefined])("%s says nothing", (code) => {
    expect(toChecks({ avs_code: code })).toBeUndefined()
  })
})
