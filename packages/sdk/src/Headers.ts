import { InvalidField } from "@connector-service/domain/Reason"
import * as Result from "effect/Result"
import { encoded } from "./Friendly.ts"
import { heldRules } from "./TargetRules.ts"
import type { Outgoing, Unanswered } from "./Transport.ts"

/** The keys that hold what a target brings along, as JSON. */
export type BytesKey = keyof typeof heldRules

/** What names a call's target beside its request. */
export interface Headers {
  readonly texts: Readonly<Record<string, string>>
  readonly bytes: ReadonlyArray<readonly [key: BytesKey, json: Buffer]>
}

const none: Headers = { texts: {}, bytes: [] }

/** Why what a target brings does not go along. */
export const unheld = (field: BytesKey): Unanswered => ({
  _tag: "Told",
  reason: new InvalidField({ field, rule: heldRules[field] })
})

/** What a target brings as connectors take it, and its JSON; a failure for what is no object, or list, of JSON. */
export const heldOf = (
  key: BytesKey,
  given: object
): Result.Result<{ readonly copy: unknown; readonly json: string }, Unanswered> =>
  Result.filterOrFail(
    Result.try({
      try: () => {
        const copy = encoded(given)
        return { copy, json: JSON.stringify(copy) }
      },
      catch: () => unheld(key)
    }),
    // of a list or a text that was redacted, JSON is no object
    ({ json }) => json.startsWith(key === "x-credentials-bin" ? "{" : "[{"),
    () => unheld(key)
  )

/** The headers of a call, whose target was checked but for what it brings along. */
export const headersOf = ({ flow, target }: Outgoing): Result.Result<Headers, Unanswered> => {
  if (target === undefined) return Result.succeed(none)
  const { account, connector, credentials, environment, webhookSecrets } = target
  const named = { "x-connector": connector, "x-environment": environment }
  // secrets go nowhere where they are not needed
  if (flow.needs === "connector") return Result.succeed({ texts: named, bytes: [] })
  const texts = account === undefined ? named : { ...named, "x-account": account }
  const brought: ReadonlyArray<readonly [BytesKey, object | undefined]> = [
    ["x-credentials-bin", credentials],
    ["x-webhook-secrets-bin", flow.needs === "webhookSecrets" ? webhookSecrets : undefined]
  ]
  const bytes: Array<readonly [BytesKey, Buffer]> = []
  for (const [key, given] of brought) {
    if (given === undefined) continue
    const held = heldOf(key, given)
    if (Result.isFailure(held)) return Result.fail(held.failure)
    bytes.push([key, Buffer.from(held.success.json)])
  }
  return Result.succeed({ texts, bytes })
}
