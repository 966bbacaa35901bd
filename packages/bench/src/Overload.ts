import type { Arrivals, Arrived } from "./Arrivals.ts"
import type { Load } from "./Load.ts"
import type { Probe } from "./Probe.ts"
import { type Process, start } from "./Process.ts"
import { table } from "./Report.ts"
import { serverAlone } from "./Stand.ts"
import { median, percentile } from "./Tally.ts"

/** How long, and at what load. */
export interface OverloadPlan {
  /** Of the overload; the sustainable load takes half as long before it and half as long after it. */
  readonly seconds: number
  /** The sustainable load, calls a second; measured where absent. */
  readonly at?: number | undefined
}

/** What was measured. Latencies are in microseconds, memory in bytes. */
export interface Overloading {
  readonly sustainable: number
  /** Before the overload and after it. */
  readonly calm: ReadonlyArray<Arrived>
  readonly overload: Arrived
  /** The server's resident bytes during the overload, evenly spaced. */
  readonly memory: ReadonlyArray<number>
  /** What the upstream counted meanwhile. */
  readonly upstreamCount: number
}

/** The shares of the measured capacity that are tried, and the share of calls refused at which a load is sustainable. */
const shares = [0.8, 0.7, 0.6, 0.5, 0.4]
const mostRefused = 0.002

/** How long a payment takes at the processor, in milliseconds: less than at a real one, and not nothing. */
const atProcessor = 100

/** As many calls as keep the server busy while each of them is at the processor for its time. */
const concurrency = 600

/** The calls a second that the server answers when so many are always under way. */
const capacityOf = async (many: (millis: number) => ReturnType<Load["many"]>): Promise<number> => {
  await many(5000)
  const rounds: Array<number> = []
  while (rounds.length < 3) rounds.push((await many(2000)).perSecond)
  return median(rounds)
}

/** The largest of the shares at which hardly any call is refused; the least of them where that is so at none. */
const sustainableOf = async (capacity: number, arrive: (perSecond: number, millis: number) => Promise<Arrived>) => {
  let perSecond = capacity
  for (const share of shares) {
    perSecond = Math.floor(capacity * share)
    await arrive(perSecond, 1000)
    const { refused, sent } = await arrive(perSecond, 4000)
    if (refused.count <= sent * mostRefused) break
  }
  return perSecond
}

const samples = 20

const watched = async (server: Process<Probe>, until: Promise<unknown>, millis: number): Promise<Array<number>> => {
  const memory: Array<number> = []
  let over = false
  until.then(
    () => (over = true),
    () => (over = true)
  )
  while (!over) {
    memory.push((await server.ask("usage")).resident)
    await Promise.race([until, new Promise((resolve) => setTimeout(resolve, millis / samples))])
  }
  memory.push((await server.ask("usage")).resident)
  return memory
}

/** Half the time at the sustainable load, all of it at twice that, and half of it at the sustainable load again. */
export const overloaded = async ({ at, seconds }: OverloadPlan): Promise<Overloading> => {
  const { end, expected, load, server, upstream, wire } = await serverAlone()
  const arrivals = start<Arrivals>({ file: "Arrivals", core: "other" })
  const many = (millis: number) => load.ask("many", { ...wire, expected, stretch: { concurrency, millis } })
  await upstream.ask("takes", atProcessor)
  const arrive = (perSecond: number, millis: number) => arrivals.ask("arrive", { ...wire, expected, perSecond, millis })
  const sustainable = at ?? (await sustainableOf(await capacityOf(many), arrive))
  await arrive(sustainable, 2000)

  const millis = seconds * 1000
  const countBefore = await upstream.ask("count")
  const before = await arrive(sustainable, millis / 2)
  const overloading = arrive(sustainable * 2, millis)
  const memory = await watched(server, overloading, millis)
  const overload = await overloading
  const after = await arrive(sustainable, millis / 2)
  const upstreamCount = (await upstream.ask("count")) - countBefore
  await Promise.all([end(), arrivals.end()])
  return { sustainable, calm: [before, after], overload, memory, upstreamCount }
}

