import { ConnectorServiceDefinition } from "@connector-service/proto/payments/v1/connector"
import { PaymentServiceAuthorizeRequest, PaymentServiceDefinition } from "@connector-service/proto/payments/v1/payment"
import { RefundServiceDefinition } from "@connector-service/proto/payments/v1/refund"
import { SettlementServiceDefinition } from "@connector-service/proto/payments/v1/settlement"
import { CaptureMethod, PaymentStatus } from "@connector-service/proto/payments/v1/types"
import * as grpc from "@grpc/grpc-js"
import { Status } from "nice-grpc"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { authorize, failure, pay, type Running, run, target } from "./kit.ts"

let running: Running

beforeAll(async () => {
  running = await run()
})
beforeEach(() => running.sandbox.reset())
afterAll(() => running.close())

const card = (over: object) => ({
  paymentMethod: {
    method: {
      $case: "card" as const,
      // https://docs.stripe.com/testing
      value: { number: "4242424242424242", expiryMonth: 12, expiryYear: 2040, ...over }
    }
  }
})
const amount = (minorUnits: bigint, currencyCode = "EUR") => ({ amount: { minorUnits, currencyCode } })

/** What is wrong, the request, the path of the field as the proto names it, and whether it counts as missing. */
const malformed: ReadonlyArray<
  readonly [name: string, request: Parameters<typeof authorize>[0], field: string, reason: "missing" | "invalid"]
> = [
  ["no reference", { reference: "" }, "reference", "missing"],
  ["a reference of 65 characters", { reference: "x".repeat(65) }, "reference", "invalid"],
  ["a reference with a space", { reference: "order 1" }, "reference", "invalid"],
  ["attempt zero", { attempt: 0 }, "attempt", "invalid"],
  ["no amount", { amount: undefined }, "amount", "missing"],
  ["an amount of zero", amount(0n), "amount.minor_units", "invalid"],
  ["a negative amount", amount(-1n), "amount.minor_units", "invalid"],
  ["the most negative amount", amount(-(2n ** 63n)), "amount.minor_units", "invalid"],
  ["the largest amount of an int64", amount(2n ** 63n - 1n), "amount.minor_units", "invalid"],
  ["no currency", amount(1n, ""), "amount.currency_code", "missing"],
  ["an unknown currency", amount(1n, "XYZ"), "amount.currency_code", "invalid"],
  ["a currency in lower case", amount(1n, "eur"), "amount.currency_code", "invalid"],
  ["no payment method", { paymentMethod: undefined }, "payment_method", "missing"],
  ["a payment method of no kind", { paymentMethod: {} }, "payment_method", "missing"],
  ["no card number", card({ number: "" }), "payment_method.card.number", "missing"],
  [
    "a card number that fails the Luhn check",
    card({ number: "4242424242424241" }),
    "payment_method.card.number",
    "invalid"
  ],
  ["a card number with spaces", card({ number: "4242 4242 4242 4242" }), "payment_method.card.number", "invalid"],
  ["month 13", card({ expiryMonth: 13 }), "payment_method.card.expiry_month", "invalid"],
  ["a year of two digits", card({ expiryYear: 40 }), "payment_method.card.expiry_year", "invalid"],
  ["a verification code of five digits", card({ cvc: "12345" }), "payment_method.card.cvc", "invalid"],
  ["no capture method", { captureMethod: CaptureMethod.CAPTURE_METHOD_UNSPECIFIED }, "capture_method", "missing"],
  ["a capture method that does not exist", { captureMethod: 99 as never }, "capture_method", "invalid"],
  ["a return address that is no URL", { returnUrl: "javascript:alert(1)" }, "return_url", "invalid"],
  ["a description of 501 characters", { description: "x".repeat(501) }, "description", "invalid"],
  ["a description with a line break", { description: "a\nb" }, "description", "invalid"],
  [
    "a statement descriptor of 23 characters",
    { statementDescriptor: "x".repeat(23) },
    "statement_descriptor",
    "invalid"
  ],
  ["notes of 501 characters", { metadata: { a: "x".repeat(501) } }, "metadata", "invalid"],
  ["an idempotency key of 256 characters", { idempotencyKey: "x".repeat(256) }, "idempotency_key", "invalid"],
  ["an e-mail address without an @", { customer: { email: "nobody" } }, "customer.email", "invalid"],
  ["a country in lower case", { billingAddress: { countryCode: "nl" } }, "billing_address.country_code", "invalid"]
]

