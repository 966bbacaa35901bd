import type { Row } from "./Rounds.ts"

/** Columns as wide as their widest cell; the first is flush left, the others flush right. */
export const table = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  ")
        .trimEnd()
    )
    .join("\n")
}

// what another processor's mapping may cost beside Stripe's
const leastShare = 0.8

const millis = (micros: number): string => (micros / 1000).toFixed(2)

/** The medians, a line each. */
export const figures = (rows: ReadonlyArray<Row>): string =>
  table([
    ["", "at once", "calls/s", "p50 ms", "p99 ms", "CPU µs/call", "its core", "other core", "memory MB"],
    ...rows.map(({ concurrency, cpu, name, otherCpu, p50, p99, perSecond, resident }) => [
      name,
      String(concurrency),
      perSecond.toFixed(0),
      millis(p50),
      millis(p99),
      cpu.toFixed(0),
      `${((cpu * perSecond) / 10_000).toFixed(0)} %`,
      `${((otherCpu * perSecond) / 10_000).toFixed(0)} %`,
      (resident / 1024 / 1024).toFixed(0)
    ])
  ])

/**
 * The lines to remember, all with 64 calls at once but the last: the time from starting the server to its first answer.
 * On a machine that does other work too, the CPU of a call tells more than calls a second.
 */
export const summary = (rows: ReadonlyArray<Row>, startUpMillis: number): string => {
  const of = (wanted: Row["name"], figure: "perSecond" | "cpu"): number =>
    rows.find(({ concurrency, name }) => name === wanted && concurrency === 64)?.[figure] ?? Number.NaN
  return [
    `floor ${of("floor", "perSecond").toFixed(0)}/s`,
    `server/floor ${(of("server", "perSecond") / of("floor", "perSecond")).toFixed(2)}`,
    `server/floor by CPU ${(of("floor", "cpu") / of("server", "cpu")).toFixed(2)}`,
    `in-process ${of("in process, stripe", "perSecond").toFixed(0)}/s`,
    ...(["adyen", "paypal"] as const).map((id) => {
      const share = of(`in process, ${id}`, "perSecond") / of("in process, stripe", "perSecond")
      const short = share < leastShare ? `, below ${leastShare.toFixed(2)}` : ""
      return `in-process ${id}/stripe ${share.toFixed(2)}${short}`
    }),
    `start-up ${(startUpMillis / 1000).toFixed(2)} s`
  ].join("\n")
}
