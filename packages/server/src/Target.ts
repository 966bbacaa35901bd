import { InvalidField, MissingField, type UnknownConnector } from "@connector-service/domain/Reason"
import { AccountName } from "@connector-service/domain/Text"
import { Redacted, Result, Schema } from "effect"
import type { Metadata } from "./Metadata.ts"
import { parseObject } from "./Secrets.ts"

/** What a call's metadata says of its target: credentials, or the account that Secrets finds them for. */
export interface Target {
  readonly connector: string
  readonly environment: "live" | "sandbox"
  readonly credentials: Redacted.Redacted<object> | { readonly account: string }
}

/** What the metadata is judged by. */
export interface Rules {
  /** undefined for a connector that is known. */
  readonly unknown: (connector: string) => UnknownConnector | undefined
  /** Whether callers may bring credentials. */
  readonly acceptCallerCredentials: boolean
}

type Problem = UnknownConnector | MissingField | InvalidField

const connectorKey = "x-connector"
const environmentKey = "x-environment"
const accountKey = "x-account"
const credentialsKey = "x-credentials-bin"

const invalid = (field: string, rule: string) => Result.fail(new InvalidField({ field, rule }))
const missing = (field: string) => Result.fail(new MissingField({ field }))

const credentialsRule = "a JSON object in UTF-8, base64 on the wire, given once"
const strictUtf8 = new TextDecoder("utf-8", { fatal: true })

const isAccountName = Schema.is(AccountName)

const connectorOf = (metadata: Metadata, { unknown }: Rules): Result.Result<string, Problem> => {
  const id = metadata.get(connectorKey)
  if (id === undefined || id === "") return missing(connectorKey)
  // a key given twice arrives as one value with a comma in it
  if (id.includes(",")) return invalid(connectorKey, "given once")
  const problem = unknown(id)
  return problem === undefined ? Result.succeed(id) : Result.fail(problem)
}

const environmentOf = (metadata: Metadata): Result.Result<Target["environment"], Problem> => {
  const environment = metadata.get(environmentKey)
  if (environment === undefined || environment === "") return missing(environmentKey)
  return environment === "live" || environment === "sandbox"
    ? Result.succeed(environment)
    : invalid(environmentKey, "live or sandbox, given once")
}

const callerCredentials = (values: ReadonlyArray<Uint8Array>): Result.Result<Redacted.Redacted<object>, Problem> => {
  const [bytes] = values
  if (bytes === undefined || values.length > 1) return invalid(credentialsKey, credentialsRule)
  const text = Result.try({ try: () => strictUtf8.decode(bytes), catch: () => undefined })
  const parsed = Result.flatMap(text, parseObject)
  return Result.isSuccess(parsed)
    ? Result.succeed(Redacted.make<object>(parsed.success))
    : invalid(credentialsKey, credentialsRule)
}

const credentialsOf = (
  metadata: Metadata,
  { acceptCallerCredentials }: Rules
): Result.Result<Target["credentials"], Problem> => {
  const account = metadata.get(accountKey)
  const credentials = metadata.getAll(credentialsKey)
  if (account === undefined || account === "") {
    if (credentials.length === 0) return missing(accountKey)
    return acceptCallerCredentials
      ? callerCredentials(credentials)
      : invalid(credentialsKey, "absent: this server takes no credentials from callers")
  }
  if (credentials.length > 0) return invalid(credentialsKey, `absent where ${accountKey} is given`)
  return isAccountName(account)
    ? Result.succeed({ account })
    : invalid(accountKey, "1 to 64 of the characters A-Z a-z 0-9 . _ -, given once")
}

/** Reads a call's target; an unknown connector is reported before anything else that is wrong. */
export const readTarget = (metadata: Metadata, rules: Rules): Result.Result<Target, Problem> =>
  Result.flatMap(connectorOf(metadata, rules), (connector) =>
    Result.flatMap(environmentOf(metadata), (environment) =>
      Result.map(credentialsOf(metadata, rules), (credentials) => ({ connector, environment, credentials }))
    )
  )
