import { inspect } from "node:util"
import { flow, make } from "@connector-service/connectors/Connector"
import { stripe } from "@connector-service/connectors/stripe"
import { stripe as definition } from "@connector-service/connectors/stripe/connector"
import { type Sandbox, startSandbox } from "@connector-service/sandbox/Sandbox"
import { Duration, Effect, Fiber, Layer, Logger, Redacted } from "effect"
import { FetchHttpClient, HttpClientRequest } from "effect/http"
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from "vitest"
import { encoded } from "../src/Friendly.ts"
import { type Client, type InProcessOptions, inProcess, layer, Money } from "../src/InProcess.ts"
import { Payments } from "../src/Payments.ts"
import { errorOf, unsettledOf } from "./errors.ts"
import { cardNumber, authorize as example } from "./inputs.ts"
import { startProcessor } from "./parity/Scripted.ts"

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
})
afterAll(() => sandbox.close())
afterEach(() => sandbox.reset())

const secretKey = "sk_test_inprocess"
const authorize = { ...example, paymentMethod: { ...example.paymentMethod, cvc: "123" } }
const intents = "/stripe/v1/payment_intents"

const options = (over: Partial<InProcessOptions> = {}): InProcessOptions => ({
  connectors: [stripe],
  connector: "stripe",
  environment: "sandbox",
  credentials: { secretKey },
  configuration: { baseUrls: { stripe: { sandbox: `${sandbox.url}/stripe` } } },
  ...over
})

const open = (over: Partial<InProcessOptions> = {}): Client => {
  const client = inProcess(options(over))
  onTestFinished(() => client.close())
  return client
}

const authorizations = () => sandbox.ledger().authorizations

test("a payment is authorized, captured in part, refunded and read, without a server", async () => {
  const client = open()
  const { paymentId, state, ...payment } = await client.payment.authorize(authorize)
  expect(payment).toMatchObject({ status: "AUTHORIZED", amountAuthorized: Money.of("10.00", "EUR") })
  const amount = Money.of("6.00", "EUR")
  expect(await client.payment.capture({ reference: "c", paymentId, amount, state })).toMatchObject({
    status: "SUCCEEDED",
    amountCaptured: amount
  })
  expect(await client.refund.create({ reference: "f", paymentId, amount, state })).toMatchObject({
    status: "SUCCEEDED"
  })
  expect(await client.payment.get({ paymentId, state })).toMatchObject({ status: "CAPTURED" })
  expect(await client.connector.list()).toMatchObject([{ id: "stripe" }])
})

test("what a caller wrote stays as it was, whatever it is made of", async () => {
  class Card {
    readonly _tag = "Card"
    readonly number = cardNumber
    readonly expiryMonth = 12
    readonly expiryYear = 2030
  }
  const client = open()
  for (const paymentMethod of [new Card(), { ...new Card(), cvc: Redacted.make("123") }]) {
    const input = Object.freeze({ ...example, reference: `kept-${paymentMethod.constructor.name}`, paymentMethod })
    expect(await client.payment.authorize(input)).toMatchObject({ status: "AUTHORIZED" })
    expect(await client.payment.authorize(input)).toMatchObject({ status: "AUTHORIZED" })
    expect(input.paymentMethod.number).toBe(cardNumber)
  }
  expect(authorizations()).toHaveLength(2)
})

test("a copy of what a caller wrote has the same keys, whatever they are called", () => {
  // JSON.parse makes of such a name a key like any other (ECMA-262 section 25.5.1)
  const written: unknown = JSON.parse('{"metadata": {"__proto__": "x", "constructor": "y"}}')
  expect(JSON.stringify(encoded(written))).toBe('{"metadata":{"__proto__":"x","constructor":"y"}}')
})

