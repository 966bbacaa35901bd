import { hmacValidator } from "@adyen/api-library"
import { checks } from "@connector-service/conformance/Check"
import { openApi } from "@connector-service/conformance/OpenApi"
import { beforeEach, expect, test } from "vitest"
import { describeWithSpecs } from "../Conformance.ts"
import { at, type Json, sandboxForTests, textAt } from "../client.ts"
import { deliverTo, receiverForTests } from "../Receiver.ts"
import { card, clientOf, details, euros, manual, modify, take, visit } from "./client.ts"

const sandbox = await sandboxForTests()
const receiver = await receiverForTests(sandbox)
const client = clientOf(sandbox)
const key = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
beforeEach(() => deliverTo(sandbox, receiver, "adyen", { secret: key }))

const validator = new hmacValidator()
const codes = () => sandbox.deliveries().map(({ id }) => id.split(":").slice(1).join(" "))
const itemOf = ({ body }: { readonly body: string }) =>
  at(JSON.parse(body), "notificationItems.0.NotificationRequestItem") as Parameters<hmacValidator["validateHMAC"]>[0]

test("the official library takes each delivery, at each try the same, and no other", async () => {
  receiver.answers.push(500)
  const id = await take(client, manual)
  await modify(client, id, "captures", euros(600))
  const arrived = await receiver.after(3)
  for (const one of arrived) {
    const item = itemOf(one)
    expect(validator.validateHMAC(item, key)).toBe(true)
    expect(validator.validateHMAC(item, "00".repeat(32))).toBe(false)
    expect(validator.validateHMAC({ ...item, amount: { currency: "EUR", value: 999 } }, key)).toBe(false)
  }
  const [authorisation, again] = arrived.filter((one) => itemOf(one).eventCode === "AUTHORISATION")
  expect(again).toEqual(authorisation)
  expect(itemOf(arrived.find((one) => itemOf(one).eventCode === "CAPTURE") ?? { body: "" })).toMatchObject({
    originalReference: id,
    merchantAccountCode: "TestAccountECOM",
    merchantReference: "captures-1",
    amount: { currency: "EUR", value: 600 },
    success: "true",
    paymentMethod: "visa"
  })
})

// docs.adyen.com, test cards by the holder's name: captures and refunds of these fail after they were received
const failing = (kind: "capture" | "refund") => ({ paymentMethod: card(undefined, { holderName: failingNames[kind] }) })
const failingNames = { capture: "capture failed", refund: "refund failed" }

