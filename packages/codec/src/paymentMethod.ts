import type { PaymentMethod } from "@connector-service/domain/PaymentMethod"
import type * as Methods from "@connector-service/proto/payments/v1/payment_method"
import type * as Proto from "@connector-service/proto/payments/v1/types"
import * as Redacted from "effect/Redacted"
import type { Full, Given } from "./Codec.ts"
import { nonZero } from "./types.ts"

type Encoded = (typeof PaymentMethod)["Encoded"]

const shown = Redacted.value
const shownIf = (secret: Redacted.Redacted<string> | undefined): string | undefined => secret && Redacted.value(secret)

/** The fields of a number in place of a card's: a token, or a device's account. */
const numbered = {
  toProto: (value: Extract<PaymentMethod, { readonly _tag: "NetworkToken" | "GooglePayDecrypted" }>) =>
    ({
      number: shown(value.number),
      expiryMonth: value.expiryMonth,
      expiryYear: value.expiryYear,
      cryptogram: shownIf(value.cryptogram),
      eci: value.eci,
      holderName: value.holderName
    }) satisfies Full<Proto.NetworkToken> & Full<Methods.GooglePayDecrypted>,
  given: (message: Proto.NetworkToken | Methods.GooglePayDecrypted | Methods.ApplePayDecrypted) => ({
    number: message.number,
    expiryMonth: nonZero(message.expiryMonth),
    expiryYear: nonZero(message.expiryYear),
    cryptogram: message.cryptogram,
    eci: message.eci,
    holderName: message.holderName
  })
}

/** PaymentMethod: its oneof is the domain's `_tag`. */
export const paymentMethod = {
  toProto: (value: PaymentMethod): Full<Proto.PaymentMethod> => {
    switch (value._tag) {
      case "Card":
        return {
          method: {
            $case: "card",
            value: {
              number: shown(value.number),
              expiryMonth: value.expiryMonth,
              expiryYear: value.expiryYear,
              cvc: shownIf(value.cvc),
              holderName: value.holderName
            } satisfies Full<Proto.Card>
          }
        }
      case "NetworkToken":
        return { method: { $case: "networkToken", value: numbered.toProto(value) } }
      case "SavedPaymentMethod":
        return {
          method: { $case: "savedPaymentMethod", value: { id: value.id } satisfies Full<Proto.SavedPaymentMethod> }
        }
      case "ApplePay":
        return {
          method: {
            $case: "applePay",
            value: {
              paymentData: shown(value.paymentData),
              displayName: value.displayName,
              network: value.network,
              transactionId: value.transactionId
            } satisfies Full<Methods.ApplePay>
          }
        }
      case "ApplePayDecrypted":
        return {
          method: {
            $case: "applePayDecrypted",
            value: {
              number: shown(value.number),
              expiryMonth: value.expiryMonth,
              expiryYear: value.expiryYear,
              cryptogram: shown(value.cryptogram),
              eci: value.eci,
              holderName: value.holderName
            } satisfies Full<Methods.ApplePayDecrypted>
          }
        }
      case "GooglePay":
        return {
          method: { $case: "googlePay", value: { token: shown(value.token) } satisfies Full<Methods.GooglePay> }
        }
      case "GooglePayDecrypted":
        return { method: { $case: "googlePayDecrypted", value: numbered.toProto(value) } }
      case "Paypal":
        return { method: { $case: "paypal", value: {} } }
      case "Ideal":
        return { method: { $case: "ideal", value: {} } }
      case "Bancontact":
        return {
          method: {
            $case: "bancontact",
            value: { card: value.card && bancontactCard.toProto(value.card) } satisfies Full<Methods.Bancontact>
          }
        }
      case "SepaDebit":
        return {
          method: {
            $case: "sepaDebit",
            value: { iban: shown(value.iban), holderName: value.holderName } satisfies Full<Methods.SepaDebit>
          }
        }
      case "Klarna":
        return { method: { $case: "klarna", value: {} } }
      case "Blik":
        return { method: { $case: "blik", value: { code: shown(value.code) } satisfies Full<Methods.Blik> } }
    }
  },
  given: ({ method }: Proto.PaymentMethod): Given<Encoded> | undefined => {
    switch (method?.$case) {
      case "card":
        return {
          _tag: "Card",
          number: method.value.number,
          expiryMonth: nonZero(method.value.expiryMonth),
          expiryYear: nonZero(method.value.expiryYear),
          cvc: method.value.cvc,
          holderName: method.value.holderName
        }
      case "networkToken":
        return { _tag: "NetworkToken", ...numbered.given(method.value) }
      case "savedPaymentMethod":
        return { _tag: "SavedPaymentMethod", id: method.value.id }
      case "applePay":
        return {
          _tag: "ApplePay",
          paymentData: method.value.paymentData,
          displayName: method.value.displayName,
          network: method.value.network,
          transactionId: method.value.transactionId
        }
      case "applePayDecrypted":
        return { _tag: "ApplePayDecrypted", ...numbered.given(method.value) }
      case "googlePay":
        return { _tag: "GooglePay", token: method.value.token }
      case "googlePayDecrypted":
        return { _tag: "GooglePayDecrypted", ...numbered.given(method.value) }
      case "paypal":
        return { _tag: "Paypal" }
      case "ideal":
        return { _tag: "Ideal" }
      case "bancontact":
        return { _tag: "Bancontact", card: method.value.card && bancontactCard.given(method.value.card) }
      case "sepaDebit":
        return { _tag: "SepaDebit", iban: method.value.iban, holderName: method.value.holderName }
      case "klarna":
        return { _tag: "Klarna" }
      case "blik":
        return { _tag: "Blik", code: method.value.code }
      case undefined:
        return undefined
    }
  }
} as const

type BancontactCard = NonNullable<Extract<PaymentMethod, { readonly _tag: "Bancontact" }>["card"]>

const bancontactCard = {
  toProto: (value: BancontactCard): Full<Methods.BancontactCard> => ({
    number: shown(value.number),
    expiryMonth: value.expiryMonth,
    expiryYear: value.expiryYear,
    holderName: value.holderName
  }),
  given: (message: Methods.BancontactCard) => ({
    number: message.number,
    expiryMonth: nonZero(message.expiryMonth),
    expiryYear: nonZero(message.expiryYear),
    holderName: message.holderName
  })
}
