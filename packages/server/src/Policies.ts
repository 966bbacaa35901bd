import { policyOf, protectionOf } from "@connector-service/connectors/Configuration"
import { type AnyConnector, flowsOf } from "@connector-service/connectors/Connector"
import { PolicyChange, problemOf as problemOfPolicy } from "@connector-service/connectors/Policy"
import { ProtectionChange, problemOf as problemOfProtection } from "@connector-service/connectors/Protection"
import { Duration, Effect, Option, Schema } from "effect"
import { ConfigurationError, constantCase } from "./ConfigurationError.ts"

/** A JSON text of a change, decoded by its schema. */
const json = <A>(schema: Schema.ConstraintDecoder<A>) => {
  const decode = Schema.decodeUnknownOption(Schema.fromJsonString(schema), { onExcessProperty: "error" })
  return (text: string): Option.Option<A> => decode(text)
}
const readPolicy = json(PolicyChange)
const readProtection = json(ProtectionChange)

/** What a policy's key holds. */
export const policyRule = 'JSON of changes to a policy, like {"timeout": "20 seconds", "retry": {"times": 1}}'
/** What a protection's key holds. */
export const protectionRule =
  'JSON of changes to a protection, like {"concurrency": 200, "breaker": {"threshold": 0.5}}'

/** The settings that bound every policy. */
interface Bounds {
  readonly answerMargin: Duration.Duration
  readonly callLimit: Duration.Duration
}

/** What may change of a connector: all its flows' policies, or one flow's. */
const policyKeys = (connector: AnyConnector) =>
  [undefined, ...flowsOf(connector)].map((flow) => ({
    connector,
    flow,
    name: flow === undefined ? connector.id : `${connector.id}.${flow.name}`,
    key: `POLICY_${constantCase(connector.id)}${flow === undefined ? "" : `_${constantCase(flow.name)}`}`
  }))

const refuse = (key: string, rule: string) => new ConfigurationError({ key, rule })

/** Changes of policies, each refused by its key where what it makes of a flow's policy cannot work. */
export const readPolicies = Effect.fnUntraced(function* (
  env: Readonly<Record<string, string | undefined>>,
  connectors: ReadonlyArray<AnyConnector>,
  { answerMargin, callLimit }: Bounds
) {
  const policies: Record<string, PolicyChange> = {}
  for (const { connector, flow, key, name } of connectors.flatMap(policyKeys)) {
    const text = env[key]
    if (text === undefined || text === "") continue
    const change = readPolicy(text)
    if (Option.isNone(change)) return yield* refuse(key, policyRule)
    policies[name] = change.value
    for (const one of flow === undefined ? flowsOf(connector) : [flow]) {
      const problem = problemOfPolicy(policyOf(connector, { answerMargin, policies }, one.kind, one), callLimit)
      if (problem !== undefined)
        return yield* refuse(key, `such that ${problem.field} of ${one.name} is ${problem.rule}`)
    }
  }
  for (const { connector, flow } of connectors.flatMap(policyKeys)) {
    if (flow === undefined) continue
    const problem = problemOfPolicy(policyOf(connector, { answerMargin, policies }, flow.kind, flow), callLimit)
    if (problem !== undefined) {
      // without a margin of its own it would fit
      const fits = problemOfPolicy(policyOf(connector, { policies }, flow.kind, flow), callLimit) === undefined
      return yield* refuse(
        fits ? "ANSWER_MARGIN" : "CALL_LIMIT",
        `such that ${problem.field} of ${connector.id}'s ${flow.name} is ${problem.rule}`
      )
    }
  }
  return policies
})

/** Changes of protections, each refused by its key where it cannot work. */
export const readProtections = Effect.fnUntraced(function* (
  env: Readonly<Record<string, string | undefined>>,
  connectors: ReadonlyArray<AnyConnector>,
  { callLimit }: Pick<Bounds, "callLimit">
) {
  const protections: Record<string, ProtectionChange> = {}
  for (const connector of connectors) {
    const key = `PROTECTION_${constantCase(connector.id)}`
    const text = env[key]
    if (text === undefined || text === "") continue
    const change = readProtection(text)
    if (Option.isNone(change)) return yield* refuse(key, protectionRule)
    protections[connector.id] = change.value
    const problem = problemOfProtection(protectionOf(connector, { protections }), callLimit)
    if (problem !== undefined) return yield* refuse(key, `such that ${problem.field} is ${problem.rule}`)
  }
  return protections
})

/** A key of ours that names no connector or flow is a mistake that would go unnoticed. */
export const unknownKey = (env: Readonly<Record<string, unknown>>, connectors: ReadonlyArray<AnyConnector>) => {
  const known = new Set([
    ...connectors.flatMap(policyKeys).map(({ key }) => key),
    ...connectors.map(({ id }) => `PROTECTION_${constantCase(id)}`)
  ])
  return Object.keys(env).find((key) => /^(?:POLICY|PROTECTION)_/.test(key) && !known.has(key))
}

const millis = (span: Duration.Duration): string => Duration.format(span)

/** What `--print-policies` prints: the policy in force of every flow, and the protection of every connector. */
export const printed = (
  connectors: ReadonlyArray<AnyConnector>,
  {
    answerMargin,
    policies,
    protections
  }: Pick<Bounds, "answerMargin"> & {
    readonly policies: Readonly<Record<string, PolicyChange>>
    readonly protections: Readonly<Record<string, ProtectionChange>>
  }
): string =>
  connectors
    .map((connector) => {
      const { breaker, concurrency, rate } = protectionOf(connector, { protections })
      const flows = flowsOf(connector).map((flow) => {
        const policy = policyOf(connector, { answerMargin, policies }, flow.kind, flow)
        const repeats = ({ cap, first, patience, times }: typeof policy.retry) =>
          times === 0
            ? "none"
            : `${times} after ${millis(first)} to ${millis(cap)}, Retry-After up to ${millis(patience)}`
        return [
          `  ${flow.name} (${flow.kind})`,
          `    connect ${millis(policy.connectTimeout)}, first byte ${millis(policy.firstByteTimeout)}, in all ${millis(policy.timeout)}; answer margin ${millis(policy.answerMargin)}, least time ${millis(policy.leastTime)}`,
          `    sent again: ${repeats(policy.retry)}`,
          ...(flow.kind === "write" ? [`    looked up within the call: ${repeats(policy.settle)}`] : [])
        ].join("\n")
      })
      const rates = Object.entries(rate ?? {}).map(
        ([environment, { read, write }]) => `${environment} ${read} reads and ${write} writes a second`
      )
      return [
        connector.id,
        `  circuit opens when ${breaker.threshold * 100} % of the last ${breaker.size} exchanges failed, for ${millis(breaker.open)} to ${millis(breaker.longest)}; at most ${concurrency} calls of an account at once; rate: ${rates.join(", ") || "none published"}`,
        ...flows
      ].join("\n")
    })
    .join("\n\n")
