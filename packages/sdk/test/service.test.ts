import { type Sandbox, startSandbox } from "@connector-service/sandbox/Sandbox"
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest"
import { type Client, connect, Money } from "../src/Client.ts"
import { errorOf, unsettledOf } from "./errors.ts"
import { authorize as example, target } from "./inputs.ts"
import { type Service, startService } from "./Service.ts"

let sandbox: Sandbox
let service: Service
let client: Client

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  service = await startService(sandbox.url)
  client = connect(service.address, target)
}, 30_000)
afterAll(async () => {
  await client.close()
  // first, because the service waits for the write that the sandbox never answers
  await sandbox.close()
  await service.stop()
})

const authorize = { ...example, paymentMethod: { ...example.paymentMethod, cvc: "123" } }
const card = (number: string) => ({ ...authorize.paymentMethod, number })

test("a payment is authorized, captured in part, refunded and read", async () => {
  const payment = await client.payment.authorize({ ...authorize, reference: "flow-1" })
  expect(payment).toMatchObject({ status: "AUTHORIZED", final: false, amountAuthorized: Money.of("10.00", "EUR") })
  const { paymentId, state } = payment

  const capture = await client.payment.capture({
    reference: "flow-1-capture",
    paymentId,
    amount: Money.of("6.00", "EUR"),
    state
  })
  expect(capture).toMatchObject({ paymentId, status: "SUCCEEDED", amountCaptured: Money.of("6.00", "EUR") })

  const refund = await client.refund.create({
    reference: "flow-1-refund",
    paymentId,
    amount: Money.of("2.50", "EUR"),
    reason: "REQUESTED_BY_CUSTOMER",
    state
  })
  expect(refund).toMatchObject({ status: "SUCCEEDED", amount: Money.of("2.50", "EUR") })
  expect(await client.refund.get({ refundId: refund.refundId })).toMatchObject({
    refundId: refund.refundId,
    status: "SUCCEEDED"
  })
  expect(await client.payment.get({ paymentId, state })).toMatchObject({ paymentId, status: "CAPTURED" })
})

test("a decline is an answer", async () => {
  // declined by the issuer with insufficient_funds: https://docs.stripe.com/testing#declined-payments
  const payment = await client.payment.authorize({
    ...authorize,
    reference: "declined-1",
    paymentMethod: card("4000000000009995")
  })
  expect(payment).toMatchObject({
    status: "DECLINED",
    decline: { code: "INSUFFICIENT_FUNDS", kind: "SOFT", rawCode: expect.stringContaining("insufficient_funds") }
  })
})

test("3-D Secure is an answer that says where the payer goes", async () => {
  // always authenticates: https://docs.stripe.com/testing#regulatory-cards
  const payment = await client.payment.authorize({
    ...authorize,
    reference: "3ds-1",
    paymentMethod: card("4000002760003184"),
    returnUrl: "https://shop.example/return"
  })
  expect(payment).toMatchObject({ status: "REQUIRES_ACTION", nextAction: { _tag: "Redirect", method: "GET" } })
})

test("everything else is an error, told by its reason", async () => {
  const { paymentId, state } = await client.payment.authorize({ ...authorize, reference: "reasons-1" })
  await client.payment.void({ reference: "reasons-1-void", paymentId, state })
  const capture = { reference: "reasons-1-capture", paymentId, amount: authorize.amount, state }
  const payment = { ...authorize, reference: "reasons-2" }
  const cases: ReadonlyArray<readonly [() => Promise<unknown>, object]> = [
    [
      () => client.payment.capture(capture),
      { _tag: "WrongState", found: { _tag: "Payment", payment: { status: "VOIDED" } } }
    ],
    [
      () => client.target({ connector: "nosuch" }).payment.authorize(payment),
      { _tag: "UnknownConnector", known: expect.arrayContaining(["stripe"]) }
    ],
    [() => client.target({ account: "nosuch" }).payment.authorize(payment), { _tag: "InvalidCredentials" }],
    [
      () => client.target({ credentials: { secretKey: "sk_test_expired" } }).payment.authorize(payment),
      { _tag: "InvalidCredentials", refusedByProcessor: true }
    ],
    [
      () => client.payment.get({ paymentId: "pi_nosuch" }),
      { _tag: "Rejected", httpStatus: 404, rawCode: "resource_missing" }
    ],
    [
      () => client.payment.authorize({ ...payment, paymentMethod: { ...authorize.paymentMethod, expiryYear: 2020 } }),
      { _tag: "InvalidField", field: "payment_method.card.expiry_year" }
    ],
    // the connector's own rule, which the client does not know
    [
      () => client.payment.authorize({ ...payment, metadata: { reference: "x" } }),
      { _tag: "InvalidField", field: "metadata" }
    ],
    [() => client.connector.get({ id: "nosuch" }), { _tag: "UnknownConnector" }]
  ]
  for (const [call, reason] of cases) {
    const error = await errorOf(call())
    expect(error.reason).toMatchObject(reason)
    expect(error).toMatchObject({ moneyMoved: "NO", retryable: false })
  }
})

test("what the connectors can do", async () => {
  const connectors = await client.connector.list()
  expect(connectors.map(({ id }) => id)).toContain("stripe")
  const stripe = await client.connector.get({ id: "stripe" })
  expect(stripe.flows.find(({ name }) => name === "payment.capture")).toMatchObject({ kind: "WRITE" })
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
  const authorizations = sandbox.ledger().authorizations.filter(({ metadata }) => metadata.reference === reference)
  expect(authorizations).toHaveLength(1)
})

test("a service that dies over a write: unknown, then settled at another one", async () => {
  const dying = await startService(sandbox.url)
  onTestFinished(() => dying.stop("SIGKILL"))
  const other = connect(dying.address, target)
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
