import type { Sends, Table } from "../Table.ts"
import { actions } from "./actions.ts"
import { declines, refusals, standings } from "./authorizeReplies.ts"
import { methods } from "./methods.ts"
import { authorised, ok } from "./replies.ts"
import { threeDSecure } from "./threeDSecure.ts"

type Cases = NonNullable<Table["payment.authorize"]>
type Input = Cases[number]["input"]

/** A card payment of 10.00 EUR, taken at once. */
export const input = {
  reference: "order-1",
  amount: { minorUnits: 1000n, currencyCode: "EUR" },
  captureMethod: "AUTOMATIC",
  // the published example post-payments-card-direct
  paymentMethod: { _tag: "Card", number: "4111111111111111", expiryMonth: 3, expiryYear: 2030, cvc: "737" },
  returnUrl: "https://shop.example/back?order=1"
} as const satisfies Input

/** The same in Adyen's words: the published example post-payments-card-direct, PaymentRequest.captureDelayHours. */
export const body = {
  merchantAccount: "ShopECOM",
  reference: "order-1",
  amount: { currency: "EUR", value: 1000 },
  paymentMethod: { type: "scheme", number: "4111111111111111", expiryMonth: "03", expiryYear: "2030", cvc: "737" },
  captureDelayHours: 0,
  returnUrl: "https://shop.example/back?order=1"
}

/** How a payment is sent. */
export const post = (body: object): Sends => ({
  method: "POST",
  path: "/payments",
  headers: { "x-api-key": "AQE_made_up_for_tests" },
  contentType: "application/json",
  body
})

/** docs.adyen.com/development-resources/currency-codes: decimals, where they differ from the standard's, and some others. */
const currencies: ReadonlyArray<readonly [code: string, minorUnits: bigint, value: number]> = [
  ["USD", 1099n, 1099],
  ["JPY", 500n, 500],
  ["BHD", 5124n, 5124],
  ["CLP", 500n, 50000],
  ["ISK", 500n, 50000],
  ["CVE", 50000n, 500],
  ["IDR", 1000000n, 10000]
]
const inCurrencies: Cases = currencies.map(([currencyCode, minorUnits, value]) => {
  const amount = { minorUnits, currencyCode }
  return {
    name: `${minorUnits} minor units of ${currencyCode}`,
    input: { ...input, amount },
    sends: post({ ...body, amount: { currency: currencyCode, value } }),
    reads: [
      {
        reply: { status: 200, body: { resultCode: "Authorised", amount: { currency: currencyCode, value } } },
        as: { status: "CAPTURED", amountCaptured: amount }
      }
    ]
  }
})

const address = {
  line1: "Damrak 1",
  line2: "2nd floor",
  city: "Amsterdam",
  region: "Noord-Holland",
  postalCode: "1012 LG",
  countryCode: "NL"
} as const

