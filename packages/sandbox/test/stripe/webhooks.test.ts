import { checks } from "@connector-service/conformance/Check"
import { stripeApi } from "@connector-service/conformance/OpenApi"
import { beforeEach, expect, test } from "vitest"
import { describeWithSpecs } from "../Conformance.ts"
import {
  at,
  authorize,
  cardPayment,
  clientOf,
  goodCard,
  type Json,
  sandboxForTests,
  sdkOf,
  take,
  textAt
} from "../client.ts"
import { deliverTo, receiverForTests } from "../Receiver.ts"
import { localPayment } from "./local.ts"

const sandbox = await sandboxForTests()
const receiver = await receiverForTests(sandbox)
const client = clientOf(sandbox)
const { webhooks } = sdkOf(sandbox)
beforeEach(() => deliverTo(sandbox, receiver, "stripe"))

const intents = "/v1/payment_intents"
const types = () => sandbox.deliveries().map(({ type }) => type)

test("the official SDK takes each delivery, at each try anew", async () => {
  receiver.answers.push(500)
  const id = await take(client, { "metadata[order]": "7" })
  const arrived = await receiver.after(4)
  const events = arrived.map(({ body, headers }) =>
    webhooks.constructEvent(body, headers["stripe-signature"] ?? "", "whsec_sandbox")
  )
  expect(events.find(({ type }) => type === "payment_intent.succeeded")).toMatchObject({
    object: "event",
    livemode: false,
    pending_webhooks: 1,
    data: { object: { id, object: "payment_intent", status: "succeeded", metadata: { order: "7" } } }
  })
  expect(events.filter(({ type }) => type === "payment_intent.created").map((event) => event.id)).toHaveLength(2)
  for (const { body, headers } of arrived) {
    const signature = headers["stripe-signature"] ?? ""
    expect(() => webhooks.constructEvent(`${body} `, signature, "whsec_sandbox")).toThrow("signature")
    expect(() => webhooks.constructEvent(body, signature, "whsec_other")).toThrow("signature")
  }
})

test("an event tells the request that caused it", async () => {
  await client.post(
    intents,
    { amount: "500", currency: "usd" },
    { "idempotency-key": "key-1", "stripe-version": "2024-06-20" }
  )
  const [arrived] = await receiver.after(1)
  expect(JSON.parse(arrived?.body ?? "")).toMatchObject({
    api_version: "2024-06-20",
    request: { id: expect.stringMatching(/^req_/), idempotency_key: "key-1" }
  })
})

// docs.stripe.com/api/events/types: when each type of event occurs
test.each<readonly [string, ReadonlyArray<string>, () => Promise<unknown>]>([
  [
    "a payment that is captured later",
    [
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.amount_capturable_updated",
      "charge.captured",
      "payment_intent.succeeded"
    ],
    async () => client.post(`${intents}/${await authorize(client)}/capture`)
  ],
  [
    "a payment that is released",
    [
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.amount_capturable_updated",
      "payment_intent.canceled"
    ],
    async () => client.post(`${intents}/${await authorize(client)}/cancel`)
  ],
  [
    "a decline",
    ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"],
    () => client.post(intents, cardPayment("4000000000000002"))
  ],
  [
    "a refund",
    ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "refund.created", "charge.refunded"],
    async () => client.post("/v1/refunds", { payment_intent: await take(client) })
  ],
  [
    "a refund that fails later",
    [
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "refund.created",
      "charge.refunded",
      "refund.updated",
      "charge.refund.updated",
      "refund.failed"
    ],
    async () => {
      // docs.stripe.com/testing: the refund of this card fails
      const { body } = await client.post(intents, cardPayment("4000000000005126"))
      const refund = await client.post("/v1/refunds", { payment_intent: textAt(body, "id") })
      await client.get(`/v1/refunds/${textAt(refund.body, "id")}`)
    }
  ],
  [
    "3-D Secure that the payer fails",
    ["payment_intent.created", "payment_intent.requires_action", "payment_intent.payment_failed"],
    async () => {
      const { body } = await client.post(
        intents,
        cardPayment("4000002760003184", { return_url: "https://shop.example" })
      )
      const url = new URL(textAt(body, "next_action.redirect_to_url.url"))
      await client.post(url.pathname.replace("/stripe", ""), { outcome: "fail" })
    }
  ],
  [
    "a debit that is on its way, and comes",
    [
      "payment_intent.created",
      "charge.pending",
      "payment_intent.processing",
      "charge.succeeded",
      "payment_intent.succeeded"
    ],
    async () => {
      const { body } = await client.post(intents, localPayment("sepa_debit"))
      await client.get(`${intents}/${textAt(body, "id")}`)
    }
  ]
])("%s is told", async (_name, expected, happen) => {
  await happen()
  expect(types()).toEqual(expected)
})

test("what was taken before a fault is told all the same", async () => {
  await sandbox.setFaults({ kind: "500_after", path: "/stripe", count: 1 })
  expect((await client.post(intents, cardPayment(goodCard))).status).toBe(500)
  expect(types()).toContain("payment_intent.succeeded")
})

test("a repeated key tells nothing anew", async () => {
  const pay = () => client.post(intents, cardPayment(goodCard), { "idempotency-key": "once" })
  expect(at((await pay()).body, "id")).toBe(at((await pay()).body, "id"))
  expect(types()).toHaveLength(3)
})

describeWithSpecs("stripe: published events", () => {
  const kinds: Readonly<Record<string, readonly [schema: string, happen: () => Promise<unknown>]>> = {
    "payment_intent.created": ["payment_intent", () => take(client)],
    "payment_intent.succeeded": ["payment_intent", () => take(client)],
    "payment_intent.amount_capturable_updated": ["payment_intent", () => authorize(client)],
    "payment_intent.payment_failed": ["payment_intent", () => client.post(intents, cardPayment("4000000000000002"))],
    "payment_intent.canceled": [
      "payment_intent",
      async () => client.post(`${intents}/${await authorize(client)}/cancel`)
    ],
    "payment_intent.requires_action": [
      "payment_intent",
      () => client.post(intents, cardPayment("4000002760003184", { return_url: "https://shop.example" }))
    ],
    "payment_intent.processing": ["payment_intent", () => client.post(intents, localPayment("sepa_debit"))],
    "charge.succeeded": ["charge", () => take(client)],
    "charge.pending": ["charge", () => client.post(intents, localPayment("sepa_debit"))],
    "charge.failed": ["charge", () => client.post(intents, cardPayment("4000000000000002"))],
    "charge.captured": ["charge", async () => client.post(`${intents}/${await authorize(client)}/capture`)],
    "charge.refunded": ["charge", async () => client.post("/v1/refunds", { payment_intent: await take(client) })],
    "refund.created": ["refund", async () => client.post("/v1/refunds", { payment_intent: await take(client) })]
  }
  for (const [type, [schema, happen]] of Object.entries(kinds)) {
    test(type, checks({ connector: "stripe", flow: `webhook ${type}`, kind: "sandbox" }), async () => {
      await happen()
      await receiver.after(sandbox.deliveries().length)
      const bodies: ReadonlyArray<Json> = receiver.arrived.map(({ body }) => JSON.parse(body))
      const [event, ...more] = bodies.filter((body) => body.type === type)
      expect(more).toEqual([])
      expect(stripeApi().checkSchema("#/components/schemas/event", event, { strict: true })).toEqual([])
      // the file is of 2023-08-16, and newer fields may be there
      expect(stripeApi().checkSchema(`#/components/schemas/${schema}`, at(event, "data.object"))).toEqual([])
    })
  }
})
