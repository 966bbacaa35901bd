import { checks } from "@connector-service/conformance/Check"
import { stripeFixtures } from "@connector-service/conformance/Exemplars"
import { asArray, lookUp } from "@connector-service/conformance/Json"
import { stripeSpec } from "@connector-service/conformance/OpenApi"
import { loadSpec } from "@connector-service/conformance/Specs"
import { stripe } from "@connector-service/connectors/stripe/connector"
import { identify } from "@connector-service/webhooks/Webhook"
import { DateTime, Effect } from "effect"
import { describe, expect, it } from "vitest"
import { describeWebhook } from "../AnyWebhook.ts"
import { everyChange, headerText, posted, receive, received } from "../Deliveries.ts"
import { describeWithSpecs } from "../Examples.ts"
import { at, eventOf, receiver, secret, signature, signed } from "./deliveries.ts"

/** docs.stripe.com/api/payment_intents/object, with what was made of it. */
const intent = {
  id: "pi_3MtwBwLkdIwHu7ix28a3tqPa",
  object: "payment_intent",
  amount: 2000,
  amount_capturable: 0,
  amount_received: 2000,
  currency: "usd",
  latest_charge: "ch_3MtwBwLkdIwHu7ix28a3tqPa",
  metadata: { reference: "order-1" },
  status: "succeeded"
}
const usd = (minorUnits: bigint) => ({ minorUnits, currencyCode: "USD" })

describe("a delivery of Stripe's", () => {
  it("is taken as its own library signs it, and means what the payment's own answer means", () => {
    expect(received(receiver, signed(eventOf("payment_intent.succeeded", intent, { account: "acct_1" })))).toEqual({
      _tag: "Payment",
      id: "evt_1NG8Du2eZvKYlo2CUI79vXWy",
      rawType: "payment_intent.succeeded",
      occurredAt: DateTime.makeUnsafe("2023-06-06T22:19:30Z"),
      account: "acct_1",
      environment: "sandbox",
      payment: {
        paymentId: "pi_3MtwBwLkdIwHu7ix28a3tqPa",
        status: "CAPTURED",
        rawStatus: "succeeded",
        final: true,
        reference: "order-1",
        amount: usd(2000n),
        amountCaptured: usd(2000n),
        authorizationId: "ch_3MtwBwLkdIwHu7ix28a3tqPa",
        state: { currency: "USD" }
      }
    })
  })

  it("is taken with either of two secrets while one replaces the other", () => {
    const secrets = [{ signingSecret: secret }, { signingSecret: "whsec_old" }]
    const body = eventOf("payment_intent.succeeded", intent)
    for (const by of [secret, "whsec_old"]) {
      expect(received({ ...receiver, secrets }, signed(body, by))._tag).toBe("Payment")
    }
    // while a secret is rolled Stripe signs with both (docs.stripe.com/webhooks#roll-endpoint-secrets)
    const both = `${signature(body, "whsec_new")},${signature(body, secret).replace(/^t=\d+,/, "")}`
    expect(received(receiver, posted(body, { "stripe-signature": both }))._tag).toBe("Payment")
  })

  it("is refused unless it is proven, fresh and of a known secret", () => {
    const body = eventOf("payment_intent.succeeded", intent)
    expect(receive(receiver, signed(body, "whsec_other"))).toBe("InvalidSignature")
    expect(receive(receiver, posted(body))).toBe("InvalidSignature")
    // the tolerance of Stripe's libraries (docs.stripe.com/webhooks#replay-attacks)
    expect(receive(receiver, signed(body, secret, at - 301))).toBe("StaleTimestamp")
    expect(receive({ ...receiver, secrets: [] }, signed(body))).toBe("UnknownSecret")
    expect(receive({ ...receiver, secrets: [{ signingSecret: "sk_test_1" }] }, signed(body))).toBe("UnknownSecret")
    for (const unread of [
      "",
      "[]",
      '"event"',
      "{}",
      '{"id":"evt_1"}',
      "\u0000",
      eventOf("x", {}, { created: 1e300 })
    ]) {
      expect(receive(receiver, signed(unread))).toBe("Unreadable")
    }
  })

  it("is refused with any one byte of its body, signature or timestamp changed", () => {
    const body = eventOf("payment_intent.succeeded", intent)
    const header = signature(body)
    everyChange(body, (changed) => {
      expect(receive(receiver, posted(changed, { "stripe-signature": header }))).toBe("InvalidSignature")
    })
    everyChange(header, (changed) => {
      expect(receive(receiver, posted(body, { "stripe-signature": headerText(changed) }))).toBe("InvalidSignature")
    })
  })

  it("tells unverified whose it is", () => {
    const route = (body: string) => Effect.runSync(identify(stripe.webhook ?? expect.fail(), posted(body)))
    expect(route(eventOf("charge.captured", { id: "ch_1", payment_intent: "pi_1" }, { account: "acct_1" }))).toEqual({
      _tag: "Unverified",
      account: "acct_1",
      objectIds: ["ch_1", "pi_1"]
    })
    expect(route(eventOf("balance.available", { object: "balance" }))).toEqual({
      _tag: "Unverified",
      account: undefined,
      objectIds: []
    })
  })
})

