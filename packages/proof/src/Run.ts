import { drawPlan } from "./Plan.ts"
import { asItIs, play } from "./Play.ts"
import { describePlan, shorten } from "./Shorten.ts"
import type { Service } from "./Stage.ts"
import { addScenario, nothing, type Sums } from "./Tally.ts"

/** Which scenarios of a seed: from the first, every `step`th. */
export interface Share {
  readonly seed: string
  readonly scenarios: number
  readonly first: number
  readonly step: number
}

/** What a share came to, and what is to be said of its violations. */
export interface Outcome {
  readonly sums: Sums
  readonly reports: ReadonlyArray<string>
}

/** The most violations that are shown at length. */
const mostReports = 5

/** The seed of one scenario of a run. */
export const seedOf = (seed: string, scenario: number): string => `${seed}-${scenario}`

/** What there is to say of a scenario that broke an invariant. */
export const reportOf = (seed: string, service: Service = asItIs): string => {
  const plan = drawPlan(seed)
  const { violations } = play(plan, service)
  const [first] = violations
  if (first === undefined) return `${seed}: no violation`
  return [
    `seed ${seed}`,
    ...violations.map(({ invariant, operation, what }) => `  invariant ${invariant}, ${operation}: ${what}`),
    "shortened:",
    ...describePlan(shorten(plan, first, service))
      .split("\n")
      .map((line) => `  ${line}`)
  ].join("\n")
}

/** Plays a share of a run. */
export const runShare = ({ first, scenarios, seed, step }: Share): Outcome => {
  const sums = nothing()
  const reports: Array<string> = []
  for (let scenario = first; scenario < scenarios; scenario += step) {
    const name = seedOf(seed, scenario)
    const history = play(drawPlan(name))
    addScenario(sums, history)
    if (history.violations.length > 0 && reports.length < mostReports) reports.push(reportOf(name))
  }
  return { sums, reports }
}
