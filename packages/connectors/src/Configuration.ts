import type { Kind } from "@connector-service/domain/Services"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type AnyConnector, type AnyFlow, flowsOf } from "./Connector.ts"
import * as Policies from "./Policy.ts"
import * as Protections from "./Protection.ts"

/** What may be otherwise than a connector's own definition says, by connector id. */
export interface Configuration {
  readonly baseUrls?: Readonly<Record<string, { readonly live?: string; readonly sandbox?: string }>>
  /** Changes of policies, by connector id or by `id.service.method`. */
  readonly policies?: Readonly<Record<string, Policies.PolicyChange>>
  /** Changes of protections, by connector id. */
  readonly protections?: Readonly<Record<string, Protections.ProtectionChange>>
  /** How long before the caller's deadline answers are given. */
  readonly answerMargin?: Duration.Duration
  /** The longest a call may take, whatever its caller's deadline. */
  readonly callLimit?: Duration.Duration
  /** How long closing waits for writes that are on the wire; as long as the longest exchange unless said. */
  readonly shutdownTimeout?: Duration.Duration
}

/** The policy of a connector's flows of a kind, or of one of them. */
export const policyOf = (
  connector: AnyConnector,
  { answerMargin, policies = {} }: Pick<Configuration, "answerMargin" | "policies">,
  kind: Kind,
  flow?: { readonly name: string; readonly flow: AnyFlow }
): Policies.Policy =>
  Policies.changed(Policies.defaults[kind], [
    // where nothing can be looked up, nothing is
    flow !== undefined && flow.flow.settle === undefined ? { settle: { times: 0 } } : undefined,
    answerMargin && { answerMargin },
    connector.policy?.[kind],
    flow?.flow.policy,
    policies[connector.id],
    flow && policies[`${connector.id}.${flow.name}`]
  ])

/** The protection of a connector. */
export const protectionOf = (
  connector: AnyConnector,
  { protections = {} }: Pick<Configuration, "protections">
): Protections.Protection =>
  Protections.changed(Protections.defaults, [connector.protection, protections[connector.id]])

/** The longest call where a configuration names none. */
const longestCall = Duration.hours(1)

const Text = Schema.optionalKey(Schema.String)
const byName = <S extends Schema.Constraint>(value: S) => Schema.Record(Schema.String, value)
/** Its form. A program that no compiler checks may write another. */
const Form = Schema.Struct({
  baseUrls: byName(Schema.Struct({ live: Text, sandbox: Text })),
  policies: byName(Schema.toType(Policies.PolicyChange)),
  protections: byName(Schema.toType(Protections.ProtectionChange)),
  answerMargin: Schema.optional(Schema.Duration),
  callLimit: Schema.Duration,
  shutdownTimeout: Schema.optional(Schema.Duration)
})
const form = Schema.decodeUnknownResult(Form, { onExcessProperty: "error" })

/** What of a configuration cannot be used, and why, in one sentence; undefined where all of it can. */
export const problemOf = (
  connectors: ReadonlyArray<AnyConnector>,
  configuration: Configuration
): string | undefined => {
  const { answerMargin, baseUrls = {}, callLimit = longestCall, policies = {}, protections = {} } = configuration
  const { shutdownTimeout } = configuration
  const read = form({ answerMargin, baseUrls, callLimit, policies, protections, shutdownTimeout })
  if (Result.isFailure(read))
    return `The configuration cannot be read: ${read.failure.message.replaceAll(/\s+/g, " ")}.`
  const ids = connectors.map(({ id }) => id)
  const flows = connectors.flatMap((connector) => flowsOf(connector).map(({ name }) => `${connector.id}.${name}`))
  const known = { baseUrls: ids, policies: [...ids, ...flows], protections: ids }
  for (const [part, names] of Object.entries({ baseUrls, policies, protections })) {
    const stray = Object.keys(names).find((name) => !known[part as keyof typeof known].includes(name))
    if (stray !== undefined) return `${part} names ${JSON.stringify(stray)}, which is none of the connectors given.`
  }
  for (const connector of connectors) {
    const { id } = connector
    for (const one of flowsOf(connector)) {
      const problem = Policies.problemOf(policyOf(connector, configuration, one.kind, one), callLimit)
      if (problem !== undefined) return `The policy of ${id}'s ${one.name}: ${problem.field} must be ${problem.rule}.`
    }
    const problem = Protections.problemOf(protectionOf(connector, configuration), callLimit)
    if (problem !== undefined) return `The protection of ${id}: ${problem.field} must be ${problem.rule}.`
  }
  return undefined
}
