import { input } from "@connector-service/domain/Input"
import { InvalidField, MissingField } from "@connector-service/domain/Reason"
import { AccountName, ConnectorId } from "@connector-service/domain/Text"
import * as Result from "effect/Result"
import type { Needs } from "./Flows.ts"
import type { Target } from "./Target.ts"

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
