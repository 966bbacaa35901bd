import { defaults } from "@connector-service/connectors/Policy"
import type { Timeouts } from "@connector-service/connectors/Timeouts"
import { Overloaded, type Reason } from "@connector-service/domain/Reason"
import { Clock, Duration, Effect, type Fiber, Metric } from "effect"

/** How much the door lets through. */
export interface Limits {
  /** The most calls running at once. */
  readonly runningCalls: number
  /** The most calls waiting at once. */
  readonly waitingCalls: number
  /** The most calls that begin in one turn of the event loop. */
  readonly startsPerTurn: number
  /** The longest a call waits. */
  readonly longestWait: Duration.Duration
  /** The longest a call waits where somebody has been waiting for `longestWait` already, without a break. */
  readonly standingWait: Duration.Duration
  /** How long before a call's deadline its answer is given. */
  readonly answerMargin: Duration.Duration
}

interface Ticket {
  state: "waiting" | "running" | "over"
  /** Ends the waiting: the call's turn has come, or never will. */
  readonly end: (turn: Effect.Effect<void, Reason>) => void
}

/** Counts them. */
export const refusals = Metric.counter("server_calls_refused", {
  description: "Calls that the server refused unsent because it had too much to do",
  incremental: true
})

/** Made once, as an error takes longer to make than a call to refuse. */
const overloads = Array.from(
  { length: 32 },
  (_, index) => new Overloaded({ retryAfter: Duration.millis(500 + Math.floor((index * 1000) / 32)) })
)
const [first = new Overloaded({ retryAfter: Duration.seconds(1) })] = overloads

/** What a refused call is told: to come again in half a second to one and a half, so that not all come at once. */
const overload = (): Overloaded => overloads[Math.floor(Math.random() * overloads.length)] ?? first

const refuse: Effect.Effect<never, Overloaded> = Effect.andThen(
  Metric.update(refusals, 1),
  Effect.suspend(() => Effect.fail(overload()))
)

/**
 * Bounds the calls that run and the calls that wait; whoever waits is let in in the order of arrival, and not for long.
 *
 * A call waits where too many run, and where too many began in this turn of the event loop: what has begun is answered
 * before more begins, so that a saturated process answers fewer callers, and not all callers slowly. How long a call may
 * wait follows "Fail at Scale" (queue.acm.org/detail.cfm?id=2839461, "controlled delay"): a burst is waited out, and where
 * there has been no room to spare for a while only those come in who need not wait for more than a moment. That is told
 * on arrival, as to refuse a call that has waited costs as much as to answer it.
 */
export class Door {
  readonly #limits: Limits
  readonly #timeouts: Timeouts
  readonly #longest: number
  readonly #standing: number
  /** What a call that has waited still needs before its deadline. */
  readonly #needed: number
  readonly #waiting = new Set<Ticket>()
  #running = 0
  #begun = 0
  #turning = false
  /** Whether there was room to spare since somebody last had to wait; if not, since when, in milliseconds since the epoch. */
  #spare = true
  #since = 0
  /** How long it takes lately to let in one who waits, and when that was last done. */
  #pace = 0
  #lastTurn = 0
  /** The clock of whoever waits. */
  #clock: Clock.Clock | undefined

  constructor(limits: Limits, timeouts: Timeouts) {
    this.#limits = limits
    this.#timeouts = timeouts
    this.#longest = Duration.toMillis(limits.longestWait)
    this.#standing = Math.min(this.#longest, Duration.toMillis(limits.standingWait))
    this.#needed = Duration.toMillis(limits.answerMargin) + Duration.toMillis(defaults.write.leastTime)
  }

