import { drawPlan } from "@connector-service/proof/Plan"
import { asItIs, play } from "@connector-service/proof/Play"
import { describe, expect, it } from "vitest"
import { type Off, off } from "./rules.ts"

/** The first scenario of so many that breaks the rule's invariant; undefined where none does. */
const broken = ({ invariant, says = "", service }: Off, scenarios: number): number | undefined => {
  for (let scenario = 0; scenario < scenarios; scenario++) {
    const { violations } = play(drawPlan(`rules-${scenario}`), service)
    if (violations.some((violation) => violation.invariant === invariant && violation.what.includes(says)))
      return scenario
  }
  return undefined
}

describe("a money rule that is switched off is found out", () => {
  for (const one of off) {
    it(`${one.rule}: invariant ${one.invariant}`, { timeout: 300_000 }, () => {
      expect(broken(one, 5000)).toBeDefined()
    })
  }
})

describe("the service as it is", () => {
  it("breaks nothing in as many scenarios as find the rules out", { timeout: 300_000 }, () => {
    const found = Array.from({ length: 500 }, (_, scenario) => play(drawPlan(`rules-${scenario}`), asItIs).violations)
    expect(found.flat()).toEqual([])
  })
})
