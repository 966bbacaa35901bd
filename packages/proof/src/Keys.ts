import { type ConnectorId, type Exchanged, isKeyed, isWrite } from "./Faults.ts"
import type { Exchange, History } from "./History.ts"

const hour = 3_600_000

/**
 * How long the processors say that they remember a key: docs.stripe.com/api/idempotent_requests (24 hours),
 * docs.adyen.com/development-resources/api-idempotency (7 days), and the descriptions of PayPal-Request-Id in PayPal's
 * published files of Orders (6 hours) and Payments (45 days).
 */
export const retentionOf = (connector: ConnectorId, exchanged: Exchanged): number =>
  connector === "stripe"
    ? 24 * hour
    : connector === "adyen"
      ? 7 * 24 * hour
      : exchanged === "authorize" || exchanged === "complete"
        ? 6 * hour
        : 45 * 24 * hour

/** Ends of a sending after which the processor has surely not acted. */
const harmless: ReadonlySet<Exchange["ended"]> = new Set(["not sent", "turned away", "unauthorized"])

/** How far clocks may be from each other, in milliseconds (docs/money-safety.md). */
const clockSkew = 300_000

/** How often a request is turned away for its access token before that is an answer: the second time with a fresh one. */
const mostUnauthorized = 2

/** Invariant 5: a write has its key, always the same, and is repeated only where a repeat cannot take again. */
export const watchSending = (history: History, exchange: Exchange, connector: ConnectorId): void => {
  const { call, exchanged, key, startedAt } = exchange
  const { operation } = call
  const wrong = (what: string): void => history.violated(5, operation, `${exchanged}: ${what}`)
  if (!isWrite(exchanged) && operation.flow !== "get") return
  const last = call.exchanges.filter((other) => other.exchanged === exchanged).slice(-mostUnauthorized)
  const [first] = last
  if (first !== undefined && last.length === mostUnauthorized && last.every(({ ended }) => ended === "unauthorized")) {
    // where no token was to be had, another sending of the write begins with one of its own
    const without = history.exchanges.some(
      (other) => other.exchanged === "token" && other.endedAt >= first.endedAt && other.status !== 200
    )
    if (!without) wrong("sent again after the processor had refused a fresh token too")
  }
  if (!isWrite(exchanged)) return
  if (call.endedAt !== undefined) wrong("sent when its caller did not wait any more")
  const keyed = isKeyed(connector, exchanged)
  if (keyed && key === undefined) wrong("sent without its key")
  const retention = keyed ? retentionOf(connector, exchanged) : 0
  const sending = history.exchanges.filter(
    (other) =>
      other.exchanged === exchanged && other.call.operation === operation && other.call.attempt === call.attempt
  )
  if (keyed && sending.some((other) => other.key !== key)) wrong("sent again under another key")
  if (sending.some(({ host }) => host !== exchange.host)) wrong("sent again to another address")
  // who asks for another amount, or gives other things, has another content; who asks for the same has not
  if (sending.some(({ body, call: { asked } }) => asked === call.asked && body !== exchange.body))
    wrong("sent again with other content")
  const shared = history.exchanges.find(
    (other) =>
      key !== undefined &&
      other.key === key &&
      // Adyen has one space of keys for all accounts of a company
      (connector === "adyen" || other.call.operation.account === operation.account) &&
      (other.call.operation.flow !== operation.flow ||
        other.call.operation.account !== operation.account ||
        other.call.operation.order !== operation.order ||
        other.call.operation.reference !== operation.reference ||
        other.call.attempt !== call.attempt)
  )
  if (shared !== undefined) wrong(`sent under the key of ${shared.call.operation.name}`)
  const firstSent = call.firstSentAt ?? call.startedAt
  // without a key there is a void of PayPal's alone, which a caller may repeat: a second one is told PREVIOUSLY_VOIDED
  if (keyed && call.firstSentAt !== undefined && startedAt - firstSent >= retention)
    wrong("sent after its key was forgotten")
  const risky = sending.filter((other) => other.call === call && !harmless.has(other.ended))
  if (risky.length === 0) return
  if (!keyed) wrong("sent again without a key")
  if (startedAt - firstSent >= retention / 2 + clockSkew) wrong("sent again past half of its key's retention")
}
