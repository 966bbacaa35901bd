import type { ConnectorId } from "./Deliver.ts"
import { begun, draw, judge, type Making, shown } from "./Judge.ts"
import { type Receivers, receivers } from "./Receivers.ts"

/** Which deliveries of a seed: from the first, every `step`th. */
export interface Share {
  readonly seed: string
  readonly deliveries: number
  readonly first: number
  readonly step: number
}

/** How often each thing came of deliveries, by `<processor> <making> <tag>`; how many defects; the first of them at length. */
export interface Outcome {
  readonly counts: Readonly<Record<string, number>>
  readonly defects: number
  readonly reports: ReadonlyArray<string>
}

/** The most defects that are shown at length. */
const mostReports = 5

/** The seed of one delivery of a run. */
export const seedOf = (seed: string, delivery: number): string => `${seed}-${delivery}`

const countOf = (connector: ConnectorId, making: Making, tag: string): string => `${connector}, ${making}: ${tag}`

/** What there is to say of the delivery of a seed, and whether it is a defect. */
export const reportOf = (seed: string, by: Receivers = receivers): readonly [report: string, isDefect: boolean] => {
  const { defect, tag } = judge(draw(seed, by))
  return [`seed ${seed}: ${defect ?? tag}\n${shown(draw(seed, by))}`, defect !== undefined]
}

/** Delivers a share of a run. */
export const runShare = ({ deliveries, first, seed, step }: Share, by: Receivers = receivers): Outcome => {
  const counts: Record<string, number> = {}
  const reports: Array<string> = []
  let defects = 0
  for (let delivery = first; delivery < deliveries; delivery += step) {
    const name = seedOf(seed, delivery)
    const drawn = draw(name, by)
    const { defect, tag } = judge(drawn)
    const count = countOf(drawn.sample.connector, drawn.making, tag)
    counts[count] = (counts[count] ?? 0) + 1
    if (defect === undefined) continue
    defects += 1
    if (reports.length < mostReports) reports.push(`seed ${name}: ${defect}\n${shown(drawn)}`)
  }
  return { counts, defects, reports }
}

/** The counts of several shares, in the order of their names. */
export const addCounts = (outcomes: ReadonlyArray<Outcome>): ReadonlyArray<readonly [name: string, count: number]> => {
  const sums = new Map<string, number>()
  for (const { counts } of outcomes) {
    for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count)
  }
  return [...sums].toSorted(([one], [other]) => (one < other ? -1 : 1))
}

/** How many genuine deliveries a run begins with. */
export const genuineDeliveries = begun
