import { PaymentServiceAuthorizeRequest } from "@connector-service/proto/payments/v1/payment"
import { CaptureMethod } from "@connector-service/proto/payments/v1/types"
import type { AuthorizeInput } from "@connector-service/sdk/Promises"

/** Stripe's own test card (docs.stripe.com/testing). */
const card = { number: "4242424242424242", expiryMonth: 12, expiryYear: 2040, cvc: "123" }
const reference = "order-1"
const amount = { minorUnits: 1000n, currencyCode: "EUR" }

/** The payment that every call authorizes, as a caller writes it. */
export const payment: AuthorizeInput = {
  reference,
  amount,
  paymentMethod: { _tag: "Card", ...card },
  captureMethod: "MANUAL"
}

/** The account's credentials. */
export const credentials = { secretKey: "sk_test_bench" }

/** A connector called in process: where it is below the upstream, its account, and what its payments have beside `payment`. */
export interface Shop {
  readonly connector: "stripe" | "adyen" | "paypal"
  readonly path: string
  readonly credentials: object
  readonly more: Partial<AuthorizeInput>
}

/** The processor that the server calls too. */
export const stripeShop: Shop = { connector: "stripe", path: "", credentials, more: {} }

/** Every connector that is measured in process. */
export const shops: ReadonlyArray<Shop> = [
  stripeShop,
  {
    connector: "adyen",
    path: "/adyen",
    credentials: { apiKey: "AQEbenchbench", merchantAccount: "Bench" },
    more: { returnUrl: "https://shop.example/return" }
  },
  { connector: "paypal", path: "/paypal", credentials: { clientId: "bench", clientSecret: "secret" }, more: {} }
]

/** The same payment as a message. */
export const message: Uint8Array = PaymentServiceAuthorizeRequest.encode(
  PaymentServiceAuthorizeRequest.create({
    reference,
    amount,
    captureMethod: CaptureMethod.CAPTURE_METHOD_MANUAL,
    paymentMethod: { method: { $case: "card", value: card } }
  })
).finish()

/** The call's target. */
export const metadata = { "x-connector": "stripe", "x-environment": "sandbox", "x-account": "bench" }
