import { newId, randomText } from "../Random.ts"
import type { Context, IntentRecord } from "./Account.ts"
import { mergeMetadata } from "./Cards.ts"
import { tellStatus } from "./Charging.ts"
import { confirm, describe, methodFrom, useMethod } from "./Confirming.ts"
import { checkAmount, checkCurrency } from "./Currencies.ts"
import { endAwaited } from "./LocalConfirming.ts"
import { isLocal, localRules } from "./LocalMethods.ts"
import type { IntentStatus, PaymentIntent } from "./Objects.ts"
import { flagOf, hasHash, hashOf, listOf, numberOf, type Params, textOf } from "./Parameters.ts"
import { release } from "./Refunds.ts"
import { conflict, invalid, missing, Refusal } from "./Refusal.ts"

const unexpected = (intent: IntentRecord, doing: string): Refusal =>
  conflict(`A payment intent whose status is ${intent.object.status} cannot be ${doing}.`, {
    code: "payment_intent_unexpected_state",
    payment_intent: intent.object
  })

const find = (context: Context, id: string): IntentRecord | Refusal =>
  context.account.intents.get(id) ?? missing(404, "payment intent", id, "intent")

// Until 2024-04-10 the default was "automatic" (Stripe's API changelog).
const defaultCapture = (version: string): string => (version >= "2024-04-10" ? "automatic_async" : "automatic")

const automaticMethods = (params: Params): PaymentIntent["automatic_payment_methods"] => {
  const given = hashOf(params, "automatic_payment_methods")
  const enabled = flagOf(given, "enabled") ?? listOf(params, "payment_method_types") === undefined
  return enabled ? { allow_redirects: textOf(given, "allow_redirects") ?? "always", enabled } : null
}

const checkCustomer = (context: Context, params: Params): Refusal | undefined => {
  const id = textOf(params, "customer")
  const known = id === undefined || context.account.customers.get(id) !== undefined
  return known ? undefined : missing(400, "customer", id, "customer")
}

const checkReturnUrl = (params: Params): Refusal | undefined => {
  const url = textOf(params, "return_url")
  return url === undefined || URL.canParse(url)
    ? undefined
    : invalid("The return_url is not a URL.", { code: "url_invalid", param: "return_url" })
}

const checkTypes = (params: Params, currency: string): Refusal | undefined => {
  const types = listOf(params, "payment_method_types") ?? []
  const wrong = (message: string, param: string): Refusal =>
    conflict(message, { code: "payment_intent_invalid_parameter", param })
  const unknown = types.find((type) => type !== "card" && !isLocal(type))
  if (unknown !== undefined) return wrong(`This sandbox does not take ${unknown}.`, "payment_method_types")
  const locals = types.filter(isLocal)
  const foreign = locals.find((type) => (localRules[type].currency ?? currency) !== currency)
  if (foreign !== undefined) return wrong(`Payments with ${foreign} are not made in ${currency}.`, "currency")
  const atOnce = locals.find((type) => !localRules[type].manual)
  return atOnce !== undefined && textOf(params, "capture_method") === "manual"
    ? wrong(`Payments with ${atOnce} cannot be captured later.`, "capture_method")
    : undefined
}

const optionsOf = (types: ReadonlyArray<string>): PaymentIntent["payment_method_options"] =>
  Object.fromEntries(
    types.map((type) => [
      type,
      isLocal(type)
        ? localRules[type].options
        : { installments: null, mandate_options: null, network: null, request_three_d_secure: "automatic" }
    ])
  )

