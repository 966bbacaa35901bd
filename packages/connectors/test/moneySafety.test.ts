import { flowsOf } from "@connector-service/connectors/Connector"
import { catalog } from "@connector-service/connectors/catalog"
import { defaults } from "@connector-service/connectors/Policy"
import { Duration } from "effect"
import { describe, expect, it } from "vitest"
import { codesOf, pageOf, recordsOf } from "./Pages.ts"

const page = pageOf("docs/money-safety.md")
const rows = recordsOf(page, "What each processor makes possible").flatMap(({ flows = "", ...row }) =>
  codesOf(flows).map((flow) => ({ ...row, flow }))
)
const writes = catalog.flatMap((connector) =>
  flowsOf(connector)
    .filter(({ kind }) => kind === "write")
    .map(({ flow, name }) => ({ id: connector.id, name, settle: flow.settle }))
)
/** What a look-up's proof waits for beside the processor: clocks may differ by that. */
const clocks = 5

describe("what settles a write", () => {
  it("is said of each, once", () => {
    const said = rows.map((row) => `${"connector" in row ? row.connector : ""} ${row.flow}`)
    expect(said.toSorted()).toEqual(writes.map(({ id, name }) => `${id} ${name}`).toSorted())
  })

  it.each(writes)("$id $name: as its definition says", ({ id, name, settle }) => {
    const row = rows.find((row) => "connector" in row && row.connector === id && row.flow === name)
    const after = settle?.conclusiveAfter
    expect(row).toMatchObject({
      pages: settle === undefined ? "" : String(settle.pages),
      "proved absent after":
        settle === undefined ? "" : after === undefined ? "never" : `${Duration.toMinutes(after) + clocks} minutes`
    })
    expect(row !== undefined && "looked up by" in row && row["looked up by"] === "–").toBe(settle === undefined)
  })
})

it("the policy is the one in force", () => {
  const { answerMargin, leastTime, retry, settle, timeout } = defaults.write
  expect(page).toContain(`answered ${Duration.toMillis(answerMargin)} milliseconds before`)
  expect(page).toContain(`less than ${Duration.toMillis(leastTime)} milliseconds and the margin`)
  expect(page).toContain(`${Duration.toSeconds(timeout)} seconds at most`)
  expect([retry.times, settle.times]).toEqual([2, 2])
})
