import { expect, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { onTestFinished, test, vi } from "vitest"
import { connect } from "../src/Client.ts"
import { type InProcessOptions, inProcess, layer } from "../src/InProcess.ts"
import type { ClientOptions } from "../src/Options.ts"
import { Payments } from "../src/Payments.ts"
import { errorOf, unsettledOf } from "./errors.ts"
import { answer, type Behaviour, explained, startFake, status } from "./Fake.ts"
import { authorize, target } from "./inputs.ts"
import { connectors, secret } from "./parity/Scripted.ts"

/** Counts what the connectors send; everything is answered with 200, and the scripted connector says what that means. */
const counting = () => {
  const seen: Array<string> = []
  const http = Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request) =>
      Effect.sync(() => {
        seen.push(`${request.method} ${new URL(request.url).pathname}`)
        return HttpClientResponse.fromWeb(request, new Response("{}"))
      })
    )
  )
  return { http, seen }
}

const optionsOver = (
  httpClient: Layer.Layer<HttpClient.HttpClient>,
  options: ClientOptions = {}
): InProcessOptions => ({
  connectors,
  httpClient,
  connector: "scripted",
  environment: "sandbox",
  credentials: { secret },
  ...options
})

const over = (...given: Parameters<typeof optionsOver>) => layer(optionsOver(...given))

/** The scripted connector asks for a minute's patience. */
const overloaded = { reference: "overloaded", paymentId: "p-1" }
const patient = { times: 1, patience: Duration.minutes(2) }

it.effect("a call that surely did nothing is made again after the delay that its error asks for", () => {
  const { http, seen } = counting()
  return Effect.gen(function* () {
    const { payment } = yield* Payments
    const fiber = yield* Effect.forkChild(Effect.flip(payment.void(overloaded, { timeout: Duration.minutes(5) })))
    yield* TestClock.adjust("59 seconds")
    expect(seen).toEqual(["POST /overloaded"])
    yield* TestClock.adjust("1 second")
    expect(seen).toEqual(["POST /overloaded", "POST /overloaded"])
    expect((yield* Fiber.join(fiber)).reason._tag).toBe("Overloaded")
    expect(seen).toHaveLength(2)
  }).pipe(Effect.provide(over(http, { retry: patient })))
})

it.effect.each<readonly [string, ClientOptions]>([
  ["past its time limit", { retry: patient, timeout: Duration.seconds(60) }],
  ["when asked for more patience than it has", { timeout: Duration.minutes(5) }],
  ["where that is switched off", { retry: false, timeout: Duration.minutes(5) }],
  ["where it may be made again no times", { retry: { ...patient, times: 0 }, timeout: Duration.minutes(5) }]
])("a call is not made again %s", ([, options]) => {
  const { http, seen } = counting()
  return Effect.gen(function* () {
    const { payment } = yield* Payments
    expect((yield* Effect.flip(payment.void(overloaded))).reason._tag).toBe("Overloaded")
    expect(seen).toEqual(["POST /overloaded"])
  }).pipe(Effect.provide(over(http, options)))
})

it.effect("a call's own options stand before its client's", () => {
  const { http, seen } = counting()
  return Effect.gen(function* () {
    const { payment } = yield* Payments
    const error = yield* Effect.flip(payment.void(overloaded, { retry: false }))
    expect(error.reason._tag).toBe("Overloaded")
    expect(seen).toHaveLength(1)
    const wrong = yield* Effect.flip(payment.void(overloaded, { retry: { times: 1.5 } }))
    expect(wrong.reason).toMatchObject({ _tag: "InvalidField", field: "retry" })
    expect(seen).toHaveLength(1)
  }).pipe(Effect.provide(over(http, { retry: patient })))
})

