import { newId, randomDigits, randomText } from "../Random.ts"
import type { Awaited, ChargeRecord, Context, IntentRecord, MethodRecord } from "./Account.ts"
import { localRules } from "./LocalMethods.ts"
import type {
  CardDetails,
  CardPart,
  Charge,
  IntentStatus,
  LastPaymentError,
  Outcome,
  PaymentIntent,
  ThreeDSecure
} from "./Objects.ts"
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

const eventTypes: Readonly<Partial<Record<IntentStatus, string>>> = {
  canceled: "payment_intent.canceled",
  processing: "payment_intent.processing",
  requires_action: "payment_intent.requires_action",
  requires_capture: "payment_intent.amount_capturable_updated",
  requires_payment_method: "payment_intent.payment_failed",
  succeeded: "payment_intent.succeeded"
}

/** Tells by webhook that a payment intent came to its status (docs.stripe.com/api/events/types). */
export const tellStatus = (context: Context, { object }: IntentRecord): void => {
  const type = eventTypes[object.status]
  if (type !== undefined) context.event(type, object)
}

/** How an attempt to pay went, or that it is on its way. */
interface Attempt {
  readonly authentication: ThreeDSecure | null
  readonly decline: Decline | null
  readonly pending: boolean
}

const cardDetails = (
  { behaviour, given, networkToken }: MethodRecord,
  card: CardPart,
  amount: number,
  { authentication, decline }: Attempt
): CardDetails => {
  card.checks = {
    address_line1_check: checked(given.line1, behaviour.line1),
    address_postal_code_check: checked(given.postalCode, behaviour.postalCode),
    cvc_check: checked(given.cvc, behaviour.cvc)
  }
  const paid = decline === null
  return {
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
    network_token: { used: networkToken },
    network_transaction_id: decline === blocked ? null : randomDigits(15),
    overcapture: { maximum_amount_capturable: amount, status: "unavailable" },
    three_d_secure: authentication,
    wallet: card.wallet
  }
}

const detailsOf = (method: MethodRecord, amount: number, attempt: Attempt): Charge["payment_method_details"] => {
  const { card, type } = method.object
  if (card !== undefined) return { card: cardDetails(method, card, amount, attempt), type }
  return { ...(type === "card" ? {} : { [type]: localRules[type].charge(method.object) }), type }
}

const addCharge = (context: Context, intent: IntentRecord, method: MethodRecord, attempt: Attempt): ChargeRecord => {
  const { amount, currency, ...payment } = intent.object
  const { behaviour } = method
  const { decline, pending } = attempt
  const paid = decline === null && !pending
  const captured = decline === null && !intent.manualCapture
  const id = newId(method.object.card === undefined ? "py_3" : "ch_3")
  const object: Charge = {
    id,
    object: "charge",
    amount,
    amount_captured: captured ? amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: captured && paid ? newId("txn_3") : null,
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
    payment_method_details: detailsOf(method, amount, attempt),
    receipt_email: payment.receipt_email,
    receipt_number: null,
    receipt_url: paid ? `${context.origin}/stripe/pages/receipts/${randomText(24)}` : null,
    refunded: false,
    review: null,
    shipping: payment.shipping,
    source_transfer: null,
    statement_descriptor: payment.statement_descriptor,
    statement_descriptor_suffix: payment.statement_descriptor_suffix,
    status: pending ? "pending" : paid ? "succeeded" : "failed",
    transfer_data: null,
    transfer_group: payment.transfer_group
  }
  return context.account.charges.add({ id, object, behaviour, refunds: [], returned: 0 })
}

/** Ends an attempt to pay: the intent wants another payment method, and the answer is a 402 that carries it. */
export const declineIntent = (
  context: Context,
  intent: IntentRecord,
  method: MethodRecord,
  decline: Decline,
  charge: ChargeRecord | undefined
): Refusal => {
  const cause: Omit<LastPaymentError, "doc_url" | "payment_method"> = {
    type: method.object.card === undefined ? "invalid_request_error" : "card_error",
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
  intent.awaited = null
  payment.last_payment_error = { ...cause, doc_url: documentation(decline.code), payment_method: method.object }
  if (charge !== undefined) payment.latest_charge = charge.id
  intent.method = undefined
  intent.authentication = null
  if (charge !== undefined) context.event("charge.failed", charge.object)
  tellStatus(context, intent)
  return new Refusal(402, { ...cause, payment_intent: payment, payment_method: method.object }, true)
}

const declineOf = ({ behaviour: { decline, declineNeedsCvc }, given }: MethodRecord): Decline | null =>
  decline !== undefined && (declineNeedsCvc !== true || given.cvc) ? decline : null

/** The payment has its charge: reserved, or taken unless capture is manual. */
const succeed = (context: Context, intent: IntentRecord, method: MethodRecord, charge: ChargeRecord): PaymentIntent => {
  const payment = intent.object
  const { amount, currency, metadata } = payment
  intent.awaited = null
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
  context.event("charge.succeeded", charge.object)
  tellStatus(context, intent)
  return payment
}

/** Sends the payment to the issuer: an accepted authorization (captured unless capture is manual) or a decline. */
export const pay = (
  context: Context,
  intent: IntentRecord,
  method: MethodRecord,
  authentication: ThreeDSecure | null,
  decline = declineOf(method)
): PaymentIntent | Refusal => {
  const charge = addCharge(context, intent, method, { authentication, decline, pending: false })
  return decline === null
    ? succeed(context, intent, method, charge)
    : declineIntent(context, intent, method, decline, charge)
}

/** Sends a debit on its way; how it ends is told later. */
export const startDebit = (context: Context, intent: IntentRecord, method: MethodRecord): void => {
  const charge = addCharge(context, intent, method, { authentication: null, decline: null, pending: true })
  intent.object.latest_charge = charge.id
  context.event("charge.pending", charge.object)
}

/** Ends a debit that is on its way. */
export const endDebit = (intent: IntentRecord, method: MethodRecord, { context, decline, disputed }: Awaited): void => {
  const charge = context.account.charges.get(intent.object.latest_charge ?? "")
  if (charge === undefined) return
  const { object } = charge
  object.paid = decline === null
  object.status = decline === null ? "succeeded" : "failed"
  if (decline !== null) {
    Object.assign(object, {
      amount_captured: 0,
      captured: false,
      failure_code: decline.code,
      failure_message: decline.message,
      outcome: outcomeOf({}, decline)
    })
    declineIntent(context, intent, method, decline, charge)
    return
  }
  object.balance_transaction = newId("txn_3")
  object.disputed = disputed
  succeed(context, intent, method, charge)
}
