import { expect, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { flows } from "../src/Flows.ts"
import { InFlight } from "../src/InFlight.ts"
import { opening } from "../src/Opening.ts"
import type { Outgoing, Transport } from "../src/Transport.ts"

const flow = flows["payment.capture"]
const outgoing: Outgoing = { flow, request: {}, target: undefined, deadline: 1_000, requestId: "1", sent: () => {} }

/** A transport that opens when it is told to, and says what happens to it. */
const scripted = () => {
  const said: Array<string> = []
  const opens = Deferred.makeUnsafe<void>()
  const carry = Effect.sync(() => {
    said.push("carried")
    return "answer"
  })
  const opened = Effect.gen(function* () {
    yield* Deferred.await(opens)
    const inFlight = new InFlight()
    yield* Effect.addFinalizer(() =>
      Effect.andThen(
        inFlight.close,
        Effect.sync(() => said.push("closed"))
      )
    )
    return {
      exchange: ({ requestId }) => (requestId === "bare" ? carry : inFlight.run(carry))
    } satisfies Transport
  })
  return { carry, said, transport: opening(opened), open: Deferred.succeed(opens, undefined) }
}

it.effect("a call that is made before its transport is open waits for it", () =>
  Effect.gen(function* () {
    const { open, said, transport } = scripted()
    const call = yield* Effect.forkChild(transport.exchange(outgoing), { startImmediately: true })
    yield* TestClock.adjust(999)
    expect(said).toEqual([])
    yield* open
    expect(yield* Fiber.join(call)).toBe("answer")
  })
)

it.effect("a call that is made once its transport is open is the transport's own, and nothing besides", () =>
  Effect.gen(function* () {
    const { carry, open, transport } = scripted()
    const first = yield* Effect.forkChild(transport.exchange(outgoing), { startImmediately: true })
    yield* open
    yield* Fiber.join(first)
    expect(transport.exchange({ ...outgoing, requestId: "bare" })).toBe(carry)
  })
)

it.effect("a call whose time passes before its transport is open is not sent", () =>
  Effect.gen(function* () {
    const { open, said, transport } = scripted()
    const call = yield* Effect.forkChild(Effect.flip(transport.exchange(outgoing)), { startImmediately: true })
    yield* TestClock.adjust(1_000)
    expect(yield* Fiber.join(call)).toEqual({ _tag: "NotSent", why: "its time limit passed" })
    yield* open
    yield* transport.close
    expect(said).toEqual(["closed"])
  })
)

it.effect("closing lets calls that wait for their transport be carried first", () =>
  Effect.gen(function* () {
    const { open, said, transport } = scripted()
    const call = yield* Effect.forkChild(transport.exchange(outgoing), { startImmediately: true })
    const closing = yield* Effect.forkChild(transport.close, { startImmediately: true })
    const late = yield* Effect.forkChild(Effect.flip(transport.exchange(outgoing)), { startImmediately: true })
    yield* open
    yield* Fiber.join(closing)
    expect(yield* Fiber.join(call)).toBe("answer")
    expect(yield* Fiber.join(late)).toEqual({ _tag: "NotSent", why: "the client is closed" })
    expect(said).toEqual(["carried", "closed"])
    expect(yield* Effect.flip(transport.exchange(outgoing))).toEqual({ _tag: "NotSent", why: "the client is closed" })
  })
)
