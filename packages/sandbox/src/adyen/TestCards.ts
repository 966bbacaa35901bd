/** What the acquirer says to a test payment. `reason` and `code` are absent where the payment is not refused. */
export interface TestOutcome {
  readonly resultCode: "Authorised" | "Cancelled" | "Error" | "Received" | "Refused"
  readonly code: string
  readonly reason: string
  /** The scheme's own code and text, where the request asks for one. */
  readonly raw: string | undefined
}

type Row = readonly [code: number, holderName: string, reason: string, resultCode?: TestOutcome["resultCode"]]

/**
 * docs.adyen.com/development-resources/testing/result-codes, "Values for testing refusal reasons". 30 (partial approval)
 * is left out: it needs partial authorisation, which this sandbox does not have.
 */
const rows: ReadonlyArray<Row> = [
  [0, "UNKNOWN", "Unknown", "Error"],
  [1, "APPROVED", "", "Authorised"],
  [2, "DECLINED", "Refused"],
  [3, "REFERRAL", "Referral"],
  [4, "ERROR", "Acquirer Error", "Error"],
  [5, "BLOCK_CARD", "Blocked Card"],
  [6, "CARD_EXPIRED", "Expired Card"],
  [7, "INVALID_AMOUNT", "Invalid Amount"],
  [8, "INVALID_CARD_NUMBER", "Invalid Card Number"],
  [9, "ISSUER_UNAVAILABLE", "Issuer Unavailable"],
  [10, "NOT_SUPPORTED", "Not supported"],
  [11, "NOT_3D_AUTHENTICATED", "3D Not Authenticated"],
  [12, "NOT_ENOUGH_BALANCE", "Not enough balance"],
  [13, "PENDING", "", "Received"],
  [14, "ACQUIRER_FRAUD", "Acquirer Fraud"],
  [15, "CANCELLED", "Cancelled"],
  [16, "SHOPPER_CANCELLED", "Shopper Cancelled"],
  [17, "INVALID_PIN", "Invalid Pin"],
  [18, "PIN_TRIES_EXCEEDED", "Pin tries exceeded"],
  [19, "PIN_VALIDATION_NOT_POSSIBLE", "Pin validation not possible"],
  [20, "FRAUD", "FRAUD"],
  [21, "NOT_SUBMITTED", "Not Submitted"],
  [22, "FRAUD_CANCELLED", "FRAUD-CANCELLED", "Cancelled"],
  [23, "TRANSACTION_NOT_PERMITTED", "Transaction Not Permitted"],
  [24, "CVC_DECLINED", "CVC Declined"],
  [25, "RESTRICTED_CARD", "Restricted Card"],
  [26, "REVOCATION_OF_AUTH", "Revocation Of Auth"],
  [27, "DECLINED_NON_GENERIC", "Declined Non Generic"],
  [28, "WITHDRAWAL_AMOUNT_EXCEEDED", "Withdrawal amount exceeded"],
  [29, "WITHDRAWAL_COUNT_EXCEEDED", "Withdrawal count exceeded"],
  [31, "ISSUER_SUSPECTED_FRAUD", "Issuer Suspected Fraud"],
  [32, "AVS_DECLINED", "AVS Declined"],
  [33, "PIN_REQUIRED", "Card requires online pin"],
  [34, "NO_CHECKING_ACCOUNT", "No checking account available on Card"],
  [35, "NO_SAVINGS_ACCOUNT", "No savings account available on Card"],
  [36, "MOBILE_PIN_REQUIRED", "Mobile PIN required"],
  [37, "CONTACTLESS_FALLBACK", "Contactless fallback"],
  [38, "AUTHENTICATION_REQUIRED", "Authentication required"],
  [39, "RREQ_NOT_RECEIVED", "RReq not received from DS"],
  [40, "BAN_CURRENT_AID", "Current AID is in Penalty Box."],
  [41, "CVM_REQUIRED", "CVM Required Restart Payment"],
  [42, "THREED_SECURE_ERROR", "3DS Authentication Error"],
  [46, "ERPS_BLOCK", "Transaction blocked by Adyen to prevent excessive retry fees"]
]

const outcomeOf = ([code, , reason, resultCode = "Refused"]: Row): TestOutcome => ({
  resultCode,
  code: String(code),
  reason,
  raw: undefined
})

const byCode = new Map(rows.map((row) => [String(row[0]), outcomeOf(row)]))
const byHolderName = new Map(rows.map((row) => [row[1], outcomeOf(row)]))

/** The outcome with this refusal code. */
export const refusalOf = (code: string): TestOutcome | undefined => byCode.get(code)

/**
 * The outcome that a request asks for: by `additionalData.RequestedTestAcquirerResponseCode`, or by the holder's name,
 * which may add the scheme's answer ("DECLINED : 06 : ERROR").
 */
export const requestedOutcome = (code: string | undefined, holderName: string | undefined): TestOutcome | undefined => {
  if (code !== undefined) return byCode.get(code)
  const [name = "", ...raw] = (holderName ?? "").split(" : ")
  const outcome = byHolderName.get(name)
  return outcome === undefined || raw.length === 0 ? outcome : { ...outcome, raw: raw.join(" : ") }
}

/** Holder names whose payments are authorised but fail later (docs.adyen.com, testing payments and modifications). */
export const failingModification: Readonly<Record<string, "capture" | "refund">> = {
  "capture failed": "capture",
  "refund failed": "refund"
}

/** docs.adyen.com/development-resources/testing/3d-secure-2-authentication, and the published examples of 3-D Secure. */
export const enrolled: ReadonlySet<string> = new Set([
  "371449635398431",
  "6703444444444449",
  "4871049999999910",
  "4035501428146300",
  "4360000001000005",
  "6250947000000014",
  "6250946000000016",
  "30569309025904",
  "6011111111111117",
  "3566111111111113",
  "5000550000000029",
  "5454545454545454",
  "2222400010000008",
  "4917610000000000",
  "4212345678910006",
  "4212345678901237",
  "5201281505129736"
])

/** The enrolled card that its issuer authenticates without a challenge. */
export const frictionless = "5201281505129736"

/** What every test card is issued with; an amex has four digits (docs.adyen.com, test card numbers). */
export const testExpiry = { month: 3, year: 2030 } as const
export const testCvc = { three: "737", four: "7373" } as const
