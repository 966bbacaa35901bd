import { type Decline, type DeclineCode, decline } from "@connector-service/domain/Decline"
import { table } from "../Table.ts"
import type { Payment } from "./wire.ts"

/** `refusalReasonCode`, `refusalReason` and what they mean (docs.adyen.com/development-resources/refusal-reasons). */
const reasons: ReadonlyArray<readonly [code: string, words: string, meaning: DeclineCode]> = [
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
const meanings = table(Object.fromEntries(reasons.map(([code, , meaning]) => [code, meaning])))
/** A webhook tells the words alone. */
const codeByWords = table(Object.fromEntries(reasons.map(([code, words]) => [words.toLowerCase(), code])))

const hard = { kind: "HARD", action: "DO_NOT_RETRY" } as const
const later = { kind: "SOFT", action: "RETRY_LATER" } as const
/** What a merchant advice code says to do, over what the refusal alone would (docs.adyen.com, "Raw responses"). */
const advice = table<Pick<Decline, "kind" | "action">>({
  // new account information is available
  "01": { kind: "SOFT", action: "CORRECT_DETAILS" },
  // cannot approve at this time, try again later
  "02": later,
  // do not try again
  "03": hard,
  // the payer stopped these payments
  "21": hard,
  // try again after an hour, a day, 2, 4, 6, 8 or 10 days
  "24": later,
  "25": later,
  "26": later,
  "27": later,
  "28": later,
  "29": later,
  "30": later
})

/** The code that a raw text begins with: "05 : Do not honor". */
const codeOf = (raw: string | null | undefined): string | undefined => /^([0-9A-Z]{1,3})\s*(?::|$)/.exec(raw ?? "")?.[1]

/** Why Adyen, or the issuer through it, refused. */
export const toDecline = ({
  additionalData,
  refusalReason,
  refusalReasonCode
}: Pick<Payment, "additionalData" | "refusalReason" | "refusalReasonCode">): Decline => {
  const networkAdviceCode = codeOf(additionalData?.merchantAdviceCode)
  const rawCode = refusalReasonCode ?? codeByWords(refusalReason?.toLowerCase()) ?? ""
  return {
    ...decline(meanings(rawCode), {
      rawCode,
      rawMessage: refusalReason ?? undefined,
      networkDeclineCode: codeOf(additionalData?.refusalReasonRaw),
      networkAdviceCode
    }),
    ...advice(networkAdviceCode)
  }
}
