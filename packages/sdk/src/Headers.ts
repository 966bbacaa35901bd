import { InvalidField } from "@connector-service/domain/Reason"
import * as Result from "effect/Result"
import { encoded } from "./Friendly.ts"
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
  reason: new InvalidField({ field: "x-credentials-bin", rule: "an object that JSON can hold" })
}

/** The headers of a call, whose target was checked but for what its credentials hold. */
export const headersOf = ({ target }: Outgoing): Result.Result<Headers, Unanswered> => {
  if (target === undefined) return Result.succeed(none)
  const { account, connector, credentials, environment } = target
  const named = { "x-connector": connector, "x-environment": environment }
  const texts = account === undefined ? named : { ...named, "x-account": account }
  if (credentials === undefined) return Result.succeed({ texts, credentials: undefined })
  return Result.try({
    try: () => ({ texts, credentials: Buffer.from(JSON.stringify(encoded(credentials))) }),
    catch: () => unheld
  })
}
