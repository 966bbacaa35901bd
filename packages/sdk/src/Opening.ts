import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import type { Transport, Unanswered } from "./Transport.ts"

/** A transport and the end of it. */
export interface Opening extends Transport {
  /** Closes the transport's scope, once it is open. */
  readonly close: Effect.Effect<void>
}

const late: Unanswered = { _tag: "NotSent", why: "its time limit passed" }

/** Opening fails only by defects: a module that is not there, a given layer that fails. */
const unopened = (cause: Cause.Cause<never>): Effect.Effect<never, Unanswered> =>
  Effect.fail({
    _tag: "NotSent",
    why: `what carries calls could not be made: ${Cause.prettyErrors(cause)[0]?.message}`
  })

/**
 * A transport that is being opened from now on: calls that are made before it is open wait for it until their deadline.
 * Opening it loads its code, which importing the SDK does not.
 */
export const opening = (opened: Effect.Effect<Transport, never, Scope.Scope>): Opening => {
  const scope = Scope.makeUnsafe()
  const fiber = Effect.runFork(Scope.provide(opened, scope))
  const waited = Effect.catchCause(Fiber.join(fiber), unopened)
  const ready = (deadline: number): Effect.Effect<Transport, Unanswered> => {
    const exit = fiber.pollUnsafe()
    if (exit !== undefined) return Exit.isSuccess(exit) ? exit : unopened(exit.cause)
    return Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Effect.timeoutOrElse(waited, { duration: Math.max(0, deadline - now), orElse: () => Effect.fail(late) })
    )
  }
  return {
    exchange: (outgoing) => Effect.flatMapEager(ready(outgoing.deadline), ({ exchange }) => exchange(outgoing)),
    close: Effect.andThen(Fiber.await(fiber), Scope.close(scope, Exit.void))
  }
}
