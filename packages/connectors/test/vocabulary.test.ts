import { readFileSync } from "node:fs"
import { asObject, lookUp } from "@connector-service/conformance/Json"
import { loadSpec } from "@connector-service/conformance/Specs"
import { adyen } from "@connector-service/connectors/adyen/connector"
import type { AnyConnector } from "@connector-service/connectors/Connector"
import { paypal } from "@connector-service/connectors/paypal/connector"
import { stripe } from "@connector-service/connectors/stripe/connector"
import { PaymentStatus } from "@connector-service/domain/Payment"
import { describe, expect, it } from "vitest"
import * as adyenReplies from "./adyen/replies.ts"
import { describeWithSpecs, read } from "./Examples.ts"
import * as paypalReplies from "./paypal/replies.ts"
import * as stripeReplies from "./stripe/replies.ts"

const page = readFileSync(new URL("../../../docs/vocabulary.md", import.meta.url), "utf8")
const row = /^\| (\w+) +\| (\w+) +\| `(\w+)` +\| `(\w+)` +\|$/gm
/** The page's rows: processor, what it is a status of, the raw status, ours. */
const rows = [...page.matchAll(row)].map(([, processor = "", of = "", raw = "", is = ""]) => ({
  processor,
  of,
  raw,
  is
}))

interface Reading {
  readonly connector: AnyConnector
  readonly flow: string
  readonly body: (raw: string) => object
}

const manual = { reference: "order-1", paymentId: "order-1", captureMethod: "MANUAL" }
const readings: Readonly<Record<string, Reading>> = {
  "stripe payment": {
    connector: stripe,
    flow: "payment.get",
    body: (status) => stripeReplies.intent({ status, amount_received: 0 })
  },
  "stripe refund": { connector: stripe, flow: "refund.get", body: (status) => stripeReplies.refund({ status }) },
  "adyen payment": {
    connector: adyen,
    flow: "payment.authorize",
    body: (resultCode) =>
      adyenReplies.authorised({
        resultCode,
        additionalData: { authorisedAmountCurrency: "EUR", authorisedAmountValue: "1000" }
      })
  },
  "adyen refund": {
    connector: adyen,
    flow: "refund.create",
    // the reader wants a body, and this one comes in an answer
    body: (status) => adyenReplies.received({ status }).body as object
  },
  "paypal order": { connector: paypal, flow: "payment.get", body: (status) => paypalReplies.open(status) },
  "paypal authorization": {
    connector: paypal,
    flow: "payment.get",
    body: (status) => paypalReplies.reserved({ status })
  },
  "paypal capture": {
    connector: paypal,
    flow: "payment.get",
    body: (status) => paypalReplies.orderOf({ captures: [paypalReplies.capture({ status })] })
  },
  "paypal refund": { connector: paypal, flow: "refund.get", body: (status) => paypalReplies.refund({ status }) }
}

const statusOf = (kind: string, raw: string): unknown => {
  const reading = readings[kind]
  if (reading === undefined) throw new Error(`the page names ${kind}, which nobody reads`)
  const { body, connector, flow } = reading
  const value = read(connector, { flow, input: manual, body: () => body(raw) })
  return asObject(value).status
}

describe("docs/vocabulary.md", () => {
  it.each(rows)("$processor: $of $raw is $is", ({ is, of, processor, raw }) => {
    expect(statusOf(`${processor} ${of}`, raw)).toBe(is)
  })

  it.each(Object.keys(readings))("a word that %s does not have is UNRECOGNIZED", (kind) => {
    for (const raw of ["brand_new", "", "constructor", "SUCCEEDED_LATER"]) {
      expect(statusOf(kind, raw)).toBe("UNRECOGNIZED")
    }
  })

  it("has a row for each unified status", () => {
    const named = [...page.matchAll(/^\| `(\w+)` +\|/gm)].map(([, status]) => status)
    expect(named).toEqual(expect.arrayContaining([...PaymentStatus.literals]))
  })
})

const stripeFile = "stripe/spec3-2023-09-12.json"
const orders = "paypal/checkout_orders_v2.json"
const payments = "paypal/payments_payment_v2.json"
const enumAt = (file: string, pointer: string): ReadonlyArray<string> => {
  const found = lookUp(loadSpec(file), pointer)
  if (!Array.isArray(found)) throw new Error(`${file} has no list at ${pointer}`)
  return found.map(String)
}
/** What each processor publishes; of refunds Stripe has the words in its documentation only (docs.stripe.com/api/refunds/object). */
const published: Readonly<Record<string, () => ReadonlyArray<string>>> = {
  "stripe payment": () => enumAt(stripeFile, "#/components/schemas/payment_intent/properties/status/enum"),
  "stripe refund": () => ["pending", "requires_action", "succeeded", "failed", "canceled"],
  "adyen payment": () =>
    enumAt("adyen/CheckoutService-v72.json", "#/components/schemas/PaymentResponse/properties/resultCode/enum"),
  "adyen refund": () =>
    enumAt("adyen/CheckoutService-v72.json", "#/components/schemas/PaymentRefundResponse/properties/status/enum"),
  "paypal order": () => enumAt(orders, "#/components/schemas/order_status/enum"),
  "paypal authorization": () => enumAt(payments, "#/components/schemas/authorization_status/properties/status/enum"),
  "paypal capture": () => enumAt(payments, "#/components/schemas/capture_status/properties/status/enum"),
  "paypal refund": () => enumAt(payments, "#/components/schemas/refund_status/properties/status/enum")
}

describeWithSpecs("the raw statuses of docs/vocabulary.md", () => {
  it.each(Object.entries(published))(
    "of %s are those that the processor publishes, no more and no less",
    (kind, words) => {
      const named = rows.filter(({ of, processor }) => `${processor} ${of}` === kind).map(({ raw }) => raw)
      expect(named.toSorted()).toEqual([...words()].toSorted())
    }
  )
})
