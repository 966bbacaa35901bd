import { describe, expect, test } from "vitest"
import { at, sandboxForTests, textAt } from "../client.ts"
import { card, clientOf, euros, hold, issueOf, orderOf, orders, paymentIn, take } from "./client.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)
const authorizations = "/v2/payments/authorizations"
const captures = "/v2/payments/captures"

const captureOf = (id: string, body: object = {}) => client.post(`${authorizations}/${id}/capture`, body)
const refundOf = (id: string, body: object = {}) => client.post(`${captures}/${id}/refund`, body)
const statusOf = async (path: string) => (await client.get(path)).body.status

// Issue names: the error schemas of payments_payment_v2.json, for each operation.
describe("an authorization", () => {
  test("is captured in parts, until nothing of it is left", async () => {
    const id = await hold(client)
    expect((await captureOf(id, euros("4.00"))).body).toMatchObject({ status: "COMPLETED", final_capture: false })
    expect(await statusOf(`${authorizations}/${id}`)).toBe("PARTIALLY_CAPTURED")
    expect((await captureOf(id, euros("6.00"))).status).toBe(201)
    expect(await statusOf(`${authorizations}/${id}`)).toBe("CAPTURED")
    expect(issueOf(await captureOf(id, euros("0.01")))).toBe("AUTHORIZATION_ALREADY_CAPTURED")
    expect(sandbox.ledger().captures.map(({ amount }) => amount)).toEqual([400, 600])
  })

  test("is not captured again after a final capture", async () => {
    const id = await hold(client)
    expect((await captureOf(id, { ...euros("4.00"), final_capture: true })).body).toMatchObject({ final_capture: true })
    expect(issueOf(await captureOf(id, euros("1.00")))).toBe("AUTHORIZATION_ALREADY_CAPTURED")
    expect(issueOf(await client.post(`${authorizations}/${id}/void`))).toBe("PREVIOUSLY_CAPTURED")
  })

  // The published description of MAX_CAPTURE_AMOUNT_EXCEEDED: all captures up to 115 % of the order's amount.
  test("is captured up to 115 % and no further", async () => {
    const id = await hold(client)
    expect((await captureOf(id, euros("9.00"))).status).toBe(201)
    expect(issueOf(await captureOf(id, euros("2.51")))).toBe("MAX_CAPTURE_AMOUNT_EXCEEDED")
    expect((await captureOf(id, euros("2.50"))).status).toBe(201)
    expect(sandbox.ledger().captures.map(({ amount }) => amount)).toEqual([900, 250])
  })

  test("is captured in its own currency", async () => {
    const id = await hold(client)
    const got = await captureOf(id, { amount: { currency_code: "USD", value: "1.00" } })
    expect([got.status, issueOf(got)]).toEqual([422, "AUTH_CAPTURE_CURRENCY_MISMATCH"])
  })

  test("is voided once, before it is captured, and then not captured", async () => {
    const id = await hold(client)
    const minimal = await client.post(`${authorizations}/${id}/void`, {}, { prefer: "return=minimal" })
    expect([minimal.status, minimal.text]).toEqual([204, ""])
    expect(await statusOf(`${authorizations}/${id}`)).toBe("VOIDED")
    expect(issueOf(await client.post(`${authorizations}/${id}/void`))).toBe("PREVIOUSLY_VOIDED")
    expect(issueOf(await captureOf(id))).toBe("AUTHORIZATION_VOIDED")
    expect(sandbox.ledger()).toMatchObject({ voids: [{ id, amount: 1000, currency: "eur" }], captures: [] })
  })

  test("captured in part is voided for the rest", async () => {
    const id = await hold(client)
    await captureOf(id, euros("4.00"))
    expect((await client.post(`${authorizations}/${id}/void`)).body).toMatchObject({ status: "VOIDED" })
    expect(sandbox.ledger().voids).toMatchObject([{ id, amount: 600 }])
  })

  test("that the issuer denied is not captured", async () => {
    const { body } = await client.post(orders, orderOf("AUTHORIZE", card({ name: "CCREJECT-IF" })))
    expect(paymentIn(body, "authorizations", "status")).toBe("DENIED")
    expect(issueOf(await captureOf(paymentIn(body, "authorizations")))).toBe("AUTHORIZATION_DENIED")
    expect(sandbox.ledger().authorizations).toEqual([])
  })
})

