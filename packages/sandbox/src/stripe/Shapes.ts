import {
  choice,
  clearableChoice,
  clearableHash,
  clearableText,
  type Fields,
  flag,
  hash,
  integer,
  list,
  metadata,
  open,
  type Shape,
  text
} from "./Parameters.ts"

/**
 * The parameters of the endpoints (Stripe's OpenAPI of 2023-08-16, and the types of the `stripe` package for what is
 * newer). Payment methods that this sandbox does not take are known by name, so that they are refused as unsupported, not
 * as unknown.
 */

const address: Fields = {
  city: text(),
  country: text(2),
  line1: clearableText(),
  line2: clearableText(),
  postal_code: clearableText(),
  state: clearableText()
}

const shipping: Fields = {
  address: hash(address),
  carrier: text(),
  name: text(),
  phone: text(),
  tracking_number: text()
}

const billingDetails: Shape = hash({
  address: clearableHash(address),
  email: clearableText(),
  name: clearableText(),
  phone: clearableText(20),
  tax_id: text()
})

const card: Shape = hash({
  number: text(),
  exp_month: integer(),
  exp_year: integer(),
  cvc: text(),
  token: text(),
  networks: hash({ preferred: text() }),
  network_token: hash({
    number: text(),
    exp_month: integer(),
    exp_year: integer(),
    cryptogram: text(),
    electronic_commerce_indicator: text(2),
    tokenization_method: text()
  })
})

const otherTypes =
  "acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit bacs_debit bancontact billie bizum blik boleto cashapp crypto customer_balance eps fpx giropay grabpay ideal interac_present kakao_pay klarna konbini kr_card link mb_way mobilepay multibanco naver_pay nz_bank_account oxxo p24 pay_by_bank payco paynow paypal paypay payto pix promptpay revolut_pay samsung_pay satispay scalapay sepa_debit sequra sofort sunbit swish twint upi us_bank_account wechat_pay zip".split(
    " "
  )

/** Payment methods beside cards whose parts this sandbox looks at. */
const localTypes: Fields = {
  bancontact: hash({}),
  blik: hash({}),
  ideal: hash({ bank: text() }),
  klarna: hash({ dob: open }),
  paypal: hash({}),
  sepa_debit: hash({ iban: text() }, ["iban"])
}

const methodFields: Fields = {
  ...Object.fromEntries(otherTypes.map((name) => [name, open])),
  ...localTypes,
  allow_redisplay: choice("always", "limited", "unspecified"),
  billing_details: billingDetails,
  card,
  metadata,
  radar_options: hash({ session: text() }),
  type: choice("card", ...otherTypes)
}

const cardOptions: Shape = clearableHash({
  capture_method: clearableChoice("manual"),
  cvc_token: text(),
  installments: open,
  mandate_options: open,
  mit_exemption: hash({
    claim_without_transaction_id: flag,
    ds_transaction_id: text(),
    network_transaction_id: text()
  }),
  moto: flag,
  network: text(),
  network_token: hash({
    cryptogram: text(),
    electronic_commerce_indicator: text(2),
    requestor_id: text(),
    tokenization_method: text()
  }),
  request_extended_authorization: choice("if_available", "never"),
  request_incremental_authorization: choice("if_available", "never"),
  request_multicapture: choice("if_available", "never"),
  request_overcapture: choice("if_available", "never"),
  request_three_d_secure: choice("any", "automatic", "challenge"),
  require_cvc_recollection: flag,
  setup_credential_usage: text(),
  setup_future_usage: clearableChoice("none", "off_session", "on_session"),
  statement_descriptor_suffix_kana: clearableText(),
  statement_descriptor_suffix_kanji: clearableText(),
  stored_credential_usage: text(),
  three_d_secure: hash(
    {
      ares_trans_status: choice("A", "C", "I", "N", "R", "U", "Y"),
      cryptogram: text(),
      electronic_commerce_indicator: choice("01", "02", "05", "06", "07"),
      exemption_indicator: choice("low_risk", "none"),
      network_options: open,
      requestor_challenge_indicator: text(2),
      transaction_id: text(),
      version: choice("1.0.2", "2.1.0", "2.2.0", "2.3.0", "2.3.1")
    },
    ["cryptogram", "transaction_id", "version"]
  )
})