it.effect("a write in process is waited for as long as its caller waits, and no longer", () => {
  const silent = Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make(() => Effect.never)
  )
  return Effect.gen(function* () {
    const { payment } = yield* Payments
    const fiber = yield* Effect.forkChild(
      Effect.flip(payment.void({ reference: "v", paymentId: "p-1" }, { timeout: Duration.seconds(10) }))
    )
    yield* TestClock.adjust("9999 millis")
    expect(fiber.pollUnsafe()).toBeUndefined()
    yield* TestClock.adjust("1 millis")
    expect((yield* Fiber.join(fiber)).reason).toMatchObject({ _tag: "UnknownOutcome", unsettled: { reference: "v" } })
    // what is on the wire is read to its end, which is the policy's
    yield* TestClock.adjust("80 seconds")
  }).pipe(Effect.provide(over(silent)))
})

/** Behaves so for each request in turn, and as the last one from then on. */
const inTurn = (...behaviours: ReadonlyArray<Behaviour>): Behaviour => {
  let next = 0
  return (stream, seen) => {
    const behave = behaviours[Math.min(next, behaviours.length - 1)]
    next += 1
    behave?.(stream, seen)
  }
}

const quick = { first: 1, cap: 1 }

const fakeClient = async (behaviour: Behaviour, options: ClientOptions = { retry: quick }) => {
  const fake = await startFake(behaviour)
  const client = connect(fake.address, { ...target, ...options })
  onTestFinished(async () => {
    await fake.close()
    await client.close()
  })
  return { client, seen: fake.seen }
}

const unreachable = explained(14, { $case: "unreachable", value: { description: "ECONNREFUSED" } })
const none = answer(new Uint8Array())

test("a write that the processor surely has not seen is made again, the very same", async () => {
  const { client, seen } = await fakeClient(inTurn(unreachable, unreachable, status(14)))
  const error = await errorOf(client.payment.authorize(authorize))
  expect(unsettledOf(error)).toMatchObject({ reference: authorize.reference, attempt: 1 })
  expect(seen).toHaveLength(3)
  expect(seen[1]?.message).toEqual(seen[0]?.message)
  expect(seen[2]?.message).toEqual(seen[0]?.message)
  expect(new Set(seen.map(({ headers }) => headers["x-request-id"])).size).toBe(1)
})

test("a write of unknown outcome is never made again", async () => {
  const { client, seen } = await fakeClient(status(14), { retry: { ...quick, times: 5 } })
  expect((await errorOf(client.payment.authorize(authorize))).moneyMoved).toBe("UNKNOWN")
  expect(seen).toHaveLength(1)
})

test("neither is one that says itself that it was sent before", async () => {
  const { client, seen } = await fakeClient(status(14))
  const error = await errorOf(client.payment.authorize({ ...authorize, firstSentAt: new Date() }))
  expect(error.moneyMoved).toBe("UNKNOWN")
  expect(seen).toHaveLength(1)
})

test("a read without a readable answer is made again, as often as it may be", async () => {
  const { client, seen } = await fakeClient(inTurn(status(14), none))
  expect(await client.connector.list()).toEqual([])
  expect(seen).toHaveLength(2)
  const { client: other, seen: asked } = await fakeClient(status(14))
  expect((await errorOf(other.payment.get({ paymentId: "pi_1" }))).retryable).toBe(true)
  expect(asked).toHaveLength(3)
})

test("a refusal is not made again", async () => {
  const { client, seen } = await fakeClient(explained(9, { $case: "missingField", value: { field: "return_url" } }))
  expect((await errorOf(client.payment.authorize(authorize))).reason._tag).toBe("MissingField")
  expect(seen).toHaveLength(1)
})

test("an abort while a repeat is waited for sends nothing more, and says that nothing was done", async () => {
  const { http, seen } = counting()
  const client = inProcess(optionsOver(http, { retry: patient, timeout: Duration.minutes(5) }))
  const controller = new AbortController()
  const call = errorOf(client.payment.void(overloaded, { signal: controller.signal }))
  await vi.waitFor(() => expect(seen).toHaveLength(1))
  setImmediate(() => controller.abort())
  expect(await call).toMatchObject({ moneyMoved: "NO", reason: { description: "the caller cancelled it" } })
  await client.close()
  expect(seen).toHaveLength(1)
})