describe("a capture", () => {
  test("is refunded in parts, then for what is left, then not at all", async () => {
    const id = await take(client)
    expect((await refundOf(id, euros("4.00"))).body).toMatchObject({ status: "COMPLETED", ...euros("4.00") })
    expect(await statusOf(`${captures}/${id}`)).toBe("PARTIALLY_REFUNDED")
    expect(issueOf(await refundOf(id, euros("6.01")))).toBe("REFUND_AMOUNT_EXCEEDED")
    // The published description of the refund's amount: without one, the captured amount less earlier refunds.
    expect((await refundOf(id)).body).toMatchObject(euros("6.00"))
    expect(await statusOf(`${captures}/${id}`)).toBe("REFUNDED")
    expect(issueOf(await refundOf(id, euros("0.01")))).toBe("CAPTURE_FULLY_REFUNDED")
    expect(sandbox.ledger().refunds.map(({ amount }) => amount)).toEqual([400, 600])
  })

  test("is refunded in its own currency", async () => {
    const got = await refundOf(await take(client), { amount: { currency_code: "USD", value: "1.00" } })
    expect(issueOf(got)).toBe("REFUND_CAPTURE_CURRENCY_MISMATCH")
  })

  test("that was declined is not refunded", async () => {
    const { body } = await client.post(orders, orderOf("CAPTURE", card({ name: "CCREJECT-IF" })))
    expect(issueOf(await refundOf(paymentIn(body, "captures")))).toBe("REFUND_NOT_ALLOWED")
  })
})

test("an invoice id is used for one payment, one capture and one refund", async () => {
  const invoice = { invoice_id: "INV-1" }
  const id = await hold(client, invoice)
  const again = await client.post(orders, orderOf("AUTHORIZE", card(), invoice))
  expect([again.status, issueOf(again)]).toEqual([422, "DUPLICATE_INVOICE_ID"])
  const first = await captureOf(id, { ...euros("1.00"), ...invoice })
  expect(first.body).toMatchObject(invoice)
  expect(issueOf(await captureOf(id, { ...euros("1.00"), ...invoice }))).toBe("DUPLICATE_INVOICE_ID")
  const capture = textAt(first.body, "id")
  expect((await refundOf(capture, { ...euros("0.50"), ...invoice })).status).toBe(201)
  expect(issueOf(await refundOf(capture, { ...euros("0.50"), ...invoice }))).toBe("DUPLICATE_INVOICE_ID")
  expect(sandbox.ledger()).toMatchObject({ authorizations: [{}], captures: [{}], refunds: [{}] })
})

test("the ledger joins movements by the merchant's references", async () => {
  const unit = { reference_id: "unit", invoice_id: "INV-1", custom_id: "ref-1" }
  const made = await client.post(orders, orderOf("AUTHORIZE", card(), unit), { "paypal-request-id": "key" })
  const authorization = paymentIn(made.body, "authorizations")
  const captured = await captureOf(authorization, { invoice_id: "INV-2" })
  await refundOf(textAt(captured.body, "id"), { custom_id: "ref-3" })
  const common = {
    processor: "paypal",
    account: "merchant-one",
    payment_id: made.body.id,
    amount: 1000,
    currency: "eur"
  }
  const metadata = (reference: string, custom_id: string) => ({
    reference,
    invoice_id: reference,
    custom_id,
    reference_id: "unit"
  })
  expect(sandbox.ledger()).toMatchObject({
    authorizations: [{ ...common, id: authorization, idempotency_key: "key", metadata: metadata("INV-1", "ref-1") }],
    captures: [{ ...common, id: captured.body.id, metadata: metadata("INV-2", "ref-1") }],
    refunds: [{ ...common, metadata: metadata("INV-2", "ref-3") }]
  })
})

// The list of related ids: supplementary_data of both published files.
test("a capture tells its order and its authorization", async () => {
  const made = await client.post(orders, orderOf("AUTHORIZE", card()))
  const id = paymentIn(made.body, "authorizations")
  const { body } = await captureOf(id)
  expect(at(body, "supplementary_data.related_ids")).toEqual({ order_id: made.body.id, authorization_id: id })
})

test("accounts are apart", async () => {
  const other = clientOf(sandbox, "merchant-two")
  const authorization = await hold(client)
  const capture = await take(client)
  for (const got of [
    await other.get(`${authorizations}/${authorization}`),
    await other.post(`${authorizations}/${authorization}/capture`),
    await other.post(`${captures}/${capture}/refund`)
  ]) {
    expect([got.status, issueOf(got)]).toEqual([404, "INVALID_RESOURCE_ID"])
  }
  expect(sandbox.ledger()).toMatchObject({ captures: [{}], refunds: [] })
})

// developer.paypal.com/api/rest/reference/currency-codes: HUF, JPY and TWD take no decimals. ISO 4217 gives HUF and TWD two.
test.each([
  ["EUR", "10.5", "10.50", 1050],
  ["JPY", "1000", "1000", 1000],
  ["HUF", "1000", "1000", 100_000],
  ["TWD", "1000", "1000", 100_000]
])("%s %s is shown as %s and is %d in the ledger", async (currency_code, value, shown, minor) => {
  const { body } = await client.post(orders, orderOf("CAPTURE", card(), { amount: { currency_code, value } }))
  expect(at(body, "purchase_units.0.payments.captures.0.amount")).toEqual({ currency_code, value: shown })
  expect(sandbox.ledger().captures).toMatchObject([{ amount: minor, currency: currency_code.toLowerCase() }])
})

