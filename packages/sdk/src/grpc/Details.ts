import { fromProto } from "@connector-service/codec/errors"
import type { ConnectorError } from "@connector-service/domain/Reason"
import { ConnectorError as ErrorMessage } from "@connector-service/proto/payments/v1/errors"
import { type Metadata, status } from "@grpc/grpc-js"
import { Status } from "nice-grpc-error-details/lib/proto/google/rpc/status.js"

/** The service's own account of a failure, where the status carries one. */
export const explained = (trailer: Metadata): ConnectorError | undefined => {
  try {
    const [bytes] = trailer.get("grpc-status-details-bin")
    if (!(bytes instanceof Uint8Array)) return undefined
    const detail = Status.decode(bytes).details.find(({ typeUrl }) => typeUrl.endsWith("/payments.v1.ConnectorError"))
    return detail === undefined ? undefined : fromProto(ErrorMessage.decode(detail.value))
  } catch {
    return undefined
  }
}

/**
 * The parts of a status message that gRPC itself words. No other text of an unexplained status is repeated, because
 * it may hold a part of the request.
 */
const worded =
  /^(?:Connection dropped|Stream refused by server|Deadline exceeded after [\d.]+s|Received (?:HTTP status|RST_STREAM with) code \d{1,3}|(?:read|write) E[A-Z]+|No message received)/

/** A status without the service's own account of it, in a few words. */
export const unexplained = (code: status, details: string): string => {
  const name = status[code] ?? `status ${code}`
  const words = worded.exec(details)?.[0]
  return words === undefined ? name : `${name}: ${words}`
}
