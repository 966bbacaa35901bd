import type { Reason } from "@connector-service/domain/Reason"
import { Duration } from "effect"
import { authorize, capture } from "../inputs.ts"
import * as Answers from "./Answers.ts"
import { type Asked, plain } from "./Faces.ts"
import { delivery, firstSentAt, paymentMethods, requests } from "./Requests.ts"
import { secret, webhookSecrets } from "./Scripted.ts"

type Tag = Exclude<Reason["_tag"], "Declined">

/** A call, and what every face tells of it. */
export interface Scenario extends Asked {
  readonly title: string
  /** What it answers with, in parts. */
  readonly answers?: object
  /** Why it does not answer, in parts. */
  readonly reason?: { readonly _tag: Tag } & Readonly<Record<string, unknown>>
  /** What a Promise's error says in place of the reason's own sentence. */
  readonly sentence?: string
}

const { amount } = authorize
/** A payment under a reference. */
export const payment = (reference: string) => ({ ...authorize, reference })
const paymentId = "p-1"
const unsettled = (flow: string, reference: string, paymentId?: string) => ({
  unsettled: { flow, reference, attempt: 1, firstSentAt: new Date(0), paymentId }
})
const once = { retry: false } as const

/** Every flow with a request that has every field, and what each answers: see Scripted.ts. */
const full: ReadonlyArray<Scenario> = [
  { title: "a payment", flow: "payment.authorize", input: requests.payment.authorize, answers: Answers.payment },
  ...Object.values(paymentMethods).map((paymentMethod) => ({
    title: `a payment by ${paymentMethod._tag}`,
    flow: "payment.authorize",
    input: { ...requests.payment.authorize, paymentMethod },
    answers: Answers.payment
  })),
  { title: "a capture", flow: "payment.capture", input: requests.payment.capture, answers: Answers.capture },
  { title: "a void", flow: "payment.void", input: requests.payment.void, answers: Answers.payment },
  { title: "a reversal", flow: "payment.reverse", input: requests.payment.reverse, answers: Answers.payment },
  { title: "a look at a payment", flow: "payment.get", input: requests.payment.get, answers: Answers.payment },
  { title: "a completion", flow: "payment.complete", input: requests.payment.complete, answers: Answers.payment },
  { title: "a refund", flow: "refund.create", input: requests.refund.create, answers: Answers.refund },
  { title: "a look at a refund", flow: "refund.get", input: requests.refund.get, answers: Answers.refund },
  {
    title: "a settlement that finds it",
    flow: "settlement.settle",
    input: requests.settlement.settle,
    answers: { _tag: "Taken", found: { _tag: "Payment", payment: Answers.captured } }
  },
  { title: "a webhook", flow: "webhook.receive", input: requests.webhook.receive, answers: Answers.received },
  { title: "a claim", flow: "webhook.identify", input: requests.webhook.identify, answers: Answers.unverified },
  {
    title: "the connectors",
    flow: "connector.list",
    input: requests.connector.list,
    answers: [{ id: "few" }, { id: "gone" }, { id: "scripted" }]
  },
  { title: "a connector", flow: "connector.get", input: requests.connector.get, answers: { id: "few" } }
]

/** Every flow, and every kind of answer. */
export const answers: ReadonlyArray<Scenario> = [
  ...full,
  ...Object.values(Answers.nextActions).map((nextAction) => ({
    title: `a payment that waits for ${nextAction._tag}`,
    flow: "payment.get",
    input: { paymentId: nextAction._tag },
    answers: { ...Answers.payment, nextAction }
  })),
  {
    title: "a decline",
    flow: "payment.authorize",
    input: payment("declined"),
    answers: Answers.refused
  },
  ...Object.values(Answers.nextActions).map((nextAction) => ({
    title: `a settlement that finds it waits for ${nextAction._tag}`,
    flow: "settlement.settle",
    input: unsettled("payment.authorize", "taken", nextAction._tag),
    answers: { _tag: "Taken", found: { _tag: "Payment", payment: { ...Answers.payment, nextAction } } }
  })),
  {
    title: "a settlement that finds it refused",
    flow: "settlement.settle",
    input: unsettled("payment.authorize", "taken", "refused"),
    answers: { _tag: "Taken", found: { _tag: "Payment", payment: Answers.refused } }
  },
  {
    title: "a settlement that finds a capture",
    flow: "settlement.settle",
    input: unsettled("payment.capture", "taken"),
    answers: { _tag: "Taken", found: Answers.found.Capture }
  },
  {
    title: "a settlement that finds a refund",
    flow: "settlement.settle",
    input: unsettled("refund.create", "taken"),
    answers: { _tag: "Taken", found: Answers.found.Refund }
  },
  {
    title: "a settlement that finds another one",
    flow: "settlement.settle",
    input: unsettled("payment.authorize", "other"),
    answers: { _tag: "NotTaken", evidence: "a look-up found it VOIDED by another call" }
  },
  {
    title: "a webhook by the secret that goes out of use",
    flow: "webhook.receive",
    input: { delivery: delivery("all", "wh-old") },
    answers: Answers.received
  },
  {
    title: "a webhook that the processor is asked about",
    flow: "webhook.receive",
    input: { delivery: delivery("nothing") },
    answers: { ...Answers.received, events: [] }
  },
  {
    title: "a webhook by secrets of the call's own",
    flow: "webhook.receive",
    input: requests.webhook.receive,
    options: { target: { webhookSecrets } },
    answers: Answers.received
  },
  {
    title: "a webhook by secrets and credentials of the call's own",
    flow: "webhook.receive",
    input: { delivery: delivery("nothing") },
    options: { target: { webhookSecrets, credentials: { secret } } },
    answers: { ...Answers.received, events: [] }
  },
  {
    title: "a claim without an account",
    flow: "webhook.identify",
    input: requests.webhook.identify,
    options: { target: { account: undefined } },
    answers: Answers.unverified
  },
  {
    title: "a settlement too early to tell",
    flow: "settlement.settle",
    input: unsettled("payment.authorize", "not-there"),
    answers: { _tag: "StillUnknown", retryAfter: Duration.minutes(1), awaitWebhook: false }
  }
]

