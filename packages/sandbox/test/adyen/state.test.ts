import { describe, expect, test } from "vitest"
import { sandboxForTests } from "../client.ts"
import { card, clientOf, euros, manual, modify, payment, take } from "./client.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)

describe("capture", () => {
  test("is at once unless the merchant captures", async () => {
    const id = await take(client, { metadata: { cart: "7" } })
    const { authorizations, captures } = sandbox.ledger()
    const entry = {
      processor: "adyen",
      account: "TestAccountECOM",
      id,
      payment_id: id,
      amount: 1000,
      currency: "eur",
      metadata: { cart: "7", reference: "order-7" },
      idempotency_key: null
    }
    expect([authorizations, captures]).toMatchObject([[entry], [entry]])
  })

  // docs.adyen.com/online-payments/capture: manual for one payment, or delayed.
  test.each([manual, { captureDelayHours: 24 }])("waits with %o", async (how) => {
    const id = await take(client, how)
    expect(sandbox.ledger().captures).toEqual([])
    const got = await modify(client, id, "captures", euros(400))
    expect(got.status).toBe(201)
    expect(got.body).toMatchObject({
      merchantAccount: "TestAccountECOM",
      paymentPspReference: id,
      reference: "captures-1",
      status: "received",
      amount: { currency: "EUR", value: 400 }
    })
    expect(sandbox.ledger().captures).toMatchObject([
      { id: got.body.pspReference, payment_id: id, amount: 400, metadata: { reference: "captures-1" } }
    ])
  })

  test("of 0 hours is at once", async () => {
    await take(client, { captureDelayHours: 0 })
    expect(sandbox.ledger().captures).toHaveLength(1)
  })
})

// docs.adyen.com/online-payments/capture, /refund, /cancel: an invalid modification is received and fails by webhook.
describe("a modification that cannot be is received and moves nothing", () => {
  const invalid: ReadonlyArray<readonly [name: string, how: object, steps: ReadonlyArray<readonly [string, object]>]> =
    [
      ["a capture of more than was authorised", manual, [["captures", euros(1001)]]],
      ["a capture in another currency", manual, [["captures", { amount: { currency: "USD", value: 1000 } }]]],
      ["a capture of nothing", manual, [["captures", euros(0)]]],
      ["a refund before capture", manual, [["refunds", euros(1000)]]],
      ["a refund of more than was captured", {}, [["refunds", euros(1001)]]],
      ["a void of what was captured", {}, [["cancels", {}]]],
      [
        "a capture of what was refused",
        { paymentMethod: card("4111111111111111", { holderName: "DECLINED" }) },
        [["captures", euros(1)]]
      ],
      [
        "a capture that fails",
        { ...manual, paymentMethod: card("4111111111111111", { holderName: "capture failed" }) },
        [["captures", euros(1000)]]
      ],
      [
        "a refund that fails",
        { paymentMethod: card("4111111111111111", { holderName: "refund failed" }) },
        [
          ["refunds", euros(1000)],
          ["reversals", {}]
        ]
      ]
    ]
  test.each(invalid)("%s", async (_name, how, steps) => {
    const id = await take(client, { ...how })
    const before = sandbox.ledger()
    for (const [what, more] of steps) {
      const got = await modify(client, id, what, { ...more })
      expect([got.status, got.body.status]).toEqual([201, "received"])
    }
    const { captures, voids, refunds } = sandbox.ledger()
    expect({ captures, voids, refunds }).toEqual({ captures: before.captures, voids: [], refunds: [] })
  })
})

test("what is held is captured once; what is left over is not capturable", async () => {
  const id = await take(client, manual)
  await modify(client, id, "captures", euros(400))
  await modify(client, id, "captures", euros(400))
  await modify(client, id, "cancels")
  const { captures, voids } = sandbox.ledger()
  expect([captures.length, voids.length]).toEqual([1, 0])
})

test("what is voided can be neither captured nor voided again", async () => {
  const id = await take(client, manual)
  const got = await modify(client, id, "cancels")
  await modify(client, id, "cancels")
  await modify(client, id, "captures", euros(1000))
  const { captures, voids } = sandbox.ledger()
  expect(captures).toEqual([])
  expect(voids).toMatchObject([{ id: got.body.pspReference, amount: 1000, metadata: { reference: "cancels-1" } }])
})

