import type { Sends, Table } from "../Table.ts"
import { charge, error, intent, ok, token } from "./replies.ts"

type Cases = NonNullable<Table["payment.authorize"]>
type Input = Cases[number]["input"]

const contentType = "application/x-www-form-urlencoded"
const headers = {
  authorization: "Bearer sk_test_made_up_for_tests",
  "stripe-account": "acct_madeup1",
  "stripe-version": "2023-08-16"
}
const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const returnUrl = "https://shop.example/back?order=1"
const customer = { name: "Ada Lovelace", email: "ada@example.com" }
const base = { reference: "order-1", amount: eur(1000n), captureMethod: "AUTOMATIC" } as const satisfies Omit<
  Input,
  "paymentMethod"
>

const post = (path: string, body: object): Sends => ({ method: "POST", path, headers, contentType, body })
/** docs.stripe.com/api/payment_intents/create: `data` is what `payment_method_data` holds beside its type. */
const pay = (type: string, data: object, more: object = {}): Sends =>
  post("/v1/payment_intents", {
    amount: "1000",
    currency: "eur",
    confirm: "true",
    capture_method: "automatic",
    payment_method_types: [type],
    payment_method_data: { type, ...data },
    metadata: { reference: "order-1", attempt: "1" },
    expand: ["latest_charge"],
    ...more
  })
const before = (body: object) => ({ sends: post("/v1/tokens", body), reply: ok(token()) })
const byToken = (more: object = {}): Sends => pay("card", { card: { token: "tok_1" }, ...more })

// the numbers: docs.stripe.com/testing; the cryptogram is made up
const device = { number: "4242424242424242", expiryMonth: 8, expiryYear: 2030 }
const cryptogram = "AgAAAAAABk4DWZ4C28yUQAAAAAA="
const stripeDevice = { number: "4242424242424242", exp_month: "8", exp_year: "2030" }

const wallets: Cases = [
  {
    name: "Apple Pay, encrypted",
    input: {
      ...base,
      customer,
      paymentMethod: {
        _tag: "ApplePay",
        // developer.apple.com, "Payment token format reference"
        paymentData: '{"version":"EC_v1","data":"made+up/data==","signature":"made up","header":{}}',
        displayName: "Visa 1234",
        network: "Visa",
        transactionId: "f2a1"
      }
    },
    // stripe-ios, PKPayment+Stripe, stp_tokenParameters
    before: before({
      pk_token: '{"version":"EC_v1","data":"made+up/data==","signature":"made up","header":{}}',
      pk_token_instrument_name: "Visa 1234",
      pk_token_payment_network: "Visa",
      pk_token_transaction_id: "f2a1"
    }),
    sends: byToken({ billing_details: { name: "Ada Lovelace", email: "ada@example.com" } }),
    reads: [{ name: "paid", reply: ok(intent()), as: { paymentId: "pi_1", status: "CAPTURED" } }]
  },
  {
    name: "Apple Pay, encrypted, with nothing beside it, captured later and with 3-D Secure asked for",
    input: {
      ...base,
      captureMethod: "MANUAL",
      threeDSecureRequest: "ALWAYS",
      paymentMethod: { _tag: "ApplePay", paymentData: '{"version":"EC_v1","data":"made up"}' }
    },
    before: before({ pk_token: '{"version":"EC_v1","data":"made up"}' }),
    sends: pay(
      "card",
      { card: { token: "tok_1" } },
      { capture_method: "manual", payment_method_options: { card: { request_three_d_secure: "any" } } }
    )
  },
  {
    name: "Apple Pay, decrypted",
    input: {
      ...base,
      paymentMethod: { _tag: "ApplePayDecrypted", ...device, cryptogram, eci: "7", holderName: "A. Lovelace" }
    },
    // Active Merchant, lib/active_merchant/billing/gateways/stripe_payment_intents.rb, tokenize_apple_google
    before: before({ card: { ...stripeDevice, cryptogram, eci: "07", tokenization_method: "apple_pay" } }),
    sends: byToken({ billing_details: { name: "A. Lovelace" } })
  },
  {
    name: "Google Pay, decrypted, on a device",
    input: { ...base, paymentMethod: { _tag: "GooglePayDecrypted", ...device, cryptogram } },
    // the same place: Stripe's name of it is android_pay
    before: before({ card: { ...stripeDevice, cryptogram, tokenization_method: "android_pay" } }),
    sends: byToken()
  },
  {
    name: "Google Pay, decrypted, the card's own number",
    input: { ...base, paymentMethod: { _tag: "GooglePayDecrypted", ...device, holderName: "A. Lovelace" } },
    sends: pay("card", { card: stripeDevice, billing_details: { name: "A. Lovelace" } })
  },
  {
    name: "Google Pay, encrypted: the token that it gives for Stripe",
    input: { ...base, paymentMethod: { _tag: "GooglePay", token: '{"id":"tok_g1","object":"token","used":false}' } },
    // docs.stripe.com/google-pay
    sends: pay("card", { card: { token: "tok_g1" } })
  }
]

