import type { Delivery } from "@connector-service/domain/Delivery"
import { couriers } from "@connector-service/sandbox/Deliveries"

/** The processors whose webhooks are fuzzed. */
export const connectors = ["stripe", "adyen", "paypal"] as const
/** One of them. */
export type ConnectorId = (typeof connectors)[number]

/** A delivery as a processor makes it. */
export interface Genuine {
  readonly connector: ConnectorId
  /** The processor's word for what it tells. */
  readonly type: string
  readonly delivery: Delivery
}

/** The moment at which everything is delivered: milliseconds since 1970. */
export const now = Date.UTC(2026, 0, 1)

/** The secret of a processor's endpoint in the sandbox. */
export const secretOf = (connector: ConnectorId): string => couriers.get(connector)?.secret ?? ""

const uuid = "69cd13f0-d67a-11e5-baa3-778b53f4ae55"

/** The headers with which a processor sends a body. */
export const headersOf = (connector: ConnectorId, body: string): ReadonlyArray<readonly [string, string]> =>
  Object.entries({
    Host: "shop.example",
    "Content-Length": String(Buffer.byteLength(body)),
    ...couriers.get(connector)?.headers(secretOf(connector), body, { id: uuid, first: now, now })
  })

/** A delivery of a body, as a processor sends it. */
export const deliver = (connector: ConnectorId, body: string): Delivery => ({
  method: "POST",
  url: `/webhooks/${connector}/sandbox`,
  headers: headersOf(connector, body),
  body: Buffer.from(body)
})
