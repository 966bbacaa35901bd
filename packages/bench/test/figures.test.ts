import { ownerOf, type Place, packageOf, selfTimes } from "@connector-service/bench/Profile"
import { summary, table } from "@connector-service/bench/Report"
import { medians, mistakes, type Sample } from "@connector-service/bench/Rounds"
import { extra, safety } from "@connector-service/bench/Safety"
import { median, percentile, Tally } from "@connector-service/bench/Tally"
import { excesses, type Weights, weights } from "@connector-service/bench/Weights"
import { expect, it } from "vitest"

it("takes percentiles by nearest rank", () => {
  // https://en.wikipedia.org/wiki/Percentile, "The nearest-rank method", first example
  const values = [15, 20, 35, 40, 50]
  expect([0.05, 0.3, 0.4, 0.5, 1].map((share) => percentile(values, share))).toEqual([15, 20, 20, 35, 50])
  expect(percentile([], 0.5)).toBeNaN()
})

it("takes the middle value, or the mean of the middle two", () => {
  // https://en.wikipedia.org/wiki/Median, the two examples of its opening section
  expect(median([1, 3, 3, 6, 7, 8, 9])).toBe(6)
  expect(median([1, 2, 3, 4, 5, 6, 8, 9])).toBe(4.5)
  expect(median([9, 1, 5])).toBe(5)
})

it("counts every call, the wrong ones too, and ends when its time is up", () => {
  const tally = new Tally({ concurrency: 1, millis: 0 })
  expect(tally.end(tally.begin(), true)).toBe(true)
  while (tally.end(tally.begin(), false));
  const { calls, wrong } = tally.tallied
  expect(calls).toBeGreaterThanOrEqual(2)
  expect(wrong).toBe(calls - 1)
})

const sample = (over: Partial<Sample>): Sample => ({
  name: "floor",
  concurrency: 64,
  calls: 10,
  wrong: 0,
  perSecond: 1000,
  p50: 1,
  p99: 2,
  cpu: 100,
  otherCpu: 50,
  resident: 1,
  upstreamCount: 10,
  ...over
})

it("says what is wrong with answers and counts", () => {
  expect(mistakes([sample({})])).toEqual([])
  expect(mistakes([sample({ wrong: 2 })])).toEqual(["floor at 64: 2 of 10 answers were not the AUTHORIZED payment."])
  expect(mistakes([sample({ upstreamCount: 11 })])).toEqual(["floor at 64: 10 calls, but the upstream counted 11."])
  expect(mistakes([sample({ calls: 0, upstreamCount: 0 })])).toEqual(["floor at 64: there was no call."])
})

it("sums up with the medians of 64 calls at once", () => {
  const samples = [
    ...[900, 1000, 5000].map((perSecond) => sample({ perSecond })),
    sample({ name: "server", perSecond: 600, cpu: 160 }),
    sample({ name: "server", concurrency: 1, perSecond: 1 }),
    sample({ name: "in process, stripe", perSecond: 700 }),
    sample({ name: "in process, adyen", perSecond: 630 }),
    sample({ name: "in process, paypal", perSecond: 560 })
  ]
  expect(summary(medians(samples), 432).split("\n")).toEqual([
    "floor 1000/s",
    "server/floor 0.60",
    "server/floor by CPU 0.63",
    "in-process 700/s",
    "in-process adyen/stripe 0.90",
    "in-process paypal/stripe 0.80",
    "start-up 0.43 s"
  ])
})

it("says which processor falls short of its share of Stripe's calls", () => {
  const samples = [
    sample({ name: "in process, stripe", perSecond: 700 }),
    sample({ name: "in process, adyen", perSecond: 525 }),
    sample({ name: "in process, paypal", perSecond: 560 })
  ]
  const lines = summary(medians(samples), 432).split("\n")
  expect(lines).toContain("in-process adyen/stripe 0.75, below 0.80")
  expect(lines).toContain("in-process paypal/stripe 0.80")
})

