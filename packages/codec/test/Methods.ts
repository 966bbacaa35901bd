import type { DescMessage } from "@bufbuild/protobuf"
import { codecs } from "@connector-service/codec/codecs"
import { services } from "@connector-service/domain/Services"
import { ConnectorServiceDefinition } from "@connector-service/proto/payments/v1/connector"
import { PaymentServiceDefinition } from "@connector-service/proto/payments/v1/payment"
import { RefundServiceDefinition } from "@connector-service/proto/payments/v1/refund"
import { SettlementServiceDefinition } from "@connector-service/proto/payments/v1/settlement"
import { WebhookServiceDefinition } from "@connector-service/proto/payments/v1/webhook"
import type { Result, Schema } from "effect"
import { registry } from "./Descriptors.ts"

interface Generated {
  readonly encode: (message: unknown) => { readonly finish: () => Uint8Array }
  readonly decode: (bytes: Uint8Array) => unknown
}
interface Half<Answer> {
  readonly toProto: (value: unknown) => unknown
  readonly fromProto: (message: unknown) => Answer
}
/** One method with the types of its messages forgotten, so that one test serves all. */
export interface Method {
  readonly name: string
  readonly schema: { readonly request: Schema.ConstraintCodec<unknown>; readonly response: Schema.Constraint }
  readonly codec: { readonly request: Half<Result.Result<unknown, unknown>>; readonly response: Half<unknown> }
  readonly generated: { readonly request: Generated; readonly response: Generated }
  readonly desc: { readonly request: DescMessage; readonly response: DescMessage }
}

const definitions = {
  payment: PaymentServiceDefinition,
  refund: RefundServiceDefinition,
  settlement: SettlementServiceDefinition,
  webhook: WebhookServiceDefinition,
  connector: ConnectorServiceDefinition
}

/** Every method that has a codec. */
export const methods: ReadonlyArray<Method> = Object.entries(codecs).flatMap(([service, byName]) =>
  Object.entries(byName).map(([name, codec]): Method => {
    // the tables are indexed by what Object.entries of another says; a wrong index would be undefined and fail here
    const definition = definitions[service as keyof typeof definitions] as (typeof definitions)["refund"]
    const method = definition.methods[name as "get"]
    const schema = (services as unknown as Record<string, Record<string, Method["schema"]>>)[service]?.[name]
    const desc = registry.getService(definition.fullName)?.methods.find(({ localName }) => localName === name)
    if (schema === undefined || desc === undefined) throw new Error(`${service}.${name} is not in every table`)
    return {
      name: `${service}.${name}`,
      schema,
      codec: codec as unknown as Method["codec"],
      generated: {
        request: method.requestType as unknown as Generated,
        response: method.responseType as unknown as Generated
      },
      desc: { request: desc.input, response: desc.output }
    }
  })
)

/** A method by its name. */
export const methodOf = (name: string): Method => {
  const found = methods.find((method) => method.name === name)
  if (found === undefined) throw new Error(`no method ${name}`)
  return found
}
