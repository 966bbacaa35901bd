import type { DeliveryView, KnownEndpoint } from "./Deliveries.ts"
import { readEndpoint } from "./Deliveries.ts"
import { type Fault, readFault } from "./Faults.ts"
import { isTree, parseJson, textOf } from "./Json.ts"
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
  readonly endpoints: () => ReadonlyArray<KnownEndpoint>
  readonly addEndpoints: (endpoints: ReadonlyArray<NewEndpoint>) => void
  readonly clearEndpoints: () => void
  readonly deliveries: () => ReadonlyArray<DeliveryView>
  /** Sends an event again; false where there is none of this id. */
  readonly again: (id: string) => boolean
}

/** An endpoint that was read, with how it is delivered to. */
export type NewEndpoint = Exclude<ReturnType<typeof readEndpoint>, string>

const json = (status: number, value: unknown): Reply => ({
  status,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(value)
})

/** Reads one value or an array of them; a sentence when any is wrong, and then none counts. */
const readAll = <A>(input: unknown, what: string, read: (item: unknown) => A | string): ReadonlyArray<A> | string => {
  if (input === undefined) return `The body must be JSON: ${what}.`
  const values: Array<A> = []
  for (const item of Array.isArray(input) ? input : [input]) {
    const value = read(item)
    if (typeof value === "string") return value
    values.push(value)
  }
  return values
}

/** Reads one fault or an array of them; a sentence when any is wrong, and then none counts. */
export const readFaults = (input: unknown, prefixes: ReadonlyArray<string>): ReadonlyArray<Fault> | string =>
  readAll(input, "a fault or an array of faults", (item) => readFault(item, prefixes))

/** Reads one endpoint of webhooks or an array of them; a sentence when any is wrong, and then none counts. */
export const readEndpoints = (input: unknown): ReadonlyArray<NewEndpoint> | string =>
  readAll(input, "an endpoint or an array of endpoints", readEndpoint)

const addEndpoints = (controls: Controls, body: string): Reply => {
  const endpoints = readEndpoints(parseJson(body))
  if (typeof endpoints === "string") return json(400, { error: endpoints })
  controls.addEndpoints(endpoints)
  return json(200, controls.endpoints())
}

const deliverAgain = (controls: Controls, body: string): Reply => {
  const asked = parseJson(body)
  const id = isTree(asked) ? textOf(asked, "id") : undefined
  return id !== undefined && controls.again(id)
    ? json(200, { id })
    : json(404, { error: `There is no event of that "id"; GET /_sandbox/deliveries lists them.` })
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
  "GET /_sandbox/webhooks": (controls) => json(200, controls.endpoints()),
  "POST /_sandbox/webhooks": addEndpoints,
  "DELETE /_sandbox/webhooks": (controls) => {
    controls.clearEndpoints()
    return json(200, [])
  },
  "GET /_sandbox/deliveries": (controls) => json(200, controls.deliveries()),
  "POST /_sandbox/deliveries": deliverAgain,
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