/** A payment that sends the payer to a page (docs.stripe.com/payments/<method>/accept-a-payment). */
const awaiting = (type: string, over: object = {}) =>
  intent({
    status: "requires_action",
    amount_received: 0,
    latest_charge: null,
    payment_method_types: [type],
    next_action: {
      type: "redirect_to_url",
      redirect_to_url: { url: `https://pm-redirects.stripe.com/authorize/${type}`, return_url: returnUrl }
    },
    ...over
  })
const redirect = (type: string) => ({
  name: "the payer has to go to a page",
  reply: ok(awaiting(type)),
  as: {
    status: "REQUIRES_ACTION",
    rawStatus: "requires_action",
    final: false,
    amountCaptured: eur(0n),
    nextAction: {
      _tag: "Redirect",
      method: "GET",
      url: `https://pm-redirects.stripe.com/authorize/${type}`,
      fields: {}
    }
  }
})
const paidBy = (type: string, details: object = {}) => ({
  name: "paid, with a charge that tells of no card",
  reply: ok(
    intent({
      payment_method_types: [type],
      latest_charge: charge({ id: "py_1", payment_method_details: { type, [type]: details } })
    })
  ),
  as: {
    status: "CAPTURED",
    final: true,
    authorizationId: "py_1",
    amountCaptured: eur(1000n),
    cardChecks: undefined,
    networkTransactionId: undefined
  }
})

const redirects: Cases = [
  {
    name: "iDEAL",
    input: { ...base, returnUrl, paymentMethod: { _tag: "Ideal" }, statementDescriptor: "ENGINE NOTES" },
    // the whole descriptor: a suffix is for cards (docs.stripe.com/api/payment_intents/create)
    sends: pay("ideal", {}, { return_url: returnUrl, statement_descriptor: "ENGINE NOTES" }),
    reads: [redirect("ideal"), paidBy("ideal", { bank: "ing", bic: "INGBNL2A" })]
  },
  {
    name: "Bancontact, on Stripe's page whatever the card",
    input: {
      ...base,
      returnUrl,
      paymentMethod: {
        _tag: "Bancontact",
        // docs.adyen.com, "Test card numbers"
        card: { number: "6703444444444449", expiryMonth: 3, expiryYear: 2030, holderName: "A. Lovelace" }
      }
    },
    sends: pay("bancontact", { billing_details: { name: "A. Lovelace" } }, { return_url: returnUrl }),
    reads: [redirect("bancontact")]
  },
  {
    name: "Bancontact by the customer's name",
    input: { ...base, returnUrl, customer, paymentMethod: { _tag: "Bancontact" } },
    sends: pay("bancontact", { billing_details: customer }, { return_url: returnUrl })
  },
  {
    name: "PayPal, captured later",
    input: {
      ...base,
      returnUrl,
      captureMethod: "MANUAL",
      statementDescriptor: "ENGINE NOTES",
      paymentMethod: { _tag: "Paypal" }
    },
    sends: pay("paypal", {}, { return_url: returnUrl, capture_method: "manual", statement_descriptor: "ENGINE NOTES" }),
    reads: [redirect("paypal"), paidBy("paypal", { payer_id: "made-up" })]
  },
  {
    name: "Klarna, captured later, 3-D Secure as it is required",
    input: {
      ...base,
      returnUrl,
      captureMethod: "MANUAL",
      threeDSecureRequest: "IF_REQUIRED",
      customer: { email: "ada@example.com" },
      billingAddress: { countryCode: "NL" },
      paymentMethod: { _tag: "Klarna" }
    },
    sends: pay(
      "klarna",
      { billing_details: { email: "ada@example.com", address: { country: "NL" } } },
      { return_url: returnUrl, capture_method: "manual" }
    ),
    reads: [
      redirect("klarna"),
      {
        // docs.stripe.com/error-codes; docs.stripe.com/changelog, "specific error codes for failed Klarna payments"
        name: "given up by the payer",
        reply: ok(
          intent({
            status: "requires_payment_method",
            amount_received: 0,
            latest_charge: null,
            last_payment_error: { type: "invalid_request_error", code: "payment_method_customer_decline" }
          })
        ),
        as: { status: "DECLINED", final: false, decline: { code: "AUTHENTICATION_FAILED", kind: "SOFT" } }
      }
    ]
  }
]

