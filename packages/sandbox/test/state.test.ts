import { describe, expect, test } from "vitest"
import { at, authorize, cardPayment, clientOf, type Fields, goodCard, sandboxForTests, take, textAt } from "./client.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)
const intents = "/v1/payment_intents"

// Error codes: docs.stripe.com/error-codes. Life of a payment intent: docs.stripe.com/payments/paymentintents/lifecycle.

describe("money", () => {
  test("is captured once", async () => {
    const id = await authorize(client)
    expect((await client.post(`${intents}/${id}/capture`)).body).toMatchObject({ amount_received: 1000 })
    const again = await client.post(`${intents}/${id}/capture`)
    expect(again.status).toBe(400)
    expect(again.body).toMatchObject({
      error: { code: "payment_intent_unexpected_state", payment_intent: { id, status: "succeeded" } }
    })
    expect(sandbox.ledger().captures).toHaveLength(1)
  })

  test("is never captured beyond what is held, and what is left over is released", async () => {
    const id = await authorize(client)
    const over = await client.post(`${intents}/${id}/capture`, { amount_to_capture: "1001" })
    expect([over.status, at(over.body, "error.code")]).toEqual([400, "amount_too_large"])
    const { body } = await client.post(`${intents}/${id}/capture`, {
      amount_to_capture: "300",
      "expand[]": "latest_charge"
    })
    expect(body).toMatchObject({ latest_charge: { amount: 1000, amount_captured: 300, amount_refunded: 700 } })
  })

  test("is refunded in parts, never beyond what was captured", async () => {
    const id = await authorize(client)
    await client.post(`${intents}/${id}/capture`, { amount_to_capture: "300" })
    const refund = (amount: string) => client.post("/v1/refunds", { payment_intent: id, amount })
    expect((await refund("100")).status).toBe(200)
    expect((await refund("100")).status).toBe(200)
    const over = await refund("101")
    expect([over.status, at(over.body, "error.param")]).toEqual([400, "amount"])
    expect((await refund("100")).status).toBe(200)
    expect(at((await refund("1")).body, "error.code")).toBe("charge_already_refunded")
    const total = sandbox.ledger().refunds.reduce((sum, { amount }) => sum + amount, 0)
    expect(total).toBe(300)
  })

  test("that was not captured is not refunded", async () => {
    const id = await authorize(client)
    expect((await client.post("/v1/refunds", { payment_intent: id })).status).toBe(400)
    const unpaid = await client.post(intents, { amount: "500", currency: "eur" })
    expect((await client.post("/v1/refunds", { payment_intent: textAt(unpaid.body, "id") })).status).toBe(400)
    expect(sandbox.ledger().refunds).toEqual([])
  })

  test("that was voided is gone", async () => {
    const id = await authorize(client)
    expect((await client.post(`${intents}/${id}/cancel`)).body).toMatchObject({ status: "canceled" })
    for (const action of ["capture", "cancel", "confirm"]) {
      const { status, body } = await client.post(`${intents}/${id}/${action}`)
      expect([status, at(body, "error.code")]).toEqual([400, "payment_intent_unexpected_state"])
    }
    expect(sandbox.ledger().voids).toHaveLength(1)
    expect(sandbox.ledger().captures).toEqual([])
  })

  test("that was captured is not voided", async () => {
    const id = await take(client)
    const { status, body } = await client.post(`${intents}/${id}/cancel`)
    expect([status, at(body, "error.code")]).toEqual([400, "payment_intent_unexpected_state"])
  })

  test("a refund that Stripe settles later is seen in both states", async () => {
    const states = async (card: string): Promise<ReadonlyArray<string>> => {
      const paid = await client.post(intents, cardPayment(card))
      const made = await client.post("/v1/refunds", { payment_intent: textAt(paid.body, "id") })
      const read = () => client.get(`/v1/refunds/${textAt(made.body, "id")}`)
      return [made, await read(), await read()].map(({ body }) => textAt(body, "status"))
    }
    // docs.stripe.com/testing, "Refunds".
    expect(await states("4000000000007726")).toEqual(["pending", "pending", "succeeded"])
    expect(await states("4000000000005126")).toEqual(["succeeded", "succeeded", "failed"])
  })

  test("of one key is not seen with another", async () => {
    const id = await take(client)
    const other = clientOf(sandbox, "sk_test_other")
    expect((await other.get(`${intents}/${id}`)).status).toBe(404)
    expect(at((await other.get(intents)).body, "data")).toEqual([])
  })
})

