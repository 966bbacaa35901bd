import type { Sends, Table } from "../Table.ts"
import { declines, refusals, standings } from "./authorizeReplies.ts"
import { methods } from "./methods.ts"

type Cases = NonNullable<Table["payment.authorize"]>
type Input = Cases[number]["input"]

const form = "application/x-www-form-urlencoded"
const returnUrl = "https://shop.example/back?order=1"
const input = {
  reference: "order-1",
  amount: { minorUnits: 1000n, currencyCode: "EUR" },
  captureMethod: "AUTOMATIC",
  // docs.stripe.com/testing
  paymentMethod: { _tag: "Card", number: "4242424242424242", expiryMonth: 8, expiryYear: 2030, cvc: "737" }
} as const satisfies Input
const saved = { ...input, paymentMethod: { _tag: "SavedPaymentMethod", id: "pm_1" } } as const satisfies Input

// The API reference: docs.stripe.com/api/payment_intents/create, docs.stripe.com/api/versioning
const body = {
  amount: "1000",
  currency: "eur",
  confirm: "true",
  capture_method: "automatic",
  payment_method_types: ["card"],
  payment_method_data: {
    type: "card",
    card: { number: "4242424242424242", exp_month: "8", exp_year: "2030", cvc: "737" }
  },
  metadata: { reference: "order-1", attempt: "1" },
  expand: ["latest_charge"]
}
const { payment_method_data: _, ...shared } = body
const savedBody = { ...shared, payment_method: "pm_1" }
const post = (body: object): Sends => ({
  method: "POST",
  path: "/v1/payment_intents",
  headers: {
    authorization: "Bearer sk_test_made_up_for_tests",
    "stripe-account": "acct_madeup1",
    "stripe-version": "2023-08-16"
  },
  contentType: form,
  body
})
const options = (card: object) => ({ payment_method_options: { card } })

/** docs.stripe.com/currencies: zero-decimal, special cases, three-decimal; the amounts are the same sums of money. */
const currencies: ReadonlyArray<readonly [code: string, minorUnits: bigint, amount: string]> = [
  ["USD", 1099n, "1099"],
  ["JPY", 500n, "500"],
  ["KRW", 500n, "500"],
  ["ISK", 500n, "50000"],
  ["UGX", 5000n, "500000"],
  ["MGA", 120000n, "1200"],
  ["HUF", 1050n, "1050"],
  ["BHD", 5120n, "5120"],
  ["JOD", 5120n, "5120"],
  ["KWD", 5120n, "5120"],
  ["OMR", 5120n, "5120"],
  ["TND", 5120n, "5120"]
]
const inCurrencies: Cases = currencies.map(([currencyCode, minorUnits, amount]) => ({
  name: `${minorUnits} minor units of ${currencyCode}`,
  input: { ...input, amount: { minorUnits, currencyCode } },
  sends: post({ ...body, amount, currency: currencyCode.toLowerCase() })
}))

const threeDSecure: Cases = [
  ...(
    [
      ["IF_REQUIRED", "automatic"],
      ["ALWAYS", "any"],
      ["CHALLENGE", "challenge"]
    ] as const
  ).map(([threeDSecureRequest, word]) => ({
    name: `3-D Secure ${threeDSecureRequest}`,
    input: { ...input, threeDSecureRequest, returnUrl },
    sends: post({ ...body, ...options({ request_three_d_secure: word }), return_url: returnUrl })
  })),
  {
    name: "results of a 3-D Secure brought along",
    input: {
      ...input,
      threeDSecureResult: {
        version: "2.2.0",
        cryptogram: "AJkBByEyYgAAAASwgmEodQAAAAA=",
        transactionId: "f879ea1c-aa2c-4441-806d-e30406466d79",
        eci: "05",
        status: "AUTHENTICATED"
      }
    },
    sends: post({
      ...body,
      ...options({
        three_d_secure: {
          version: "2.2.0",
          cryptogram: "AJkBByEyYgAAAASwgmEodQAAAAA=",
          transaction_id: "f879ea1c-aa2c-4441-806d-e30406466d79",
          electronic_commerce_indicator: "05",
          ares_trans_status: "Y"
        }
      })
    })
  },
  {
    name: "an indicator of one digit, which Stripe knows only with two",
    input: {
      ...input,
      threeDSecureResult: {
        version: "2.1.0",
        cryptogram: "AJkBByEyYgAAAASwgmEodQAAAAA=",
        transactionId: "f879ea1c-aa2c-4441-806d-e30406466d79",
        eci: "6",
        status: "ATTEMPTED"
      }
    },
    sends: post({
      ...body,
      ...options({
        three_d_secure: {
          version: "2.1.0",
          cryptogram: "AJkBByEyYgAAAASwgmEodQAAAAA=",
          transaction_id: "f879ea1c-aa2c-4441-806d-e30406466d79",
          electronic_commerce_indicator: "06",
          ares_trans_status: "A"
        }
      })
    })
  }
]

