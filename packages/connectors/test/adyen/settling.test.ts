import { adyen } from "@connector-service/connectors/adyen/connector"
import type { Unsettled } from "@connector-service/domain/Settlement"
import { settle } from "@connector-service/webhooks/Settling"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { type Receiver, received } from "../Deliveries.ts"
import { item, key, signedBatch } from "./notifications.ts"

const receiver: Receiver = { webhook: adyen.webhook, secrets: [{ hmacKey: key }], now: 0 }
const payment = "9913140798220028"
const later = { originalReference: payment, merchantReference: "write-1" }
const unknown = (flow: string, over: Partial<Unsettled> = {}): Unsettled => ({
  flow,
  reference: "write-1",
  attempt: 1,
  amount: { minorUnits: 1000n, currencyCode: "EUR" },
  ...over
})
const outcome = (unsettled: Unsettled, over: Parameters<typeof item>[0]) =>
  settle(unsettled, received(receiver, signedBatch(item(over)))).pipe(
    Effect.match({ onFailure: ({ _tag }) => ({ _tag }), onSuccess: (settlement) => settlement }),
    Effect.runSync
  )
const still = { _tag: "StillUnknown", awaitWebhook: true }

describe("a write at Adyen whose outcome was unknown", () => {
  it("is settled by its webhook, whether it was authorized or refused", () => {
    const authorize = unknown("payment.authorize")
    expect(outcome(authorize, { merchantReference: "write-1" })).toMatchObject({
      _tag: "Taken",
      found: { _tag: "Payment", payment: { paymentId: "QFQTPCQ8HXSKGK82", status: "AUTHORIZED" } }
    })
    expect(outcome(authorize, { merchantReference: "write-1", success: "false" })).toMatchObject({
      _tag: "Taken",
      found: { payment: { status: "DECLINED" } }
    })
  })

  it("is settled by what became of its capture, void, reversal or refund", () => {
    const of = { paymentId: payment }
    for (const [flow, eventCode, found] of [
      ["payment.capture", "CAPTURE", { capture: { status: "SUCCEEDED", captureId: "QFQTPCQ8HXSKGK82" } }],
      ["payment.capture", "CAPTURE_FAILED", { capture: { status: "FAILED" } }],
      ["payment.void", "CANCELLATION", { payment: { status: "VOIDED", paymentId: payment } }],
      ["payment.reverse", "TECHNICAL_CANCEL", { payment: { status: "VOIDED" } }],
      ["payment.reverse", "REFUND", { refund: { status: "SUCCEEDED" } }],
      ["refund.create", "REFUND", { refund: { status: "SUCCEEDED", refundId: "QFQTPCQ8HXSKGK82" } }]
    ] as const) {
      expect(outcome(unknown(flow, of), { ...later, eventCode })).toMatchObject({ _tag: "Taken", found })
    }
  })

  it("is settled where it went on with a payment that had no id yet", () => {
    const complete = unknown("payment.complete", { reference: "step-2", paymentId: "order-1" })
    expect(outcome(complete, { merchantReference: "order-1" })).toMatchObject({
      found: { payment: { status: "AUTHORIZED" } }
    })
    expect(outcome(complete, { merchantReference: "order-2" })).toEqual(still)
  })

  it("is not settled by another's webhook", () => {
    const of = { paymentId: payment }
    for (const [unsettled, over] of [
      [unknown("payment.authorize"), { merchantReference: "write-2" }],
      [unknown("payment.authorize"), { ...later, eventCode: "CAPTURE" }],
      [unknown("payment.capture", of), { ...later, eventCode: "REFUND" }],
      [unknown("payment.capture", of), { ...later, eventCode: "CAPTURE", originalReference: "1" }],
      [unknown("refund.create", of), { ...later, eventCode: "REFUND", merchantReference: "write-2" }],
      [unknown("payment.void", of), { ...later, eventCode: "CANCELLATION", success: "false" }],
      [unknown("payment.void", of), { ...later, eventCode: "CANCELLATION", originalReference: "1" }],
      [unknown("constructor"), { merchantReference: "write-1" }]
    ] as const) {
      expect(outcome(unsettled, over)).toEqual(still)
    }
  })

  it("is not settled by its reference where an earlier attempt had the same", () => {
    expect(outcome(unknown("payment.authorize", { attempt: 2 }), { merchantReference: "write-1" })).toEqual(still)
    const of = { paymentId: payment, attempt: 2 }
    for (const [flow, eventCode] of [
      ["payment.capture", "CAPTURE"],
      ["refund.create", "REFUND"]
    ] as const) {
      expect(outcome(unknown(flow, of), { ...later, eventCode })).toEqual(still)
    }
    expect(outcome(unknown("payment.void", of), { ...later, eventCode: "CANCELLATION" })).toMatchObject({
      _tag: "Taken"
    })
  })

  it("fails where another amount was taken than was asked", () => {
    const amount = { currency: "EUR", value: 999 }
    expect(outcome(unknown("payment.authorize"), { merchantReference: "write-1", amount })).toEqual({
      _tag: "AmountMismatch"
    })
    // nothing was taken, so that there is nothing to compare
    expect(
      outcome(unknown("payment.authorize"), { merchantReference: "write-1", amount, success: "false" })
    ).toMatchObject({
      _tag: "Taken"
    })
  })
})
