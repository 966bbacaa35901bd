import * as Schema from "effect/Schema"

/** What the caller may do about a refusal. */
export const DeclineAction = Schema.Literals([
  "RETRY_LATER",
  "CORRECT_DETAILS",
  "AUTHENTICATE",
  "OTHER_PAYMENT_METHOD",
  "CONTACT_ISSUER",
  "DO_NOT_RETRY"
])
/** What the caller may do about a refusal. */
export type DeclineAction = typeof DeclineAction.Type

/** Soft: may be tried again as `action` says. Hard: will not go through with this payment method. */
export const DeclineKind = Schema.Literals(["SOFT", "HARD"])
/** Soft or hard. */
export type DeclineKind = typeof DeclineKind.Type

interface Meaning {
  readonly kind: DeclineKind
  readonly action: DeclineAction
  readonly payerMessage: string
}

const refused = "Your bank refused this payment. Please use another payment method."
const callBank = "Your bank refused this payment. Please call your bank, or use another payment method."
const later = "The payment could not be made just now. Please try again in a few minutes."

const meaning = (kind: DeclineKind, action: DeclineAction, payerMessage: string): Meaning => ({
  kind,
  action,
  payerMessage
})

/**
 * The unified decline codes: ISO 8583 response codes (field 39) and the networks' merchant advice codes in words.
 * The payer's sentence never says lost, stolen or fraud: that is for the issuer to say.
 */
export const declines = {
  DO_NOT_HONOR: meaning("SOFT", "CONTACT_ISSUER", callBank),
  INSUFFICIENT_FUNDS: meaning(
    "SOFT",
    "RETRY_LATER",
    "There is not enough money in the account. Please use another payment method."
  ),
  LIMIT_EXCEEDED: meaning("SOFT", "RETRY_LATER", "The card's limit is reached. Please use another payment method."),
  EXPIRED_CARD: meaning("HARD", "CORRECT_DETAILS", "The card has expired. Please use another card."),
  INVALID_NUMBER: meaning("HARD", "CORRECT_DETAILS", "The card number is not right. Please check it."),
  INVALID_EXPIRY: meaning("SOFT", "CORRECT_DETAILS", "The expiry date is not right. Please check it."),
  INCORRECT_CVC: meaning("SOFT", "CORRECT_DETAILS", "The security code is not right. Please check it."),
  INCORRECT_ADDRESS: meaning("SOFT", "CORRECT_DETAILS", "The billing address is not right. Please check it."),
  INCORRECT_PIN: meaning("SOFT", "CORRECT_DETAILS", "The PIN is not right. Please try again."),
  PIN_TRIES_EXCEEDED: meaning(
    "HARD",
    "OTHER_PAYMENT_METHOD",
    "The PIN was wrong too often. Please use another payment method."
  ),
  LOST_CARD: meaning("HARD", "DO_NOT_RETRY", refused),
  STOLEN_CARD: meaning("HARD", "DO_NOT_RETRY", refused),
  PICK_UP_CARD: meaning("HARD", "DO_NOT_RETRY", refused),
  RESTRICTED_CARD: meaning("HARD", "DO_NOT_RETRY", refused),
  SUSPECTED_FRAUD: meaning("HARD", "DO_NOT_RETRY", refused),
  TRANSACTION_NOT_PERMITTED: meaning("HARD", "OTHER_PAYMENT_METHOD", callBank),
  CURRENCY_NOT_SUPPORTED: meaning(
    "HARD",
    "OTHER_PAYMENT_METHOD",
    "The card cannot pay in this currency. Please use another card."
  ),
  CARD_NOT_SUPPORTED: meaning(
    "HARD",
    "OTHER_PAYMENT_METHOD",
    "This card cannot be used here. Please use another card."
  ),
  INVALID_ACCOUNT: meaning(
    "HARD",
    "OTHER_PAYMENT_METHOD",
    "The card or its account cannot be used. Please use another payment method."
  ),
  INVALID_AMOUNT: meaning("HARD", "CONTACT_ISSUER", callBank),
  AUTHENTICATION_REQUIRED: meaning(
    "SOFT",
    "AUTHENTICATE",
    "Your bank wants you to confirm this payment. Please try again."
  ),
  AUTHENTICATION_FAILED: meaning(
    "SOFT",
    "AUTHENTICATE",
    "The payment was not confirmed. Please try again or use another payment method."
  ),
  ISSUER_UNAVAILABLE: meaning("SOFT", "RETRY_LATER", later),
  PROCESSING_ERROR: meaning("SOFT", "RETRY_LATER", later),
  DUPLICATE_TRANSACTION: meaning(
    "SOFT",
    "CONTACT_ISSUER",
    "The same payment was made a moment ago. Please check before paying again."
  ),
  STOPPED_BY_PAYER: meaning(
    "HARD",
    "DO_NOT_RETRY",
    "Payments to this shop were stopped. Please use another payment method."
  ),
  CALL_ISSUER: meaning("SOFT", "CONTACT_ISSUER", callBank),
  TRY_AGAIN_LATER: meaning("SOFT", "RETRY_LATER", later),
  TEST_CARD: meaning("HARD", "OTHER_PAYMENT_METHOD", "This card cannot be used here. Please use another card."),
  BLOCKED: meaning("HARD", "DO_NOT_RETRY", refused),
  UNRECOGNIZED: meaning("SOFT", "OTHER_PAYMENT_METHOD", refused)
} as const satisfies Record<string, Meaning>

/** Why a payment was refused, in words all processors share. */
export type DeclineCode = keyof typeof declines
// Object.keys forgets the keys' types; the object is closed, so they are exactly its codes
const declineCodes = Object.keys(declines) as unknown as readonly [DeclineCode, ...Array<DeclineCode>]
/** Why a payment was refused, in words all processors share. */
export const DeclineCode = Schema.Literals(declineCodes)

/** A refusal, in our words and in the processor's. */
export const Decline = Schema.Struct({
  code: DeclineCode,
  kind: DeclineKind,
  action: DeclineAction,
  payerMessage: Schema.String,
  rawCode: Schema.String,
  rawMessage: Schema.optional(Schema.String),
  networkDeclineCode: Schema.optional(Schema.String),
  networkAdviceCode: Schema.optional(Schema.String)
})
/** A refusal, in our words and in the processor's. */
export interface Decline extends Schema.Schema.Type<typeof Decline> {}

/** A refusal from its unified code and the processor's own words. */
export const decline = (
  code: DeclineCode | undefined,
  raw: Pick<Decline, "rawCode" | "rawMessage" | "networkDeclineCode" | "networkAdviceCode">
): Decline => ({ code: code ?? "UNRECOGNIZED", ...declines[code ?? "UNRECOGNIZED"], ...raw })
