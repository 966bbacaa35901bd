import * as Effect from "effect/Effect"
import type { Unanswered } from "./Transport.ts"

const closed: Unanswered = { _tag: "NotSent", why: "the client is closed" }

/** The calls that a transport has on their way, so that closing can let them end. */
export class InFlight {
  #running = 0
  #open = true
  #onIdle: (() => void) | undefined

  #ended(): void {
    this.#running -= 1
    if (this.#running === 0) this.#onIdle?.()
  }

  /** Runs a call, unless no more are taken. */
  run<A>(call: Effect.Effect<A, Unanswered>): Effect.Effect<A, Unanswered> {
    return Effect.uninterruptibleMask((restore) => {
      if (!this.#open) return Effect.fail(closed)
      this.#running += 1
      return Effect.matchCauseEffect(restore(call), {
        onFailure: (cause) => {
          this.#ended()
          return Effect.failCause(cause)
        },
        onSuccess: (answer) => {
          this.#ended()
          return Effect.succeed(answer)
        }
      })
    })
  }

  /** Takes no more, and ends when nothing runs. */
  readonly close: Effect.Effect<void> = Effect.callback((resume) => {
    this.#open = false
    this.#onIdle = () => resume(Effect.void)
    if (this.#running === 0) this.#onIdle()
  })
}
