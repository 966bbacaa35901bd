import { hmacValidator } from "@adyen/api-library"
import { checks } from "@connector-service/conformance/Check"
import { asArray, asObject, asString } from "@connector-service/conformance/Json"
import { loadSpec } from "@connector-service/conformance/Specs"
import { adyen } from "@connector-service/connectors/adyen/connector"
import type { Event } from "@connector-service/domain/Event"
import { describe, expect, it } from "vitest"
import { posted, type Receiver, received } from "../Deliveries.ts"
import { describeWithSpecs } from "../Examples.ts"
import { pageOf, tablesOf } from "../Pages.ts"
import { batch, item, key, signed, signedBatch } from "./notifications.ts"

const receiver: Receiver = { webhook: adyen.webhook, secrets: [{ hmacKey: key }], now: 0 }
const read = (over: Parameters<typeof item>[0]): Event => received(receiver, signedBatch(item(over)))

/** A payment that was asked about before, and an operation on it. */
const later = { originalReference: "9913140798220028", pspReference: "QFQTPCQ8HXSKGK82" }

describe("an event of Adyen's", () => {
  it("of a refused payment is a decline, with Adyen's reason", () => {
    // docs.adyen.com/development-resources/webhooks/webhook-types: success false, and reason says why
    expect(read({ success: "false", reason: "Refused" })).toMatchObject({
      _tag: "Payment",
      payment: {
        paymentId: "QFQTPCQ8HXSKGK82",
        status: "DECLINED",
        final: true,
        rawStatus: "AUTHORISATION false",
        reference: "YOUR_MERCHANT_REFERENCE",
        decline: { code: "DO_NOT_HONOR", rawCode: "2", rawMessage: "Refused" }
      }
    })
    expect(read({ success: "false", reason: "a new one" })).toMatchObject({
      payment: { decline: { code: "UNRECOGNIZED", rawCode: "", rawMessage: "a new one" } }
    })
  })

  it("of a debit is pending, as the payer's bank is yet to be asked", () => {
    // docs.adyen.com/payment-methods/sepa-direct-debit: sepadirectdebit
    expect(read({ paymentMethod: "sepadirectdebit" })).toMatchObject({
      payment: { status: "PENDING", final: false, amountAuthorized: undefined, state: {} }
    })
    expect(read({ paymentMethod: "sepadirectdebit", success: "false" })).toMatchObject({
      payment: { status: "DECLINED" }
    })
  })

  it("of a capture names the payment, the capture and its reference", () => {
    expect(read({ ...later, eventCode: "CAPTURE" })).toMatchObject({
      _tag: "Capture",
      capture: {
        paymentId: "9913140798220028",
        captureId: "QFQTPCQ8HXSKGK82",
        status: "SUCCEEDED",
        reference: "YOUR_MERCHANT_REFERENCE",
        amount: { minorUnits: 1000n, currencyCode: "EUR" },
        paymentStatus: "UNRECOGNIZED"
      }
    })
    expect(read({ ...later, eventCode: "CAPTURE", success: "false" })).toMatchObject({ capture: { status: "FAILED" } })
    // sent with success true: that it failed is what came to pass
    expect(read({ ...later, eventCode: "CAPTURE_FAILED" })).toMatchObject({ capture: { status: "FAILED" } })
  })

  it("of a refund says why it failed, and only then", () => {
    const reason = "Transaction hasn't been captured, refund not possible"
    expect(read({ ...later, eventCode: "REFUND", success: "false", reason })).toMatchObject({
      _tag: "Refund",
      refund: { paymentId: "9913140798220028", refundId: "QFQTPCQ8HXSKGK82", status: "FAILED", failureReason: reason }
    })
    expect(read({ ...later, eventCode: "REFUND" })).toMatchObject({
      refund: { status: "SUCCEEDED", failureReason: undefined }
    })
  })

  it("of a cancellation that did not come to pass says nothing of where the payment stands", () => {
    expect(read({ ...later, eventCode: "CANCELLATION" })).toMatchObject({
      payment: { paymentId: "9913140798220028", status: "VOIDED", final: true }
    })
    expect(read({ ...later, eventCode: "CANCELLATION", success: "false" })).toMatchObject({
      payment: { paymentId: "9913140798220028", status: "UNRECOGNIZED", final: false }
    })
  })

  it("of a reversal is what Adyen made of it", () => {
    const reversal = (success: string, action?: string) =>
      read({
        ...later,
        eventCode: "CANCEL_OR_REFUND",
        success,
        ...(action && { additionalData: { "modification.action": action } })
      })
    expect(reversal("true", "cancel")).toMatchObject({ _tag: "Payment", payment: { status: "VOIDED" } })
    expect(reversal("true", "refund")).toMatchObject({ _tag: "Refund", refund: { status: "SUCCEEDED" } })
    expect(reversal("true")).toMatchObject({ _tag: "Payment", payment: { status: "UNRECOGNIZED" } })
    expect(reversal("false")).toMatchObject({ _tag: "Payment", payment: { status: "UNRECOGNIZED", final: false } })
  })

  it("counts minor units as Adyen does", () => {
    // docs.adyen.com/development-resources/currency-codes: two decimals for ISK
    expect(read({ amount: { currency: "ISK", value: 1000 } })).toMatchObject({
      payment: { amount: { minorUnits: 10n, currencyCode: "ISK" } }
    })
  })
})

