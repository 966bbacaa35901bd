import type { Reason } from "@connector-service/domain/Reason"
import type * as Duration from "effect/Duration"
import type * as HttpClientError from "effect/http/HttpClientError"

/**
 * Why one exchange with a processor gave nothing to go by.
 * `NotSent`: no byte of the request was written. `TurnedAway`: the processor documents such a reply as unprocessed.
 * `NoAnswer`: none came, or a part of one. `Unreadable`: it was not what the processor documents. `Faulted`: a 5xx.
 * `InProgress`: a request under the same key is still running.
 */
export interface Setback {
  readonly _tag: "NotSent" | "TurnedAway" | "NoAnswer" | "Unreadable" | "Faulted" | "InProgress"
  /** In a few words, without a secret. */
  readonly description: string
  /** HTTP status; 0 where none came. */
  readonly httpStatus: number
  readonly retryAfter?: Duration.Duration | undefined
  /** The processor's own word on sending again. */
  readonly maySendAgain?: boolean | undefined
  /** It may be an earlier sending's, kept and given again, and then says nothing of how the processor is now. */
  readonly stored?: boolean
  /** Why nothing was sent, where this service held it back or had no token to send it with. */
  readonly reason?: Reason
}

/** A sending that its caller no longer wants. */
export const givenUp: Setback = { _tag: "NotSent", description: "given up", httpStatus: 0 }

/** Codes that only come up before a connection carries the first byte of a request. */
const beforeTheFirstByte = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REVOKED",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
])
/** Codes that mean the same only while connecting or looking the name up: a live connection can have them too. */
const whileConnecting = new Set([
  "EACCES",
  "EADDRNOTAVAIL",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "ETIMEDOUT"
])
const connecting = new Set(["connect", "getaddrinfo"])

interface NodeError {
  readonly code?: unknown
  readonly syscall?: unknown
  readonly errors?: unknown
}
const isObject = (value: unknown): value is NodeError => typeof value === "object" && value !== null

const notSent = (cause: unknown): boolean => {
  if (!isObject(cause) || typeof cause.code !== "string") return false
  // one error for each address that was tried
  if (Array.isArray(cause.errors) && cause.errors.length > 0) return cause.errors.every(notSent)
  return (
    beforeTheFirstByte.has(cause.code) ||
    (whileConnecting.has(cause.code) && typeof cause.syscall === "string" && connecting.has(cause.syscall))
  )
}

/** What an error of the HTTP client means for money: `NotSent` by the lists above only, otherwise `NoAnswer`. */
export const setbackOf = ({ reason }: HttpClientError.HttpClientError): Setback => {
  if (reason._tag === "EncodeError" || reason._tag === "InvalidUrlError") {
    return { _tag: "NotSent", description: "the request could not be written", httpStatus: 0 }
  }
  const cause = reason.cause
  const description = isObject(cause) && typeof cause.code === "string" ? cause.code : "the connection failed"
  return { _tag: notSent(cause) ? "NotSent" : "NoAnswer", description, httpStatus: 0 }
}
