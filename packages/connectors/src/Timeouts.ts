import { Clock, Context, Effect, Fiber } from "effect"

/** The longest that connecting takes unless a policy says otherwise, in milliseconds. */
export const defaultConnectTimeout = 5000

/** The longest that connecting may take, in milliseconds, for a client that knows of it: ours does. */
export const ConnectTimeout = Context.Reference<number>("@connector-service/connectors/Timeouts/ConnectTimeout", {
  defaultValue: () => defaultConnectTimeout
})

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

  #add(millis: number, due: Due, run: (watching: Effect.Effect<void>) => void): Set<Due> {
    const known = this.#byLength.get(millis)
    if (known !== undefined) return known.add(due)
    const fresh = new Set([due])
    this.#byLength.set(millis, fresh)
    run(this.#watch(millis, fresh))
    return fresh
  }

  /**
   * Runs an effect that calls `arrived` when the first of what it waits for is there: until then for at most `first`
   * milliseconds, and for at most `total` in all. After that it is interrupted, and once it has ended `orElse`, which
   * is told which of the two it was, takes its place.
   */
  within<A, E>(
    effect: (arrived: () => void) => Effect.Effect<A, E>,
    first: number,
    total: number,
    orElse: (millis: number) => Effect.Effect<A, E>
  ): Effect.Effect<A, E> {
    return Effect.withFiber((parent) => {
      const run = Effect.runForkWith(parent.context)
      return Effect.callback((resume) => {
        const now = parent.getRef(Clock.Clock).currentTimeMillisUnsafe()
        const waiting: Array<readonly [Set<Due>, Due]> = []
        const done = () => {
          for (const [others, due] of waiting) others.delete(due)
        }
        const limit = (millis: number) => {
          const due: Due = {
            at: now + millis,
            expire: () => {
              done()
              resume(Effect.flatMap(Fiber.interrupt(fiber), () => orElse(millis)))
            }
          }
          waiting.push([this.#add(millis, due, run), due])
        }
        let there = false
        const fiber = run(
          effect(() => {
            there = true
            const [others, due] = waiting[1] ?? []
            if (due !== undefined) others?.delete(due)
          })
        )
        limit(total)
        if (first < total && !there) limit(first)
        fiber.addObserver((exit) => {
          done()
          resume(exit)
        })
        return Effect.suspend(() => {
          done()
          return Fiber.interrupt(fiber)
        })
      })
    })
  }
}
