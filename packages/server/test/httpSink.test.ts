import * as UndiciClient from "@connector-service/connectors/UndiciClient"
import { defaults, httpSink, type PostPolicy } from "@connector-service/server/HttpSink"
import { NotSafe, Sink, type Told } from "@connector-service/server/Sink"
import { CloudEvent, HTTP } from "cloudevents"
import { Duration, Effect, Exit, Fiber, Layer, Redacted, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { Webhook } from "standardwebhooks"
import { describe, expect, it } from "vitest"
import { firstOf, receiver } from "./receiver.ts"
import { told } from "./told.ts"

// the specification's own example of a secret's form: "whsec_" and base64, 24 bytes
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
const next = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
const other = "whsec_NNlJ1kWBgXbPUQZU1vuVF7K5jtKDD9tQ"

/** Short waits, so that the tests take none. */
const quick: PostPolicy = {
  connectTimeout: Duration.seconds(1),
  timeout: Duration.millis(250),
  bodyTimeout: Duration.millis(50),
  retry: Schedule.spaced("5 millis")
}

const take = (
  url: string,
  secrets: ReadonlyArray<string>,
  event: Told,
  policy?: PostPolicy
): Promise<Exit.Exit<void, unknown>> =>
  Effect.flatMap(Sink, (sink) => sink.take(event)).pipe(
    Effect.provide(
      httpSink({ url, secrets: secrets.map((one) => Redacted.make(one)) }, policy).pipe(
        Layer.provide(UndiciClient.layer())
      )
    ),
    Effect.runPromiseExit
  )

describe("what is posted", () => {
  it("is a CloudEvent in structured mode, as CloudEvents' own library reads it", async () => {
    const { posts, url } = await receiver()
    expect(await take(url, [secret], told("evt_1"))).toEqual(Exit.void)
    const { body, headers, method, path } = firstOf(posts)
    expect([posts.length, method, path]).toEqual([1, "POST", "/hooks"])
    expect(headers["content-type"]).toBe("application/cloudevents+json")
    const event = HTTP.toEvent({ headers, body })
    if (!(event instanceof CloudEvent)) throw new Error("it is a batch")
    expect(event.validate()).toBe(true)
    // an int64 is a string in ProtoJSON, and a timestamp RFC 3339: https://protobuf.dev/programming-guides/json/
    expect(event).toMatchObject({
      specversion: "1.0",
      id: "evt_1",
      source: "/webhooks/stripe/shop",
      type: "payments.v1.event.payment",
      time: "2026-03-01T12:30:15.250Z",
      datacontenttype: "application/json",
      connector: "stripe",
      account: "shop",
      data: {
        id: "evt_1",
        rawType: "payment_intent.succeeded",
        occurredAt: "2026-03-01T12:30:15.250Z",
        payment: {
          paymentId: "pi_1",
          status: "PAYMENT_STATUS_CAPTURED",
          amountAuthorized: { minorUnits: "9007199254740993", currencyCode: "EUR" }
        }
      }
    })
  })

  it("is signed so that Standard Webhooks' own library accepts it with each secret, and with no other", async () => {
    const { posts, url } = await receiver()
    await take(url, [secret, next], told("evt_1"))
    const { body, headers } = firstOf(posts)
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ id: "evt_1" })
    expect(new Webhook(next).verify(body, headers)).toMatchObject({ id: "evt_1" })
    expect(() => new Webhook(other).verify(body, headers)).toThrow("No matching signature found")
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow("No matching signature found")
    expect(() => new Webhook(secret).verify(body, { ...headers, "webhook-id": "evt_2" })).toThrow()
  })

  it("bears one id for the same event of the same account, and no other's", async () => {
    const { posts, url } = await receiver()
    const events = [told("evt_1"), told("evt_2"), told("evt_1", "other"), told("evt_1", "shop", "adyen"), told("evt_1")]
    for (const event of events) await take(url, [secret], event)
    const ids = posts.map(({ headers }) => headers["webhook-id"])
    expect(ids[4]).toBe(ids[0])
    expect(new Set(ids).size).toBe(4)
    // the specification: no "." in it, as that divides what is signed
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_]{1,64}$/)
  })

  it("whatever the processor's id holds", async () => {
    const { posts, url } = await receiver()
    const id = "8535.x:CAPTURE\r\nx-evil: 1"
    await take(url, [secret], told(id))
    const { body, headers } = firstOf(posts)
    expect(headers["x-evil"]).toBeUndefined()
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ id })
  })
})

