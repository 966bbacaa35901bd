import { codecs } from "@connector-service/codec/codecs"
import * as errors from "@connector-service/codec/errors"
import type { RequestOf } from "@connector-service/domain/Services"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { failure, pay, type Running, run, target } from "./kit.ts"
import { card, error, headers, line, lines, payment, post, use } from "./rpcKit.ts"
import { secret, wrong } from "./targets.ts"

let running: Running
beforeAll(async () => {
  running = await run()
})
beforeEach(() => running.sandbox.reset())
afterAll(() => running.close())

const amount = (minorUnits: bigint, currencyCode = "EUR") => ({ amount: { minorUnits, currencyCode } })

/** What is wrong, the request, the path of the field as the proto names it, and the reason. */
const malformed: ReadonlyArray<
  readonly [name: string, over: Partial<RequestOf<"payment", "authorize">>, field: string, tag: string]
> = [
  ["no reference", { reference: "" }, "reference", "MissingField"],
  ["a reference with a space", { reference: "order 1" }, "reference", "InvalidField"],
  ["attempt zero", { attempt: 0 }, "attempt", "InvalidField"],
  ["an amount of zero", amount(0n), "amount.minor_units", "InvalidField"],
  ["the largest amount of an int64", amount(2n ** 63n - 1n), "amount.minor_units", "InvalidField"],
  ["no currency", amount(1n, ""), "amount.currency_code", "MissingField"],
  ["an unknown currency", amount(1n, "XYZ"), "amount.currency_code", "InvalidField"],
  ["no card number", { paymentMethod: card("") }, "payment_method.card.number", "MissingField"],
  [
    "a card number that fails the Luhn check",
    { paymentMethod: card("4242424242424241") },
    "payment_method.card.number",
    "InvalidField"
  ],
  [
    "month 13",
    { paymentMethod: card("4242424242424242", { expiryMonth: 13 }) },
    "payment_method.card.expiry_month",
    "InvalidField"
  ],
  ["a return address that is no URL", { returnUrl: "javascript:alert(1)" }, "return_url", "InvalidField"],
  ["a description with a line break", { description: "a\nb" }, "description", "InvalidField"],
  ["an e-mail address without an @", { customer: { email: "nobody" } }, "customer.email", "InvalidField"]
]

