import { drawPlan } from "@connector-service/proof/Plan"
import { asItIs, play } from "@connector-service/proof/Play"
import type { Service } from "@connector-service/proof/Stage"
import { describe, expect, it } from "vitest"
import { off } from "./rules.ts"

/** The first scenario of so many that breaks this invariant; undefined where none does. */
const broken = (service: Service, invariant: number, scenarios: number): number | undefined => {
  for (let scenario = 0; scenario < scenarios; scenario++) {
    const { violations } = play(drawPlan(`rules-${scenario}`), service)
    if (violations.some((violation) => violation.invariant === invariant)) return scenario
  }
  return undefined
}

describe("a money rule that is switched off is found out", () => {
  for (const { invariant, rule, service } of off) {
    it(`${rule}: invariant ${invariant}`, { timeout: 300_000 }, () => {
      expect(broken(service, invariant, 5000)).toBeDefined()
    })
  }
})

describe("the service as it is", () => {
  it("breaks nothing in as many scenarios as find the rules out", { timeout: 300_000 }, () => {
    const found = Array.from({ length: 500 }, (_, scenario) => play(drawPlan(`rules-${scenario}`), asItIs).violations)
    expect(found.flat()).toEqual([])
  })
})
