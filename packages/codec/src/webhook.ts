import * as D from "@connector-service/domain/Delivery"
import * as S from "@connector-service/domain/Subscription"
import * as Proto from "@connector-service/proto/payments/v1/webhook"
import { type Full, type Given, request } from "./Codec.ts"
import { event } from "./event.ts"
import { present } from "./types.ts"

const header = {
  toProto: ([name, value]: D.Delivery["headers"][number]): Full<Proto.Header> => ({ name, value }),
  given: ({ name, value }: Proto.Header): readonly [string, string] => [name, value]
}

const delivery = {
  toProto: (value: D.Delivery): Full<Proto.Delivery> => ({
    method: value.method,
    url: value.url,
    headers: value.headers.map(header.toProto),
    body: value.body
  }),
  given: (message: Proto.Delivery) => ({
    method: present(message.method),
    url: present(message.url),
    headers: message.headers.map(header.given),
    body: message.body
  })
}

const acknowledgement = {
  toProto: (value: D.Acknowledgement): Full<Proto.Acknowledgement> => ({
    status: value.status,
    contentType: value.contentType,
    body: value.body
  }),
  fromProto: (message: Proto.Acknowledgement): D.Acknowledgement => ({
    status: message.status,
    contentType: message.contentType,
    body: message.body
  })
}

const unverified = {
  toProto: (value: D.Unverified): Full<Proto.Unverified> => ({
    account: value.account,
    objectIds: value.objectIds.slice()
  }),
  fromProto: (message: Proto.Unverified): D.Unverified => ({
    _tag: "Unverified",
    account: message.account,
    objectIds: message.objectIds
  })
}

/** WebhookService.Identify. */
export const identify = {
  request: request(D.IdentifyRequest, {
    toProto: (value): Full<Proto.WebhookServiceIdentifyRequest> => ({ delivery: delivery.toProto(value.delivery) }),
    given: (message: Proto.WebhookServiceIdentifyRequest) => ({
      delivery: message.delivery && delivery.given(message.delivery)
    })
  }),
  response: {
    toProto: (value: D.Unverified): Full<Proto.WebhookServiceIdentifyResponse> => ({
      unverified: unverified.toProto(value)
    }),
    fromProto: (message: Proto.WebhookServiceIdentifyResponse): D.Unverified =>
      unverified.fromProto(message.unverified ?? Proto.Unverified.create())
  }
}

/** WebhookService.Receive. */
export const receive = {
  request: request(D.ReceiveRequest, {
    toProto: (value): Full<Proto.WebhookServiceReceiveRequest> => ({ delivery: delivery.toProto(value.delivery) }),
    given: (message: Proto.WebhookServiceReceiveRequest) => ({
      delivery: message.delivery && delivery.given(message.delivery)
    })
  }),
  response: {
    toProto: (value: D.Received): Full<Proto.WebhookServiceReceiveResponse> => ({
      events: value.events.map(event.toProto),
      acknowledgement: acknowledgement.toProto(value.acknowledgement)
    }),
    fromProto: (message: Proto.WebhookServiceReceiveResponse): D.Received => ({
      _tag: "Received",
      events: message.events.map(event.fromProto),
      acknowledgement: acknowledgement.fromProto(message.acknowledgement ?? Proto.Acknowledgement.create())
    })
  }
}

type SubscribePart = S.SubscribeRequest["request"]

const subscribePart = {
  toProto: (value: SubscribePart): Full<Proto.WebhookServiceSubscribeRequest>["request"] => {
    switch (value._tag) {
      case "Opening":
        return { $case: "opening", value: { account: value.account } satisfies Full<Proto.SubscriptionOpening> }
      case "Acknowledgement": {
        const { deliveryNumber } = value
        return { $case: "acknowledgement", value: { deliveryNumber } satisfies Full<Proto.SubscriptionAcknowledgement> }
      }
    }
  },
  given: (part: Proto.WebhookServiceSubscribeRequest["request"]): Given<SubscribePart> | undefined => {
    switch (part?.$case) {
      case "opening":
        return { _tag: "Opening", account: part.value.account }
      case "acknowledgement":
        return { _tag: "Acknowledgement", deliveryNumber: part.value.deliveryNumber }
      case undefined:
        return undefined
    }
  }
}

/** WebhookService.Subscribe: each message of its two streams. */
export const subscribe = {
  request: request(S.SubscribeRequest, {
    toProto: (value): Full<Proto.WebhookServiceSubscribeRequest> => ({ request: subscribePart.toProto(value.request) }),
    given: (message: Proto.WebhookServiceSubscribeRequest) => ({ request: subscribePart.given(message.request) })
  }),
  response: {
    toProto: (value: S.SubscribedEvent): Full<Proto.WebhookServiceSubscribeResponse> => ({
      deliveryNumber: value.deliveryNumber,
      connector: value.connector,
      account: value.account,
      event: event.toProto(value.event)
    }),
    fromProto: (message: Proto.WebhookServiceSubscribeResponse): S.SubscribedEvent => ({
      deliveryNumber: message.deliveryNumber,
      connector: message.connector,
      account: message.account,
      event: event.fromProto(message.event ?? Proto.Event.create())
    })
  }
}
