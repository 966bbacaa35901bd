import { createPublicKey, verify, X509Certificate } from "node:crypto"
import { crc32 } from "node:zlib"
import { checks } from "@connector-service/conformance/Check"
import { openApi } from "@connector-service/conformance/OpenApi"
import { beforeEach, describe, expect, test } from "vitest"
import { describeWithSpecs } from "../Conformance.ts"
import { at, type Json, sandboxForTests, textAt } from "../client.ts"
import { type Arrived, deliverTo, receiverForTests } from "../Receiver.ts"
import { blik, card, choose, clientOf, hold, instructed, orderOf, orders, send, take, wallet } from "./client.ts"

const sandbox = await sandboxForTests()
const receiver = await receiverForTests(sandbox)
const client = clientOf(sandbox)
const webhookId = "1JE4291016473214C"
beforeEach(() => deliverTo(sandbox, receiver, "paypal", { secret: webhookId }))

const types = () => sandbox.deliveries().map(({ type }) => type)
const captureOf = (id: string) => client.post(`/v2/payments/authorizations/${id}/capture`)

/** The certificates that the receiver is told. */
const told = () => {
  const [endpoint] = sandbox.endpoints()
  const blocks = endpoint?.certificates?.match(/-----BEGIN[\s\S]+?END CERTIFICATE-----/g) ?? []
  const [own, middle] = blocks.map((block) => new X509Certificate(block))
  const root = new X509Certificate(endpoint?.authority ?? "")
  if (own === undefined || middle === undefined) throw new Error("no chain")
  return { own, middle, root, pem: endpoint?.certificates ?? "" }
}

/** developer.paypal.com/api/rest/webhooks/rest: what is signed. */
const signedOf = ({ body, headers }: Arrived) =>
  `${headers["paypal-transmission-id"]}|${headers["paypal-transmission-time"]}|${webhookId}|${crc32(body)}`

const isSigned = (arrived: Arrived, text = signedOf(arrived)) =>
  verify(
    "sha256",
    Buffer.from(text),
    createPublicKey(told().own.publicKey.export({ type: "spki", format: "pem" })),
    Buffer.from(arrived.headers["paypal-transmission-sig"] ?? "", "base64")
  )

describe("PayPal's deliveries", () => {
  test("are signed by a certificate in PayPal's name, of a chain that leads to a root", async () => {
    const { middle, own, pem, root } = told()
    expect(own.checkHost("messageverificationcerts.sandbox.paypal.com")).toBeDefined()
    expect([own.checkIssued(middle), middle.checkIssued(root), root.checkIssued(root)]).toEqual([true, true, true])
    expect([own.verify(middle.publicKey), middle.verify(root.publicKey), root.verify(root.publicKey)]).toEqual([
      true,
      true,
      true
    ])
    expect([own.ca, middle.ca, root.ca]).toEqual([false, true, true])
    receiver.answers.push(500)
    await hold(client)
    const [first, again] = await receiver.after(2)
    if (first === undefined || again === undefined) throw new Error("nothing came")
    expect(isSigned(first)).toBe(true)
    expect(isSigned(first, `${signedOf(first)}1`)).toBe(false)
    // the same transmission, whose time is that of its first try
    expect(again).toEqual(first)
    const { pathname, host } = new URL(first.headers["paypal-cert-url"] ?? "")
    expect(host).toBe("api.sandbox.paypal.com")
    expect((await send(sandbox, "GET", pathname, {})).text).toBe(pem)
    expect((await send(sandbox, "GET", `${pathname}0`, {})).status).toBe(401)
  })

  // developer.paypal.com/api/rest/webhooks/event-names
  test.each<readonly [string, ReadonlyArray<string>, () => Promise<unknown>]>([
    [
      "an authorization and its capture",
      ["PAYMENT.AUTHORIZATION.CREATED", "PAYMENT.CAPTURE.COMPLETED"],
      async () => captureOf(await hold(client))
    ],
    [
      "an authorization and its void",
      ["PAYMENT.AUTHORIZATION.CREATED", "PAYMENT.AUTHORIZATION.VOIDED"],
      async () => client.post(`/v2/payments/authorizations/${await hold(client)}/void`)
    ],
    [
      "a capture and its refund",
      ["PAYMENT.CAPTURE.COMPLETED", "CHECKOUT.ORDER.COMPLETED", "PAYMENT.CAPTURE.REFUNDED"],
      async () => client.post(`/v2/payments/captures/${await take(client)}/refund`)
    ],
    [
      "a capture that is declined",
      ["PAYMENT.CAPTURE.DECLINED"],
      () => client.post(orders, orderOf("CAPTURE", card({ name: "CCREJECT-REFUSED" })))
    ],
    [
      "an authorization that is declined",
      [],
      () => client.post(orders, orderOf("AUTHORIZE", card({ name: "CCREJECT-REFUSED" })))
    ],
    [
      "a payer's approval, and an eCheck that comes",
      ["CHECKOUT.ORDER.APPROVED", "PAYMENT.CAPTURE.PENDING", "CHECKOUT.ORDER.COMPLETED", "PAYMENT.CAPTURE.COMPLETED"],
      async () => {
        const id = textAt((await client.post(orders, orderOf("CAPTURE", wallet))).body, "id")
        await choose(sandbox, id, "approve-echeck")
        await client.post(`${orders}/${id}/capture`)
        await client.get(`${orders}/${id}`)
      }
    ],
    [
      "a bank payment",
      ["PAYMENT.CAPTURE.COMPLETED", "CHECKOUT.ORDER.COMPLETED"],
      async () => {
        const { body } = await client.post(orders, orderOf("CAPTURE", blik(), {}, instructed))
        await choose(sandbox, textAt(body, "id"), "approve")
      }
    ]
  ])("%s is told", async (_name, expected, happen) => {
    await happen()
    expect(types()).toEqual(expected)
  })
})

