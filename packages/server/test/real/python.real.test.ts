import { type Sandbox, startSandbox } from "@connector-service/sandbox/Sandbox"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { environment } from "../kit.ts"
import { runPython, type Seen, type ServerProcess, startServer } from "./Programs.ts"

let sandbox: Sandbox
let server: ServerProcess | undefined
let lines: ReadonlyArray<Seen> = []

beforeAll(async () => {
  sandbox = await startSandbox()
  // a deadline of one second is too short then, and leaves a second for the answer that says so
  server = await startServer({ ...environment(sandbox), ANSWER_MARGIN: "1 second" })
  lines = await runPython(server.address, sandbox.url)
}, 240_000)

afterAll(async () => {
  // a reply that never comes would hold the server until the write's own time limit
  await sandbox.close()
  await server?.stop()
}, 60_000)

/** What a scenario of client.py saw; a scenario that crashed fails with its traceback. */
const seen = (scenario: string): unknown => {
  const line = lines.find((line) => line.scenario === scenario)
  if (line?.crashed !== undefined) throw new Error(line.crashed)
  return line?.seen
}

/** What gRPC's and Google's own packages make of an error. */
const error = (
  status: string,
  reason: string,
  metadata: object,
  details: Readonly<Record<string, unknown>> = {},
  connector = "stripe"
) => ({
  status,
  details: {
    "google.rpc.ErrorInfo": { reason, domain: "payments.v1", metadata: { connector, ...metadata } },
    ...details
  }
})
const notMoved = { flow: "payment.authorize", money_moved: "NO", retryable: "false", fault: "CALLER" }
const eur = (minorUnits: string) => ({ minor_units: minorUnits, currency_code: "EUR" })

describe("a payment", () => {
  it("is authorized, captured, refunded and read", () => {
    const id = expect.stringMatching(/^pi_/)
    expect(seen("payment")).toMatchObject({
      authorized: {
        payment_id: id,
        status: "PAYMENT_STATUS_AUTHORIZED",
        reference: "py-payment",
        amount_authorized: eur("1000")
      },
      captured: { payment_id: id, status: "OPERATION_STATUS_SUCCEEDED", reference: "py-capture", amount: eur("700") },
      refunded: { payment_id: id, status: "OPERATION_STATUS_SUCCEEDED", reference: "py-refund", amount: eur("300") },
      got: { status: "PAYMENT_STATUS_CAPTURED", amount_captured: eur("700"), amount_refunded: eur("300") },
      refund: { payment_id: id, status: "OPERATION_STATUS_SUCCEEDED", amount: eur("300") }
    })
  })

  it("that is declined is an answer", () => {
    expect(seen("decline")).toMatchObject({
      status: "PAYMENT_STATUS_DECLINED",
      // https://docs.stripe.com/testing#declined-payments
      decline: { code: "DECLINE_CODE_INSUFFICIENT_FUNDS", raw_code: "insufficient_funds" }
    })
  })

  it("is made with credentials that the caller brings", () => {
    expect(seen("own_credentials")).toMatchObject({ status: "PAYMENT_STATUS_AUTHORIZED", reference: "py-own" })
  })

  it("whose request has a field of a newer contract is made", () => {
    expect(seen("request_with_unknown_fields")).toMatchObject({
      status: "PAYMENT_STATUS_AUTHORIZED",
      reference: "py-fields"
    })
  })

  it("reached the processor in these calls only", () => {
    const { authorizations, captures, refunds } = sandbox.ledger()
    const references = authorizations.map(({ metadata }) => metadata.reference)
    expect(references).toEqual(["py-payment", "py-own", "py-unknown", "py-fields"])
    expect(captures.map(({ amount }) => amount)).toEqual([700])
    expect(refunds.map(({ amount }) => amount)).toEqual([300])
  })
})

