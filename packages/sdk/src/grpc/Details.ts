import { BinaryReader, WireType } from "@bufbuild/protobuf/wire"
import { fromProto } from "@connector-service/codec/errors"
import type { ConnectorError } from "@connector-service/domain/Reason"
import { ConnectorError as ErrorMessage } from "@connector-service/proto/payments/v1/errors"
import { type Metadata, status } from "@grpc/grpc-js"

/** The length-delimited fields of a message, by number and in order. */
const fieldsOf = (bytes: Uint8Array): ReadonlyArray<readonly [number, Uint8Array]> => {
  const reader = new BinaryReader(bytes)
  const fields: Array<readonly [number, Uint8Array]> = []
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag()
    if (type === WireType.LengthDelimited) fields.push([number, reader.bytes()])
    else reader.skip(type, number)
  }
  return fields
}

/**
 * What a `google.rpc.Status` has as a detail of a type. Its details are field 3; of each, an `Any`, field 1 is the type's
 * URL and field 2 the message. The packages that have these two bring a second copy of protobuf.
 */
const detailOf = (status: Uint8Array, type: string): Uint8Array | undefined =>
  fieldsOf(status)
    .flatMap(([number, any]) => (number === 3 ? [new Map(fieldsOf(any))] : []))
    .find((any) => new TextDecoder().decode(any.get(1)).endsWith(`/${type}`))
    ?.get(2)

/** The service's own account of a failure, where the status carries one. */
export const explained = (trailer: Metadata): ConnectorError | undefined => {
  try {
    const [bytes] = trailer.get("grpc-status-details-bin")
    if (!(bytes instanceof Uint8Array)) return undefined
    const detail = detailOf(bytes, "payments.v1.ConnectorError")
    return detail && fromProto(ErrorMessage.decode(detail))
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
