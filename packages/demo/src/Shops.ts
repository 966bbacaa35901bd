import type { AuthorizeInput } from "@connector-service/sdk/Client"

type PaymentMethod = AuthorizeInput["paymentMethod"]

/** What the tour needs to know of a connector's sandbox. */
export interface Shop {
  /** The connector's id. */
  readonly connector: string
  /** Ways to pay, each named by what comes of it. `sentAway` leads the payer to a page. */
  readonly payers: {
    readonly approved: PaymentMethod
    readonly declinedSoft: PaymentMethod
    readonly declinedHard: PaymentMethod
    readonly sentAway: PaymentMethod
  }
  /** What the payer does on that page, in a few words. */
  readonly page: string
  /** The path, in the sandbox, to which authorizations are posted. */
  readonly authorizePath: string
  /** What a capture or a refund comes to at once: done, or only received. */
  readonly modified: "SUCCEEDED" | "PENDING"
  /** What a payment is after a part of it was captured; absent where the processor cannot be asked. */
  readonly lookedUp?: "CAPTURED" | "PARTIALLY_CAPTURED"
  /** The processor's word for a capture that came to pass, in its webhooks. */
  readonly capturedEvent: string
  /** Whether the processor finds a payment by the caller's reference. */
  readonly findsByReference: boolean
}

const card = (number: string, more: { readonly cvc: string; readonly holderName?: string }): PaymentMethod => ({
  _tag: "Card",
  number,
  expiryMonth: 3,
  expiryYear: 2030,
  ...more
})

const stripeCard = (number: string) => card(number, { cvc: "123" })
// https://docs.adyen.com/development-resources/testing/test-card-numbers; the holder's name decides: .../result-codes
const adyenCard = (holderName: string, number = "4111111111111111") => card(number, { cvc: "737", holderName })
// https://developer.paypal.com/tools/sandbox/card-testing: the holder's name decides
const paypalCard = (holderName: string) => card("4111111111111111", { cvc: "123", holderName })

/** Every connector that the tour visits. */
export const shops: ReadonlyArray<Shop> = [
  {
    connector: "stripe",
    // https://docs.stripe.com/testing: success, insufficient funds, stolen card, 3-D Secure always required
    payers: {
      approved: stripeCard("4242424242424242"),
      declinedSoft: stripeCard("4000000000009995"),
      declinedHard: stripeCard("4000000000009979"),
      sentAway: stripeCard("4000002760003184")
    },
    page: "passed 3-D Secure",
    authorizePath: "/stripe/v1/payment_intents",
    modified: "SUCCEEDED",
    lookedUp: "CAPTURED",
    // https://docs.stripe.com/api/events/types
    capturedEvent: "charge.captured",
    findsByReference: true
  },
  {
    connector: "adyen",
    payers: {
      approved: adyenCard("Ada Lovelace"),
      declinedSoft: adyenCard("NOT_ENOUGH_BALANCE"),
      declinedHard: adyenCard("BLOCK_CARD"),
      // https://docs.adyen.com/development-resources/testing/3d-secure-2-authentication
      sentAway: adyenCard("Ada Lovelace", "4917610000000000")
    },
    page: "passed 3-D Secure",
    authorizePath: "/adyen/v72/payments",
    modified: "PENDING",
    // https://docs.adyen.com/development-resources/webhooks/webhook-types
    capturedEvent: "CAPTURE",
    findsByReference: false
  },
  {
    connector: "paypal",
    payers: {
      approved: paypalCard("Ada Lovelace"),
      declinedSoft: paypalCard("CCREJECT-IF"),
      declinedHard: paypalCard("CCREJECT-LS"),
      sentAway: { _tag: "Paypal" }
    },
    page: "approved",
    authorizePath: "/paypal/v2/checkout/orders",
    modified: "SUCCEEDED",
    lookedUp: "PARTIALLY_CAPTURED",
    // https://developer.paypal.com/api/rest/webhooks/event-names
    capturedEvent: "PAYMENT.CAPTURE.COMPLETED",
    findsByReference: false
  }
]
