import { consequences } from "@connector-service/domain/Reason"
import { services } from "@connector-service/domain/Services"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Face, faces, type Outcome, plain } from "./parity/Faces.ts"
import { refusals } from "./parity/Refusals.ts"
import { answers, reasons } from "./parity/Scenarios.ts"
import { startProcessor } from "./parity/Scripted.ts"

const scenarios = [...answers, ...reasons, ...refusals]

test("the table has every flow and every reason", () => {
  const flows = Object.entries(services).flatMap(([service, rows]) =>
    Object.keys(rows).map((name) => `${service}.${name}`)
  )
  expect(new Set(answers.map(({ flow }) => flow))).toEqual(new Set(flows))
  const { Declined: _, ...errors } = consequences
  expect(new Set(reasons.map(({ reason }) => reason?._tag))).toEqual(new Set(Object.keys(errors)))
})

/** What each face answered, by the scenario's title. */
const outcomes = new Map<string, Map<string, Outcome>>()
let processor: Awaited<ReturnType<typeof startProcessor>>

beforeAll(async () => {
  processor = await startProcessor()
})
afterAll(() => processor.close())

describe.each(Object.entries(faces))("%s", (name, start) => {
  let face: Face
  const own = new Map<string, Outcome>()

  beforeAll(async () => {
    face = await start(processor.url)
    outcomes.set(name, own)
  })
  afterAll(() => face.close())

  test.each(scenarios)("$title", async (scenario) => {
    const { answers, reason, title } = scenario
    const outcome = await face.call(scenario)
    own.set(title, outcome)
    if (answers !== undefined) return expect(outcome).toMatchObject({ value: plain(answers) as object })
    expect(outcome).toMatchObject({ flow: scenario.flow, reason })
    const { moneyMoved } = consequences[reason?._tag ?? "UnknownOutcome"]
    // a reference used before by what was found VOIDED: that took nothing
    expect(outcome).toMatchObject({ consequence: { moneyMoved: reason?._tag === "Duplicate" ? "NO" : moneyMoved } })
  })
})

test.each(scenarios)("all faces tell the same of $title", ({ title }) => {
  const [first, ...others] = [...outcomes.values()].map((own) => own.get(title))
  expect(others).toHaveLength(Object.keys(faces).length - 1)
  for (const other of others) expect(other).toEqual(first)
})
