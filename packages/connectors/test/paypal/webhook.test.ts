import { checks } from "@connector-service/conformance/Check"
import { openApi } from "@connector-service/conformance/OpenApi"
import { paypal } from "@connector-service/connectors/paypal/connector"
import { webhookOf } from "@connector-service/connectors/paypal/webhook"
import { identify, type Question } from "@connector-service/webhooks/Webhook"
import { DateTime, Effect } from "effect"
import { describe, expect, it } from "vitest"
import { describeWebhook } from "../AnyWebhook.ts"
import { issue } from "../Certificate.ts"
import { everyChange, headerText, posted, type Receiver, receive, received } from "../Deliveries.ts"
import { describeWithSpecs } from "../Examples.ts"
import {
  captured,
  certificateUrl,
  chain,
  eventOf,
  headersOf,
  middle,
  paypals,
  root,
  sentAt,
  type Transmission,
  transmitted,
  webhookId
} from "./transmission.ts"

const secret = { webhookId, environment: "live" }
const given = { ...secret, certificates: chain }
const receiver: Receiver = { webhook: webhookOf(() => [root.cert]), secrets: [given], now: sentAt }
const body = eventOf("PAYMENT.CAPTURE.COMPLETED", captured)
const outcome = (transmission: Transmission, over: Partial<Receiver> = {}) =>
  receive({ ...receiver, ...over }, transmitted(body, transmission))

/** What was asked, each with what was answered. */
const asking = (answers: Readonly<Record<string, string>>, asked: Array<Question> = []) => ({
  asked,
  answer: (question: Question) => {
    asked.push(question)
    return answers[question.request.url] ?? ""
  }
})
const verifying = "/v1/notifications/verify-webhook-signature"

