import type { CatalogId } from "@connector-service/connectors/catalog"
import { input } from "@connector-service/domain/Input"
import { InvalidField, MissingField } from "@connector-service/domain/Reason"
import { AccountName, ConnectorId } from "@connector-service/domain/Text"
import * as Result from "effect/Result"
import type { Needs } from "./Flows.ts"

/** Where a call goes: a connector, an environment, and exactly one of `account` and `credentials`. */
export interface Target {
  /** The connector's id: one of the catalog's, or of a connector that the service or the program has besides. */
  // an editor completes literals only beside a string that does not swallow them
  readonly connector: CatalogId | (string & Record<never, never>)
  /** Whether real money moves. */
  readonly environment: "live" | "sandbox"
  /** The name of an account whose credentials the service keeps; in process, what `secrets` is asked for. */
  readonly account?: string | undefined
  /** The connector's own credentials, as `client.connector.get` describes them; texts may be Redacted. */
  readonly credentials?: object | undefined
  /**
   * In place of an account, all secrets that prove its webhooks now, as `client.connector.get` describes them; only
   * `webhook.receive` takes them.
   */
  readonly webhookSecrets?: ReadonlyArray<object> | undefined
}

/**
 * A target with some parts replaced. An account replaces credentials and webhook secrets and the other way about; these
 * do not follow to another connector or environment.
 */
export const retarget = (target: Partial<Target>, change: Partial<Target>): Partial<Target> => {
  const { account, credentials, webhookSecrets } = change
  const merged = { ...target, ...change }
  const brought = credentials !== undefined || webhookSecrets !== undefined
  if (account !== undefined && !brought) return { ...merged, credentials, webhookSecrets }
  const own = account === undefined && brought ? { ...merged, account } : merged
  return merged.connector === target.connector && merged.environment === target.environment
    ? own
    : { ...own, credentials, webhookSecrets }
}

type Problem = MissingField | InvalidField

const name = { connector: input(ConnectorId), account: input(AccountName) }

/** What is wrong with a name, said of the field that bears it. */
const nameProblem = (field: string, kind: keyof typeof name, value: unknown): Problem | undefined => {
  const read = name[kind](value)
  if (Result.isSuccess(read)) return undefined
  const { failure } = read
  return failure._tag === "MissingField" ? new MissingField({ field }) : new InvalidField({ field, rule: failure.rule })
}

const visible = /^[\x21-\x7e]{1,128}$/
const visibleRule = "1 to 128 visible ASCII characters"

const environmentProblem = (environment: unknown): Problem | undefined => {
  if (environment === undefined) return new MissingField({ field: "x-environment" })
  return environment === "live" || environment === "sandbox"
    ? undefined
    : new InvalidField({ field: "x-environment", rule: "live or sandbox" })
}

/** What a target brings along must be. */
export const heldRules = {
  "x-credentials-bin": "an object that JSON can hold",
  "x-webhook-secrets-bin": "a list of one or more objects that JSON can hold"
} as const

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value)

const credentialsProblem = ({ credentials }: Partial<Target>): Problem | undefined =>
  credentials === undefined || isObject(credentials)
    ? undefined
    : new InvalidField({ field: "x-credentials-bin", rule: heldRules["x-credentials-bin"] })

const payerProblem = (target: Partial<Target>): Problem | undefined => {
  const { account, credentials } = target
  if (credentials === undefined) return nameProblem("x-account", "account", account)
  return account === undefined
    ? credentialsProblem(target)
    : new InvalidField({ field: "x-account", rule: "absent where credentials are given" })
}

const webhookSecretsProblem = (target: Partial<Target>): Problem | undefined => {
  const { account, credentials, webhookSecrets } = target
  const field = "x-webhook-secrets-bin"
  if (webhookSecrets === undefined) {
    return account === undefined && credentials !== undefined ? new MissingField({ field }) : payerProblem(target)
  }
  if (account !== undefined) {
    return new InvalidField({ field: "x-account", rule: "absent where webhook secrets are given" })
  }
  const given: unknown = webhookSecrets
  return Array.isArray(given) && given.length > 0 && given.every(isObject)
    ? credentialsProblem(target)
    : new InvalidField({ field, rule: heldRules[field] })
}

const problems: { readonly [N in Exclude<Needs, "nothing">]: (target: Partial<Target>) => Problem | undefined } = {
  connector: () => undefined,
  credentials: payerProblem,
  webhookSecrets: webhookSecretsProblem
}

/** The same target, if it has what is needed. Fields are named as the metadata of a call names them. */
export const whole = (target: Partial<Target>, needs: Exclude<Needs, "nothing">): Result.Result<Target, Problem> => {
  const problem =
    nameProblem("x-connector", "connector", target.connector) ??
    environmentProblem(target.environment) ??
    problems[needs](target)
  // the checks above are what Target says
  return problem === undefined ? Result.succeed(target as Target) : Result.fail(problem)
}

/** The same id, if a call can be logged under it. */
export const requestIdOf = (id: unknown): Result.Result<string, Problem> => {
  const field = "x-request-id"
  if (id === undefined || id === "") return Result.fail(new MissingField({ field }))
  return typeof id === "string" && visible.test(id)
    ? Result.succeed(id)
    : Result.fail(new InvalidField({ field, rule: visibleRule }))
}
