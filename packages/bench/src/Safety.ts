import type { Sample } from "./Rounds.ts"
import { median, percentile } from "./Tally.ts"

/** Microseconds of CPU that one contestant's call takes above another's. */
export interface Extra {
  /** The difference of their medians. */
  readonly micros: number
  /** The quartiles of the differences of each round. */
  readonly from: number
  readonly to: number
}

/** The difference with 64 calls at once; the samples are in the order of the rounds. */
export const extra = (samples: ReadonlyArray<Sample>, dearer: Sample["name"], cheaper: Sample["name"]): Extra => {
  const of = (wanted: Sample["name"]): ReadonlyArray<number> =>
    samples.filter(({ concurrency, name }) => name === wanted && concurrency === 64).map(({ cpu }) => cpu)
  const less = of(cheaper)
  const differences = Float64Array.from(of(dearer), (cpu, round) => cpu - (less[round] ?? Number.NaN)).sort()
  return {
    micros: median(of(dearer)) - median(less),
    from: percentile(differences, 0.25),
    to: percentile(differences, 0.75)
  }
}

const line = (what: string, { from, micros, to }: Extra): string =>
  `${what} ${micros.toFixed(1)} µs of CPU a call (half of the rounds: ${from.toFixed(1)} to ${to.toFixed(1)})`

/** What the sender's part of money safety adds to the same call made plainly, and the server's door to that. */
export const safety = (samples: ReadonlyArray<Sample>): string =>
  [
    line("money safety", extra(samples, "in process, stripe", "unprotected")),
    line("the door", extra(samples, "behind the door", "in process, stripe"))
  ].join("\n")