describe("an error decodes with grpcio-status and googleapis-common-protos", () => {
  const field = (field: string) => ({ "google.rpc.BadRequest": { field_violations: [{ field }] } })
  const refusals: ReadonlyArray<readonly [name: string, error: object]> = [
    ["missing_field", error("INVALID_ARGUMENT", "MissingField", notMoved, field("payment_method"))],
    ["over_the_most", error("INVALID_ARGUMENT", "InvalidField", notMoved, field("amount.minor_units"))],
    ["largest_int64", error("INVALID_ARGUMENT", "InvalidField", notMoved, field("amount.minor_units"))],
    ["least_int64", error("INVALID_ARGUMENT", "InvalidField", notMoved, field("amount.minor_units"))],
    ["no_target", error("INVALID_ARGUMENT", "MissingField", notMoved, field("x-connector"), "")],
    ["unknown_connector", error("NOT_FOUND", "UnknownConnector", notMoved, {}, "none")],
    ["live_key", error("UNAUTHENTICATED", "InvalidCredentials", notMoved)],
    ["no_time", error("INVALID_ARGUMENT", "InvalidField", notMoved, field("deadline"))]
  ]
  it.each(refusals)("%s", (name, error) => {
    expect(seen("refusals")).toMatchObject({ [name]: error })
  })

  it("with the processor's own words", () => {
    expect(seen("rejection")).toMatchObject(
      error(
        "FAILED_PRECONDITION",
        "Rejected",
        { ...notMoved, flow: "payment.get" },
        // https://docs.stripe.com/error-codes#resource-missing
        { "payments.v1.ConnectorError": { rejected: { http_status: 404, raw_code: "resource_missing" } } }
      )
    )
  })

  it("with the time to wait for where the processor says it", () => {
    expect(seen("rate_limit")).toMatchObject(
      error(
        "RESOURCE_EXHAUSTED",
        "RateLimited",
        { flow: "payment.authorize", money_moved: "NO", retryable: "true" },
        { "google.rpc.RetryInfo": { retry_delay: "1s" } }
      )
    )
  })

  it("of a read that had no answer, before grpcio's own deadline", () => {
    expect(seen("read_without_answer")).toMatchObject(
      error("UNAVAILABLE", "UnreadableReply", { flow: "payment.get", money_moved: "NO", retryable: "true" })
    )
  })
})

describe("an unknown outcome", () => {
  it("is told before grpcio's own deadline, and its Unsettled is settled as it is", () => {
    const unsettled = { flow: "payment.authorize", reference: "py-unknown", attempt: 1, amount: eur("1000") }
    expect(seen("unknown_outcome")).toMatchObject({
      error: error(
        "UNKNOWN",
        "UnknownOutcome",
        { flow: "payment.authorize", money_moved: "UNKNOWN", retryable: "false" },
        { "payments.v1.Unsettled": unsettled, "payments.v1.ConnectorError": { unknown_outcome: { unsettled } } }
      ),
      settled: { taken: { found: { payment: { status: "PAYMENT_STATUS_AUTHORIZED", reference: "py-unknown" } } } }
    })
  })

  it("keeps an amount over 2^32, and may have a field of a newer contract", () => {
    expect(seen("int64_and_unknown_fields")).toMatchObject({
      // 2^33 + 1
      unsettled: { reference: "py-int64", amount: eur("8589934593") },
      settled: { still_unknown: {} }
    })
  })
})

describe("stock packages", () => {
  it("grpcio-health-checking", () => {
    // https://github.com/grpc/grpc/blob/master/doc/health-checking.md
    expect(seen("health")).toEqual({
      server: "SERVING",
      payments: "SERVING",
      absent: "NOT_FOUND",
      watched: "SERVING"
    })
  })

  it("grpcio-reflection: a call without generated stubs", () => {
    const services = ["ConnectorService", "PaymentService", "RefundService", "SettlementService", "WebhookService"]
    expect(seen("reflection")).toMatchObject({
      services: [
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
        ...services.map((name) => `payments.v1.${name}`)
      ],
      connector: { connector: { id: "stripe" } }
    })
  })
})
