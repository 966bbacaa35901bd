import Stripe from "stripe"
import { describe, expect, test } from "vitest"
import { sandboxForTests, sdkOf } from "./client.ts"

const sandbox = await sandboxForTests()
const stripe = sdkOf(sandbox)
const payment = { amount: 1000, currency: "eur", payment_method_types: ["card"] }

const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error
  )

describe("the official SDK", () => {
  test("creates, confirms, captures, refunds and retrieves", async () => {
    const made = await stripe.paymentIntents.create({ ...payment, capture_method: "manual", metadata: { order: "7" } })
    expect(made.status).toBe("requires_payment_method")
    const held = await stripe.paymentIntents.confirm(made.id, { payment_method: "pm_card_mastercard" })
    expect(held).toMatchObject({ status: "requires_capture", amount_capturable: 1000, amount_received: 0 })
    const taken = await stripe.paymentIntents.capture(made.id, { amount_to_capture: 700 })
    expect(taken).toMatchObject({ status: "succeeded", amount_capturable: 0, amount_received: 700 })
    const refund = await stripe.refunds.create({ payment_intent: made.id, amount: 200, reason: "duplicate" })
    expect(refund).toMatchObject({ status: "succeeded", amount: 200, payment_intent: made.id, reason: "duplicate" })
    expect((await stripe.refunds.retrieve(refund.id)).id).toBe(refund.id)
    const read = await stripe.paymentIntents.retrieve(made.id, { expand: ["latest_charge"] })
    expect(read.metadata).toEqual({ order: "7" })
    expect(read.latest_charge).toMatchObject({
      amount_captured: 700,
      payment_method_details: { card: { brand: "mastercard", last4: "4444" } }
    })
  })

  test("cancels what was held", async () => {
    const { id } = await stripe.paymentIntents.create({
      ...payment,
      capture_method: "manual",
      confirm: true,
      payment_method: "pm_card_visa"
    })
    const canceled = await stripe.paymentIntents.cancel(id, { cancellation_reason: "abandoned" })
    expect(canceled).toMatchObject({ status: "canceled", cancellation_reason: "abandoned", amount_capturable: 0 })
  })

  test("pages through a list, newest first", async () => {
    const ids: Array<string> = []
    for (let count = 0; count < 5; count += 1) ids.unshift((await stripe.paymentIntents.create(payment)).id)
    const first = await stripe.paymentIntents.list({ limit: 2 })
    expect(first).toMatchObject({ has_more: true, data: [{ id: ids[0] }, { id: ids[1] }] })
    const all: Array<string> = []
    for await (const { id } of stripe.paymentIntents.list({ limit: 2 })) all.push(id)
    expect(all).toEqual(ids)
  })

  test("creates and reads a payment method and a customer", async () => {
    const method = await stripe.paymentMethods.create({
      type: "card",
      card: { number: "378282246310005", exp_month: 3, exp_year: 2040, cvc: "1234" }
    })
    expect((await stripe.paymentMethods.retrieve(method.id)).card).toMatchObject({ brand: "amex", last4: "0005" })
    const customer = await stripe.customers.create({ email: "payer@example.com" })
    const paid = await stripe.paymentIntents.create({
      ...payment,
      confirm: true,
      customer: customer.id,
      payment_method: method.id
    })
    expect(paid).toMatchObject({ status: "succeeded", customer: customer.id, payment_method: method.id })
  })

  test("raises a card error for a decline, with the payment it was for", async () => {
    const error = await failure(
      stripe.paymentIntents.create({
        ...payment,
        confirm: true,
        payment_method: "pm_card_visa_chargeDeclinedInsufficientFunds"
      })
    )
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError)
    expect(error).toMatchObject({
      statusCode: 402,
      code: "card_declined",
      decline_code: "insufficient_funds",
      payment_intent: { status: "requires_payment_method", last_payment_error: { decline_code: "insufficient_funds" } }
    })
  })

  test("raises its own errors for a wrong key, an unknown id and a key used for two requests", async () => {
    const foreign = new Stripe("sk_live_x", {
      httpClient: Stripe.createFetchHttpClient((input: string | URL | Request, init?: RequestInit) =>
        fetch(String(input).replace("https://api.stripe.com", `${sandbox.url}/stripe`), init)
      )
    })
    expect(await failure(foreign.paymentIntents.list())).toBeInstanceOf(Stripe.errors.StripeAuthenticationError)
    expect(await failure(stripe.charges.retrieve("ch_none"))).toMatchObject({
      code: "resource_missing",
      statusCode: 404
    })
    await stripe.paymentIntents.create(payment, { idempotencyKey: "k" })
    const reused = await failure(stripe.paymentIntents.create({ ...payment, amount: 2000 }, { idempotencyKey: "k" }))
    expect(reused).toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
  })

  test("gets the stored reply for the same key", async () => {
    const first = await stripe.paymentIntents.create(payment, { idempotencyKey: "again" })
    const second = await stripe.paymentIntents.create(payment, { idempotencyKey: "again" })
    expect(second.id).toBe(first.id)
    expect(sandbox.ledger().requests.map(({ replayed }) => replayed)).toEqual([false, true])
    expect(second.lastResponse.requestId).not.toBe(first.lastResponse.requestId)
  })
})

describe("the official SDK sends again", () => {
  const paid = { ...payment, confirm: true, payment_method: "pm_card_visa" }
  const patient = sdkOf(sandbox, 2)
  const outcomes = () => sandbox.ledger().requests.map(({ processed, replayed }) => ({ processed, replayed }))

  // stripe 23.1.0, RequestSender: 5xx and broken connections are sent again, with the key of the first attempt.
  test.each(["500_before", "reset_before", "503_before"] as const)(
    "after %s, and the second one pays",
    async (kind) => {
      await sandbox.setFaults({ kind, path: "/stripe/v1/payment_intents", method: "POST", count: 1 })
      expect((await patient.paymentIntents.create(paid)).status).toBe("succeeded")
      expect(sandbox.ledger().captures).toHaveLength(1)
      expect(outcomes()).toEqual([
        { processed: false, replayed: false },
        { processed: true, replayed: false }
      ])
    }
  )

  test.each(["reset_after", "502_after"] as const)("after %s, and is given the first one's reply", async (kind) => {
    await sandbox.setFaults({ kind, path: "/stripe/v1/payment_intents", count: 1 })
    expect((await patient.paymentIntents.create(paid)).status).toBe("succeeded")
    expect(sandbox.ledger().captures).toHaveLength(1)
    expect(outcomes()).toEqual([
      { processed: true, replayed: false },
      { processed: false, replayed: true }
    ])
  })

  // docs.stripe.com/error-low-level: a 500 is kept under its key, and Stripe-Should-Retry says that retrying is useless.
  test("not after a 500 that the key keeps", async () => {
    await sandbox.setFaults({ kind: "500_after", path: "/stripe", count: 1 })
    const key = { idempotencyKey: "kept" }
    const calls = [await failure(patient.paymentIntents.create(paid, key))]
    calls.push(await failure(patient.paymentIntents.create(paid, key)))
    for (const error of calls) expect(error).toBeInstanceOf(Stripe.errors.StripeAPIError)
    expect(sandbox.ledger().captures).toHaveLength(1)
    expect(sandbox.ledger().requests.map(({ status, replayed }) => [status, replayed])).toEqual([
      [500, false],
      [500, true]
    ])
  })
})