/** What each published example is, from the description of its event in the same file. */
const meanings: Readonly<Record<string, string>> = {
  "ach.notificationOfChange": "Other",
  AUTHORISATION: "Payment AUTHORIZED",
  AUTHORISATION_ADJUSTMENT: "Other",
  AUTORESCUE: "Other",
  CANCELLATION: "Payment VOIDED",
  CANCEL_AUTORESCUE: "Other",
  CANCEL_OR_REFUND: "Payment VOIDED",
  CAPTURE: "Capture SUCCEEDED",
  CAPTURE_FAILED: "Capture FAILED",
  CHARGEBACK: "Dispute OPEN",
  CHARGEBACK_REVERSED: "Dispute UNDER_REVIEW",
  "eft.notificationOfChange": "Other",
  DISPUTE_DEFENSE_PERIOD_ENDED: "Dispute LOST",
  EXPIRE: "Payment EXPIRED",
  INFORMATION_SUPPLIED: "Dispute UNDER_REVIEW",
  ISSUER_COMMENTS: "Other",
  ISSUER_RESPONSE_TIMEFRAME_EXPIRED: "Dispute WON",
  MANUAL_REVIEW_ACCEPT: "Other",
  MANUAL_REVIEW_REJECT: "Other",
  NOTIFICATION_OF_CHARGEBACK: "Dispute OPEN",
  NOTIFICATION_OF_FRAUD: "Other",
  OFFER_CLOSED: "Payment EXPIRED",
  ORDER_CLOSED: "Other",
  ORDER_OPENED: "Other",
  PAIDOUT_REVERSED: "Payout FAILED",
  PAYOUT_DECLINE: "Payout FAILED",
  PAYOUT_EXPIRE: "Payout FAILED",
  PAYOUT_THIRDPARTY: "Payout SUCCEEDED",
  POSTPONED_REFUND: "Refund PENDING",
  PREARBITRATION_LOST: "Dispute LOST",
  PREARBITRATION_WON: "Dispute WON",
  RECURRING_CONTRACT: "PaymentMethod ACTIVE",
  REFUND: "Refund FAILED",
  REFUNDED_REVERSED: "Refund FAILED",
  REFUND_FAILED: "Refund FAILED",
  REFUND_WITH_DATA: "Refund SUCCEEDED",
  REPORT_AVAILABLE: "Other",
  REQUEST_FOR_INFORMATION: "Dispute NEEDS_RESPONSE",
  SECOND_CHARGEBACK: "Dispute LOST",
  TECHNICAL_CANCEL: "Payment VOIDED",
  VOID_PENDING_REFUND: "Other",
  "recurring.token.alreadyExisting": "PaymentMethod ACTIVE",
  "recurring.token.created": "PaymentMethod ACTIVE",
  "recurring.token.disabled": "PaymentMethod INACTIVE",
  "recurring.token.updated": "PaymentMethod ACTIVE"
}

