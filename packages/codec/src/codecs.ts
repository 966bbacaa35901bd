import type { RequestOf, ResponseOf, Services } from "@connector-service/domain/Services"
import type { ConnectorServiceDefinition } from "@connector-service/proto/payments/v1/connector"
import type { PaymentServiceDefinition } from "@connector-service/proto/payments/v1/payment"
import type { RefundServiceDefinition } from "@connector-service/proto/payments/v1/refund"
import type { SettlementServiceDefinition } from "@connector-service/proto/payments/v1/settlement"
import type { WebhookServiceDefinition } from "@connector-service/proto/payments/v1/webhook"
import type { Codec } from "./Codec.ts"
import * as connector from "./connector.ts"
import * as payment from "./payment.ts"
import * as refund from "./refund.ts"
import * as settlement from "./settlement.ts"
import * as webhook from "./webhook.ts"

export type { Codec } from "./Codec.ts"

/** The methods of one request and one answer: a stream is of another kind than the rows of the table. */
type Unary<Methods> = {
  readonly [M in keyof Methods as Methods[M] extends { readonly requestStream: true } ? never : M]: Methods[M]
}

/** The proto's services and their methods, by the domain's names. */
interface Methods {
  readonly payment: PaymentServiceDefinition["methods"]
  readonly refund: RefundServiceDefinition["methods"]
  readonly settlement: SettlementServiceDefinition["methods"]
  readonly webhook: Unary<WebhookServiceDefinition["methods"]>
  readonly connector: ConnectorServiceDefinition["methods"]
}

type MessageOf<Type> = Type extends { readonly decode: (...input: never) => infer Message } ? Message : never
type MethodOf<S extends keyof Methods, M extends PropertyKey> = M extends keyof Methods[S] ? Methods[S][M] : never
/** The proto's message that a method takes. */
export type RequestMessageOf<S extends keyof Methods, M extends PropertyKey> =
  MethodOf<S, M> extends { readonly requestType: infer Type } ? MessageOf<Type> : never
/** The proto's message that a method answers. */
export type ResponseMessageOf<S extends keyof Methods, M extends PropertyKey> =
  MethodOf<S, M> extends { readonly responseType: infer Type } ? MessageOf<Type> : never

/** A codec for every row of the table of flows and every method of the proto, and for nothing else. */
export type Codecs = {
  readonly [S in keyof Services | keyof Methods]: {
    readonly [M in keyof Services[S] | keyof Methods[S]]: Codec<
      RequestOf<S, M & keyof Services[S]>,
      ResponseOf<S, M & keyof Services[S]>,
      RequestMessageOf<S, M>,
      ResponseMessageOf<S, M>
    >
  }
}

/** The codecs, by service and method. */
export const codecs: Codecs = {
  payment: {
    authorize: payment.authorize,
    capture: payment.capture,
    void: payment.void,
    reverse: payment.reverse,
    get: payment.get,
    complete: payment.complete
  },
  refund: { create: refund.create, get: refund.get },
  settlement: { settle: settlement.settle },
  webhook: { identify: webhook.identify, receive: webhook.receive },
  connector: { list: connector.list, get: connector.get }
}
