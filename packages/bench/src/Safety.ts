import { type Plan, type Sample, sample, warmUp } from "./Rounds.ts"
import type { Contestant, Stand } from "./Stand.ts"
import { median } from "./Tally.ts"
import type { Way } from "./Ways.ts"

/** So many processes of each way, and in how many rounds of how many milliseconds they take turns. */
export interface TrialPlan extends Pick<Plan, "rounds" | "stretch" | "warmUp"> {
  readonly trials: number
}

const ways: ReadonlyArray<Way> = ["sender", "unprotected", "door"]

/** The same from another one on. */
const rotated = <A>(values: ReadonlyArray<A>, first: number): ReadonlyArray<A> => [
  ...values.slice(first % values.length),
  ...values.slice(0, first % values.length)
]

/** One process of each way, round by round. Who was started first is dearer by 3 µs, so each is in turn. */
const trial = async (stand: Stand, plan: TrialPlan, first: number): Promise<ReadonlyArray<Sample>> => {
  const contestants: Array<Contestant> = []
  for (const way of rotated(ways, first)) contestants.push(await stand.further(way))
  for (const contestant of contestants) await warmUp(contestant, plan.warmUp)
  const samples: Array<Sample> = []
  for (let round = 0; round < plan.rounds; round++) {
    for (const contestant of rotated(contestants, round))
      samples.push(await sample(stand, contestant, { concurrency: 64, millis: plan.stretch }))
  }
  await Promise.all(contestants.map(({ process }) => process.end()))
  return samples
}

/** Measures the ways in fresh processes: what V8 makes of the same code differs from process to process. */
export const trials = async (stand: Stand, plan: TrialPlan): Promise<ReadonlyArray<ReadonlyArray<Sample>>> => {
  const all: Array<ReadonlyArray<Sample>> = []
  while (all.length < plan.trials) all.push(await trial(stand, plan, all.length))
  return all
}

/** Microseconds of CPU that a call by one way takes above one by another. */
export interface Extra {
  /** The difference of the medians of the processes' medians. */
  readonly micros: number
  /** The least and the most of the differences of two processes that took turns. */
  readonly from: number
  readonly to: number
}

/** The difference of two ways. */
export const extra = (trials: ReadonlyArray<ReadonlyArray<Sample>>, dearer: Way, cheaper: Way): Extra => {
  const of = (wanted: Way): ReadonlyArray<number> =>
    trials.map((samples) => median(samples.filter(({ name }) => name === wanted).map(({ cpu }) => cpu)))
  const less = of(cheaper)
  const differences = of(dearer).map((cpu, index) => cpu - (less[index] ?? Number.NaN))
  return {
    micros: median(of(dearer)) - median(less),
    from: Math.min(...differences),
    to: Math.max(...differences)
  }
}

/** What the sender's part of money safety adds to the same call made plainly, and the server's door to that. */
export const safety = (trials: ReadonlyArray<ReadonlyArray<Sample>>): string => {
  const line = (what: string, { from, micros, to }: Extra): string =>
    `${what} ${micros.toFixed(1)} µs of CPU a call (${trials.length} pairs of processes: ${from.toFixed(1)} to ${to.toFixed(1)})`
  return [
    line("money safety", extra(trials, "sender", "unprotected")),
    line("the door", extra(trials, "door", "sender")),
    line("both", extra(trials, "door", "unprotected"))
  ].join("\n")
}