/** Every reason; what each means is the domain's own table, which its own tests check. */
export const reasons: ReadonlyArray<Scenario> = [
  {
    title: "no such connector",
    flow: "payment.authorize",
    input: payment("r"),
    options: { target: { connector: "nosuch", account: "nosuch" } },
    reason: { _tag: "UnknownConnector", known: ["few", "gone", "scripted"] }
  },
  {
    title: "no such connector to tell of",
    flow: "connector.get",
    input: { id: "nosuch" },
    reason: { _tag: "UnknownConnector" }
  },
  {
    title: "a flow that the connector has not",
    flow: "payment.capture",
    input: capture,
    options: { target: { connector: "few" } },
    reason: { _tag: "UnsupportedFlow", supported: ["payment.get"] }
  },
  {
    title: "a payment method that it does not take",
    flow: "payment.authorize",
    input: { ...payment("r"), paymentMethod: paymentMethods.SavedPaymentMethod },
    options: { target: { connector: "gone" } },
    reason: { _tag: "UnsupportedPaymentMethod", paymentMethod: "saved_payment_method", supported: ["card"] }
  },
  {
    title: "a field left out",
    flow: "payment.void",
    input: { paymentId },
    reason: { _tag: "MissingField", field: "reference" }
  },
  {
    title: "a field that the connector wants",
    flow: "payment.complete",
    input: { reference: "c", paymentId },
    reason: { _tag: "MissingField", field: "returned" }
  },
  {
    title: "an amount of nothing",
    flow: "payment.capture",
    input: { ...capture, amount: { ...amount, minorUnits: 0n } },
    reason: { _tag: "InvalidField", field: "amount.minor_units", rule: "more than zero" }
  },
  {
    title: "a card that has expired",
    flow: "payment.authorize",
    input: { ...payment("r"), paymentMethod: { ...authorize.paymentMethod, expiryYear: 2020 } },
    reason: { _tag: "InvalidField", field: "payment_method.card.expiry_year" }
  },
  {
    title: "too little time",
    flow: "payment.capture",
    input: capture,
    options: { timeout: 150 },
    reason: { _tag: "InvalidField", field: "deadline" }
  },
  {
    title: "an account that is not known",
    flow: "payment.capture",
    input: capture,
    options: { target: { account: "nosuch" } },
    reason: { _tag: "InvalidCredentials", refusedByProcessor: false }
  },
  {
    title: "credentials of another kind",
    flow: "payment.capture",
    input: capture,
    options: { target: { credentials: { key: "k" } } },
    reason: { _tag: "InvalidCredentials", refusedByProcessor: false }
  },
  {
    title: "a service with too much to do",
    flow: "payment.void",
    input: { reference: "overloaded", paymentId },
    reason: { _tag: "Overloaded", retryAfter: "60000 ms" }
  },
  {
    title: "a processor that has been failing",
    flow: "payment.void",
    input: { reference: "circuit-open", paymentId },
    reason: { _tag: "CircuitOpen", retryAfter: "60000 ms" }
  },
  {
    title: "a processor that is not there",
    flow: "payment.authorize",
    input: payment("r"),
    options: { ...once, target: { connector: "gone" } },
    reason: { _tag: "Unreachable" }
  },
  {
    title: "the repeat of a payment at a processor that is not there",
    flow: "payment.authorize",
    input: { ...payment("r"), firstSentAt: new Date() },
    options: { ...once, target: { connector: "gone" } },
    reason: { _tag: "UnknownOutcome" }
  },
  {
    title: "a request turned away",
    flow: "payment.void",
    input: { reference: "limited", paymentId },
    reason: { _tag: "RateLimited", retryAfter: "60000 ms" }
  },
  {
    title: "a request refused",
    flow: "payment.void",
    input: { reference: "rejected", paymentId },
    reason: { _tag: "Rejected", httpStatus: 422, rawCode: "bad", rawMessage: "Bad field", rawField: "x" }
  },
  {
    title: "a payment whose state does not allow it",
    flow: "payment.authorize",
    input: payment("state"),
    reason: { _tag: "WrongState", rawCode: "wrong_state", found: plain(Answers.found.Payment) }
  },
  {
    title: "a reference used before",
    flow: "payment.authorize",
    input: payment("key"),
    reason: { _tag: "Duplicate", rawCode: "key_used", found: plain(Answers.found.Payment) }
  },
  {
    title: "a repeat that comes too late",
    flow: "payment.capture",
    input: { ...capture, firstSentAt: new Date("2026-01-02T03:04:05.678Z") },
    reason: {
      _tag: "KeyExpired",
      retention: "3600000 ms",
      unsettled: { reference: "capture-1", attempt: 3, amount: { minorUnits: "500n", currencyCode: "EUR" } }
    }
  },
  {
    title: "a processor that fails over a write",
    flow: "payment.authorize",
    input: { ...payment("fails"), firstSentAt },
    reason: {
      _tag: "UnknownOutcome",
      unsettled: {
        flow: "payment.authorize",
        reference: "fails",
        attempt: 1,
        firstSentAt: firstSentAt.toISOString(),
        lastSentAt: "during the call"
      }
    }
  },
  {
    title: "a processor that fails over a capture",
    flow: "payment.capture",
    input: { ...capture, reference: "fails", firstSentAt },
    reason: {
      _tag: "UnknownOutcome",
      unsettled: {
        flow: "payment.capture",
        reference: "fails",
        attempt: 3,
        paymentId: capture.paymentId,
        amount: plain(capture.amount),
        state: capture.state,
        lastSentAt: "during the call"
      }
    }
  },
  {
    title: "another amount than was asked",
    flow: "payment.capture",
    input: { ...capture, amount },
    reason: { _tag: "AmountMismatch", asked: { minorUnits: "1000n", currencyCode: "EUR" }, found: { _tag: "Capture" } }
  },
  {
    title: "a webhook that nothing proves",
    flow: "webhook.receive",
    input: { delivery: delivery("all", "wh-evil") },
    reason: { _tag: "InvalidSignature" }
  },
  {
    title: "a webhook that is old",
    flow: "webhook.receive",
    input: { delivery: delivery("stale") },
    reason: { _tag: "StaleTimestamp" }
  },
  {
    title: "a webhook of an account without secrets",
    flow: "webhook.receive",
    input: requests.webhook.receive,
    options: { target: { account: "nosuch" } },
    reason: { _tag: "UnknownSecret" }
  },
  {
    title: "a webhook with secrets of another kind",
    flow: "webhook.receive",
    input: requests.webhook.receive,
    options: { target: { webhookSecrets: [{ signingSecret: "wh" }] } },
    reason: { _tag: "UnknownSecret" }
  },
  {
    title: "a webhook that cannot be read",
    flow: "webhook.receive",
    input: { delivery: delivery("garbage") },
    reason: { _tag: "Unreadable", description: "the delivery is not what the processor documents" }
  },
  {
    title: "a claim that cannot be read",
    flow: "webhook.identify",
    input: { delivery: delivery("garbage") },
    reason: { _tag: "Unreadable" }
  },
  {
    title: "a webhook of a connector that takes none",
    flow: "webhook.receive",
    input: requests.webhook.receive,
    options: { target: { connector: "few" } },
    reason: { _tag: "UnsupportedFlow", supported: ["payment.get"] }
  },
  {
    title: "a webhook of no connector",
    flow: "webhook.receive",
    input: requests.webhook.receive,
    options: { target: { connector: "nosuch" } },
    reason: { _tag: "UnknownConnector" }
  },
  {
    title: "a claim of no connector",
    flow: "webhook.identify",
    input: requests.webhook.identify,
    options: { target: { connector: "nosuch" } },
    reason: { _tag: "UnknownConnector", known: ["few", "gone", "scripted"] }
  },
  {
    title: "a webhook to be asked about, without credentials",
    flow: "webhook.receive",
    input: { delivery: delivery("nothing") },
    options: { target: { webhookSecrets } },
    reason: { _tag: "MissingField", field: "x-credentials-bin" }
  },
  {
    title: "a webhook without a method",
    flow: "webhook.receive",
    input: { delivery: { ...requests.webhook.receive.delivery, method: "" } },
    reason: { _tag: "MissingField", field: "delivery.method" }
  },
  {
    title: "an answer to a read that cannot be read",
    flow: "payment.get",
    input: { paymentId: "unreadable" },
    options: once,
    reason: { _tag: "UnreadableReply", httpStatus: 200 }
  }
]