test("an abort before sending sends nothing; one after it leaves the outcome unknown, and the write goes on", async () => {
  const client = open()
  const gone = await errorOf(client.payment.authorize(authorize, { signal: AbortSignal.abort() }))
  expect(gone).toMatchObject({ moneyMoved: "NO", reason: { description: "the caller cancelled it" } })
  expect(authorizations()).toHaveLength(0)

  await sandbox.setFaults({ kind: "hang_after", path: intents, method: "POST", count: 1 })
  const controller = new AbortController()
  const call = errorOf(client.payment.authorize(authorize, { signal: controller.signal }))
  await vi.waitFor(() => expect(authorizations()).toHaveLength(1))
  controller.abort()
  const unsettled = unsettledOf(await call)
  expect(unsettled).toMatchObject({ flow: "payment.authorize", reference: authorize.reference, attempt: 1 })
  expect(await client.settlement.settle({ unsettled })).toMatchObject({ _tag: "Taken" })
  expect(authorizations()).toHaveLength(1)
  // the write that is read to its end would hold the client open
  await sandbox.close()
  sandbox = await startSandbox({ port: 0 })
})

test("closing waits for writes on the wire whose callers have gone, and lets no later call out", async () => {
  const client = open()
  // from then on a call is handed over at once
  await client.connector.list()
  await sandbox.setFaults({ kind: "delay", path: intents, method: "POST", count: 1, milliseconds: 300 })
  const controller = new AbortController()
  const call = errorOf(client.payment.authorize(authorize, { signal: controller.signal }))
  controller.abort()
  await client.close()
  expect((await call).reason._tag).toBe("UnknownOutcome")
  expect(authorizations()).toHaveLength(1)
  const late = await errorOf(client.target({ account: "other" }).payment.authorize(authorize))
  expect(late).toMatchObject({ moneyMoved: "NO", reason: { _tag: "Unreachable", description: "the client is closed" } })
})

test.each<readonly [string, InProcessOptions["secrets"], object]>([
  ["at once", () => ({ secretKey }), { ok: true }],
  ["in a Promise", () => Promise.resolve({ secretKey: Redacted.make(secretKey) }), { ok: true }],
  ["in an effect", () => Effect.succeed({ secretKey }), { ok: true }],
  ["not at all", undefined, { reason: { _tag: "InvalidCredentials" }, retryable: false }],
  ["for others only", () => undefined, { reason: { _tag: "InvalidCredentials" }, retryable: false }],
  ["as what JSON cannot hold", () => ({ secretKey: 1n }), { reason: { _tag: "InvalidCredentials" }, retryable: false }],
  [
    "by a failing function",
    () => Promise.reject(new Error(secretKey)),
    { reason: { _tag: "Unreachable" }, retryable: true }
  ],
  ["never", () => new Promise(() => {}), { reason: { _tag: "Unreachable" }, retryable: true }]
])("an account's credentials given %s", async (_name, secrets, expected) => {
  const client = open({ credentials: undefined, account: "shop", secrets, retry: false })
  const outcome = await client.payment.authorize(authorize, { timeout: 500 }).then(
    () => ({ ok: true }),
    (error: unknown) => error
  )
  expect(outcome).toMatchObject(expected)
  if (outcome instanceof Error) expect(outcome).toMatchObject({ moneyMoved: "NO" })
  expect(inspect(outcome, { depth: null })).not.toContain(secretKey)
  expect(authorizations()).toHaveLength("ok" in expected ? 1 : 0)
})

test.each<readonly [string, InProcessOptions["secrets"]]>([
  ["that cannot be had", () => Effect.fail("down")],
  ["that there are none of", () => undefined],
  ["that JSON cannot hold", () => ({ secretKey: 1n })]
])("credentials %s leave the first outcome of a repeated write unknown", async (_name, secrets) => {
  const client = open({ credentials: undefined, account: "shop", secrets, retry: false })
  const error = await errorOf(client.payment.authorize({ ...authorize, firstSentAt: new Date() }))
  expect(error).toMatchObject({ moneyMoved: "UNKNOWN", retryable: false, reason: { _tag: "UnknownOutcome" } })
})

test("any HttpClient can send", async () => {
  const client = open({ httpClient: FetchHttpClient.layer })
  expect(await client.payment.authorize(authorize)).toMatchObject({ status: "AUTHORIZED" })
})

test("an HttpClient that takes its time to be made is waited for", async () => {
  const { promise, resolve } = Promise.withResolvers<typeof FetchHttpClient.layer>()
  const client = open({ httpClient: Layer.unwrap(Effect.promise(() => promise)) })
  const call = client.payment.authorize(authorize)
  resolve(FetchHttpClient.layer)
  expect(await call).toMatchObject({ status: "AUTHORIZED" })
})

