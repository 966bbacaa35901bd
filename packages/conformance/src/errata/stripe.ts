import type { Erratum } from "../Errata.ts"
import { below, type JsonObject } from "../Json.ts"

const file = "stripe/spec3-2023-09-12.json"
const sdk = "npm stripe 23.1.0, resources"

const formOf = (path: string): string =>
  below("#", "paths", path, "post", "requestBody", "content", "application/x-www-form-urlencoded", "schema")

const create = formOf("/v1/payment_intents")
const confirm = formOf("/v1/payment_intents/{intent}/confirm")
const confirming = [create, confirm]
const withData = [...confirming, formOf("/v1/setup_intents"), formOf("/v1/setup_intents/{intent}/confirm")]
const cardOptions = (form: string): string =>
  below(form, "properties", "payment_method_options", "properties", "card", "anyOf", 0, "properties")

const rawCard: ReadonlyArray<Erratum> = withData.flatMap((form) => {
  const data = below(form, "properties", "payment_method_data", "properties")
  const reason =
    "raw card numbers are gated, so the file leaves them out here; the fields are those of a payment method"
  const card = {
    file,
    schemaPath: below(data, "card"),
    change: { copyFrom: below(formOf("/v1/payment_methods"), "properties", "card") },
    reason,
    source: "the same file, POST /v1/payment_methods, card"
  }
  return [
    ...(confirming.includes(form) ? [] : [card]),
    {
      file,
      schemaPath: below(data, "type", "enum"),
      change: { append: "card" },
      reason,
      source: "the same file, POST /v1/payment_methods, type"
    }
  ]
})

const digits: JsonObject = { type: "string", maxLength: 5000 }
const expiry: JsonObject = { exp_month: { type: "integer" }, exp_year: { type: "integer" } }
const activeMerchant = "Active Merchant, lib/active_merchant/billing/gateways/stripe_payment_intents.rb"
const tokenOfNetwork: JsonObject = {
  type: "object",
  required: ["network_token"],
  properties: {
    last4: { type: "string" },
    network_token: {
      type: "object",
      required: ["exp_month", "exp_year", "number"],
      properties: { ...expiry, number: digits, payment_account_reference: { type: "string" } }
    }
  }
}

/** Where a payment may be confirmed, a network's token may stand in the place of the card's number. */
const cardOrToken: JsonObject = {
  anyOf: [
    {
      type: "object",
      required: ["exp_month", "exp_year", "number"],
      properties: { ...expiry, cvc: digits, number: digits }
    },
    { type: "object", required: ["token"], properties: { token: digits } },
    tokenOfNetwork
  ]
}

const networkToken: ReadonlyArray<Erratum> = confirming.flatMap((form) => [
  {
    file,
    schemaPath: below(form, "properties", "payment_method_data", "properties", "card"),
    change: { graft: cardOrToken },
    reason: "raw card numbers and network tokens are gated, so the file leaves them out here",
    source: `the same file, POST /v1/payment_methods, card; ${activeMerchant}, add_network_token_data`
  },
  {
    file,
    schemaPath: below(cardOptions(form), "network_token"),
    change: {
      graft: {
        type: "object",
        properties: { cryptogram: { type: "string" }, electronic_commerce_indicator: { type: "string" } }
      }
    },
    reason: "network tokens are gated, so the file leaves them out",
    source: `${activeMerchant}, add_network_token_info`
  }
])

const usage: JsonObject = { type: "string", enum: ["installment", "recurring", "unscheduled"] }
const ifAvailable: JsonObject = { type: "string", enum: ["if_available", "never"] }
const externalAuthentication: JsonObject = {
  type: "object",
  required: ["cryptogram", "transaction_id", "version"],
  properties: {
    ares_trans_status: { type: "string", enum: ["A", "C", "I", "N", "R", "U", "Y"] },
    cryptogram: { type: "string" },
    electronic_commerce_indicator: { type: "string", enum: ["01", "02", "05", "06", "07"] },
    exemption_indicator: { type: "string", enum: ["low_risk", "none"] },
    requestor_challenge_indicator: { type: "string" },
    transaction_id: { type: "string" },
    version: { type: "string", enum: ["1.0.2", "2.1.0", "2.2.0", "2.3.0", "2.3.1"] }
  }
}

const newCardOptions: Readonly<Record<string, readonly [schema: JsonObject, reason: string]>> = {
  moto: [{ type: "boolean" }, "mail and telephone orders are gated, so the file leaves the flag out"],
  request_extended_authorization: [ifAvailable, "newer than the file"],
  request_incremental_authorization: [ifAvailable, "newer than the file"],
  request_multicapture: [ifAvailable, "newer than the file"],
  request_overcapture: [ifAvailable, "newer than the file"],
  stored_credential_usage: [usage, "newer than the file"],
  three_d_secure: [externalAuthentication, "results of another provider's 3-D Secure are newer than the file"]
}

