import { randomText } from "../Random.ts"
import type { Context, IntentRecord, MethodRecord } from "./Account.ts"
import { findMethod, makeMethod, readShipping } from "./Cards.ts"
import { declineIntent, pay, tellStatus } from "./Charging.ts"
import { confirmLocal } from "./LocalConfirming.ts"
import type { PaymentIntent, ThreeDSecure } from "./Objects.ts"
import { flagOf, hasHash, hashOf, type Params, textOf } from "./Parameters.ts"
import { conflict, type Refusal } from "./Refusal.ts"
import { authenticationRequired, type Decline, lookupFailed, type ThreeDSecureUse } from "./TestCards.ts"

const authenticatedBy = (
  result: ThreeDSecure["result"],
  flow: ThreeDSecure["authentication_flow"],
  details: Partial<ThreeDSecure> = {}
): ThreeDSecure => ({
  authentication_flow: flow,
  electronic_commerce_indicator: null,
  exemption_indicator: null,
  result,
  result_reason: null,
  transaction_id: null,
  version: "2.2.0",
  ...details
})

// EMV 3-D Secure: an authenticated payment carries 02 on Mastercard and 05 elsewhere.
const authenticatedIndicator = (method: MethodRecord): string =>
  method.object.card?.brand === "mastercard" ? "02" : "05"

/** The result of a challenge that the payer completed. */
export const completedChallenge = (method: MethodRecord): ThreeDSecure =>
  authenticatedBy("authenticated", "challenge", {
    electronic_commerce_indicator: authenticatedIndicator(method),
    transaction_id: randomText(36)
  })

const imported = (options: Params, method: MethodRecord): ThreeDSecure =>
  authenticatedBy("authenticated", null, {
    electronic_commerce_indicator: textOf(options, "electronic_commerce_indicator") ?? authenticatedIndicator(method),
    transaction_id: textOf(options, "transaction_id") ?? null,
    version: textOf(options, "version") ?? null
  })

/** What has to happen before the payment goes to the issuer. */
type Step =
  | { readonly is: "challenge" }
  | { readonly is: "decline"; readonly decline: Decline }
  | { readonly is: "pay"; readonly authentication: ThreeDSecure | null }

const challenge: Step = { is: "challenge" }
const payPlainly: Step = { is: "pay", authentication: null }
const mustAuthenticate: Step = { is: "decline", decline: authenticationRequired }
const failLookup: Step = { is: "decline", decline: lookupFailed }

interface Circumstance {
  readonly requested: boolean
  readonly setUp: boolean
}

const onSession: Record<ThreeDSecureUse | "unenrolled", (now: Circumstance) => Step> = {
  required: () => challenge,
  required_unless_set_up: () => challenge,
  required_on_session: () => challenge,
  lookup_fails: () => failLookup,
  supported: ({ requested }) => (requested ? challenge : payPlainly),
  supported_fails: ({ requested }) =>
    requested
      ? { is: "pay", authentication: authenticatedBy("processing_error", null, { result_reason: "protocol_error" }) }
      : payPlainly,
  not_supported: () => payPlainly,
  unenrolled: ({ requested }) =>
    requested ? { is: "pay", authentication: authenticatedBy("attempt_acknowledged", "frictionless") } : payPlainly
}

const offSession: Record<ThreeDSecureUse | "unenrolled", (now: Circumstance) => Step> = {
  required: () => mustAuthenticate,
  required_unless_set_up: ({ setUp }) => (setUp ? payPlainly : mustAuthenticate),
  required_on_session: () => payPlainly,
  lookup_fails: () => failLookup,
  supported: () => payPlainly,
  supported_fails: () => payPlainly,
  not_supported: () => payPlainly,
  unenrolled: () => payPlainly
}

const nextStep = (intent: IntentRecord, method: MethodRecord, params: Params): Step => {
  if (intent.authentication !== null) return { is: "pay", authentication: intent.authentication }
  const options = hashOf(hashOf(params, "payment_method_options"), "card")
  if (hasHash(options, "three_d_secure")) {
    return { is: "pay", authentication: imported(hashOf(options, "three_d_secure"), method) }
  }
  if (intent.exempt) return payPlainly
  const asked = intent.object.payment_method_options.card?.request_three_d_secure
  const rules = intent.offSession ? offSession : onSession
  const step = rules[method.behaviour.threeDSecure ?? "unenrolled"]({
    requested: asked === "any" || asked === "challenge",
    setUp: method.setUp
  })
  return step.is === "challenge" && flagOf(params, "error_on_requires_action") === true ? mustAuthenticate : step
}

