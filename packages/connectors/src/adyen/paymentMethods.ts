import type { PaymentMethod } from "@connector-service/domain/PaymentMethod"
import * as Redacted from "effect/Redacted"

/** The payment methods that Adyen takes from us. */
export const accepted = [
  "Card",
  "NetworkToken",
  "SavedPaymentMethod",
  "ApplePay",
  "GooglePay",
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

/** Those that run on a card, so that 3-D Secure has a meaning. */
const onCards: ReadonlySet<Tag> = new Set(["Card", "NetworkToken", "SavedPaymentMethod", "GooglePay", "Bancontact"])
/** Whether 3-D Secure can be run for it. */
export const isOnCard = (method: Accepted): boolean =>
  onCards.has(method._tag) && (method._tag !== "Bancontact" || method.card !== undefined)

/** Those whose 3-D Secure may have been done elsewhere. */
const authenticable: ReadonlySet<Tag> = new Set(["Card", "NetworkToken", "SavedPaymentMethod"])
/** Whether results of a 3-D Secure done elsewhere may come with it. */
export const takesResult = ({ _tag }: Accepted): boolean => authenticable.has(_tag)

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

/** `paymentMethod` by kind: `CardDetails`, `ApplePayDetails`, … */
const details: { readonly [T in Tag]: (method: Of<T>) => object } = {
  Card: (card) => ({ type: "scheme", ...raw(card), cvc: card.cvc && Redacted.value(card.cvc) }),
  NetworkToken: (token) => ({ type: "networkToken", ...raw(token) }),
  SavedPaymentMethod: ({ id }) => ({ type: "scheme", storedPaymentMethodId: id }),
  ApplePay: ({ paymentData }) => ({
    type: "applepay",
    applePayToken: Buffer.from(Redacted.value(paymentData)).toString("base64")
  }),
  GooglePay: ({ token }) => ({ type: "googlepay", googlePayToken: Redacted.value(token) }),
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
