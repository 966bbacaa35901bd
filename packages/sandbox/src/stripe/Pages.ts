import { html as htmlPage, outcomeButton } from "../Html.ts"
import type { Call, Handled, Reply } from "../Processor.ts"
import type { Challenge } from "./Account.ts"
import { pay } from "./Charging.ts"
import { completedChallenge } from "./Confirming.ts"
import { documentation } from "./Refusal.ts"

const html = (status: number, body: string): Reply => htmlPage(status, "3-D Secure test page", body)

const page = (path: string, { intent }: Challenge): Reply => {
  const { amount, currency, status } = intent.object
  if (status !== "requires_action") return html(410, "<p>This authentication is over.</p>")
  const form = (outcome: string, label: string): string => outcomeButton(`/stripe${path}`, outcome, label)
  return html(
    200,
    `<h1>3-D Secure test page</h1><p>Amount: ${amount} ${currency.toUpperCase()} (minor units)</p>${form("complete", "Complete authentication")}${form("fail", "Fail authentication")}`
  )
}

const fail = ({ intent }: Challenge): void => {
  const payment = intent.object
  const { method } = intent
  const code = "payment_intent_authentication_failure"
  payment.status = "requires_payment_method"
  payment.next_action = null
  payment.payment_method = null
  intent.method = undefined
  if (method === undefined) return
  payment.last_payment_error = {
    type: "invalid_request_error",
    code,
    message: "The payer could not be authenticated; another payment method is needed.",
    doc_url: documentation(code),
    payment_method: method.object
  }
}

const complete = ({ context, intent }: Challenge): void => {
  const { method } = intent
  if (method === undefined) return
  const authentication = completedChallenge(method)
  if (intent.object.confirmation_method === "manual") {
    intent.authentication = authentication
    intent.object.next_action = null
    intent.object.status = "requires_confirmation"
    return
  }
  pay({ ...context, now: Math.floor(Date.now() / 1000) }, intent, method, authentication)
}

const passed = new Set(["succeeded", "requires_capture", "requires_confirmation"])

const goBack = ({ intent }: Challenge): Reply => {
  const { id, client_secret, status } = intent.object
  if (intent.returnUrl === null) return html(200, "<p>Done. This page can be closed.</p>")
  const url = new URL(intent.returnUrl)
  url.searchParams.append("payment_intent", id)
  url.searchParams.append("payment_intent_client_secret", client_secret)
  url.searchParams.append("redirect_status", passed.has(status) ? "succeeded" : "failed")
  return { status: 303, headers: { Location: url.href }, body: "" }
}

const outcomes: Readonly<Record<string, (challenge: Challenge) => void>> = { complete, fail }

/** Serves the page on which a payer completes or fails 3-D Secure: GET shows it, POST takes the choice. */
export const servePage = (challenges: ReadonlyMap<string, Challenge>, call: Call): Handled => {
  const unprocessed = (reply: Reply): Handled => ({ reply, processed: false, replayed: false })
  const challenge = call.path.startsWith("/pages/3ds/") ? challenges.get(call.path.slice(11)) : undefined
  if (challenge === undefined) return unprocessed(html(404, "<p>There is no such page.</p>"))
  if (call.method === "GET") return unprocessed(page(call.path, challenge))
  const outcome = outcomes[new URLSearchParams(call.body).get("outcome") ?? ""]
  if (call.method !== "POST" || outcome === undefined) return unprocessed(html(400, "<p>Complete or fail?</p>"))
  const open = challenge.intent.object.status === "requires_action"
  if (open) outcome(challenge)
  return { reply: goBack(challenge), processed: open, replayed: false }
}
