import { amount, choice, type Fields, flag, list, open, type Shape, text, tree } from "./Body.ts"

// Lengths and patterns are those of the published checkout_orders_v2 and payments_payment_v2 files.

const address = tree(
  {
    address_line_1: text(300),
    address_line_2: text(300),
    admin_area_1: text(300),
    admin_area_2: text(120),
    postal_code: text(60),
    country_code: text(2, 2, /^([A-Z]{2}|C2)$/)
  },
  ["country_code"]
)

const item = tree(
  {
    name: text(127, 1),
    unit_amount: amount(),
    tax: amount(),
    quantity: text(10, 1, /^[1-9][0-9]{0,9}$/),
    description: text(127),
    sku: text(127),
    category: choice("DIGITAL_GOODS", "PHYSICAL_GOODS", "DONATION")
  },
  ["name", "unit_amount", "quantity"]
)

/** The parts of a breakdown that an amount is the sum of, and those that lower it. */
export const breakdownParts = {
  added: ["item_total", "tax_total", "shipping", "handling", "insurance"],
  taken: ["shipping_discount", "discount"]
} as const

const breakdown = tree(
  Object.fromEntries(
    [...breakdownParts.added, ...breakdownParts.taken].map((name): [string, Shape] => [name, amount()])
  )
)

const unit = tree(
  {
    reference_id: text(256, 1),
    amount: amount({ breakdown }),
    description: text(127, 1),
    custom_id: text(127, 1),
    invoice_id: text(127, 1),
    soft_descriptor: text(22, 1),
    items: list(item, 0, 1000),
    shipping: tree({ name: tree({ full_name: text(300) }), address })
  },
  ["amount"]
)

const pages = { return_url: text(), cancel_url: text() }
const experience = tree(pages)

const cardFields: Fields = {
  name: text(300, 1),
  number: text(19, 13, /^[0-9]{13,19}$/),
  expiry: text(7, 7, /^[0-9]{4}-(0[1-9]|1[0-2])$/),
  security_code: text(4, 3, /^[0-9]{3,4}$/),
  billing_address: address
}

const verification = tree({ method: choice("SCA_ALWAYS", "SCA_WHEN_REQUIRED", "3D_SECURE", "AVS_CVV") })

const networkToken = tree(
  {
    number: text(19, 13, /^[0-9]{13,19}$/),
    expiry: text(7, 7, /^[0-9]{4}-(0[1-9]|1[0-2])$/),
    cryptogram: text(32, 28),
    eci_flag: choice(
      "MASTERCARD_NON_3D_SECURE_TRANSACTION",
      "MASTERCARD_ATTEMPTED_AUTHENTICATION_TRANSACTION",
      "MASTERCARD_FULLY_AUTHENTICATED_TRANSACTION",
      "FULLY_AUTHENTICATED_TRANSACTION",
      "ATTEMPTED_AUTHENTICATION_TRANSACTION",
      "NON_3D_SECURE_TRANSACTION"
    ),
    token_requestor_id: text(11, 1, /^[0-9A-Z_]+$/)
  },
  ["number", "expiry"]
)

const vaultId = text(255, 1, /^[0-9a-zA-Z_-]+$/)
const customer = tree({ id: text(22, 1, /^[0-9a-zA-Z_-]+$/) })
const storing = { store_in_vault: choice("ON_SUCCESS") }

const storedCredential = tree(
  {
    payment_initiator: choice("CUSTOMER", "MERCHANT"),
    payment_type: choice("ONE_TIME", "RECURRING", "UNSCHEDULED"),
    usage: choice("FIRST", "SUBSEQUENT", "DERIVED"),
    previous_network_transaction_reference: open
  },
  ["payment_initiator", "payment_type"]
)

const card = tree({
  ...cardFields,
  attributes: tree({ verification, customer, vault: tree(storing) }),
  experience_context: experience,
  vault_id: vaultId,
  stored_credential: storedCredential,
  network_token: networkToken
})

const walletVault = tree(
  {
    ...storing,
    description: text(128, 1),
    usage_pattern: choice(
      "IMMEDIATE",
      "DEFERRED",
      "RECURRING_PREPAID",
      "RECURRING_POSTPAID",
      "THRESHOLD_PREPAID",
      "THRESHOLD_POSTPAID"
    ),
    usage_type: choice("MERCHANT", "PLATFORM"),
    customer_type: choice("CONSUMER", "BUSINESS"),
    permit_multiple_payment_tokens: flag
  },
  ["usage_type"]
)

const wallet = tree({
  vault_id: vaultId,
  email_address: text(254, 3),
  attributes: tree({ customer, vault: walletVault }),
  experience_context: experience
})

const holder: Fields = { name: text(300, 3), country_code: text(2, 2, /^([A-Z]{2}|C2)$/) }
const needed = ["name", "country_code"]
const bank = tree({ ...holder, experience_context: experience }, needed)

const blik = tree(
  {
    ...holder,
    email: text(254, 3),
    level_0: tree({ auth_code: text(6, 6, /^[0-9]{6}$/) }, ["auth_code"]),
    one_click: open,
    experience_context: tree({ ...pages, consumer_ip: text(39, 7), consumer_user_agent: text(256, 1) })
  },
  needed
)

const source = tree({
  card,
  paypal: wallet,
  apple_pay: tree({
    name: text(300, 3),
    decrypted_token: tree({ tokenized_card: tree(cardFields) }, ["tokenized_card"])
  }),
  google_pay: tree({ name: text(300, 3), decrypted_token: tree({ card: tree(cardFields) }) }),
  bancontact: bank,
  blik,
  eps: bank,
  ideal: bank,
  mybank: bank,
  token: open,
  venmo: open,
  giropay: open,
  p24: open,
  sofort: open,
  trustly: open
})

/** `POST /v2/checkout/orders`. */
export const createOrderFields: Fields = {
  intent: choice("AUTHORIZE", "CAPTURE"),
  processing_instruction: choice("NO_INSTRUCTION", "ORDER_COMPLETE_ON_PAYMENT_APPROVAL"),
  purchase_units: list(unit, 1, 10),
  payment_source: source,
  application_context: experience
}

/** `POST /v2/checkout/orders/{id}/authorize` and `…/capture`. */
export const payOrderFields: Fields = { payment_source: source }

/** `POST /v2/payments/authorizations/{id}/capture`. */
export const captureFields: Fields = {
  amount: amount(),
  invoice_id: text(127),
  final_capture: flag,
  note_to_payer: text(255),
  soft_descriptor: text(22)
}

/** `POST /v2/payments/captures/{id}/refund`. */
export const refundFields: Fields = {
  amount: amount(),
  custom_id: text(127, 1),
  invoice_id: text(127, 1),
  note_to_payer: text(255, 1)
}

/** `GET /v3/vault/payment-tokens`: parameters of the query. */
export const listTokensFields: Fields = { customer_id: text(36, 7, /^[0-9a-zA-Z_-]+$/) }