const openChallenge = (context: Context, intent: IntentRecord, params: Params): PaymentIntent => {
  const token = randomText(24)
  context.challenges.set(token, { page: "3ds", context, intent })
  const url = `${context.origin}/stripe/pages/3ds/${token}`
  const payment = intent.object
  payment.status = "requires_action"
  payment.next_action =
    intent.returnUrl !== null && flagOf(params, "use_stripe_sdk") !== true
      ? { type: "redirect_to_url", redirect_to_url: { return_url: intent.returnUrl, url } }
      : {
          type: "use_stripe_sdk",
          use_stripe_sdk: { type: "three_d_secure_redirect", source: `src_1${randomText(23)}`, stripe_js: url }
        }
  tellStatus(context, intent)
  return payment
}

/** Finds or makes the payment method the parameters name; undefined when they name none. */
export const methodFrom = (context: Context, params: Params): MethodRecord | Refusal | undefined => {
  const id = textOf(params, "payment_method")
  if (id !== undefined) return findMethod(context, id)
  return hasHash(params, "payment_method_data") ? makeMethod(context, hashOf(params, "payment_method_data")) : undefined
}

/** Gives the intent a payment method, unless the method cannot serve it. */
export const useMethod = (intent: IntentRecord, method: MethodRecord): Refusal | undefined => {
  if (method.spent) {
    return conflict("This payment method was used up by an earlier payment without a customer.", {
      param: "payment_method"
    })
  }
  if (!intent.object.payment_method_types.includes(method.object.type)) {
    return conflict(`This payment does not take a payment method of type ${method.object.type}.`, {
      code: "payment_intent_incompatible_payment_method",
      param: "payment_method"
    })
  }
  const owner = method.object.customer
  if (owner !== null && owner !== intent.object.customer) {
    return conflict("This payment method belongs to a customer who is not the payment's.", { param: "payment_method" })
  }
  intent.method = method
  intent.object.payment_method = method.id
  return undefined
}

const asksForManual = (params: Params): boolean =>
  ["card", "klarna", "paypal"].some(
    (type) => textOf(hashOf(hashOf(params, "payment_method_options"), type), "capture_method") === "manual"
  )

/** Takes over what creation, update and confirmation may all say about a payment. */
export const describe = (intent: IntentRecord, params: Params): void => {
  const payment = intent.object
  const captureMethod = textOf(params, "capture_method")
  if (captureMethod !== undefined) payment.capture_method = captureMethod
  if (params.receipt_email !== undefined) payment.receipt_email = textOf(params, "receipt_email") ?? null
  if (params.setup_future_usage !== undefined) {
    payment.setup_future_usage = textOf(params, "setup_future_usage") ?? null
  }
  if (params.shipping !== undefined) {
    payment.shipping = hasHash(params, "shipping") ? readShipping(hashOf(params, "shipping")) : null
  }
  const options = hashOf(hashOf(params, "payment_method_options"), "card")
  const asked = textOf(options, "request_three_d_secure")
  if (asked !== undefined && payment.payment_method_options.card !== undefined) {
    payment.payment_method_options.card.request_three_d_secure = asked
  }
  if (flagOf(options, "moto") === true || hasHash(options, "mit_exemption")) intent.exempt = true
  if (asksForManual(params)) intent.manualCapture = true
  else if (captureMethod !== undefined) intent.manualCapture = captureMethod === "manual"
}

/** Confirms an intent that may be confirmed and has its parameters; answers it or a 402. */
export const confirm = (context: Context, intent: IntentRecord, params: Params): PaymentIntent | Refusal => {
  describe(intent, params)
  const { method } = intent
  if (method === undefined) {
    return conflict("A payment intent needs a payment method before it can be confirmed.", {
      code: "payment_intent_unexpected_state",
      payment_intent: intent.object
    })
  }
  const off = params.off_session
  if (off !== undefined) intent.offSession = off !== "false"
  const returnUrl = textOf(params, "return_url")
  if (returnUrl !== undefined) intent.returnUrl = returnUrl
  const { type } = method.object
  if (type !== "card") return confirmLocal(context, intent, method, type, params)
  const step = nextStep(intent, method, params)
  if (step.is === "challenge") return openChallenge(context, intent, params)
  if (step.is === "decline") return declineIntent(context, intent, method, step.decline, undefined)
  return pay(context, intent, method, step.authentication)
}
