import { newId, randomDigits, randomText } from "../Random.ts"
import type { ChargeRecord, Context, IntentRecord, MethodRecord } from "./Account.ts"
import type { Charge, LastPaymentError, Outcome, PaymentIntent, ThreeDSecure } from "./Objects.ts"
import { documentation, Refusal } from "./Refusal.ts"
import { blocked, type CardBehaviour, type Decline } from "./TestCards.ts"

const checked = (given: boolean, result: string | undefined): string | null => (given ? (result ?? "pass") : null)

const outcomeOf = (behaviour: CardBehaviour, decline: Decline | null): Outcome => ({
  advice_code: decline?.adviceCode ?? null,
  network_advice_code: null,
  network_decline_code: decline?.networkDeclineCode ?? null,
  network_status:
    decline === null ? "approved_by_network" : decline === blocked ? "not_sent_to_network" : "declined_by_network",
  reason:
    decline === null
      ? behaviour.risk === "elevated"
        ? "elevated_risk_level"
        : null
      : decline === blocked
        ? "highest_risk_level"
        : (decline.declineCode ?? decline.code),
  risk_level: behaviour.risk ?? "normal",
  risk_score: behaviour.risk === "highest" ? 90 : behaviour.risk === "elevated" ? 70 : 20,
  seller_message: decline === null ? "The payment went through." : decline.message,
  type: decline === null ? "authorized" : decline === blocked ? "blocked" : "issuer_declined"
})

const addCharge = (
  context: Context,
  intent: IntentRecord,
  method: MethodRecord,
  authentication: ThreeDSecure | null,
  decline: Decline | null
): ChargeRecord => {
  const { amount, currency, ...payment } = intent.object
  const { card } = method.object
  const { behaviour, given } = method
  card.checks = {
    address_line1_check: checked(given.line1, behaviour.line1),
    address_postal_code_check: checked(given.postalCode, behaviour.postalCode),
    cvc_check: checked(given.cvc, behaviour.cvc)
  }
  const paid = decline === null
  const captured = paid && !intent.manualCapture
  const id = newId("ch_3")
  const object: Charge = {
    id,
    object: "charge",
    amount,
    amount_captured: captured ? amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: captured ? newId("txn_3") : null,
    billing_details: method.object.billing_details,
    calculated_statement_descriptor: payment.statement_descriptor ?? "SANDBOX",
    captured,
    created: context.now,
    currency,
    customer: payment.customer,
    description: payment.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: payment.metadata,
    on_behalf_of: null,
    outcome: outcomeOf(behaviour, decline),
    paid,
    payment_intent: payment.id,
    payment_method: method.id,
    payment_method_details: {
      card: {
        amount_authorized: paid ? amount : null,
        authorization_code: paid ? randomDigits(6) : null,
        brand: card.brand,
        checks: card.checks,
        country: card.country,
        exp_month: card.exp_month,
        exp_year: card.exp_year,
        extended_authorization: { status: "disabled" },
        fingerprint: card.fingerprint,
        funding: card.funding,
        incremental_authorization: { status: "unavailable" },
        installments: null,
        last4: card.last4,
        mandate: null,
        multicapture: { status: "unavailable" },
        network: card.brand,
        network_token: { used: method.networkToken },
        network_transaction_id: decline === blocked ? null : randomDigits(15),
        overcapture: { maximum_amount_capturable: amount, status: "unavailable" },
        three_d_secure: authentication,
        wallet: null
      },
      type: "card"
    },
    receipt_email: payment.receipt_email,
    receipt_number: null,
    receipt_url: paid ? `${context.origin}/stripe/pages/receipts/${randomText(24)}` : null,
    refunded: false,
    review: null,
    shipping: payment.shipping,
    source_transfer: null,
    statement_descriptor: payment.statement_descriptor,
    statement_descriptor_suffix: payment.statement_descriptor_suffix,
    status: paid ? "succeeded" : "failed",
    transfer_data: null,
    transfer_group: payment.transfer_group
  }
  return context.account.charges.add({ id, object, behaviour, refunds: [], returned: 0 })
}

/** Ends an attempt to pay: the intent wants another payment method, and the answer is a 402 that carries it. */
export const declineIntent = (
  intent: IntentRecord,
  method: MethodRecord,
  decline: Decline,
  charge: ChargeRecord | undefined
): Refusal => {
  const cause: Omit<LastPaymentError, "doc_url" | "payment_method"> = {
    type: "card_error",
    code: decline.code,
    message: decline.message,
    ...(charge === undefined ? {} : { charge: charge.id }),
    ...(decline.declineCode === undefined ? {} : { decline_code: decline.declineCode }),
    ...(decline.adviceCode === undefined ? {} : { advice_code: decline.adviceCode }),
    ...(decline.networkDeclineCode === undefined ? {} : { network_decline_code: decline.networkDeclineCode }),
    ...(decline.param === undefined ? {} : { param: decline.param })
  }
  const payment = intent.object
  payment.status = "requires_payment_method"
  payment.next_action = null
  payment.payment_method = null
  payment.last_payment_error = { ...cause, doc_url: documentation(decline.code), payment_method: method.object }
  if (charge !== undefined) payment.latest_charge = charge.id
  intent.method = undefined
  intent.authentication = null
  return new Refusal(402, { ...cause, payment_intent: payment, payment_method: method.object }, true)
}

/** Sends the payment to the issuer: an accepted authorization (captured unless capture is manual) or a decline. */
export const pay = (
  context: Context,
  intent: IntentRecord,
  method: MethodRecord,
  authentication: ThreeDSecure | null
): PaymentIntent | Refusal => {
  const { behaviour, given } = method
  const decline =
    behaviour.decline !== undefined && (behaviour.declineNeedsCvc !== true || given.cvc) ? behaviour.decline : null
  const charge = addCharge(context, intent, method, authentication, decline)
  if (decline !== null) return declineIntent(intent, method, decline, charge)
  const payment = intent.object
  const { amount, currency, metadata } = payment
  payment.latest_charge = charge.id
  payment.last_payment_error = null
  payment.next_action = null
  payment.amount_capturable = intent.manualCapture ? amount : 0
  payment.amount_received = intent.manualCapture ? 0 : amount
  payment.status = intent.manualCapture ? "requires_capture" : "succeeded"
  if (payment.setup_future_usage === null && payment.customer === null) method.spent = true
  if (payment.setup_future_usage !== null && payment.customer !== null) method.object.customer = payment.customer
  if (payment.setup_future_usage === "off_session") method.setUp = true
  const entry = { id: charge.id, payment_id: payment.id, amount, currency, metadata: { ...metadata } }
  context.money("authorization", entry)
  if (!intent.manualCapture) context.money("capture", entry)
  return payment
}
