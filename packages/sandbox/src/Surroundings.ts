import { randomFillSync } from "node:crypto"

/** What the processors take from the world around them. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The next byte of chance. */
  readonly byte: () => number
  /** Runs something once so many milliseconds have passed. */
  readonly later: (milliseconds: number, run: () => void) => void
}

// Drawn in bulk: asking the operating system for each id costs more than the rest of a small request.
const pool = Buffer.alloc(16_384)
let used = pool.length

const real: Surroundings = {
  now: () => Date.now(),
  byte: () => {
    if (used === pool.length) {
      randomFillSync(pool)
      used = 0
    }
    const byte = pool[used] ?? 0
    used += 1
    return byte
  },
  later: (milliseconds, run) => void setTimeout(run, milliseconds)
}

let current = real

/** Runs `act`, and all that it puts off, in surroundings of the caller's own: a simulation's clock and chance. */
export const within = <A>(surroundings: Surroundings, act: () => A): A => {
  const outside = current
  current = {
    ...surroundings,
    later: (milliseconds, run) => surroundings.later(milliseconds, () => within(surroundings, run))
  }
  const result = act()
  current = outside
  return result
}

/** Milliseconds since 1970. */
export const now = (): number => current.now()

/** The time in ISO 8601, to the millisecond. */
export const isoNow = (): string => new Date(current.now()).toISOString()

/** The next byte of chance. */
export const nextByte = (): number => current.byte()

/** Runs something once so many milliseconds have passed. */
export const later = (milliseconds: number, run: () => void): void => current.later(milliseconds, run)