test("refunds stop at what was captured", async () => {
  const id = await take(client, manual)
  await modify(client, id, "captures", euros(700))
  for (const value of [300, 300, 300, 100]) await modify(client, id, "refunds", euros(value))
  expect(sandbox.ledger().refunds.map(({ amount }) => amount)).toEqual([300, 300, 100])
})

// docs.adyen.com/online-payments/reversal: a refund of what was captured, a cancellation of what was not.
test("a reversal voids what is held and refunds what was captured", async () => {
  const held = await take(client, manual)
  const taken = await take(client)
  await modify(client, held, "reversals")
  await modify(client, taken, "reversals")
  await modify(client, taken, "reversals")
  const { voids, refunds } = sandbox.ledger()
  expect(voids).toMatchObject([{ payment_id: held, amount: 1000 }])
  expect(refunds).toMatchObject([{ payment_id: taken, amount: 1000 }])
})

test.each(["captures", "cancels", "refunds", "reversals"])("%s of an unknown payment are refused", async (what) => {
  const amount = what === "captures" || what === "refunds" ? euros(1) : {}
  // Adyen's own library expects this body of all its modifications (adyen-node-api-library, modification tests).
  expect((await modify(client, "9999999999999999", what, amount)).body).toEqual({
    status: 422,
    errorCode: "167",
    message: "Original pspReference required for this operation",
    errorType: "validation"
  })
})

test("merchant accounts are apart", async () => {
  const id = await take(client)
  const got = await client.post(`/payments/${id}/refunds`, { merchantAccount: "OtherECOM", ...euros(1000) })
  expect(got.body).toMatchObject({ errorCode: "167" })
  expect(sandbox.ledger().refunds).toEqual([])
})

// docs.adyen.com/development-resources/api-idempotency.
describe("an idempotency key", () => {
  const key = { "idempotency-key": "b3e8a0c4-7a1f-4e0e-9a55-0a3c1c2d3e4f" }

  test("gives the first answer again, and is echoed", async () => {
    const first = await client.pay({}, key)
    const second = await client.pay({}, key)
    expect(second.text).toBe(first.text)
    expect(second.headers.get("idempotency-key")).toBe(key["idempotency-key"])
    expect(sandbox.ledger().captures).toMatchObject([{ idempotency_key: key["idempotency-key"] }])
    expect(sandbox.ledger().requests.map(({ replayed }) => replayed)).toEqual([false, true])
  })

  test("gives it even to another request, for no comparison is documented", async () => {
    const first = await client.pay({}, key)
    expect((await client.pay(euros(2000), key)).text).toBe(first.text)
    expect(sandbox.ledger().captures).toHaveLength(1)
  })

  test("keeps a refusal, but not what was turned away before it was looked at", async () => {
    const refused = await client.pay({ paymentMethod: card("4111111111111111", { holderName: "DECLINED" }) }, key)
    expect((await client.pay({}, key)).text).toBe(refused.text)
    const other = { "idempotency-key": "other" }
    expect((await client.pay({ nonsense: 1 }, other)).status).toBe(400)
    expect((await client.pay({}, other)).status).toBe(200)
  })

  test("is one API key's own, and has at most 64 characters", async () => {
    await client.pay({}, key)
    await clientOf(sandbox, "AQEanotherkey").pay({}, key)
    expect(sandbox.ledger().captures).toHaveLength(2)
    expect((await client.pay({}, { "idempotency-key": "k".repeat(65) })).status).toBe(400)
    expect((await client.pay({}, { "idempotency-key": "k".repeat(64) })).status).toBe(200)
  })

  test("works on modifications", async () => {
    const id = await take(client)
    const body = { merchantAccount: payment().merchantAccount, ...euros(100) }
    const first = await client.post(`/payments/${id}/refunds`, body, key)
    expect((await client.post(`/payments/${id}/refunds`, body, key)).text).toBe(first.text)
    expect(sandbox.ledger().refunds).toHaveLength(1)
    await client.post(`/payments/${id}/refunds`, body)
    expect(sandbox.ledger().refunds).toHaveLength(2)
  })
})