/** `POST /v1/payment_intents`. */
export const createIntent = (context: Context, _id: string, params: Params): PaymentIntent | Refusal => {
  const currency = checkCurrency(textOf(params, "currency") ?? "")
  if (currency instanceof Refusal) return currency
  const asked = numberOf(params, "amount") ?? 0
  const refusal =
    checkAmount(asked, currency) ??
    checkReturnUrl(params) ??
    checkTypes(params, currency) ??
    checkCustomer(context, params)
  if (refusal !== undefined) return refusal
  const confirming = flagOf(params, "confirm") === true
  const automatic = automaticMethods(params)
  if (
    confirming &&
    automatic?.allow_redirects === "always" &&
    textOf(params, "return_url") === undefined &&
    flagOf(params, "use_stripe_sdk") !== true &&
    (params.off_session ?? "false") === "false"
  ) {
    return invalid(
      "Automatic payment methods may redirect the payer, so a confirmation needs a return_url; name the payment method types or forbid redirects to do without."
    )
  }
  const method = methodFrom(context, params)
  if (method instanceof Refusal) return method
  if (confirming && method === undefined) {
    return conflict("A payment intent needs a payment method before it can be confirmed.", {
      code: "payment_intent_unexpected_state"
    })
  }
  const id = newId("pi_3")
  const types = listOf(params, "payment_method_types") ?? ["card"]
  const intent: IntentRecord = {
    id,
    method: undefined,
    returnUrl: null,
    offSession: false,
    exempt: false,
    manualCapture: false,
    authentication: null,
    awaited: null,
    object: {
      id,
      object: "payment_intent",
      amount: asked + context.amountOff,
      amount_capturable: 0,
      amount_details: { tip: {} },
      amount_received: 0,
      application: null,
      application_fee_amount: null,
      automatic_payment_methods: automatic,
      canceled_at: null,
      cancellation_reason: null,
      capture_method: defaultCapture(context.version),
      client_secret: `${id}_secret_${randomText(25)}`,
      confirmation_method: textOf(params, "confirmation_method") ?? "automatic",
      created: context.now,
      currency,
      customer: textOf(params, "customer") ?? null,
      description: textOf(params, "description") ?? null,
      last_payment_error: null,
      latest_charge: null,
      livemode: false,
      metadata: mergeMetadata({}, params),
      next_action: null,
      on_behalf_of: null,
      payment_method: null,
      payment_method_options: optionsOf(types),
      payment_method_types: types,
      processing: null,
      receipt_email: null,
      review: null,
      setup_future_usage: null,
      shipping: null,
      statement_descriptor: textOf(params, "statement_descriptor") ?? null,
      statement_descriptor_suffix: textOf(params, "statement_descriptor_suffix") ?? null,
      status: method === undefined ? "requires_payment_method" : "requires_confirmation",
      transfer_data: null,
      transfer_group: textOf(params, "transfer_group") ?? null
    }
  }
  describe(intent, params)
  const unfit = method === undefined ? undefined : useMethod(intent, method)
  if (unfit !== undefined) return unfit
  context.account.intents.add(intent)
  context.event("payment_intent.created", intent.object)
  return confirming ? confirm(context, intent, params) : intent.object
}

const confirmable: ReadonlyArray<IntentStatus> = ["requires_payment_method", "requires_confirmation", "requires_action"]

/** `POST /v1/payment_intents/:id/confirm`. */
export const confirmIntent = (context: Context, id: string, params: Params): PaymentIntent | Refusal => {
  const intent = find(context, id)
  if (intent instanceof Refusal) return intent
  const refusal = checkReturnUrl(params)
  if (refusal !== undefined) return refusal
  if (!confirmable.includes(intent.object.status)) return unexpected(intent, "confirmed")
  const method = methodFrom(context, params)
  if (method instanceof Refusal) return method
  if (method !== undefined) {
    const unfit = useMethod(intent, method)
    if (unfit !== undefined) return unfit
    intent.authentication = null
  }
  intent.object.amount += context.amountOff
  return confirm(context, intent, params)
}

/**
 * `GET /v1/payment_intents/:id`. A payment that Stripe's test environment ends by itself ends here when it is read, so
 * that a test sees it before and after without waiting.
 */
export const retrieveIntent = (context: Context, id: string): PaymentIntent | Refusal => {
  const intent = find(context, id)
  if (intent instanceof Refusal) return intent
  endAwaited(intent, context.now)
  return intent.object
}