const details: Cases = [
  {
    name: "who pays, where goods go, and the merchant's own words",
    input: {
      ...input,
      orderReference: "basket-7",
      attempt: 2,
      paymentMethod: { ...input.paymentMethod, holderName: "A. Lovelace" },
      customer: {
        id: "shopper-1",
        name: "Ada Lovelace",
        givenName: "Ada",
        familyName: "Lovelace",
        email: "ada@example.com",
        phone: "+31201234567"
      },
      billingAddress: address,
      shipping: {
        name: "Ada Lovelace",
        address: { line1: "37C Redwood Block", city: "New York", region: "NY", postalCode: "10039", countryCode: "US" }
      },
      description: "Engine & notes",
      statementDescriptor: "ENGINE NOTES, 2",
      locale: "nl-NL",
      metadata: { "sku.1": "notes=1&2", empty: "" }
    },
    sends: post({
      ...body,
      merchantOrderReference: "basket-7",
      paymentMethod: { ...body.paymentMethod, holderName: "A. Lovelace" },
      shopperReference: "shopper-1",
      shopperEmail: "ada@example.com",
      telephoneNumber: "+31201234567",
      shopperName: { firstName: "Ada", lastName: "Lovelace" },
      // BillingAddress: the number apart; stateOrProvince has three characters at most
      billingAddress: {
        street: "Damrak",
        houseNumberOrName: "1 2nd floor",
        city: "Amsterdam",
        postalCode: "1012 LG",
        country: "NL"
      },
      // the published example post-payments-card-3d-secure-2-web
      deliveryAddress: {
        street: "Redwood Block",
        houseNumberOrName: "37C",
        city: "New York",
        stateOrProvince: "NY",
        postalCode: "10039",
        country: "US"
      },
      countryCode: "NL",
      shopperLocale: "nl-NL",
      shopperStatement: "ENGINE NOTES, 2",
      metadata: { "sku.1": "notes=1&2", empty: "" }
    })
  },
  {
    name: "a postal code alone, which the issuer may check",
    input: { ...input, billingAddress: { postalCode: "10039" }, customer: { name: "Ada Lovelace" } },
    // BillingAddress: all five are required, and ZZ is for a country that is not known
    sends: post({
      ...body,
      billingAddress: {
        street: "N/A",
        houseNumberOrName: "N/A",
        city: "N/A",
        postalCode: "10039",
        country: "ZZ"
      }
    })
  },
  {
    name: "a street without a number, and an address of nothing",
    input: { ...input, billingAddress: { line1: "Rozenhof" }, shipping: { name: "Ada Lovelace", address: {} } },
    sends: post({
      ...body,
      billingAddress: {
        street: "Rozenhof",
        houseNumberOrName: "N/A",
        city: "N/A",
        postalCode: "N/A",
        country: "ZZ"
      }
    })
  },
  {
    name: "the caller's own idempotency key",
    input: { ...input, idempotencyKey: "caller-key-1" },
    sends: { ...post(body), headers: { "idempotency-key": "caller-key-1" } }
  }
]

const { captureDelayHours: _, ...uncaptured } = body

/** Everything about `payment.authorize`. */
export const authorize: Cases = [
  { name: "a card", input, sends: post(body), reads: [...standings, ...declines, ...actions, ...refusals] },
  {
    name: "a card, to be captured later",
    input: { ...input, captureMethod: "MANUAL" },
    // AdditionalDataCommon.manualCapture
    sends: post({ ...uncaptured, additionalData: { manualCapture: "true" } }),
    reads: [
      {
        reply: { status: 200, body: { resultCode: "Authorised", pspReference: "993617895204576J" } },
        as: { status: "AUTHORIZED", final: false, amountAuthorized: undefined, amountCaptured: undefined }
      },
      {
        name: "less authorised than asked",
        reply: ok(authorised({ resultCode: "PartiallyAuthorised", amount: { currency: "EUR", value: 900 } })),
        as: {
          _tag: "AmountMismatch",
          found: { payment: { status: "AUTHORIZED", final: false, amountCaptured: undefined } }
        }
      }
    ]
  },
  {
    name: "a SEPA direct debit, of which nothing is collected when it is authorised",
    input: { ...input, paymentMethod: { _tag: "SepaDebit", iban: "NL13TEST0123456789", holderName: "A. Klaassen" } },
    sends: post({
      ...body,
      paymentMethod: { type: "sepadirectdebit", iban: "NL13TEST0123456789", ownerName: "A. Klaassen" }
    }),
    reads: [
      {
        reply: ok(authorised()),
        as: {
          paymentId: "993617895204576J",
          status: "PENDING",
          rawStatus: "Authorised",
          final: false,
          amount: { minorUnits: 1000n, currencyCode: "EUR" },
          amountAuthorized: undefined,
          amountCaptured: undefined,
          state: { captureMethod: "AUTOMATIC" }
        }
      }
    ]
  },
  {
    name: "a SEPA direct debit, to be collected later",
    input: {
      ...input,
      captureMethod: "MANUAL",
      paymentMethod: { _tag: "SepaDebit", iban: "NL13TEST0123456789", holderName: "A. Klaassen" }
    },
    sends: post({
      ...uncaptured,
      additionalData: { manualCapture: "true" },
      paymentMethod: { type: "sepadirectdebit", iban: "NL13TEST0123456789", ownerName: "A. Klaassen" }
    }),
    reads: [{ reply: ok(authorised()), as: { status: "AUTHORIZED", final: false } }]
  },
  ...methods(input, body),
  ...details,
  ...threeDSecure(input, body),
  ...inCurrencies
]
