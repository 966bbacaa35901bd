import { adyen } from "@connector-service/connectors/adyen/connector"
import type { AnyConnector } from "@connector-service/connectors/Connector"
import type { Configuration, Connectors } from "@connector-service/connectors/Connectors"
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Fiber, References } from "effect"
import { TestClock } from "effect/testing"
import { keyed } from "./acme/keyed.ts"
import { calling, charge, refusal, result } from "./Sending.ts"
import { broken, ended, over, Silence, type Step, type Stub, start, stub } from "./Stub.ts"

/** Opens when half of the last four exchanges failed; sends once. */
const guarded = {
  ...keyed,
  policy: { read: { retry: { times: 0 } }, write: { retry: { times: 0 }, settle: { times: 0 } } },
  protection: { breaker: { size: 4, threshold: 0.5, open: Duration.seconds(10), longest: Duration.seconds(15) } }
} satisfies AnyConnector

const within = <A, E>(
  processor: Stub,
  effect: Effect.Effect<A, E, Connectors>,
  connector: AnyConnector = guarded,
  configuration?: Configuration
) => Effect.provide(Effect.andThen(TestClock.setTime(start), effect), over(processor, [connector], configuration))

const call = (kind: "read" | "write", more: object = {}, connector: AnyConnector = guarded) =>
  Effect.map(Effect.exit(calling(connector, kind, more)), result)
const reads = (times: number) => Effect.replicateEffect(call("read"), times)

