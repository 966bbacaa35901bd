import type { Sends, Table } from "../Table.ts"
import { value } from "./replies.ts"

type Cases = NonNullable<Table["payment.authorize"]>
type Input = Cases[number]["input"]

const returnUrl = "https://shop.example/back?order=1"
const back = { return_url: returnUrl, cancel_url: returnUrl }
const billingAddress = { line1: "Damrak 1", city: "Amsterdam", postalCode: "1012 LG", countryCode: "NL" }
const billing_address = {
  address_line_1: "Damrak 1",
  admin_area_2: "Amsterdam",
  postal_code: "1012 LG",
  country_code: "NL"
}
const expiry = { expiryMonth: 12, expiryYear: 2031 }
const cryptogram = "AgAAAAAABk4DWZ4C28yUQAAAAAA="

const input = {
  reference: "order-1",
  amount: { minorUnits: 1000n, currencyCode: "EUR" },
  captureMethod: "AUTOMATIC"
} as const
const sends = (payment_source: object, more: object = {}): Sends => ({
  method: "POST",
  path: "/v2/checkout/orders",
  contentType: "application/json",
  body: {
    intent: "CAPTURE",
    purchase_units: [{ invoice_id: "order-1", custom_id: "order-1", amount: value("10.00") }],
    payment_source,
    ...more
  }
})

/** EMV 3-D Secure's indicators; PayPal's words, github.com/paypal/PayPal-PHP-Server-SDK, doc/models/eci-flag.md. */
const indicators = [
  ["5555555555554444", "02", "MASTERCARD_FULLY_AUTHENTICATED_TRANSACTION"],
  ["5555555555554444", "1", "MASTERCARD_ATTEMPTED_AUTHENTICATION_TRANSACTION"],
  ["5555555555554444", "00", "MASTERCARD_NON_3D_SECURE_TRANSACTION"],
  ["4012888888881881", "05", "FULLY_AUTHENTICATED_TRANSACTION"],
  ["4012888888881881", "6", "ATTEMPTED_AUTHENTICATION_TRANSACTION"],
  ["371449635398431", "07", "NON_3D_SECURE_TRANSACTION"],
  ["3530111333300000", "05", "FULLY_AUTHENTICATED_TRANSACTION"],
  ["30569309025904", "06", "ATTEMPTED_AUTHENTICATION_TRANSACTION"]
] as const

/** The published file, `network_token_request`. */
const tokens: Cases = [
  ...indicators.map(([number, eci, eci_flag]) => ({
    name: `a network token ${number} with the indicator ${eci}`,
    input: { ...input, paymentMethod: { _tag: "NetworkToken", number, ...expiry, cryptogram, eci } } as const,
    sends: sends({ card: { network_token: { number, expiry: "2031-12", cryptogram, eci_flag } } })
  })),
  {
    name: "a network token and no more",
    input: { ...input, paymentMethod: { _tag: "NetworkToken", number: "4012888888881881", ...expiry } },
    sends: sends({ card: { network_token: { number: "4012888888881881", expiry: "2031-12" } } })
  }
]

const device = { number: "4012888888881881", ...expiry, holderName: "Ada Lovelace" } as const
const deviceCard = { name: "Ada Lovelace", number: "4012888888881881", expiry: "2031-12", billing_address }