it("tells what money safety adds, by the medians of processes, and how that spreads over pairs of them", () => {
  const trial = (cpus: Readonly<Record<"sender" | "unprotected" | "door", ReadonlyArray<number>>>) =>
    (["sender", "unprotected", "door"] as const).flatMap((name) => cpus[name].map((cpu) => sample({ name, cpu })))
  const trials = [
    trial({ sender: [70, 110, 69], unprotected: [60, 61, 59], door: [71, 72, 71.5] }),
    trial({ sender: [72, 71, 73], unprotected: [64, 63, 90], door: [71, 71, 71] }),
    // of a process that is slow by itself only its own pair tells
    trial({ sender: [90, 91, 92], unprotected: [60, 60, 60], door: [72, 73, 74] })
  ]
  // by hand: medians 70, 72, 91 and 60, 64, 60 and 71.5, 71, 73
  expect(extra(trials, "sender", "unprotected")).toEqual({ micros: 12, from: 8, to: 31 })
  expect(safety(trials).split("\n")).toEqual([
    "money safety 12.0 µs of CPU a call (3 pairs of processes: 8.0 to 31.0)",
    "the door -0.5 µs of CPU a call (3 pairs of processes: -18.0 to 1.5)",
    "both 11.5 µs of CPU a call (3 pairs of processes: 7.0 to 13.0)"
  ])
})

it("sets numbers flush right", () => {
  expect(
    table([
      ["", "n"],
      ["a", "10"],
      ["long", "1"]
    ])
  ).toBe("       n\na     10\nlong   1")
})

it("names the package of a file", () => {
  expect(packageOf("node:net")).toBe("node core")
  expect(packageOf("/x/node_modules/.pnpm/effect@4.1.0/node_modules/effect/src/internal/effect.ts")).toBe("effect")
  expect(packageOf("/x/node_modules/@grpc/grpc-js/build/src/server.js")).toBe("@grpc/grpc-js")
  expect(packageOf("/x/packages/connectors/src/stripe/wire.ts")).toBe("ours: connectors")
  expect(packageOf("/x/proto/gen/payments/v1/types.ts")).toBe("ours: proto")
})

it("gives each sample the time until the next, and leaves idle time out", () => {
  const place = (functionName: string, url: string): Place => ({ functionName, url, lineNumber: 0, columnNumber: 0 })
  const node = (id: number, callFrame: Place) => ({ id, callFrame: { ...callFrame, scriptId: "0" }, hitCount: 0 })
  const profile = {
    nodes: [
      node(1, place("(root)", "")),
      node(2, place("(idle)", "")),
      node(3, place("write", "node:net")),
      node(4, place("(garbage collector)", "")),
      node(5, place("toString", ""))
    ],
    startTime: 0,
    endTime: 0,
    samples: [3, 2, 3, 4, 5, 2],
    timeDeltas: [7, 10, 500, 20, 30, 40]
  }
  expect([...selfTimes(profile, (place) => ownerOf(place, ({ url }) => url))]).toEqual([
    ["node core", 30],
    ["garbage collection", 30],
    ["engine built-ins", 40]
  ])
})

it("tells sizes and times beside their limits, and which sizes are above them", () => {
  const weighed: Weights = {
    uses: [
      {
        use: { name: "client", lines: "", call: "", mostMinified: 5_000_000, mostImport: 150 },
        minified: 5_100_000,
        installed: { imported: 200, importedCpu: 190, called: 300 },
        bundled: { imported: 60, importedCpu: 50, called: 70 }
      },
      {
        use: { name: "free", lines: "", call: "" },
        minified: 9_000_000,
        installed: { imported: 1, importedCpu: 5, called: 3 },
        bundled: { imported: 2, importedCpu: 6, called: 4 }
      }
    ],
    alone: [
      { name: "effect/Schema", imported: 120 },
      { name: "@grpc/grpc-js", imported: 40 }
    ],
    installed: 130_000_000
  }
  expect(weights(weighed)).toBe(
    `        minified MB  at most  import ms  CPU ms  first call  bundled: import  first call  import at most
client         5.10     5.00        200     190         300               60          70             150
free           9.00                   1       5           3                2           4

alone, import ms: effect/Schema 120, @grpc/grpc-js 40
installed production tree 130.00 MB, at most 120.00
juspay's Node SDK / ours, installed 3.0`
  )
  expect(excesses(weighed)).toEqual([
    "client: 5.10 MB minified, of at most 5.00.",
    "The SDK installed: 130.00 MB, of at most 120.00."
  ])
})
