import type Stripe from "stripe"

/** Of the API version that requests are pinned to, and no longer of the SDK's. */
interface Pinned {
  readonly payment_method_types: ReadonlyArray<string>
}
/** The SDK's type leaves cards out here. */
interface ByToken {
  readonly payment_method_data?: { readonly type: "card"; readonly card: { readonly token: string } }
}
type Params = Omit<Stripe.PaymentIntentCreateParams, "payment_method_data"> &
  Pinned &
  (ByToken | Pick<Stripe.PaymentIntentCreateParams, "payment_method_data">)

const back = "https://shop.example/back?a=1&b=2"
const customer = { name: "Ada Lovelace", email: "ada@example.com" }
const amount = { minorUnits: 1000n, currencyCode: "EUR" }
const input = {
  idempotencyKey: "caller-key",
  reference: "order-1",
  amount,
  captureMethod: "AUTOMATIC",
  returnUrl: back,
  customer,
  statementDescriptor: "ENGINE NOTES"
}
const common = {
  amount: 1000,
  currency: "eur",
  confirm: true,
  return_url: back,
  metadata: { reference: "order-1", attempt: "1" },
  expand: ["latest_charge"]
}

/** Payments beyond cards, and the same in the official SDK's own words. */
export const methodPairs = (sdk: Stripe) => {
  const pair = (more: object, params: Partial<Params> & Pinned) => ({
    flow: "payment.authorize",
    input: { ...input, ...more },
    sdk: () =>
      // what Pinned and ByToken add is not in the SDK's type
      sdk.paymentIntents.create({ ...common, ...params } as Stripe.PaymentIntentCreateParams, {
        idempotencyKey: "caller-key"
      })
  })
  const bank = (tag: string, type: "ideal" | "bancontact" | "paypal", capture: "automatic" | "manual" = "automatic") =>
    pair(
      { paymentMethod: { _tag: tag }, captureMethod: capture.toUpperCase() },
      {
        capture_method: capture,
        payment_method_types: [type],
        payment_method_data: { type, billing_details: customer },
        statement_descriptor: "ENGINE NOTES"
      }
    )
  return {
    "Google Pay": pair(
      { paymentMethod: { _tag: "GooglePay", token: '{"id":"tok_g1"}' }, customer: undefined },
      {
        capture_method: "automatic",
        payment_method_types: ["card"],
        payment_method_data: { type: "card", card: { token: "tok_g1" } },
        statement_descriptor_suffix: "ENGINE NOTES"
      }
    ),
    iDEAL: bank("Ideal", "ideal"),
    Bancontact: bank("Bancontact", "bancontact"),
    "PayPal, captured later": bank("Paypal", "paypal", "manual"),
    Klarna: pair(
      { paymentMethod: { _tag: "Klarna" }, billingAddress: { countryCode: "NL", city: "Amsterdam" } },
      {
        capture_method: "automatic",
        payment_method_types: ["klarna"],
        payment_method_data: {
          type: "klarna",
          billing_details: { ...customer, address: { country: "NL", city: "Amsterdam" } }
        },
        statement_descriptor: "ENGINE NOTES"
      }
    ),
    "SEPA Direct Debit": pair(
      {
        paymentMethod: { _tag: "SepaDebit", iban: "AT611904300234573201", holderName: "A. Lovelace" },
        browser: {
          userAgent: "Mozilla/5.0 (made up)",
          acceptHeader: "*/*",
          language: "nl",
          colorDepth: 24,
          screenHeight: 1080,
          screenWidth: 1920,
          timeZoneOffset: 0,
          javaEnabled: false,
          ipAddress: "2001:db8::7"
        }
      },
      {
        capture_method: "automatic",
        payment_method_types: ["sepa_debit"],
        payment_method_data: {
          type: "sepa_debit",
          sepa_debit: { iban: "AT611904300234573201" },
          billing_details: { ...customer, name: "A. Lovelace" }
        },
        mandate_data: {
          customer_acceptance: {
            type: "online",
            online: { ip_address: "2001:db8::7", user_agent: "Mozilla/5.0 (made up)" }
          }
        },
        statement_descriptor: "ENGINE NOTES"
      }
    ),
    BLIK: pair(
      { paymentMethod: { _tag: "Blik", code: "777123" }, amount: { ...amount, currencyCode: "PLN" } },
      {
        currency: "pln",
        capture_method: "automatic",
        payment_method_types: ["blik"],
        payment_method_data: { type: "blik", billing_details: customer },
        payment_method_options: { blik: { code: "777123" } },
        statement_descriptor: "ENGINE NOTES"
      }
    )
  }
}
