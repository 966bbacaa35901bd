import { stripe } from "@connector-service/connectors/stripe/connector"
import Stripe from "stripe"
import { start } from "../Stub.ts"
import { describeWire, type Pair } from "../Wire.ts"
import { methodPairs } from "./methodPairs.ts"

const secretKey = "sk_test_made_up"
const account = "acct_madeup"
// the SDK never reaches a network inside captureRequests
const sdk = new Stripe(secretKey, { maxNetworkRetries: 0, telemetry: false, stripeAccount: account })
/** With a key of the caller's own; the SDK makes one up only when it may repeat. */
const once = { idempotencyKey: "caller-key" }

type CreateParams = Stripe.PaymentIntentCreateParams
/** Of the API version that requests are pinned to, and no longer of the SDK's: the types are named one by one. */
interface Pinned {
  readonly payment_method_types: ReadonlyArray<string>
}
/** Raw card numbers are gated, so the SDK's type leaves them out here; the fields are those of a payment method. */
interface Raw {
  readonly payment_method_data?: {
    readonly type: "card"
    readonly card: Stripe.PaymentMethodCreateParams.Card
    readonly billing_details?: Stripe.PaymentIntentCreateParams.PaymentMethodData.BillingDetails
  }
}
const create = (params: Omit<CreateParams, "payment_method_data"> & Pinned & Raw) =>
  // what Pinned and Raw add is not in the SDK's type
  sdk.paymentIntents.create(params as CreateParams, once)

const eur = { minorUnits: 1000n, currencyCode: "EUR" }
const write = { idempotencyKey: "caller-key" }
const billingAddress = { line1: "Damrak 1", city: "Amsterdam", postalCode: "1012 LG", countryCode: "NL" }
const stripeAddress = { line1: "Damrak 1", city: "Amsterdam", postal_code: "1012 LG", country: "NL" }