const of = (parts: ReadonlyArray<Arrived>, what: "accepted" | "refused" | "late", share: number): number =>
  percentile(Float64Array.from(parts.flatMap((part) => Array.from(part[what].all))).sort(), share)

/** The p99 of accepted calls under overload may be so many times what it is at the sustainable load. */
const mostTimes = 2
/** The memory at the end may be so many times what it is in the middle, and so many bytes more. */
const mostGrowth = { times: 1.1, bytes: 8 * 1024 * 1024 }

const middle = (memory: ReadonlyArray<number>): number => memory[Math.floor(memory.length / 2)] ?? Number.NaN

/** Which of the criteria do not hold. */
export const broken = ({ calm, memory, overload, upstreamCount }: Overloading): ReadonlyArray<string> => {
  const times = of([overload], "accepted", 0.99) / of(calm, "accepted", 0.99)
  const most = middle(memory) * mostGrowth.times + mostGrowth.bytes
  const parts = [...calm, overload]
  const wrong = parts.reduce((sum, { wrong }) => sum + wrong, 0)
  const accepted = parts.reduce((sum, { accepted }) => sum + accepted.count, 0)
  return [
    ...(times <= mostTimes ? [] : [`p99 under overload is ${times.toFixed(2)} times the p99 at the sustainable load.`]),
    ...((memory.at(-1) ?? Number.NaN) <= most
      ? []
      : ["Memory is not flat: it grew in the second half of the overload."]),
    ...(wrong === 0 ? [] : [`${wrong} calls were neither answered nor refused as overload.`]),
    ...(upstreamCount === accepted
      ? []
      : [`${accepted} calls were answered, but the upstream counted ${upstreamCount}: a refused call was sent.`])
  ]
}

const millisOf = (micros: number): string => (micros / 1000).toFixed(2)
const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0)

/** What was measured, a line for each load. */
export const told = (measured: Overloading, seconds: number): string => {
  const { calm, memory, overload, sustainable } = measured
  const row = (name: string, parts: ReadonlyArray<Arrived>, seconds: number) => {
    const sum = (count: (part: Arrived) => number) => parts.reduce((all, part) => all + count(part), 0)
    const sent = sum(({ sent }) => sent)
    const refused = sum(({ refused }) => refused.count)
    return [
      name,
      (sent / seconds).toFixed(0),
      (sum(({ accepted }) => accepted.count) / seconds).toFixed(0),
      millisOf(of(parts, "accepted", 0.5)),
      millisOf(of(parts, "accepted", 0.99)),
      `${((refused / sent) * 100).toFixed(1)} %`,
      refused === 0 ? "" : millisOf(of(parts, "refused", 0.5)),
      refused === 0 ? "" : millisOf(of(parts, "refused", 0.99)),
      millisOf(of(parts, "late", 0.99))
    ]
  }
  return [
    table([
      ["", "sent/s", "accepted/s", "p50 ms", "p99 ms", "refused", "its p50 ms", "its p99 ms", "sent late p99 ms"],
      row("sustainable, before", calm.slice(0, 1), seconds / 2),
      row("twice that", [overload], seconds),
      row("sustainable, after", calm.slice(1), seconds / 2),
      row("sustainable", calm, seconds)
    ]),
    "",
    `sustainable load ${sustainable}/s`,
    `p99 overload/sustainable ${(of([overload], "accepted", 0.99) / of(calm, "accepted", 0.99)).toFixed(2)} (at most ${mostTimes})`,
    `memory start ${megabytes(memory[0] ?? Number.NaN)} MB, middle ${megabytes(middle(memory))} MB, end ${megabytes(memory.at(-1) ?? Number.NaN)} MB (the end at most ${mostGrowth.times} times the middle and ${megabytes(mostGrowth.bytes)} MB)`
  ].join("\n")
}
