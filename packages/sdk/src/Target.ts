import { InvalidField, MissingField } from "@connector-service/domain/Reason"
import { Metadata } from "@grpc/grpc-js"
import { Result } from "effect"
import { encoded } from "./Friendly.ts"

/** Where a call goes: a connector, an environment, and exactly one of `account` and `credentials`. */
export interface Target {
  /** The connector's id: "stripe". */
  readonly connector: string
  /** Whether real money moves. */
  readonly environment: "live" | "sandbox"
  /** The name of an account whose credentials the service keeps. */
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

const visible = /^[\x21-\x7e]{1,128}$/
const visibleRule = "1 to 128 visible ASCII characters"

const text = (
  metadata: Metadata,
  field: string,
  value: string | undefined
): MissingField | InvalidField | undefined => {
  if (value === undefined || value === "") return new MissingField({ field })
  if (typeof value !== "string" || !visible.test(value)) return new InvalidField({ field, rule: visibleRule })
  metadata.set(field, value)
  return undefined
}

const credentialsOf = (metadata: Metadata, credentials: object): InvalidField | undefined => {
  try {
    metadata.set("x-credentials-bin", Buffer.from(JSON.stringify(encoded(credentials))))
    return undefined
  } catch {
    return new InvalidField({ field: "x-credentials-bin", rule: "an object that JSON can hold" })
  }
}

const whoPays = (
  metadata: Metadata,
  { account, credentials }: Partial<Target>
): MissingField | InvalidField | undefined => {
  if (credentials === undefined) return text(metadata, "x-account", account)
  return account === undefined
    ? credentialsOf(metadata, credentials)
    : new InvalidField({ field: "x-account", rule: "absent where credentials are given" })
}

/** The metadata that names a target and a request; `undefined` as a target is for the methods that need none. */
export const metadataOf = (
  target: Partial<Target> | undefined,
  requestId: string
): Result.Result<Metadata, MissingField | InvalidField> => {
  const metadata = new Metadata()
  const problem =
    text(metadata, "x-request-id", requestId) ??
    (target === undefined
      ? undefined
      : (text(metadata, "x-connector", target.connector) ??
        (target.environment === "live" || target.environment === "sandbox" || target.environment === undefined
          ? text(metadata, "x-environment", target.environment)
          : new InvalidField({ field: "x-environment", rule: "live or sandbox" })) ??
        whoPays(metadata, target)))
  return problem === undefined ? Result.succeed(metadata) : Result.fail(problem)
}
