import { BinaryWriter } from "@bufbuild/protobuf/wire"
import * as errors from "@connector-service/codec/errors"
import type { ConnectorError, Reason } from "@connector-service/domain/Reason"
import { ConnectorError as ConnectorErrorMessage } from "@connector-service/proto/payments/v1/errors"
import { Unsettled as UnsettledMessage } from "@connector-service/proto/payments/v1/types"
import { Duration } from "effect"
import { Status } from "nice-grpc-common"
import { Any, BadRequest, ErrorInfo, RetryInfo } from "nice-grpc-error-details"

/** The gRPC status of each reason. */
export const statuses: { readonly [Tag in Reason["_tag"]]: Status } = {
  UnknownConnector: Status.NOT_FOUND,
  UnsupportedFlow: Status.UNIMPLEMENTED,
  UnsupportedPaymentMethod: Status.INVALID_ARGUMENT,
  MissingField: Status.INVALID_ARGUMENT,
  InvalidField: Status.INVALID_ARGUMENT,
  InvalidCredentials: Status.UNAUTHENTICATED,
  Overloaded: Status.RESOURCE_EXHAUSTED,
  CircuitOpen: Status.UNAVAILABLE,
  Unreachable: Status.UNAVAILABLE,
  RateLimited: Status.RESOURCE_EXHAUSTED,
  Declined: Status.INTERNAL,
  Rejected: Status.FAILED_PRECONDITION,
  WrongState: Status.FAILED_PRECONDITION,
  Duplicate: Status.ALREADY_EXISTS,
  KeyExpired: Status.UNKNOWN,
  UnknownOutcome: Status.UNKNOWN,
  AmountMismatch: Status.DATA_LOSS,
  UnreadableReply: Status.UNAVAILABLE,
  InvalidSignature: Status.UNAUTHENTICATED,
  StaleTimestamp: Status.FAILED_PRECONDITION,
  UnknownSecret: Status.FAILED_PRECONDITION,
  Unreadable: Status.INVALID_ARGUMENT
}

/** How an error goes over the wire. */
export interface Failure {
  readonly status: Status
  readonly message: string
  /** A google.rpc.Status, for the trailer `grpc-status-details-bin`. */
  readonly details: Uint8Array
}

const any = (type: string, value: Uint8Array): Any => ({
  $type: Any.$type,
  typeUrl: `type.googleapis.com/${type}`,
  value
})

const fieldOf = (reason: Reason): readonly [field: string, description: string] | undefined => {
  switch (reason._tag) {
    case "MissingField":
      return [reason.field, "is missing"]
    case "InvalidField":
      return [reason.field, `must be ${reason.rule}`]
    case "UnsupportedPaymentMethod":
      return ["payment_method", `must be one of ${reason.supported.join(", ")}`]
    default:
      return undefined
  }
}

const badRequest = (reason: Reason): ReadonlyArray<Any> => {
  const violation = fieldOf(reason)
  if (violation === undefined) return []
  const [field, description] = violation
  const message = BadRequest.fromPartial({ fieldViolations: [{ field, description }] })
  return [any(BadRequest.$type, BadRequest.encode(message).finish())]
}

const retryInfo = (reason: Reason): ReadonlyArray<Any> => {
  if (!("retryAfter" in reason) || reason.retryAfter === undefined) return []
  const millis = Math.max(0, Math.ceil(Duration.toMillis(reason.retryAfter)))
  const retryDelay = { seconds: Math.floor(millis / 1000), nanos: (millis % 1000) * 1_000_000 }
  return [any(RetryInfo.$type, RetryInfo.encode(RetryInfo.fromPartial({ retryDelay })).finish())]
}

const unsettled = ({ reason }: ConnectorErrorMessage): ReadonlyArray<Any> => {
  const value =
    reason?.$case === "unknownOutcome" || reason?.$case === "keyExpired" ? reason.value.unsettled : undefined
  return value === undefined ? [] : [any("payments.v1.Unsettled", UnsettledMessage.encode(value).finish())]
}

const errorInfo = ({ connector, consequence, flow, reason }: ConnectorError): Any =>
  any(
    ErrorInfo.$type,
    ErrorInfo.encode(
      ErrorInfo.fromPartial({
        reason: reason._tag,
        domain: "payments.v1",
        metadata: {
          connector,
          flow,
          money_moved: consequence.moneyMoved,
          retryable: String(consequence.retryable),
          fault: consequence.fault,
          next_step: consequence.nextStep
        }
      })
    ).finish()
  )

/**
 * The bytes that details may take before the less important ones are left out: gRPC's C core and Java read at most
 * 8 KiB of metadata by default, and base64 makes a third more of it.
 */
const detailsLimit = 4 * 1024
const messageLimit = 400

/** google.rpc.Status: code = 1, message = 2, details = 3. */
const encodeStatus = (status: Status, message: string, details: ReadonlyArray<Any>): Uint8Array => {
  const writer = new BinaryWriter().uint32(8).int32(status).uint32(18).string(message)
  for (const detail of details) writer.uint32(26).bytes(Any.encode(detail).finish())
  return writer.finish()
}

/** An error's status, message and details. */
export const failureOf = (error: ConnectorError): Failure => {
  const status = statuses[error.reason._tag]
  const text = `${error.message} ${error.consequence.nextStep}`.toWellFormed()
  const message = text.length <= messageLimit ? text : `${text.slice(0, messageLimit).toWellFormed()}…`
  const own = errors.toProto(error)
  const first = any("payments.v1.ConnectorError", ConnectorErrorMessage.encode(own).finish())
  const kept = [first]
  let size = first.value.length
  for (const detail of [errorInfo(error), ...unsettled(own), ...badRequest(error.reason), ...retryInfo(error.reason)]) {
    size += detail.value.length
    if (size <= detailsLimit) kept.push(detail)
  }
  return { status, message, details: encodeStatus(status, message, kept) }
}