// Issue names: the error schemas of the two files.
test.each([
  [{ currency_code: "XXX", value: "1" }, 422, "INVALID_CURRENCY_CODE", "INVALID_CURRENCY_CODE"],
  [{ currency_code: "EUR", value: "0.00" }, 422, "CANNOT_BE_ZERO_OR_NEGATIVE", "CANNOT_BE_ZERO_OR_NEGATIVE"],
  [{ currency_code: "EUR", value: "-1" }, 422, "CANNOT_BE_ZERO_OR_NEGATIVE", "CANNOT_BE_ZERO_OR_NEGATIVE"],
  [{ currency_code: "EUR", value: "1.001" }, 422, "DECIMAL_PRECISION", "DECIMAL_PRECISION"],
  [{ currency_code: "JPY", value: "1.5" }, 422, "DECIMAL_PRECISION", "DECIMALS_NOT_SUPPORTED"],
  [{ currency_code: "EUR", value: "ten" }, 400, "INVALID_PARAMETER_SYNTAX", "INVALID_PARAMETER_SYNTAX"],
  [{ currency_code: "EUR", value: 10 }, 400, "INVALID_PARAMETER_SYNTAX", "INVALID_PARAMETER_SYNTAX"],
  [{ currency_code: "EUR" }, 400, "MISSING_REQUIRED_PARAMETER", "MISSING_REQUIRED_PARAMETER"]
])("the amount %o is refused", async (amount, status, ofOrder, ofCapture) => {
  const order = await client.post(orders, orderOf("CAPTURE", undefined, { amount }))
  expect([order.status, issueOf(order)]).toEqual([status, ofOrder])
  const capture = await captureOf(await hold(client), { amount })
  expect([capture.status, issueOf(capture)]).toEqual([status, ofCapture])
})

// The published example of an order sends `payment_method_selected`, which no published schema has.
test("unknown fields are passed over", async () => {
  const source = { paypal: { experience_context: { payment_method_selected: "PAYPAL" } } }
  expect((await client.post(orders, orderOf("CAPTURE", source))).status).toBe(201)
})

// Issue names: the 400 and 422 schemas of POST /v2/checkout/orders.
test.each([
  ["a wrong intent", { ...orderOf("CAPTURE"), intent: "SALE" }, 400, "INVALID_PARAMETER_VALUE"],
  ["no units", { intent: "CAPTURE", purchase_units: [] }, 400, "INVALID_ARRAY_MIN_ITEMS"],
  ["no intent", { purchase_units: [euros("1.00")] }, 400, "MISSING_REQUIRED_PARAMETER"],
  ["a long invoice id", orderOf("CAPTURE", undefined, { invoice_id: "x".repeat(128) }), 400, "INVALID_STRING_LENGTH"],
  ["text that is not JSON", "{", 400, "MALFORMED_REQUEST_JSON"],
  ["a source it does not read", orderOf("CAPTURE", { venmo: {} }), 400, "NOT_SUPPORTED"],
  ["an expired card", orderOf("CAPTURE", card({ expiry: "2020-01" })), 422, "CARD_EXPIRED"],
  ["a long security code", orderOf("CAPTURE", card({ security_code: "1234" })), 422, "INVALID_SECURITY_CODE_LENGTH"],
  [
    "units in two currencies",
    {
      intent: "CAPTURE",
      purchase_units: [
        { reference_id: "a", ...euros("1.00") },
        { reference_id: "b", amount: { currency_code: "USD", value: "1.00" } }
      ]
    },
    422,
    "MULTI_CURRENCY_ORDER"
  ],
  [
    "units of the same name",
    { intent: "CAPTURE", purchase_units: ["a", "a"].map((reference_id) => ({ reference_id, ...euros("1.00") })) },
    422,
    "DUPLICATE_REFERENCE_ID"
  ],
  [
    "two units without names",
    { intent: "CAPTURE", purchase_units: [euros("1.00"), euros("1.00")] },
    422,
    "REFERENCE_ID_REQUIRED"
  ],
  [
    "two units to authorize",
    { intent: "AUTHORIZE", purchase_units: ["a", "b"].map((reference_id) => ({ reference_id, ...euros("1.00") })) },
    422,
    "UNSUPPORTED_INTENT"
  ]
])("an order with %s is refused", async (_name, body, status, issue) => {
  const got = await client.post(orders, body)
  expect([got.status, issueOf(got)]).toEqual([status, issue])
  expect(sandbox.ledger().captures).toEqual([])
})
