import type { Connector, Flow, Repeats } from "@connector-service/domain/Capability"
import { services } from "@connector-service/domain/Services"
import * as Proto from "@connector-service/proto/payments/v1/connector"
import * as Duration from "effect/Duration"
import { type Full, request } from "./Codec.ts"
import { concurrent, flowKind, keyScope, otherContent, settling, storedError } from "./enums.ts"
import { duration, present } from "./types.ts"

const repeats = {
  toProto: (value: Repeats): Full<Proto.Repeats> => ({
    times: value.times,
    first: duration.toProto(value.first),
    cap: duration.toProto(value.cap),
    patience: duration.toProto(value.patience)
  }),
  fromProto: (message: Proto.Repeats | undefined): Repeats => ({
    times: message?.times ?? 0,
    first: duration.fromProto(message?.first) ?? Duration.zero,
    cap: duration.fromProto(message?.cap) ?? Duration.zero,
    patience: duration.fromProto(message?.patience) ?? Duration.zero
  })
}

const policy = {
  toProto: (value: Flow["policy"]): Full<Proto.Policy> => ({
    timeout: duration.toProto(value.timeout),
    maxSends: value.maxSends,
    answerMargin: duration.toProto(value.answerMargin),
    connectTimeout: duration.toProto(value.connectTimeout),
    firstByteTimeout: duration.toProto(value.firstByteTimeout),
    retry: repeats.toProto(value.retry),
    settle: repeats.toProto(value.settle),
    leastTime: duration.toProto(value.leastTime)
  }),
  fromProto: (message: Proto.Policy | undefined): Flow["policy"] => ({
    timeout: duration.fromProto(message?.timeout) ?? Duration.zero,
    maxSends: message?.maxSends ?? 0,
    answerMargin: duration.fromProto(message?.answerMargin) ?? Duration.zero,
    connectTimeout: duration.fromProto(message?.connectTimeout) ?? Duration.zero,
    firstByteTimeout: duration.fromProto(message?.firstByteTimeout) ?? Duration.zero,
    retry: repeats.fromProto(message?.retry),
    settle: repeats.fromProto(message?.settle),
    leastTime: duration.fromProto(message?.leastTime) ?? Duration.zero
  })
}

const idempotency = {
  toProto: (value: NonNullable<Flow["idempotency"]>): Full<Proto.Idempotency> => ({
    header: value.header,
    retention: duration.toProto(value.retention),
    maxLength: value.maxLength,
    scope: keyScope.toProto(value.scope),
    otherContent: otherContent.toProto(value.otherContent),
    concurrent: concurrent.toProto(value.concurrent),
    storedError: storedError.toProto(value.storedError)
  }),
  fromProto: (message: Proto.Idempotency): Flow["idempotency"] => ({
    header: message.header,
    retention: duration.fromProto(message.retention) ?? Duration.zero,
    maxLength: message.maxLength,
    scope: keyScope.fromProto(message.scope),
    otherContent: otherContent.fromProto(message.otherContent),
    concurrent: concurrent.fromProto(message.concurrent),
    storedError: storedError.fromProto(message.storedError)
  })
}

/** A flow of a kind that is not known is taken to be a write. */
const flow = {
  toProto: (value: Flow): Full<Proto.Flow> => ({
    name: value.name,
    kind: flowKind.toProto(value.kind),
    paymentMethods: value.paymentMethods.slice(),
    requiredFields: value.requiredFields.slice(),
    settling: settling.toProto(value.settling),
    policy: policy.toProto(value.policy),
    idempotency: value.idempotency && idempotency.toProto(value.idempotency)
  }),
  fromProto: (message: Proto.Flow): Flow => ({
    name: message.name,
    kind: flowKind.fromProto(message.kind) ?? "WRITE",
    paymentMethods: message.paymentMethods,
    requiredFields: message.requiredFields,
    settling: settling.fromProto(message.settling),
    policy: policy.fromProto(message.policy),
    idempotency: message.idempotency && idempotency.fromProto(message.idempotency)
  })
}

const connector = {
  toProto: (value: Connector): Full<Proto.Connector> => ({
    id: value.id,
    flows: value.flows.map(flow.toProto),
    credentialsJsonSchema: value.credentialsJsonSchema,
    webhookSecretJsonSchema: value.webhookSecretJsonSchema
  }),
  fromProto: (message: Proto.Connector): Connector => ({
    id: message.id,
    flows: message.flows.map(flow.fromProto),
    credentialsJsonSchema: message.credentialsJsonSchema,
    webhookSecretJsonSchema: message.webhookSecretJsonSchema
  })
}

/** ConnectorService.List. */
export const list = {
  request: request(services.connector.list.request, {
    toProto: (): Full<Proto.ConnectorServiceListRequest> => ({}),
    given: (_: Proto.ConnectorServiceListRequest) => ({})
  }),
  response: {
    toProto: (value: ReadonlyArray<Connector>): Full<Proto.ConnectorServiceListResponse> => ({
      connectors: value.map(connector.toProto)
    }),
    fromProto: (message: Proto.ConnectorServiceListResponse): ReadonlyArray<Connector> =>
      message.connectors.map(connector.fromProto)
  }
}

/** ConnectorService.Get. */
export const get = {
  request: request(services.connector.get.request, {
    toProto: (value): Full<Proto.ConnectorServiceGetRequest> => ({ id: value.id }),
    given: (message: Proto.ConnectorServiceGetRequest) => ({ id: present(message.id) })
  }),
  response: {
    toProto: (value: Connector): Full<Proto.ConnectorServiceGetResponse> => ({ connector: connector.toProto(value) }),
    fromProto: (message: Proto.ConnectorServiceGetResponse): Connector =>
      connector.fromProto(message.connector ?? Proto.Connector.create())
  }
}
