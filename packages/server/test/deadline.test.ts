import { PaymentServiceDefinition } from "@connector-service/proto/payments/v1/payment"
import { SettlementServiceDefinition } from "@connector-service/proto/payments/v1/settlement"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { authorize, call, failure, type Running, run, target } from "./kit.ts"

let running: Running
beforeAll(async () => {
  running = await run()
})
beforeEach(() => running.sandbox.reset())
afterAll(() => running.close())

const patient = { timeout: 4000 }
const intents = "/stripe/v1/payment_intents"
const payments = PaymentServiceDefinition.methods
const authorizePath = "/payments.v1.PaymentService/Authorize"

it("a write without an answer is an unknown outcome, told before the caller's deadline, and can be settled", async () => {
  await running.sandbox.setFaults({ kind: "hang_after", path: intents, method: "POST", count: 1 })
  const request = authorize({ reference: "hang" })
  const failed = await failure(call(running, authorizePath, payments.authorize, request, { deadline: 1500 }))
  expect(failed).toMatchObject({
    status: "UNKNOWN",
    info: { reason: "UnknownOutcome", metadata: { money_moved: "UNKNOWN", retryable: "false" } },
    unsettled: {
      flow: "payment.authorize",
      reference: "hang",
      attempt: 1,
      amount: { minorUnits: 1000n, currencyCode: "EUR" }
    }
  })
  const { error, unsettled } = failed
  expect(error?.reason?.$case === "unknownOutcome" ? error.reason.value.unsettled : undefined).toEqual(unsettled)
  expect(running.sandbox.ledger().authorizations).toHaveLength(1)

  const { settlement } = await running.client(SettlementServiceDefinition).settle({ unsettled }, { metadata: target() })
  expect(settlement).toMatchObject({ $case: "taken", value: { found: { value: { value: { reference: "hang" } } } } })
})

it("a read without an answer changed nothing, and says so before the caller's deadline", async () => {
  await running.sandbox.setFaults({ kind: "hang_before", path: intents, count: 1 })
  const request = { paymentId: "pi_1", state: {} }
  const get = call(running, "/payments.v1.PaymentService/Get", payments.get, request, { deadline: 1000 })
  expect(await failure(get)).toMatchObject({
    status: "UNAVAILABLE",
    info: { reason: "UnreadableReply", metadata: { money_moved: "NO", retryable: "true" } }
  })
})

it("with too little time left nothing is sent", async () => {
  const failed = await failure(call(running, authorizePath, payments.authorize, authorize(), { deadline: 250 }))
  expect(failed).toMatchObject({ status: "INVALID_ARGUMENT", info: { metadata: { money_moved: "NO" } } })
  expect(failed.message).toContain("deadline")
  expect(running.sandbox.ledger().requests).toEqual([])
})

it("a caller who goes away does not stop a write that is on the wire", async () => {
  await running.sandbox.setFaults({ kind: "delay", path: intents, method: "POST", count: 1, milliseconds: 300 })
  const gone = new AbortController()
  const request = authorize({ reference: "gone" })
  const paid = failure(call(running, authorizePath, payments.authorize, request, { signal: gone.signal }))
  const waiting = async () => {
    const faults = await fetch(`${running.sandbox.url}/_sandbox/faults`)
    return faults.json()
  }
  await expect.poll(waiting, patient).toEqual([])
  gone.abort()
  expect(await paid).toMatchObject({ status: "CANCELLED" })
  await expect.poll(() => running.sandbox.ledger().requests, patient).toMatchObject([{ processed: true, status: 200 }])
  expect(running.sandbox.ledger().authorizations).toHaveLength(1)
})