const pairs: Readonly<Record<string, Pair>> = {
  ...methodPairs(sdk),
  "a card, with everything": {
    flow: "payment.authorize",
    input: {
      ...write,
      reference: "order-1",
      orderReference: "basket-1",
      amount: eur,
      captureMethod: "MANUAL",
      paymentMethod: {
        _tag: "Card",
        number: "4242424242424242",
        expiryMonth: 8,
        expiryYear: 2030,
        cvc: "737",
        holderName: "Ada Lovelace"
      },
      returnUrl: "https://shop.example/back?a=1&b=2",
      customer: { id: "cus_1", email: "ada@example.com", phone: "+31201234567" },
      billingAddress,
      shipping: { name: "Ada Lovelace", address: billingAddress, carrier: "PostNL", trackingNumber: "3SABC" },
      description: "Notes & engine = 100 % æther ☕",
      statementDescriptor: "ENGINE NOTES",
      metadata: { note: "a&b=c+d e" },
      threeDSecureRequest: "ALWAYS"
    },
    sdk: () =>
      create({
        amount: 1000,
        currency: "eur",
        confirm: true,
        capture_method: "manual",
        payment_method_types: ["card"],
        payment_method_data: {
          type: "card",
          card: { number: "4242424242424242", exp_month: 8, exp_year: 2030, cvc: "737" },
          billing_details: {
            name: "Ada Lovelace",
            email: "ada@example.com",
            phone: "+31201234567",
            address: stripeAddress
          }
        },
        payment_method_options: { card: { request_three_d_secure: "any" } },
        return_url: "https://shop.example/back?a=1&b=2",
        customer: "cus_1",
        shipping: { name: "Ada Lovelace", address: stripeAddress, carrier: "PostNL", tracking_number: "3SABC" },
        description: "Notes & engine = 100 % æther ☕",
        statement_descriptor_suffix: "ENGINE NOTES",
        metadata: { note: "a&b=c+d e", reference: "order-1", attempt: "1", order_reference: "basket-1" },
        expand: ["latest_charge"]
      })
  },
  "a saved payment method, authenticated elsewhere": {
    flow: "payment.authorize",
    input: {
      ...write,
      reference: "order-1",
      attempt: 2,
      amount: { minorUnits: 500n, currencyCode: "JPY" },
      captureMethod: "AUTOMATIC",
      paymentMethod: { _tag: "SavedPaymentMethod", id: "pm_1" },
      customer: { id: "cus_1" },
      threeDSecureResult: {
        version: "2.2.0",
        cryptogram: "AJkBByEyYgAAAASwgmEodQAAAAA=",
        transactionId: "f879ea1c-aa2c-4441-806d-e30406466d79",
        eci: "05",
        status: "AUTHENTICATED"
      }
    },
    sdk: () =>
      create({
        amount: 500,
        currency: "jpy",
        confirm: true,
        capture_method: "automatic",
        payment_method_types: ["card"],
        payment_method: "pm_1",
        customer: "cus_1",
        payment_method_options: {
          card: {
            three_d_secure: {
              version: "2.2.0",
              cryptogram: "AJkBByEyYgAAAASwgmEodQAAAAA=",
              transaction_id: "f879ea1c-aa2c-4441-806d-e30406466d79",
              electronic_commerce_indicator: "05",
              ares_trans_status: "Y"
            }
          }
        },
        metadata: { reference: "order-1", attempt: "2" },
        expand: ["latest_charge"]
      })
  },
  "a capture": {
    flow: "payment.capture",
    input: { ...write, reference: "capture-1", paymentId: "pi_1", amount: eur, statementDescriptor: "PART ONE" },
    sdk: () =>
      sdk.paymentIntents.capture(
        "pi_1",
        {
          amount_to_capture: 1000,
          statement_descriptor_suffix: "PART ONE",
          metadata: { capture_reference: "capture-1", capture_attempt: "1" },
          expand: ["latest_charge"]
        },
        once
      )
  },
  "a void": {
    flow: "payment.void",
    input: { ...write, reference: "void-1", paymentId: "pi_1", reason: "DUPLICATE" },
    sdk: () => sdk.paymentIntents.cancel("pi_1", { cancellation_reason: "duplicate", expand: ["latest_charge"] }, once)
  },
  "a look at a payment": {
    flow: "payment.get",
    input: { paymentId: "pi_1" },
    sdk: () => sdk.paymentIntents.retrieve("pi_1", { expand: ["latest_charge"] })
  },
  "a completion": {
    flow: "payment.complete",
    input: { reference: "complete-1", paymentId: "pi_1" },
    sdk: () => sdk.paymentIntents.retrieve("pi_1", { expand: ["latest_charge"] })
  },
  "a refund": {
    flow: "refund.create",
    input: { ...write, reference: "refund-1", paymentId: "pi_1", amount: eur, reason: "REQUESTED_BY_CUSTOMER" },
    sdk: () =>
      sdk.refunds.create(
        {
          payment_intent: "pi_1",
          amount: 1000,
          reason: "requested_by_customer",
          metadata: { reference: "refund-1", attempt: "1" }
        },
        once
      )
  },
  "a look at a refund": {
    flow: "refund.get",
    input: { refundId: "re_1" },
    sdk: () => sdk.refunds.retrieve("re_1")
  },
  "looking for a payment": {
    flow: "payment.authorize",
    lost: { reference: "order-1" },
    sdk: () =>
      sdk.paymentIntents.list({ created: { gte: start / 1000 - 86_400 }, limit: 100, expand: ["data.latest_charge"] })
  },
  "looking for a refund": {
    flow: "refund.create",
    lost: { reference: "order-1", paymentId: "pi_1" },
    sdk: () => sdk.refunds.list({ payment_intent: "pi_1", limit: 100 })
  }
}

describeWire(
  {
    connector: stripe,
    credentials: () => ({ secretKey, account }),
    // docs.stripe.com/api/errors
    answer: () => ({ status: 400, body: { error: { type: "invalid_request_error" } } }),
    mayDiffer: {
      accept: "the SDK names JSON; Stripe gives nothing else",
      "stripe-version": "the SDK is of a later API version than the published file that requests are checked against",
      "x-stripe-client-user-agent": "the SDK names its platform"
    }
  },
  pairs
)
