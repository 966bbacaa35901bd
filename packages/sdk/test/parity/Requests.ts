import type { PaymentMethod } from "@connector-service/domain/PaymentMethod"
import type { RequestOf, Services } from "@connector-service/domain/Services"
import type { Friendly } from "../../src/Friendly.ts"
import { cardNumber } from "../inputs.ts"

/** A type with none of its fields left out. Deeper ones are what the test of every field is for. */
type Full<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> }
type Request<S extends keyof Services, M extends keyof Services[S]> = Full<Friendly<RequestOf<S, M>>>

const expiry = { expiryMonth: 12, expiryYear: 2030 } as const
// the cardholder's name as ISO/IEC 7813 writes it on track 1
const holderName = "NOOT/ANNA"
// twenty bytes, which is the length of the networks' cryptograms: EMV 3-D Secure 2.3.1, table A.1, Authentication Value
const cryptogram = Buffer.from(Array.from({ length: 20 }, (_, index) => index)).toString("base64")
// fully authenticated on Visa: https://docs.stripe.com/payments/payment-intents/three-d-secure-import
const eci = "05"

type Method<Tag extends PaymentMethod["_tag"]> = Full<Friendly<Extract<PaymentMethod, { readonly _tag: Tag }>>>

/** Every payment method, by its tag, with all its fields. */
export const paymentMethods: { readonly [Tag in PaymentMethod["_tag"]]: Method<Tag> } = {
  Card: { _tag: "Card", number: cardNumber, ...expiry, cvc: "123", holderName },
  NetworkToken: { _tag: "NetworkToken", number: cardNumber, ...expiry, cryptogram, eci, holderName },
  SavedPaymentMethod: { _tag: "SavedPaymentMethod", id: "pm_1" },
  // the fields of https://developer.apple.com/documentation/applepayontheweb/applepaypaymenttoken
  ApplePay: {
    _tag: "ApplePay",
    paymentData: '{"version":"EC_v1","data":"AA=="}',
    displayName: "Visa 4242",
    network: "Visa",
    transactionId: "e0cc90"
  },
  ApplePayDecrypted: { _tag: "ApplePayDecrypted", number: cardNumber, ...expiry, cryptogram, eci, holderName },
  // the fields of https://developers.google.com/pay/api/web/guides/resources/payment-data-cryptography
  GooglePay: { _tag: "GooglePay", token: '{"protocolVersion":"ECv2","signature":"AA=="}' },
  GooglePayDecrypted: { _tag: "GooglePayDecrypted", number: cardNumber, ...expiry, cryptogram, eci, holderName },
  Paypal: { _tag: "Paypal" },
  Ideal: { _tag: "Ideal" },
  Bancontact: { _tag: "Bancontact", card: { number: cardNumber, ...expiry, holderName } },
  // Germany's example in the IBAN registry: https://www.swift.com/standards/data-standards/iban
  SepaDebit: { _tag: "SepaDebit", iban: "DE89370400440532013000", holderName: "Anna Noot" },
  Klarna: { _tag: "Klarna" },
  Blik: { _tag: "Blik", code: "777123" }
}

/** When the writes below were first sent: within the scripted processor's hour, and before any call of the tests. */
export const firstSentAt = new Date(Date.now() - 60_000)

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const write = { reference: "full-1", attempt: 2, firstSentAt, idempotencyKey: "key-1" } as const
const state = { order: "o-1", customer: "c-1" }
const metadata = { cart: "cart-1", shop: "Zoë's" }
const paymentId = "p-1"

const address = {
  line1: "Keizersgracht 1",
  line2: "2 hoog",
  city: "Amsterdam",
  region: "Noord-Holland",
  postalCode: "1015 CC",
  // ISO 3166-1
  countryCode: "NL"
}
// ITU-T E.164
const phone = "+31201234567"

const authorize: Request<"payment", "authorize"> = {
  ...write,
  orderReference: "order-1",
  amount: eur(1000n),
  paymentMethod: paymentMethods.Card,
  captureMethod: "MANUAL",
  // example domains: RFC 2606
  returnUrl: "https://shop.example/return?order=1",
  customer: {
    id: "cus_1",
    name: "Anna Noot",
    email: "anna@payer.example",
    phone,
    givenName: "Anna",
    familyName: "Noot"
  },
  billingAddress: address,
  shipping: {
    name: "Bo Noot",
    address: { ...address, line1: "Prinsengracht 3" },
    phone,
    carrier: "PostNL",
    trackingNumber: "3S1"
  },
  description: "Two books — “and a pen”",
  statementDescriptor: "BOOKS 123",
  metadata,
  threeDSecureRequest: "CHALLENGE",
  threeDSecureResult: {
    version: "2.2.0",
    cryptogram,
    // a UUID, as EMV 3-D Secure has it: the example of RFC 4122, section 3
    transactionId: "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    eci,
    status: "AUTHENTICATED"
  },
  // EMV 3-D Secure 2.3.1, table A.1: the fields of browserInformation
  browser: {
    userAgent: "Mozilla/5.0",
    acceptHeader: "text/html",
    language: "nl-NL",
    colorDepth: 24,
    screenHeight: 1080,
    screenWidth: 1920,
    timeZoneOffset: -60,
    javaEnabled: true,
    // for documentation: RFC 5737
    ipAddress: "198.51.100.7"
  },
  lineItems: [
    { name: "Book", quantity: 2, unitAmount: eur(400n), unitTax: eur(33n), taxRate: 900, sku: "b-1" },
    { name: "Pen", quantity: 1, unitAmount: eur(200n), unitTax: eur(35n), taxRate: 2100, sku: "p-1" }
  ],
  locale: "nl-NL",
  earlierPayment: { paymentId: "p-0", state: { order: "o-0" } },
  state
}

/** A webhook of the scripted processor's, which says in its body what it is: see Scripted.ts. */
export const delivery = (is: string, signature = "wh-new") => ({
  method: "POST",
  url: "/webhooks?shop=1",
  headers: [
    ["X-Signature", signature],
    ["Accept", "a"],
    ["accept", "b"]
  ] as const,
  // bytes that are no UTF-8, which every face has to keep
  body: Uint8Array.from([...Buffer.from(is), 0xff, 0x00])
})

/** A request with every field, for every flow. */
export const requests: { readonly [S in keyof Services]: { readonly [M in keyof Services[S]]: Request<S, M> } } = {
  payment: {
    authorize,
    capture: { ...write, paymentId, amount: eur(500n), statementDescriptor: "BOOKS 123", metadata, state },
    void: { ...write, paymentId, reason: "ABANDONED", state },
    reverse: { ...write, paymentId, state },
    get: { paymentId, state },
    complete: { ...write, paymentId, amount: eur(1000n), returned: { PaRes: "eJzT", MD: "1" }, state }
  },
  refund: {
    create: { ...write, paymentId, amount: eur(500n), reason: "REQUESTED_BY_CUSTOMER", metadata, state },
    get: { refundId: "f-1", state }
  },
  settlement: {
    settle: {
      unsettled: {
        flow: "payment.authorize",
        reference: "taken",
        attempt: 2,
        paymentId,
        amount: eur(1000n),
        firstSentAt,
        lastSentAt: firstSentAt,
        state
      }
    }
  },
  webhook: { identify: { delivery: delivery("identified") }, receive: { delivery: delivery("all") } },
  connector: { list: {}, get: { id: "few" } }
}