describe("a delivery of PayPal's", () => {
  it("is taken by the documented algorithm, and means what the capture's own answer means", () => {
    expect(received(receiver, transmitted(body))).toEqual({
      _tag: "Capture",
      id: "WH-58D329510W468432D-8HN650336L201105X",
      rawType: "PAYMENT.CAPTURE.COMPLETED",
      occurredAt: DateTime.makeUnsafe("2019-02-14T21:50:07.940Z"),
      account: "3SQBR4YEWZ4BA",
      capture: {
        paymentId: "5O190127TN364715T",
        captureId: "27M47624FP291604U",
        status: "SUCCEEDED",
        rawStatus: "COMPLETED",
        reference: "capture-1",
        amount: { minorUnits: 251n, currencyCode: "USD" },
        paymentStatus: "CAPTURED",
        state: { authorizationId: "7W5147081L658180V", captureId: "27M47624FP291604U" }
      }
    })
  })

  it("asks for the certificate that it names, without credentials, where none is given", () => {
    const { answer, asked } = asking({ [certificateUrl]: chain })
    expect(outcome({}, { secrets: [secret], answer })).toMatchObject([{ _tag: "Capture" }])
    expect(asked).toMatchObject([{ as: "public", lasting: true, request: { method: "GET", url: certificateUrl } }])
    expect(asked[0]?.request.headers).toEqual({})
  })

  it("asks for nothing elsewhere than at PayPal", () => {
    for (const url of [
      "http://api.paypal.com/v1/notifications/certs/CERT-1",
      "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1",
      "https://api.paypal.com@evil.example/v1/notifications/certs/CERT-1",
      "https://evil.example/v1/notifications/certs/CERT-1",
      "https://api.paypal.com:8443/v1/notifications/certs/CERT-1",
      "https://api.paypal.com/v1/notifications/certs/../../oauth2/token",
      "https://api.paypal.com/v1/notifications/certs/CERT-1?x=1",
      "https://api.paypal.com/v1/notifications/certs/",
      "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1",
      ""
    ]) {
      // asking is a defect here
      expect(outcome({ url }, { secrets: [secret] })).toBe("InvalidSignature")
      expect(outcome({ url }, { secrets: [{ ...secret, verification: "API" }] })).toBe("InvalidSignature")
    }
  })

  it("is taken with either of two webhook ids while one replaces the other", () => {
    const other = { ...given, webhookId: "WEBHOOK_ID" }
    expect(outcome({ webhook: "WEBHOOK_ID" }, { secrets: [given, other] })).toMatchObject([{ _tag: "Capture" }])
    expect(outcome({ webhook: "WEBHOOK_ID" })).toBe("InvalidSignature")
  })

  it("is refused with another's certificate, or one that leads to nobody who is trusted", () => {
    const another = issue("evil.example", { by: middle, kind: "rsa" })
    const wildcard = issue("*.paypal.com", { by: middle, kind: "rsa" })
    const own = issue("messageverificationcerts.paypal.com", { kind: "rsa" })
    const old = issue("messageverificationcerts.paypal.com", {
      by: middle,
      kind: "rsa",
      notAfter: new Date("2025-12-31")
    })
    for (const by of [another, wildcard, own, old]) {
      expect(outcome({ by }, { secrets: [{ ...secret, certificates: by.cert + middle.cert }] })).toBe(
        "InvalidSignature"
      )
    }
    expect(outcome({}, { secrets: [{ ...secret, certificates: paypals.cert }] })).toBe("InvalidSignature")
    expect(outcome({}, { webhook: paypal.webhook })).toBe("InvalidSignature")
    for (const pem of ["", "<html></html>", chain.slice(0, 500)]) {
      const { answer } = asking({ [certificateUrl]: pem })
      expect(outcome({}, { secrets: [secret], answer })).toBe("InvalidSignature")
    }
  })

  it("is never taken from the other environment", () => {
    const sandbox = issue("messageverificationcerts.sandbox.paypal.com", { by: middle, kind: "rsa" })
    const url = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1"
    const certificates = sandbox.cert + middle.cert
    const secrets = [{ webhookId, environment: "sandbox", certificates }]
    expect(outcome({ by: sandbox, url }, { secrets })).toMatchObject([{ _tag: "Capture" }])
    expect(outcome({ by: sandbox }, { secrets: [{ ...secret, certificates }] })).toBe("InvalidSignature")
    expect(outcome({ by: sandbox, url }, { secrets: [{ ...secret, certificates }] })).toBe("InvalidSignature")
  })

  it("may be three days old, as PayPal tries that long, and no older", () => {
    const at = (time: string) => outcome({ time }, { now: "2026-01-05T00:00:00Z" })
    expect(at("2026-01-02T00:00:00Z")).toMatchObject([{ _tag: "Capture" }])
    expect(at("2026-01-01T00:00:00Z")).toBe("StaleTimestamp")
    expect(at("2026-01-05T00:05:00Z")).toMatchObject([{ _tag: "Capture" }])
    expect(at("2026-01-05T00:05:01Z")).toBe("StaleTimestamp")
    expect(at("yesterday")).toBe("InvalidSignature")
  })

  it("is refused with any one byte of its body, or of what is signed with it, changed", () => {
    const headers = headersOf(body)
    everyChange(body, (changed) => expect(receive(receiver, posted(changed, headers))).toBe("InvalidSignature"), {
      runs: 500
    })
    for (const name of ["ID", "TIME", "SIG"].map((name) => `PAYPAL-TRANSMISSION-${name}`).concat("PAYPAL-AUTH-ALGO")) {
      everyChange(
        headers[name] ?? expect.fail(name),
        (changed) => {
          const forged = posted(body, { ...headers, [name]: headerText(changed) })
          expect(receive(receiver, forged)).toBe("InvalidSignature")
        },
        { runs: 500 }
      )
    }
  })

  it("is refused without one of its headers, or with one twice", () => {
    const delivery = transmitted(body)
    for (const header of delivery.headers) {
      const others = delivery.headers.filter((one) => one !== header)
      expect(receive(receiver, { ...delivery, headers: others })).toBe("InvalidSignature")
      expect(receive(receiver, { ...delivery, headers: [...delivery.headers, header] })).toBe("InvalidSignature")
    }
  })

  it("is refused where there is no secret, or none of its form", () => {
    for (const secrets of [
      [],
      [{}],
      [{ webhookId }],
      [{ ...secret, webhookId: "a|b" }],
      [{ ...secret, certificates: "none" }]
    ]) {
      expect(outcome({}, { secrets })).toBe("UnknownSecret")
    }
  })

  it("tells unverified whose it is", () => {
    expect(Effect.runSync(identify(paypal.webhook ?? expect.fail(), posted(body)))).toEqual({
      _tag: "Unverified",
      account: "3SQBR4YEWZ4BA",
      objectIds: ["27M47624FP291604U", "5O190127TN364715T"]
    })
  })
})

