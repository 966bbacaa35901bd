import type { Overloaded } from "@connector-service/domain/Reason"
import { ConnectorError } from "@connector-service/domain/Reason"
import { Metadata, type StatusObject } from "@grpc/grpc-js"
import { Context, Result } from "effect"
import { correlate } from "./Correlation.ts"
import { type Door, refusals } from "./Door.ts"
import type { Gate } from "./Incoming.ts"
import { definitions, methodsOf, type Service } from "./Methods.ts"
import { type Failure, failureOf } from "./Status.ts"

/** A repeat's refusal tells what there is to settle, and is left to who can tell it. */
const isRepeat = (message: unknown): boolean =>
  typeof message === "object" && message !== null && "firstSentAt" in message && message.firstSentAt !== undefined

const text = (metadata: Metadata, key: string): string | undefined => {
  const values = metadata.get(key)
  return values.length === 0 ? undefined : values.join(", ")
}

/** The failure of each overload, made once: encoding its details takes as long as the rest of a refusal. */
const failures = (connector: string, flow: string): ((reason: Overloaded) => Failure) => {
  const made = new Map<Overloaded, Failure>()
  return (reason) => {
    const known = made.get(reason)
    if (known !== undefined) return known
    const fresh = failureOf(new ConnectorError({ connector, flow, reason }))
    made.set(reason, fresh)
    return fresh
  }
}

const statusOf = ({ details, message, status }: Failure, asked: Metadata): StatusObject => {
  const metadata = new Metadata()
  metadata.set("grpc-status-details-bin", Buffer.from(details))
  correlate({ get: (key) => text(asked, key), getAll: () => [] }, { set: (key, value) => metadata.set(key, value) })
  return { code: status, details: message, metadata }
}

/**
 * Refuses at the door's word before nice-grpc and the handlers see a call: what they do for it costs more than an answer,
 * and a server that is overloaded by what it refuses answers nobody. The caller is told the same either way, but for the
 * headers, which come as trailers.
 */
export const gates = (door: Door, connectors: ReadonlyArray<string>): ReadonlyMap<string, Gate> => {
  const gateOf = (flow: string): Gate => {
    const byConnector = new Map(connectors.map((id) => [id, failures(id, flow)]))
    return (metadata, { deadline, message }) => {
      const failure = byConnector.get(text(metadata, "x-connector") ?? "")
      if (failure === undefined || Result.isFailure(message) || isRepeat(message.success)) return undefined
      const reason = door.refusal(Date.now(), deadline)
      if (reason === undefined) return undefined
      refusals.updateUnsafe(1, Context.empty())
      return statusOf(failure(reason), metadata)
    }
  }
  // Object.keys of a literal gives its own keys
  const services = (Object.keys(definitions) as Array<Service>).filter((service) => service !== "connector")
  return new Map(services.flatMap(methodsOf).map(({ flow, path }) => [path, gateOf(flow)]))
}
