import { createHmac } from "node:crypto"
import { hmacValidator } from "@adyen/api-library"
import { adyen } from "@connector-service/connectors/adyen/connector"
import { identify } from "@connector-service/webhooks/Webhook"
import { DateTime, Effect } from "effect"
import { describe, expect, it } from "vitest"
import { describeWebhook } from "../AnyWebhook.ts"
import { everyChange, headerText, posted, type Receiver, receive, received } from "../Deliveries.ts"
import { batch, item, key, signed, signedBatch } from "./notifications.ts"

const otherKey = "00".repeat(32)
const receiver: Receiver = { webhook: adyen.webhook, secrets: [{ hmacKey: key }], now: 0 }
const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })

describe("a standard webhook of Adyen's", () => {
  it("is taken as its own library signs it, and means what the payment's own answer means", () => {
    expect(received(receiver, signedBatch(item()))).toEqual({
      _tag: "Payment",
      id: "QFQTPCQ8HXSKGK82:AUTHORISATION:true",
      rawType: "AUTHORISATION",
      occurredAt: DateTime.makeUnsafe("2021-01-01T00:00:00Z"),
      account: "YOUR_MERCHANT_ACCOUNT",
      environment: "sandbox",
      payment: {
        paymentId: "QFQTPCQ8HXSKGK82",
        status: "AUTHORIZED",
        rawStatus: "AUTHORISATION true",
        final: false,
        reference: "YOUR_MERCHANT_REFERENCE",
        amount: eur(1000n),
        amountAuthorized: eur(1000n),
        state: {}
      }
    })
  })

  it("may hold several items, each of which must be proven", () => {
    const capture = item({
      eventCode: "CAPTURE",
      pspReference: "KHQC5N7G84BLNK43",
      originalReference: "QFQTPCQ8HXSKGK82"
    })
    expect(receive(receiver, signedBatch(item(), capture))).toMatchObject([{ _tag: "Payment" }, { _tag: "Capture" }])
    expect(receive(receiver, batch(signed(item()), signed(capture, otherKey)))).toBe("InvalidSignature")
    expect(receive(receiver, batch(signed(item()), capture))).toBe("InvalidSignature")
    expect(receive(receiver, batch())).toBe("InvalidSignature")
  })

  it("is taken with either of two keys while one replaces the other", () => {
    const secrets = [{ hmacKey: otherKey }, { hmacKey: key.toLowerCase() }]
    expect(received({ ...receiver, secrets }, signedBatch(item()))._tag).toBe("Payment")
  })

  it("is refused unless it is proven, and with a known key", () => {
    expect(receive(receiver, batch(signed(item(), otherKey)))).toBe("InvalidSignature")
    expect(receive(receiver, batch(item()))).toBe("InvalidSignature")
    for (const secrets of [[], [{ hmacKey: "not hexadecimal" }], [{ hmacKey: "" }], [{}], [null]]) {
      expect(receive({ ...receiver, secrets }, signedBatch(item()))).toBe("UnknownSecret")
    }
    for (const body of ["", "null", "{}", '{"live":"false","notificationItems":[{}]}', "\u0000"]) {
      expect(receive(receiver, posted(body))).toBe("InvalidSignature")
    }
    expect(receive(receiver, batch(signed(item({ eventDate: "yesterday" }))))).toBe("Unreadable")
  })

  it("wants its user and password as well, where it has them", () => {
    const basic = { user: "adyen", password: "open sesame" }
    const secrets = [{ hmacKey: key, basic }]
    const given = (credentials?: string) => {
      const { headers, ...delivery } = signedBatch(item())
      const authorization = credentials && `Basic ${Buffer.from(credentials).toString("base64")}`
      return receive(
        { ...receiver, secrets },
        { ...delivery, headers: authorization ? [...headers, ["authorization", authorization]] : headers }
      )
    }
    expect(given("adyen:open sesame")).toMatchObject([{ _tag: "Payment" }])
    for (const wrong of [undefined, "adyen:open sesam", "adye:nopen sesame", "adyen:", ":"]) {
      expect(given(wrong)).toBe("InvalidSignature")
    }
  })

  it("is refused with any one byte of what is signed changed, or of the signature", () => {
    const one = signed(item({ originalReference: "9913140798220028" }))
    const body = batch(one).body.toString()
    const { amount, eventCode, merchantAccountCode, merchantReference, originalReference, pspReference } = one
    const { hmacSignature } = one.additionalData
    const values = [pspReference, originalReference, merchantAccountCode, merchantReference, eventCode, hmacSignature]
    for (const text of [...values.map((value) => `"${value}"`), `${amount.value}`, `"${amount.currency}"`, '"true"']) {
      const from = body.lastIndexOf(text)
      expect(from).toBeGreaterThan(0)
      everyChange(body, (changed) => expect(receive(receiver, posted(changed))).toBe("InvalidSignature"), {
        from,
        to: from + text.length,
        runs: 300
      })
    }
  })

  it("with any one byte changed is refused, or says the same of what is signed", () => {
    const delivery = signedBatch(item())
    const same = {
      id: "QFQTPCQ8HXSKGK82:AUTHORISATION:true",
      account: "YOUR_MERCHANT_ACCOUNT",
      payment: { paymentId: "QFQTPCQ8HXSKGK82", status: "AUTHORIZED", amount: eur(1000n) }
    }
    everyChange(
      delivery.body,
      (changed) => {
        const outcome = receive(receiver, posted(changed))
        if (typeof outcome === "string") expect(outcome).toMatch(/^(?:InvalidSignature|Unreadable)$/)
        else expect(outcome).toMatchObject([same])
      },
      { runs: 3000 }
    )
  })

  it("cannot have a colon moved from one field into the next", () => {
    // the library joins the fields without an escape, so these two are signed alike
    const genuine = signed(item({ merchantReference: "a:b" }))
    const forged = { ...genuine, merchantAccountCode: "YOUR_MERCHANT_ACCOUNT:a", merchantReference: "b" }
    const by = new hmacValidator()
    expect(by.calculateHmac(by.getDataToSign(forged as never), key)).toBe(genuine.additionalData.hmacSignature)
    expect(received(receiver, batch(genuine))).toMatchObject({ payment: { reference: "a:b" } })
    expect(receive(receiver, batch(forged))).toBe("InvalidSignature")
  })

  it("is not proven by a signature of nothing, where its fields cannot be signed", () => {
    const hmacSignature = createHmac("sha256", Buffer.from(key, "hex")).update("").digest("base64")
    expect(receive(receiver, batch(item({ success: "maybe", additionalData: { hmacSignature } })))).toBe(
      "InvalidSignature"
    )
  })

  it("has the same id each time it is sent, and another for another outcome", () => {
    // docs.adyen.com/development-resources/webhooks/handle-webhook-events: duplicates share eventCode and pspReference
    const ids = [
      item(),
      item({ eventDate: "2022-02-02T02:02:02+01:00", reason: "again" }),
      item({ success: "false" })
    ].map((one) => received(receiver, signedBatch(one)).id)
    expect(new Set(ids.slice(0, 2)).size).toBe(1)
    expect(new Set(ids).size).toBe(2)
  })

  it("tells unverified whose it is", () => {
    const route = (delivery: ReturnType<typeof batch>) =>
      Effect.runSync(identify(adyen.webhook ?? expect.fail(), delivery))
    const capture = item({ eventCode: "CAPTURE", pspReference: "C1", originalReference: "QFQTPCQ8HXSKGK82" })
    expect(route(batch(item(), capture))).toEqual({
      _tag: "Unverified",
      account: "YOUR_MERCHANT_ACCOUNT",
      objectIds: ["QFQTPCQ8HXSKGK82", "C1"]
    })
    expect(route(batch(item(), item({ merchantAccountCode: "ANOTHER" }))).account).toBeUndefined()
  })
})