describe("what is wrong with a request is the same error as over gRPC, with nothing sent", () => {
  it.each(malformed)("%s", async (_name, over, field, tag) => {
    const request = payment(over)
    const own = await error(use(running, (client) => client["payment.authorize"](request)))
    expect(own).toMatchObject({ connector: "stripe", flow: "payment.authorize", reason: { _tag: tag, field } })
    const failed = await failure(pay(running, codecs.payment.authorize.request.toProto(request)))
    expect(errors.toProto(own)).toEqual(failed.error)
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it("no payment id, in a method that takes one", async () => {
    const own = await error(use(running, (client) => client["refund.get"]({ refundId: "" })))
    expect(own.reason).toMatchObject({ _tag: "MissingField", field: "refund_id" })
  })
})

/** A header as an Effect program gives it: bytes are base64. */
const text = (value: string | Uint8Array | undefined) =>
  value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value

describe("what is wrong with a target is the same error as over gRPC, with nothing sent", () => {
  it.each(wrong)("%s", async (_name, over, field, reason) => {
    const given = headers(Object.fromEntries(Object.entries(over).map(([key, value]) => [key, text(value)])))
    const own = await error(use(running, (client) => client["payment.authorize"](payment()), { headers: given }))
    expect(own.reason).toMatchObject({ _tag: reason === "missing" ? "MissingField" : "InvalidField", field })
    const failed = await failure(
      pay(running, codecs.payment.authorize.request.toProto(payment()), { metadata: target(over) })
    )
    expect(errors.toProto(own)).toEqual(failed.error)
    expect(JSON.stringify(own)).not.toContain(secret)
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it("an unknown connector, before all else that is wrong", async () => {
    const given = headers({ "x-connector": "none", "x-environment": undefined })
    const call = use(running, (client) => client["payment.authorize"](payment({ reference: "" })), { headers: given })
    expect(await error(call)).toMatchObject({
      connector: "none",
      reason: { _tag: "UnknownConnector", known: expect.arrayContaining(["stripe"]) }
    })
  })

  it("an account that has no credentials", async () => {
    const given = headers({ "x-account": "nobody" })
    const call = use(running, (client) => client["payment.get"]({ paymentId: "pi_1" }), { headers: given })
    expect((await error(call)).reason).toMatchObject({ _tag: "InvalidCredentials", refusedByProcessor: false })
  })

  const settle = { tag: "payment.get", payload: { paymentId: "pi_1" } }
  const first = async (response: Promise<Response>) => {
    const [ended] = await lines(await response)
    return ended?.exit.cause?.[0]
  }
  const twice = (field: string) => ({
    _tag: "Fail",
    error: { _tag: "ConnectorError", reason: { _tag: "InvalidField", field } }
  })

  it.each(["x-connector", "x-environment", "x-account", "x-request-id", "x-timeout-ms"])(
    "%s twice in the body, or in the body and in HTTP's header",
    async (key) => {
      const value = new Map(Object.entries(headers({ "x-request-id": "r-1", "x-timeout-ms": "5000" }))).get(key) ?? ""
      const entries = Object.entries(headers())
      const two = line({
        ...settle,
        headers: [...entries.filter(([name]) => name !== key), [key, value], [key, value]]
      })
      expect(await first(post(running, two))).toMatchObject(twice(key))
      const one = line({ ...settle, headers: [...entries.filter(([name]) => name !== key), [key, value]] })
      expect(await first(post(running, one, { headers: { [key]: value } }))).toMatchObject(twice(key))
      expect(running.sandbox.ledger().requests).toEqual([])
    }
  )

  it("credentials twice", async () => {
    const bytes = Buffer.from(JSON.stringify({ secretKey: secret })).toString("base64")
    const given = Object.entries(headers({ "x-account": undefined, "x-credentials-bin": bytes }))
    const response = post(running, line({ ...settle, headers: [...given, ["x-credentials-bin", bytes]] }))
    expect(await first(response)).toMatchObject(twice("x-credentials-bin"))
  })

  it.each(["0", "-1", "1.5", "1e3", "soon", "", "100000000"])("a time limit of %j", async (value) => {
    const given = headers({ "x-timeout-ms": value })
    const call = use(running, (client) => client["payment.authorize"](payment()), { headers: given })
    expect((await error(call)).reason).toMatchObject({ _tag: "InvalidField", field: "x-timeout-ms" })
    expect(running.sandbox.ledger().requests).toEqual([])
  })
})

describe("a payload of another shape is the caller's mistake, and no defect", () => {
  const authorized = {
    reference: "order-1",
    amount: { minorUnits: "1000", currencyCode: "EUR" },
    captureMethod: "MANUAL",
    // https://docs.stripe.com/testing
    paymentMethod: { _tag: "Card", number: "4242424242424242", expiryMonth: 12, expiryYear: 2040 }
  }
  const missing = "MissingField"
  const invalid = "InvalidField"

  it.each([
    ["none", undefined, missing, "payload"],
    ["null", null, invalid, "payload"],
    ["a list", [authorized], invalid, "payload"],
    ["a text", "4242424242424242", invalid, "payload"],
    [
      "an amount that is a JSON number",
      { ...authorized, amount: { minorUnits: 1000, currencyCode: "EUR" } },
      invalid,
      "amount.minor_units"
    ],
    [
      "an amount with a fraction",
      { ...authorized, amount: { minorUnits: "10.5", currencyCode: "EUR" } },
      invalid,
      "amount.minor_units"
    ],
    ["a payment method of no kind", { ...authorized, paymentMethod: {} }, invalid, "payment_method"],
    ["no payment method", { ...authorized, paymentMethod: undefined }, missing, "payment_method"],
    ["a capture method that does not exist", { ...authorized, captureMethod: "LATER" }, invalid, "capture_method"],
    ["a time that is none", { ...authorized, firstSentAt: "yesterday" }, invalid, "first_sent_at"],
    ["notes that are no texts", { ...authorized, metadata: { a: 1 } }, invalid, "metadata.a"]
  ])("%s", async (_name, payload, tag, field) => {
    const response = await post(running, line({ tag: "payment.authorize", payload }))
    const [ended] = await lines(response)
    expect(ended).toMatchObject({
      requestId: "1",
      exit: {
        _tag: "Failure",
        cause: [{ _tag: "Fail", error: { flow: "payment.authorize", reason: { _tag: tag, field } } }]
      }
    })
    expect(JSON.stringify(ended)).not.toContain("424242")
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it("the same payload without a fault is authorized", async () => {
    const [ended] = await lines(await post(running, line({ tag: "payment.authorize", payload: authorized })))
    expect(ended).toMatchObject({ requestId: "1", exit: { _tag: "Success", value: { status: "AUTHORIZED" } } })
  })
})

describe("a method that does not exist", () => {
  it.each(["payment.steal", "toString", "payment", "payment.authorize.twice", ""])("%j", async (tag) => {
    const [ended] = await lines(await post(running, line({ tag, payload: {} })))
    const reason = { _tag: "UnsupportedFlow", supported: expect.arrayContaining(["payment.authorize"]) }
    expect(ended).toMatchObject({
      exit: { _tag: "Failure", cause: [{ _tag: "Fail", error: { connector: "stripe", flow: tag, reason } }] }
    })
  })
})
