import type { Sends, Table } from "../Table.ts"
import { declines, refusals, standings } from "./authorizeReplies.ts"
import { methods } from "./methods.ts"
import { value } from "./replies.ts"

type Cases = NonNullable<Table["payment.authorize"]>
type Input = Cases[number]["input"]

const returnUrl = "https://shop.example/back?order=1"
const input = {
  reference: "order-1",
  amount: { minorUnits: 1000n, currencyCode: "EUR" },
  captureMethod: "AUTOMATIC",
  // developer.paypal.com/tools/sandbox/card-testing
  paymentMethod: { _tag: "Card", number: "4012888888881881", expiryMonth: 8, expiryYear: 2030, cvc: "737" }
} as const satisfies Input

// The API reference: developer.paypal.com/docs/api/orders/v2/#orders_create
const unit = { invoice_id: "order-1", custom_id: "order-1", amount: value("10.00") }
const card = { number: "4012888888881881", expiry: "2030-08", security_code: "737" }
const body = { intent: "CAPTURE", purchase_units: [unit], payment_source: { card } }
const post = (body: object): Sends => ({
  method: "POST",
  path: "/v2/checkout/orders",
  headers: { authorization: "Bearer A21AAmadeup", prefer: "return=representation" },
  contentType: "application/json",
  body
})

/** developer.paypal.com/api/rest/reference/currency-codes: HUF, JPY, TWD have no decimals; the sums are the same. */
const currencies: ReadonlyArray<readonly [code: string, minorUnits: bigint, text: string]> = [
  ["USD", 1099n, "10.99"],
  ["USD", 5n, "0.05"],
  ["JPY", 500n, "500"],
  ["HUF", 50000n, "500"],
  ["TWD", 50000n, "500"],
  ["MXN", 100n, "1.00"]
]
const inCurrencies: Cases = currencies.map(([currencyCode, minorUnits, text]) => ({
  name: `${minorUnits} minor units of ${currencyCode}`,
  input: { ...input, amount: { minorUnits, currencyCode } },
  sends: post({ ...body, purchase_units: [{ ...unit, amount: value(text, currencyCode) }] })
}))

/** github.com/paypal/PayPal-PHP-Server-SDK, doc/models/orders-card-verification-method.md */
const threeDSecure: Cases = (
  [
    ["IF_REQUIRED", "SCA_WHEN_REQUIRED"],
    ["ALWAYS", "SCA_ALWAYS"]
  ] as const
).map(([threeDSecureRequest, method]) => ({
  name: `3-D Secure ${threeDSecureRequest}`,
  input: { ...input, threeDSecureRequest, returnUrl },
  sends: post({
    ...body,
    payment_source: {
      card: {
        ...card,
        attributes: { verification: { method } },
        experience_context: { return_url: returnUrl, cancel_url: returnUrl }
      }
    }
  })
}))

const address = {
  line1: "Damrak 1",
  line2: "2nd floor",
  city: "Amsterdam",
  region: "Noord-Holland",
  postalCode: "1012 LG",
  countryCode: "NL"
} as const
const paypalAddress = {
  address_line_1: "Damrak 1",
  address_line_2: "2nd floor",
  admin_area_2: "Amsterdam",
  admin_area_1: "Noord-Holland",
  postal_code: "1012 LG",
  country_code: "NL"
}
const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })

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
      shipping: { name: "Ada Lovelace", address, phone: "+31201234567", carrier: "PostNL" },
      description: "Engine & notes; 100 % æther",
      statementDescriptor: "ENGINE NOTES",
      metadata: { sku: "notes" },
      locale: "nl-NL"
    },
    sends: post({
      ...body,
      purchase_units: [
        {
          ...unit,
          invoice_id: "order-1/2",
          custom_id: "basket-7",
          description: "Engine & notes; 100 % æther",
          soft_descriptor: "ENGINE NOTES",
          shipping: { name: { full_name: "Ada Lovelace" }, address: paypalAddress }
        }
      ],
      payment_source: { card: { ...card, name: "A. Lovelace", billing_address: paypalAddress } }
    })
  },
  {
    name: "line items with tax",
    input: {
      ...input,
      lineItems: [
        { name: "Hat", quantity: 2, unitAmount: eur(363n), unitTax: eur(63n), taxRate: 2100, sku: "HAT" },
        { name: "Band", quantity: 1, unitAmount: eur(274n) }
      ]
    },
    sends: post({
      ...body,
      purchase_units: [
        {
          ...unit,
          amount: { ...value("10.00"), breakdown: { item_total: value("8.74"), tax_total: value("1.26") } },
          items: [
            { name: "Hat", quantity: "2", sku: "HAT", unit_amount: value("3.00"), tax: value("0.63") },
            { name: "Band", quantity: "1", unit_amount: value("2.74") }
          ]
        }
      ]
    })
  },
  {
    name: "line items without tax",
    input: { ...input, lineItems: [{ name: "Hat", quantity: 5, unitAmount: eur(200n) }] },
    sends: post({
      ...body,
      purchase_units: [
        {
          ...unit,
          amount: { ...value("10.00"), breakdown: { item_total: value("10.00") } },
          items: [{ name: "Hat", quantity: "5", unit_amount: value("2.00") }]
        }
      ]
    })
  },
  { name: "an empty list of line items", input: { ...input, lineItems: [] }, sends: post(body) },
  {
    name: "the caller's own idempotency key",
    input: { ...input, idempotencyKey: "caller-key-1" },
    sends: { ...post(body), headers: { "paypal-request-id": "caller-key-1" } }
  }
]

/** Everything about `payment.authorize`. */
export const authorize: Cases = [
  { name: "a card", input, sends: post(body), reads: [...standings, ...declines, ...refusals] },
  {
    name: "a card, to be captured later",
    input: { ...input, captureMethod: "MANUAL" },
    sends: post({ ...body, intent: "AUTHORIZE" })
  },
  ...methods,
  ...details,
  ...threeDSecure,
  ...inCurrencies
]