describeWebhook(paypal, {
  receiver,
  body: JSON.parse(eventOf("PAYMENT.CAPTURE.DECLINED", { ...captured, status: "DECLINED" })),
  sign: (body) => transmitted(JSON.stringify(body))
})

describe("a delivery that PayPal is asked about", () => {
  const secrets = [{ ...secret, verification: "API" }]
  const said = (verification_status: string) => asking({ [verifying]: JSON.stringify({ verification_status }) })

  it("is taken where PayPal says so", () => {
    expect(outcome({}, { secrets, ...said("SUCCESS") })).toMatchObject([{ _tag: "Capture" }])
    expect(outcome({}, { secrets, ...said("FAILURE") })).toBe("InvalidSignature")
    expect(outcome({}, { secrets, ...said("success") })).toBe("InvalidSignature")
    expect(outcome({}, { secrets, ...asking({}) })).toBe("InvalidSignature")
    expect(outcome({ time: "2025-12-01T00:00:00Z" }, { secrets, ...said("SUCCESS") })).toBe("StaleTimestamp")
  })

  it("is asked about once for each webhook id", () => {
    const { answer, asked } = said("FAILURE")
    const two = [...secrets, { ...secret, webhookId: "WEBHOOK_ID", verification: "API" }]
    expect(outcome({}, { secrets: two, answer })).toBe("InvalidSignature")
    expect(asked.map(({ as, lasting, request }) => [as, lasting, request.url])).toEqual([
      ["account", false, verifying],
      ["account", false, verifying]
    ])
  })

  it("is never asked about where it is no JSON object, or has anything around it: that could say more than one thing", () => {
    for (const text of ["", "[]", '{},"webhook_id":"MINE"', '"{}"', " {}", "{}\n", "\ufeff{}"]) {
      expect(receive({ ...receiver, secrets }, transmitted(text))).toBe("InvalidSignature")
    }
  })

  const sentFor = (text: string): string => {
    const { answer, asked } = said("SUCCESS")
    receive({ ...receiver, secrets, answer }, transmitted(text))
    const sent = asked[0]?.request.body
    return sent?._tag === "Uint8Array" ? Buffer.from(sent.body).toString() : expect.fail("no body")
  }

  it("goes to PayPal byte for byte", () => {
    // 1.0 would come back as 1 from a parser
    const text = `{ "a":1.0, ${body.slice(1)}`
    expect(sentFor(text).endsWith(`,"webhook_event":${text}}`)).toBe(true)
  })

  describeWithSpecs("published specification", () => {
    it("takes the question", checks({ connector: paypal.id, flow: `POST ${verifying}`, kind: "request" }), () => {
      const published = openApi("paypal/notifications_webhooks_v1.json")
      const request = { method: "POST", url: verifying, contentType: "application/json", body: sentFor(body) }
      expect(published.operation("POST", verifying)).toBeDefined()
      expect(published.checkRequest(request)).toEqual([])
    })
  })
})
