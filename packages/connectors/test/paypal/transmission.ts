import { sign } from "node:crypto"
import { crc32 } from "node:zlib"
import { type Certified, issue } from "../Certificate.ts"
import { posted } from "../Deliveries.ts"

/** A public authority, one below it, and PayPal's certificate by that one; made here, as PayPal's keys are its own. */
export const root = issue("root.example", { authority: true })
export const middle = issue("middle.example", { authority: true, by: root, kind: "rsa" })
export const paypals = issue("messageverificationcerts.paypal.com", { by: middle, kind: "rsa" })
export const chain = paypals.cert + middle.cert

export const webhookId = "1JE4291016473214C"
export const sentAt = "2026-01-01T00:00:00Z"
export const certificateUrl = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270"

/** The headers of a transmission. */
export interface Transmission {
  readonly id?: string
  readonly time?: string
  readonly url?: string
  readonly by?: Certified
  readonly webhook?: string
}

/** developer.paypal.com/api/rest/webhooks/rest: transmissionId|timeStamp|webhookId|crc32, signed by RSA with SHA-256. */
export const headersOf = (
  body: string | Uint8Array,
  {
    by = paypals,
    id = "69cd13f0-d67a-11e5-baa3-778b53f4ae55",
    time = sentAt,
    url = certificateUrl,
    webhook = webhookId
  }: Transmission = {}
): Readonly<Record<string, string>> => ({
  "PAYPAL-TRANSMISSION-ID": id,
  "PAYPAL-TRANSMISSION-TIME": time,
  "PAYPAL-TRANSMISSION-SIG": sign(
    "sha256",
    Buffer.from(`${id}|${time}|${webhook}|${crc32(body)}`),
    by.privateKey
  ).toString("base64"),
  "PAYPAL-CERT-URL": url,
  "PAYPAL-AUTH-ALGO": "SHA256withRSA"
})

/** An event as PayPal posts it. */
export const transmitted = (body: string, transmission: Transmission = {}) =>
  posted(body, headersOf(body, transmission))

/** The frame of every event (`notifications_webhooks_v1.json`). */
export const eventOf = (event_type: string, resource: unknown, over: object = {}): string =>
  JSON.stringify({
    id: "WH-58D329510W468432D-8HN650336L201105X",
    event_version: "1.0",
    create_time: "2019-02-14T21:50:07.940Z",
    resource_type: "capture",
    resource_version: "2.0",
    event_type,
    summary: "Something happened",
    resource,
    ...over
  })

/** developer.paypal.com/api/rest/webhooks/event-names: a capture, with what it belongs to. */
export const captured = {
  id: "27M47624FP291604U",
  amount: { currency_code: "USD", value: "2.51" },
  final_capture: true,
  status: "COMPLETED",
  invoice_id: "capture-1",
  payee: { email_address: "merchant@example.com", merchant_id: "3SQBR4YEWZ4BA" },
  supplementary_data: { related_ids: { order_id: "5O190127TN364715T", authorization_id: "7W5147081L658180V" } },
  links: [
    { href: "https://api.paypal.com/v2/payments/captures/27M47624FP291604U", rel: "self", method: "GET" },
    { href: "https://api.paypal.com/v2/payments/authorizations/7W5147081L658180V", rel: "up", method: "GET" }
  ]
}
