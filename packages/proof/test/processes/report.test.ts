import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { judge } from "@connector-service/proof/processes/Judge"
import type { Outcome } from "@connector-service/proof/processes/Log"
import type { Played } from "@connector-service/proof/processes/Play"
import { excuse } from "@connector-service/proof/processes/Remaining"
import { report } from "@connector-service/proof/processes/Report"
import { describe, expect, it } from "vitest"
import { ledger, log, operation, payment } from "./told.ts"

const gone: Outcome = { _tag: "Nothing" }
const notTaken: Outcome = { _tag: "Settlement", settlement: { _tag: "NotTaken", evidence: "not in the list" } }
const settles = operation("authorize", { order: 10 })
const connectors = ["stripe", "adyen", "paypal"] as const
const authorizations = connectors.map((connector, order) => operation("authorize", { connector, order }))
const captures = connectors.map((processor, order) => ({
  at: 105,
  amount: 10_100 + order * 1000,
  processor,
  payment: `pay-${order}`
}))

/** An order at each processor, taken once, after a client that was gone. */
const played = (more: Partial<Played> = {}): Played => {
  const told = log(
    [settles, { at: 0, asked: 20_100, outcome: gone }],
    [settles, { at: 50, settles: true, outcome: notTaken }],
    ...authorizations.flatMap((made, order) => {
      const asked = 10_100 + order * 1000
      return [
        [made, { at: 0, asked, outcome: gone }] as const,
        [made, { at: 100, asked, again: 0, outcome: payment("CAPTURED", `pay-${order}`) }] as const
      ]
    })
  )
  return {
    log: told,
    history: judge(told, ledger({ authorizations: captures, captures })),
    struck: new Map([["cut stripe", 3]]),
    kills: 2,
    left: [],
    ...more
  }
}

const [stripes = operation("authorize"), adyens = operation("authorize")] = authorizations

describe("the last line", () => {
  it("counts references, and nothing that is wrong", () => {
    const { clean, lines } = report(played())
    expect(lines.at(-1)).toBe("4 references, 0 double, 0 false, 0 unknown")
    expect(lines).toContain("attempts that were unknown once, settled: by the same call again 3, by Settle 1")
    expect(lines).toContain("  cut           stripe 3")
    expect(clean).toBe(true)
  })

  it("counts a reference that was taken twice", () => {
    const { log: told } = played()
    const twice = [...captures, { at: 103, amount: 10_100, processor: "stripe" as const, payment: "pay-9" }]
    const { clean, lines } = report(
      played({ history: judge(told, ledger({ authorizations: twice, captures: twice })) })
    )
    expect(lines.at(-1)).toBe("4 references, 1 double, 0 false, 0 unknown")
    expect(lines).toContain(`WRONG ${stripes.name}`)
    expect(clean).toBe(false)
  })

  it("counts a reference of which something false was told", () => {
    const { log: told } = played()
    const { clean, lines } = report(played({ history: judge(told, ledger({ captures: captures.slice(1) })) }))
    expect(lines.at(-1)).toBe("4 references, 0 double, 1 false, 0 unknown")
    expect(clean).toBe(false)
  })

  it("counts what is unknown though it can be settled, and only that", () => {
    const left = [
      { operation: stripes, status: 200, excuse: undefined },
      { operation: adyens, status: 500, excuse: "it cannot be asked" }
    ]
    const { clean, lines } = report(played({ left }))
    expect(lines.at(-1)).toBe("4 references, 0 double, 0 false, 1 unknown")
    expect(lines).toContain("still unknown 2")
    expect(lines).toContain("  1 it cannot be asked")
    expect(clean).toBe(false)
    expect(report(played({ left: left.slice(1) })).clean).toBe(true)
  })

  it("is no proof where what was unknown stayed so", () => {
    const lost = log([stripes, { at: 0, asked: 10_100, outcome: gone }])
    const { clean, lines } = report(played({ log: lost }))
    expect(lines).toContain("attempts that were unknown once, settled: not 1")
    expect(lines).toContain("Too little: nothing was settled by the same call again.")
    expect(clean).toBe(false)
  })

  it("is no proof where nothing went wrong, or no money was taken", () => {
    const calm = log([stripes, { at: 100, asked: 10_100, outcome: payment("CAPTURED", "pay-0") }])
    const history = judge(calm, ledger({ authorizations: captures.slice(0, 1), captures: captures.slice(0, 1) }))
    const { clean, lines } = report({ log: calm, history, struck: new Map(), kills: 0, left: [] })
    expect(lines.filter((line) => line.startsWith("Too little"))).toEqual([
      "Too little: no server was killed.",
      "Too little: no fault struck.",
      "Too little: nothing was settled by Settle.",
      "Too little: nothing was settled by the same call again.",
      "Too little: no money was taken at adyen.",
      "Too little: no money was taken at paypal."
    ])
    expect(lines.at(-1)).toBe("1 references, 0 double, 0 false, 0 unknown")
    expect(clean).toBe(false)
  })
})

/** docs/money-safety.md, "What each processor makes possible". */
describe("what may stay unknown", () => {
  const { history } = played()
  const elsewhere = (flow: "authorize" | "capture", connector: (typeof connectors)[number]) =>
    operation(flow, { connector, order: 7 })

  it("is what Adyen answers with an error that it keeps under the key, for it cannot be asked", () => {
    expect(excuse(history, { operation: adyens, status: 500 })).toContain("it cannot be asked")
    expect(excuse(history, { operation: elsewhere("authorize", "adyen"), status: 500 })).toBeDefined()
  })

  it("is what a processor keeps an error of, and shows nothing of", () => {
    expect(excuse(history, { operation: elsewhere("authorize", "stripe"), status: 500 })).toContain("nothing yet")
  })

  it("is not what the processor took and shows", () => {
    expect(excuse(history, { operation: stripes, status: 500 })).toBeUndefined()
  })

  it("is not what was never sent again, nor what was answered again", () => {
    for (const connector of connectors) {
      expect(excuse(history, { operation: elsewhere("authorize", connector), status: undefined })).toBeUndefined()
      expect(excuse(history, { operation: elsewhere("authorize", connector), status: 200 })).toBeUndefined()
    }
  })

  it("is a refusal to a repeat at PayPal alone, which does not promise its first answer again", () => {
    expect(excuse(history, { operation: elsewhere("authorize", "paypal"), status: 422 })).toBeDefined()
    expect(excuse(history, { operation: elsewhere("authorize", "adyen"), status: 422 })).toBeUndefined()
    expect(excuse(history, { operation: elsewhere("capture", "stripe"), status: 400 })).toBeUndefined()
  })
})

describe("the command", () => {
  const main = fileURLToPath(new URL("../../dist/processes/main.js", import.meta.url))
  const run = (...args: ReadonlyArray<string>) =>
    new Promise<{ readonly code: unknown; readonly stderr: string }>((done) => {
      execFile(process.execPath, [main, ...args], (error, _, stderr) => done({ code: error?.code ?? 0, stderr }))
    })

  it("says how it is used, and begins nothing, where it is not understood", async () => {
    const wrong = [["--second", "5"], ["5"], ["--seconds", "soon"], ["--seed", "a b"]]
    for (const answer of await Promise.all(wrong.map((args) => run(...args)))) {
      expect(answer).toEqual({ code: 1, stderr: expect.stringContaining("npm run proof:processes") })
    }
  })
})
