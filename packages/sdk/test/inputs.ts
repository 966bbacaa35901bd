import { type AuthorizeInput, type CaptureInput, type ConnectOptions, Money } from "../src/Client.ts"

/** A number of Stripe's published test cards: https://docs.stripe.com/testing#cards */
export const cardNumber = "4242424242424242"

/** The target most tests use. */
export const target = {
  connector: "stripe",
  environment: "sandbox",
  account: "sandbox"
} as const satisfies ConnectOptions

/** A card payment to authorize. */
export const authorize = {
  reference: "order-1",
  amount: Money.of("10.00", "EUR"),
  captureMethod: "MANUAL",
  paymentMethod: { _tag: "Card", number: cardNumber, expiryMonth: 12, expiryYear: 2030, cvc: "9786" }
} as const satisfies AuthorizeInput

/** A capture of half of it. */
export const capture = {
  reference: "capture-1",
  attempt: 3,
  paymentId: "pi_123",
  amount: Money.of("5.00", "EUR"),
  state: { order: "o-1" }
} as const satisfies CaptureInput
