/**
 * The published test cards (docs.stripe.com/testing) and what each of them does. Where that page leaves a choice to the
 * account's fraud rules, this sandbox blocks the highest risk and lets failed checks pass.
 */

/** How a card is declined. `code` is the error code, `declineCode` the issuer's reason where the page lists one. */
export interface Decline {
  readonly code: string
  readonly declineCode?: string
  readonly message: string
  readonly param?: string
  readonly adviceCode?: "confirm_card_data" | "do_not_try_again" | "try_again_later"
  readonly networkDeclineCode?: string
}

/** How a card answers a request for 3-D Secure; absent means that it is not enrolled. */
export type ThreeDSecureUse =
  | "required"
  | "required_unless_set_up"
  | "required_on_session"
  | "lookup_fails"
  | "supported"
  | "supported_fails"
  | "not_supported"

export interface CardBehaviour {
  readonly decline?: Decline
  /** The decline is a failed security code, which needs a security code to fail. */
  readonly declineNeedsCvc?: boolean
  readonly threeDSecure?: ThreeDSecureUse
  readonly cvc?: "fail"
  readonly line1?: "fail" | "unavailable"
  readonly postalCode?: "fail" | "unavailable"
  readonly risk?: "elevated" | "highest"
  readonly refund?: "pending" | "fails"
  readonly funding?: "debit" | "prepaid"
  /** ISO 3166-1 alpha-2; US where absent. */
  readonly country?: string
}

// 4000000000000002 answers network_decline_code 01 and advice_code try_again_later in recorded replies of the test
// environment; the others carry the ISO 8583 field 39 value of the same meaning.
const genericDecline: Decline = {
  code: "card_declined",
  declineCode: "generic_decline",
  message: "The card was declined.",
  adviceCode: "try_again_later",
  networkDeclineCode: "01"
}

const declined = (declineCode: string, networkDeclineCode: string, adviceCode: Decline["adviceCode"]): Decline => ({
  code: "card_declined",
  declineCode,
  message: `The card was declined (${declineCode.replaceAll("_", " ")}).`,
  networkDeclineCode,
  ...(adviceCode === undefined ? {} : { adviceCode })
})

const insufficientFunds = declined("insufficient_funds", "51", "try_again_later")

/** The decline of a payment that had to be authenticated while the payer was away. */
export const authenticationRequired: Decline = {
  code: "authentication_required",
  declineCode: "authentication_required",
  message: "The card was declined because the payment has to be authenticated."
}

/** The decline of a card whose 3-D Secure look-up failed. */
export const lookupFailed: Decline = { ...genericDecline, message: "The card was declined after 3-D Secure failed." }

/** The decline of a payment that the fraud rules blocked; it never reached the network. */
export const blocked: Decline = {
  code: "card_declined",
  declineCode: "fraudulent",
  message: "The card was declined.",
  adviceCode: "do_not_try_again"
}

type Row = readonly [number: string, behaviour: CardBehaviour, ...names: ReadonlyArray<string>]

