import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Linked } from "./Linked.ts"

/** A write on its way, for the log. */
export interface Writing {
  readonly connector: string
  readonly flow: string
  readonly reference: string
}

/** Fibers that run to their end whether or not anybody still waits for it. */
export class Background {
  readonly #running = new Linked<{
    readonly fiber: Fiber.Fiber<unknown, unknown>
    readonly write?: Writing | undefined
  }>()

  /** Counts a fiber in, which sends `write` where it is there; what this gives counts it out. */
  add(fiber: Fiber.Fiber<unknown, unknown>, write?: Writing): () => void {
    const running = this.#running.add({ fiber, write })
    return () => this.#running.remove(running)
  }

  /** Runs `effect` so that nothing but its own end stops it. */
  run<A, E>(effect: Effect.Effect<A, E>): Effect.Effect<Fiber.Fiber<A, E>> {
    return Effect.map(Effect.forkDetach(effect, { startImmediately: true }), (fiber) => {
      if (fiber.pollUnsafe() === undefined) fiber.addObserver(this.add(fiber))
      return fiber
    })
  }

  /** Runs a write, which may wait before and between its exchanges, as one that has not ended. */
  during<A, E>(sending: Effect.Effect<A, E>, write: Writing): Effect.Effect<A, E> {
    return Effect.suspend(() => {
      let ended = (): void => {}
      return Effect.onExit(
        Effect.withFiber((fiber) => {
          ended = this.add(fiber, write)
          return sending
        }),
        () => Effect.sync(ended)
      )
    })
  }

  /** Ends when nothing runs any more, nor what goes on from it. */
  readonly ended: Effect.Effect<void> = Effect.suspend(() => {
    const fibers = this.#running.values.map(({ fiber }) => fiber)
    return fibers.length === 0 ? Effect.void : Effect.andThen(Fiber.awaitAll(fibers), this.ended)
  })

  /** The writes that have not ended. */
  get writes(): ReadonlyArray<Writing> {
    return [...new Set(this.#running.values.flatMap(({ write }) => write ?? []))]
  }
}
