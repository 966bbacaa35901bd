import { type Delivered, lost, measureWebhooks, webhookFigures, webhookStand } from "@connector-service/bench/Webhooks"
import { expect, it } from "vitest"

it("delivers to the floor and to the server: each delivery is acknowledged, and its event written", {
  timeout: 60_000
}, async () => {
  const standing = await webhookStand(50)
  const measured = await measureWebhooks(standing, { rounds: 1, stretch: 50, warmUp: 50 }).finally(standing.end)
  expect(lost(measured.flatMap(({ all }) => all))).toEqual([])
  expect(measured.map(({ concurrency, name }) => `${name} at ${concurrency}`)).toEqual([
    "floor at 1",
    "server at 1",
    "floor at 64",
    "server at 64"
  ])
})

const delivered = (over: Partial<Delivered>): Delivered => ({
  calls: 10,
  wrong: 0,
  perSecond: 1000,
  p50: 1000,
  p99: 2000,
  cpu: 100,
  otherCpu: 50,
  resident: 1024 * 1024,
  lines: 10,
  ...over
})

it("says what was not acknowledged, and what was not written", () => {
  expect(lost([delivered({})])).toEqual([])
  expect(lost([delivered({ wrong: 2 })])).toEqual(["2 of 10 deliveries were not acknowledged."])
  expect(lost([delivered({ lines: 9 })])).toEqual(["10 deliveries, but 9 events were written."])
  expect(lost([delivered({ calls: 0, lines: 0 })])).toEqual(["There was no delivery."])
})

it("tells medians, and the server beside the floor", () => {
  const cpus = (...all: ReadonlyArray<number>) => all.map((cpu) => delivered({ cpu }))
  const figures = webhookFigures([
    { name: "server", concurrency: 1, all: cpus(1) },
    { name: "floor", concurrency: 64, all: cpus(90, 100, 900) },
    { name: "server", concurrency: 64, all: cpus(200, 100, 300) }
  ])
  expect(figures.split("\n")[2]).toMatch(/^floor +64 +1000 +1\.00 +2\.00 +100 +50 +1$/)
  expect(figures.split("\n").at(-1)).toBe("server/floor by CPU 0.50")
})
