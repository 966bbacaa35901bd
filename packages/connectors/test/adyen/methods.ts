import type { Sends, Table } from "../Table.ts"

type Cases = NonNullable<Table["payment.authorize"]>
type Input = Cases[number]["input"]
type Method = Input["paymentMethod"]

/** Apple's PKPaymentToken.paymentData, of the outer form only (developer.apple.com, "Payment token format reference"). */
const paymentData = '{"version":"EC_v1","data":"made-up","signature":"made-up","header":{"transactionId":"0f"}}'

/** Made up, but for the cryptogram, which is that of Active Merchant's tests of Adyen. */
const decrypted = {
  _tag: "ApplePayDecrypted",
  number: "4111111111111111",
  expiryMonth: 12,
  expiryYear: 2031,
  cryptogram: "YwAAAAAABaYcCMX/OhNRQAAAAAA="
} as const satisfies Method

/** Payment methods by name: ours, and Adyen's (schemas of the published file; docs.adyen.com/payment-methods). */
const pairs: ReadonlyArray<readonly [name: string, ours: Method, adyens: object, more?: object]> = [
  [
    "a network token with its cryptogram",
    {
      _tag: "NetworkToken",
      number: "5555555555554444",
      expiryMonth: 12,
      expiryYear: 2031,
      cryptogram: "AgAAAAAABk4DWZ4C28yUQAAAAAA=",
      eci: "7",
      holderName: "Ada Lovelace"
    },
    {
      type: "networkToken",
      number: "5555555555554444",
      expiryMonth: "12",
      expiryYear: "2031",
      holderName: "Ada Lovelace"
    },
    // ThreeDSecureData.tokenAuthenticationVerificationValue: the network token cryptogram
    { mpiData: { tokenAuthenticationVerificationValue: "AgAAAAAABk4DWZ4C28yUQAAAAAA=", eci: "07" } }
  ],
  [
    "a network token without one",
    { _tag: "NetworkToken", number: "5555555555554444", expiryMonth: 12, expiryYear: 2031 },
    { type: "networkToken", number: "5555555555554444", expiryMonth: "12", expiryYear: "2031" }
  ],
  // the published example post-payments-oneclick-securedfields
  [
    "a saved payment method",
    { _tag: "SavedPaymentMethod", id: "8416038790273850" },
    { type: "scheme", storedPaymentMethodId: "8416038790273850" },
    { shopperInteraction: "ContAuth", recurringProcessingModel: "CardOnFile" }
  ],
  // ApplePayDetails.applePayToken: "stringified and base64 encoded"
  [
    "Apple Pay",
    { _tag: "ApplePay", paymentData, network: "Visa" },
    { type: "applepay", applePayToken: Buffer.from(paymentData).toString("base64") }
  ],
  // CardDetails and ThreeDSecureData of the published file; which wallet, and that its cryptogram is `cavv` with both
  // responses Y: github.com/activemerchant/active_merchant/pull/2971 and /5155, killbill/killbill-adyen-plugin/pull/102,
  // juspay/hyperswitch-prism/pull/509
  [
    "Apple Pay, decrypted",
    {
      _tag: "ApplePayDecrypted",
      number: "4111111111111111",
      expiryMonth: 8,
      expiryYear: 2031,
      cryptogram: "YwAAAAAABaYcCMX/OhNRQAAAAAA=",
      eci: "7",
      holderName: "Ada Lovelace"
    },
    {
      type: "scheme",
      number: "4111111111111111",
      expiryMonth: "08",
      expiryYear: "2031",
      holderName: "Ada Lovelace",
      brand: "applepay"
    },
    {
      additionalData: { "paymentdatasource.type": "applepay" },
      mpiData: {
        cavv: "YwAAAAAABaYcCMX/OhNRQAAAAAA=",
        eci: "07",
        directoryResponse: "Y",
        authenticationResponse: "Y"
      }
    }
  ],
  [
    "Apple Pay, decrypted, with no indicator",
    decrypted,
    { type: "scheme", number: "4111111111111111", expiryMonth: "12", expiryYear: "2031", brand: "applepay" },
    {
      additionalData: { "paymentdatasource.type": "applepay" },
      mpiData: { cavv: "YwAAAAAABaYcCMX/OhNRQAAAAAA=", directoryResponse: "Y", authenticationResponse: "Y" }
    }
  ],
  // github.com/activemerchant/active_merchant/pull/4763: `googlepay`, as Adyen advised; killbill-adyen-plugin,
  // PaymentRequestBuilder: `paymentdatasource.tokenized` says whether the number is the device's own
  [
    "Google Pay, decrypted",
    {
      _tag: "GooglePayDecrypted",
      number: "5555555555554444",
      expiryMonth: 12,
      expiryYear: 2031,
      cryptogram: "AgAAAAAABk4DWZ4C28yUQAAAAAA=",
      eci: "02"
    },
    { type: "scheme", number: "5555555555554444", expiryMonth: "12", expiryYear: "2031", brand: "googlepay" },
    {
      additionalData: { "paymentdatasource.type": "googlepay", "paymentdatasource.tokenized": "true" },
      mpiData: {
        cavv: "AgAAAAAABk4DWZ4C28yUQAAAAAA=",
        eci: "02",
        directoryResponse: "Y",
        authenticationResponse: "Y"
      }
    }
  ],
  // github.com/activemerchant/active_merchant/pull/5221: the card's own number
  [
    "a card's number out of Google Pay",
    { _tag: "GooglePayDecrypted", number: "5555555555554444", expiryMonth: 3, expiryYear: 2030 },
    { type: "scheme", number: "5555555555554444", expiryMonth: "03", expiryYear: "2030", brand: "googlepay" },
    { additionalData: { "paymentdatasource.type": "googlepay", "paymentdatasource.tokenized": "false" } }
  ],
  // GooglePayDetails.googlePayToken
  [
    "Google Pay",
    { _tag: "GooglePay", token: '{"signature":"made-up","protocolVersion":"ECv2"}' },
    { type: "googlepay", googlePayToken: '{"signature":"made-up","protocolVersion":"ECv2"}' }
  ],
  ["PayPal", { _tag: "Paypal" }, { type: "paypal", subtype: "redirect" }],
  // the published example post-payments-ideal
  ["iDEAL", { _tag: "Ideal" }, { type: "ideal" }],
  [
    "a Bancontact card",
    {
      _tag: "Bancontact",
      // docs.adyen.com, "Test card numbers": Bancontact
      card: { number: "6703444444444449", expiryMonth: 3, expiryYear: 2030, holderName: "Ada Lovelace" }
    },
    { type: "bcmc", number: "6703444444444449", expiryMonth: "03", expiryYear: "2030", holderName: "Ada Lovelace" }
  ],
  ["the Bancontact app", { _tag: "Bancontact" }, { type: "bcmc_mobile" }],
  // docs.adyen.com/payment-methods/blik: 777123 is a test code
  ["BLIK", { _tag: "Blik", code: "777123" }, { type: "blik", blikCode: "777123" }]
]

