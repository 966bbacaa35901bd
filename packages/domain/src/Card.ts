import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { secret, wellFormed } from "./Text.ts"

/** Whether a number passes the check of ISO/IEC 7812-1 annex B (Luhn). */
export const luhn = (digits: string): boolean => {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48
    sum += index % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return digits.length > 0 && sum % 10 === 0
}

/** 12 to 19 digits that pass the Luhn check. */
export const cardNumber = Schema.String.check(
  Schema.isPattern(/^\d{12,19}$/, { expected: "12 to 19 digits without spaces" }),
  Schema.makeFilter(luhn, { expected: "a number that passes the Luhn check" })
)

/** Month and year in which a card ends. */
export const expiry = {
  expiryMonth: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 12 }, { expected: "1 to 12" })),
  expiryYear: Schema.Int.check(
    Schema.isBetween({ minimum: 2000, maximum: 2099 }, { expected: "four digits, such as 2030" })
  )
}
/** The cardholder's name. */
export const holderName = Schema.optional(
  Schema.String.check(
    Schema.isPattern(/^[^\p{Cc}]{1,100}$/u, { expected: "1 to 100 characters, no control characters" }),
    wellFormed
  )
)

/** A token's or an authentication's cryptogram, redacted. */
export const cryptogram = secret(
  Schema.String.check(Schema.isPattern(/^[A-Za-z0-9+/=_-]{8,128}$/, { expected: "base64, 8 to 128 characters" })),
  "cryptogram"
)
/** An electronic commerce indicator. */
export const eci = Schema.optional(
  Schema.String.check(Schema.isPattern(/^0?\d$/, { expected: "one or two digits, such as 05" }))
)

/** Whether a card is past the last day of its month, everywhere on Earth. */
export const expired = (card: { readonly expiryMonth: number; readonly expiryYear: number }, now: number): boolean =>
  now >= Date.UTC(card.expiryYear, card.expiryMonth, 1, 12)

/** A card number and what is printed beside it. The number and code are redacted. */
export const Card = Schema.TaggedStruct("Card", {
  number: secret(cardNumber, "card number"),
  ...expiry,
  cvc: Schema.optional(
    secret(Schema.String.check(Schema.isPattern(/^\d{3,4}$/, { expected: "3 or 4 digits" })), "cvc")
  ),
  holderName
})
/** A card number and what is printed beside it. */
export interface Card extends Schema.Schema.Type<typeof Card> {}

/** A card network's token in place of a card number (EMVCo). Number and cryptogram are redacted. */
export const NetworkToken = Schema.TaggedStruct("NetworkToken", {
  number: secret(cardNumber, "network token"),
  ...expiry,
  cryptogram: Schema.optional(cryptogram),
  eci,
  holderName
})
/** A card network's token in place of a card number. */
export interface NetworkToken extends Schema.Schema.Type<typeof NetworkToken> {}

/** Card networks that a number tells by its first digits (ISO/IEC 7812 issuer ranges). */
export type Network = "visa" | "mastercard" | "amex" | "discover" | "diners" | "jcb" | "unionpay" | "maestro"

const ranges: ReadonlyArray<readonly [Network, RegExp]> = [
  ["visa", /^4/],
  ["mastercard", /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/],
  ["amex", /^3[47]/],
  ["diners", /^3(?:0[0-5]|095|6|[89])/],
  ["jcb", /^35(?:2[89]|[3-8])/],
  ["discover", /^(?:6011|64[4-9]|65)/],
  ["unionpay", /^(?:62|81)/],
  ["maestro", /^(?:5018|5020|5038|5893|6304|6759|676[1-3])/]
]

/** The network of a number, where its first digits tell. */
export const network = (number: Redacted.Redacted<string>): Network | undefined =>
  ranges.find(([, range]) => range.test(Redacted.value(number)))?.[0]

/** The last four digits: the most of a number that may be shown. */
export const last4 = (number: Redacted.Redacted<string>): string => Redacted.value(number).slice(-4)