// docs.adyen.com/development-resources/webhooks/webhook-types
test.each<readonly [string, ReadonlyArray<string>, () => Promise<unknown>]>([
  ["a payment", ["AUTHORISATION true"], () => client.pay()],
  [
    "a refusal",
    ["AUTHORISATION false"],
    () => client.pay({ paymentMethod: card(undefined, { holderName: "DECLINED" }) })
  ],
  [
    "a capture",
    ["AUTHORISATION true", "CAPTURE true"],
    async () => modify(client, await take(client, manual), "captures", euros(1000))
  ],
  [
    "a capture of too much",
    ["AUTHORISATION true", "CAPTURE false"],
    async () => modify(client, await take(client, manual), "captures", euros(1001))
  ],
  [
    "a capture that fails later",
    ["AUTHORISATION true", "CAPTURE true", "CAPTURE_FAILED true"],
    async () => modify(client, await take(client, { ...manual, ...failing("capture") }), "captures", euros(1000))
  ],
  [
    "an automatic capture that fails later",
    ["AUTHORISATION true", "CAPTURE_FAILED true"],
    () => client.pay(failing("capture"))
  ],
  [
    "a cancellation, and one that comes too late",
    ["AUTHORISATION true", "CANCELLATION true", "CANCELLATION false"],
    async () => {
      const id = await take(client, manual)
      await modify(client, id, "cancels")
      await modify(client, id, "cancels")
    }
  ],
  [
    "a refund, and one of more than is left",
    ["AUTHORISATION true", "REFUND true", "REFUND false"],
    async () => {
      const id = await take(client)
      await modify(client, id, "refunds", euros(1000))
      await modify(client, id, "refunds", euros(1))
    }
  ],
  [
    "a refund that fails later",
    ["AUTHORISATION true", "REFUND true", "REFUND_FAILED true"],
    async () => modify(client, await take(client, failing("refund")), "refunds", euros(1000))
  ],
  [
    "a reversal before the capture, and one after it, and one of nothing",
    [
      "AUTHORISATION true",
      "CANCEL_OR_REFUND true",
      "AUTHORISATION true",
      "CANCEL_OR_REFUND true",
      "CANCEL_OR_REFUND false"
    ],
    async () => {
      await modify(client, await take(client, manual), "reversals")
      const id = await take(client)
      await modify(client, id, "reversals")
      await modify(client, id, "reversals")
      await receiver.after(5)
      expect(receiver.arrived.map((one) => itemOf(one).additionalData?.["modification.action"])).toEqual([
        undefined,
        "cancel",
        undefined,
        "refund",
        "refund"
      ])
    }
  ],
  [
    "a payment on a page, once",
    ["AUTHORISATION true"],
    async () => {
      const got = await client.pay({ paymentMethod: { type: "ideal" } })
      await details(client, { redirectResult: await visit(client, got, "authorise") })
    }
  ],
  [
    "3-D Secure that the payer fails",
    ["AUTHORISATION false"],
    async () => {
      const got = await client.pay({ paymentMethod: card("4917610000000000") })
      await details(client, { redirectResult: await visit(client, got, "refuse") })
    }
  ]
])("%s is told", async (_name, expected, happen) => {
  await happen()
  expect(codes()).toEqual(expected)
})

test("an amount that a fault makes wrong is told as it was taken", async () => {
  await sandbox.setFaults({ kind: "wrong_amount", path: "/adyen", count: 1, by: -100 })
  expect(textAt((await client.pay()).body, "resultCode")).toBe("Authorised")
  const [arrived] = await receiver.after(1)
  expect(arrived && itemOf(arrived).amount).toEqual({ currency: "EUR", value: 900 })
})

const published = () => openApi("adyen/Webhooks-v1.json")

describeWithSpecs("adyen: published webhooks", () => {
  const kinds: Readonly<Record<string, () => Promise<unknown>>> = {
    AUTHORISATION: () => client.pay(),
    CAPTURE: async () => modify(client, await take(client, manual), "captures", euros(1000)),
    CAPTURE_FAILED: () => client.pay(failing("capture")),
    CANCELLATION: async () => modify(client, await take(client, manual), "cancels"),
    CANCEL_OR_REFUND: async () => modify(client, await take(client), "reversals"),
    REFUND: async () => modify(client, await take(client), "refunds", euros(1)),
    REFUND_FAILED: async () => modify(client, await take(client, failing("refund")), "refunds", euros(1)),
    TECHNICAL_CANCEL: async () => {
      await client.pay({ paymentMethod: { type: "ideal" }, reference: "waiting-1" })
      await client.post("/cancels", { merchantAccount: "TestAccountECOM", paymentReference: "waiting-1" })
    }
  }
  for (const [code, happen] of Object.entries(kinds)) {
    test(code, checks({ connector: "adyen", flow: `webhook ${code}`, kind: "sandbox" }), async () => {
      await happen()
      await receiver.after(sandbox.deliveries().length)
      const bodies: ReadonlyArray<Json> = receiver.arrived.map(({ body }) => JSON.parse(body))
      const told = bodies.filter(
        (body) => textAt(body, "notificationItems.0.NotificationRequestItem.eventCode") === code
      )
      expect(told).toHaveLength(1)
      const pointer = `#/webhooks/~1${code}/post/requestBody/content/application~1json/schema`
      expect(published().checkSchema(pointer, told[0], { strict: true })).toEqual([])
    })
  }
})