const rows: ReadonlyArray<Row> = [
  ["4242424242424242", {}, "visa", "us"],
  ["4012888888881881", {}],
  ["4111111111111111", {}],
  ["4000056655665556", { funding: "debit" }, "visa_debit"],
  ["5555555555554444", {}, "mastercard"],
  ["2223003122003222", {}],
  ["5200828282828210", { funding: "debit" }, "mastercard_debit"],
  ["5105105105105100", { funding: "prepaid" }, "mastercard_prepaid"],
  ["378282246310005", { threeDSecure: "not_supported" }, "amex", "amex_threeDSecureNotSupported"],
  ["371449635398431", {}],
  ["6011111111111117", {}, "discover"],
  ["6011000990139424", {}],
  ["6011981111111113", { funding: "debit" }],
  ["3056930009020004", {}, "diners"],
  ["30569309025904", {}],
  ["38520000023237", {}],
  ["36227206271667", {}],
  ["6555900000604105", {}],
  ["3566002020360505", {}, "jcb"],
  ["3530111333300000", {}],
  ["6200000000000005", { country: "CN" }, "unionpay"],
  ["6200000000000047", { country: "CN", funding: "debit" }],
  ["4000000760000002", { country: "BR" }, "br"],
  ["4000001240000000", { country: "CA" }, "ca"],
  ["4000004840008001", { country: "MX" }, "mx"],
  ["4000002760000016", { country: "DE" }, "de"],
  ["4000002500000003", { country: "FR" }, "fr"],
  ["4000008260000000", { country: "GB" }, "gb"],
  ["4000003800000008", { country: "IT" }, "it"],
  ["4000007240000007", { country: "ES" }, "es"],
  ["4000000360000006", { country: "AU" }, "au"],
  ["4000003920000003", { country: "JP" }, "jp"],
  ["4000000000000077", {}, "bypassPending"],
  ["4000000000000002", { decline: genericDecline }, "visa_chargeDeclined", "chargeDeclined"],
  [
    "4000000000009995",
    { decline: insufficientFunds },
    "visa_chargeDeclinedInsufficientFunds",
    "chargeDeclinedInsufficientFunds"
  ],
  ["4000000000009987", { decline: declined("lost_card", "41", "do_not_try_again") }, "visa_chargeDeclinedLostCard"],
  ["4000000000009979", { decline: declined("stolen_card", "43", "do_not_try_again") }, "visa_chargeDeclinedStolenCard"],
  [
    "4000000000000069",
    {
      decline: {
        code: "expired_card",
        message: "The card has expired.",
        param: "exp_month",
        adviceCode: "do_not_try_again",
        networkDeclineCode: "54"
      }
    },
    "chargeDeclinedExpiredCard",
    "visa_chargeDeclinedExpiredCard"
  ],
  [
    "4000000000000127",
    {
      decline: {
        code: "incorrect_cvc",
        message: "The card's security code is wrong.",
        param: "cvc",
        adviceCode: "confirm_card_data",
        networkDeclineCode: "82"
      },
      declineNeedsCvc: true,
      cvc: "fail"
    },
    "chargeDeclinedIncorrectCvc",
    "visa_chargeDeclinedIncorrectCvc"
  ],
  [
    "4000000000000119",
    {
      decline: {
        code: "processing_error",
        message: "The card could not be processed; it may work a little later.",
        adviceCode: "try_again_later",
        networkDeclineCode: "96"
      }
    },
    "chargeDeclinedProcessingError",
    "visa_chargeDeclinedProcessingError"
  ],
  [
    "4000000000006975",
    { decline: declined("card_velocity_exceeded", "61", "try_again_later") },
    "visa_chargeDeclinedVelocityLimitExceeded"
  ],
  ["4000000000000341", { decline: genericDecline }, "chargeCustomerFail", "visa_chargeCustomerFail"],
  ["4100000000000019", { decline: blocked, risk: "highest" }, "radarBlock", "visa_chargeDeclinedFraudulent"],
  ["4000000000004954", { decline: blocked, risk: "highest" }, "riskLevelHighest"],
  ["4000000000009235", { risk: "elevated" }, "riskLevelElevated"],
  ["4000000000000101", { cvc: "fail" }, "cvcCheckFail"],
  ["4000000000000036", { postalCode: "fail" }, "avsZipFail"],
  ["4000058400307872", { cvc: "fail", risk: "elevated" }, "cvcCheckFailElevatedRisk"],
  ["4000058400306072", { postalCode: "fail", risk: "elevated" }, "avsZipFailElevatedRisk"],
  ["4000000000000028", { line1: "fail" }, "avsLine1Fail"],
  ["4000000000000010", { line1: "fail", postalCode: "fail" }, "avsFail"],
  ["4000000000000044", { line1: "unavailable", postalCode: "unavailable" }, "avsUnchecked"],
  ["4000000000007726", { refund: "pending" }, "pendingRefund"],
  ["4000000000005126", { refund: "fails" }, "refundFail"],
  ["4000002500003155", { threeDSecure: "required_unless_set_up", country: "FR" }, "authenticationRequiredOnSetup"],
  ["4000002760003184", { threeDSecure: "required", country: "DE" }, "authenticationRequired"],
  [
    "4000003800000446",
    { threeDSecure: "required_on_session", country: "IT" },
    "authenticationRequiredSetupForOffSession"
  ],
  [
    "4000008260003178",
    { threeDSecure: "required_on_session", decline: insufficientFunds, country: "GB" },
    "authenticationRequiredChargeDeclinedInsufficientFunds"
  ],
  ["4000000000003220", { threeDSecure: "required" }, "threeDSecure2Required"],
  ["4000000000003063", { threeDSecure: "required" }, "threeDSecureRequired"],
  ["4000008400001629", { threeDSecure: "required", decline: genericDecline }, "threeDSecureRequiredChargeDeclined"],
  ["4000008400001280", { threeDSecure: "lookup_fails" }, "threeDSecureRequiredProcessingError"],
  ["4000000000003055", { threeDSecure: "supported" }, "threeDSecureOptional"],
  ["4000000000003097", { threeDSecure: "supported_fails" }, "threeDSecureOptionalProcessingError"],
  ["4000582600000094", { threeDSecure: "required" }],
  ["4000582600000045", { threeDSecure: "required" }],
  ["4000582600000102", { threeDSecure: "required" }],
  ["4000582600000110", { threeDSecure: "required" }]
]

/** What each test number does. */
export const testCards: ReadonlyMap<string, CardBehaviour> = new Map(
  rows.map(([number, behaviour]) => [number, behaviour])
)

/** The number behind each documented `pm_card_…` id and `tok_…` token. */
export const namedCards: ReadonlyMap<string, string> = new Map(
  rows.flatMap(([number, , ...names]) =>
    names.flatMap((name) => [`pm_card_${name}`, `tok_${name}`].map((id) => [id, number]))
  )
)
