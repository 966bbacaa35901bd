import { type Cell, cells, connectors, exchanges, faultKinds, isWrite, phaseOf } from "./Faults.ts"
import type { History } from "./History.ts"

/** What many scenarios came to, as plain data. */
export interface Sums {
  scenarios: number
  calls: number
  /** Writes sent again, within a call or by a caller. */
  retries: number
  unknowns: number
  settled: number
  /** Scenarios that had a fault on a write, and that ended with money taken. */
  faulted: number
  taken: number
  violations: number
  /** How often each fault struck, by `fault|connector|exchange`. */
  readonly fired: Record<string, number>
}

/** Nothing yet. */
export const nothing = (): Sums => ({
  scenarios: 0,
  calls: 0,
  retries: 0,
  unknowns: 0,
  settled: 0,
  faulted: 0,
  taken: 0,
  violations: 0,
  fired: {}
})

const retriesOf = ({ exchanges }: History): number => {
  const seen = new Set<string>()
  let again = 0
  for (const { call, exchanged } of exchanges) {
    if (!isWrite(exchanged)) continue
    const write = `${call.operation.name} ${call.attempt} ${exchanged}`
    if (seen.has(write)) again += 1
    else seen.add(write)
  }
  return again
}

/** Adds one scenario. */
export const addScenario = (sums: Sums, history: History): void => {
  sums.scenarios += 1
  sums.calls += history.calls.length
  sums.retries += retriesOf(history)
  sums.unknowns += history.unknowns
  sums.settled += history.settled
  if (history.faultsOnWrites > 0) sums.faulted += 1
  if (history.money.some(({ kind }) => kind === "capture")) sums.taken += 1
  if (history.violations.length > 0) sums.violations += 1
  for (const [key, times] of history.fired) sums.fired[key] = (sums.fired[key] ?? 0) + times
}

/** Adds the sums of another process. */
export const addSums = (sums: Sums, more: Sums): void => {
  for (const name of [
    "scenarios",
    "calls",
    "retries",
    "unknowns",
    "settled",
    "faulted",
    "taken",
    "violations"
  ] as const) {
    sums[name] += more[name]
  }
  for (const [key, times] of Object.entries(more.fired)) sums.fired[key] = (sums.fired[key] ?? 0) + times
}

const timesOf = ({ fired }: Sums, { connector, exchanged, kind }: Cell): number =>
  fired[`${kind}|${connector}|${exchanged}`] ?? 0

/** The table of faults: one row for each, in its phase; one column for each exchange with each processor. */
export const table = (sums: Sums): string => {
  const columns = connectors.flatMap((connector) => exchanges[connector].map((exchanged) => ({ connector, exchanged })))
  const applies = new Set(cells.map(({ connector, exchanged, kind }) => `${kind}|${connector}|${exchanged}`))
  const width = 10
  const head = (text: (column: (typeof columns)[number]) => string) =>
    `${"".padEnd(30)}${columns.map((column) => text(column).padStart(width)).join("")}`
  const rows = faultKinds.map((kind) => {
    const figures = columns.map((column) =>
      applies.has(`${kind}|${column.connector}|${column.exchanged}`) ? String(timesOf(sums, { ...column, kind })) : "-"
    )
    return `${phaseOf(kind).padEnd(12)}${kind.padEnd(18)}${figures.map((figure) => figure.padStart(width)).join("")}`
  })
  return [head(({ connector }) => connector), head(({ exchanged }) => exchanged), ...rows].join("\n")
}

/** A run of this many scenarios or more is a full one, and must have shown every fault everywhere. */
export const full = 100_000
const leastTimes = 100

/** Why a run proves less than it should. */
export const shortfalls = (sums: Sums): ReadonlyArray<string> => {
  const few = sums.scenarios >= full ? cells.filter((cell) => timesOf(sums, cell) < leastTimes) : []
  return [
    ...few.map(
      (cell) =>
        `${cell.kind} struck ${cell.exchanged} at ${cell.connector} ${timesOf(sums, cell)} times, not ${leastTimes}`
    ),
    ...(sums.faulted * 2 < sums.scenarios
      ? [`${sums.faulted} of ${sums.scenarios} scenarios had a fault on a write: fewer than half`]
      : []),
    ...(sums.taken * 10 < sums.scenarios * 3
      ? [`${sums.taken} of ${sums.scenarios} scenarios ended with money taken: fewer than 30 %`]
      : [])
  ]
}
