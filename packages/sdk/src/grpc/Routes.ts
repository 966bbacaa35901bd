import { codecs } from "@connector-service/codec/codecs"
import type { Services } from "@connector-service/domain/Services"
import { ConnectorServiceDefinition } from "@connector-service/proto/payments/v1/connector"
import { PaymentServiceDefinition } from "@connector-service/proto/payments/v1/payment"
import { RefundServiceDefinition } from "@connector-service/proto/payments/v1/refund"
import { SettlementServiceDefinition } from "@connector-service/proto/payments/v1/settlement"
import { WebhookServiceDefinition } from "@connector-service/proto/payments/v1/webhook"
import { type Flow, flows } from "../Flows.ts"

/** How one method goes over the wire. Its types are forgotten: it meets only what its own codec reads and writes. */
export interface Route {
  /** "/payments.v1.PaymentService/Capture". */
  readonly path: string
  /** Throws on a request that its message cannot hold. */
  readonly encode: (request: unknown) => Uint8Array
  /** Throws on bytes that are not the answer. */
  readonly decode: (bytes: Uint8Array) => unknown
}

const definitions = {
  payment: PaymentServiceDefinition,
  refund: RefundServiceDefinition,
  settlement: SettlementServiceDefinition,
  webhook: WebhookServiceDefinition,
  connector: ConnectorServiceDefinition
} as const satisfies {
  readonly [S in keyof Services]: { readonly methods: { readonly [M in keyof Services[S]]: unknown } }
}

/** A method's codec and its proto method with their types forgotten: they are checked against one another in `codecs`. */
interface Parts {
  readonly codec: {
    readonly request: { readonly toProto: (request: unknown) => unknown }
    readonly response: { readonly fromProto: (message: unknown) => unknown }
  }
  readonly method: {
    readonly name: string
    readonly requestType: { readonly encode: (message: unknown) => { readonly finish: () => Uint8Array } }
    readonly responseType: { readonly decode: (bytes: Uint8Array) => object }
  }
}

const route = (fullName: string, { codec, method }: Parts): Route => ({
  path: `/${fullName}/${method.name}`,
  encode: (request) => method.requestType.encode(codec.request.toProto(request)).finish(),
  decode: (bytes) => {
    const message = method.responseType.decode(bytes)
    // every answer is one message or oneof, which the service always fills
    if (Object.values(message).includes(undefined)) throw new Error("an answer without content")
    return codec.response.fromProto(message)
  }
})

/** Every method of the table of flows, by its flow. */
export const routes: ReadonlyMap<Flow, Route> = new Map(
  Object.values(flows).flatMap((flow): ReadonlyArray<[Flow, Route]> => {
    // the three tables have the same keys, as the types above check
    const byName = codecs[flow.service] as unknown as Readonly<Record<string, Parts["codec"]>>
    const methods = definitions[flow.service].methods as unknown as Readonly<Record<string, Parts["method"]>>
    const codec = byName[flow.method]
    const method = methods[flow.method]
    return codec && method ? [[flow, route(definitions[flow.service].fullName, { codec, method })]] : []
  })
)
