import { CircuitOpen } from "@connector-service/domain/Reason"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { readToItsEnd } from "./Abandoned.ts"
import type { Background, Writing } from "./Background.ts"
import type { Outcome } from "./Circuit.ts"
import type { Member } from "./Linked.ts"
import { type Guard, type Guards, heldBack } from "./Protection.ts"
import type { Answer } from "./Reply.ts"
import { givenUp, type Setback } from "./Setback.ts"
import { about, type Timeouts } from "./Timeouts.ts"

/** What all exchanges share. */
export interface Sharing {
  readonly background: Background
  readonly timeouts: Timeouts
}

/** How long an exchange may take, in milliseconds: until the first of its answer is there, and in all. */
export interface Limits {
  readonly first: number
  readonly total: number
}

/** What is exchanged: it calls `arrived` when the first of the answer is there, and the rest is waited for. */
export type Exchange<A> = (arrived: () => void) => Effect.Effect<A, Setback>

/** A write, its caller, and what is known of it while it is on its way. */
export interface Progress {
  readonly writing: Writing
  /** Until when its caller waits, in milliseconds since the epoch. */
  readonly until: number
  /** Whose calls it is one of, also when its caller has left it on the wire. */
  readonly guards: Pick<Guards, "stay" | "leave">
  readonly account: string
  /** The request may be at the processor, or may have been before. */
  reached: boolean
  /** It is on the wire now. */
  onWire: boolean
  /** The caller waits no more: nothing is sent again. */
  abandoned: boolean
  /** Why the last sending came to nothing, while the next one is waited for. */
  last: Setback | undefined
}

const noAnswer = (millis: number): Setback => ({
  _tag: "NoAnswer",
  description: `no answer within ${Duration.format(Duration.millis(millis))}`,
  httpStatus: 0
})

/** Setbacks that speak against the processor or the way to it; a refusal, a decline or a rate limit does not. */
const against: ReadonlySet<Setback["_tag"]> = new Set(["NotSent", "NoAnswer", "Faulted"])

const outcomeOf = (exit: Exit.Exit<unknown, Setback>): Outcome => {
  if (Exit.isSuccess(exit)) return "success"
  const [failure] = exit.cause.reasons
  if (failure?._tag !== "Fail" || failure.error.stored === true) return "neither"
  return against.has(failure.error._tag) ? "failure" : "success"
}

/**
 * Starts an exchange in a fiber of its own, unless its circuit is open. Time limits interrupt the fiber. `ended` is called
 * once, with what came of it; the fiber is given only where that is still to come.
 */
const start = <A>(
  timeouts: Timeouts,
  parent: Fiber.Fiber<unknown, unknown>,
  { circuit }: Guard,
  { first, total }: Limits,
  run: Exchange<A>,
  ended: (exit: Exit.Exit<A, Setback>) => void
): Fiber.Fiber<A, Setback> | undefined => {
  const clock = parent.getRef(Clock.Clock)
  const began = clock.currentTimeMillisUnsafe()
  const admission = circuit?.admit(began)
  if (admission !== undefined && "refusedFor" in admission) {
    const reason = new CircuitOpen({ retryAfter: Duration.millis(admission.refusedFor) })
    ended(Exit.fail(heldBack(reason)))
    return undefined
  }
  let limit = Math.min(first, total)
  let late = false
  let over = false
  let limited: Member | undefined
  const end = (exit: Exit.Exit<A, Setback>) => {
    if (over) return
    over = true
    limited?.leave()
    const told = late && Exit.hasInterrupts(exit) ? Exit.fail(noAnswer(limit)) : exit
    if (admission !== undefined) circuit?.record(admission, outcomeOf(told), clock.currentTimeMillisUnsafe())
    ended(told)
  }
  const expire = () => {
    late = true
    fiber.interruptUnsafe()
    // a client that cannot be interrupted is waited for no longer
    end(Exit.fail(noAnswer(limit)))
  }
  const exchange = run(() => {
    if (over || limit === total) return
    limit = total
    limited?.leave()
    limited = timeouts.set(parent, about(began + total - clock.currentTimeMillisUnsafe()), expire)
  })
  // not by an observer: V8 comes to make the list of a fiber's observers in the old space, where it keeps the whole call
  // from the collector when that is long over, and collecting takes five times as long
  const fiber = Effect.runForkWith(parent.context)(
    Effect.onExit(exchange, (exit) => {
      end(exit)
      return Effect.void
    })
  )
  if (over) return undefined
  limited ??= timeouts.set(parent, limit, expire)
  return fiber
}

/** Exchanges what changes nothing: it is interrupted when its caller waits no more. */
export const exchangeRead = <A>(
  { timeouts }: Sharing,
  guard: Guard,
  limits: Limits,
  run: Exchange<A>
): Effect.Effect<A, Setback> =>
  Effect.withFiber((parent) =>
    Effect.callback((resume) => {
      const fiber = start(timeouts, parent, guard, limits, run, resume)
      return fiber && Fiber.interrupt(fiber)
    })
  )

/**
 * Exchanges a write, if its caller still waits when it comes to that. A caller who waits no more leaves it on the wire: it
 * is read to its end, counted and logged.
 */
export const exchangeWrite = <A extends Answer | undefined>(
  { background, timeouts }: Sharing,
  guard: Guard,
  limits: Limits,
  run: Exchange<A>,
  progress: Progress
): Effect.Effect<A, Setback> =>
  Effect.withFiber((parent) => {
    const { account, guards, until, writing } = progress
    const left = until - parent.getRef(Clock.Clock).currentTimeMillisUnsafe()
    if (timeouts.over || left <= 0) {
      progress.abandoned = true
      return Effect.fail(givenUp)
    }
    // a fiber that has ended has none
    const { context } = parent
    return Effect.callback((resume) => {
      let due: Member | undefined
      let running: Member | undefined
      let alone = false
      let ended = false
      const fiber = start(timeouts, parent, guard, limits, run, (exit) => {
        ended = true
        due?.leave()
        running?.leave()
        if (!alone) return resume(exit)
        guards.leave(account)
        Effect.runForkWith(context)(readToItsEnd(writing, exit))
      })
      if (fiber === undefined) return
      progress.onWire = true
      const leave = () => {
        if (ended || alone) return
        due?.leave()
        alone = true
        progress.abandoned = true
        guards.stay(account)
      }
      const giveUp = () => {
        leave()
        resume(Effect.fail(givenUp))
      }
      running = background.add(fiber, writing, giveUp)
      // a caller that waits longer than the exchange may take sees its end
      if (left < limits.total) due = timeouts.set(parent, about(left), giveUp)
      return Effect.sync(leave)
    })
  })