describe("a circuit", () => {
  const failing: ReadonlyArray<readonly [string, Step]> = [
    ["refused connections", broken.refused],
    ["broken connections", broken.reset],
    ["faults", { status: 503 }]
  ]
  for (const [name, step] of failing) {
    it.effect(`opens upon ${name}: then nothing is sent, and the caller is told when to come again`, () => {
      const processor = stub(() => step)
      return within(
        processor,
        Effect.gen(function* () {
          yield* reads(4)
          expect(processor.sent.length).toBe(4)
          const { moneyMoved, reason } = yield* call("read")
          expect([reason?._tag, moneyMoved]).toEqual(["CircuitOpen", "NO"])
          if (reason?._tag === "CircuitOpen") expect(Duration.toSeconds(reason.retryAfter)).toBe(10)
          expect(processor.sent.length).toBe(4)
        })
      )
    })
  }

  const unanswered = [
    ["read", "16 seconds"],
    ["write", "81 seconds"]
  ] as const
  for (const [kind, timeout] of unanswered) {
    it.effect(`opens upon ${kind}s that get no answer in time`, () => {
      const processor = stub(() => new Silence())
      return within(
        processor,
        Effect.gen(function* () {
          const four = Effect.all([call(kind), call(kind), call(kind), call(kind)], { concurrency: 4 })
          yield* Effect.forkChild(four, { startImmediately: true })
          yield* TestClock.adjust(timeout)
          expect((yield* call(kind)).reason?._tag).toBe("CircuitOpen")
        })
      )
    })
  }

  it.effect("is not opened by faults that the processor may have kept for a repeat", () => {
    const processor = stub(() => ({ status: 500 }))
    const firstSentAt = new Date(start - 60_000)
    return within(
      processor,
      Effect.gen(function* () {
        for (let index = 0; index < 8; index++) {
          expect((yield* call("write", { firstSentAt })).reason?._tag).toBe("UnknownOutcome")
        }
        expect(processor.sent.filter(({ method }) => method === "POST").length).toBe(8)
        yield* Effect.replicateEffect(call("write"), 4)
        expect((yield* call("write")).reason?._tag).toBe("CircuitOpen")
      })
    )
  })

  const fine: ReadonlyArray<readonly [string, Step]> = [
    ["answers", charge()],
    ["declines", refusal(402, "no")],
    ["refusals", refusal(400, "bad")],
    ["rate limits", refusal(429, "slow")]
  ]
  for (const [name, step] of fine) {
    it.effect(`stays closed upon ${name}`, () => {
      const processor = stub(() => step)
      return within(
        processor,
        Effect.gen(function* () {
          yield* Effect.replicateEffect(call("write"), 20)
          expect(processor.sent.length).toBe(20)
        })
      )
    })
  }

  it.effect("of reads says nothing of writes, nor one environment's of the other's", () => {
    const processor = stub(({ method, url }) =>
      method === "GET" && url.hostname.startsWith("sandbox") ? broken.refused : charge()
    )
    return within(
      processor,
      Effect.gen(function* () {
        yield* reads(4)
        expect((yield* call("read")).reason?._tag).toBe("CircuitOpen")
        expect((yield* call("write")).answer).toMatchObject({ paymentId: "c_1" })
        expect((yield* call("read", { target: { environment: "live" } })).answer).toMatchObject({ paymentId: "c_1" })
      })
    )
  })

  it.effect("lets one through after its time, which closes it or opens it for longer", () => {
    let well = false
    const processor = stub(() => (well ? charge() : broken.refused))
    return within(
      processor,
      Effect.gen(function* () {
        yield* reads(4)
        yield* TestClock.adjust("11 seconds")
        expect((yield* call("read")).reason?._tag).toBe("Unreachable")
        const { reason } = yield* call("read")
        // twice as long as the first time, but no longer than the longest
        if (reason?._tag === "CircuitOpen") expect(Duration.toSeconds(reason.retryAfter)).toBe(15)
        expect(reason?._tag).toBe("CircuitOpen")
        well = true
        yield* TestClock.adjust("16 seconds")
        expect(yield* reads(3)).toMatchObject(Array(3).fill({ answer: { paymentId: "c_1" } }))
      })
    )
  })

  it.effect("that has opened hears no more of what it let through before", () => {
    const gate = Deferred.makeUnsafe<Step>()
    const processor = stub((_, index) => (index < 4 ? Deferred.await(gate) : broken.refused))
    return within(
      processor,
      Effect.gen(function* () {
        const late = yield* Effect.replicateEffect(Effect.forkChild(call("read"), { startImmediately: true }), 4)
        yield* reads(4)
        yield* Deferred.succeed(gate, broken.refused)
        yield* Fiber.joinAll(late)
        expect(processor.sent.length).toBe(8)
        const { reason } = yield* call("read")
        // as long as the first time: these were no second one
        if (reason?._tag === "CircuitOpen") expect(Duration.toSeconds(reason.retryAfter)).toBe(10)
        expect(reason?._tag).toBe("CircuitOpen")
      })
    )
  })

  it.effect("whose probe is given up has learnt nothing, and lets another one through", () => {
    const processor = stub((_, index) => (index === 4 ? new Silence() : broken.refused))
    return within(
      processor,
      Effect.gen(function* () {
        yield* reads(4)
        yield* TestClock.adjust("10 seconds")
        const probe = yield* Effect.forkChild(call("read"), { startImmediately: true })
        yield* Fiber.interrupt(probe)
        expect([processor.sent.length, processor.aborted()]).toEqual([5, 1])
        const told = yield* reads(3)
        expect(told.map(({ reason }) => reason?._tag)).toEqual(["Unreachable", "CircuitOpen", "CircuitOpen"])
        expect(processor.sent.length).toBe(6)
      })
    )
  })

  it.effect("counts no sending against the processor that was given up before it was sent", () => {
    const patient = { ...guarded, policy: { write: { retry: { times: 1 } } } }
    const processor = stub(() => refusal(429, "slow", { "retry-after": "5" }))
    return within(
      processor,
      Effect.gen(function* () {
        for (const sent of [1, 2, 3, 4, 5]) {
          const gone = yield* Effect.forkChild(call("write", {}, patient), { startImmediately: true })
          yield* Fiber.interrupt(gone)
          // when it would have been sent again
          yield* TestClock.adjust("5 seconds")
          expect(processor.sent.length).toBe(sent)
        }
      }),
      patient
    )
  })

  it.effect("that opens under a write which may be at the processor leaves it unknown", () => {
    const patient = {
      ...guarded,
      protection: { breaker: { ...guarded.protection.breaker, open: Duration.hours(1), longest: Duration.hours(1) } },
      policy: { read: {}, write: { retry: { times: 3 }, settle: { times: 0 } } }
    }
    const processor = stub(() => broken.reset)
    return within(
      processor,
      Effect.gen(function* () {
        const told = yield* Effect.flatten(ended(call("write", {}, patient)))
        const again = yield* Effect.flatten(ended(call("write", {}, patient)))
        expect([told.reason?._tag, again.reason?._tag]).toEqual(["UnknownOutcome", "CircuitOpen"])
        expect(again.moneyMoved).toBe("NO")
      }),
      patient
    )
  })

  it.effect("that is open on a repeat says nothing of the sending before", () => {
    const processor = stub(() => broken.refused)
    return within(
      processor,
      Effect.gen(function* () {
        yield* Effect.replicateEffect(call("write"), 4)
        const { moneyMoved, reason } = yield* call("write", { firstSentAt: new Date(start - 60_000) })
        expect([reason?._tag, moneyMoved]).toEqual(["UnknownOutcome", "UNKNOWN"])
      })
    )
  })
})

