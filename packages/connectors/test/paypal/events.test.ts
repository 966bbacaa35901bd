import { checks } from "@connector-service/conformance/Check"
import { asArray, asObject, asString } from "@connector-service/conformance/Json"
import { loadSpec } from "@connector-service/conformance/Specs"
import { paypal } from "@connector-service/connectors/paypal/connector"
import { webhookOf } from "@connector-service/connectors/paypal/webhook"
import type { Event } from "@connector-service/domain/Event"
import { DateTime } from "effect"
import { describe, expect, it } from "vitest"
import { type Receiver, receive, received } from "../Deliveries.ts"
import { describeWithSpecs } from "../Examples.ts"
import { captured, chain, eventOf, root, sentAt, transmitted, webhookId } from "./transmission.ts"

const receiver: Receiver = {
  webhook: webhookOf(() => [root.cert]),
  secrets: [{ webhookId, environment: "live", certificates: chain }],
  now: sentAt
}
const read = (type: string, resource: unknown): Event => received(receiver, transmitted(eventOf(type, resource)))
const usd = (minorUnits: bigint) => ({ minorUnits, currencyCode: "USD" })

describe("an event of PayPal's", () => {
  it("of an order is its payment", () => {
    // developer.paypal.com/docs/api/orders/v2, "Create order", approved
    const order = {
      id: "5O190127TN364715T",
      intent: "CAPTURE",
      status: "APPROVED",
      purchase_units: [
        {
          reference_id: "default",
          invoice_id: "order-1",
          amount: { currency_code: "USD", value: "100.00" },
          payee: { merchant_id: "3SQBR4YEWZ4BA" }
        }
      ]
    }
    expect(read("CHECKOUT.ORDER.APPROVED", order)).toMatchObject({
      _tag: "Payment",
      account: "3SQBR4YEWZ4BA",
      payment: {
        paymentId: "5O190127TN364715T",
        status: "REQUIRES_ACTION",
        rawStatus: "APPROVED",
        final: false,
        reference: "order-1",
        amount: usd(10_000n)
      }
    })
  })

  it("of an authorization is its payment, with what a capture needs", () => {
    const { final_capture: _, id: __, ...rest } = captured
    const authorization = { ...rest, id: "7W5147081L658180V", status: "CREATED" }
    expect(read("PAYMENT.AUTHORIZATION.CREATED", authorization)).toMatchObject({
      _tag: "Payment",
      payment: {
        paymentId: "5O190127TN364715T",
        status: "AUTHORIZED",
        authorizationId: "7W5147081L658180V",
        state: { authorizationId: "7W5147081L658180V", authorized: "2.51 USD" }
      }
    })
    expect(read("PAYMENT.AUTHORIZATION.VOIDED", { ...authorization, status: "VOIDED" })).toMatchObject({
      payment: { status: "VOIDED", final: true }
    })
  })

  it("of a capture says where that stands", () => {
    const statuses = { PENDING: "PENDING", DECLINED: "FAILED", COMPLETED: "SUCCEEDED", DREAMING: "UNRECOGNIZED" }
    for (const [status, means] of Object.entries(statuses)) {
      expect(read("PAYMENT.CAPTURE.PENDING", { ...captured, status })).toMatchObject({
        _tag: "Capture",
        capture: { status: means, rawStatus: status, paymentId: "5O190127TN364715T" }
      })
    }
  })

  it("of a capture is found its order by the link, in older ones, and has none where none is told", () => {
    const { supplementary_data: _, ...older } = captured
    const up = { href: "https://api.paypal.com/v2/checkout/orders/5O190127TN364715T", rel: "up" }
    expect(read("PAYMENT.CAPTURE.COMPLETED", { ...older, links: [up] })).toMatchObject({
      capture: { paymentId: "5O190127TN364715T" }
    })
    expect(read("PAYMENT.CAPTURE.COMPLETED", older)).toMatchObject({
      capture: { paymentId: "", captureId: "27M47624FP291604U" }
    })
  })

  it("of what is given back of a capture is that refund", () => {
    const refund = {
      id: "1Y107995YT783435V",
      amount: { currency_code: "USD", value: "1.51" },
      status: "COMPLETED",
      invoice_id: "refund-1",
      supplementary_data: { related_ids: { order_id: "5O190127TN364715T" } }
    }
    for (const type of ["PAYMENT.CAPTURE.REFUNDED", "PAYMENT.CAPTURE.REVERSED"]) {
      expect(read(type, refund)).toMatchObject({
        _tag: "Refund",
        refund: {
          refundId: "1Y107995YT783435V",
          paymentId: "5O190127TN364715T",
          status: "SUCCEEDED",
          reference: "refund-1",
          amount: usd(151n)
        }
      })
    }
  })

  it("of a dispute says for whom it was resolved", () => {
    // `customer_disputes_v1.json`: status, outcome_code, seller_response_due_date
    const dispute = {
      dispute_id: "PP-D-27803",
      reason: "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
      status: "WAITING_FOR_SELLER_RESPONSE",
      dispute_amount: { currency_code: "USD", value: "3.00" },
      seller_response_due_date: "2026-01-20T00:00:00.000Z",
      disputed_transactions: [{ seller_transaction_id: "27M47624FP291604U" }]
    }
    expect(read("CUSTOMER.DISPUTE.CREATED", dispute)).toMatchObject({
      _tag: "Dispute",
      dispute: {
        disputeId: "PP-D-27803",
        status: "NEEDS_RESPONSE",
        rawStatus: "WAITING_FOR_SELLER_RESPONSE",
        captureId: "27M47624FP291604U",
        amount: usd(300n),
        reason: "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
        respondBy: DateTime.makeUnsafe("2026-01-20T00:00:00Z")
      }
    })
    const outcomes = { RESOLVED_BUYER_FAVOUR: "LOST", RESOLVED_SELLER_FAVOUR: "WON", RESOLVED_WITH_PAYOUT: "CLOSED" }
    for (const [outcome_code, status] of Object.entries(outcomes)) {
      const resolved = { ...dispute, status: "RESOLVED", dispute_outcome: { outcome_code } }
      expect(read("CUSTOMER.DISPUTE.RESOLVED", resolved)).toMatchObject({ dispute: { status } })
    }
  })

  it("of a kept payment method says whether it pays again", () => {
    // `vault_payment_tokens_v3.json`: payment_token_response
    const token = { id: "8kk8451t", customer: { id: "customer_4029352050" }, payment_source: { card: {} } }
    expect(read("VAULT.PAYMENT-TOKEN.CREATED", token)).toMatchObject({
      _tag: "PaymentMethod",
      paymentMethod: { paymentMethodId: "8kk8451t", status: "ACTIVE", customerId: "customer_4029352050" }
    })
    expect(read("VAULT.PAYMENT-TOKEN.DELETED", { id: "8kk8451t" })).toMatchObject({
      paymentMethod: { paymentMethodId: "8kk8451t", status: "INACTIVE" }
    })
  })

  it("of a payout says where that stands", () => {
    // `payments_payouts_batch_v1.json`: payout_item, transaction_enum
    const item = {
      payout_item_id: "8AELMXH8UB2P8",
      transaction_status: "UNCLAIMED",
      payout_item: { amount: { currency: "USD", value: "9.87" }, sender_item_id: "201403140001" }
    }
    expect(read("PAYMENT.PAYOUTS-ITEM.UNCLAIMED", item)).toMatchObject({
      _tag: "Payout",
      payout: { payoutId: "8AELMXH8UB2P8", status: "PENDING", reference: "201403140001", amount: usd(987n) }
    })
  })

  it("of another kind, or not what is documented, is Other", () => {
    expect(read("BILLING.SUBSCRIPTION.CREATED", { id: "I-BW452GLLEP1G" })).toMatchObject({
      _tag: "Other",
      problem: undefined
    })
    expect(read("PAYMENT.CAPTURE.COMPLETED", { ...captured, amount: { total: "1" } })).toMatchObject({
      _tag: "Other",
      problem: expect.any(String)
    })
    for (const body of ["{}", "[]", eventOf("X", {}, { create_time: "yesterday" })]) {
      expect(receive(receiver, transmitted(body))).toBe("Unreadable")
    }
  })
})

describeWithSpecs("PayPal's published events", () => {
  it(
    "are none of ours, as they are of its first version",
    checks({ connector: paypal.id, flow: "webhook", kind: "example" }),
    () => {
      const bodies: Array<string> = []
      const walk = (node: unknown): void => {
        const object = asObject(node)
        if (asString(object.event_type) !== undefined && "resource" in object) bodies.push(JSON.stringify(object))
        for (const child of Array.isArray(node) ? asArray(node) : Object.values(object)) walk(child)
      }
      walk(loadSpec("paypal/notifications_webhooks_v1.json").paths)
      expect(bodies.length).toBeGreaterThan(0)
      for (const body of bodies) {
        expect(received(receiver, transmitted(body))).toMatchObject({ _tag: "Other", problem: undefined })
      }
    }
  )
})