const post = (body: object): Sends => ({ method: "POST", path: "/payments", contentType: "application/json", body })

/** The published example post-payments-klarna: two items, the second one twice. */
const klarna = (input: Input, body: object): Cases[number] => ({
  name: "Klarna",
  input: {
    ...input,
    amount: { minorUnits: 1000n, currencyCode: "SEK" },
    paymentMethod: { _tag: "Klarna" },
    locale: "en-US",
    lineItems: [
      {
        name: "Shoes",
        quantity: 1,
        unitAmount: { minorUnits: 400n, currencyCode: "SEK" },
        unitTax: { minorUnits: 69n, currencyCode: "SEK" },
        taxRate: 2100,
        sku: "Item #1"
      },
      { name: "Socks", quantity: 2, unitAmount: { minorUnits: 300n, currencyCode: "SEK" } }
    ]
  },
  sends: post({
    ...body,
    amount: { currency: "SEK", value: 1000 },
    paymentMethod: { type: "klarna" },
    shopperLocale: "en-US",
    lineItems: [
      {
        id: "Item #1",
        description: "Shoes",
        quantity: 1,
        amountIncludingTax: 400,
        amountExcludingTax: 331,
        taxAmount: 69,
        taxPercentage: 2100
      },
      { description: "Socks", quantity: 2, amountIncludingTax: 300 }
    ]
  })
})

/** A payment by each method but a card. */
export const methods = (input: Input, body: object): Cases => [
  ...pairs.map(([name, paymentMethod, adyens, more]) => ({
    name,
    input: { ...input, paymentMethod },
    sends: post({ ...body, paymentMethod: adyens, ...more })
  })),
  klarna(input, body),
  {
    name: "Apple Pay, decrypted, to be captured later",
    input: { ...input, captureMethod: "MANUAL", paymentMethod: decrypted },
    sends: post({
      ...body,
      captureDelayHours: undefined,
      additionalData: { "paymentdatasource.type": "applepay", manualCapture: "true" },
      paymentMethod: {
        type: "scheme",
        number: "4111111111111111",
        expiryMonth: "12",
        expiryYear: "2031",
        brand: "applepay"
      },
      mpiData: { cavv: "YwAAAAAABaYcCMX/OhNRQAAAAAA=", directoryResponse: "Y", authenticationResponse: "Y" }
    })
  }
]
