import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { cells } from "@connector-service/proof/Faults"
import { drawPlan } from "@connector-service/proof/Plan"
import { asItIs, play } from "@connector-service/proof/Play"
import { Seeded } from "@connector-service/proof/Seeded"
import { afterEach, describe, expect, it, vi } from "vitest"

afterEach(() => void vi.restoreAllMocks())

const seeds = Array.from({ length: 40 }, (_, scenario) => `seeded-${scenario}`)
const traced = (seed: string): string => play(drawPlan(seed), asItIs, true).text

describe("the same seed", () => {
  it("gives the same trace, byte by byte", () => {
    for (const seed of seeds) expect(traced(seed)).toBe(traced(seed))
  })

  it("gives the same trace in another process", () => {
    const main = fileURLToPath(new URL("../dist/main.js", import.meta.url))
    for (const seed of seeds.slice(0, 3)) {
      const printed = execFileSync(process.execPath, [main, "--replay", seed], { encoding: "utf8" })
      expect(printed).toBe(`${traced(seed)}\n1 scenario, 0 violations\n`)
    }
  })

  it("needs neither the machine's clock nor its timers nor its chance", () => {
    const taken = () => {
      throw new Error("a simulation took something from the machine")
    }
    vi.spyOn(Math, "random").mockImplementation(taken)
    vi.spyOn(Date, "now").mockImplementation(taken)
    vi.spyOn(performance, "now").mockImplementation(taken)
    vi.spyOn(crypto, "randomUUID").mockImplementation(taken)
    for (const timer of ["setTimeout", "setInterval", "setImmediate"] as const) {
      vi.spyOn(globalThis, timer).mockImplementation(taken)
    }
    for (const seed of seeds) expect(play(drawPlan(seed)).violations).toEqual([])
  })
})

describe("another seed", () => {
  it("gives another trace", () => {
    expect(new Set(seeds.map(traced)).size).toBe(seeds.length)
  })
})

describe("chance", () => {
  it("is spread evenly, and repeats with its seed", () => {
    const draws = (seed: string) => {
      const chance = new Seeded(seed)
      return Array.from({ length: 1000 }, () => chance.whole(0, 9))
    }
    expect(draws("a")).toEqual(draws("a"))
    expect(draws("a")).not.toEqual(draws("b"))
    // 1000 draws of ten: each about 100 times, with a standard deviation of 9.5
    for (let digit = 0; digit < 10; digit++) {
      const times = draws("a").filter((draw) => draw === digit).length
      expect(Math.abs(times - 100)).toBeLessThan(50)
    }
  })

  it("reaches every fault at every exchange", () => {
    const planned = new Set(
      Array.from({ length: 20_000 }, (_, scenario) => drawPlan(`spread-${scenario}`)).flatMap(({ orders }) =>
        orders.flatMap(({ connector, steps }) =>
          steps.flatMap(({ faults }) => faults.map(({ exchanged, kind }) => `${kind}|${connector}|${exchanged}`))
        )
      )
    )
    expect(cells.filter(({ connector, exchanged, kind }) => !planned.has(`${kind}|${connector}|${exchanged}`))).toEqual(
      []
    )
  })
})