  /**
   * Runs a call when its turn has come. It is refused at once where as many wait as may, where those before it take longer
   * than it may wait, and where its deadline, in milliseconds since the epoch, leaves no time to wait; and otherwise when
   * it has waited for too long. Made for one run.
   */
  through<A, E>(call: Effect.Effect<A, E>, deadline: number | undefined): Effect.Effect<A, E | Reason> {
    let isIn = false
    let ticket: Ticket | undefined
    // whoever has come in leaves: there is no moment between the two for an interruption
    return Effect.onExit(
      Effect.withFiber((fiber): Effect.Effect<A, E | Reason> => {
        if (this.#isOpen()) {
          isIn = true
          this.#begin()
          return call
        }
        this.#clock = fiber.getRef(Clock.Clock)
        const now = this.#clock.currentTimeMillisUnsafe()
        if (!this.#hasPlace(now, deadline)) return refuse
        const turn = this.#turnOf(fiber, now, (own) => {
          ticket = own
        })
        return Effect.andThen(turn, call)
      }),
      () => {
        if (isIn) this.#end()
        else if (ticket !== undefined) this.#leave(ticket)
        return Effect.void
      }
    )
  }

  /** The refusal of a call that comes now, for what can tell it for less than `through`; undefined where it has a place. */
  refusal(now: number, deadline: number | undefined): Overloaded | undefined {
    return this.#isOpen() || this.#hasPlace(now, deadline) ? undefined : overload()
  }

  /** Refuses all who wait. */
  stop(reason: Reason): void {
    for (const ticket of this.#waiting) ticket.end(Effect.fail(reason))
  }

  /** Waits in the line, by a ticket that `take` is given. */
  #turnOf(
    fiber: Fiber.Fiber<unknown, unknown>,
    now: number,
    take: (ticket: Ticket) => void
  ): Effect.Effect<void, Reason> {
    return Effect.callback((resume) => {
      const limit = this.#timeouts.set(fiber, this.#longest, () => own.end(refuse))
      const own: Ticket = {
        state: "waiting",
        end: (turn) => {
          limit.leave()
          resume(turn)
        }
      }
      take(own)
      if (this.#waiting.size === 0) this.#lastTurn = now
      this.#waiting.add(own)
      this.#turn()
      return Effect.sync(() => limit.leave())
    })
  }

  /** A call that comes now need not wait. */
  #isOpen(): boolean {
    return this.#waiting.size === 0 && this.#hasRoom()
  }

  #hasRoom(): boolean {
    return this.#running < this.#limits.runningCalls && this.#begun < this.#limits.startsPerTurn
  }

  /** Whether a call that has to wait may. */
  #hasPlace(now: number, deadline: number | undefined): boolean {
    if (this.#spare) {
      this.#spare = false
      this.#since = now
    }
    const { size } = this.#waiting
    if (size >= this.#limits.waitingCalls) return false
    if (deadline !== undefined && deadline - now < this.#longest + this.#needed) return false
    const patience = now - this.#since < this.#longest ? this.#longest : this.#standing
    return size === 0 || Math.max(size * this.#pace, now - this.#lastTurn) <= patience
  }

  #begin(): void {
    this.#running += 1
    this.#begun += 1
    this.#turn()
  }

  #end(): void {
    this.#running -= 1
    if (this.#waiting.size > 0 || this.#running === this.#limits.runningCalls - 1) this.#turn()
  }

  #leave(ticket: Ticket): void {
    if (ticket.state === "running") this.#end()
    else this.#waiting.delete(ticket)
    ticket.state = "over"
  }

  /** Lets in who waits when this turn of the event loop has ended. */
  #turn(): void {
    if (this.#turning) return
    this.#turning = true
    setImmediate(() => {
      this.#turning = false
      if (this.#isOpen()) this.#spare = true
      this.#begun = 0
      const before = this.#waiting.size
      for (const ticket of this.#waiting) {
        if (!this.#hasRoom()) break
        this.#waiting.delete(ticket)
        ticket.state = "running"
        this.#begin()
        ticket.end(Effect.void)
      }
      if (this.#waiting.size < before) this.#measure(before - this.#waiting.size)
    })
  }

  #measure(letIn: number): void {
    const now = this.#clock?.currentTimeMillisUnsafe() ?? 0
    this.#pace += ((now - this.#lastTurn) / letIn - this.#pace) / 8
    this.#lastTurn = now
  }
}
