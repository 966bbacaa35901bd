import { Clock, Effect, Fiber } from "effect"

interface Due {
  readonly at: number
  readonly expire: () => void
}

/** The longest sleep, so that no timer outlives for long what it was for. */
const longest = 1000

/**
 * Time limits that share a timer: those of one length are due in the order they were set. A race against a sleep costs
 * each call two fibers and a timer.
 */
export class Timeouts {
  readonly #byLength = new Map<number, Set<Due>>()

  #watch(millis: number, waiting: Set<Due>): Effect.Effect<void> {
    const next: Effect.Effect<void> = Effect.suspend(() => {
      const [first] = waiting
      if (first === undefined) {
        this.#byLength.delete(millis)
        return Effect.void
      }
      return Effect.flatMap(Clock.currentTimeMillis, (now) => {
        if (first.at > now) return Effect.flatMap(Effect.sleep(Math.min(first.at - now, longest)), () => next)
        waiting.delete(first)
        first.expire()
        return next
      })
    })
    return next
  }

  /** Runs `effect` for at most so many milliseconds; then it is interrupted, and once it has ended `orElse` takes its place. */
  within<A, E>(effect: Effect.Effect<A, E>, millis: number, orElse: () => Effect.Effect<A, E>): Effect.Effect<A, E> {
    return Effect.withFiber((parent) => {
      const run = Effect.runForkWith(parent.context)
      return Effect.callback((resume) => {
        const known = this.#byLength.get(millis)
        const waiting = known ?? new Set<Due>()
        const fiber = run(effect)
        const due: Due = {
          at: parent.getRef(Clock.Clock).currentTimeMillisUnsafe() + millis,
          expire: () => resume(Effect.flatMap(Fiber.interrupt(fiber), orElse))
        }
        waiting.add(due)
        if (known === undefined) {
          this.#byLength.set(millis, waiting)
          run(this.#watch(millis, waiting))
        }
        fiber.addObserver((exit) => {
          waiting.delete(due)
          resume(exit)
        })
        return Effect.suspend(() => {
          waiting.delete(due)
          return Fiber.interrupt(fiber)
        })
      })
    })
  }
}
