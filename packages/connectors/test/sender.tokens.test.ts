import { Connectors } from "@connector-service/connectors/Connectors"
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { tokened } from "./acme/tokened.ts"
import { calling, charge, outcome, result, targetOf } from "./Sending.ts"
import { type Answer, broken, ended, over, type Sent, Silence, type Step, type Stub, start, stub } from "./Stub.ts"

// RFC 6749 section 5.1: the reply's fields
const token = (value: string, seconds = 3600): Answer => ({
  status: 200,
  body: { access_token: value, token_type: "Bearer", expires_in: seconds }
})
const isToken = ({ url }: Sent): boolean => url.pathname.endsWith("/token")
const tokens = ({ sent }: Stub): number => sent.filter(isToken).length
const bearers = ({ sent }: Stub): ReadonlyArray<string | undefined> =>
  sent.filter((one) => !isToken(one)).map(({ headers }) => headers.authorization)

/** A processor that gives tokens t1, t2, … and answers charges to whoever brings one. */
const processor = (answer: (sent: Sent, index: number) => Step = () => charge(), seconds = 3600) => {
  let given = 0
  let index = 0
  return stub((sent) => {
    if (!isToken(sent)) return answer(sent, index++)
    given += 1
    return token(`t${given}`, seconds)
  })
}

const within = <A, E>(processor: Stub, effect: Effect.Effect<A, E, Connectors>) =>
  Effect.provide(Effect.andThen(TestClock.setTime(start), effect), over(processor, [tokened]))
const read = () => Effect.map(ended(calling(tokened, "read")), result)
const write = (more: object = {}) => Effect.map(ended(calling(tokened, "write", more)), result)

describe("an access token that is refused", () => {
  it.effect("is no answer to a write that was sent before", () => {
    const acme = stub((sent) => (isToken(sent) ? { status: 400 } : charge()))
    return within(
      acme,
      Effect.gen(function* () {
        expect(yield* write()).toMatchObject({ reason: { _tag: "InvalidCredentials" }, moneyMoved: "NO" })
        const repeated = yield* write({ firstSentAt: new Date(start - 60_000) })
        expect(repeated).toMatchObject({ reason: { _tag: "UnknownOutcome" }, moneyMoved: "UNKNOWN" })
      })
    )
  })

  it.effect("says nothing of a write whose answer was lost", () => {
    let given = 0
    const acme = stub((sent) => {
      if (isToken(sent)) return given++ === 0 ? token("t1") : { status: 400 }
      return acme.sent.length === 2 ? broken.reset : { status: 401 }
    })
    return within(
      acme,
      Effect.gen(function* () {
        expect(yield* write()).toMatchObject({ reason: { _tag: "UnknownOutcome" }, moneyMoved: "UNKNOWN" })
      })
    )
  })
})

