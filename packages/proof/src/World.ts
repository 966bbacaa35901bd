import { Clock, Context, Duration, Effect, Random, Scheduler } from "effect"
import { Seeded } from "./Seeded.ts"

interface Timer {
  readonly at: number
  /** Which of several that are due at the same moment comes first. */
  readonly order: number
  readonly run: () => void
}

/** When every scenario begins. */
export const start = Date.UTC(2026, 0, 15, 12)

/** The most steps of one scenario; past it something goes round in circles. */
const most = 200_000

/**
 * Time, chance and the order of things, all from one seed. It is a test clock that goes by itself from one due moment to
 * the next, and a scheduler that draws which of the fibers that can go on does so first. Nothing here waits: a scenario of
 * hours runs to its end in one turn of the event loop.
 */
export class World {
  readonly chance: Seeded
  #now = start
  #ready: Array<() => void> = []
  readonly #timers: Array<Timer> = []

  constructor(seed: string) {
    this.chance = new Seeded(seed)
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#now
  }

  /** Runs something after so many milliseconds; what this gives calls it off. */
  later(millis: number, run: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, millis), order: this.chance.bits(), run }
    let low = 0
    let high = this.#timers.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.#timers[middle]
      if (other !== undefined && (other.at > timer.at || (other.at === timer.at && other.order > timer.order))) {
        low = middle + 1
      } else high = middle
    }
    this.#timers.splice(low, 0, timer)
    return () => {
      const place = this.#timers.indexOf(timer)
      if (place >= 0) this.#timers.splice(place, 1)
    }
  }

  /** Runs what can run, moment by moment, until `done`, or until nothing is left; tells whether it came to that. */
  run(done: () => boolean): boolean {
    for (let step = 0; step < most; step++) {
      if (done()) return true
      const { length } = this.#ready
      if (length > 0) {
        const [task] = this.#ready.splice(length === 1 ? 0 : this.chance.bits() % length, 1)
        task?.()
        continue
      }
      const timer = this.#timers.pop()
      if (timer === undefined) return done()
      this.#now = timer.at
      timer.run()
    }
    return false
  }

  /** Whether anything is still to come. */
  get idle(): boolean {
    return this.#ready.length === 0 && this.#timers.length === 0
  }

  /** A clock that is so many milliseconds ahead. */
  clock(ahead: number): Clock.Clock {
    const now = () => this.#now + ahead
    const nanos = () => BigInt(Math.floor(now())) * 1_000_000n
    return {
      currentTimeMillisUnsafe: now,
      currentTimeMillis: Effect.sync(now),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanosUnsafe: nanos,
      monotonicTimeNanos: Effect.sync(nanos),
      sleep: (duration) =>
        Effect.callback((resume) => {
          const stop = this.later(Duration.toMillis(duration), () => resume(Effect.void))
          return Effect.sync(stop)
        })
    }
  }

  readonly #scheduler: Scheduler.Scheduler = {
    executionMode: "async",
    shouldYield: (fiber) => fiber.currentOpCount >= 2048,
    makeDispatcher: () => ({
      scheduleTask: (task) => void this.#ready.push(task),
      flush: () => {}
    })
  }

  readonly #random = {
    nextIntUnsafe: () => this.chance.bits(),
    nextDoubleUnsafe: () => this.chance.fraction()
  }

  /** The services that stand in for the machine's own. */
  provided<R>(context: Context.Context<R>): Context.Context<R> {
    return context.pipe(
      Context.add(Clock.Clock, this.clock(0)),
      Context.add(Scheduler.Scheduler, this.#scheduler),
      Context.add(Random.Random, this.#random)
    )
  }
}
