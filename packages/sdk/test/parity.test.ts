import { consequences } from "@connector-service/domain/Consequence"
import { Reason } from "@connector-service/domain/Reason"
import { services } from "@connector-service/domain/Services"
import { Schema } from "effect"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Face, faces, type Outcome, plain } from "./parity/Faces.ts"
import { refusals } from "./parity/Refusals.ts"
import { answers, reasons, type Scenario } from "./parity/Scenarios.ts"
import { startProcessor, takeBuilt } from "./parity/Scripted.ts"
import { unfilled } from "./parity/Unfilled.ts"

const scenarios = [...answers, ...reasons, ...refusals]

test("the table has every flow and every reason", () => {
  const flows = Object.entries(services).flatMap(([service, rows]) =>
    Object.keys(rows).map((name) => `${service}.${name}`)
  )
  expect(new Set(answers.map(({ flow }) => flow))).toEqual(new Set(flows))
  const { Declined: _, ...errors } = consequences
  expect(new Set(reasons.map(({ reason }) => reason?._tag))).toEqual(new Set(Object.keys(errors)))
})

/** The rows of the table by their flows' names, with their types forgotten. */
const rows: ReadonlyMap<string, { readonly request: Schema.Top; readonly response: Schema.Top }> = new Map(
  Object.entries(services).flatMap(([service, methods]) =>
    Object.entries(methods).map(([name, row]) => [`${service}.${name}`, row] as const)
  )
)
const row = (flow: string) => rows.get(flow) ?? { request: Schema.Never, response: Schema.Never }

test.each([...rows.keys()])("%s is asked with every field there is", (flow) => {
  const inputs = answers.filter((scenario) => scenario.flow === flow).map(({ input }) => input)
  expect(unfilled(row(flow).request, inputs)).toEqual([])
})

test.each([
  ["a payment", services.payment.authorize.response, "payment."],
  ["a capture", services.payment.capture.response, "payment.capture"],
  ["a refund", services.refund.get.response, "refund."],
  ["a settlement", services.settlement.settle.response, "settlement."],
  ["a claim", services.webhook.identify.response, "webhook.identify"],
  ["a webhook", services.webhook.receive.response, "webhook.receive"]
] as const)("%s is answered with every field there is", (_title, schema, flow) => {
  const given = answers.filter((scenario) => scenario.flow.startsWith(flow)).map(({ answers }) => answers)
  expect(unfilled(schema, given)).toEqual([])
})

/** What the builders have to be given for an input: the domain's values, which the schema alone makes. */
const decoded = ({ flow, input }: Scenario): ReadonlyArray<unknown> => {
  // ConnectorService asks no connector
  if (flow.startsWith("connector.")) return []
  // the scenarios' inputs are as the schemas encode them, and no request's schema needs a service
  const request = Schema.decodeUnknownSync(row(flow).request as Schema.Codec<Looked>)(input)
  if (request.unsettled !== undefined) return [request.unsettled]
  return request.earlierPayment === undefined ? [request] : [request.earlierPayment, request]
}
/** What of a request goes to a builder by itself: what is settled, and the payment that is looked at first. */
interface Looked {
  readonly unsettled?: unknown
  readonly earlierPayment?: unknown
}

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
    takeBuilt()
    const outcome = await face.call(scenario)
    own.set(title, outcome)
    if (answers !== undefined) {
      expect(plain(takeBuilt())).toEqual(plain(decoded(scenario)))
      return expect(outcome).toMatchObject({ value: plain(answers) as object })
    }
    expect(outcome).toMatchObject({ flow: scenario.flow, reason })
    const { moneyMoved } = consequences[reason?._tag ?? "UnknownOutcome"]
    // a reference used before by what was found VOIDED: that took nothing
    expect(outcome).toMatchObject({ consequence: { moneyMoved: reason?._tag === "Duplicate" ? "NO" : moneyMoved } })
  })
})

test.each(Object.keys(faces))("%s: the reasons are told with every field there is", (face) => {
  const told = [...(outcomes.get(face)?.values() ?? [])].map(({ reason }) => reason)
  // no caller gets Declined as an error, and the answers above have what a look-up finds
  const others = unfilled(Reason, told).filter((path) => !/^\(Declined\)|\.found\(/.test(path))
  expect(others).toEqual([])
})

test.each(scenarios)("all faces tell the same of $title", ({ flow, sentence, title }) => {
  const told = (form: string) =>
    [...outcomes].flatMap(([face, own]) => (face.endsWith(form) ? [{ ...own.get(title) }] : []))
  const effects = told("as effects")
  const [first, ...others] = [
    ...effects,
    ...told("as Promises").map((outcome) => {
      if (sentence === undefined) return outcome
      expect(outcome["message"]).toBe(`${flow}: ${sentence}`)
      return { ...outcome, message: effects[0]?.["message"] }
    })
  ]
  expect(others).toHaveLength(Object.keys(faces).length - 1)
  for (const other of others) expect(other).toEqual(first)
})
