import { paypal } from "@connector-service/connectors/paypal/connector"
import type { Payment } from "@connector-service/domain/Payment"
import { describe, expect, it } from "vitest"
import { overSandbox } from "../OverSandbox.ts"

const clientId = "shop"
const { act, pay, sandbox } = overSandbox(paypal, { clientId, clientSecret: "secret" })

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const json = async (response: Response) => (await response.json()) as { readonly [name: string]: string }

const tokenOf = async (client: string) => {
  const { access_token } = await json(
    await fetch(`${sandbox().url}/paypal/v1/oauth2/token`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${client}:secret`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "client_credentials" })
    })
  )
  return access_token
}

/** Calls PayPal as the shop's own page does, and not this connector. */
const direct = async (method: string, path: string, body?: object, client = clientId) =>
  fetch(`${sandbox().url}/paypal${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await tokenOf(client)}`,
      "content-type": "application/json",
      "paypal-request-id": crypto.randomUUID()
    },
    ...(body && { body: JSON.stringify(body) })
  })

const back = { return_url: "https://shop.example/back", cancel_url: "https://shop.example/back" }
// vault_instruction_base and vault_paypal_wallet_base of checkout_orders_v2.json
const vault = { store_in_vault: "ON_SUCCESS" }
const sources = {
  // developer.paypal.com/tools/sandbox/card-testing
  card: { number: "4012888888881881", expiry: "2040-12", security_code: "123", attributes: { vault } },
  paypal: { experience_context: back, attributes: { vault: { ...vault, usage_type: "MERCHANT" } } }
} as const

/** An order that is to keep what pays it, as a page with PayPal's own buttons makes it; its payer has approved. */
const ordered = async (source: keyof typeof sources, client = clientId): Promise<string> => {
  const order = {
    intent: "CAPTURE",
    purchase_units: [{ amount: { currency_code: "EUR", value: "10.00" } }],
    payment_source: { [source]: sources[source] }
  }
  const { id = "" } = await json(await direct("POST", "/v2/checkout/orders", order, client))
  if (source === "paypal") {
    const choice = new URLSearchParams({ outcome: "approve" })
    await fetch(`${sandbox().url}/paypal/checkoutnow?token=${id}`, { method: "POST", body: choice, redirect: "manual" })
  }
  return id
}

/** The first payment, as the connector tells it when it is done. */
const first = async (source: keyof typeof sources): Promise<Payment> => {
  const paymentId = await ordered(source)
  if (source === "paypal") {
    const state = { intent: "CAPTURE" }
    const done = await act("payment.complete", { reference: "complete-1", paymentId, state })
    expect(done).toMatchObject({ status: "CAPTURED" })
  }
  const seen = await act("payment.get", { paymentId })
  expect(seen).toMatchObject({
    status: "CAPTURED",
    paymentMethodId: expect.any(String),
    state: { paymentSource: source }
  })
  // the line above says so
  return seen as Payment
}

const saved = ({ paymentMethodId }: Payment) => ({ _tag: "SavedPaymentMethod", id: paymentMethodId })

describe.each(["card", "paypal"] as const)("a kept %s", (source) => {
  it("is named by the first payment, and pays again, once, without its payer", async () => {
    const kept = await first(source)
    const { answer } = await pay(saved(kept), { state: kept.state })
    expect(answer).toMatchObject({ status: "CAPTURED", reference: "order-1", amountCaptured: eur(1000n), final: true })
    expect(await pay(saved(kept), { state: kept.state })).toEqual({ answer })
    expect(sandbox().ledger().captures).toHaveLength(2)
  })

  it("pays once when the connection breaks after it was processed", async () => {
    const kept = await first(source)
    await sandbox().setFaults({ kind: "reset_after", path: "/paypal/v2/checkout/orders", method: "POST", count: 1 })
    expect((await pay(saved(kept), { state: kept.state })).answer).toMatchObject({ status: "CAPTURED" })
    expect(sandbox().ledger().captures).toHaveLength(2)
  })

  it("is reserved, captured and given back", async () => {
    const kept = await first(source)
    const { answer } = await pay(saved(kept), { state: kept.state, captureMethod: "MANUAL" })
    expect(answer).toMatchObject({ status: "AUTHORIZED", amountAuthorized: eur(1000n) })
    // the line above says so
    const { paymentId, state } = answer as Payment
    const captured = await act("payment.capture", { reference: "capture-1", paymentId, state, amount: eur(1000n) })
    expect(captured).toMatchObject({ status: "SUCCEEDED", paymentStatus: "CAPTURED" })
    const later = await act("payment.get", { paymentId })
    const refund = { reference: "refund-1", paymentId, amount: eur(400n), state: (later as Payment).state }
    expect(await act("refund.create", refund)).toMatchObject({ status: "SUCCEEDED", amount: eur(400n) })
  })

  it("that was deleted is refused, and nothing is taken", async () => {
    const kept = await first(source)
    expect((await direct("DELETE", `/v3/vault/payment-tokens/${kept.paymentMethodId}`)).status).toBe(204)
    expect(await pay(saved(kept), { state: kept.state })).toMatchObject({
      moneyMoved: "NO",
      reason: { _tag: "Rejected", rawCode: "INVALID_VAULT_ID", rawField: `/payment_source/${source}/vault_id` }
    })
    expect(sandbox().ledger().captures).toHaveLength(1)
  })
})

describe("a kept payment method is refused, and nothing is taken", () => {
  it("where nobody knows its id", async () => {
    expect(await pay({ _tag: "SavedPaymentMethod", id: "8kk8451t" })).toMatchObject({
      moneyMoved: "NO",
      reason: { _tag: "Rejected", rawCode: "INVALID_VAULT_ID" }
    })
    expect(sandbox().ledger().captures).toEqual([])
  })

  it("where it is another merchant's", async () => {
    const order = await ordered("card", "another")
    const { payment_source } = (await (
      await direct("GET", `/v2/checkout/orders/${order}`, undefined, "another")
    ).json()) as {
      readonly payment_source: { readonly card: { readonly attributes: { readonly vault: { id: string } } } }
    }
    const { id } = payment_source.card.attributes.vault
    expect(await pay({ _tag: "SavedPaymentMethod", id })).toMatchObject({
      moneyMoved: "NO",
      reason: { _tag: "Rejected", rawCode: "INVALID_VAULT_ID" }
    })
  })

  it("where it is a wallet and the state that says so was lost", async () => {
    const kept = await first("paypal")
    expect(await pay(saved(kept))).toMatchObject({
      moneyMoved: "NO",
      reason: { _tag: "Rejected", rawCode: "MISMATCHED_VAULT_ID_TO_PAYMENT_SOURCE" }
    })
    expect(sandbox().ledger().captures).toHaveLength(1)
  })
})

it("a kept card is asked for 3-D Secure where that is wanted, and completed", async () => {
  const kept = await first("card")
  const { answer } = await pay(saved(kept), { state: kept.state, threeDSecureRequest: "ALWAYS" })
  expect(answer).toMatchObject({ status: "REQUIRES_ACTION", nextAction: { _tag: "Redirect" } })
  // the line above says so
  const { nextAction, paymentId, state } = answer as Payment
  const url = nextAction?._tag === "Redirect" ? nextAction.url : "none:"
  await fetch(url, { method: "POST", body: new URLSearchParams({ outcome: "complete" }), redirect: "manual" })
  expect(await act("payment.complete", { reference: "complete-2", paymentId, state })).toMatchObject({
    status: "CAPTURED"
  })
})
