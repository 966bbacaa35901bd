import { Timeouts } from "@connector-service/connectors/Timeouts"
import type { Reason } from "@connector-service/domain/Reason"
import { Door, type Limits } from "@connector-service/server/Door"
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Exit, Fiber, References } from "effect"
import { TestClock } from "effect/testing"

const limits: Limits = {
  runningCalls: 1,
  waitingCalls: 100,
  startsPerTurn: 100,
  longestWait: Duration.millis(100),
  standingWait: Duration.millis(5),
  answerMargin: Duration.millis(250)
}

/** A door, and calls that last until they are told to end. */
const opened = (over: Partial<Limits> = {}) => {
  const door = new Door({ ...limits, ...over }, new Timeouts())
  const began: Array<string> = []
  const arrive = Effect.fnUntraced(function* (name: string, deadline?: number) {
    const end = yield* Deferred.make<void>()
    const call = Effect.andThen(
      Effect.sync(() => began.push(name)),
      Deferred.await(end)
    )
    const fiber = yield* Effect.forkChild(door.through(call, deadline), { startImmediately: true })
    return { fiber, end: Deferred.succeed(end, undefined) }
  })
  return { door, began, arrive }
}

/** The event loop turns. */
const turn = Effect.promise(() => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve))))

type Ended = { readonly fiber: Fiber.Fiber<void, Reason> }
/** How it ended: undefined while it has not. */
const how = ({ fiber }: Ended): string | undefined => {
  const exit = fiber.pollUnsafe()
  if (exit === undefined) return undefined
  return Exit.match(exit, {
    onSuccess: () => "ran",
    onFailure: ({ reasons: [reason] }) => (reason?._tag === "Fail" ? reason.error._tag : "left")
  })
}

it.effect("whoever leaves gives the place back, whichever moment it is", () =>
  Effect.gen(function* () {
    const { door } = opened()
    for (let moment = 0, ended = false; !ended; moment++) {
      // lets others have their turn after each of its steps
      const slow = Effect.provideService(door.through(Effect.yieldNow, undefined), References.MaxOpsBeforeYield, 3)
      const gone = yield* Effect.forkChild(slow, { startImmediately: true })
      yield* Effect.replicateEffect(turn, moment, { discard: true })
      ended = gone.pollUnsafe() !== undefined
      yield* Fiber.interrupt(gone)
      yield* turn
      expect(door.refusal(0, 0), `after ${moment} turns`).toBeUndefined()
    }
  })
)

describe("who waits", () => {
  it.effect("waits for so long and no longer, and is told to come again at a moment of its own", () =>
    Effect.gen(function* () {
      const { arrive, began } = opened()
      yield* arrive("running")
      const waiting = yield* Effect.forEach([1, 2, 3, 4], (n) => arrive(`waiting ${n}`))
      yield* TestClock.adjust("99 millis")
      expect(waiting.map(how)).toEqual([undefined, undefined, undefined, undefined])
      yield* TestClock.adjust("1 millis")
      expect(waiting.map(how)).toEqual(Array(4).fill("Overloaded"))
      const told = yield* Effect.forEach(waiting, ({ fiber }) => Effect.flip(Fiber.join(fiber)))
      const delays = told.map((reason) => (reason._tag === "Overloaded" ? Duration.toMillis(reason.retryAfter) : 0))
      expect(delays.every((delay) => delay >= 500 && delay < 1500)).toBe(true)
      expect(new Set(delays).size).toBeGreaterThan(1)
      expect(began).toEqual(["running"])
    })
  )

  it.effect(
    "is refused at once where nobody was let in for as long as it may wait, which is a moment where there was no room for long",
    () =>
      Effect.gen(function* () {
        const { arrive } = opened()
        const running = yield* arrive("running")
        yield* arrive("since 0")
        yield* TestClock.adjust("60 millis")
        expect(how(yield* arrive("at 60"))).toBeUndefined()
        yield* TestClock.adjust("40 millis")
        // the first one was refused at this very moment, and the second has waited for 40 ms
        expect(how(yield* arrive("at 100"))).toBe("Overloaded")
        yield* TestClock.adjust("1 minute")
        yield* running.end
        yield* turn
        // there was room: a burst is waited out again
        const again = yield* arrive("again")
        yield* arrive("waits")
        yield* TestClock.adjust("60 millis")
        expect(how(yield* arrive("waits too"))).toBeUndefined()
        yield* again.end
      })
  )

  it.effect("is refused at once where those before it take longer than it may wait", () =>
    Effect.gen(function* () {
      const { arrive, began } = opened()
      const first = yield* arrive("first")
      let last = first
      // one is let in every 40 ms
      for (const name of ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]) {
        const next = yield* arrive(name)
        yield* TestClock.adjust("40 millis")
        yield* last.end
        yield* turn
        last = next
      }
      expect(began).toHaveLength(9)
      yield* turn
      const fates = yield* Effect.forEach([1, 2, 3, 4, 5, 6], (n) => Effect.map(arrive(`then ${n}`), how))
      expect(fates.at(0)).toBeUndefined()
      expect(fates.at(-1)).toBe("Overloaded")
    })
  )

  it.effect("is let in in the order of arrival, but for who has left", () =>
    Effect.gen(function* () {
      const { arrive, began } = opened()
      const running = yield* arrive("a")
      const waiting = yield* Effect.forEach(["b", "c", "d"], (name) => arrive(name))
      yield* Fiber.interrupt(waiting[0]?.fiber ?? running.fiber)
      yield* running.end
      yield* Fiber.join(running.fiber)
      // there is room, but others were here before
      const last = yield* arrive("e")
      expect(began).toEqual(["a"])
      yield* turn
      expect(began).toEqual(["a", "c"])
      yield* Effect.forEach(waiting, ({ end }) => Effect.andThen(end, turn))
      expect(began).toEqual(["a", "c", "d", "e"])
      expect([...waiting, last].map(how)).toEqual(["left", "ran", "ran", undefined])
    })
  )

  it.effect(
    "does not wait if its deadline leaves no time for it: the wait, the answer's margin and 50 ms to send",
    () =>
      Effect.gen(function* () {
        const { arrive } = opened()
        yield* arrive("running")
        const late = yield* arrive("late", 399)
        const inTime = yield* arrive("in time", 400)
        expect([late, inTime].map(how)).toEqual(["Overloaded", undefined])
      })
  )
})

it.effect("as many begin in a turn of the event loop as may; the next begin in the next one", () =>
  Effect.gen(function* () {
    const { arrive, began } = opened({ runningCalls: 100, startsPerTurn: 2 })
    yield* Effect.forEach(["a", "b", "c", "d", "e"], (name) => arrive(name))
    expect(began).toEqual(["a", "b"])
    yield* turn
    yield* turn
    expect(began).toEqual(["a", "b", "c", "d", "e"])
  })
)

it.effect("who fails, dies or leaves while it runs makes room", () =>
  Effect.gen(function* () {
    const { arrive, began, door } = opened()
    yield* Effect.exit(door.through(Effect.fail("no"), undefined))
    yield* Effect.exit(door.through(Effect.die("no"), undefined))
    const { fiber } = yield* arrive("leaves")
    yield* Fiber.interrupt(fiber)
    yield* arrive("last")
    expect(began).toEqual(["leaves", "last"])
  })
)
