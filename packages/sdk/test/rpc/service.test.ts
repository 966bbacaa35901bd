import { type Sandbox, startSandbox } from "@connector-service/sandbox/Sandbox"
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest"
import { type Client, connect, Money } from "../../src/Rpc.ts"
import { errorOf, unsettledOf } from "../errors.ts"
import { authorize as example, target } from "../inputs.ts"
import { type Service, startService } from "../Service.ts"

let sandbox: Sandbox
let service: Service
let client: Client

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  service = await startService(sandbox.url)
  client = connect(service.httpAddress, target)
}, 30_000)
afterAll(async () => {
  await client.close()
  // first, because the service waits for the write that the sandbox never answers
  await sandbox.close()
  await service.stop()
})

const authorize = { ...example, paymentMethod: { ...example.paymentMethod, cvc: "123" } }

test("a payment is authorized with credentials of its own, captured in part, refunded and read", async () => {
  const keyed = client.target({ credentials: { secretKey: "sk_test_sdk" } })
  const { paymentId, state } = await keyed.payment.authorize({ ...authorize, reference: "flow-1" })
  const amount = Money.of("6.00", "EUR")
  const capture = await client.payment.capture({ reference: "flow-1-capture", paymentId, amount, state })
  expect(capture).toMatchObject({ paymentId, status: "SUCCEEDED", amountCaptured: amount })
  const refund = await client.refund.create({ reference: "flow-1-refund", paymentId, amount, state })
  expect(await client.refund.get({ refundId: refund.refundId })).toMatchObject({ status: "SUCCEEDED", amount })
  expect(await client.payment.get({ paymentId, state })).toMatchObject({ paymentId, status: "CAPTURED" })
})

test("a processor that takes the money and never answers: unknown, then settled as taken", async () => {
  const reference = "unknown-1"
  await sandbox.setFaults({ kind: "hang_after", path: "/stripe/v1/payment_intents", method: "POST", count: 1 })
  const unsettled = unsettledOf(
    await errorOf(client.payment.authorize({ ...authorize, reference }, { timeout: 1_500 }))
  )
  expect(unsettled).toMatchObject({ flow: "payment.authorize", reference, attempt: 1, amount: authorize.amount })
  expect(await client.settlement.settle({ unsettled })).toMatchObject({
    _tag: "Taken",
    found: { _tag: "Payment", payment: { status: "AUTHORIZED", amount: authorize.amount } }
  })
})

test("a service that dies over a write: unknown, then settled at another one", async () => {
  const dying = await startService(sandbox.url)
  onTestFinished(() => dying.stop("SIGKILL"))
  const other = connect(dying.httpAddress, target)
  const { paymentId, state } = await client.payment.authorize({ ...authorize, reference: "dies-1" })
  await sandbox.setFaults({ kind: "hang_after", path: `/stripe/v1/payment_intents/${paymentId}/capture`, count: 1 })

  const captures = () => sandbox.ledger().captures.filter(({ payment_id }) => payment_id === paymentId)
  const amount = Money.of("4.00", "EUR")
  const call = errorOf(other.payment.capture({ reference: "dies-1-capture", paymentId, amount, state }))
  await vi.waitFor(() => expect(captures()).toHaveLength(1))
  await dying.stop("SIGKILL")

  const unsettled = unsettledOf(await call)
  expect(unsettled).toMatchObject({ flow: "payment.capture", reference: "dies-1-capture", paymentId, amount, state })
  expect(await client.settlement.settle({ unsettled })).toMatchObject({
    _tag: "Taken",
    found: { _tag: "Capture", capture: { status: "SUCCEEDED", amount } }
  })
  expect(captures()).toHaveLength(1)
  await other.close()
})
