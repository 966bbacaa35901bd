import { hmacValidator } from "@adyen/api-library"
import { adyen } from "@connector-service/connectors/adyen/connector"
import { webhookOf } from "@connector-service/connectors/paypal/webhook"
import { DisputeStatus } from "@connector-service/domain/Dispute"
import type { Event } from "@connector-service/domain/Event"
import { MandateStatus } from "@connector-service/domain/Mandate"
import { OperationStatus } from "@connector-service/domain/Payment"
import { describe, expect, it } from "vitest"
import { item, key, signedBatch } from "./adyen/notifications.ts"
import { posted, type Receiver, received } from "./Deliveries.ts"
import { codesOf, pageOf, tablesOf } from "./Pages.ts"
import { chain, eventOf as paypalEvent, root, sentAt, transmitted, webhookId } from "./paypal/transmission.ts"
import { receiver as ofStripe, signed, eventOf as stripeEvent } from "./stripe/deliveries.ts"

const ofAdyen: Receiver = { webhook: adyen.webhook, secrets: [{ hmacKey: key }], now: 0 }
const ofPaypal: Receiver = {
  webhook: webhookOf(() => [root.cert]),
  secrets: [{ webhookId, environment: "live", certificates: chain }],
  now: sentAt
}
const byStripe = (type: string, object: object) => received(ofStripe, signed(stripeEvent(type, object)))
const byAdyen = (eventCode: string) => received(ofAdyen, signedBatch(item({ eventCode })))
const byPaypal = (type: string, resource: object) => received(ofPaypal, transmitted(paypalEvent(type, resource)))

/** A notice of Adyen's token webhooks (`adyen/TokenizationNotification-v1.json`), signed by its own library. */
const noticed = (type: string) => {
  const data = { merchantAccount: "ShopECOM", storedPaymentMethodId: "M5N7TQ4TG5PFWR50", type: "visa" }
  const text = JSON.stringify({ createdAt: "2025-01-01T00:00:00Z", environment: "test", eventId: "e-1", type, data })
  return received(ofAdyen, posted(text, { hmacsignature: new hmacValidator().calculateHmac(text, key) }))
}

const money = { amount: 1000, currency: "usd" }
const outcomes = /^(?:RESOLVED_|CANCELED_)/
type Reads = Readonly<Record<string, (word: string) => Event>>

/** An event in which the processor says a word, by the table it stands in (the objects of each processor's reference). */
const disputes: Reads = {
  stripe: (status) => byStripe("charge.dispute.updated", { id: "dp_1", object: "dispute", ...money, status }),
  adyen: byAdyen,
  paypal: (word) =>
    byPaypal("CUSTOMER.DISPUTE.UPDATED", {
      dispute_id: "PP-D-27803",
      status: outcomes.test(word) ? "RESOLVED" : word,
      ...(outcomes.test(word) && { dispute_outcome: { outcome_code: word } })
    })
}
const payouts: Reads = {
  stripe: (status) => byStripe("payout.updated", { id: "po_1", object: "payout", ...money, status }),
  adyen: byAdyen,
  paypal: (transaction_status) =>
    byPaypal("PAYMENT.PAYOUTS-ITEM.UNCLAIMED", { payout_item_id: "8AELMXH8UB2P8", transaction_status })
}
const mandates: Reads = {
  stripe: (status) => byStripe("mandate.updated", { id: "mandate_1", object: "mandate", status })
}
const kept: Reads = {
  stripe: (type) => byStripe(type, { id: "pm_1", object: "payment_method" }),
  adyen: (word) => (word.startsWith("recurring.") ? noticed(word) : byAdyen(word)),
  paypal: (type) => byPaypal(type, { id: "8kk8451t" })
}

const statusOf = (event: Event): string => {
  if (event._tag === "Dispute") return event.dispute.status
  if (event._tag === "Payout") return event.payout.status
  if (event._tag === "Mandate") return event.mandate.status
  return event._tag === "PaymentMethod" ? event.paymentMethod.status : event._tag
}

/** In the order of the page's tables, with the statuses that each must have. */
const expected = [
  ["disputes", disputes, DisputeStatus.literals],
  ["payouts", payouts, OperationStatus.literals],
  ["mandates", mandates, MandateStatus.literals],
  ["kept payment methods", kept, ["ACTIVE", "INACTIVE"]]
] as const

const tables = tablesOf(pageOf("docs/vocabulary.md"), "Told by webhooks alone")

describe.each(expected.map((row, at) => [...row, tables[at]] as const))(
  "docs/vocabulary.md, %s",
  (_name, reads, statuses, table = { head: [], lines: [] }) => {
    it("have a row for each status that is recognized", () => {
      expect(table.lines.map(([status]) => status)).toEqual(statuses.filter((status) => status !== "UNRECOGNIZED"))
    })

    const words = table.lines.flatMap(([status = "", ...cells]) =>
      cells.flatMap((cell, at) => codesOf(cell).map((word) => [table.head[at + 1] ?? "", word, status] as const))
    )
    it.each(words)("%s's %s is %s", (connector, word, status) => {
      expect(statusOf(reads[connector]?.(word) as Event)).toBe(status)
    })
  }
)

it("any other word is not recognized", () => {
  for (const read of [disputes.stripe, disputes.paypal, payouts.stripe, payouts.paypal, mandates.stripe]) {
    expect(statusOf(read?.("DREAMING") as Event)).toBe("UNRECOGNIZED")
  }
})
