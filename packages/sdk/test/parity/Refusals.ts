import { Duration } from "effect"
import { authorize, capture } from "../inputs.ts"
import { requests } from "./Requests.ts"
import { payment, type Scenario } from "./Scenarios.ts"
import { secret, webhookSecrets } from "./Scripted.ts"

// what a plain JavaScript caller can write and TypeScript refuses
const untyped = (value: unknown): never => value as never

const endless: { self?: object } = {}
endless.self = endless

const unreadable = {
  get reference(): string {
    throw new Error("the caller's own words")
  }
}

/** What the SDK itself refuses, before a transport is asked for anything. */
export const refusals: ReadonlyArray<Scenario> = [
  {
    title: "no input",
    flow: "payment.authorize",
    input: undefined,
    reason: { _tag: "MissingField", field: "reference" }
  },
  {
    title: "an input that holds itself",
    flow: "payment.authorize",
    input: { ...payment("r"), metadata: endless },
    reason: { _tag: "InvalidField", field: "request" }
  },
  {
    title: "an input that throws as it is read",
    flow: "payment.authorize",
    input: unreadable,
    reason: { _tag: "InvalidField", field: "request" }
  },
  {
    title: "an amount that is a number",
    flow: "payment.capture",
    input: { ...capture, amount: 10 },
    reason: { _tag: "InvalidField", field: "amount", rule: "an object" }
  },
  {
    title: "a card number with a wrong digit",
    flow: "payment.authorize",
    // the last digit does not pass the Luhn check
    input: { ...payment("r"), paymentMethod: { ...authorize.paymentMethod, number: "4242424242424241" } },
    reason: { _tag: "InvalidField", field: "payment_method.card.number" }
  },
  {
    title: "a payment method of no kind",
    flow: "payment.authorize",
    input: { ...payment("r"), paymentMethod: {} },
    reason: { _tag: "InvalidField", field: "payment_method" }
  },
  {
    title: "a time limit of nothing",
    flow: "payment.capture",
    input: capture,
    options: { timeout: 0 },
    reason: { _tag: "InvalidField", field: "timeout" }
  },
  {
    title: "an endless time limit",
    flow: "payment.capture",
    input: capture,
    options: { timeout: Duration.infinity },
    reason: { _tag: "InvalidField", field: "timeout" }
  },
  {
    title: "fewer repeats than none",
    flow: "payment.capture",
    input: capture,
    options: { retry: { times: -1 } },
    reason: { _tag: "InvalidField", field: "retry" }
  },
  {
    title: "a signal that is none",
    flow: "payment.capture",
    input: capture,
    options: { signal: untyped({ aborted: true }) },
    reason: { _tag: "InvalidField", field: "signal" }
  },
  {
    title: "a caller that has gone",
    flow: "payment.capture",
    input: capture,
    options: { signal: AbortSignal.abort() },
    reason: { _tag: "Unreachable", description: "the caller cancelled it" },
    sentence: "The service was not reached (the caller cancelled it); nothing was sent."
  },
  {
    title: "a request id with a line break",
    flow: "connector.list",
    input: {},
    options: { requestId: "a\nb" },
    reason: { _tag: "InvalidField", field: "x-request-id" }
  },
  {
    title: "no connector",
    flow: "payment.capture",
    input: capture,
    options: { target: { connector: "" } },
    reason: { _tag: "MissingField", field: "x-connector" }
  },
  {
    title: "an environment that is none",
    flow: "payment.capture",
    input: capture,
    options: { target: { environment: untyped("test") } },
    reason: { _tag: "InvalidField", field: "x-environment" }
  },
  {
    title: "an account that no header can hold",
    flow: "payment.capture",
    input: capture,
    options: { target: { account: "my shop" } },
    reason: { _tag: "InvalidField", field: "x-account" }
  },
  {
    title: "two payers",
    flow: "payment.capture",
    input: capture,
    options: { target: { account: "shop", credentials: { secret: secret } } },
    reason: { _tag: "InvalidField", field: "x-account" }
  },
  {
    title: "credentials that are none",
    flow: "payment.capture",
    input: capture,
    options: { target: { credentials: untyped("sk") } },
    reason: { _tag: "InvalidField", field: "x-credentials-bin" }
  },
  {
    title: "credentials that JSON cannot hold",
    flow: "payment.capture",
    input: capture,
    options: { target: { credentials: { secret: 1n } } },
    reason: { _tag: "InvalidField", field: "x-credentials-bin", rule: "an object that JSON can hold" }
  },
  {
    title: "webhook secrets beside an account",
    flow: "webhook.receive",
    input: requests.webhook.receive,
    options: { target: { account: "shop", webhookSecrets } },
    reason: { _tag: "InvalidField", field: "x-account", rule: "absent where webhook secrets are given" }
  },
  {
    title: "credentials without webhook secrets",
    flow: "webhook.receive",
    input: requests.webhook.receive,
    options: { target: { credentials: { secret } } },
    reason: { _tag: "MissingField", field: "x-webhook-secrets-bin" }
  },
  {
    title: "no webhook secrets",
    flow: "webhook.receive",
    input: requests.webhook.receive,
    options: { target: { webhookSecrets: [] } },
    reason: { _tag: "InvalidField", field: "x-webhook-secrets-bin" }
  },
  {
    title: "webhook secrets that are texts",
    flow: "webhook.receive",
    input: requests.webhook.receive,
    options: { target: { webhookSecrets: untyped(["wh"]) } },
    reason: { _tag: "InvalidField", field: "x-webhook-secrets-bin" }
  },
  {
    title: "webhook secrets that JSON cannot hold",
    flow: "webhook.receive",
    input: requests.webhook.receive,
    options: { target: { webhookSecrets: [{ key: 1n }] } },
    reason: { _tag: "InvalidField", field: "x-webhook-secrets-bin" }
  },
  {
    title: "a body that is text",
    flow: "webhook.receive",
    input: { delivery: { ...requests.webhook.receive.delivery, body: "{}" } },
    reason: { _tag: "InvalidField", field: "delivery.body" }
  },
  {
    title: "credentials that hold themselves",
    flow: "payment.capture",
    input: capture,
    options: { target: { credentials: endless } },
    reason: { _tag: "InvalidField", field: "x-credentials-bin" }
  }
]
