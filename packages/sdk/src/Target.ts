import { InvalidField, MissingField } from "@connector-service/domain/Reason"
import * as Result from "effect/Result"

/** Where a call goes: a connector, an environment, and exactly one of `account` and `credentials`. */
export interface Target {
  /** The connector's id: "stripe". */
  readonly connector: string
  /** Whether real money moves. */
  readonly environment: "live" | "sandbox"
  /** The name of an account whose credentials the service keeps; in process, what `secrets` is asked for. */
  readonly account?: string | undefined
  /** The connector's own credentials, as `client.connector.get` describes them; texts may be Redacted. */
  readonly credentials?: object | undefined
}

/**
 * A target with some parts replaced. An account replaces credentials and the other way about; credentials do not follow
 * to another connector or environment.
 */
export const retarget = (target: Partial<Target>, change: Partial<Target>): Partial<Target> => {
  const merged = { ...target, ...change }
  if (change.account !== undefined && change.credentials === undefined) return { ...merged, credentials: undefined }
  if (change.credentials !== undefined && change.account === undefined) return { ...merged, account: undefined }
  return merged.connector === target.connector && merged.environment === target.environment
    ? merged
    : { ...merged, credentials: change.credentials }
}

type Problem = MissingField | InvalidField

const visible = /^[\x21-\x7e]{1,128}$/
const visibleRule = "1 to 128 visible ASCII characters"

const textProblem = (field: string, value: unknown): Problem | undefined => {
  if (value === undefined || value === "") return new MissingField({ field })
  return typeof value === "string" && visible.test(value) ? undefined : new InvalidField({ field, rule: visibleRule })
}

const environmentProblem = (environment: unknown): Problem | undefined => {
  if (environment === undefined) return new MissingField({ field: "x-environment" })
  return environment === "live" || environment === "sandbox"
    ? undefined
    : new InvalidField({ field: "x-environment", rule: "live or sandbox" })
}

const payerProblem = ({ account, credentials }: Partial<Target>): Problem | undefined => {
  if (credentials === undefined) return textProblem("x-account", account)
  if (account !== undefined) {
    return new InvalidField({ field: "x-account", rule: "absent where credentials are given" })
  }
  return typeof credentials === "object" && credentials !== null
    ? undefined
    : new InvalidField({ field: "x-credentials-bin", rule: "an object that JSON can hold" })
}

/** The same target, if it is whole. Fields are named as the metadata of a call names them. */
export const whole = (target: Partial<Target>): Result.Result<Target, Problem> => {
  const problem =
    textProblem("x-connector", target.connector) ?? environmentProblem(target.environment) ?? payerProblem(target)
  // the checks above are what Target says
  return problem === undefined ? Result.succeed(target as Target) : Result.fail(problem)
}

/** The same id, if a call can be logged under it. */
export const requestIdOf = (id: unknown): Result.Result<string, Problem> => {
  const problem = textProblem("x-request-id", id)
  // the check above is what the type says
  return problem === undefined ? Result.succeed(id as string) : Result.fail(problem)
}
