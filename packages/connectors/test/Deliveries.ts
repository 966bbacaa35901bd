import type { Event } from "@connector-service/domain/Event"
import type { Delivery } from "@connector-service/webhooks/Delivery"
import { answered, type Question, receive as receiveDelivery, type Webhook } from "@connector-service/webhooks/Webhook"
import { DateTime, Effect } from "effect"
import fc from "fast-check"

/** A webhook as a processor posts it. */
export const posted = (body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Delivery => ({
  method: "POST",
  url: "/",
  headers: Object.entries(headers),
  body: Buffer.from(body)
})

/** A connector's webhooks with the secrets of one account, at one moment. */
export interface Receiver {
  readonly webhook: Webhook | undefined
  readonly secrets: ReadonlyArray<unknown>
  readonly now: string | number
  /** What a question is answered with; asking anything else is a defect. */
  readonly answer?: (question: Question) => string
}

/** What came of a delivery: its events, or the tag of what it was refused for. */
export const receive = (
  { answer, now, secrets, webhook }: Receiver,
  delivery: Delivery
): ReadonlyArray<Event> | string => {
  if (webhook === undefined) throw new Error("the connector has no webhook")
  return receiveDelivery(webhook, delivery, secrets, DateTime.makeUnsafe(now)).pipe(
    Effect.flatMap((reception) =>
      answered(reception, (question) =>
        answer === undefined ? Effect.die(new Error("asked a question")) : Effect.sync(() => answer(question))
      )
    ),
    Effect.match({ onFailure: ({ _tag }) => _tag, onSuccess: ({ events }) => events }),
    Effect.runSync
  )
}

/** The one event of a delivery. */
export const received = (receiver: Receiver, delivery: Delivery): Event => {
  const events = receive(receiver, delivery)
  const [event, ...more] = typeof events === "string" ? [] : events
  if (event === undefined || more.length > 0) throw new Error(`not one event: ${JSON.stringify(events)}`)
  return event
}

/** The same bytes but for one. */
const flipped = (bytes: Uint8Array, index: number, change: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[index] = (copy[index] ?? 0) ^ change
  return copy
}

/** Tries a text, or bytes, with any one byte of it changed to any other. */
export const everyChange = (
  text: string | Uint8Array,
  holds: (changed: Buffer) => void,
  { from = 0, to = Buffer.from(text).length, runs = 1000 } = {}
): void => {
  const bytes = Buffer.from(text)
  fc.assert(
    fc.property(fc.integer({ min: from, max: to - 1 }), fc.integer({ min: 1, max: 255 }), (index, change) => {
      holds(flipped(bytes, index, change))
    }),
    { numRuns: runs }
  )
}

/** Header values are bytes; this is how Node shows them. */
export const headerText = (bytes: Buffer): string => bytes.toString("latin1")
