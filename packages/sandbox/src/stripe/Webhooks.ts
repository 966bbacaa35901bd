import { createHmac } from "node:crypto"
import { type Courier, type Happened, hour, minute } from "../Happened.ts"
import { newId } from "../Random.ts"

/** What an event tells of the request that caused it. */
export interface Cause {
  readonly version: string
  readonly idempotencyKey: string | null
  /** Seconds since 1970. */
  readonly now: number
}

/** An event about an object as it is now (docs.stripe.com/api/events/object). */
export const eventOf = (type: string, object: object, { idempotencyKey, now, version }: Cause): Happened => {
  const id = newId("evt_3")
  const body = JSON.stringify({
    id,
    object: "event",
    api_version: version,
    created: now,
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: newId("req_"), idempotency_key: idempotencyKey },
    type
  })
  return { id, type, body: () => body }
}

/**
 * docs.stripe.com/webhooks: of a sandbox an event is tried three times more over a few hours (the intervals are not
 * published), each time with a timestamp and a signature of its own; docs.stripe.com/webhooks/signature: the HMAC-SHA256
 * of "timestamp.body" by the whole secret, in hexadecimal.
 */
export const courier: Courier = {
  secret: "whsec_sandbox",
  form: /^whsec_[\x21-\x7e]{1,250}$/,
  says: "text that begins with whsec_",
  waits: [10 * minute, hour, 2 * hour],
  headers: (secret, body, { now }) => {
    const seconds = Math.floor(now / 1000)
    const signature = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")
    return {
      "Content-Type": "application/json; charset=utf-8",
      "Stripe-Signature": `t=${seconds},v1=${signature}`,
      "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)"
    }
  }
}