describe("what is verified by PayPal", () => {
  const path = "/v1/notifications/verify-webhook-signature"
  const question = ({ headers }: Arrived, over: object = {}) =>
    JSON.stringify({
      auth_algo: headers["paypal-auth-algo"],
      cert_url: headers["paypal-cert-url"],
      transmission_id: headers["paypal-transmission-id"],
      transmission_sig: headers["paypal-transmission-sig"],
      transmission_time: headers["paypal-transmission-time"],
      webhook_id: webhookId,
      ...over
    })
  const withEvent = (rest: string, event: string) => `${rest.slice(0, -1)},"webhook_event":${event}}`
  const ask = async (body: string) => {
    const got = await client.post(path, body)
    return [got.status, got.body]
  }
  const arrive = async () => {
    await hold(client, { description: 'a "quoted" {brace] \\ and [bracket' })
    const [arrived] = await receiver.after(1)
    return arrived ?? { headers: {}, body: "" }
  }
  const verdict = (verification_status: string) => [200, { verification_status }]

  test("is this sandbox's own, by its bytes", async () => {
    const arrived = await arrive()
    const rest = question(arrived)
    expect(await ask(withEvent(rest, arrived.body))).toEqual(verdict("SUCCESS"))
    expect(await ask(` { "webhook_event" : ${arrived.body} , ${rest.slice(1)}`)).toEqual(verdict("SUCCESS"))
    expect(await ask(withEvent(rest, arrived.body.replace("{", "{ ")))).toEqual(verdict("FAILURE"))
    expect(await ask(withEvent(rest, JSON.stringify({ ...JSON.parse(arrived.body), id: "WH-1" })))).toEqual(
      verdict("FAILURE")
    )
  })

  test.each([
    { webhook_id: "OTHER" },
    { transmission_id: "69cd13f0-d67a-11e5-baa3-778b53f4ae55" },
    { transmission_time: "2026-01-01T00:00:00Z" },
    { transmission_sig: "AAAA" },
    { auth_algo: "SHA1withRSA" },
    { cert_url: "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1" }
  ])("is nobody's with %o", async (over) => {
    const arrived = await arrive()
    expect(await ask(withEvent(question(arrived, over), arrived.body))).toEqual(verdict("FAILURE"))
  })

  test("must be asked in full, with a token", async () => {
    const arrived = await arrive()
    expect((await ask(question(arrived)))[0]).toBe(400)
    expect((await ask(withEvent(question(arrived, { webhook_id: undefined }), arrived.body)))[0]).toBe(400)
    expect((await send(sandbox, "POST", path, {}, question(arrived))).status).toBe(401)
  })
})

const payments = () => openApi("paypal/payments_payment_v2.json")
const checkout = () => openApi("paypal/checkout_orders_v2.json")
const notifications = () => openApi("paypal/notifications_webhooks_v1.json")

describeWithSpecs("paypal: published webhooks", () => {
  const approved = async () => {
    const { body } = await client.post(orders, orderOf("CAPTURE", wallet))
    await choose(sandbox, textAt(body, "id"), "approve")
  }
  const kinds: Readonly<Record<string, readonly [() => ReturnType<typeof openApi>, string, () => Promise<unknown>]>> = {
    "PAYMENT.AUTHORIZATION.CREATED": [payments, "authorization-2", () => hold(client)],
    "PAYMENT.AUTHORIZATION.VOIDED": [
      payments,
      "authorization-2",
      async () => client.post(`/v2/payments/authorizations/${await hold(client)}/void`)
    ],
    "PAYMENT.CAPTURE.COMPLETED": [payments, "capture-2", async () => captureOf(await hold(client))],
    "PAYMENT.CAPTURE.DECLINED": [
      payments,
      "capture-2",
      () => client.post(orders, orderOf("CAPTURE", card({ name: "CCREJECT-REFUSED" })))
    ],
    "PAYMENT.CAPTURE.REFUNDED": [
      payments,
      "refund",
      async () => client.post(`/v2/payments/captures/${await take(client)}/refund`)
    ],
    "CHECKOUT.ORDER.APPROVED": [checkout, "order", approved],
    "CHECKOUT.ORDER.COMPLETED": [checkout, "order", () => take(client)]
  }
  for (const [type, [api, schema, happen]] of Object.entries(kinds)) {
    test(type, checks({ connector: "paypal", flow: `webhook ${type}`, kind: "sandbox" }), async () => {
      await happen()
      await receiver.after(sandbox.deliveries().length)
      const bodies: ReadonlyArray<Json> = receiver.arrived.map(({ body }) => JSON.parse(body))
      const [event, ...more] = bodies.filter((body) => body.event_type === type)
      expect(more).toEqual([])
      expect(notifications().checkSchema("#/components/schemas/event", event, { strict: true })).toEqual([])
      expect(api().checkSchema(`#/components/schemas/${schema}`, at(event, "resource"), { strict: true })).toEqual([])
    })
  }
})
