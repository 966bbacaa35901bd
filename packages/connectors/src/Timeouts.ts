import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { Linked, Member } from "./Linked.ts"

/** The longest that connecting takes unless a policy says otherwise, in milliseconds. */
export const defaultConnectTimeout = 5000

/** The longest that connecting may take, in milliseconds, for a client that knows of it: ours does. */
export const ConnectTimeout = Context.Reference<number>("@connector-service/connectors/Timeouts/ConnectTimeout", {
  defaultValue: () => defaultConnectTimeout
})

/** What is called when its time has come, or when nothing is waited for any more. */
class Due extends Member {
  readonly at: number
  readonly call: () => void

  constructor(at: number, call: () => void) {
    super()
    this.at = at
    this.call = call
  }
}

/** The longest sleep, so that no timer outlives for long what it was for. */
const longest = 1000

/** A limit of any length, up to 10 ms shorter: those of about one length then share a timer. */
export const about = (millis: number): number => millis - (millis % 10) || millis

/**
 * Time limits that share a timer: those of one length are due in the order they were set. A race against a sleep costs
 * each call two fibers and a timer.
 */
export class Timeouts {
  readonly #byLength = new Map<number, Linked<Due>>()
  readonly #waits = new Linked<Due>()
  #over = false

  #watch(millis: number, waiting: Linked<Due>): Effect.Effect<void> {
    const next: Effect.Effect<void> = Effect.suspend(() => {
      const { first } = waiting
      if (first === undefined) {
        this.#byLength.delete(millis)
        return Effect.void
      }
      return Effect.flatMap(Clock.currentTimeMillis, (now) => {
        if (first.at > now) return Effect.flatMap(Effect.sleep(Math.min(first.at - now, longest)), () => next)
        first.leave()
        first.call()
        return next
      })
    })
    return next
  }

  /** Has `expire` called once so many milliseconds, more than none, have passed, unless what this gives leaves before. */
  set(parent: Fiber.Fiber<unknown, unknown>, millis: number, expire: () => void): Member {
    const known = this.#byLength.get(millis)
    const waiting = known ?? new Linked<Due>()
    const due = waiting.add(new Due(parent.getRef(Clock.Clock).currentTimeMillisUnsafe() + millis, expire))
    if (known === undefined) {
      this.#byLength.set(millis, waiting)
      Effect.runForkWith(parent.context)(this.#watch(millis, waiting))
    }
    return due
  }

  /**
   * Runs an effect in a fiber of its own for at most so many milliseconds, where there is a limit, and only while anything
   * is waited for. After that it is interrupted, and once it has ended this gives none.
   */
  within<A, E>(effect: Effect.Effect<A, E>, millis: number | undefined): Effect.Effect<Option.Option<A>, E> {
    return Effect.withFiber((parent) => {
      if (this.#over || (millis !== undefined && millis <= 0)) return Effect.succeedNone
      return Effect.callback((resume) => {
        let ended = false
        let due: Member | undefined
        let over: Member | undefined
        const unset = () => {
          due?.leave()
          over?.leave()
        }
        // not by an observer: see Exchange
        const fiber = Effect.runForkWith(parent.context)(
          Effect.onExit(effect, (exit) => {
            ended = true
            unset()
            resume(Exit.map(exit, Option.some))
            return Effect.void
          })
        )
        if (ended) return
        const giveUp = () => {
          unset()
          resume(Effect.andThen(Fiber.interrupt(fiber), Effect.succeedNone))
        }
        if (millis !== undefined) due = this.set(parent, millis, giveUp)
        over = this.#waits.add(new Due(Number.POSITIVE_INFINITY, giveUp))
        return Effect.suspend(() => {
          unset()
          return Fiber.interrupt(fiber)
        })
      })
    })
  }

  /** Whether nothing is waited for any more. */
  get over(): boolean {
    return this.#over
  }

  /** Ends every wait, now and from now on, as if its time had run out. */
  endWaits(): void {
    this.#over = true
    for (const { call } of this.#waits.values) call()
  }
}
