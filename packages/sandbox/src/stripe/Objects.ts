/** Stripe's objects with the fields this sandbox fills (docs.stripe.com/api). Amounts in minor units, times in seconds. */

/** String pairs that the merchant attached. */
export type Metadata = Record<string, string>

export interface Address {
  city: string | null
  country: string | null
  line1: string | null
  line2: string | null
  postal_code: string | null
  state: string | null
}

export interface BillingDetails {
  address: Address
  email: string | null
  name: string | null
  phone: string | null
}

/** The results of the issuer's checks; null where nothing was given to check. */
export interface Checks {
  address_line1_check: string | null
  address_postal_code_check: string | null
  cvc_check: string | null
}

/** The outcome of a 3-D Secure authentication, as it stands on a charge. */
export interface ThreeDSecure {
  authentication_flow: "challenge" | "frictionless" | null
  electronic_commerce_indicator: string | null
  exemption_indicator: string | null
  result: "attempt_acknowledged" | "authenticated" | "exempted" | "failed" | "not_supported" | "processing_error"
  result_reason: "abandoned" | "canceled" | "card_not_enrolled" | "protocol_error" | "rejected" | null
  transaction_id: string | null
  version: string | null
}

/** Types of payment methods that are no cards. */
export type LocalType = "bancontact" | "blik" | "ideal" | "klarna" | "paypal" | "sepa_debit"
/** The wallet that a card came from, with an empty hash under its name. */
export type Wallet = { type: string; dynamic_last4: string | null } & { [name: string]: object | string | null }
type Local = { [Type in LocalType]?: object }

export interface CardPart {
  brand: string
  checks: Checks
  country: string
  display_brand: string
  exp_month: number
  exp_year: number
  fingerprint: string
  funding: string
  generated_from: null
  last4: string
  networks: { available: ReadonlyArray<string>; preferred: string | null }
  three_d_secure_usage: { supported: boolean }
  wallet: Wallet | null
}

export interface PaymentMethod extends Local {
  id: string
  object: "payment_method"
  allow_redisplay: "unspecified"
  billing_details: BillingDetails
  card?: CardPart
  created: number
  customer: string | null
  livemode: false
  metadata: Metadata
  type: "card" | LocalType
}

/** A card that may be paid with once, in the place of its number. */
export interface Token {
  id: string
  object: "token"
  card: { id: string; object: "card"; [field: string]: unknown }
  client_ip: null
  created: number
  livemode: false
  type: "card"
  used: boolean
}

export interface Outcome {
  advice_code: string | null
  network_advice_code: string | null
  network_decline_code: string | null
  network_status: string
  reason: string | null
  risk_level: string
  risk_score: number
  seller_message: string
  type: string
}

/** What a charge tells of the card. */
export interface CardDetails {
  amount_authorized: number | null
  authorization_code: string | null
  brand: string
  checks: Checks
  country: string
  exp_month: number
  exp_year: number
  extended_authorization: { status: string }
  fingerprint: string
  funding: string
  incremental_authorization: { status: string }
  installments: null
  last4: string
  mandate: null
  multicapture: { status: string }
  network: string
  network_token: { used: boolean }
  network_transaction_id: string | null
  overcapture: { maximum_amount_capturable: number; status: string }
  three_d_secure: ThreeDSecure | null
  wallet: Wallet | null
}

export interface Charge {
  id: string
  object: "charge"
  amount: number
  amount_captured: number
  amount_refunded: number
  application: null
  application_fee: null
  application_fee_amount: null
  balance_transaction: string | null
  billing_details: BillingDetails
  calculated_statement_descriptor: string | null
  captured: boolean
  created: number
  currency: string
  customer: string | null
  description: string | null
  disputed: boolean
  failure_balance_transaction: null
  failure_code: string | null
  failure_message: string | null
  fraud_details: Record<string, never>
  livemode: false
  metadata: Metadata
  on_behalf_of: null
  outcome: Outcome
  paid: boolean
  payment_intent: string
  payment_method: string
  payment_method_details: { card?: CardDetails; type: string } & Local
  receipt_email: string | null
  receipt_number: null
  receipt_url: string | null
  refunded: boolean
  review: null
  shipping: Shipping | null
  source_transfer: null
  statement_descriptor: string | null
  statement_descriptor_suffix: string | null
  status: "failed" | "pending" | "succeeded"
  transfer_data: null
  transfer_group: string | null
}

export interface Shipping {
  address: Address
  carrier: string | null
  name: string
  phone: string | null
  tracking_number: string | null
}

/** Why the latest attempt to pay failed. */
export interface LastPaymentError {
  type: "card_error" | "invalid_request_error"
  code: string
  message: string
  doc_url: string
  charge?: string
  decline_code?: string
  advice_code?: string
  network_decline_code?: string
  param?: string
  payment_method: PaymentMethod
}

export type NextAction =
  | { type: "redirect_to_url"; redirect_to_url: { return_url: string; url: string } }
  | { type: "blik_authorize"; blik_authorize: Record<string, never> }
  | { type: "use_stripe_sdk"; use_stripe_sdk: { type: string; source: string; stripe_js: string } }

export type IntentStatus =
  | "canceled"
  | "processing"
  | "requires_action"
  | "requires_capture"
  | "requires_confirmation"
  | "requires_payment_method"
  | "succeeded"

export interface PaymentIntent {
  id: string
  object: "payment_intent"
  amount: number
  amount_capturable: number
  amount_details: { tip: Record<string, never> }
  amount_received: number
  application: null
  application_fee_amount: null
  automatic_payment_methods: { allow_redirects: string; enabled: boolean } | null
  canceled_at: number | null
  cancellation_reason: string | null
  capture_method: string
  client_secret: string
  confirmation_method: string
  created: number
  currency: string
  customer: string | null
  description: string | null
  last_payment_error: LastPaymentError | null
  latest_charge: string | null
  livemode: false
  metadata: Metadata
  next_action: NextAction | null
  on_behalf_of: null
  payment_method: string | null
  payment_method_options: {
    card?: { installments: null; mandate_options: null; network: null; request_three_d_secure: string }
  } & Local
  payment_method_types: ReadonlyArray<string>
  processing: null
  receipt_email: string | null
  review: null
  setup_future_usage: string | null
  shipping: Shipping | null
  statement_descriptor: string | null
  statement_descriptor_suffix: string | null
  status: IntentStatus
  transfer_data: null
  transfer_group: string | null
}

export interface Refund {
  id: string
  object: "refund"
  amount: number
  balance_transaction: string | null
  charge: string
  created: number
  currency: string
  destination_details?: { card: { type: string }; type: "card" }
  failure_balance_transaction?: string
  failure_reason?: string
  metadata: Metadata
  payment_intent: string
  reason: string | null
  receipt_number: null
  source_transfer_reversal: null
  status: "pending" | "succeeded" | "failed"
  transfer_reversal: null
}

export interface Customer {
  id: string
  object: "customer"
  address: Address | null
  balance: number
  created: number
  currency: null
  default_source: null
  delinquent: boolean
  description: string | null
  discount: null
  email: string | null
  invoice_prefix: string
  invoice_settings: { custom_fields: null; default_payment_method: null; footer: null; rendering_options: null }
  livemode: false
  metadata: Metadata
  name: string | null
  next_invoice_sequence: number
  phone: string | null
  preferred_locales: ReadonlyArray<string>
  shipping: Shipping | null
  tax_exempt: "none"
  test_clock: null
}
