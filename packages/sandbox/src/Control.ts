import { type Fault, readFault } from "./Faults.ts"
import { parseJson } from "./Json.ts"
import type { LedgerView } from "./Ledger.ts"
import type { Reply } from "./Processor.ts"

/** What the control endpoints act on. */
export interface Controls {
  /** What the paths of the processors begin with, such as `/stripe`. */
  readonly prefixes: ReadonlyArray<string>
  readonly ledger: () => LedgerView
  readonly faults: () => ReadonlyArray<Fault>
  readonly addFaults: (faults: ReadonlyArray<Fault>) => void
  readonly clearFaults: () => void
  readonly reset: () => void
}

const json = (status: number, value: unknown): Reply => ({
  status,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(value)
})

/** Reads one fault or an array of them; a sentence when any is wrong, and then none counts. */
export const readFaults = (input: unknown, prefixes: ReadonlyArray<string>): ReadonlyArray<Fault> | string => {
  if (input === undefined) return "The body must be JSON: a fault or an array of faults."
  const faults: Array<Fault> = []
  for (const item of Array.isArray(input) ? input : [input]) {
    const fault = readFault(item, prefixes)
    if (typeof fault === "string") return fault
    faults.push(fault)
  }
  return faults
}

const addFaults = (controls: Controls, body: string): Reply => {
  const faults = readFaults(parseJson(body), controls.prefixes)
  if (typeof faults === "string") return json(400, { error: faults })
  controls.addFaults(faults)
  return json(200, controls.faults())
}

const endpoints: Readonly<Record<string, (controls: Controls, body: string) => Reply>> = {
  "GET /_sandbox/health": () => json(200, { status: "ok" }),
  "GET /_sandbox/ledger": (controls) => json(200, controls.ledger()),
  "GET /_sandbox/faults": (controls) => json(200, controls.faults()),
  "POST /_sandbox/faults": addFaults,
  "DELETE /_sandbox/faults": (controls) => {
    controls.clearFaults()
    return json(200, [])
  },
  "POST /_sandbox/reset": (controls) => {
    controls.reset()
    return json(200, { status: "ok" })
  }
}

/** Answers a request to `/_sandbox/…`. */
export const control = (controls: Controls, method: string, path: string, body: string): Reply => {
  const endpoint = endpoints[`${method} ${path}`]
  if (endpoint !== undefined) return endpoint(controls, body)
  return json(404, { error: `Unknown control endpoint; there are: ${Object.keys(endpoints).join(", ")}.` })
}