describe("a circuit at an address that the credentials make", () => {
  const { policy, protection } = guarded
  const own = { ...adyen, policy, protection }

  it.effect("is one account's: another one's calls go through", () => {
    const processor = stub(({ url }) => (url.hostname.startsWith("0badbad0") ? broken.refused : { status: 403 }))
    return within(
      processor,
      Effect.gen(function* () {
        const of = (liveUrlPrefix: string) => {
          const credentials = { apiKey: "made-up-key", merchantAccount: "ShopECOM", liveUrlPrefix }
          const target = { connector: "adyen", environment: "live", credentials }
          return Effect.map(
            call("write", { target, returnUrl: "https://shop.example" }, own),
            ({ reason }) => reason?._tag
          )
        }
        for (const _ of [1, 2, 3, 4]) expect(yield* of("0badbad0-Shop")).toBe("Unreachable")
        expect(yield* of("0badbad0-Shop")).toBe("CircuitOpen")
        expect(yield* of("1797a841fbb37ca7-Shop")).not.toBe("CircuitOpen")
        expect(processor.sent.length).toBe(5)
      }),
      own
    )
  })
})

describe("the calls of one account under way", () => {
  const two = { ...keyed, protection: { concurrency: 2 } }

  it.effect("are no more than it may have, and one that ends makes room", () => {
    const gate = Deferred.makeUnsafe<Step>()
    const processor = stub(() => Deferred.await(gate))
    return within(
      processor,
      Effect.gen(function* () {
        const waiting = yield* Effect.forEach([1, 2], () =>
          Effect.forkChild(call("read", {}, two), { startImmediately: true })
        )
        const { moneyMoved, reason } = yield* call("write", {}, two)
        expect([reason?._tag, moneyMoved]).toEqual(["Overloaded", "NO"])
        const other = yield* Effect.forkChild(call("read", { target: { credentials: { secret: "other" } } }, two), {
          startImmediately: true
        })
        expect(processor.sent.length).toBe(3)
        yield* Deferred.succeed(gate, charge())
        yield* Fiber.joinAll([...waiting, other])
        expect((yield* call("read", {}, two)).answer).toMatchObject({ paymentId: "c_1" })
      }),
      two
    )
  })
})

describe("a call whose caller goes", () => {
  const one = { ...keyed, protection: { concurrency: 1, rate: { sandbox: { read: 1000, write: 1000 } } } }
  /** Other fibers' turn. */
  const turn = Effect.promise(() => new Promise<void>((resolve) => setImmediate(resolve)))
  const turns = (times: number) => Effect.replicateEffect(turn, times, { discard: true })

  it.effect.each(["read", "write"] as const)("gives its place back, whichever moment it is: a %s", (kind) => {
    const processor = stub(() => charge())
    return within(
      processor,
      Effect.gen(function* () {
        for (let moment = 0, ended = false; !ended; moment++) {
          // lets others have their turn after each of its steps
          const slow = Effect.provideService(call(kind, {}, one), References.MaxOpsBeforeYield, 3)
          const gone = yield* Effect.forkChild(slow, { startImmediately: true })
          yield* turns(moment)
          ended = gone.pollUnsafe() !== undefined
          yield* Fiber.interrupt(gone)
          // a write may be read to its end yet
          yield* turns(200)
          expect(yield* call("read", {}, one), `after ${moment} turns`).toHaveProperty("answer")
        }
      }),
      one
    )
  })
})

describe("a write whose caller has gone", () => {
  const one = { ...keyed, protection: { concurrency: 1 } }

  it.effect("is under way until it ends", () => {
    const gate = Deferred.makeUnsafe<Step>()
    const processor = stub(() => Deferred.await(gate))
    return within(
      processor,
      Effect.gen(function* () {
        const gone = yield* Effect.forkChild(call("write", {}, one), { startImmediately: true })
        yield* Fiber.interrupt(gone)
        expect((yield* call("write", {}, one)).reason?._tag).toBe("Overloaded")
        yield* Deferred.succeed(gate, charge())
        yield* TestClock.adjust("1 second")
        expect((yield* call("write", {}, one)).answer).toMatchObject({ paymentId: "c_1" })
      }),
      one
    )
  })
})

