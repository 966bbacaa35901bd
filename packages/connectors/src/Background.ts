import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Linked, Member } from "./Linked.ts"

/** A write on its way, for the log. */
export interface Writing {
  readonly connector: string
  readonly flow: string
  readonly reference: string
}

class Running extends Member {
  readonly fiber: Fiber.Fiber<unknown, unknown>
  readonly write: Writing | undefined
  readonly giveUp: (() => void) | undefined

  constructor(fiber: Fiber.Fiber<unknown, unknown>, write: Writing | undefined, giveUp: (() => void) | undefined) {
    super()
    this.fiber = fiber
    this.write = write
    this.giveUp = giveUp
  }
}

/** Fibers that run to their end whether or not anybody still waits for it. */
export class Background {
  readonly #running = new Linked<Running>()

  /**
   * Counts a fiber in, which sends `write` where it is there, until what this gives leaves. `giveUp` tells who waits for it
   * that it is waited for no longer.
   */
  add(fiber: Fiber.Fiber<unknown, unknown>, write?: Writing, giveUp?: () => void): Member {
    return this.#running.add(new Running(fiber, write, giveUp))
  }

  /** Ends every wait for what runs, which runs on. */
  endWaits(): void {
    for (const { giveUp } of this.#running.values) giveUp?.()
  }

  /** Runs `effect` so that nothing but its own end stops it. */
  run<A, E>(effect: Effect.Effect<A, E>): Effect.Effect<Fiber.Fiber<A, E>> {
    return Effect.map(Effect.forkDetach(effect, { startImmediately: true }), (fiber) => {
      if (fiber.pollUnsafe() !== undefined) return fiber
      const running = this.add(fiber)
      fiber.addObserver(() => running.leave())
      return fiber
    })
  }

  /** Runs a write, which may wait before and between its exchanges, as one that has not ended. */
  during<A, E>(sending: Effect.Effect<A, E>, write: Writing): Effect.Effect<A, E> {
    return Effect.acquireUseRelease(
      Effect.withFiber((fiber) => Effect.succeed(this.add(fiber, write))),
      () => sending,
      (running) => Effect.sync(() => running.leave())
    )
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