/** An event in two words: what it is about, and where that stands. */
const summary = (event: Event): string => {
  const subject = Object.values(event).find((part) => typeof part === "object" && part !== null && "status" in part)
  return subject === undefined ? event._tag : `${event._tag} ${subject.status}`
}

const examples = (): ReadonlyArray<readonly [name: string, body: Readonly<Record<string, unknown>>]> =>
  ["adyen/Webhooks-v1.json", "adyen/TokenizationNotification-v1.json"].flatMap((file) =>
    Object.entries(asObject(asObject(loadSpec(file).components).examples)).map(
      ([name, example]) => [name, asObject(asObject(example).value)] as const
    )
  )
const itemsOf = (body: Readonly<Record<string, unknown>>) =>
  asArray(body.notificationItems).map((one) => asObject(asObject(one).NotificationRequestItem))

/** An example as it would be posted: its own signature is cut short. */
const delivered = (body: Readonly<Record<string, unknown>>) => {
  const items = itemsOf(body)
  const text = JSON.stringify(body)
  return items.length > 0
    ? batch(...items.map((one) => signed(one)))
    : posted(text, { hmacsignature: new hmacValidator().calculateHmac(text, key) })
}

describe("docs/vocabulary.md", () => {
  const rows = tablesOf(pageOf("docs/vocabulary.md"), "By Adyen's webhooks").flatMap(({ lines }) => lines)
  const told = new Map(
    rows.flatMap(([codes = "", ...ends]) =>
      [...codes.matchAll(/`(\w+)`/g)].map(([, code = ""]) => [code, ends.map((end) => end.split("; ")[0])] as const)
    )
  )
  const codes = Object.keys(meanings).filter((code) => /^(?:Payment|Capture|Refund) /.test(meanings[code] ?? ""))

  it("has every event of a payment, a capture or a refund", () => {
    expect([...told.keys()].toSorted()).toEqual(codes.toSorted())
  })
  it.each(codes)("says what %s is", (eventCode) => {
    expect(["true", "false"].map((success) => summary(read({ eventCode, success })))).toEqual(told.get(eventCode))
  })
})

describeWithSpecs("Adyen's published webhooks", () => {
  const check = checks({ connector: adyen.id, flow: "webhook", kind: "example" })

  it("are these, each of which is what it is described as", check, () => {
    const found = examples().map(([, body]) => {
      const event = received(receiver, delivered(body))
      expect("problem" in event ? event.problem : undefined).toBeUndefined()
      return [event.rawType, summary(event)]
    })
    expect(found).toHaveLength(46)
    expect(Object.fromEntries(found)).toEqual(meanings)
  })

  it("have all their event codes read, or Other, whatever came of them", check, () => {
    const { NotificationRequestItem } = asObject(asObject(loadSpec("adyen/Webhooks-v1.json").components).schemas)
    const codes = asArray(asObject(asObject(asObject(NotificationRequestItem).properties).eventCode).enum).map(String)
    expect(codes.length).toBeGreaterThan(30)
    for (const eventCode of codes) {
      for (const success of ["true", "false"]) {
        const event = read({ eventCode, success })
        expect([eventCode, "problem" in event ? event.problem : undefined]).toEqual([eventCode, undefined])
        expect(event.id).toBe(`QFQTPCQ8HXSKGK82:${eventCode}:${success}`)
      }
    }
  })

  it("name the payment that a dispute is about", check, () => {
    const [, body] = examples().find(([name]) => name.includes("-CHARGEBACK-")) ?? expect.fail("no example")
    expect(received(receiver, delivered(body))).toMatchObject({
      dispute: {
        disputeId: "QFQTPCQ8HXSKGK82",
        paymentId: "9913140798220028",
        rawStatus: "CHARGEBACK",
        reason: "4853",
        respondBy: expect.anything()
      }
    })
    expect(asString(itemsOf(body)[0]?.eventCode)).toBe("CHARGEBACK")
  })
})
