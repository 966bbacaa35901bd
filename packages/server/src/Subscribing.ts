import { subscribe as codec } from "@connector-service/codec/webhook"
import { ConnectorError, InvalidField, type Reason } from "@connector-service/domain/Reason"
import type { SubscribeRequest } from "@connector-service/domain/Subscription"
import {
  WebhookServiceDefinition,
  WebhookServiceSubscribeRequest,
  WebhookServiceSubscribeResponse
} from "@connector-service/proto/payments/v1/webhook"
import { Result } from "effect"
import type { MethodDefinition } from "nice-grpc"
import { type CallContext, ServerError } from "nice-grpc-common"
import { stopping } from "./Answers.ts"
import { correlate } from "./Correlation.ts"
import { type Incoming, incoming } from "./Incoming.ts"
import { failureOf } from "./Status.ts"
import type { Broker, Subscription } from "./Subscriptions.ts"

type Message = Incoming<WebhookServiceSubscribeRequest>
type Read = Result.Result<SubscribeRequest, Reason>

/** A request of the stream, or what is wrong with it; undefined once there are no more. */
const nextOf = async (messages: AsyncIterator<Message>): Promise<Read | undefined> => {
  const next = await messages.next()
  return next.done === true ? undefined : Result.flatMap(next.value.message, codec.request.fromProto)
}

const misplaced = (rule: string) => new InvalidField({ field: "request", rule })

/** Hears acknowledgements until there are no more; gives what is wrong with what came instead of one. */
const hear = async (messages: AsyncIterator<Message>, subscription: Subscription): Promise<Reason | undefined> => {
  for (;;) {
    const read = await nextOf(messages)
    if (read === undefined) return undefined
    if (Result.isFailure(read)) return read.failure
    const { request } = read.success
    if (request._tag === "Opening") return misplaced("an acknowledgement, once the subscription is open")
    subscription.acknowledge(request.deliveryNumber)
  }
}

const noOpening = Result.fail(misplaced("the opening of a subscription, at first"))

/** Opens what the first request asks for. */
const opened = (broker: Broker, first: Read | undefined): Result.Result<Subscription, Reason> =>
  Result.flatMap(first ?? noOpening, ({ request }) =>
    request._tag === "Opening" ? Result.succeed(broker.open(request.account)) : noOpening
  )

const errorOf = (reason: Reason, { trailer }: CallContext): ServerError => {
  const failure = failureOf(new ConnectorError({ connector: "", flow: "webhook.subscribe", reason }))
  trailer.set("grpc-status-details-bin", failure.details)
  return new ServerError(failure.status, failure.message)
}

const encode = codec.response.toProto

/** A subscriber's stream: the events that it is handed, until it goes or the broker is closed. */
async function* answering(broker: Broker, requests: AsyncIterable<Message>, context: CallContext) {
  const messages = requests[Symbol.asyncIterator]()
  const { requestId } = correlate(context.metadata, context.header)
  const first = await nextOf(messages)
  const opening = Result.flatMap(requestId, () => opened(broker, first))
  // nice-grpc is told by throwing how a call ends
  if (Result.isFailure(opening)) throw errorOf(opening.failure, context)
  const subscription = opening.success
  context.sendHeader()
  const heard = hear(messages, subscription)
    // a stream that breaks off is that of a subscriber who is gone
    .catch(() => undefined)
    .finally(() => subscription.close())
  for (;;) {
    const next = await subscription.next()
    if (next === undefined) break
    yield WebhookServiceSubscribeResponse.encode(encode(next)).finish()
  }
  const problem = broker.closed ? stopping : await heard
  if (problem !== undefined) throw errorOf(problem, context)
}

type Wire = MethodDefinition<Message, Message, Uint8Array, Uint8Array, true, true>

const { fullName, methods } = WebhookServiceDefinition

const wire: Wire = {
  path: `/${fullName}/${methods.subscribe.name}`,
  requestStream: true,
  responseStream: true,
  requestDeserialize: incoming(`${fullName}SubscribeRequest`, WebhookServiceSubscribeRequest.decode),
  requestSerialize: () => new Uint8Array(),
  responseSerialize: (bytes) => bytes,
  responseDeserialize: (bytes) => bytes,
  options: {}
}

/** WebhookService.Subscribe, as nice-grpc takes it. */
export const bindSubscribe = (broker: Broker) => ({
  definition: { subscribe: wire },
  implementation: {
    subscribe: (requests: AsyncIterable<Message>, context: CallContext) => answering(broker, requests, context)
  }
})