describe("an access token", () => {
  it.effect("is fetched once for many calls", () => {
    const acme = processor()
    return within(
      acme,
      Effect.gen(function* () {
        yield* read()
        yield* write()
        yield* write()
        expect(tokens(acme)).toBe(1)
        expect(bearers(acme)).toEqual(["Bearer t1", "Bearer t1", "Bearer t1"])
      })
    )
  })

  it.effect("is fetched once for many that wait for it at the same time", () => {
    const gate = Deferred.makeUnsafe<Step>()
    const acme = stub((sent) => (isToken(sent) ? Deferred.await(gate) : charge()))
    return within(
      acme,
      Effect.gen(function* () {
        const waiting = yield* Effect.forEach([1, 2, 3], () =>
          Effect.forkChild(calling(tokened, "read"), { startImmediately: true })
        )
        expect(acme.sent.length).toBe(1)
        yield* Deferred.succeed(gate, token("t1"))
        yield* Fiber.joinAll(waiting)
        expect(tokens(acme)).toBe(1)
        expect(bearers(acme)).toEqual(["Bearer t1", "Bearer t1", "Bearer t1"])
      })
    )
  })

  it.effect("that one caller waited for and gave up is there for the next", () => {
    const gate = Deferred.makeUnsafe<Step>()
    const acme = stub((sent) => (isToken(sent) ? Deferred.await(gate) : charge()))
    return within(
      acme,
      Effect.gen(function* () {
        const first = yield* Effect.forkChild(calling(tokened, "read"), { startImmediately: true })
        yield* Fiber.interrupt(first)
        yield* Deferred.succeed(gate, token("t1"))
        expect(yield* read()).toMatchObject({ answer: { paymentId: "c_1" } })
        expect(tokens(acme)).toBe(1)
      })
    )
  })

  it.effect("is renewed before it ends, while calls go on with the old one", () => {
    const acme = processor()
    return within(
      acme,
      Effect.gen(function* () {
        yield* read()
        yield* TestClock.adjust("56 minutes")
        yield* read()
        expect([tokens(acme), bearers(acme).at(-1)]).toEqual([2, "Bearer t1"])
        yield* read()
        expect([tokens(acme), bearers(acme).at(-1)]).toEqual([2, "Bearer t2"])
      })
    )
  })

  it.effect("that has ended is not used", () => {
    const acme = processor()
    return within(
      acme,
      Effect.gen(function* () {
        yield* read()
        yield* TestClock.adjust("60 minutes")
        yield* read()
        expect(bearers(acme)).toEqual(["Bearer t1", "Bearer t2"])
      })
    )
  })

  it.effect("that is refused is replaced once, and the write is sent again as it was", () => {
    const acme = processor((_, index) => (index === 0 ? { status: 401, body: { code: "invalid_token" } } : charge()))
    return within(
      acme,
      Effect.gen(function* () {
        expect(yield* write()).toMatchObject({ answer: { paymentId: "c_1" } })
        const [first, second] = acme.sent.filter((one) => !isToken(one))
        expect(bearers(acme)).toEqual(["Bearer t1", "Bearer t2"])
        expect([second?.body, second?.headers["x-key"]]).toEqual([first?.body, first?.headers["x-key"]])
        yield* read()
        expect(tokens(acme)).toBe(2)
      })
    )
  })

  it.effect("that is refused again and again is a refusal of the credentials", () => {
    const acme = processor(() => ({ status: 401, body: { code: "invalid_token" } }))
    return within(
      acme,
      Effect.gen(function* () {
        const { moneyMoved, reason } = yield* write()
        expect([reason?._tag, moneyMoved]).toEqual(["InvalidCredentials", "NO"])
        expect(bearers(acme)).toEqual(["Bearer t1", "Bearer t2"])
      })
    )
  })

  it.effect("that is not given for these credentials ends the call unsent", () => {
    const acme = stub(() => ({ status: 401, body: { error: "invalid_client" } }))
    return within(
      acme,
      Effect.gen(function* () {
        const { moneyMoved, reason } = yield* write()
        expect([reason?._tag, moneyMoved]).toEqual(["InvalidCredentials", "NO"])
        expect(bearers(acme)).toEqual([])
      })
    )
  })

  it.effect("of one account serves no other, not even one of the same name with another secret", () => {
    const acme = processor()
    return within(
      acme,
      Effect.gen(function* () {
        const target = { credentials: { secret: "another-secret" } }
        yield* read()
        yield* ended(calling(tokened, "read", { target }))
        // the same credentials, given anew as callers do who bring them along
        yield* ended(calling(tokened, "read", { target: { credentials: { ...target.credentials } } }))
        yield* ended(calling(tokened, "read", { target: { environment: "live" } }))
        expect(bearers(acme)).toEqual(["Bearer t1", "Bearer t2", "Bearer t2", "Bearer t3"])
      })
    )
  })

  for (const [name, step] of [
    ["a connection that breaks", broken.reset],
    ["no answer", new Silence()],
    ["a fault", { status: 500 }],
    ["a page", { status: 200, body: "<html>" }]
  ] as const) {
    it.effect(`that cannot be had (${name}) means that the write was not sent`, () =>
      Effect.gen(function* () {
        const acme = stub(() => step)
        const { moneyMoved, reason } = yield* outcome(acme, tokened)
        expect([reason?._tag, moneyMoved]).toEqual(["Unreachable", "NO"])
        expect(bearers(acme)).toEqual([])
      })
    )
  }

  it.effect("that the processor has no time to give is a rate limit, with its delay", () =>
    Effect.gen(function* () {
      // RFC 6585 section 4: Too Many Requests, and how long to wait
      const acme = stub(() => ({ status: 429, headers: { "retry-after": "7" } }))
      for (const kind of ["read", "write"] as const) {
        const { moneyMoved, reason } = yield* outcome(acme, tokened, kind)
        expect(reason).toMatchObject({ _tag: "RateLimited", retryAfter: { value: { millis: 7000 } } })
        expect(moneyMoved).toBe("NO")
      }
      expect(bearers(acme)).toEqual([])
    })
  )

  it.effect("that comes after the caller was told that nothing was sent sends nothing", () => {
    const gate = Deferred.makeUnsafe<Step>()
    const acme = stub((sent) => (isToken(sent) ? Deferred.await(gate) : charge()))
    return within(
      acme,
      Effect.gen(function* () {
        const call = calling(tokened, "write", { options: { deadline: start + 2000 } })
        const fiber = yield* Effect.forkChild(Effect.exit(call), { startImmediately: true })
        yield* TestClock.adjust("2 seconds")
        const { moneyMoved, reason } = result(yield* Fiber.join(fiber))
        expect([reason?._tag, moneyMoved]).toEqual(["Unreachable", "NO"])
        yield* Deferred.succeed(gate, token("t1"))
        yield* TestClock.adjust("5 minutes")
        expect(bearers(acme)).toEqual([])
      })
    )
  })

  it.effect("that takes a refused one's place is waited for no longer than the caller waits", () => {
    let refused = false
    const acme = stub((sent) => {
      if (isToken(sent)) return refused ? new Silence() : token("t1")
      return refused ? { status: 401, body: { code: "invalid_token" } } : charge()
    })
    return within(
      acme,
      Effect.gen(function* () {
        expect(result(yield* Effect.exit(calling(tokened, "write"))).answer).toMatchObject({ paymentId: "c_1" })
        refused = true
        const call = calling(tokened, "write", { options: { deadline: start + 2000 } })
        const fiber = yield* Effect.forkChild(Effect.exit(call), { startImmediately: true })
        yield* TestClock.adjust("2 seconds")
        expect(fiber.pollUnsafe()).toBeDefined()
        yield* TestClock.adjust("5 minutes")
        expect(bearers(acme).length).toBe(2)
      })
    )
  })

  it.effect("is not in what prepare shows", () => {
    const acme = processor()
    return within(
      acme,
      Effect.gen(function* () {
        const sender = yield* Connectors
        const request = yield* sender.prepare(targetOf(tokened), "payment", "get", { paymentId: "c_1" })
        expect(Redacted.value(request).headers.authorization).toBeUndefined()
        expect(acme.sent).toEqual([])
      })
    )
  })
})
