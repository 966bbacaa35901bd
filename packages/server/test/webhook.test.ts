import {
  type Delivery,
  WebhookServiceDefinition,
  type WebhookServiceReceiveResponse
} from "@connector-service/proto/payments/v1/webhook"
import { Metadata } from "nice-grpc"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { payload, signed, signingSecret, webhookAccount } from "./deliveries.ts"
import { failure, type Running, run, target } from "./kit.ts"

let running: Running
let closed: Running
beforeAll(async () => {
  running = await run(webhookAccount)
  closed = await run({ ...webhookAccount, ACCEPT_CALLER_CREDENTIALS: "false" })
})
afterAll(async () => {
  await running.close()
  await closed.close()
})

const deliveryOf = (body: string, options?: Parameters<typeof signed>[1]): Delivery => {
  const signing = signed(body, options)
  const headers = Object.entries(signing.headers).map(([name, value]) => ({ name, value }))
  return { method: "POST", url: "/webhooks", headers, body: signing.body }
}
const receive = (
  delivery: Delivery | undefined,
  over?: Parameters<typeof target>[0],
  at = running
): Promise<WebhookServiceReceiveResponse> =>
  at.client(WebhookServiceDefinition).receive({ delivery }, { metadata: target(over) })
const identify = (delivery: Delivery, metadata: Metadata) =>
  running.client(WebhookServiceDefinition).identify({ delivery }, { metadata })

const list = (secrets: unknown) => Buffer.from(JSON.stringify(secrets))
const own = { "x-account": undefined, "x-webhook-secrets-bin": list([{ signingSecret }]) }

describe("a webhook over gRPC", () => {
  it("is proven by a secret of the account, and read", async () => {
    for (const secret of [signingSecret, "whsec_old"]) {
      const { acknowledgement, events } = await receive(deliveryOf(payload, { secret }))
      expect(acknowledgement).toEqual({ status: 200, contentType: undefined, body: undefined })
      expect(events).toMatchObject([
        {
          id: "evt_1",
          rawType: "payout.paid",
          // the event's `created`
          occurredAt: new Date("2026-01-01T00:00:00Z"),
          account: "acct_1",
          environment: "sandbox",
          subject: { $case: "payout", value: { payoutId: "po_1", amount: { minorUnits: 1000n, currencyCode: "EUR" } } }
        }
      ])
    }
  })

  it("needs no credentials of the account", async () => {
    expect((await receive(deliveryOf(payload), { "x-account": "mute" })).events).toHaveLength(1)
  })

  it("is proven by secrets that the caller brings, where it may", async () => {
    expect((await receive(deliveryOf(payload), own)).events).toHaveLength(1)
    expect(await failure(receive(deliveryOf(payload), own, closed))).toMatchObject({
      status: "INVALID_ARGUMENT",
      badRequest: { fieldViolations: [{ field: "x-webhook-secrets-bin" }] }
    })
  })

  // https://docs.stripe.com/webhooks#verify-manually: five minutes
  const old = { timestamp: Math.floor(Date.now() / 1000) - 301 }
  it.each([
    ["by another secret", { secret: "whsec_evil" }, payload, "UNAUTHENTICATED", "InvalidSignature"],
    ["an old one", old, payload, "FAILED_PRECONDITION", "StaleTimestamp"],
    ["one that is no event", {}, "[]", "INVALID_ARGUMENT", "Unreadable"]
  ] as const)("%s is refused", async (_name, options, body, status, reason) => {
    expect(await failure(receive(deliveryOf(body, options)))).toMatchObject({
      status,
      info: {
        reason,
        metadata: { flow: "webhook.receive", connector: "stripe", money_moved: "NO", retryable: "false" }
      },
      error: { reason: { $case: reason.charAt(0).toLowerCase() + reason.slice(1) } }
    })
  })

  it("is refused where the account has no secret for the connector", async () => {
    for (const over of [{ "x-account": "nobody" }, { "x-connector": "paypal" }]) {
      expect(await failure(receive(deliveryOf(payload), over))).toMatchObject({
        status: "FAILED_PRECONDITION",
        info: { reason: "UnknownSecret" }
      })
    }
  })

  it.each([
    ["neither account nor secrets", { "x-account": undefined }, "x-account"],
    ["both", { "x-webhook-secrets-bin": list([{ signingSecret }]) }, "x-webhook-secrets-bin"],
    ["an account and credentials", { "x-credentials-bin": list({ secretKey: "sk_test_x" }) }, "x-credentials-bin"],
    [
      "credentials without secrets",
      { "x-account": undefined, "x-credentials-bin": list({ secretKey: "sk_test_x" }) },
      "x-webhook-secrets-bin"
    ],
    ["no list", { ...own, "x-webhook-secrets-bin": list({ signingSecret }) }, "x-webhook-secrets-bin"],
    ["an empty list", { ...own, "x-webhook-secrets-bin": list([]) }, "x-webhook-secrets-bin"],
    ["no JSON", { ...own, "x-webhook-secrets-bin": Buffer.from(`["${signingSecret}`) }, "x-webhook-secrets-bin"],
    ["credentials that are a list", { ...own, "x-credentials-bin": list([]) }, "x-credentials-bin"],
    ["an account with a slash", { "x-account": "../sandbox" }, "x-account"],
    ["no environment", { "x-environment": undefined }, "x-environment"]
  ] as const)("with %s is an error that names the key and repeats nothing", async (_name, over, field) => {
    const failed = await failure(receive(deliveryOf(payload), over))
    expect(failed).toMatchObject({ status: "INVALID_ARGUMENT", badRequest: { fieldViolations: [{ field }] } })
    expect(JSON.stringify(failed)).not.toContain(signingSecret)
  })

  it("that is left out is a missing field", async () => {
    expect(await failure(receive(undefined))).toMatchObject({
      status: "INVALID_ARGUMENT",
      badRequest: { fieldViolations: [{ field: "delivery" }] }
    })
  })
})

describe("a claim over gRPC", () => {
  it("needs a connector alone, and is read whatever its signature", async () => {
    const { unverified } = await identify(
      deliveryOf(payload, { secret: "whsec_evil" }),
      Metadata({ "x-connector": "stripe" })
    )
    expect(unverified).toEqual({ account: "acct_1", objectIds: ["po_1"] })
  })

  it("of no connector, or of one that is not there, is an error", async () => {
    expect(await failure(identify(deliveryOf(payload), Metadata()))).toMatchObject({
      badRequest: { fieldViolations: [{ field: "x-connector" }] }
    })
    expect(await failure(identify(deliveryOf(payload), Metadata({ "x-connector": "nosuch" })))).toMatchObject({
      status: "NOT_FOUND",
      info: { reason: "UnknownConnector" }
    })
  })
})
