import type { Connector as Abilities } from "@connector-service/domain/Capability"
import { InvalidCredentials, UnknownConnector, UnsupportedFlow } from "@connector-service/domain/Reason"
import { type Flows, type Kind, type Row, flows as table } from "@connector-service/domain/Services"
import { type Duration, Result, type Schedule, Schema } from "effect"
import { type AnyConnector, type AnyFlow, capabilities, flowsOf, type Idempotency, idempotencyOf } from "./Connector.ts"
import { defaults, type Policy, schedule, type Wait } from "./Policy.ts"
import { fingerprint } from "./Tokens.ts"

/** Where a call goes: connector, environment, and credentials as the connector's schema encodes them. */
export interface Target {
  readonly connector: string
  readonly environment: "live" | "sandbox"
  /** The connector's credentials as a plain object. Give the same object each time: it is decoded once. */
  readonly credentials: unknown
}

/** One flow of one connector with all that is prepared once for its calls. */
export interface Entry {
  readonly name: string
  readonly kind: Kind
  readonly flow: AnyFlow
  readonly row: Row<Schema.Constraint, Schema.Constraint, Kind>
  /** What the endpoint promises about repeated writes; undefined where a repeat would be another write. */
  readonly idempotency: Idempotency | undefined
  readonly policy: Policy
  readonly retry: Schedule.Schedule<Duration.Duration, Wait>
  readonly settle: Schedule.Schedule<Duration.Duration, Wait>
  /** How its look-ups are sent. */
  readonly lookUp: { readonly policy: Policy; readonly retry: Schedule.Schedule<Duration.Duration, Wait> }
}

/** One connector with all that is prepared once for its calls. */
export interface Registered {
  readonly connector: AnyConnector
  /** Where an environment's API is, for these credentials. */
  readonly baseUrl: (environment: Target["environment"], credentials: never) => string
  readonly entries: ReadonlyMap<string, Entry>
  readonly abilities: Abilities
  /** The credentials decoded, if they are of the connector's form and of this environment. */
  readonly credentials: (given: unknown, environment: "live" | "sandbox") => Result.Result<never, InvalidCredentials>
  /** A digest of credentials as given, taken once for each object. */
  readonly fingerprint: (given: unknown) => string
}

/** What a configuration may say in place of a connector's own definition, by connector id. */
export interface Configuration {
  readonly baseUrls?: Readonly<Record<string, { readonly live?: string; readonly sandbox?: string }>>
  /** How long before the caller's deadline answers are given. */
  readonly answerMargin?: Duration.Duration
  /** How long closing waits for writes that are on the wire; as long as the longest exchange unless said. */
  readonly shutdownTimeout?: Duration.Duration
}

const refused = (description: string) => new InvalidCredentials({ description, refusedByProcessor: false })

const credentialsOf = (connector: AnyConnector): Registered["credentials"] => {
  const decode = Schema.decodeUnknownResult(connector.credentials)
  const known = new WeakMap<object, Result.Result<never, InvalidCredentials>>()
  const fresh = (given: unknown): Result.Result<never, InvalidCredentials> =>
    Result.mapBoth(decode(given), {
      onFailure: () => refused(`they are not what ${connector.id} takes; ConnectorService.Get gives their schema`),
      // decoded by the connector's own schema, so exactly what its own functions take
      onSuccess: (credentials) => credentials as never
    })
  const decoded = (given: unknown): Result.Result<never, InvalidCredentials> => {
    if (typeof given !== "object" || given === null) return fresh(given)
    const seen = known.get(given)
    if (seen !== undefined) return seen
    const result = fresh(given)
    known.set(given, result)
    return result
  }
  return (given, environment) =>
    Result.flatMap(decoded(given), (credentials) => {
      const of = connector.environment?.(credentials)
      return of === undefined || of === environment
        ? Result.succeed(credentials)
        : Result.fail(refused(`they are for ${of}, and the call is for ${environment}`))
    })
}

const fingerprints = () => {
  const known = new WeakMap<object, string>()
  return (given: unknown): string => {
    if (typeof given !== "object" || given === null) return fingerprint(given)
    const seen = known.get(given)
    if (seen !== undefined) return seen
    const fresh = fingerprint(given)
    known.set(given, fresh)
    return fresh
  }
}

const field = /\{(\w+)\}/g

/** Base URLs with the fields of credentials that they name; one without fields is given as it is. */
const baseUrlOf = (urls: AnyConnector["baseUrl"]): Registered["baseUrl"] => {
  const named = { live: urls.live.includes("{"), sandbox: urls.sandbox.includes("{") }
  return (environment, credentials: Readonly<Record<string, unknown>>) =>
    named[environment]
      ? urls[environment].replace(field, (_, name: string) => String(credentials[name]))
      : urls[environment]
}

const register = (connector: AnyConnector, { answerMargin, baseUrls = {} }: Configuration): Registered => {
  const policyOf = (kind: Kind): Policy => ({
    ...defaults[kind],
    ...connector.policy?.[kind],
    ...(answerMargin === undefined ? {} : { answerMargin })
  })
  const reading = policyOf("read")
  const lookUp = { policy: reading, retry: schedule(reading.retry) }
  const entries = flowsOf(connector).map(({ flow, kind, method, name, service }): readonly [string, Entry] => {
    const policy = policyOf(kind)
    // flowsOf names only rows of the table
    const row = (table as unknown as Record<keyof Flows, Record<string, Entry["row"]>>)[service][method] as Entry["row"]
    return [
      name,
      {
        name,
        kind,
        flow,
        row,
        idempotency: idempotencyOf(connector, kind, flow),
        policy,
        retry: schedule(policy.retry),
        settle: schedule(policy.settle),
        lookUp
      }
    ]
  })
  const byName = new Map(entries)
  return {
    connector,
    baseUrl: baseUrlOf({ ...connector.baseUrl, ...baseUrls[connector.id] }),
    entries: byName,
    credentials: credentialsOf(connector),
    fingerprint: fingerprints(),
    abilities: {
      id: connector.id,
      credentialsJsonSchema: JSON.stringify(Schema.toJsonSchemaDocument(connector.credentials).schema),
      flows: capabilities(connector).map((capability) => {
        const policy = policyOf(capability.kind === "WRITE" ? "write" : "read")
        return {
          ...capability,
          policy: { timeout: policy.timeout, maxSends: policy.retry.times + 1, answerMargin: policy.answerMargin },
          idempotency: byName.get(capability.name)?.idempotency
        }
      })
    }
  }
}

/** The connectors by id. */
export interface Registry {
  readonly all: ReadonlyArray<Abilities>
  readonly connector: (id: string) => Result.Result<Registered, UnknownConnector>
  readonly entry: (registered: Registered, name: string) => Result.Result<Entry, UnsupportedFlow>
}

/** Prepares once what every call needs. */
export const makeRegistry = (connectors: ReadonlyArray<AnyConnector>, configuration: Configuration): Registry => {
  const byId = new Map(connectors.map((connector) => [connector.id, register(connector, configuration)]))
  const known = [...byId.keys()].sort()
  return {
    all: known.flatMap((id) => byId.get(id)?.abilities ?? []),
    connector: (id) => Result.fromNullishOr(byId.get(id), () => new UnknownConnector({ known })),
    entry: ({ entries }, name) =>
      Result.fromNullishOr(entries.get(name), () => new UnsupportedFlow({ supported: [...entries.keys()] }))
  }
}
