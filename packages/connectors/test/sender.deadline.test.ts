import { Connectors } from "@connector-service/connectors/Connectors"
import { describe, expect, it } from "@effect/vitest"
import { Clock, Context, Deferred, Duration, Effect, Exit, Fiber, Layer, Metric, Scope } from "effect"
import { TestClock } from "effect/testing"
import { keyed } from "./acme/keyed.ts"
import { calling, charge, outcome, refusal, result } from "./Sending.ts"
import { broken, inOrder, over, Silence, type Step, type Stub, start, stub } from "./Stub.ts"
import { watch } from "./Watch.ts"

const after = (millis: number) => ({ options: { deadline: start + millis } })
const posts = ({ sent }: Stub) => sent.filter(({ method }) => method === "POST").length

/** How a call ends, and how many milliseconds after its start. */
const timed = (...[processor, kind, input, step = 1]: readonly [Stub, "read" | "write", object, number?]) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(start)
    const fiber = yield* Effect.forkChild(
      Effect.flatMap(Effect.exit(calling(keyed, kind, input)), (exit) =>
        Effect.map(Clock.currentTimeMillis, (now) => ({ ...result(exit), took: now - start }))
      ),
      { startImmediately: true }
    )
    for (let times = 0; times < 200 && fiber.pollUnsafe() === undefined; times++) yield* TestClock.adjust(step * 1000)
    return { ...(yield* Fiber.join(fiber)), posts: posts(processor) }
  })
const within = <A, E>(processor: Stub, effect: Effect.Effect<A, E, Connectors>) =>
  Effect.provide(effect, over(processor, [keyed]))

describe("a deadline", () => {
  it.effect("is answered 250 ms before: a write that is on the wire is unknown", () => {
    const processor = stub(() => new Silence())
    return within(
      processor,
      Effect.gen(function* () {
        const { moneyMoved, reason, took } = yield* timed(processor, "write", after(10_000))
        expect([reason?._tag, moneyMoved, took]).toEqual(["UnknownOutcome", "UNKNOWN", 9750])
        // the service closes only once the write has ended
        yield* TestClock.adjust("10 minutes")
      })
    )
  })

  it.effect("is answered 250 ms before: a read has come to nothing", () => {
    const processor = stub(() => new Silence())
    return within(
      processor,
      Effect.gen(function* () {
        const { moneyMoved, reason, took } = yield* timed(processor, "read", after(10_000))
        expect([reason?._tag, moneyMoved, took]).toEqual(["UnreadableReply", "NO", 9750])
      })
    )
  })

  it.effect("is kept while an unknown outcome is looked up", () => {
    const processor = stub(({ method }) => (method === "GET" ? new Silence() : refusal(500, "x", { "x-again": "no" })))
    return within(
      processor,
      Effect.gen(function* () {
        const { reason, took } = yield* timed(processor, "write", after(10_000))
        expect([reason?._tag, took]).toEqual(["UnknownOutcome", 9750])
      })
    )
  })

  it.effect("is kept where nothing of it is left when an outcome is to be looked up", () => {
    const processor = stub(() => new Silence())
    const policy = { write: { timeout: Duration.millis(9750), retry: { times: 0 } } }
    const hasty = { ...keyed, policy }
    return Effect.gen(function* () {
      const { reason, took } = yield* timed(processor, "write", after(10_000))
      expect([reason?._tag, took]).toEqual(["UnknownOutcome", 9750])
    }).pipe(Effect.provide(over(processor, [hasty])))
  })

  it.effect("that leaves too little time is refused unsent", () =>
    Effect.gen(function* () {
      for (const kind of ["read", "write"] as const) {
        const processor = stub(() => charge())
        const { moneyMoved, reason } = yield* outcome(processor, keyed, kind, after(299))
        expect(reason).toMatchObject({ _tag: "InvalidField", field: "deadline" })
        expect(moneyMoved).toBe("NO")
        expect(processor.sent).toEqual([])
        expect((yield* outcome(processor, keyed, kind, after(300))).answer).toMatchObject({ paymentId: "c_1" })
      }
    })
  )

  it.effect("that comes between two sends ends them: nothing was sent, and nothing will be", () => {
    const processor = stub(() => ({ status: 429, headers: { "retry-after": "10" } }))
    return within(
      processor,
      Effect.gen(function* () {
        const { moneyMoved, reason, took } = yield* timed(processor, "write", after(10_000))
        expect([reason?._tag, moneyMoved, took]).toEqual(["RateLimited", "NO", 9750])
        yield* TestClock.adjust("10 minutes")
        expect(posts(processor)).toBe(1)
      })
    )
  })

  it.effect("that comes after an unanswered send, between two, leaves it unknown", () => {
    const processor = stub(inOrder(broken.reset, { status: 429, headers: { "retry-after": "10" } }))
    return within(
      processor,
      Effect.gen(function* () {
        const { reason } = yield* timed(processor, "write", after(10_000))
        expect(reason?._tag).toBe("UnknownOutcome")
        yield* TestClock.adjust("10 minutes")
        expect(posts(processor)).toBe(2)
      })
    )
  })
})