describe("parameters", () => {
  const pay = (more: Fields) => client.post(intents, cardPayment(goodCard, more))
  test.each([
    ["a misspelt name", { capture_metod: "manual" }, "parameter_unknown", "capture_metod"],
    [
      "a misspelt part",
      { "payment_method_data[card][nummer]": "1" },
      "parameter_unknown",
      "payment_method_data[card][nummer]"
    ],
    ["a fraction", { amount: "10.5" }, "parameter_invalid_integer", "amount"],
    ["nothing to take", { amount: "0" }, "parameter_invalid_integer", "amount"],
    // docs.stripe.com/currencies: 0.50 EUR, 0.30 GBP, 50 JPY.
    ["too little in EUR", { amount: "49" }, "amount_too_small", "amount"],
    ["too little in GBP", { amount: "29", currency: "gbp" }, "amount_too_small", "amount"],
    ["too little in JPY", { amount: "49", currency: "jpy" }, "amount_too_small", "amount"],
    ["more than eight digits", { amount: "100000000" }, "amount_too_large", "amount"],
    ["an empty value", { description: "" }, "parameter_invalid_empty", "description"],
    ["an unknown currency", { currency: "zzz" }, undefined, "currency"],
    ["a return_url that is none", { return_url: "shop" }, "url_invalid", "return_url"],
    ["an expansion of nothing", { "expand[]": "latest_charge.hat" }, undefined, "expand"]
  ])("%s is refused unexecuted", async (_name, more, code, param) => {
    const { status, body } = await pay(more)
    expect([status, at(body, "error.code"), at(body, "error.param")]).toEqual([400, code, param])
    expect(at((await client.get(intents)).body, "data")).toEqual([])
    expect(sandbox.ledger().authorizations).toEqual([])
  })

  test("one that is missing is named", async () => {
    const { status, body } = await client.post(intents, { amount: "100" })
    expect([status, at(body, "error.code"), at(body, "error.param")]).toEqual([400, "parameter_missing", "currency"])
    expect(at((await client.post("/v1/refunds")).body, "error.code")).toBe("parameter_missing")
  })

  test("names of any depth do no harm", async () => {
    const name = `mandate_data${"[a]".repeat(100_000)}`
    expect((await pay({ [name]: "1" })).status).toBe(200)
  })

  test("a JSON body is refused", async () => {
    const response = await fetch(`${sandbox.url}/stripe${intents}`, {
      method: "POST",
      headers: { authorization: "Bearer sk_test_one", "content-type": "application/json" },
      body: "{}"
    })
    expect(response.status).toBe(400)
  })

  // docs.stripe.com/error-codes: resource_missing; 404 for the object of the request, 400 for one it names.
  test("ids that this account does not have", async () => {
    expect((await client.get(`${intents}/pi_none`)).status).toBe(404)
    expect((await client.post(`${intents}/pi_none/capture`)).status).toBe(404)
    expect((await pay({ customer: "cus_none" })).body).toMatchObject({ error: { code: "resource_missing" } })
    expect((await client.post("/v1/refunds", { payment_intent: "pi_none" })).status).toBe(400)
  })

  test("with automatic methods a confirmation needs somewhere to return to", async () => {
    const fields = { amount: "1000", currency: "eur", confirm: "true", payment_method: "pm_card_visa" }
    expect((await client.post(intents, fields)).status).toBe(400)
    expect((await client.post(intents, { ...fields, return_url: "https://shop.example" })).status).toBe(200)
    const never = {
      "automatic_payment_methods[enabled]": "true",
      "automatic_payment_methods[allow_redirects]": "never"
    }
    expect((await client.post(intents, { ...fields, ...never })).status).toBe(200)
  })

  test("metadata is merged, and an empty value removes its key", async () => {
    const id = await take(client, { "metadata[a]": "1", "metadata[b]": "2" })
    const { body } = await client.post(`${intents}/${id}`, { "metadata[a]": "", "metadata[c]": "3" })
    expect(body).toMatchObject({ metadata: { b: "2", c: "3" } })
    expect(at(body, "metadata.a")).toBeUndefined()
    expect((await client.post(`${intents}/${id}`, { metadata: "" })).body).toMatchObject({ metadata: {} })
  })

  test("lists are filtered by time, customer and payment", async () => {
    const customer = textAt((await client.post("/v1/customers")).body, "id")
    const mine = await take(client, { customer })
    const other = await take(client)
    expect(at((await client.get(`${intents}?customer=${customer}`)).body, "data")).toMatchObject([{ id: mine }])
    const future = Math.floor(Date.now() / 1000) + 1000
    expect(at((await client.get(`${intents}?created[gte]=${future}`)).body, "data")).toEqual([])
    expect(at((await client.get(`${intents}?created[lt]=${future}&limit=1`)).body, "has_more")).toBe(true)
    expect(at((await client.get(`${intents}?starting_after=${other}`)).body, "data")).toMatchObject([{ id: mine }])
    expect(at((await client.get(`${intents}?ending_before=${mine}`)).body, "data")).toMatchObject([{ id: other }])
    const refunded = textAt((await client.post("/v1/refunds", { payment_intent: mine })).body, "id")
    await client.post("/v1/refunds", { payment_intent: other })
    expect(at((await client.get(`/v1/refunds?payment_intent=${mine}`)).body, "data")).toMatchObject([{ id: refunded }])
  })
})