const wallets: Cases = [
  {
    // the published file, apple_pay_request
    name: "Apple Pay, decrypted",
    input: {
      ...input,
      billingAddress,
      paymentMethod: { _tag: "ApplePayDecrypted", ...device, cryptogram, eci: "7" }
    },
    sends: sends({
      apple_pay: {
        decrypted_token: {
          transaction_amount: value("10.00"),
          tokenized_card: deviceCard,
          payment_data_type: "3DSECURE",
          payment_data: { cryptogram, eci_indicator: "07" }
        }
      }
    })
  },
  {
    // @paypal/paypal-server-sdk, GooglePayDecryptedTokenData
    name: "Google Pay, decrypted, with a cryptogram",
    input: {
      ...input,
      billingAddress,
      returnUrl,
      paymentMethod: { _tag: "GooglePayDecrypted", ...device, cryptogram, eci: "05" }
    },
    sends: sends({
      google_pay: {
        decrypted_token: {
          payment_method: "CARD",
          authentication_method: "CRYPTOGRAM_3DS",
          card: deviceCard,
          cryptogram,
          eci_indicator: "05"
        },
        experience_context: back
      }
    })
  },
  {
    name: "Google Pay, decrypted, a card number",
    input: { ...input, paymentMethod: { _tag: "GooglePayDecrypted", number: "4012888888881881", ...expiry } },
    sends: sends({
      google_pay: {
        decrypted_token: {
          payment_method: "CARD",
          authentication_method: "PAN_ONLY",
          card: { number: "4012888888881881", expiry: "2031-12" }
        }
      }
    })
  },
  {
    // the published file, paypal_wallet
    name: "PayPal",
    input: { ...input, returnUrl, paymentMethod: { _tag: "Paypal" } },
    sends: sends({
      paypal: { experience_context: { ...back, user_action: "PAY_NOW", shipping_preference: "NO_SHIPPING" } }
    })
  },
  {
    name: "PayPal, with what is known of the payer",
    input: {
      ...input,
      returnUrl,
      locale: "nl-NL",
      customer: { givenName: "Ada", familyName: "Lovelace", email: "ada@example.com" },
      shipping: { name: "Ada Lovelace", address: billingAddress },
      paymentMethod: { _tag: "Paypal" }
    },
    sends: sends(
      {
        paypal: {
          email_address: "ada@example.com",
          name: { given_name: "Ada", surname: "Lovelace" },
          experience_context: {
            ...back,
            locale: "nl-NL",
            user_action: "PAY_NOW",
            shipping_preference: "SET_PROVIDED_ADDRESS"
          }
        }
      },
      {
        purchase_units: [
          {
            invoice_id: "order-1",
            custom_id: "order-1",
            amount: value("10.00"),
            shipping: { name: { full_name: "Ada Lovelace" }, address: billing_address }
          }
        ]
      }
    )
  },
  {
    name: "PayPal, in a language of three letters, which it has none of",
    input: { ...input, returnUrl, locale: "fil-PH", paymentMethod: { _tag: "Paypal" } },
    sends: sends({
      paypal: { experience_context: { ...back, user_action: "PAY_NOW", shipping_preference: "NO_SHIPPING" } }
    })
  }
]

/** The published file, `vault_id` of `card_request` and `paypal_wallet`. */
const saved: Cases = [
  {
    name: "a saved card",
    input: { ...input, returnUrl, paymentMethod: { _tag: "SavedPaymentMethod", id: "8kk8451t" } },
    sends: sends({ card: { vault_id: "8kk8451t", experience_context: back } })
  },
  {
    name: "a saved wallet",
    input: {
      ...input,
      paymentMethod: { _tag: "SavedPaymentMethod", id: "8kk8451t" },
      state: { paymentSource: "paypal" }
    },
    sends: sends({ paypal: { vault_id: "8kk8451t" } })
  }
]

const approval = { processing_instruction: "ORDER_COMPLETE_ON_PAYMENT_APPROVAL" }
const person = {
  customer: { name: "Ada Lovelace", email: "ada@example.com" },
  billingAddress: { countryCode: "NL" },
  returnUrl
} as const satisfies Partial<Input>
const payer = { name: "Ada Lovelace", country_code: "NL", experience_context: back }

/** developer.paypal.com/api/orders-v2/ideal, /bancontact, /blik */
const banks: Cases = [
  {
    name: "iDEAL",
    input: { ...input, ...person, locale: "nl", paymentMethod: { _tag: "Ideal" } },
    sends: sends({ ideal: { ...payer, experience_context: { ...back, locale: "nl" } } }, approval)
  },
  {
    name: "iDEAL, by given and family name",
    input: {
      ...input,
      ...person,
      customer: { givenName: "Ada", familyName: "King" },
      paymentMethod: { _tag: "Ideal" }
    },
    sends: sends({ ideal: { ...payer, name: "Ada King" } }, approval)
  },
  {
    name: "Bancontact; a card is typed on PayPal's page",
    input: {
      ...input,
      ...person,
      // docs.adyen.com, "Test card numbers": Bancontact
      paymentMethod: { _tag: "Bancontact", card: { number: "6703444444444449", ...expiry } }
    },
    sends: sends({ bancontact: payer }, approval)
  },
  {
    name: "BLIK",
    input: {
      ...input,
      ...person,
      paymentMethod: { _tag: "Blik", code: "777123" },
      browser: {
        userAgent: `Mozilla/5.0 ${"x".repeat(300)}`,
        acceptHeader: "text/html",
        language: "pl-PL",
        colorDepth: 24,
        screenHeight: 1080,
        screenWidth: 1920,
        timeZoneOffset: -60,
        javaEnabled: false,
        ipAddress: "192.0.2.1"
      }
    },
    sends: sends(
      {
        blik: {
          ...payer,
          email: "ada@example.com",
          level_0: { auth_code: "777123" },
          experience_context: {
            ...back,
            consumer_ip: "192.0.2.1",
            consumer_user_agent: `Mozilla/5.0 ${"x".repeat(244)}`
          }
        }
      },
      approval
    )
  }
]

/** Every payment method beyond a plain card. */
export const methods: Cases = [...tokens, ...wallets, ...saved, ...banks]
