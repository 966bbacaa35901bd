import { buttonForm, escapeHtml, html } from "../Html.ts"
import type { Call, Handled, Reply } from "../Processor.ts"
import { randomText } from "../Random.ts"
import { authorise, cancelled, refuseWith } from "./Authorise.ts"
import { type Body, parseBase64, textOf } from "./Body.ts"
import type { Choice, Context, PaymentReply, Step } from "./State.ts"

const title = "Test page of the payer"

interface Shown {
  readonly reply: Reply
  readonly processed?: boolean
}

const page = (status: number, body: string): Shown => ({ reply: html(status, title, body) })

const labels: Readonly<Record<Choice, string>> = { authorise: "Authorise", refuse: "Refuse", cancel: "Cancel" }

const readChoice = (text: string | null): Choice | undefined =>
  text === "authorise" || text === "refuse" || text === "cancel" ? text : undefined

const choices = (path: string, step: Step, fields: Readonly<Record<string, string>> = {}): Shown => {
  const { currency, instrument, value } = step.payment
  const forms = Object.entries(labels).map(([choice, label]) =>
    buttonForm(`/adyen${path}`, { ...fields, choice }, choice, label)
  )
  return page(200, `<h1>${instrument.type}</h1><p>Amount: ${value} ${currency} (minor units)</p>${forms.join("")}`)
}

// A page that goes on by itself, and by its button where scripts do not run.
const forward = (action: string, fields: Readonly<Record<string, string>>): Shown =>
  !/^https?:/.test(action)
    ? page(400, "<p>The notification URL is not one of the web.</p>")
    : page(200, `${buttonForm(action, fields, "continue", "Continue")}<script>document.forms[0].submit()</script>`)

const pay: Readonly<Record<Choice, (context: Context, step: Step) => PaymentReply>> = {
  authorise: (context, { payment }) => authorise(context, payment),
  refuse: (context, { payment }) => refuseWith(context, payment, "2"),
  cancel: (_context, { payment }) => cancelled(payment)
}

const payingKinds: ReadonlySet<Step["kind"]> = new Set(["redirect", "qr", "await"])

// The first choice counts; a payment method's own page pays at once, the issuer's only authenticates.
const choose = (context: Context, step: Step, choice: Choice): boolean => {
  if (step.choice !== undefined) return false
  step.choice = choice
  if (payingKinds.has(step.kind)) step.reply = pay[choice](context, step)
  return true
}

const goBack = (context: Context, step: Step): Reply => {
  step.result ??= `X6XtfGC3!${randomText(48)}`
  context.steps.set(`result:${step.result}`, step)
  const url = new URL(step.returnUrl)
  url.searchParams.append("redirectResult", step.result)
  return { status: 303, headers: { Location: url.href }, body: "" }
}

const missing = page(404, "<p>There is no such page.</p>")

const redirect = (context: Context, call: Call, token: string): Shown => {
  const step = context.steps.get(`page:${token}`)
  if (step === undefined) return missing
  if (call.method === "GET" && step.choice === undefined && !step.frictionless) return choices(call.path, step)
  const choice = step.frictionless ? "authorise" : readChoice(new URLSearchParams(call.body).get("choice"))
  if (step.choice === undefined && choice === undefined) return page(400, "<p>Authorise, refuse or cancel?</p>")
  const processed = choice !== undefined && choose(context, step, choice)
  return { reply: goBack(context, step), processed }
}

const phone = (context: Context, call: Call, token: string): Shown => {
  const step = context.steps.get(`page:${token}`)
  if (step === undefined) return missing
  if (step.choice === undefined && call.method === "GET") return choices(call.path, step)
  const choice = readChoice(new URLSearchParams(call.body).get("choice"))
  if (step.choice === undefined && choice === undefined) return page(400, "<p>Authorise, refuse or cancel?</p>")
  const processed = choice !== undefined && choose(context, step, choice)
  return { ...page(200, "<p>Done. This page can be closed.</p>"), processed }
}

const message = (call: Call, name: string): Body => parseBase64(new URLSearchParams(call.body).get(name) ?? "") ?? {}

const encode = (value: Readonly<Record<string, string>>): string =>
  Buffer.from(JSON.stringify(value)).toString("base64url")

/** EMV 3-D Secure 2.2.0, 3DS Method: what was posted comes back to the notification URL with the transaction's id alone. */
const method = (_context: Context, call: Call): Shown => {
  const data = message(call, "threeDSMethodData")
  const threeDSServerTransID = textOf(data, "threeDSServerTransID")
  const notify = textOf(data, "threeDSMethodNotificationURL")
  if (threeDSServerTransID === undefined || notify === undefined)
    return page(400, "<p>threeDSMethodData is missing.</p>")
  return forward(notify, { threeDSMethodData: encode({ threeDSServerTransID }) })
}

const statuses: Readonly<Record<Choice, string>> = { authorise: "Y", refuse: "N", cancel: "N" }

/** EMV 3-D Secure 2.2.0, challenge: a CReq opens the page, and its CRes goes to the notification URL. */
const acs = (context: Context, call: Call): Shown => {
  const sent = new URLSearchParams(call.body)
  const request = message(call, "creq")
  const step = context.steps.get(`acs:${textOf(request, "acsTransID")}`)
  if (step === undefined || textOf(request, "threeDSServerTransID") !== step.threeDSServerTransID) {
    return page(400, "<p>creq is missing or of no transaction.</p>")
  }
  const threeDSSessionData = sent.get("threeDSSessionData") ?? ""
  const choice = readChoice(sent.get("choice"))
  if (choice === undefined) return choices(call.path, step, { creq: sent.get("creq") ?? "", threeDSSessionData })
  const processed = choose(context, step, choice)
  const cres = encode({
    threeDSServerTransID: step.threeDSServerTransID,
    acsTransID: step.acsTransID,
    messageType: "CRes",
    messageVersion: "2.2.0",
    transStatus: statuses[step.choice ?? choice]
  })
  return { ...forward(step.notificationUrl, { cres, threeDSSessionData }), processed }
}

// Where Adyen's own components listen when a merchant names no page: it passes on what it was sent.
const notification = (_context: Context, call: Call): Shown => {
  const sent = new URLSearchParams(call.body)
  const data = sent.get("cres") ?? sent.get("threeDSMethodData") ?? ""
  return page(
    200,
    `<p id="message" data-message="${escapeHtml(data)}">Done.</p><script>parent.postMessage(document.getElementById("message").dataset.message,"*")</script>`
  )
}

const pages: Readonly<Record<string, (context: Context, call: Call, token: string) => Shown>> = {
  "GET redirect": redirect,
  "POST redirect": redirect,
  "GET qr": phone,
  "POST qr": phone,
  "GET await": phone,
  "POST await": phone,
  "POST method": method,
  "POST acs": acs,
  "POST notification": notification
}

/** Serves what a payer's browser or phone opens, under `/pages/`. */
export const servePage = (context: Context, call: Call): Handled => {
  const [name = "", token = ""] = call.path.slice("/pages/".length).split("/")
  const key = `${call.method} ${name}`
  const show = Object.hasOwn(pages, key) ? pages[key] : undefined
  const { reply, processed = false } = show?.(context, call, token) ?? missing
  return { reply, processed, replayed: false }
}
