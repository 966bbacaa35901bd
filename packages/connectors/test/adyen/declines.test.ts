import { toDecline } from "@connector-service/connectors/adyen/declines"
import { type DeclineCode, declines } from "@connector-service/domain/Decline"
import { describe, expect, it } from "vitest"

/**
 * docs.adyen.com/development-resources/refusal-reasons: every code with its words, and by its description what it is in
 * ours. Those from 23 on were read in a second-hand copy of the page, of July 2026.
 */
const published: ReadonlyArray<readonly [rawCode: string, rawMessage: string, code: DeclineCode]> = [
  ["2", "Refused", "DO_NOT_HONOR"],
  ["3", "Referral", "CALL_ISSUER"],
  ["4", "Acquirer Error", "PROCESSING_ERROR"],
  ["5", "Blocked Card", "BLOCKED"],
  ["6", "Expired Card", "EXPIRED_CARD"],
  ["7", "Invalid Amount", "INVALID_AMOUNT"],
  ["8", "Invalid Card Number", "INVALID_NUMBER"],
  ["9", "Issuer Unavailable", "ISSUER_UNAVAILABLE"],
  ["10", "Not supported", "TRANSACTION_NOT_PERMITTED"],
  ["11", "3D Not Authenticated", "AUTHENTICATION_FAILED"],
  ["12", "Not enough balance", "INSUFFICIENT_FUNDS"],
  ["14", "Acquirer Fraud", "SUSPECTED_FRAUD"],
  ["15", "Cancelled", "TRY_AGAIN_LATER"],
  ["16", "Shopper Cancelled", "AUTHENTICATION_FAILED"],
  ["17", "Invalid Pin", "INCORRECT_PIN"],
  ["18", "Pin tries exceeded", "PIN_TRIES_EXCEEDED"],
  ["19", "Pin validation not possible", "PROCESSING_ERROR"],
  ["20", "FRAUD", "SUSPECTED_FRAUD"],
  ["21", "Not Submitted", "PROCESSING_ERROR"],
  ["22", "FRAUD-CANCELLED", "SUSPECTED_FRAUD"],
  ["23", "Transaction Not Permitted", "TRANSACTION_NOT_PERMITTED"],
  ["24", "CVC Declined", "INCORRECT_CVC"],
  ["25", "Restricted Card", "RESTRICTED_CARD"],
  ["26", "Revocation Of Auth", "STOPPED_BY_PAYER"],
  ["27", "Declined Non Generic", "DO_NOT_HONOR"],
  ["28", "Withdrawal amount exceeded", "LIMIT_EXCEEDED"],
  ["29", "Withdrawal count exceeded", "LIMIT_EXCEEDED"],
  ["31", "Issuer Suspected Fraud", "SUSPECTED_FRAUD"],
  ["32", "AVS Declined", "INCORRECT_ADDRESS"],
  ["33", "Card requires online pin", "INCORRECT_PIN"],
  ["34", "No checking account available on Card", "INVALID_ACCOUNT"],
  ["35", "No savings account available on Card", "INVALID_ACCOUNT"],
  ["36", "Mobile pin required", "AUTHENTICATION_REQUIRED"],
  ["37", "Contactless fallback", "TRY_AGAIN_LATER"],
  ["38", "Authentication required", "AUTHENTICATION_REQUIRED"],
  ["39", "RReq not received from DS", "AUTHENTICATION_FAILED"],
  ["40", "Current AID is in Penalty Box", "ISSUER_UNAVAILABLE"],
  ["41", "CVM Required Restart Payment", "INCORRECT_PIN"],
  ["42", "3DS Authentication Error", "AUTHENTICATION_FAILED"],
  ["46", "Transaction blocked by Adyen to prevent excessive retry fees", "BLOCKED"],
  ["50", "Token Revoked", "STOPPED_BY_PAYER"]
]

/** Codes that tell of fraud or of a card that is blocked, which Adyen asks not to reveal to the payer (the same page). */
const discreet = ["5", "14", "20", "22", "31"]

/** Mastercard's merchant advice codes (docs.adyen.com/development-resources/raw-acquirer-responses). */
const advice = [
  ["01", "SOFT", "CORRECT_DETAILS"],
  ["02", "SOFT", "RETRY_LATER"],
  ["03", "HARD", "DO_NOT_RETRY"],
  ["21", "HARD", "DO_NOT_RETRY"],
  ...["24", "25", "26", "27", "28", "29", "30"].map((code) => [code, "SOFT", "RETRY_LATER"] as const)
] as const

describe("Adyen's refusal reasons", () => {
  it.each(published)("%s, %s, is %s", (refusalReasonCode, refusalReason, code) => {
    const { action, kind, payerMessage } = declines[code]
    expect(toDecline({ refusalReasonCode, refusalReason })).toEqual({
      code,
      kind,
      action,
      payerMessage,
      rawCode: refusalReasonCode,
      rawMessage: refusalReason
    })
  })

  it.each(discreet)("%s is told to the payer as any other refusal is", (refusalReasonCode) => {
    expect(toDecline({ refusalReasonCode }).payerMessage).toBe(declines.UNRECOGNIZED.payerMessage)
  })

  it.each(advice)("merchant advice %s makes it %s: %s", (code, kind, action) => {
    const refusal = { refusalReasonCode: "8", additionalData: { merchantAdviceCode: `${code} : Advice` } }
    expect(toDecline(refusal)).toMatchObject({ code: "INVALID_NUMBER", kind, action, networkAdviceCode: code })
  })

  it("merchant advice of a later day changes nothing", () => {
    const { action, kind } = declines.INVALID_NUMBER
    const refusal = { refusalReasonCode: "8", additionalData: { merchantAdviceCode: "99 : Advice" } }
    expect(toDecline(refusal)).toMatchObject({ kind, action, networkAdviceCode: "99" })
  })

  // docs.adyen.com/development-resources/raw-acquirer-responses: with or without spaces and a leading zero
  it.each([
    ["05 : Do not honor", "05"],
    ["51: Insufficient funds", "51"],
    ["N7 : CVV2 mismatch", "N7"],
    ["5", "5"],
    ["Refused", undefined],
    ["", undefined]
  ])("the network's code of %j is %s", (refusalReasonRaw, code) => {
    expect(toDecline({ refusalReasonCode: "2", additionalData: { refusalReasonRaw } }).networkDeclineCode).toBe(code)
  })
})
