import { authorise, cancelled, refuseWith } from "./Authorise.ts"
import { type Body, bodyOf, parseBase64, textOf } from "./Body.ts"
import { authenticatedBy } from "./Payments.ts"
import { alreadyInProgress, invalid, type Refusal } from "./Refusal.ts"
import type { Choice, Context, PaymentReply, Step } from "./State.ts"
import { openChallenge } from "./Steps.ts"

const unreadable = (): Refusal => invalid("14_007", "Invalid payment method data")

// What 3-D Secure reports, in the three forms in which a front end hands it over.
const threeDSecureOf = (details: Body): Body => {
  const names = ["threeDSResult", "threeds2.fingerprint", "threeds2.challengeResult"]
  const text = names.map((name) => textOf(details, name)).find((value) => value !== undefined)
  return (text === undefined ? undefined : parseBase64(text)) ?? {}
}

const findStep = (context: Context, body: Body): Step | undefined => {
  const details = bodyOf(body, "details")
  const result = textOf(details, "redirectResult") ?? textOf(details, "payload")
  // 3-D Secure 1, which the networks ended: a merchant data token goes with the issuer's answer.
  const ended = textOf(details, "PaRes") === undefined ? undefined : textOf(details, "MD")
  const authorisation = textOf(threeDSecureOf(details), "authorisationToken")
  const data = textOf(body, "paymentData")
  const token =
    (result ?? ended) !== undefined
      ? `result:${result ?? ended}`
      : authorisation !== undefined
        ? `authorisation:${authorisation}`
        : `data:${data}`
  return context.steps.get(token)
}

const decide: Readonly<Record<Choice, (context: Context, step: Step) => PaymentReply>> = {
  authorise: (context, { payment }) =>
    authorise(context, payment, payment.instrument.card && authenticatedBy(payment.instrument.card)),
  refuse: (context, { payment }) => refuseWith(context, payment, "11", { authenticated: false, eci: "07" }),
  cancel: (_context, { payment }) => cancelled(payment)
}

const authenticated = (context: Context, step: Step): PaymentReply =>
  step.choice === undefined
    ? // The issuer has said nothing: whatever the browser reports, nobody was authenticated.
      refuseWith(context, step.payment, "39", { authenticated: false, eci: "07" })
    : decide[step.choice](context, step)

const pending = ({ payment }: Step): PaymentReply => ({
  resultCode: "Pending",
  pspReference: payment.pspReference,
  merchantReference: payment.reference
})

type Submit = (context: Context, step: Step, details: Body) => PaymentReply | Refusal

const submits: Readonly<Record<Step["kind"], Submit>> = {
  redirect3ds: (context, step) => authenticated(context, step),
  redirect: (_context, step) => step.reply ?? pending(step),
  qr: (_context, step) => step.reply ?? pending(step),
  await: (_context, step) => step.reply ?? pending(step),
  fingerprint: (context, step, details) => {
    if (textOf(threeDSecureOf(details), "threeDSCompInd") === undefined) return unreadable()
    return step.frictionless ? decide.authorise(context, step) : openChallenge(context, step)
  },
  challenge: (context, step, details) =>
    textOf(threeDSecureOf(details), "transStatus") === undefined ? unreadable() : authenticated(context, step)
}

/** `POST /payments/details`. What the payer brought back counts once. */
export const submitDetails = (context: Context, body: Body): PaymentReply | Refusal => {
  const step = findStep(context, body)
  if (step === undefined) return unreadable()
  if (step.submitted) return alreadyInProgress(false)
  const reply = submits[step.kind](context, step, bodyOf(body, "details"))
  step.submitted = "resultCode" in reply && reply.resultCode !== "Pending"
  return reply
}
