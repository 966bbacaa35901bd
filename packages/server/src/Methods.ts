import type { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire"
import { codecs } from "@connector-service/codec/codecs"
import type { InvalidField, MissingField } from "@connector-service/domain/Reason"
import { ConnectorServiceDefinition } from "@connector-service/proto/payments/v1/connector"
import { PaymentServiceDefinition } from "@connector-service/proto/payments/v1/payment"
import { RefundServiceDefinition } from "@connector-service/proto/payments/v1/refund"
import { SettlementServiceDefinition } from "@connector-service/proto/payments/v1/settlement"
import { WebhookServiceDefinition } from "@connector-service/proto/payments/v1/webhook"
import type { Result } from "effect"
import { type Incoming, incoming } from "./Incoming.ts"

/** The proto's services, by their names in the table of flows. */
export const definitions = {
  payment: PaymentServiceDefinition,
  refund: RefundServiceDefinition,
  settlement: SettlementServiceDefinition,
  webhook: WebhookServiceDefinition,
  connector: ConnectorServiceDefinition
} as const satisfies { readonly [S in keyof typeof codecs]: unknown }

/** A service's name in the table of flows. */
export type Service = keyof typeof definitions

/** One method of any service. Its types are forgotten: it meets only what its own codec reads and writes. */
export interface Method {
  /** Its name in the table of flows. */
  readonly method: string
  /** `service.method`. */
  readonly flow: string
  /** Its name on the wire. */
  readonly path: string
  readonly decode: (bytes: Uint8Array) => Incoming<unknown>
  readonly fromProto: (message: unknown) => Result.Result<unknown, MissingField | InvalidField>
  readonly encode: (response: unknown) => Uint8Array
}

interface AnyCodec {
  readonly request: { readonly fromProto: Method["fromProto"] }
  readonly response: { readonly toProto: (response: unknown) => unknown }
}

interface AnyMessage {
  readonly decode: (reader: BinaryReader) => unknown
  readonly encode: (message: unknown) => BinaryWriter
}

/** Every method of a service. */
export const methodsOf = (service: Service): ReadonlyArray<Method> => {
  const { fullName, methods } = definitions[service]
  // the codecs and the definitions have the same services and methods, which the type Codecs checks
  const ofService = codecs[service] as unknown as Readonly<Record<string, AnyCodec>>
  return Object.entries(methods).flatMap(([method, { name, requestType, responseType }]) => {
    const codec = ofService[method]
    if (codec === undefined) return []
    // a codec reads and writes the messages of its own method
    const { decode } = requestType as AnyMessage
    const { encode } = responseType as AnyMessage
    return {
      method,
      flow: `${service}.${method}`,
      path: `/${fullName}/${name}`,
      decode: incoming(`${fullName}${name}Request`, decode),
      fromProto: codec.request.fromProto,
      encode: (response) => encode(codec.response.toProto(response)).finish()
    }
  })
}
