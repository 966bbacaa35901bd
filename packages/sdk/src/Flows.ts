import type { InvalidField, MissingField } from "@connector-service/domain/Reason"
import { type Kind, type Services, services } from "@connector-service/domain/Services"
import type * as Result from "effect/Result"
import { reading } from "./Reading.ts"

/** What a call's target must have: a connector and an environment, and mostly something besides. */
export type Needs = "nothing" | "connector" | "credentials" | "webhookSecrets"

/** Where it is not the credentials. */
const needs: Readonly<Record<string, Needs>> = {
  "webhook.identify": "connector",
  "webhook.receive": "webhookSecrets"
}

/** One method, as every transport knows it. */
export interface Flow {
  /** "payment.capture". */
  readonly name: string
  readonly service: keyof Services
  readonly method: string
  readonly kind: Kind
  readonly needs: Needs
  /** The request that a caller wrote, as the domain's value. */
  readonly read: (input: unknown) => Result.Result<unknown, MissingField | InvalidField>
}

/** A row with its types forgotten. */
interface Row {
  readonly kind: Kind
  readonly request: Parameters<typeof reading>[0]
}

const flowsOf = (service: keyof Services, rows: Readonly<Record<string, Row>>): ReadonlyArray<Flow> =>
  Object.entries(rows).map(([method, { kind, request }]) => ({
    name: `${service}.${method}`,
    service,
    method,
    kind,
    needs: needs[`${service}.${method}`] ?? (service === "connector" ? "nothing" : "credentials"),
    read: reading(request)
  }))

/** Every method of the table of flows. */
export const flows: ReadonlyArray<Flow> = Object.entries(services).flatMap(([service, rows]) =>
  // Object.entries of a literal gives its own keys
  flowsOf(service as keyof Services, rows)
)

/** What `make` makes of every method, nested by service as the table is. */
export const byService = <A>(make: (flow: Flow) => A): Readonly<Record<string, Readonly<Record<string, A>>>> => {
  const made: Record<string, Record<string, A>> = {}
  for (const flow of flows) {
    const ofService = made[flow.service] ?? {}
    ofService[flow.method] = make(flow)
    made[flow.service] = ofService
  }
  return made
}