describe("without a deadline", () => {
  it.effect("no exchange takes longer than the policy allows", () => {
    const processor = stub(({ method }) => (method === "GET" ? { status: 500 } : new Silence()))
    return within(
      processor,
      Effect.gen(function* () {
        const { posts, reason } = yield* timed(processor, "write", {}, 10)
        expect([reason?._tag, posts]).toEqual(["UnknownOutcome", 3])
        const [first, second] = processor.sent.map(({ at }) => at - start)
        expect(first).toBe(0)
        // DESIGN, section 6: timeouts are values of the policy; a write's is 80 seconds
        expect(second).toBeGreaterThanOrEqual(80_000)
        expect(processor.aborted()).toBe(3)
      })
    )
  })
})

/** A processor that answers when told to. */
const slow = Effect.gen(function* () {
  const reply = yield* Deferred.make<Step>()
  return { reply, processor: stub(() => Deferred.await(reply)) }
})

const abandonedWrites = Effect.map(Metric.snapshot, (metrics) =>
  metrics.flatMap(({ attributes, id, state }) =>
    id === "connector_writes_abandoned" && "count" in state ? [[{ ...attributes }, Number(state.count)] as const] : []
  )
)

/** A write under way by a sender that can be closed. */
const writing = Effect.fnUntraced(function* (processor: Stub) {
  const scope = yield* Scope.make()
  const services = yield* Layer.buildWithScope(over(processor, [keyed]), scope)
  const sender = Context.get(services, Connectors)
  const call = Effect.exit(Effect.provideService(calling(keyed, "write"), Connectors, sender))
  return { scope, sender, waiting: yield* Effect.forkChild(call, { startImmediately: true }) }
})