// docs.stripe.com/api/idempotent_requests and docs.stripe.com/error-low-level.
describe("an idempotency key", () => {
  const key = { "idempotency-key": "k" }
  const ids = () => sandbox.ledger().captures.map(({ id }) => id)

  test("gives the stored reply to the same request, whatever the order of its fields", async () => {
    const first = await client.post(intents, cardPayment(goodCard), key)
    const turned = Object.fromEntries(Object.entries(cardPayment(goodCard)).reverse())
    const second = await client.post(intents, turned, key)
    expect(second.text).toBe(first.text)
    expect(second.headers.get("idempotent-replayed")).toBe("true")
    expect(second.headers.get("original-request")).toBe(first.headers.get("request-id"))
    expect(second.headers.get("request-id")).not.toBe(first.headers.get("request-id"))
    expect(second.headers.get("idempotency-key")).toBe("k")
    expect(ids()).toHaveLength(1)
  })

  test("keeps declines and wrong states", async () => {
    for (const make of [
      () => client.post(intents, cardPayment("4000000000000002"), key),
      () => client.post("/v1/refunds", { payment_intent: "pi_none" }, { "idempotency-key": "r" })
    ]) {
      const first = await make()
      const second = await make()
      expect(second.text).toBe(first.text)
      expect(second.headers.get("idempotent-replayed")).toBe("true")
    }
  })

  test("keeps no refused parameters", async () => {
    expect((await client.post(intents, { amount: "x", currency: "eur" }, key)).status).toBe(400)
    expect((await client.post(intents, cardPayment(goodCard), key)).status).toBe(200)
  })

  test("is refused for other parameters and for another endpoint", async () => {
    await client.post(intents, cardPayment(goodCard), key)
    for (const got of [
      await client.post(intents, cardPayment(goodCard, { amount: "1001" }), key),
      await client.post("/v1/customers", {}, key)
    ]) {
      expect([got.status, at(got.body, "error.type")]).toEqual([400, "idempotency_error"])
    }
    expect(ids()).toHaveLength(1)
  })

  test("is one account's own, and of no effect on a GET", async () => {
    const mine = await client.post(intents, cardPayment(goodCard), key)
    const other = await clientOf(sandbox, "sk_test_other").post(intents, cardPayment(goodCard, { amount: "5000" }), key)
    expect([mine.status, other.status]).toEqual([200, 200])
    expect((await client.send("GET", intents, undefined, key)).status).toBe(200)
  })

  test("may not be longer than 255 characters", async () => {
    expect((await client.post(intents, cardPayment(goodCard), { "idempotency-key": "k".repeat(256) })).status).toBe(400)
  })
})

describe("authentication", () => {
  const get = (authorization?: string) =>
    fetch(`${sandbox.url}/stripe${intents}`, { ...(authorization === undefined ? {} : { headers: { authorization } }) })
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`

  test.each(["Bearer sk_test_one", "Bearer rk_test_one", basic("sk_test_one:")])(
    "accepts %s",
    async (authorization) => {
      expect((await get(authorization)).status).toBe(200)
    }
  )

  test.each([undefined, "Bearer sk_live_one", "Bearer pk_test_one", "Bearer", basic("sk_live_one:")])(
    "refuses %s",
    async (authorization) => {
      expect((await get(authorization)).status).toBe(401)
    }
  )

  test("says that a key has expired", async () => {
    const response = await get("Bearer sk_test_expired")
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: { code: "api_key_expired" } })
  })

  test("answers with the version asked for and a request id", async () => {
    const got = await client.send("GET", intents, undefined, { "stripe-version": "2024-06-20" })
    expect(got.headers.get("stripe-version")).toBe("2024-06-20")
    expect(got.headers.get("request-id")).toMatch(/^req_\w+$/)
  })
})