describe("a processor's published rate", () => {
  const slow = {
    ...keyed,
    protection: { rate: { sandbox: { read: 2, write: 2 } }, patience: Duration.millis(600) }
  }

  it.effect("is kept: what comes too early waits its turn, or is told to come again", () => {
    const processor = stub(() => charge())
    return within(
      processor,
      Effect.gen(function* () {
        const fibers = yield* Effect.forEach([1, 2, 3, 4, 5, 6], () =>
          Effect.forkChild(call("read", {}, slow), { startImmediately: true })
        )
        expect(processor.sent.length).toBe(2)
        yield* TestClock.adjust("2 seconds")
        const told = yield* Effect.forEach(fibers, Fiber.join)
        expect(told.map(({ reason }) => reason?._tag ?? "answered").toSorted()).toEqual([
          "Overloaded",
          "Overloaded",
          "Overloaded",
          "answered",
          "answered",
          "answered"
        ])
        expect(processor.sent.length).toBe(3)
      }),
      slow
    )
  })

  it.effect("holds a write back no longer than its caller waits", () => {
    const processor = stub(() => charge())
    const patient = { ...slow, protection: { ...slow.protection, patience: Duration.seconds(30) } }
    return within(
      processor,
      Effect.gen(function* () {
        for (let index = 0; index < 8; index++) {
          yield* Effect.forkChild(call("write", {}, patient), { startImmediately: true })
        }
        const late = yield* Effect.forkChild(call("write", { options: { deadline: start + 2000 } }, patient), {
          startImmediately: true
        })
        yield* TestClock.adjust("2 seconds")
        expect(late.pollUnsafe()).toBeDefined()
        expect((yield* Fiber.join(late)).moneyMoved).toBe("NO")
        yield* TestClock.adjust("1 minute")
        expect(processor.sent.length).toBe(8)
      }),
      patient
    )
  })

  it.effect("is of the processor's own address, of one account, and of one environment", () => {
    const processor = stub(() => charge())
    const elsewhere = { baseUrls: { keyed: { sandbox: "http://127.0.0.1:9/keyed" } } }
    const many = (more: object = {}) => Effect.replicateEffect(call("read", more, slow), 10)
    return within(
      processor,
      Effect.gen(function* () {
        expect((yield* many()).every(({ answer }) => answer !== undefined)).toBe(true)
      }),
      slow,
      elsewhere
    ).pipe(
      Effect.andThen(
        within(
          processor,
          Effect.gen(function* () {
            const live = yield* many({ target: { environment: "live" } })
            expect(live.every(({ answer }) => answer !== undefined)).toBe(true)
            yield* Effect.replicateEffect(call("read", {}, slow), 2)
            const other = call("read", { target: { credentials: { secret: "other" } } }, slow)
            expect((yield* other).answer).toMatchObject({ paymentId: "c_1" })
          }),
          slow
        )
      )
    )
  })
})

describe("time limits of an exchange", () => {
  it.effect("until the first byte and in all are apart", () =>
    Effect.gen(function* () {
      const limited = {
        ...keyed,
        policy: { read: { retry: { times: 0 }, firstByteTimeout: Duration.seconds(3), timeout: Duration.seconds(9) } }
      }
      const after = (seconds: number) =>
        stub(() => Effect.delay(Effect.succeed<Step>(charge()), Duration.seconds(seconds)))
      const told = (processor: Stub) => within(processor, Effect.flatten(ended(call("read", {}, limited))), limited)
      expect((yield* told(after(2))).answer).toMatchObject({ paymentId: "c_1" })
      expect((yield* told(after(4))).reason).toMatchObject({ description: "no answer within 3s" })
    })
  )

  it.effect.each(["read", "write"] as const)("hold for a client that cannot be interrupted: a %s", (kind) =>
    Effect.gen(function* () {
      const late = Deferred.makeUnsafe<Step>()
      const limits = { retry: { times: 0 }, settle: { times: 0 }, timeout: Duration.seconds(9) }
      const limited = { ...keyed, policy: { read: limits, write: limits } }
      const processor = stub(() => Effect.uninterruptible(Deferred.await(late)))
      const told = yield* within(
        processor,
        Effect.gen(function* () {
          const calling = yield* Effect.forkChild(call(kind, {}, limited), { startImmediately: true })
          yield* TestClock.adjust("1 minute")
          const ended = calling.pollUnsafe()
          // what comes then is nobody's
          yield* Deferred.succeed(late, charge())
          return ended === undefined ? undefined : yield* ended
        }),
        limited
      )
      const tag = kind === "read" ? "UnreadableReply" : "UnknownOutcome"
      expect(told?.reason).toMatchObject({ _tag: tag, description: "no answer within 9s" })
    })
  )

  it.effect("a call ends at the service's own limit where its caller gives none", () =>
    Effect.gen(function* () {
      const processor = stub(() => Effect.never)
      const policies = { [keyed.id]: { timeout: Duration.seconds(15) } }
      const configuration = { callLimit: Duration.seconds(20), policies }
      const told = yield* within(
        processor,
        Effect.tap(Effect.flatten(ended(call("write", {}, keyed))), TestClock.adjust("10 minutes")),
        keyed,
        configuration
      )
      expect(told.reason).toMatchObject({ _tag: "UnknownOutcome", description: "no answer before the deadline" })
    })
  )
})
