import { catalog } from "@connector-service/connectors/catalog"
import { MissingField, UnknownConnector } from "@connector-service/domain/Reason"
import { PaymentServiceDefinition } from "@connector-service/proto/payments/v1/payment"
import { SettlementServiceDefinition } from "@connector-service/proto/payments/v1/settlement"
import { readTarget } from "@connector-service/server/Target"
import * as grpc from "@grpc/grpc-js"
import { Redacted, Result } from "effect"
import { Metadata, Status } from "nice-grpc"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { authorize, failure, pay, type Running, run, target } from "./kit.ts"
import { secret, wrong } from "./targets.ts"

const bytes = (text: string) => Buffer.from(text)

const rules = {
  acceptCallerCredentials: true,
  unknown: (id: string) => (id === "acme" ? undefined : new UnknownConnector({ known: ["acme"] }))
}
const given = (entries: Readonly<Record<string, string | Uint8Array>>) =>
  readTarget(Metadata({ "x-connector": "acme", "x-environment": "live", ...entries }), rules)

describe("over gRPC", () => {
  let running: Running
  beforeAll(async () => {
    running = await run()
  })
  beforeEach(() => running.sandbox.reset())
  afterAll(() => running.close())

  it.each(wrong)("%s is refused, with nothing sent", async (_name, over, field, reason) => {
    const failed = await failure(pay(running, authorize(), { metadata: target(over) }))
    expect(failed).toMatchObject({
      status: "INVALID_ARGUMENT",
      badRequest: { fieldViolations: [{ field }] },
      error: { reason: { $case: reason === "missing" ? "missingField" : "invalidField", value: { field } } }
    })
    expect(JSON.stringify(failed)).not.toContain(secret)
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it("an unknown connector is reported before all else that is wrong", async () => {
    const metadata = target({ "x-connector": "none", "x-environment": undefined, "x-account": undefined })
    expect(await failure(pay(running, authorize({ reference: "" }), { metadata }))).toMatchObject({
      status: "NOT_FOUND",
      info: { reason: "UnknownConnector" },
      error: {
        connector: "none",
        reason: { $case: "unknownConnector", value: { known: expect.arrayContaining(["stripe"]) } }
      }
    })
  })

  it("an account that has no credentials for the connector, without a list of those that have", async () => {
    const failed = await failure(pay(running, authorize(), { metadata: target({ "x-account": "nobody" }) }))
    expect(failed).toMatchObject({
      status: "UNAUTHENTICATED",
      error: { reason: { $case: "invalidCredentials", value: { refusedByProcessor: false } } }
    })
    expect(JSON.stringify(failed)).not.toMatch(/sandbox/i)
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it("of a repeat, an account without credentials says nothing of the sending before it", async () => {
    const repeat = authorize({ firstSentAt: new Date("2026-01-02T03:04:05.678Z") })
    expect(await failure(pay(running, repeat, { metadata: target({ "x-account": "nobody" }) }))).toMatchObject({
      status: "UNKNOWN",
      error: {
        reason: {
          $case: "unknownOutcome",
          value: { unsettled: { flow: "payment.authorize", firstSentAt: repeat.firstSentAt } }
        }
      }
    })
  })

  it("credentials of the other environment", async () => {
    const failed = await failure(pay(running, authorize(), { metadata: target({ "x-environment": "live" }) }))
    expect(failed).toMatchObject({ status: "UNAUTHENTICATED", info: { reason: "InvalidCredentials" } })
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it("credentials of another form are not repeated", async () => {
    const metadata = target({
      "x-account": undefined,
      "x-credentials-bin": bytes(JSON.stringify({ secretKey: `!${secret}` }))
    })
    const failed = await failure(pay(running, authorize(), { metadata }))
    expect(failed).toMatchObject({ status: "UNAUTHENTICATED", info: { reason: "InvalidCredentials" } })
    expect(JSON.stringify(failed)).not.toContain(secret)
  })

  it("the caller's own credentials are used", async () => {
    const metadata = target({
      "x-account": undefined,
      "x-credentials-bin": bytes(JSON.stringify({ secretKey: secret }))
    })
    const { payment } = await pay(running, authorize(), { metadata })
    expect(payment?.paymentId).toMatch(/^pi_/)
  })

  it("a key sent as two header fields by grpc-js alone", async () => {
    const client = new grpc.Client(`127.0.0.1:${running.port}`, grpc.credentials.createInsecure())
    const metadata = new grpc.Metadata()
    for (const [key, values] of target()) for (const value of values) metadata.add(key, String(value))
    metadata.add("x-environment", "sandbox")
    const error = await new Promise<grpc.ServiceError | null>((resolve) => {
      client.makeUnaryRequest(
        "/payments.v1.PaymentService/Get",
        Buffer.from,
        (reply: Buffer) => reply,
        new Uint8Array(),
        metadata,
        resolve
      )
    })
    client.close()
    expect(error).toMatchObject({ code: Status.INVALID_ARGUMENT })
    expect(error?.details).toContain("x-environment")
  })

  it("settling takes a target as well", async () => {
    const call = running
      .client(SettlementServiceDefinition)
      .settle({}, { metadata: target({ "x-environment": undefined }) })
    expect(await failure(call)).toMatchObject({ badRequest: { fieldViolations: [{ field: "x-environment" }] } })
  })
})

describe("a connector without the flow", () => {
  it("is refused before its payment method is looked at, and says which flows it has", async () => {
    const connectors = catalog.map((connector) => {
      const { get } = connector.flows.payment ?? {}
      return { ...connector, flows: { payment: get === undefined ? {} : { get } } }
    })
    const running = await run({}, connectors)
    expect(await failure(pay(running, authorize()))).toMatchObject({
      status: "UNIMPLEMENTED",
      info: { reason: "UnsupportedFlow", metadata: { flow: "payment.authorize" } },
      error: { reason: { $case: "unsupportedFlow", value: { supported: ["payment.get"] } } }
    })
    expect(running.sandbox.ledger().requests).toEqual([])
    await running.close()
  })
})

describe("a server that takes no credentials from callers", () => {
  it("says so", async () => {
    const running = await run({ ACCEPT_CALLER_CREDENTIALS: "false" })
    const metadata = target({
      "x-account": undefined,
      "x-credentials-bin": bytes(JSON.stringify({ secretKey: secret }))
    })
    const failed = await failure(running.client(PaymentServiceDefinition).get({ paymentId: "pi_1" }, { metadata }))
    expect(failed).toMatchObject({
      status: "INVALID_ARGUMENT",
      error: { reason: { $case: "invalidField", value: { field: "x-credentials-bin" } } }
    })
    expect(running.sandbox.ledger().requests).toEqual([])
    await running.close()
  })
})

describe("a target as read", () => {
  it("holds credentials that do not show", () => {
    const read = Result.getOrThrow(given({ "x-credentials-bin": bytes(`{"key":"${secret}"}`) }))
    expect(JSON.stringify(read) + String(read.credentials)).not.toContain(secret)
    expect(Redacted.isRedacted(read.credentials) && Redacted.value(read.credentials)).toEqual({ key: secret })
  })

  it("or an account's name", () => {
    expect(Result.getOrThrow(given({ "x-account": "main.eu-1" }))).toEqual({
      connector: "acme",
      environment: "live",
      credentials: { account: "main.eu-1" }
    })
  })

  it("gives reasons of the domain", () => {
    expect(Result.getOrThrow(Result.flip(given({})))).toBeInstanceOf(MissingField)
  })
})
