import { randomText } from "../Random.ts"
import type { Context, IntentRecord, MethodRecord } from "./Account.ts"
import { endDebit, pay, startDebit, tellStatus } from "./Charging.ts"
import { localRules } from "./LocalMethods.ts"
import type { LocalType, PaymentIntent } from "./Objects.ts"
import { hashOf, type Params, textOf } from "./Parameters.ts"
import { conflict, type Refusal } from "./Refusal.ts"
import { type Ending, endingOfBlik, settled } from "./TestAccounts.ts"

type Step = (context: Context, intent: IntentRecord, method: MethodRecord, params: Params) => Refusal | undefined

const openPage: Step = (context, intent) => {
  if (intent.returnUrl === null) {
    return conflict("This payment method sends the payer to a page, so a return_url is needed.", {
      code: "parameter_missing",
      param: "return_url",
      payment_intent: intent.object
    })
  }
  const token = randomText(24)
  context.challenges.set(token, { page: "redirect", context, intent })
  const url = `${context.origin}/stripe/pages/redirect/${token}`
  intent.object.status = "requires_action"
  intent.object.next_action = { type: "redirect_to_url", redirect_to_url: { return_url: intent.returnUrl, url } }
  return undefined
}

const wait = (context: Context, intent: IntentRecord, ending: Ending): void => {
  intent.awaited = { ...ending, context, at: context.now + ending.afterSeconds }
}

const debit: Step = (context, intent, method, params) => {
  const acceptance = hashOf(hashOf(params, "mandate_data"), "customer_acceptance")
  if (textOf(acceptance, "type") === undefined && textOf(params, "mandate") === undefined) {
    return conflict("A debit needs a mandate: give mandate_data.", {
      code: "payment_intent_mandate_invalid",
      param: "mandate_data",
      payment_intent: intent.object
    })
  }
  startDebit(context, intent, method)
  intent.object.status = "processing"
  wait(context, intent, method.debit ?? settled)
  return undefined
}

const blikCode = "payment_method_options[blik][code]"

const askInApp: Step = (context, intent, method, params) => {
  const code = textOf(hashOf(hashOf(params, "payment_method_options"), "blik"), "code")
  if (code === undefined) return conflict("The BLIK code is missing.", { code: "parameter_missing", param: blikCode })
  const ending = endingOfBlik(method.object.billing_details.email ?? "")
  if (!/^\d{6}$/.test(code) || ending === null) {
    intent.object.status = "requires_payment_method"
    intent.object.payment_method = null
    intent.method = undefined
    return conflict("The BLIK code is invalid or has expired.", {
      code: "payment_method_invalid_parameter",
      param: blikCode,
      payment_intent: intent.object
    })
  }
  intent.object.status = "requires_action"
  intent.object.next_action = { type: "blik_authorize", blik_authorize: {} }
  wait(context, intent, ending)
  return undefined
}

const steps: Readonly<Record<"redirect" | "debit" | "app", Step>> = { redirect: openPage, debit, app: askInApp }

/** Confirms a payment with a method that is no card; it goes on when the payer does, or by itself. */
export const confirmLocal = (
  context: Context,
  intent: IntentRecord,
  method: MethodRecord,
  type: LocalType,
  params: Params
): PaymentIntent | Refusal => {
  intent.awaited = null
  const refusal = steps[localRules[type].paid](context, intent, method, params)
  if (refusal === undefined) tellStatus(context, intent)
  return refusal ?? intent.object
}

/** Ends a payment that was waiting for its end and has come to it. */
export const endAwaited = (intent: IntentRecord, now: number): void => {
  const { awaited, method } = intent
  if (awaited === null || method === undefined || now < awaited.at) return
  if (intent.object.status === "processing") endDebit(intent, method, awaited)
  else pay({ ...awaited.context, now }, intent, method, null, awaited.decline)
}
