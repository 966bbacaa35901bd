import { RateLimited } from "@connector-service/domain/Reason"
import { rpcs } from "@connector-service/domain/Rpcs"
import { services } from "@connector-service/domain/Services"
import { Duration, Effect } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { payload, signed, webhookAccount } from "./deliveries.ts"
import { type Running, run } from "./kit.ts"
import { answer, type Client, card, error, headers, line, lines, payment, post, use } from "./rpcKit.ts"

let running: Running
const called = new Set<string>()

beforeAll(async () => {
  running = await run(webhookAccount)
})
beforeEach(() => running.sandbox.reset())
afterAll(() => running.close())

/** The client, which notes what is called. */
const noting = (client: Client): Client =>
  new Proxy(client, {
    get: (all, tag: keyof Client) => {
      called.add(tag)
      return all[tag]
    }
  })
const using = <A, E>(calls: (client: Client) => Effect.Effect<A, E>) => use(running, (client) => calls(noting(client)))
const euros = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })

// what each answer says is what the contract's comments give to what was asked
describe("every method over Effect RPC", () => {
  it("a payment is authorized, captured in part, refunded in part, and looked up", async () => {
    const { paymentId, status } = await answer(using((client) => client["payment.authorize"](payment())))
    expect(status).toBe("AUTHORIZED")
    const captured = await answer(
      using((client) => client["payment.capture"]({ reference: "c-1", paymentId, amount: euros(600n) }))
    )
    expect(captured).toMatchObject({ paymentId, status: "SUCCEEDED", amountCaptured: euros(600n) })
    const refunded = await answer(
      using((client) => client["refund.create"]({ reference: "r-1", paymentId, amount: euros(250n) }))
    )
    expect(refunded).toMatchObject({ paymentId, status: "SUCCEEDED", amount: euros(250n) })
    const { refundId } = refunded
    expect(await answer(using((client) => client["refund.get"]({ refundId })))).toMatchObject({ refundId, paymentId })
    expect(await answer(using((client) => client["payment.get"]({ paymentId })))).toMatchObject({
      status: "CAPTURED",
      amountCaptured: euros(600n),
      amountRefunded: euros(250n)
    })
  })

  it("a payment is voided", async () => {
    const { paymentId } = await answer(using((client) => client["payment.authorize"](payment())))
    const voided = using((client) => client["payment.void"]({ reference: "v-1", paymentId }))
    expect(await answer(voided)).toMatchObject({ paymentId, status: "VOIDED", final: true })
  })

  it("a flow that the connector has not is an error, with those that it has", async () => {
    const { reason } = await error(
      using((client) => client["payment.reverse"]({ reference: "v-1", paymentId: "pi_1" }))
    )
    expect(reason).toMatchObject({ _tag: "UnsupportedFlow" })
    expect(reason).toHaveProperty("supported", expect.arrayContaining(["payment.void"]))
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it("a payment that needs 3-D Secure is completed", async () => {
    // always authenticates: https://docs.stripe.com/testing#regulatory-cards
    const request = payment({ paymentMethod: card("4000002760003184"), returnUrl: "https://shop.example/return" })
    const begun = await answer(using((client) => client["payment.authorize"](request)))
    expect(begun).toMatchObject({ status: "REQUIRES_ACTION", nextAction: { _tag: "Redirect" } })
    const page = begun.nextAction?._tag === "Redirect" ? begun.nextAction.url : ""
    await fetch(page, { method: "POST", body: "outcome=complete", redirect: "manual" })
    const { paymentId } = begun
    const completed = using((client) => client["payment.complete"]({ reference: "order-1", paymentId }))
    expect(await answer(completed)).toMatchObject({ paymentId, status: "AUTHORIZED" })
  })

  it("an unknown outcome is settled", async () => {
    await running.sandbox.setFaults({ kind: "hang_after", path: "/stripe", method: "POST", count: 1 })
    const lost = use(running, (client) => noting(client)["payment.authorize"](payment()), {
      headers: headers({ "x-timeout-ms": "1500" })
    })
    const { consequence, reason } = await error(lost)
    expect(consequence).toMatchObject({ moneyMoved: "UNKNOWN", retryable: false })
    expect(reason).toMatchObject({
      _tag: "UnknownOutcome",
      unsettled: { flow: "payment.authorize", reference: "order-1", attempt: 1, amount: euros(1000n) }
    })
    expect(running.sandbox.ledger().authorizations).toHaveLength(1)
    if (reason._tag !== "UnknownOutcome") return
    const settled = using((client) => client["settlement.settle"]({ unsettled: reason.unsettled }))
    expect(await answer(settled)).toMatchObject({
      _tag: "Taken",
      found: { _tag: "Payment", payment: { reference: "order-1", status: "AUTHORIZED" } }
    })
  })

  it("a webhook is identified and received", async () => {
    const { body, headers } = signed(payload)
    const delivery = { method: "POST", url: "/webhooks", headers: Object.entries(headers), body }
    const claim = await answer(using((client) => client["webhook.identify"]({ delivery })))
    expect(claim).toEqual({ _tag: "Unverified", account: "acct_1", objectIds: ["po_1"] })
    const { acknowledgement, events } = await answer(using((client) => client["webhook.receive"]({ delivery })))
    expect(acknowledgement).toEqual({ status: 200 })
    expect(events).toMatchObject([{ _tag: "Payout", payout: { payoutId: "po_1", status: "SUCCEEDED" } }])
  })

  it("the connectors are listed, without a target", async () => {
    const list = await answer(use(running, (client) => noting(client)["connector.list"]({}), { headers: {} }))
    expect(list.map(({ id }) => id)).toContain("stripe")
    const one = await answer(
      use(running, (client) => noting(client)["connector.get"]({ id: "stripe" }), { headers: {} })
    )
    expect(one).toEqual(list.find(({ id }) => id === "stripe"))
    const { reason } = await error(use(running, (client) => client["connector.get"]({ id: "none" }), { headers: {} }))
    expect(reason).toMatchObject({ _tag: "UnknownConnector" })
  })

  it("is called above, and there are no others than the table's", () => {
    const table = Object.entries(services).flatMap(([service, methods]) =>
      Object.keys(methods).map((method) => `${service}.${method}`)
    )
    expect([...rpcs.requests.keys()].toSorted()).toEqual(table.toSorted())
    expect([...called].toSorted()).toEqual(table.toSorted())
  })
})

describe("what the processor says", () => {
  it("a decline is an answer", async () => {
    // generic decline: https://docs.stripe.com/testing#declined-payments
    const request = payment({ paymentMethod: card("4000000000000002") })
    const declined = await answer(using((client) => client["payment.authorize"](request)))
    expect(declined).toMatchObject({ status: "DECLINED", decline: { rawCode: "generic_decline" } })
  })

  it("its refusal is an error, in its own words", async () => {
    const { connector, flow, reason } = await error(using((client) => client["payment.get"]({ paymentId: "pi_none" })))
    expect({ connector, flow, reason }).toMatchObject({
      connector: "stripe",
      flow: "payment.get",
      reason: { _tag: "Rejected", httpStatus: 404, rawCode: "resource_missing" }
    })
  })

  it("a delay is a duration", async () => {
    await running.sandbox.setFaults({ kind: "429", path: "/stripe", count: 1, retry_after: 60 })
    const turnedAway = use(running, (client) => client["payment.authorize"](payment()), {
      headers: headers({ "x-timeout-ms": "5000" })
    })
    const { consequence, reason } = await error(turnedAway)
    expect(consequence).toMatchObject({ moneyMoved: "NO", retryable: true })
    expect(reason).toEqual(new RateLimited({ retryAfter: Duration.seconds(60) }))
  })
})

describe("Effect's client", () => {
  it("may give the target in HTTP's own header fields", async () => {
    const transformClient = HttpClient.mapRequest(HttpClientRequest.setHeaders(headers()))
    const paid = use(running, (client) => client["payment.authorize"](payment()), { headers: {}, transformClient })
    expect((await answer(paid)).status).toBe("AUTHORIZED")
  })

  it("may send several calls in one body, each answered by itself", async () => {
    const calls = use(
      running,
      (client) =>
        Effect.all(
          [
            client["payment.authorize"](payment({ reference: "a" })),
            Effect.flip(client["payment.authorize"](payment({ reference: "" }))),
            client["payment.authorize"](payment({ reference: "b" }))
          ],
          { concurrency: 3 }
        ),
      { batch: { window: "50 millis", maxSize: 3 } }
    )
    const [a, missing, b] = await answer(calls)
    expect([a.reference, b.reference]).toEqual(["a", "b"])
    expect(missing).toMatchObject({ _tag: "ConnectorError", reason: { _tag: "MissingField", field: "reference" } })
    expect(running.sandbox.ledger().authorizations).toHaveLength(2)
  })

  it("may send a hundred calls in one body, and no more", async () => {
    const body = (count: number) => Array.from({ length: count }, (_, id) => line({ id })).join("")
    const ended = await lines(await post(running, body(100)))
    expect(ended.map(({ exit, requestId }) => [requestId, exit._tag]).toSorted()).toEqual(
      Array.from({ length: 100 }, (_, id) => [id, "Success"]).toSorted()
    )
    expect((await post(running, body(101))).status).toBe(400)
  })

  it("hears of a failure even of a call whose answer it throws away", async () => {
    const call = use(running, (client) => client["payment.authorize"](payment({ reference: "" }), { discard: true }))
    expect((await error(call)).reason).toMatchObject({ _tag: "MissingField", field: "reference" })
  })
})