describeWebhook(stripe, {
  receiver,
  // docs.stripe.com/declines/codes: lost_card
  body: JSON.parse(
    eventOf(
      "payment_intent.payment_failed",
      {
        ...intent,
        status: "requires_payment_method",
        last_payment_error: { type: "card_error", code: "card_declined", decline_code: "lost_card" },
        latest_charge: { id: "ch_1", amount: 2000, amount_captured: 0, amount_refunded: 0 }
      },
      { account: "acct_1" }
    )
  ),
  sign: (body) => signed(JSON.stringify(body))
})

describe("an event of Stripe's", () => {
  const read = (type: string, object: object) => received(receiver, signed(eventOf(type, object)))

  it("of a declined payment says why, as its own answer does", () => {
    // docs.stripe.com/declines/codes
    const refused = {
      ...intent,
      status: "requires_payment_method",
      amount_received: 0,
      last_payment_error: { type: "card_error", code: "card_declined", decline_code: "insufficient_funds" }
    }
    expect(read("payment_intent.payment_failed", refused)).toMatchObject({
      _tag: "Payment",
      payment: { status: "DECLINED", final: false, decline: { code: "INSUFFICIENT_FUNDS" } }
    })
  })

  it("of a capture is one, where its payment is of our flows", () => {
    const charge = { object: "charge", id: "ch_1", status: "succeeded", amount_captured: 700, currency: "usd" }
    expect(read("charge.captured", { ...charge, payment_intent: "pi_1" })).toMatchObject({
      _tag: "Capture",
      capture: { paymentId: "pi_1", status: "SUCCEEDED", amount: usd(700n), paymentStatus: "CAPTURED" }
    })
    expect(read("charge.captured", { ...charge, payment_intent: null })).toMatchObject({ _tag: "Other" })
  })

  it("of a status that is not documented is unrecognized", () => {
    expect(read("payment_intent.created", { ...intent, status: "dreaming" })).toMatchObject({
      payment: { status: "UNRECOGNIZED", rawStatus: "dreaming", final: false }
    })
  })

  it("whose object is not what is documented is Other, and says so", () => {
    const { amount: _, ...less } = intent
    expect(read("payment_intent.succeeded", less)).toMatchObject({
      _tag: "Other",
      rawType: "payment_intent.succeeded",
      problem: "what it is about is not what the processor documents",
      raw: eventOf("payment_intent.succeeded", less)
    })
  })

  it("without its object, as the second version's, is Other", () => {
    // docs.stripe.com/api/v2/core/events
    const event = {
      id: "evt_test_65R9Ijk8dKEYZcXeRWn16R9A7j1FSQ3w3TGDPLLGSM4CW0",
      object: "v2.core.event",
      type: "v1.billing.meter.error_report_triggered",
      livemode: false,
      created: "2024-09-17T06:20:52.246Z",
      related_object: { id: "mtr_test_61R9IeP0SgKbYROOx41PEAQhH0qO23oW", type: "billing.meter", url: "/v1/billing" }
    }
    expect(received(receiver, signed(JSON.stringify(event)))).toMatchObject({
      _tag: "Other",
      id: event.id,
      problem: undefined,
      occurredAt: DateTime.makeUnsafe("2024-09-17T06:20:52.246Z")
    })
  })
})