describe("an event is safe", () => {
  it.each([200, 202, 204])("once it is answered with %d", async (status) => {
    const { posts, url } = await receiver(status)
    expect(await take(url, [secret], told("evt_1"))).toEqual(Exit.void)
    expect(posts).toHaveLength(1)
  })

  it.each([
    ["an answer of 500", 500],
    ["an answer of 400", 400],
    ["an answer of 410", 410],
    ["an answer that leads elsewhere", 307],
    ["a connection that breaks", "break"]
  ] as const)("not after %s: it is posted again, under the same id", async (_name, first) => {
    const { posts, url } = await receiver(first, first, 200)
    expect(await take(url, [secret], told("evt_1"), quick)).toEqual(Exit.void)
    expect(posts.map(({ path }) => path)).toEqual(["/hooks", "/hooks", "/hooks"])
    expect(new Set(posts.map(({ headers }) => headers["webhook-id"])).size).toBe(1)
    expect(new Set(posts.map(({ body }) => body)).size).toBe(1)
    for (const { body, headers } of posts)
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ id: "evt_1" })
  })

  it("once it is answered with a 2xx, also where the body does not end: its connection is closed", async () => {
    const { left, posts, url } = await receiver("endless")
    const sink = httpSink({ url, secrets: [Redacted.make(secret)] }, quick)
    await Effect.flatMap(Sink, ({ take }) =>
      Effect.andThen(
        take(told("evt_1")),
        Effect.promise(() => left)
      )
    ).pipe(Effect.provide(Layer.provide(sink, UndiciClient.layer())), Effect.runPromise)
    expect(posts).toHaveLength(1)
  })

  it("not where nothing is answered: an attempt is given up after a time, and made again", async () => {
    const { posts, url } = await receiver("nothing", "nothing", 200)
    expect(await take(url, [secret], told("evt_1"), quick)).toEqual(Exit.void)
    expect(posts).toHaveLength(3)
  })

  it("not where attempts come to nothing, and says what the last one came to", async () => {
    const { url } = await receiver(500, 503)
    const twice = { ...quick, retry: Schedule.recurs(1) }
    expect(await take(url, [secret], told("evt_1"), twice)).toEqual(
      Exit.fail(new NotSafe({ description: "the receiver answered 503" }))
    )
    expect(await take("http://127.0.0.1:1/", [secret], told("evt_1"), { ...quick, retry: Schedule.recurs(0) })).toEqual(
      Exit.fail(new NotSafe({ description: "the receiver did not answer" }))
    )
  })
})

it("each attempt is signed with its own time", async () => {
  const { came, posts, url } = await receiver(500)
  const attempts = Effect.gen(function* () {
    const sink = yield* Sink
    const taking = yield* Effect.forkChild(sink.take(told("evt_1")))
    yield* Effect.promise(() => came(1))
    // the clock stands still, so the answer is here and the next attempt waits for its time
    while (posts.length < 2) {
      yield* TestClock.adjust("100 seconds")
      yield* Effect.promise(() => new Promise((done) => setImmediate(done)))
    }
    yield* Fiber.join(taking)
  })
  const sink = httpSink(
    { url, secrets: [Redacted.make(secret)] },
    { ...quick, timeout: Duration.infinity, retry: Schedule.spaced("100 seconds") }
  )
  await attempts.pipe(
    Effect.provide(Layer.provide(sink, UndiciClient.layer())),
    Effect.provide(TestClock.layer()),
    Effect.runPromise
  )
  const [first = 0, second = 0] = posts.map(({ headers }) => Number(headers["webhook-timestamp"]))
  expect(second - first).toBeGreaterThanOrEqual(100)
})

it("five attempts that fail at once, or one that is not answered and another, fit into the time that a processor waits", async () => {
  const delays = await Effect.runPromise(
    Effect.gen(function* () {
      const step = yield* Schedule.toStep(defaults.retry)
      const all: Array<number> = []
      for (let count = 0; count < 4; count += 1) {
        const [, delay] = yield* step(0, undefined)
        all.push(Duration.toMillis(delay))
      }
      return all
    })
  )
  const [first = 0, second = 0, third = 0, fourth = 0] = delays
  expect(first).toBeLessThanOrEqual(300)
  expect(fourth).toBeLessThanOrEqual(2400)
  // https://docs.adyen.com/development-resources/webhooks/troubleshoot: the first attempts are 9 seconds apart
  expect(first + second + third + fourth).toBeLessThan(9000)
  expect(first + Duration.toMillis(defaults.timeout)).toBeLessThan(9000)
})
