import { codecs } from "@connector-service/codec/codecs"
import type { InvalidField, MissingField } from "@connector-service/domain/Reason"
import { type Kind, type Services, services } from "@connector-service/domain/Services"
import { ConnectorServiceDefinition } from "@connector-service/proto/payments/v1/connector"
import { PaymentServiceDefinition } from "@connector-service/proto/payments/v1/payment"
import { RefundServiceDefinition } from "@connector-service/proto/payments/v1/refund"
import { SettlementServiceDefinition } from "@connector-service/proto/payments/v1/settlement"
import type { Result } from "effect"
import { reading } from "./Reading.ts"

/** One method, ready to be called. `Request` and `Response` are the domain's. */
export interface Route {
  /** "payment.capture". */
  readonly flow: string
  readonly kind: Kind
  /** "/payments.v1.PaymentService/Capture". */
  readonly path: string
  readonly needsTarget: boolean
  readonly read: (input: unknown) => Result.Result<unknown, MissingField | InvalidField>
  readonly encode: (request: unknown) => Uint8Array
  /** Throws on bytes that are not the answer. */
  readonly decode: (bytes: Uint8Array) => unknown
}

const definitions = {
  payment: PaymentServiceDefinition,
  refund: RefundServiceDefinition,
  settlement: SettlementServiceDefinition,
  connector: ConnectorServiceDefinition
} as const satisfies {
  readonly [S in keyof Services]: { readonly methods: { readonly [M in keyof Services[S]]: unknown } }
}

/** A row, its codec and its proto method with their types forgotten: they are checked against one another in `codecs`. */
interface Parts {
  readonly row: { readonly kind: Kind; readonly request: Parameters<typeof reading>[0] }
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

const route = (service: string, fullName: string, name: string, { codec, method, row }: Parts): Route => ({
  flow: `${service}.${name}`,
  kind: row.kind,
  path: `/${fullName}/${method.name}`,
  needsTarget: service !== "connector",
  read: reading(row.request),
  encode: (request) => method.requestType.encode(codec.request.toProto(request)).finish(),
  decode: (bytes) => {
    const message = method.responseType.decode(bytes)
    // every answer is one message or oneof, which the service always fills
    if (Object.values(message).includes(undefined)) throw new Error("an answer without content")
    return codec.response.fromProto(message)
  }
})

/** Every method of the table of flows, by service and name. */
export const routes: Readonly<Record<string, Readonly<Record<string, Route>>>> = Object.fromEntries(
  Object.entries(services).map(([service, rows]) => {
    // Object.entries forgets which service it is at; the three tables have the same keys, as the types above check
    const at = service as keyof Services
    const byName = codecs[at] as unknown as Readonly<Record<string, Parts["codec"]>>
    const methods = definitions[at].methods as unknown as Readonly<Record<string, Parts["method"]>>
    const { fullName } = definitions[at]
    return [
      service,
      Object.fromEntries(
        Object.entries(rows as Readonly<Record<string, Parts["row"]>>).flatMap(([name, row]) => {
          const codec = byName[name]
          const method = methods[name]
          return codec && method ? [[name, route(service, fullName, name, { codec, method, row })]] : []
        })
      )
    ]
  })
)