/** Adyen's library signs nothing without an amount. */
const isText = (value: unknown): boolean => typeof value !== "object" || value === null
const signedIfItCanBe = (body: unknown): object => {
  if (isText(body)) return [body]
  const { additionalData: _, amount, ...fields } = body as Readonly<Record<string, unknown>>
  // Adyen's library makes a text of each signed field, which not every object lets it
  const canBe = !isText(amount) && [...Object.values(amount as object), ...Object.values(fields)].every(isText)
  return canBe ? signed(body as object) : [body]
}

describeWebhook(adyen, {
  receiver,
  body: item({
    eventCode: "CHARGEBACK",
    originalReference: "9913140798220028",
    // `chargeback` of `adyen/Webhooks-v1.json`
    additionalData: { chargebackReasonCode: "4853", defensePeriodEndsAt: "2021-07-31T03:03:07+02:00" }
  }),
  sign: (body) => batch(signedIfItCanBe(body))
})

describe("a tokenization webhook of Adyen's", () => {
  /** `recurring-token-created` of `adyen/TokenizationNotification-v1.json`. */
  const body = JSON.stringify({
    createdAt: "2025-06-30T16:40:23+02:00",
    eventId: "QBQQ9DLNRHHKGK38",
    environment: "test",
    data: {
      merchantAccount: "YOUR_MERCHANT_ACCOUNT",
      storedPaymentMethodId: "M5N7TQ4TG5PFWR50",
      type: "visastandarddebit",
      operation: "created",
      shopperReference: "YOUR_SHOPPER_REFERENCE"
    },
    type: "recurring.token.created"
  })
  const signature = new hmacValidator().calculateHmac(body, key)

  it("is taken as Adyen's library signs it", () => {
    expect(received(receiver, posted(body, { HmacSignature: signature }))).toEqual({
      _tag: "PaymentMethod",
      id: "QBQQ9DLNRHHKGK38:recurring.token.created:M5N7TQ4TG5PFWR50",
      rawType: "recurring.token.created",
      occurredAt: DateTime.makeUnsafe("2025-06-30T14:40:23Z"),
      account: "YOUR_MERCHANT_ACCOUNT",
      environment: "sandbox",
      paymentMethod: {
        paymentMethodId: "M5N7TQ4TG5PFWR50",
        status: "ACTIVE",
        rawStatus: "recurring.token.created",
        customerId: "YOUR_SHOPPER_REFERENCE"
      }
    })
  })

  it("is refused with any one byte of its body or signature changed", () => {
    everyChange(body, (changed) => {
      expect(receive(receiver, posted(changed, { hmacsignature: signature }))).toBe("InvalidSignature")
    })
    everyChange(signature, (changed) => {
      expect(receive(receiver, posted(body, { hmacsignature: headerText(changed) }))).toBe("InvalidSignature")
    })
    expect(receive(receiver, posted(body))).toBe("InvalidSignature")
  })
})