const sepa = { _tag: "SepaDebit", iban: "AT611904300234573201", holderName: "A. Lovelace" } as const
const sepaData = {
  sepa_debit: { iban: "AT611904300234573201" },
  billing_details: { name: "A. Lovelace", email: "ada@example.com" }
}
const browser = {
  userAgent: "Mozilla/5.0 (made up)",
  acceptHeader: "*/*",
  language: "nl-NL",
  colorDepth: 24,
  screenHeight: 1080,
  screenWidth: 1920,
  timeZoneOffset: -60,
  javaEnabled: false
}
const debitCharge = charge({
  id: "py_1",
  status: "pending",
  payment_method_details: { type: "sepa_debit", sepa_debit: { last4: "3201", mandate: "mandate_1" } }
})

const debits: Cases = [
  {
    name: "SEPA Direct Debit by a mandate given in a browser",
    input: { ...base, customer, browser: { ...browser, ipAddress: "203.0.113.7" }, paymentMethod: sepa },
    // docs.stripe.com/api/payment_intents/create, mandate_data
    sends: pay("sepa_debit", sepaData, {
      mandate_data: {
        customer_acceptance: {
          type: "online",
          online: { ip_address: "203.0.113.7", user_agent: "Mozilla/5.0 (made up)" }
        }
      }
    }),
    reads: [
      {
        // docs.stripe.com/payments/sepa-debit/accept-a-payment: it takes days
        name: "on its way",
        reply: ok(intent({ status: "processing", amount_received: 0, latest_charge: debitCharge })),
        as: { status: "PENDING", final: false, amountCaptured: eur(0n), authorizationId: "py_1", nextAction: undefined }
      },
      {
        // docs.stripe.com/payments/sepa-debit, "Failed payments"
        name: "refused by the payer's bank",
        reply: ok(
          intent({
            status: "requires_payment_method",
            amount_received: 0,
            last_payment_error: { type: "card_error", code: "account_closed" },
            latest_charge: debitCharge
          })
        ),
        as: { status: "DECLINED", final: false, decline: { code: "INVALID_ACCOUNT", rawCode: "account_closed" } }
      }
    ]
  },
  {
    name: "SEPA Direct Debit by a mandate from anywhere else",
    input: { ...base, customer, browser, paymentMethod: sepa },
    sends: pay("sepa_debit", sepaData, { mandate_data: { customer_acceptance: { type: "offline" } } })
  }
]

const declinedBy = (code: string, more: object = {}) =>
  error(402, { type: "invalid_request_error", code, message: "The payment was declined.", ...more })

const blik: Cases = [
  {
    name: "BLIK",
    input: {
      ...base,
      amount: { minorUnits: 1000n, currencyCode: "PLN" },
      paymentMethod: { _tag: "Blik", code: "777123" }
    },
    // docs.stripe.com/payments/blik/accept-a-payment
    sends: pay("blik", {}, { currency: "pln", payment_method_options: { blik: { code: "777123" } } }),
    reads: [
      {
        // stripe-android, PaymentIntentFixtures.kt, PI_REQUIRES_BLIK_AUTHORIZE
        name: "the payer is asked in the bank's app",
        reply: ok(awaiting("blik", { currency: "pln", next_action: { type: "blik_authorize" } })),
        as: { status: "REQUIRES_ACTION", final: false, nextAction: { _tag: "Wait" } }
      },
      {
        name: "a code that is not right",
        reply: error(400, { code: "payment_method_invalid_parameter", param: "payment_method_options[blik][code]" }),
        as: { _tag: "Rejected", rawCode: "payment_method_invalid_parameter" }
      },
      // docs.stripe.com/payments/blik/accept-a-payment, "Simulate failures"; docs.stripe.com/error-codes
      ...(
        [
          ["payment_method_provider_decline", "DO_NOT_HONOR"],
          ["payment_method_customer_decline", "AUTHENTICATION_FAILED"],
          ["payment_method_provider_timeout", "TRY_AGAIN_LATER"]
        ] as const
      ).map(([rawCode, code]) => ({
        name: `${rawCode} at once, whatever the type of the error`,
        reply: declinedBy(rawCode),
        as: { status: "DECLINED", final: true, decline: { code, rawCode } }
      }))
    ]
  }
]

/** Payment methods beyond cards, as `payment.authorize` sends them. */
export const methods: Cases = [...wallets, ...redirects, ...debits, ...blik]