describe("a write whose caller has gone", () => {
  for (const how of ["is cancelled", "has reached its deadline"] as const) {
    it.effect(`is read to its end when the caller ${how}, and is logged and counted`, () =>
      Effect.gen(function* () {
        const { processor, reply } = yield* slow
        const watched = watch()
        yield* Effect.gen(function* () {
          yield* TestClock.setTime(start)
          const options = how === "is cancelled" ? {} : after(5000)
          const fiber = yield* Effect.forkChild(calling(keyed, "write", options), { startImmediately: true })
          yield* TestClock.adjust("5 seconds")
          if (how === "is cancelled") yield* Fiber.interrupt(fiber)
          expect(fiber.pollUnsafe()).toBeDefined()
          expect(processor.aborted()).toBe(0)
          expect(watched.lines).toEqual([])

          yield* Deferred.succeed(reply, charge())
          yield* TestClock.adjust("1 second")
          expect(watched.lines.length).toBe(1)
          expect(watched.lines[0]).toContain("order-1")
          const counted = yield* abandonedWrites
          expect(counted.map(([attributes]) => attributes)).toContainEqual({
            connector: "keyed",
            flow: "payment.authorize",
            result: "answered"
          })
        }).pipe(Effect.provide(over(processor, [keyed])), Effect.provide(watched.layer))
      }).pipe(Effect.provideService(Metric.MetricRegistry, new Map()))
    )
  }

  it.effect("is not sent again", () => {
    const processor = stub(() => broken.refused)
    return within(
      processor,
      Effect.gen(function* () {
        yield* TestClock.setTime(start)
        const fiber = yield* Effect.forkChild(calling(keyed, "write"), { startImmediately: true })
        yield* Fiber.interrupt(fiber)
        const sent = posts(processor)
        yield* TestClock.adjust("10 minutes")
        expect(posts(processor)).toBe(sent)
      })
    )
  })

  it.effect("is bounded by the policy", () =>
    Effect.gen(function* () {
      const watched = watch()
      const processor = stub(() => new Silence())
      yield* Effect.gen(function* () {
        yield* TestClock.setTime(start)
        const fiber = yield* Effect.forkChild(calling(keyed, "write"), { startImmediately: true })
        yield* Fiber.interrupt(fiber)
        yield* TestClock.adjust("79 seconds")
        expect(processor.aborted()).toBe(0)
        yield* TestClock.adjust("2 seconds")
        expect(processor.aborted()).toBe(1)
        expect(watched.lines.length).toBe(1)
      }).pipe(Effect.provide(over(processor, [keyed])), Effect.provide(watched.layer))
    })
  )

  it.effect("is awaited when the service closes", () => {
    const watched = watch()
    return Effect.gen(function* () {
      const { processor, reply } = yield* slow
      yield* TestClock.setTime(start)
      const { scope, waiting } = yield* writing(processor)
      yield* Fiber.interrupt(waiting)
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
      yield* TestClock.adjust("1 minute")
      expect(closing.pollUnsafe()).toBeUndefined()
      yield* Deferred.succeed(reply, charge())
      yield* TestClock.adjust("1 second")
      expect(closing.pollUnsafe()).toBeDefined()
      expect(watched.lines.join()).not.toContain("still on the wire")
    }).pipe(Effect.provide(watched.layer))
  })

  it.effect("is told as unknown when the service's time to stop has run out, and named in the log", () => {
    const watched = watch()
    return Effect.gen(function* () {
      const { processor, reply } = yield* slow
      yield* TestClock.setTime(start)
      const { scope, sender, waiting } = yield* writing(processor)
      yield* sender.stop
      const { moneyMoved, reason } = result(yield* Fiber.join(waiting))
      expect(reason).toMatchObject({ _tag: "UnknownOutcome", unsettled: { reference: "order-1" } })
      expect(moneyMoved).toBe("UNKNOWN")
      yield* Scope.close(scope, Exit.void)
      expect(watched.lines.join()).toContain("order-1")

      // one that ends all the same is one write, not two
      yield* Deferred.succeed(reply, charge())
      yield* TestClock.adjust("1 second")
      expect((yield* abandonedWrites).map(([{ result }, count]) => [result, count])).toEqual([["answered", 1]])
    }).pipe(Effect.provide(watched.layer), Effect.provideService(Metric.MetricRegistry, new Map()))
  })

  const repeated = ["while it is sent, and then again", "while it waits to be sent again"] as const
  for (const closed of repeated) {
    it.effect(`is awaited when the service closes ${closed}`, () => {
      const first = Deferred.makeUnsafe<Step>()
      const processor = stub((_, index) => (index === 0 ? Deferred.await(first) : charge()))
      return Effect.gen(function* () {
        yield* TestClock.setTime(start)
        const { scope, waiting } = yield* writing(processor)
        const close = Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
        const fail = Effect.andThen(Deferred.succeed(first, broken.refused), Effect.yieldNow)
        const closing = closed === repeated[0] ? yield* Effect.tap(close, fail) : yield* Effect.andThen(fail, close)
        expect(closing.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust("10 seconds")
        expect(result(yield* Fiber.join(waiting)).answer).toMatchObject({ paymentId: "c_1" })
        expect(closing.pollUnsafe()).toBeDefined()
      })
    })
  }

  it.effect("is not begun when the service's time to stop has run out", () => {
    const processor = stub(() => charge())
    return within(
      processor,
      Effect.gen(function* () {
        yield* TestClock.setTime(start)
        yield* (yield* Connectors).stop
        const { moneyMoved, reason } = result(yield* Effect.exit(calling(keyed, "write")))
        expect(reason).toMatchObject({ _tag: "Unreachable", description: "not before the service stopped" })
        expect(moneyMoved).toBe("NO")
        expect(posts(processor)).toBe(0)
      })
    )
  })

  it.effect("waits for no repeat any more when the service's time to stop has run out", () => {
    const processor = stub(() => broken.refused)
    return within(
      processor,
      Effect.gen(function* () {
        yield* TestClock.setTime(start)
        const waiting = yield* Effect.forkChild(Effect.exit(calling(keyed, "write")), { startImmediately: true })
        expect(waiting.pollUnsafe()).toBeUndefined()
        yield* (yield* Connectors).stop
        expect(result(yield* Fiber.join(waiting)).moneyMoved).toBe("NO")
        expect(posts(processor)).toBe(1)
      })
    )
  })

  it.effect("a read is given up at once", () => {
    const processor = stub(() => new Silence())
    return within(
      processor,
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(calling(keyed, "read"), { startImmediately: true })
        yield* Fiber.interrupt(fiber)
        expect(processor.aborted()).toBe(1)
      })
    )
  })
})