/** `POST /v1/payment_intents/:id`. */
export const updateIntent = (context: Context, id: string, params: Params): PaymentIntent | Refusal => {
  const intent = find(context, id)
  if (intent instanceof Refusal) return intent
  const payment = intent.object
  const amount = numberOf(params, "amount") ?? payment.amount
  const currency = checkCurrency(textOf(params, "currency") ?? payment.currency)
  if (currency instanceof Refusal) return currency
  const refusal = checkAmount(amount, currency) ?? checkTypes(params, currency) ?? checkCustomer(context, params)
  if (refusal !== undefined) return refusal
  if ((amount !== payment.amount || currency !== payment.currency) && !confirmable.includes(payment.status)) {
    return unexpected(intent, "given another amount or currency")
  }
  const method = methodFrom(context, params)
  if (method instanceof Refusal) return method
  if (method !== undefined) {
    if (!confirmable.includes(payment.status)) return unexpected(intent, "given another payment method")
    const unfit = useMethod(intent, method)
    if (unfit !== undefined) return unfit
    payment.status = "requires_confirmation"
  }
  describe(intent, params)
  payment.amount = amount
  payment.currency = currency
  payment.metadata = mergeMetadata(payment.metadata, params)
  payment.customer = textOf(params, "customer") ?? payment.customer
  payment.description = textOf(params, "description") ?? payment.description
  payment.statement_descriptor = textOf(params, "statement_descriptor") ?? payment.statement_descriptor
  payment.statement_descriptor_suffix =
    textOf(params, "statement_descriptor_suffix") ?? payment.statement_descriptor_suffix
  return payment
}

/** `POST /v1/payment_intents/:id/capture`. */
export const captureIntent = (context: Context, id: string, params: Params): PaymentIntent | Refusal => {
  const intent = find(context, id)
  if (intent instanceof Refusal) return intent
  const payment = intent.object
  const charge = context.account.charges.get(payment.latest_charge ?? "")
  if (payment.status !== "requires_capture" || charge === undefined) return unexpected(intent, "captured")
  if (flagOf(params, "final_capture") === false || hasHash(params, "transfer_data")) {
    return conflict("This sandbox captures once and transfers nothing.", { param: "final_capture" })
  }
  const asked = numberOf(params, "amount_to_capture") ?? payment.amount_capturable
  if (asked > payment.amount_capturable) {
    return conflict(`At most ${payment.amount_capturable} can be captured.`, {
      code: "amount_too_large",
      param: "amount_to_capture"
    })
  }
  const amount = asked + context.amountOff
  payment.metadata = mergeMetadata(payment.metadata, params)
  payment.statement_descriptor = textOf(params, "statement_descriptor") ?? payment.statement_descriptor
  payment.statement_descriptor_suffix =
    textOf(params, "statement_descriptor_suffix") ?? payment.statement_descriptor_suffix
  payment.status = "succeeded"
  payment.amount_capturable = 0
  payment.amount_received = amount
  charge.object.captured = true
  charge.object.amount_captured = amount
  charge.object.balance_transaction = newId("txn_3")
  if (amount < payment.amount) release(context, charge, payment.amount - amount)
  context.money("capture", {
    id: charge.id,
    payment_id: payment.id,
    amount,
    currency: payment.currency,
    metadata: { ...payment.metadata }
  })
  context.event("charge.captured", charge.object)
  tellStatus(context, intent)
  return payment
}

const uncancelable: ReadonlySet<IntentStatus> = new Set(["canceled", "processing", "succeeded"])

/** `POST /v1/payment_intents/:id/cancel`. */
export const cancelIntent = (context: Context, id: string, params: Params): PaymentIntent | Refusal => {
  const intent = find(context, id)
  if (intent instanceof Refusal) return intent
  const payment = intent.object
  if (uncancelable.has(payment.status)) return unexpected(intent, "canceled")
  intent.awaited = null
  const charge = context.account.charges.get(payment.latest_charge ?? "")
  if (payment.status === "requires_capture" && charge !== undefined) {
    release(context, charge, payment.amount_capturable)
    context.money("void", {
      id: payment.id,
      payment_id: payment.id,
      amount: payment.amount_capturable,
      currency: payment.currency,
      metadata: { ...payment.metadata }
    })
  }
  payment.status = "canceled"
  payment.amount_capturable = 0
  payment.canceled_at = context.now
  payment.cancellation_reason = textOf(params, "cancellation_reason") ?? null
  payment.next_action = null
  tellStatus(context, intent)
  return payment
}