test.each<readonly [object, string]>([
  [{ policies: { stripe: { timeout: "20 seconds" } } }, 'Expected Duration at ["policies"]["stripe"]["timeout"]'],
  [{ policies: { stripe: { timeout: 20 } } }, 'Expected Duration at ["policies"]["stripe"]["timeout"]'],
  [{ policies: { stripe: { timeoutt: Duration.seconds(1) } } }, "timeoutt"],
  [{ policies: { stripe: { timeout: Duration.infinity } } }, "timeout must be more than nothing, and not without end"],
  [{ policies: { "stripe.payment.pay": {} } }, 'policies names "stripe.payment.pay"'],
  [{ protections: { stripe: { concurrency: 0 } } }, "concurrency must be a whole number from 1 to 1000000"],
  [{ baseUrls: { strip: { sandbox: "http://127.0.0.1:1" } } }, 'baseUrls names "strip"'],
  [{ answerMargin: 250 }, 'Expected Duration at ["answerMargin"]']
])("configuration that cannot be used: nothing is sent, and the error names it: %o", async (given, named) => {
  // as a program that no compiler checks gives it
  const configuration = given as InProcessOptions["configuration"]
  const error = await errorOf(open({ configuration, retry: false }).payment.authorize(authorize))
  expect(error).toMatchObject({ moneyMoved: "NO", reason: { _tag: "Unreachable" } })
  expect(error.message).toContain(named)
  expect(authorizations()).toHaveLength(0)
})

test("code that cannot be loaded: nothing was sent, and the error says what is missing", async () => {
  const lost = { id: "lost", load: () => Promise.reject(new Error("no chunk lost.js")) }
  const client = open({ connectors: [lost], connector: "lost", retry: false })
  // the first call waits for what carries it, the second finds that it is not to be had
  for (const _ of [1, 2]) {
    expect(await errorOf(client.payment.authorize(authorize))).toMatchObject({
      moneyMoved: "NO",
      reason: { _tag: "Unreachable", description: "what carries calls could not be made: no chunk lost.js" }
    })
  }
})

test("a mistake in a connector says nothing of a write", async () => {
  const processor = await startProcessor()
  onTestFinished(() => processor.close())
  const mistaken = () => Effect.die("a mistake")
  const broken = make("broken", definition.credentials, {
    ...definition,
    flows: {
      payment: {
        authorize: flow({ request: () => HttpClientRequest.post("/"), response: mistaken }),
        get: flow({ request: () => HttpClientRequest.get("/"), response: mistaken })
      }
    }
  })
  const configuration = { baseUrls: { broken: { sandbox: processor.url } } }
  const said: Array<string> = []
  const log = Logger.layer([Logger.make(({ message }) => void said.push(String(message)))])
  const effect = Effect.gen(function* () {
    const { payment } = yield* Payments
    return [yield* Effect.flip(payment.authorize(authorize)), yield* Effect.flip(payment.get({ paymentId: "pi_1" }))]
  })
  const payments = layer(options({ connectors: [broken], connector: "broken", configuration, retry: false }))
  const [write, read] = await Effect.runPromise(Effect.provide(effect, Layer.mergeAll(payments, log)))
  expect(write?.reason).toMatchObject({ _tag: "UnknownOutcome", unsettled: { reference: authorize.reference } })
  expect(read?.reason._tag).toBe("UnreadableReply")
  expect(said.join()).toContain("payment.authorize met a defect")
})

test("an interrupted write goes on to its end", async () => {
  await sandbox.setFaults({ kind: "delay", path: intents, method: "POST", count: 1, milliseconds: 200 })
  const program = Effect.gen(function* () {
    const { payment } = yield* Payments
    const fiber = yield* Effect.forkChild(payment.authorize(authorize), { startImmediately: true })
    yield* Fiber.interrupt(fiber)
  })
  // the layer closes only when the write has been read
  await Effect.runPromise(Effect.provide(program, layer(options())))
  expect(authorizations()).toHaveLength(1)
})
