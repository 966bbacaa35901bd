import { stripe } from "@connector-service/connectors/stripe/connector"
import Stripe from "stripe"
import { posted, type Receiver } from "../Deliveries.ts"

/** What Stripe's webhook scheme is, its own library defines. */
export const library = new Stripe("sk_test_unused")
/** The endpoint's secret. */
export const secret = "whsec_test"
/** When it is, in seconds since the epoch. */
export const at = 1_700_000_000
/** Who receives. */
export const receiver: Receiver = { webhook: stripe.webhook, secrets: [{ signingSecret: secret }], now: at * 1000 }

/** The header that Stripe's own library makes. */
export const signature = (payload: string, by = secret, timestamp = at): string =>
  library.webhooks.generateTestHeaderString({ payload, secret: by, timestamp })
/** A delivery that is signed so. */
export const signed = (body: string, ...more: Parameters<typeof signature> extends [string, ...infer M] ? M : never) =>
  posted(body, { "Stripe-Signature": signature(body, ...more) })

/** An event (docs.stripe.com/api/events/object). */
export const eventOf = (type: string, object: unknown, over: object = {}): string =>
  JSON.stringify({
    id: "evt_1NG8Du2eZvKYlo2CUI79vXWy",
    object: "event",
    api_version: "2019-02-19",
    created: 1686089970,
    data: { object },
    livemode: false,
    pending_webhooks: 0,
    request: { id: null, idempotency_key: null },
    type,
    ...over
  })
