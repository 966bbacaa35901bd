import { InvalidField, MissingField, type UnknownConnector } from "@connector-service/domain/Reason"
import { AccountName } from "@connector-service/domain/Text"
import { Redacted, Result, Schema } from "effect"
import type { BytesKey, Metadata } from "./Metadata.ts"
import { parseJson, parseObject, webhookSecretsOf } from "./Secrets.ts"

/** What a call's metadata says of its target: credentials, or the account that Secrets finds them for. */
export interface Target {
  readonly connector: string
  readonly environment: "live" | "sandbox"
  readonly credentials: Redacted.Redacted<object> | { readonly account: string }
}

/** What the metadata of a webhook says: its secrets and credentials, or the account that Secrets finds them for. */
export interface Receiver {
  readonly connector: string
  readonly environment: "live" | "sandbox"
  readonly proof:
    | { readonly account: string }
    | {
        readonly webhookSecrets: Redacted.Redacted<ReadonlyArray<object>>
        readonly credentials: Redacted.Redacted<object> | undefined
      }
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
const webhookSecretsKey = "x-webhook-secrets-bin"

const invalid = (field: string, rule: string) => Result.fail(new InvalidField({ field, rule }))
const missing = (field: string) => Result.fail(new MissingField({ field }))

const rules: Readonly<Record<BytesKey, string>> = {
  [credentialsKey]: "a JSON object in UTF-8, base64 on the wire, given once",
  [webhookSecretsKey]: "a JSON list of objects in UTF-8, base64 on the wire, given once"
}
const strictUtf8 = new TextDecoder("utf-8", { fatal: true })

const isAccountName = Schema.is(AccountName)

/** Reads the connector alone. */
export const readConnector = (metadata: Metadata, { unknown }: Rules): Result.Result<string, Problem> => {
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

/** What callers bring, where they may. */
const brought = <A>(
  key: BytesKey,
  [bytes, ...more]: ReadonlyArray<Uint8Array>,
  { acceptCallerCredentials }: Rules,
  read: (text: string) => A | undefined
): Result.Result<A, Problem> => {
  if (!acceptCallerCredentials) return invalid(key, "absent: this server takes no credentials from callers")
  if (bytes === undefined || more.length > 0) return invalid(key, rules[key])
  const text = Result.try({ try: () => strictUtf8.decode(bytes), catch: () => undefined })
  const value = Result.isSuccess(text) ? read(text.success) : undefined
  return value === undefined ? invalid(key, rules[key]) : Result.succeed(value)
}

const callerCredentials = (
  values: ReadonlyArray<Uint8Array>,
  rules: Rules
): Result.Result<Redacted.Redacted<object>, Problem> =>
  brought(credentialsKey, values, rules, (text) => {
    const value = parseObject(text)
    return value && Redacted.make<object>(value)
  })

const named = (account: string): Result.Result<{ readonly account: string }, Problem> =>
  isAccountName(account)
    ? Result.succeed({ account })
    : invalid(accountKey, "1 to 64 of the characters A-Z a-z 0-9 . _ -, given once")

const credentialsOf = (metadata: Metadata, rules: Rules): Result.Result<Target["credentials"], Problem> => {
  const account = metadata.get(accountKey)
  const credentials = metadata.getAll(credentialsKey)
  if (account === undefined || account === "") {
    return credentials.length === 0 ? missing(accountKey) : callerCredentials(credentials, rules)
  }
  return credentials.length > 0 ? invalid(credentialsKey, `absent where ${accountKey} is given`) : named(account)
}

const proofOf = (metadata: Metadata, rules: Rules): Result.Result<Receiver["proof"], Problem> => {
  const account = metadata.get(accountKey)
  const credentials = metadata.getAll(credentialsKey)
  const secrets = metadata.getAll(webhookSecretsKey)
  if (account === undefined || account === "") {
    if (secrets.length === 0) return missing(credentials.length === 0 ? accountKey : webhookSecretsKey)
    const read = brought(webhookSecretsKey, secrets, rules, (text) => webhookSecretsOf(parseJson(text)))
    return Result.flatMap(read, (webhookSecrets) =>
      Result.map(
        credentials.length === 0 ? Result.succeed(undefined) : callerCredentials(credentials, rules),
        (credentials) => ({ webhookSecrets, credentials })
      )
    )
  }
  if (secrets.length > 0) return invalid(webhookSecretsKey, `absent where ${accountKey} is given`)
  return credentials.length > 0 ? invalid(credentialsKey, `absent where ${accountKey} is given`) : named(account)
}

/** Reads what a webhook is for and proven by; an unknown connector is reported before anything else that is wrong. */
export const readReceiver = (metadata: Metadata, rules: Rules): Result.Result<Receiver, Problem> =>
  Result.flatMap(readConnector(metadata, rules), (connector) =>
    Result.flatMap(environmentOf(metadata), (environment) =>
      Result.map(proofOf(metadata, rules), (proof) => ({ connector, environment, proof }))
    )
  )

/** Reads a call's target; an unknown connector is reported before anything else that is wrong. */
export const readTarget = (metadata: Metadata, rules: Rules): Result.Result<Target, Problem> =>
  Result.flatMap(readConnector(metadata, rules), (connector) =>
    Result.flatMap(environmentOf(metadata), (environment) =>
      Result.map(credentialsOf(metadata, rules), (credentials) => ({ connector, environment, credentials }))
    )
  )
