import * as Schema from "effect/Schema"
import { Card, cardNumber, cryptogram, eci, expiry, holderName, NetworkToken } from "./Card.ts"
import { iban, line, ProcessorId, secret } from "./Text.ts"

const redacted = (maximum: number, label: string) => secret(line(maximum), label)

/** A payment method kept at the processor. */
export const SavedPaymentMethod = Schema.TaggedStruct("SavedPaymentMethod", { id: ProcessorId })
/** A payment method kept at the processor. */
export interface SavedPaymentMethod extends Schema.Schema.Type<typeof SavedPaymentMethod> {}

/** Apple Pay, encrypted for the processor: Apple's PKPaymentToken. */
export const ApplePay = Schema.TaggedStruct("ApplePay", {
  paymentData: redacted(10_000, "Apple Pay payment data"),
  displayName: Schema.optional(line(100)),
  network: Schema.optional(line(40)),
  transactionId: Schema.optional(line(200))
})
/** Apple Pay, decrypted by the merchant. */
export const ApplePayDecrypted = Schema.TaggedStruct("ApplePayDecrypted", {
  number: secret(cardNumber, "device account number"),
  ...expiry,
  cryptogram,
  eci,
  holderName
})
/** Google Pay, encrypted for the processor. */
export const GooglePay = Schema.TaggedStruct("GooglePay", { token: redacted(10_000, "Google Pay token") })
/** Google Pay, decrypted by the merchant: a device account number with its cryptogram, or a card number without. */
export const GooglePayDecrypted = Schema.TaggedStruct("GooglePayDecrypted", {
  number: secret(cardNumber, "account number"),
  ...expiry,
  cryptogram: Schema.optional(cryptogram),
  eci,
  holderName
})
/** The payer's PayPal wallet. */
export const Paypal = Schema.TaggedStruct("Paypal", {})
/** iDEAL. */
export const Ideal = Schema.TaggedStruct("Ideal", {})
/** Bancontact: with the card's number for processors that ask for it, or without, on the app or the processor's page. */
export const Bancontact = Schema.TaggedStruct("Bancontact", {
  card: Schema.optional(
    Schema.Struct({
      number: secret(cardNumber, "card number"),
      ...expiry,
      holderName
    })
  )
})
/** SEPA Direct Debit, by the mandate that the caller has from the payer. */
export const SepaDebit = Schema.TaggedStruct("SepaDebit", {
  iban: secret(iban, "IBAN"),
  holderName: line(100)
})
/** Klarna. */
export const Klarna = Schema.TaggedStruct("Klarna", {})
/** BLIK, by the six digits that the bank's app shows. */
export const Blik = Schema.TaggedStruct("Blik", {
  code: secret(Schema.String.check(Schema.isPattern(/^\d{6}$/, { expected: "six digits" })), "BLIK code")
})

/** How the payer pays, told apart by `_tag`. */
export const PaymentMethod = Schema.Union([
  Card,
  NetworkToken,
  SavedPaymentMethod,
  ApplePay,
  ApplePayDecrypted,
  GooglePay,
  GooglePayDecrypted,
  Paypal,
  Ideal,
  Bancontact,
  SepaDebit,
  Klarna,
  Blik
])
/** How the payer pays, told apart by `_tag`. */
export type PaymentMethod = typeof PaymentMethod.Type

/** The tags of all payment methods. */
export const paymentMethodTags: ReadonlyArray<PaymentMethod["_tag"]> = PaymentMethod.members.map(
  ({ fields }) => fields._tag.schema.literal
)