const methodOptions: Shape = hash({
  ...Object.fromEntries(otherTypes.map((name) => [name, open])),
  blik: clearableHash({
    code: text(),
    mandate_options: open,
    setup_future_usage: clearableChoice("none", "off_session")
  }),
  card: cardOptions,
  card_present: open
})

const captureMethod = choice("automatic", "automatic_async", "manual")

const always: Fields = { expand: list }

/** What may come with a confirmation, whether at once or later. */
const confirming: Fields = {
  ...always,
  confirmation_token: text(),
  error_on_requires_action: flag,
  mandate: text(),
  mandate_data: open,
  off_session: open,
  payment_method: text(),
  payment_method_data: hash(methodFields),
  payment_method_options: methodOptions,
  radar_options: hash({ session: text() }),
  receipt_email: clearableText(),
  return_url: text(),
  setup_future_usage: clearableChoice("off_session", "on_session"),
  shipping: clearableHash(shipping, ["address", "name"]),
  use_stripe_sdk: flag
}

/** What describes a payment intent, on creation and on update. */
const describing: Fields = {
  allowed_payment_method_types: list,
  amount: integer(1),
  amount_details: open,
  application_fee_amount: integer(),
  capture_method: captureMethod,
  currency: text(),
  customer: text(),
  customer_account: text(),
  description: text(1000),
  excluded_payment_method_types: list,
  hooks: open,
  metadata,
  payment_details: open,
  payment_method_configuration: text(100),
  payment_method_types: list,
  statement_descriptor: text(22),
  statement_descriptor_suffix: text(22),
  transfer_data: hash({ amount: integer(), destination: text() }),
  transfer_group: text()
}

export const createIntentFields: Fields = {
  ...confirming,
  ...describing,
  automatic_payment_methods: hash({ allow_redirects: choice("always", "never"), enabled: flag }, ["enabled"]),
  confirm: flag,
  confirmation_method: choice("automatic", "manual"),
  on_behalf_of: text()
}

export const confirmIntentFields: Fields = {
  ...confirming,
  allowed_payment_method_types: list,
  amount_details: open,
  capture_method: captureMethod,
  client_secret: text(),
  excluded_payment_method_types: list,
  hooks: open,
  payment_details: open,
  payment_method_types: list
}

export const updateIntentFields: Fields = {
  ...always,
  ...describing,
  payment_method: text(),
  payment_method_data: hash(methodFields),
  payment_method_options: methodOptions,
  receipt_email: clearableText(),
  setup_future_usage: clearableChoice("off_session", "on_session"),
  shipping: clearableHash(shipping, ["address", "name"])
}

export const captureIntentFields: Fields = {
  ...always,
  amount_details: open,
  amount_to_capture: integer(1),
  application_fee_amount: integer(),
  final_capture: flag,
  hooks: open,
  metadata,
  payment_details: open,
  statement_descriptor: text(22),
  statement_descriptor_suffix: text(22),
  transfer_data: hash({ amount: integer() })
}

export const cancelIntentFields: Fields = {
  ...always,
  cancellation_reason: choice("abandoned", "duplicate", "fraudulent", "requested_by_customer")
}

export const createRefundFields: Fields = {
  ...always,
  amount: integer(1),
  charge: text(),
  currency: text(),
  customer: text(),
  instructions_email: text(),
  metadata,
  origin: choice("customer_balance"),
  payment_intent: text(),
  reason: choice("duplicate", "fraudulent", "requested_by_customer"),
  refund_application_fee: flag,
  reverse_transfer: flag
}

export const createMethodFields: Fields = { ...always, ...methodFields, customer: text(), payment_method: text() }

export const createCustomerFields: Fields = {
  ...always,
  address: clearableHash(address),
  description: text(),
  email: text(512),
  metadata,
  name: text(256),
  payment_method: text(),
  phone: text(20),
  preferred_locales: list,
  shipping: clearableHash(shipping, ["address", "name"])
}

export const retrieveFields: Fields = { ...always, client_secret: text() }

const listing: Fields = {
  ...always,
  created: hash({ gt: integer(), gte: integer(), lt: integer(), lte: integer() }),
  ending_before: text(),
  limit: integer(1),
  starting_after: text()
}

export const listIntentsFields: Fields = { ...listing, customer: text() }
export const listRefundsFields: Fields = { ...listing, charge: text(), payment_intent: text() }
