import type { InvalidField, MissingField } from "@connector-service/domain/Reason"
import { type Kind, type Services, services } from "@connector-service/domain/Services"
import type * as Result from "effect/Result"
import type { FlowName } from "./Names.ts"
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
  readonly name: FlowName
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
    // the table's own keys
    name: `${service}.${method}` as FlowName,
    service,
    method,
    kind,
    needs: needs[`${service}.${method}`] ?? (service === "connector" ? "nothing" : "credentials"),
    read: reading(request)
  }))

/** Every method of the table of flows, by its name. */
export const flows: Readonly<Record<FlowName, Flow>> = Object.fromEntries(
  Object.entries(services)
    // Object.entries of a literal gives its own keys
    .flatMap(([service, rows]) => flowsOf(service as keyof Services, rows))
    .map((flow) => [flow.name, flow])
) as Record<FlowName, Flow>
