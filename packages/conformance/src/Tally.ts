import type { Check, Kind } from "./Check.ts"

/** The columns of the report. */
const columns: Readonly<Record<Kind, string>> = {
  request: "requests",
  reply: "replies",
  sandbox: "sandbox",
  example: "examples",
  wire: "as the SDK"
}
// the keys of a record by kind are kinds
const kinds = Object.keys(columns) as ReadonlyArray<Kind>

/** The flows that each connector has, which must all have their requests checked. */
export type Wanted = Readonly<Record<string, ReadonlyArray<string>>>

const padded = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd()
  )
}

const countsOf = (checks: ReadonlyArray<Check>): ReadonlyArray<string> =>
  kinds.map((kind) => String(checks.filter((check) => check.kind === kind).length))

/** How many checks of each kind each flow of each connector has, as lines of text: its flows, then the other operations. */
export const table = (checks: ReadonlyArray<Check>, wanted: Wanted): ReadonlyArray<string> => {
  const byConnector = Map.groupBy(checks, ({ connector }) => connector)
  const connectors = new Set([...Object.keys(wanted), ...byConnector.keys()])
  const rows = [...connectors].flatMap((connector) => {
    const byFlow = Map.groupBy(byConnector.get(connector) ?? [], ({ flow }) => flow)
    const flows = new Set([...(wanted[connector] ?? []), ...[...byFlow.keys()].toSorted()])
    return [...flows].map((flow) => [connector, flow, ...countsOf(byFlow.get(flow) ?? [])])
  })
  return padded([["connector", "flow", ...Object.values(columns)], ...rows, ["all", "", ...countsOf(checks)]])
}

/** The flows of which no request was checked, as `connector flow`. */
export const unchecked = (checks: ReadonlyArray<Check>, wanted: Wanted): ReadonlyArray<string> => {
  const checked = checks.filter(({ kind }) => kind === "request").map(({ connector, flow }) => `${connector} ${flow}`)
  return Object.entries(wanted)
    .flatMap(([connector, flows]) => flows.map((flow) => `${connector} ${flow}`))
    .filter((name) => !checked.includes(name))
}
