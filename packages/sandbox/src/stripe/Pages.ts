import { html as htmlPage, outcomeButton } from "../Html.ts"
import type { Call, Handled, Reply } from "../Processor.ts"
import { now } from "../Surroundings.ts"
import type { Challenge } from "./Account.ts"
import { pay, tellStatus } from "./Charging.ts"
import { completedChallenge } from "./Confirming.ts"
import { documentation } from "./Refusal.ts"

const html = (status: number, body: string): Reply => htmlPage(status, "Test page", body)

const heads: Readonly<Record<Challenge["page"], string>> = {
  "3ds": "3-D Secure test page",
  redirect: "Payment test page"
}
const choices: Readonly<Record<Challenge["page"], ReadonlyArray<readonly [outcome: string, label: string]>>> = {
  "3ds": [
    ["complete", "Complete authentication"],
    ["fail", "Fail authentication"]
  ],
  redirect: [
    ["authorize", "Authorize test payment"],
    ["fail", "Fail test payment"]
  ]
}

const page = (path: string, { intent, page }: Challenge): Reply => {
  const { amount, currency, status } = intent.object
  if (status !== "requires_action") return html(410, "<p>This page is over.</p>")
  const forms = choices[page].map(([outcome, label]) => outcomeButton(`/stripe${path}`, outcome, label))
  return html(
    200,
    `<h1>${heads[page]}</h1><p>Amount: ${amount} ${currency.toUpperCase()} (minor units)</p>${forms.join("")}`
  )
}

const fail = ({ context, intent }: Challenge): void => {
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
  tellStatus(context, intent)
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
  pay({ ...context, now: Math.floor(now() / 1000) }, intent, method, authentication)
}

const authorize = ({ context, intent }: Challenge): void => {
  if (intent.method === undefined) return
  pay({ ...context, now: Math.floor(now() / 1000) }, intent, intent.method, null)
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

const outcomes: Readonly<Record<Challenge["page"], Readonly<Record<string, (challenge: Challenge) => void>>>> = {
  "3ds": { complete, fail },
  redirect: { authorize, fail }
}

/** Serves the pages on which a payer confirms a payment or fails it: GET shows one, POST takes the choice. */
export const servePage = (challenges: ReadonlyMap<string, Challenge>, call: Call): Handled => {
  const unprocessed = (reply: Reply): Handled => ({ reply, processed: false, replayed: false })
  const [, , kind, token = ""] = call.path.split("/")
  const found = challenges.get(token)
  const challenge = found?.page === kind ? found : undefined
  if (challenge === undefined) return unprocessed(html(404, "<p>There is no such page.</p>"))
  if (call.method === "GET") return unprocessed(page(call.path, challenge))
  const outcome = outcomes[challenge.page][new URLSearchParams(call.body).get("outcome") ?? ""]
  if (call.method !== "POST" || outcome === undefined) return unprocessed(html(400, "<p>Which of the two?</p>"))
  const open = challenge.intent.object.status === "requires_action"
  if (open) outcome(challenge)
  return { reply: goBack(challenge), processed: open, replayed: false }
}
