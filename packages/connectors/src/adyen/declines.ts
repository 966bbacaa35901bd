import { type Decline, type DeclineCode, decline } from "@connector-service/domain/Decline"
import { table } from "../Table.ts"
import type { Payment } from "./wire.ts"

/** `refusalReasonCode` (docs.adyen.com/development-resources/refusal-reasons). */
const codes = table<DeclineCode>({
  // Refused
  2: "DO_NOT_HONOR",
  // Referral
  3: "CALL_ISSUER",
  // Acquirer Error
  4: "PROCESSING_ERROR",
  // Blocked Card
  5: "BLOCKED",
  // Expired Card
  6: "EXPIRED_CARD",
  // Invalid Amount
  7: "INVALID_AMOUNT",
  // Invalid Card Number
  8: "INVALID_NUMBER",
  // Issuer Unavailable
  9: "ISSUER_UNAVAILABLE",
  // Not supported
  10: "TRANSACTION_NOT_PERMITTED",
  // 3D Not Authenticated
  11: "AUTHENTICATION_FAILED",
  // Not enough balance
  12: "INSUFFICIENT_FUNDS",
  // Acquirer Fraud
  14: "SUSPECTED_FRAUD",
  // Cancelled
  15: "TRY_AGAIN_LATER",
  // Shopper Cancelled
  16: "AUTHENTICATION_FAILED",
  // Invalid Pin
  17: "INCORRECT_PIN",
  // Pin tries exceeded
  18: "PIN_TRIES_EXCEEDED",
  // Pin validation not possible
  19: "PROCESSING_ERROR",
  // FRAUD
  20: "SUSPECTED_FRAUD",
  // Not Submitted
  21: "PROCESSING_ERROR",
  // FRAUD-CANCELLED
  22: "SUSPECTED_FRAUD",
  // Transaction Not Permitted
  23: "TRANSACTION_NOT_PERMITTED",
  // CVC Declined
  24: "INCORRECT_CVC",
  // Restricted Card
  25: "RESTRICTED_CARD",
  // Revocation Of Auth
  26: "STOPPED_BY_PAYER",
  // Declined Non Generic
  27: "DO_NOT_HONOR",
  // Withdrawal amount exceeded
  28: "LIMIT_EXCEEDED",
  // Withdrawal count exceeded
  29: "LIMIT_EXCEEDED",
  // Issuer Suspected Fraud
  31: "SUSPECTED_FRAUD",
  // AVS Declined
  32: "INCORRECT_ADDRESS",
  // Card requires online pin
  33: "INCORRECT_PIN",
  // No checking account available on Card
  34: "INVALID_ACCOUNT",
  // No savings account available on Card
  35: "INVALID_ACCOUNT",
  // Mobile pin required
  36: "AUTHENTICATION_REQUIRED",
  // Contactless fallback
  37: "TRY_AGAIN_LATER",
  // Authentication required
  38: "AUTHENTICATION_REQUIRED",
  // RReq not received from DS
  39: "AUTHENTICATION_FAILED",
  // Current AID is in Penalty Box
  40: "ISSUER_UNAVAILABLE",
  // CVM Required Restart Payment
  41: "INCORRECT_PIN",
  // 3DS Authentication Error
  42: "AUTHENTICATION_FAILED",
  // Transaction blocked by Adyen to prevent excessive retry fees
  46: "BLOCKED",
  // Token Revoked
  50: "STOPPED_BY_PAYER"
})

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
  return {
    ...decline(codes(refusalReasonCode), {
      rawCode: refusalReasonCode ?? "",
      rawMessage: refusalReason ?? undefined,
      networkDeclineCode: codeOf(additionalData?.refusalReasonRaw),
      networkAdviceCode
    }),
    ...advice(networkAdviceCode)
  }
}
