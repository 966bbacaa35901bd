import type { Connector as Abilities } from "@connector-service/domain/Capability"
import { InvalidCredentials, UnknownConnector, UnsupportedFlow } from "@connector-service/domain/Reason"
import { type Flows, type Kind, type Row, flows as table } from "@connector-service/domain/Services"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Result from "effect/Result"
import type * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { type Configuration, policyOf, problemOf, protectionOf } from "./Configuration.ts"
import { type AnyConnector, type AnyFlow, capabilities, flowsOf, type Idempotency, idempotencyOf } from "./Connector.ts"
import type { Limits } from "./Exchange.ts"
import { keyStart } from "./Key.ts"
import { type Policy, schedule, type Wait } from "./Policy.ts"
import { type Guard, type Guards, makeGuards } from "./Protection.ts"
import { ConnectTimeout, defaultConnectTimeout } from "./Timeouts.ts"
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
  /** Whether a repeat can do no more than the first did, without a key. */
  readonly repeatable: boolean
  readonly policy: Policy
  readonly retry: Schedule.Schedule<Duration.Duration, Wait>
  readonly settle: Schedule.Schedule<Duration.Duration, Wait>
  readonly limits: Limits
  /** In milliseconds, made once for all calls: of the policy, and half of how long the processor remembers a key. */
  readonly millis: { readonly answerMargin: number; readonly leastTime: number; readonly halfRetention: number }
  /** The beginning of this flow's idempotency keys with these credentials: see Key. */
  readonly keyStart: (environment: Target["environment"], credentials: never) => string
  /** Tells the client how long connecting may take, where that is not what it does by itself. */
  readonly connectTimeout: <A, E>(sending: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

/** One connector with all that is prepared once for its calls. */
export interface Registered {
  readonly connector: AnyConnector
  /** Where an environment's API is, for these credentials. */
  readonly baseUrl: (environment: Target["environment"], credentials: never) => string
  readonly entries: ReadonlyMap<string, Entry>
  /** How what a call needs to know besides is asked for. */
  readonly lookUp: Pick<Entry, "policy" | "retry" | "limits" | "connectTimeout">
  readonly abilities: Abilities
  /** The credentials decoded, if they are of the connector's form and of this environment. */
  readonly credentials: (given: unknown, environment: "live" | "sandbox") => Result.Result<never, InvalidCredentials>
  /** Whose credentials they are, without giving that away: the same for the same credentials in the same environment. */
  readonly account: (environment: Target["environment"], given: unknown) => string
  readonly guards: Guards
  /** What lets an exchange of a kind through, by environment and account. */
  readonly guard: (environment: Target["environment"], kind: Kind, account: string) => Guard
}

const refused = (description: string) => new InvalidCredentials({ description, refusedByProcessor: false })

/** Made once for each object, and each time anew for what is none. */
const onceFor = <Given, A extends object>(make: (given: Given) => A): ((given: Given) => A) => {
  const known = new WeakMap<object, A>()
  return (given) => {
    if (typeof given !== "object" || given === null) return make(given)
    const seen = known.get(given)
    if (seen !== undefined) return seen
    const fresh = make(given)
    known.set(given, fresh)
    return fresh
  }
}

const credentialsOf = (connector: AnyConnector): Registered["credentials"] => {
  const decode = Schema.decodeUnknownResult(connector.credentials)
  const decoded = onceFor(
    (given: unknown): Result.Result<never, InvalidCredentials> =>
      Result.mapBoth(decode(given), {
        onFailure: () => refused(`they are not what ${connector.id} takes; ConnectorService.Get gives their schema`),
        // decoded by the connector's own schema, so exactly what its own functions take
        onSuccess: (credentials) => credentials as never
      })
  )
  return (given, environment) =>
    Result.flatMap(decoded(given), (credentials) => {
      const of = connector.environment?.(credentials)
      return of === undefined || of === environment
        ? Result.succeed(credentials)
        : Result.fail(refused(`they are for ${of}, and the call is for ${environment}`))
    })
}

/** The digest is taken, and the text made, once for each object. */
const accounts = (): Registered["account"] => {
  const named = onceFor((given: unknown) => {
    const digest = fingerprint(given)
    return { live: `live ${digest}`, sandbox: `sandbox ${digest}` }
  })
  return (environment, given) => named(given)[environment]
}

/** Made once for each credentials. */
const keyStarts = ({ account, id }: AnyConnector, flow: string): Entry["keyStart"] => {
  const starts = onceFor((credentials: never) => {
    const parts = { connector: id, account: account?.(credentials) ?? "", flow }
    return {
      live: keyStart({ ...parts, environment: "live" }),
      sandbox: keyStart({ ...parts, environment: "sandbox" })
    }
  })
  return (environment, credentials) => starts(credentials)[environment]
}

/** Accounts whose guards of a kind are kept; past it all are made anew. */
const mostGuards = 10_000

/** The same guard each time: making one costs more than asking it. */
const remembered = (make: Registered["guard"]): Registered["guard"] => {
  const known = { read: new Map<string, Guard>(), write: new Map<string, Guard>() }
  return (environment, kind, account) => {
    const ofKind = known[kind]
    const seen = ofKind.get(account)
    if (seen !== undefined) return seen
    if (ofKind.size >= mostGuards) ofKind.clear()
    const fresh = make(environment, kind, account)
    ofKind.set(account, fresh)
    return fresh
  }
}

const field = /\{(\w+)\}/g
/** Whether an address is made of the credentials' fields. */
const isNamed = (url: string): boolean => url.includes("{")

/** Base URLs with the fields of credentials that they name; one without fields is given as it is. */
const baseUrlOf = (urls: AnyConnector["baseUrl"]): Registered["baseUrl"] => {
  const named = { live: isNamed(urls.live), sandbox: isNamed(urls.sandbox) }
  return (environment, credentials: Readonly<Record<string, unknown>>) =>
    named[environment]
      ? urls[environment].replace(field, (_, name: string) => String(credentials[name]))
      : urls[environment]
}

const connecting = ({ connectTimeout }: Policy): Entry["connectTimeout"] => {
  const millis = Duration.toMillis(connectTimeout)
  return millis === defaultConnectTimeout ? identity : Effect.provideService(ConnectTimeout, millis)
}

const limitsOf = ({ firstByteTimeout, timeout }: Policy): Limits => ({
  first: Duration.toMillis(firstByteTimeout),
  total: Duration.toMillis(timeout)
})

const register = (connector: AnyConnector, configuration: Configuration, guards: Guards): Registered => {
  const { baseUrls = {} } = configuration
  const own = baseUrls[connector.id] ?? {}
  const baseUrl = { ...connector.baseUrl, ...own }
  const reading = policyOf(connector, configuration, "read")
  const entries = flowsOf(connector).map(({ flow, kind, method, name, service }): readonly [string, Entry] => {
    const policy = policyOf(connector, configuration, kind, { name, flow })
    const idempotency = idempotencyOf(connector, kind, flow)
    // flowsOf names only rows of the table
    const row = (table as unknown as Record<keyof Flows, Record<string, Entry["row"]>>)[service][method] as Entry["row"]
    return [
      name,
      {
        name,
        kind,
        flow,
        row,
        idempotency,
        repeatable: flow.idempotency === "natural",
        policy,
        retry: schedule(policy.retry),
        settle: schedule(policy.settle),
        limits: limitsOf(policy),
        millis: {
          answerMargin: Duration.toMillis(policy.answerMargin),
          leastTime: Duration.toMillis(policy.leastTime),
          halfRetention: idempotency === undefined ? 0 : Duration.toMillis(idempotency.retention) / 2
        },
        keyStart: keyStarts(connector, name),
        connectTimeout: connecting(policy)
      }
    ]
  })
  const byName = new Map(entries)
  return {
    connector,
    baseUrl: baseUrlOf(baseUrl),
    entries: byName,
    lookUp: {
      policy: reading,
      retry: schedule(reading.retry),
      limits: limitsOf(reading),
      connectTimeout: connecting(reading)
    },
    credentials: credentialsOf(connector),
    account: accounts(),
    guards,
    guard: remembered((environment, kind, account) =>
      guards.guard(
        environment,
        kind,
        account,
        own[environment] === undefined,
        // an address that the credentials make is one account's, and its failing is no other's
        isNamed(baseUrl[environment]) ? account : ""
      )
    ),
    abilities: {
      id: connector.id,
      credentialsJsonSchema: JSON.stringify(Schema.toJsonSchemaDocument(connector.credentials).schema),
      webhookSecretJsonSchema:
        connector.webhook && JSON.stringify(Schema.toJsonSchemaDocument(connector.webhook.secret).schema),
      flows: capabilities(connector).map((capability) => {
        const entry = byName.get(capability.name)
        const policy = entry?.policy ?? reading
        return {
          ...capability,
          policy: { ...policy, maxSends: policy.retry.times + 1 },
          idempotency: entry?.idempotency
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

/** Prepares once what every call needs. A configuration that cannot be used is a mistake of the program. */
export const makeRegistry = Effect.fnUntraced(function* (
  connectors: ReadonlyArray<AnyConnector>,
  configuration: Configuration
) {
  const problem = problemOf(connectors, configuration)
  if (problem !== undefined) return yield* Effect.die(new TypeError(problem))
  const registered = yield* Effect.forEach(connectors, (connector) =>
    Effect.map(
      makeGuards(connector.id, protectionOf(connector, configuration)),
      (guards) => [connector.id, register(connector, configuration, guards)] as const
    )
  )
  const byId = new Map(registered)
  const known = [...byId.keys()].sort()
  return {
    all: known.flatMap((id) => byId.get(id)?.abilities ?? []),
    connector: (id) => Result.fromNullishOr(byId.get(id), () => new UnknownConnector({ known })),
    entry: ({ entries }, name) =>
      Result.fromNullishOr(entries.get(name), () => new UnsupportedFlow({ supported: [...entries.keys()] }))
  } satisfies Registry
})