describe("a request that breaks a rule is refused, with nothing sent", () => {
  it.each(malformed)("%s", async (_name, request, field, reason) => {
    const failed = await failure(pay(running, authorize(request)))
    expect(failed).toMatchObject({
      status: "INVALID_ARGUMENT",
      info: {
        domain: "payments.v1",
        reason: reason === "missing" ? "MissingField" : "InvalidField",
        metadata: {
          connector: "stripe",
          flow: "payment.authorize",
          money_moved: "NO",
          retryable: "false",
          fault: "CALLER"
        }
      },
      badRequest: { fieldViolations: [{ field }] },
      error: {
        connector: "stripe",
        flow: "payment.authorize",
        reason: { $case: reason === "missing" ? "missingField" : "invalidField", value: { field } }
      }
    })
    expect(failed.message).toContain(field)
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it("a card that has expired", async () => {
    const failed = await failure(pay(running, authorize(card({ expiryMonth: 1, expiryYear: 2020 }))))
    expect(failed).toMatchObject({ status: "INVALID_ARGUMENT", info: { reason: "InvalidField" } })
    expect(failed.badRequest?.fieldViolations[0]?.field).toMatch(/^payment_method\.card\.expiry/)
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it("the value is never repeated", async () => {
    const failed = await failure(pay(running, authorize(card({ number: "4242424242424241" }))))
    expect(JSON.stringify(failed)).not.toContain("424242")
  })

  it("no payment id, in every method that takes one", async () => {
    const payments = running.client(PaymentServiceDefinition)
    const refunds = running.client(RefundServiceDefinition)
    const of = { metadata: target() }
    const money = { minorUnits: 1n, currencyCode: "EUR" }
    const calls: ReadonlyArray<readonly [Promise<unknown>, string]> = [
      [payments.capture({ reference: "c", amount: money }, of), "payment_id"],
      [payments.void({ reference: "v" }, of), "payment_id"],
      [payments.get({}, of), "payment_id"],
      [payments.complete({ reference: "c" }, of), "payment_id"],
      [refunds.create({ reference: "r", amount: money }, of), "payment_id"],
      [refunds.get({}, of), "refund_id"],
      [running.client(SettlementServiceDefinition).settle({}, of), "unsettled"]
    ]
    for (const [call, field] of calls) {
      expect(await failure(call)).toMatchObject({
        status: "INVALID_ARGUMENT",
        badRequest: { fieldViolations: [{ field }] },
        error: { reason: { $case: "missingField", value: { field } } }
      })
    }
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it("a payment id that would change the path", async () => {
    const call = running.client(PaymentServiceDefinition).get({ paymentId: "../charges" }, { metadata: target() })
    expect(await failure(call)).toMatchObject({
      status: "INVALID_ARGUMENT",
      error: { reason: { $case: "invalidField", value: { field: "payment_id" } } }
    })
    expect(running.sandbox.ledger().requests).toEqual([])
  })
})

const authorizePath = "/payments.v1.PaymentService/Authorize"

/** Sends bytes as they are, with grpc-js alone. */
const send = (path: string, bytes: Uint8Array): Promise<grpc.ServiceError | undefined> => {
  const client = new grpc.Client(`127.0.0.1:${running.port}`, grpc.credentials.createInsecure())
  const metadata = new grpc.Metadata()
  for (const [key, values] of target()) for (const value of values) metadata.add(key, String(value))
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      path,
      Buffer.from,
      (reply: Buffer) => reply,
      bytes,
      metadata,
      (error) => {
        client.close()
        resolve(error ?? undefined)
      }
    )
  })
}

describe("bytes that are no message", () => {
  /** Field 13, description: an overlong encoding of "/" (RFC 3629, section 10). */
  const brokenUtf8 = Buffer.concat([
    PaymentServiceAuthorizeRequest.encode(authorize()).finish(),
    Buffer.from([(13 << 3) | 2, 2, 0xc0, 0xaf])
  ])
  it.each([
    ["text that is not UTF-8", brokenUtf8],
    ["a field cut off", Buffer.from([0x0a, 0xff])],
    ["a wire type that does not exist", Buffer.from([0x0f])],
    ["noise", Buffer.from("ffffffffffffffffffffffff", "hex")]
  ])("%s", async (_name, bytes) => {
    const error = await send(authorizePath, bytes)
    expect(error?.code).toBe(Status.INVALID_ARGUMENT)
    expect(error?.metadata.get("grpc-status-details-bin")).toHaveLength(1)
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it("an empty message lacks its first field", async () => {
    const error = await send(authorizePath, new Uint8Array())
    expect(error).toMatchObject({ code: Status.INVALID_ARGUMENT })
    expect(error?.details).toContain("reference is missing")
  })

  it("a message over the limit of 256 KiB", async () => {
    const call = pay(running, authorize({ description: "x".repeat(256 * 1024) }))
    // the words of @grpc/grpc-js, which docs/grpc.md has for callers; nothing above it sees the message
    const message = expect.stringMatching(/^Received message larger than max/)
    expect(await failure(call)).toMatchObject({ status: "RESOURCE_EXHAUSTED", message, error: undefined })
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it("a method that does not exist", async () => {
    expect(await send("/payments.v1.PaymentService/Steal", new Uint8Array())).toMatchObject({
      code: Status.UNIMPLEMENTED
    })
  })
})

describe("what the processor says", () => {
  it("a payment is authorized, and a decline is an answer", async () => {
    const { payment } = await pay(running, authorize())
    expect(payment).toMatchObject({
      status: PaymentStatus.PAYMENT_STATUS_AUTHORIZED,
      amountAuthorized: { minorUnits: 1000n }
    })
    // generic decline: https://docs.stripe.com/testing#declined-payments
    const declined = await pay(running, authorize({ reference: "order-2", ...card({ number: "4000000000000002" }) }))
    expect(declined.payment?.status).toBe(PaymentStatus.PAYMENT_STATUS_DECLINED)
  })

  it("a payment that it does not know is its refusal, in its own words", async () => {
    const call = running.client(PaymentServiceDefinition).get({ paymentId: "pi_none" }, { metadata: target() })
    expect(await failure(call)).toMatchObject({
      status: "FAILED_PRECONDITION",
      error: { reason: { $case: "rejected", value: { httpStatus: 404, rawCode: "resource_missing" } } }
    })
  })
})

describe("ConnectorService", () => {
  it("shows the answer margin that is configured", async () => {
    const own = await run({ ANSWER_MARGIN: "100 millis" })
    const { connectors } = await own.client(ConnectorServiceDefinition).list({})
    const margins = connectors.flatMap(({ flows }) => flows.map(({ policy }) => policy?.answerMargin))
    expect(new Set(margins.map((margin) => `${margin?.seconds} ${margin?.nanos}`))).toEqual(new Set(["0 100000000"]))
    await own.close()
  })

  it("needs no target, and lists what it gets", async () => {
    const client = running.client(ConnectorServiceDefinition)
    const { connectors } = await client.list({})
    expect(connectors.map(({ id }) => id)).toContain("stripe")
    const { connector } = await client.get({ id: "stripe" })
    expect(connector).toEqual(connectors.find(({ id }) => id === "stripe"))
    expect(await failure(client.get({ id: "none" }))).toMatchObject({
      status: "NOT_FOUND",
      error: { reason: { $case: "unknownConnector", value: { known: connectors.map(({ id }) => id) } } }
    })
  })
})
