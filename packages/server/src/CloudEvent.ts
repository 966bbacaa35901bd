import { createHash } from "node:crypto"
import { eventJson } from "@connector-service/codec/event"
import type { Event } from "@connector-service/domain/Event"
import { DateTime } from "effect"
import type { Told } from "./Sink.ts"

/** The names of what an event is about, as the contract's Event has them. */
const types: Readonly<Record<Event["_tag"], string>> = {
  Payment: "payment",
  Capture: "capture",
  Refund: "refund",
  Dispute: "dispute",
  Mandate: "mandate",
  Payout: "payout",
  PaymentMethod: "payment_method",
  Other: "other"
}

/** Where the deliveries of an account's processor arrive: an event's id is its own within this. */
const sourceOf = ({ account, connector }: Told): string => `/webhooks/${connector}/${account}`

/** CloudEvents' media type in structured mode (github.com/cloudevents/spec, JSON event format 1.0.2, section 3). */
export const contentType = "application/cloudevents+json"

/** An event as one line of JSON: CloudEvents 1.0 in structured mode, its data the ProtoJSON of the contract's Event. */
export const cloudEvent = (told: Told): string => {
  const { account, connector, event } = told
  return JSON.stringify({
    specversion: "1.0",
    id: event.id,
    source: sourceOf(told),
    type: `payments.v1.event.${types[event._tag]}`,
    time: DateTime.formatIso(event.occurredAt),
    datacontenttype: "application/json",
    connector,
    account,
    data: eventJson(event)
  })
}

/** One id for the same event of the same account, whenever it is told; of characters that no header or signature minds. */
export const messageId = (told: Told): string =>
  `evt_${createHash("sha256")
    .update(JSON.stringify([sourceOf(told), told.event.id]))
    .digest("hex")
    .slice(0, 40)}`