const requestOptions: ReadonlyArray<Erratum> = confirming.flatMap((form) => [
  ...Object.entries(newCardOptions).map(([name, [schema, reason]]) => ({
    file,
    schemaPath: below(cardOptions(form), name),
    change: { graft: schema },
    reason,
    source: `${sdk}/PaymentIntents.d.ts, PaymentIntentCreateParams.PaymentMethodOptions.Card.${name}`
  })),
  {
    file,
    schemaPath: below(cardOptions(form), "request_three_d_secure", "enum"),
    change: { append: "challenge" },
    reason: "newer than the file",
    source: `${sdk}/PaymentIntents.d.ts, PaymentIntentCreateParams.PaymentMethodOptions.Card.RequestThreeDSecure`
  }
])

const finalCapture: Erratum = {
  file,
  schemaPath: below(formOf("/v1/payment_intents/{intent}/capture"), "properties", "final_capture"),
  change: { graft: { type: "boolean" } },
  reason: "multicapture is newer than the file",
  source: `${sdk}/PaymentIntents.d.ts, PaymentIntentCaptureParams.final_capture`
}

const tokens = formOf("/v1/tokens")
const applePay = "stripe-ios, PKPayment+Stripe, stp_tokenParameters; Signal-iOS, Stripe.swift"
const wallet = `${activeMerchant}, tokenize_apple_google; juspay/hyperswitch, connectors/stripe/transformers.rs`
/** Where in the form of a token · property · source */
const newTokenFields: ReadonlyArray<readonly [string, string, string]> = [
  [tokens, "pk_token", applePay],
  [tokens, "pk_token_instrument_name", applePay],
  [tokens, "pk_token_payment_network", applePay],
  [tokens, "pk_token_transaction_id", applePay],
  [below(tokens, "properties", "card", "anyOf", 0), "cryptogram", wallet],
  [below(tokens, "properties", "card", "anyOf", 0), "eci", wallet],
  [below(tokens, "properties", "card", "anyOf", 0), "tokenization_method", wallet]
]

const walletTokens: ReadonlyArray<Erratum> = newTokenFields.map(([form, property, source]) => ({
  file,
  schemaPath: below(form, "properties", property),
  change: { graft: { type: "string" } },
  reason: "tokens of wallets are made by Stripe's own mobile libraries, so the file leaves them out",
  source: `${source}, ${property}`
}))

const text: JsonObject = { type: "string" }
const textOrNull: JsonObject = { type: "string", nullable: true }

/** component · property · schema · where the types have it */
const newReplyFields: ReadonlyArray<readonly [string, string, JsonObject, string]> = [
  ["charge_outcome", "advice_code", textOrNull, "Charges.d.ts, Charge.Outcome"],
  ["charge_outcome", "network_advice_code", textOrNull, "Charges.d.ts, Charge.Outcome"],
  ["charge_outcome", "network_decline_code", textOrNull, "Charges.d.ts, Charge.Outcome"],
  ["api_errors", "advice_code", text, "PaymentIntents.d.ts, PaymentIntent.LastPaymentError"],
  ["api_errors", "network_advice_code", text, "PaymentIntents.d.ts, PaymentIntent.LastPaymentError"],
  ["api_errors", "network_decline_code", text, "PaymentIntents.d.ts, PaymentIntent.LastPaymentError"],
  ["payment_intent_next_action", "blik_authorize", { type: "object" }, "PaymentIntents.d.ts, NextAction.BlikAuthorize"],
  ["payment_method_details_card", "authorization_code", textOrNull, "Charges.d.ts, PaymentMethodDetails.Card"],
  ["payment_method_details_card", "network_transaction_id", textOrNull, "Charges.d.ts, PaymentMethodDetails.Card"],
  ["three_d_secure_details_charge", "electronic_commerce_indicator", textOrNull, "Charges.d.ts, Card.ThreeDSecure"],
  ["three_d_secure_details_charge", "transaction_id", textOrNull, "Charges.d.ts, Card.ThreeDSecure"]
]

const replyFields: ReadonlyArray<Erratum> = newReplyFields.map(([component, property, schema, place]) => ({
  file,
  schemaPath: below("#", "components", "schemas", component, "properties", property),
  change: { graft: schema },
  reason: "newer than the file",
  source: `${sdk}/${place}.${property}`
}))

/** What Stripe's published file of 2023-09 lacks, each with the newer or fuller source. */
export const stripeErrata: ReadonlyArray<Erratum> = [
  ...rawCard,
  ...networkToken,
  ...requestOptions,
  finalCapture,
  ...walletTokens,
  ...replyFields
]