/** What each published type of event is to us; all others are Other. */
const meanings: ReadonlyArray<readonly [type: RegExp, tag: string]> = [
  [/^payment_intent\./, "Payment"],
  [/^(?:refund\.|charge\.refund\.updated$)/, "Refund"],
  [/^charge\.captured$/, "Capture"],
  [/^charge\.dispute\./, "Dispute"],
  [/^mandate\./, "Mandate"],
  [/^payout\./, "Payout"],
  [/^payment_method\./, "PaymentMethod"]
]
const tagOf = (type: string) => meanings.find(([pattern]) => pattern.test(type))?.[1] ?? "Other"

describeWithSpecs("Stripe's published events", () => {
  const check = checks({ connector: stripe.id, flow: "webhook", kind: "example" })
  const types = (): ReadonlyArray<string> => {
    const pointer =
      "#/paths/~1v1~1webhook_endpoints/post/requestBody/content/application~1x-www-form-urlencoded/schema/properties/enabled_events/items/enum"
    return asArray(lookUp(loadSpec(stripeSpec), pointer))
      .map(String)
      .filter((type) => type !== "*")
  }
  /** `payment_intent.succeeded` is about a `payment_intent`, `charge.dispute.closed` about a `dispute`. */
  const objectOf = (type: string): object => {
    if (type === "application_fee.refund.updated") return stripeFixtures().fee_refund ?? expect.fail("no example")
    const named = type.split(".").slice(0, -1)
    const fixtures = stripeFixtures()
    const object = fixtures[named.join(".")] ?? fixtures[named.at(-1) ?? ""] ?? {}
    return type === "charge.captured" ? { ...object, payment_intent: "pi_1" } : object
  }

  it("are of 222 types, each of which is what concerns us or Other", check, () => {
    expect(types()).toHaveLength(222)
    for (const type of types()) {
      const event = received(receiver, signed(eventOf(type, objectOf(type))))
      expect([type, event._tag]).toEqual([type, tagOf(type)])
      if (event._tag === "Other") expect([type, event.problem]).toEqual([type, undefined])
    }
  })

  it("may be about any published resource", check, () => {
    for (const [name, resource] of Object.entries(stripeFixtures())) {
      const event = received(receiver, signed(eventOf(`${name}.happened`, resource)))
      expect([name, "problem" in event ? event.problem : undefined]).toEqual([name, undefined])
    }
  })

  it("as the example: a plan is none of ours", check, () => {
    const example = stripeFixtures().event ?? expect.fail("no example")
    expect(received(receiver, signed(JSON.stringify(example)))).toEqual({
      _tag: "Other",
      id: "evt_1Pgc76B7WZ01zgkWwyRHS12y",
      rawType: "plan.created",
      occurredAt: DateTime.makeUnsafe(1234567890_000),
      account: undefined,
      environment: "sandbox",
      problem: undefined,
      raw: JSON.stringify(example)
    })
  })

  it("as examples of each value: what the published resources say", check, () => {
    const read = (type: string, name: string) =>
      received(receiver, signed(eventOf(type, stripeFixtures()[name] ?? expect.fail(name))))
    // docs.stripe.com/api/disputes/object: status, evidence_details.due_by
    expect(read("charge.dispute.created", "dispute")).toMatchObject({
      dispute: {
        disputeId: "dp_1Pgc71B7WZ01zgkWMevJiAUx",
        status: "NEEDS_RESPONSE",
        rawStatus: "warning_needs_response",
        amount: usd(1000n),
        reason: "general",
        respondBy: DateTime.makeUnsafe(1723679999_000)
      }
    })
    expect(read("mandate.updated", "mandate")).toMatchObject({
      mandate: { mandateId: "mandate_1Pgc78B7WZ01zgkW9EfgTVki", status: "ACTIVE", paymentMethodId: "pm_123456789" }
    })
    expect(read("payout.updated", "payout")).toMatchObject({
      payout: {
        payoutId: "po_1Pgc79B7WZ01zgkWu1KToYf4",
        status: "PENDING",
        rawStatus: "in_transit",
        amount: usd(1100n)
      }
    })
    expect(read("payment_method.detached", "payment_method")).toMatchObject({
      paymentMethod: { status: "INACTIVE", rawStatus: "detached" }
    })
    expect(read("refund.updated", "refund")).toMatchObject({
      refund: { refundId: "re_1Pgc72B7WZ01zgkWqPvrRrPE", status: "SUCCEEDED", amount: usd(100n) }
    })
  })
})
