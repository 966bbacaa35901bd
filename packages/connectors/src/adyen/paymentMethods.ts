import type { PaymentMethod } from "@connector-service/domain/PaymentMethod"
import * as Redacted from "effect/Redacted"

/** The payment methods that Adyen takes from us. */
export const accepted = [
  "Card",
  "NetworkToken",
  "SavedPaymentMethod",
  "ApplePay",
  "ApplePayDecrypted",
  "GooglePay",
  "GooglePayDecrypted",
  "Paypal",
  "Ideal",
  "Bancontact",
  "SepaDebit",
  "Klarna",
  "Blik"
] as const
type Tag = (typeof accepted)[number]
type Of<T extends Tag> = Extract<PaymentMethod, { readonly _tag: T }>
/** A payment method that Adyen takes from us. */
export type Accepted = Of<Tag>

type Device = Of<"ApplePayDecrypted" | "GooglePayDecrypted">
/** The proof of the payer's device, in the place of a result of 3-D Secure. */
interface Proof {
  readonly cryptogram: Redacted.Redacted<string>
  readonly eci?: string | undefined
}
/** The proof that a decrypted wallet comes with; a Google Pay card number has none, and is a card like any other. */
export const proofOf = (method: Accepted): Proof | undefined =>
  method._tag === "ApplePayDecrypted" || method._tag === "GooglePayDecrypted"
    ? method.cryptogram && { cryptogram: method.cryptogram, eci: method.eci }
    : undefined

/** Those that run on a card, so that 3-D Secure has a meaning. */
const onCards: ReadonlySet<Tag> = new Set([
  "Card",
  "NetworkToken",
  "SavedPaymentMethod",
  "GooglePay",
  "GooglePayDecrypted",
  "Bancontact"
])
/** Whether 3-D Secure can be run for it. */
export const isOnCard = (method: Accepted): boolean =>
  onCards.has(method._tag) &&
  (method._tag !== "Bancontact" || method.card !== undefined) &&
  proofOf(method) === undefined

/** Those whose 3-D Secure may have been done elsewhere. */
const authenticable: ReadonlySet<Tag> = new Set(["Card", "NetworkToken", "SavedPaymentMethod", "GooglePayDecrypted"])
/** Whether results of a 3-D Secure done elsewhere may come with it. */
export const takesResult = (method: Accepted): boolean =>
  authenticable.has(method._tag) && proofOf(method) === undefined

/** Those that are taken at once, whatever is asked (docs.adyen.com/payment-methods, "Separate captures"). */
const taken: ReadonlySet<Tag> = new Set(["Ideal", "Bancontact", "Blik"])
/** Whether it can be reserved now and captured later. */
export const isCapturable = ({ _tag }: Accepted): boolean => !taken.has(_tag)

interface Raw {
  readonly number: Redacted.Redacted<string>
  readonly expiryMonth: number
  readonly expiryYear: number
  readonly holderName?: string | undefined
}
const raw = ({ expiryMonth, expiryYear, holderName, number }: Raw) => ({
  number: Redacted.value(number),
  expiryMonth: String(expiryMonth).padStart(2, "0"),
  expiryYear: String(expiryYear),
  holderName
})

/**
 * A number that came out of a wallet, and which wallet. The published file has the fields; that a wallet goes into them
 * so is known of public integrations (docs/connectors/adyen.md).
 */
const decrypted = (method: Device, brand: "applepay" | "googlepay") => ({ type: "scheme", ...raw(method), brand })

/** `paymentMethod` by kind: `CardDetails`, `ApplePayDetails`, … */
const details: { readonly [T in Tag]: (method: Of<T>) => object } = {
  Card: (card) => ({ type: "scheme", ...raw(card), cvc: card.cvc && Redacted.value(card.cvc) }),
  NetworkToken: (token) => ({ type: "networkToken", ...raw(token) }),
  SavedPaymentMethod: ({ id }) => ({ type: "scheme", storedPaymentMethodId: id }),
  ApplePay: ({ paymentData }) => ({
    type: "applepay",
    applePayToken: Buffer.from(Redacted.value(paymentData)).toString("base64")
  }),
  ApplePayDecrypted: (method) => decrypted(method, "applepay"),
  GooglePay: ({ token }) => ({ type: "googlepay", googlePayToken: Redacted.value(token) }),
  GooglePayDecrypted: (method) => decrypted(method, "googlepay"),
  Paypal: () => ({ type: "paypal", subtype: "redirect" }),
  Ideal: () => ({ type: "ideal" }),
  Bancontact: ({ card }) => (card === undefined ? { type: "bcmc_mobile" } : { type: "bcmc", ...raw(card) }),
  SepaDebit: ({ holderName, iban }) => ({ type: "sepadirectdebit", iban: Redacted.value(iban), ownerName: holderName }),
  Klarna: () => ({ type: "klarna" }),
  Blik: ({ code }) => ({ type: "blik", blikCode: Redacted.value(code) })
}

/** `paymentMethod`. */
export const paymentMethod = (method: Accepted): object =>
  // the row of a method's own tag takes that method
  (details[method._tag] as (method: Accepted) => object)(method)

/** `additionalData`: the wallet that a number came out of, and for Google Pay whether it is the device's own. */
export const additionalData = (method: Accepted): Readonly<Record<string, string>> => {
  if (method._tag === "ApplePayDecrypted") return { "paymentdatasource.type": "applepay" }
  if (method._tag !== "GooglePayDecrypted") return {}
  return {
    "paymentdatasource.type": "googlepay",
    "paymentdatasource.tokenized": String(proofOf(method) !== undefined)
  }
}
