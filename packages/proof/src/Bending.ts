import type { Reply } from "@connector-service/sandbox/Processor"
import { htmlPage } from "@connector-service/sandbox/Send"
import type { PlannedFault } from "./Faults.ts"

/** A page such as stands in front of a processor. */
const page = (status: number): Reply => htmlPage(status, String(status))

/** Statuses that a gateway in front of a processor gives by itself (RFC 9110, section 15.5). */
const gateway = [403, 404, 408, 413, 421] as const

const refusalOf = (size: number): Reply => page(gateway[Math.floor(size * gateway.length)] ?? 408)

/** A refusal of PayPal's, which is of this request alone, and not kept (the published files, 422). */
export const declined: Reply = {
  status: 422,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ name: "UNPROCESSABLE_ENTITY", details: [{ issue: "TRANSACTION_REFUSED" }] })
}

const jsonOf = (reply: Reply): unknown => (reply.body.startsWith("{") ? JSON.parse(reply.body) : undefined)

/** Status words, replaced by one that no processor lists. */
const statusNames = new Set(["status", "resultCode"])
const unlisted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(unlisted)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value).map(([name, inner]) => [
            name,
            statusNames.has(name) && typeof inner === "string" ? "under_review" : unlisted(inner)
          ])
        )
      : value

/** The longest that a list lags: an hour, as Stripe says of its search (docs.stripe.com/api/payment_intents/search). */
const longestLag = 3600

interface Listed {
  readonly data: ReadonlyArray<{ readonly created: number }>
}

/** A list as it was so long ago, from 0 for now to 1 for the longest that it may lag. */
export const lagging = (reply: Reply, size: number, now: number): Reply => {
  const list = reply.status < 300 ? (jsonOf(reply) as Listed) : undefined
  if (list === undefined) return reply
  const since = now / 1000 - size * longestLag
  return { ...reply, body: JSON.stringify({ ...list, data: list.data.filter(({ created }) => created < since) }) }
}

/** Whether a list goes on on another page. */
export const hasMore = ({ body }: Reply): boolean => body.includes('"has_more":true')

/** What comes in the place of a processor's reply; undefined where the fault leaves it as it is. */
export const bent = ({ kind, size }: PlannedFault, reply: Reply): Reply | undefined => {
  switch (kind) {
    case "4xx before":
    case "4xx after":
      return refusalOf(size)
    case "429 after":
      return page(429)
    case "502 before":
    case "502 after":
      return page(502)
    case "503 before":
    case "503 after":
      return page(503)
    case "html":
      return page(200)
    case "unlisted status": {
      const json = reply.status < 300 ? jsonOf(reply) : undefined
      return json === undefined ? undefined : { ...reply, body: JSON.stringify(unlisted(json)) }
    }
    default:
      return undefined
  }
}
