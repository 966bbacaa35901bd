import { InvalidField } from "@connector-service/domain/Reason"
import * as Result from "effect/Result"
import { encoded } from "./Friendly.ts"
import { credentialsRule } from "./Target.ts"
import type { Outgoing, Unanswered } from "./Transport.ts"

/** What names a call's target beside its request. */
export interface Headers {
  readonly texts: Readonly<Record<string, string>>
  /** The JSON of `x-credentials-bin`, where the target has credentials of its own. */
  readonly credentials: Buffer | undefined
}

const none: Headers = { texts: {}, credentials: undefined }

/** Why a target's own credentials do not go along. */
export const unheld: Unanswered = {
  _tag: "Told",
  reason: new InvalidField({ field: "x-credentials-bin", rule: credentialsRule })
}

/** Credentials as connectors take them, and their JSON; a failure for what is no object of JSON. */
export const heldOf = (
  credentials: object
): Result.Result<{ readonly copy: unknown; readonly json: string }, Unanswered> =>
  Result.filterOrFail(
    Result.try({
      try: () => {
        const copy = encoded(credentials)
        return { copy, json: JSON.stringify(copy) }
      },
      catch: () => unheld
    }),
    // of a list or a text that was redacted, JSON is no object
    ({ json }) => json.startsWith("{"),
    () => unheld
  )

/** The headers of a call, whose target was checked but for what its credentials hold. */
export const headersOf = ({ target }: Outgoing): Result.Result<Headers, Unanswered> => {
  if (target === undefined) return Result.succeed(none)
  const { account, connector, credentials, environment } = target
  const named = { "x-connector": connector, "x-environment": environment }
  const texts = account === undefined ? named : { ...named, "x-account": account }
  if (credentials === undefined) return Result.succeed({ texts, credentials: undefined })
  return Result.map(heldOf(credentials), ({ json }) => ({ texts, credentials: Buffer.from(json) }))
}
