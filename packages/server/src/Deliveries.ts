import type { Connectors } from "@connector-service/connectors/Connectors"
import { ConnectorError } from "@connector-service/domain/Reason"
import { Effect, Redacted } from "effect"
import type { IngressOptions } from "./Ingress.ts"
import type { Secrets } from "./Secrets.ts"

const environments = ["live", "sandbox"] as const

type Environment = (typeof environments)[number]

/** Where an account's secrets are for: an address says nothing of it. Those that name no environment are for any. */
const environmentsOf = (secrets: ReadonlyArray<object>): readonly [Environment, ...ReadonlyArray<Environment>] => {
  const [first = "live", ...others] = environments.filter((environment) =>
    secrets.some((secret) => "environment" in secret && secret.environment === environment)
  )
  return [first, ...others]
}

/** What says that a delivery is not of the environment whose secrets were tried. */
const unproven: ReadonlySet<string> = new Set(["InvalidSignature", "UnknownSecret"])

/** Proves a delivery with an account's secrets, and reads it. */
export const receiving =
  (connectors: Connectors["Service"], secrets: Secrets["Service"]): IngressOptions["receive"] =>
  ({ account, connector }, delivery, deadline) =>
    Effect.matchEffect(secrets.webhookSecrets(account, connector), {
      onFailure: (reason) => Effect.fail(new ConnectorError({ connector, flow: "webhook.receive", reason })),
      onSuccess: (found) => {
        const active = Redacted.value(found)
        const proof = {
          secrets: Effect.succeed(active),
          credentials: Effect.map(secrets.resolve(account, connector), Redacted.value)
        }
        const receive = (environment: Environment) =>
          connectors.receive({ connector, environment }, delivery, proof, { deadline })
        const [first, ...others] = environmentsOf(active)
        return others.reduce(
          (received, environment) =>
            Effect.catchIf(
              received,
              ({ reason }) => unproven.has(reason._tag),
              () => receive(environment)
            ),
          receive(first)
        )
      }
    })
