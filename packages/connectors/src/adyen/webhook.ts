import type { Event } from "@connector-service/domain/Event"
import { type Delivery, only, parse, reader, text } from "@connector-service/webhooks/Delivery"
import { eventOf, moment } from "@connector-service/webhooks/Meaning"
import { any, hmac, isBasic, isSignature } from "@connector-service/webhooks/Signature"
import * as Webhook from "@connector-service/webhooks/Webhook"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { toNoticed, toSubject } from "./events.ts"
import { Batch, Notice, signedText } from "./notification.ts"

/**
 * A webhook's HMAC key, as the Customer Area shows it, and the user and password that it sends, where it was given any:
 * then both must be right.
 */
const Secret = Schema.Struct({
  hmacKey: Schema.RedactedFromValue(
    Schema.String.check(
      Schema.isPattern(/^(?:[0-9A-Fa-f]{2}){16,128}$/, { expected: "a key in hexadecimal of 16 to 128 bytes" })
    ),
    { label: "hmacKey" }
  ),
  basic: Schema.optionalKey(
    Schema.Struct({
      user: Schema.String.check(Schema.isPattern(/^[^:]{1,255}$/, { expected: "a user's name without a colon" })),
      password: Schema.RedactedFromValue(Schema.String.check(Schema.isNonEmpty()), { label: "password" })
    })
  )
})
type Secret = typeof Secret.Type

const readBatch = reader(Batch)
const readNotice = reader(Notice)
const bodyOf = (delivery: Delivery) => parse(text(delivery))
const itemsOf = (batch: typeof Batch.Type) => batch.notificationItems.map((one) => one.NotificationRequestItem)

const signature = { algorithm: "sha256", encoding: "base64" } as const

/**
 * The signatures of a delivery, and over what they are: one in each item of a batch, over some of its fields; of anything
 * else one in a header, over the body.
 */
const signaturesOf = (delivery: Delivery): ReadonlyArray<readonly [signature: string, of: string | Uint8Array]> => {
  const batch = readBatch(bodyOf(delivery))
  const inHeader = only(delivery, "hmacsignature")
  if (batch === undefined) return inHeader === undefined ? [] : [[inHeader, delivery.body]]
  return itemsOf(batch).map((item) => [item.additionalData?.hmacSignature ?? "", signedText(item) ?? ""])
}

const isKnown = (delivery: Delivery, { basic }: Secret): boolean =>
  basic === undefined || isBasic(delivery, basic.user, basic.password)

const verify: Webhook.Verify<Secret> = (delivery, secrets) => {
  const signatures = signaturesOf(delivery)
  const isProven = any(secrets, (secret) => {
    const key = Buffer.from(Redacted.value(secret.hmacKey), "hex")
    const wrong = any(signatures, ([given, of]) => of.length === 0 || !isSignature(given, hmac(signature, key, of)))
    return isKnown(delivery, secret) && signatures.length > 0 && !wrong
  })
  return isProven ? Webhook.proven : Webhook.refused()
}

const batchEvents = (batch: typeof Batch.Type): ReadonlyArray<Event | undefined> =>
  itemsOf(batch).map((item) => {
    const occurredAt = moment(item.eventDate)
    return (
      occurredAt &&
      eventOf(
        {
          // what tells duplicates apart, and the outcome, as the other outcome is another event
          // (docs.adyen.com/development-resources/webhooks/handle-webhook-events)
          id: `${item.pspReference}:${item.eventCode}:${item.success}`,
          rawType: item.eventCode,
          occurredAt,
          account: item.merchantAccountCode,
          environment: batch.live == null ? undefined : String(batch.live) === "true" ? "live" : "sandbox"
        },
        toSubject(item),
        item
      )
    )
  })

const noticeEvent = (notice: Notice, body: unknown): Event | undefined => {
  const { createdAt, data, environment, eventId, type } = notice
  const occurredAt = moment(createdAt)
  const about = eventId ?? data.pspReference
  if (occurredAt === undefined || about == null) return undefined
  return eventOf(
    {
      id: [about, type, ...(data.storedPaymentMethodId == null ? [] : [data.storedPaymentMethodId])].join(":"),
      rawType: type,
      occurredAt,
      account: data.merchantAccount ?? undefined,
      environment: environment === "live" ? "live" : "sandbox"
    },
    toNoticed(notice),
    body
  )
}

const eventsOf = (delivery: Delivery): ReadonlyArray<Event> | undefined => {
  const body = bodyOf(delivery)
  const batch = readBatch(body)
  const notice = readNotice(body)
  const read = batch !== undefined ? batchEvents(batch) : [notice && noticeEvent(notice, body)]
  const events = read.flatMap((event) => event ?? [])
  return events.length === read.length ? events : undefined
}

/** Adyen's standard webhooks, in JSON, and its tokenization webhooks. */
export const webhook = Webhook.make(Secret, {
  // docs.adyen.com/development-resources/webhooks: a 2xx, and formerly this text
  acknowledgement: { status: 200, contentType: "text/plain", body: "[accepted]" },
  verify,
  events: eventsOf,
  route: (delivery) => {
    const body = bodyOf(delivery)
    const batch = readBatch(body)
    const data = readNotice(body)?.data
    if (batch === undefined) {
      return (
        data && {
          account: data.merchantAccount ?? undefined,
          objectIds: [data.storedPaymentMethodId, data.pspReference].flatMap((id) => id ?? [])
        }
      )
    }
    const items = itemsOf(batch)
    const [account, ...others] = new Set(items.map(({ merchantAccountCode }) => merchantAccountCode))
    return {
      account: others.length === 0 ? account : undefined,
      objectIds: [
        ...new Set(
          items.flatMap(({ originalReference, pspReference }) => [originalReference || [], pspReference].flat())
        )
      ]
    }
  }
})