const address = {
  line1: "Damrak 1",
  line2: "2nd floor",
  city: "Amsterdam",
  region: "Noord-Holland",
  postalCode: "1012 LG",
  countryCode: "NL"
} as const
const stripeAddress = {
  line1: "Damrak 1",
  line2: "2nd floor",
  city: "Amsterdam",
  state: "Noord-Holland",
  postal_code: "1012 LG",
  country: "NL"
}

const details: Cases = [
  {
    name: "who pays, where goods go, and the merchant's own words",
    input: {
      ...input,
      orderReference: "basket-7",
      attempt: 2,
      paymentMethod: { ...input.paymentMethod, holderName: "A. Lovelace" },
      customer: { id: "cus_1", name: "Ada Lovelace", email: "ada@example.com", phone: "+31201234567" },
      billingAddress: address,
      shipping: {
        name: "Ada Lovelace",
        address,
        phone: "+31201234567",
        carrier: "PostNL",
        trackingNumber: "3SABC1234567890"
      },
      description: "Engine & notes; 100 % æther",
      statementDescriptor: "ENGINE NOTES",
      metadata: { "sku.1": "notes=1&2", empty: "" }
    },
    sends: post({
      ...body,
      payment_method_data: {
        ...body.payment_method_data,
        billing_details: {
          name: "A. Lovelace",
          email: "ada@example.com",
          phone: "+31201234567",
          address: stripeAddress
        }
      },
      customer: "cus_1",
      shipping: {
        name: "Ada Lovelace",
        address: stripeAddress,
        phone: "+31201234567",
        carrier: "PostNL",
        tracking_number: "3SABC1234567890"
      },
      description: "Engine & notes; 100 % æther",
      statement_descriptor_suffix: "ENGINE NOTES",
      metadata: {
        "sku.1": "notes=1&2",
        empty: "",
        reference: "order-1",
        attempt: "2",
        order_reference: "basket-7"
      }
    })
  },
  {
    name: "the customer's name where the card has none",
    input: { ...input, customer: { name: "Ada Lovelace" } },
    sends: post({
      ...body,
      payment_method_data: { ...body.payment_method_data, billing_details: { name: "Ada Lovelace" } }
    })
  },
  {
    name: "a customer's saved payment method",
    input: { ...saved, customer: { id: "cus_1" } },
    sends: post({ ...savedBody, customer: "cus_1" })
  },
  {
    name: "the caller's own idempotency key",
    input: { ...input, idempotencyKey: "caller-key-1" },
    sends: { ...post(body), headers: { "idempotency-key": "caller-key-1" } }
  }
]

const tokens: Cases = [
  {
    name: "a network token with its cryptogram",
    input: {
      ...input,
      paymentMethod: {
        _tag: "NetworkToken",
        number: "5555555555554444",
        expiryMonth: 12,
        expiryYear: 2031,
        cryptogram: "AgAAAAAABk4DWZ4C28yUQAAAAAA=",
        eci: "07"
      }
    },
    // Active Merchant, lib/active_merchant/billing/gateways/stripe_payment_intents.rb
    sends: post({
      ...body,
      payment_method_data: {
        type: "card",
        card: { network_token: { number: "5555555555554444", exp_month: "12", exp_year: "2031" } }
      },
      ...options({ network_token: { cryptogram: "AgAAAAAABk4DWZ4C28yUQAAAAAA=", electronic_commerce_indicator: "07" } })
    })
  }
]

/** Everything about `payment.authorize`. */
export const authorize: Cases = [
  { name: "a card", input, sends: post(body), reads: [...standings, ...declines, ...refusals] },
  {
    name: "a card, to be captured later",
    input: { ...input, captureMethod: "MANUAL" },
    sends: post({ ...body, capture_method: "manual" })
  },
  ...tokens,
  ...details,
  ...threeDSecure,
  ...inCurrencies,
  ...methods
]
