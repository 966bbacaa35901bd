import { Connectors } from "@connector-service/connectors/Connectors"
import { stripe } from "@connector-service/connectors/stripe/connector"
import * as UndiciClient from "@connector-service/connectors/UndiciClient"
import type { Payment } from "@connector-service/domain/Payment"
import type { RequestOf } from "@connector-service/domain/Services"
import type { Fault } from "@connector-service/sandbox/Faults"
import { type Sandbox, startSandbox } from "@connector-service/sandbox/Sandbox"
import { Duration, Effect, Layer, ManagedRuntime } from "effect"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { authorize, result } from "./Sending.ts"
import { decoded } from "./Table.ts"

const soon = { times: 2, first: Duration.millis(1), cap: Duration.millis(5), patience: Duration.seconds(10) }
/** Stripe with the least patience, as real time passes here, and a circuit that one fault after another does not open. */
const hasty = {
  ...stripe,
  protection: { breaker: { threshold: 1, size: 10_000 } },
  policy: {
    read: { timeout: Duration.millis(400), retry: soon },
    write: { timeout: Duration.millis(400), retry: soon, settle: soon }
  }
}
const target = {
  connector: "stripe",
  environment: "sandbox",
  credentials: { secretKey: "sk_test_sandbox" }
} as const

let sandbox: Sandbox
let runtime: ManagedRuntime.ManagedRuntime<Connectors, never>
beforeAll(async () => {
  sandbox = await startSandbox()
  const configuration = { baseUrls: { stripe: { sandbox: `${sandbox.url}/stripe` } } }
  runtime = ManagedRuntime.make(Layer.provide(Connectors.layer([hasty], configuration), UndiciClient.layer()))
})
afterAll(async () => {
  await sandbox.close()
  await runtime.dispose()
})
beforeEach(() => sandbox.reset())

const call = (service: "payment" | "refund", method: string, input: object) =>
  runtime.runPromise(
    Effect.flatMap(Connectors, (sender) =>
      // the input is of this method: its own schema decoded it
      Effect.exit(sender.call(target, service as "payment", method as "get", input as RequestOf<"payment", "get">))
    ).pipe(Effect.map(result))
  )
const pay = (more: object = {}) => call("payment", "authorize", authorize({ captureMethod: "AUTOMATIC", ...more }))
const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const act = (name: string, input: object) => {
  const [service = "", method = ""] = name.split(".")
  return call(service === "refund" ? "refund" : "payment", method, decoded(name, input))
}
/** A payment that waits for its capture. */
const reserve = async () => {
  const { answer } = await pay({ captureMethod: "MANUAL" })
  expect(answer).toMatchObject({ status: "AUTHORIZED" })
  // the line above says so
  return (answer as Payment).paymentId
}
const posts = () => sandbox.ledger().requests.filter(({ method }) => method === "POST")

describe("a fault of the processor, once", () => {
  const faults: ReadonlyArray<Omit<Fault, "path" | "count">> = [
    { kind: "reset_before" },
    { kind: "reset_after" },
    { kind: "hang_before" },
    { kind: "hang_after" },
    { kind: "cut", bytes: 20 },
    { kind: "cut", bytes: 0 },
    { kind: "429", retry_after: 0 },
    { kind: "500_before" },
    { kind: "500_after" },
    { kind: "502_before" },
    { kind: "502_after" },
    { kind: "503_before" },
    { kind: "503_after" },
    { kind: "html" }
  ]
  for (const fault of faults) {
    it(`${fault.kind}${fault.bytes === undefined ? "" : ` ${fault.bytes}`}: paid once, and told so`, async () => {
      await sandbox.setFaults({ ...fault, path: "/stripe/v1/payment_intents", method: "POST", count: 1 })
      const { answer } = await pay()
      expect(answer).toMatchObject({ status: "CAPTURED", amountCaptured: eur(1000n) })
      const { authorizations, captures } = sandbox.ledger()
      expect([authorizations.length, captures.length]).toEqual([1, 1])
      // every repeat came under the same key
      expect(new Set(posts().map(({ idempotency_key }) => idempotency_key)).size).toBe(1)
    })
  }

  it("another amount than asked: money moved", async () => {
    await sandbox.setFaults({ kind: "wrong_amount", by: -1, path: "/stripe/v1/payment_intents", count: 1 })
    const { moneyMoved, reason } = await pay()
    expect(moneyMoved).toBe("YES")
    expect(reason).toMatchObject({
      _tag: "AmountMismatch",
      asked: eur(1000n),
      found: { payment: { amount: eur(999n) } }
    })
  })
})

describe("a fault of the processor that lasts", () => {
  it("before anything was processed: unknown, and nothing was taken", async () => {
    await sandbox.setFaults({ kind: "reset_before", path: "/stripe", count: 50 })
    const { moneyMoved, reason } = await pay()
    expect([reason?._tag, moneyMoved]).toEqual(["UnknownOutcome", "UNKNOWN"])
    expect(sandbox.ledger().authorizations).toEqual([])
  })

  it("after it was processed: unknown, and then settled as taken", async () => {
    await sandbox.setFaults({ kind: "502_after", path: "/stripe", count: 50 })
    const { reason } = await pay()
    expect(sandbox.ledger().captures.length).toBe(1)
    if (reason?._tag !== "UnknownOutcome") return expect(reason?._tag).toBe("UnknownOutcome")
    const settle = () =>
      runtime.runPromise(
        Effect.flatMap(Connectors, (sender) =>
          Effect.exit(sender.settle(target, { unsettled: reason.unsettled }))
        ).pipe(Effect.map(result))
      )
    expect((await settle()).answer).toMatchObject({ _tag: "StillUnknown", awaitWebhook: false })
    await fetch(`${sandbox.url}/_sandbox/faults`, { method: "DELETE" })
    expect((await settle()).answer).toMatchObject({
      _tag: "Taken",
      found: { payment: { status: "CAPTURED", amountCaptured: eur(1000n) } }
    })
    expect(sandbox.ledger().captures.length).toBe(1)
  })

  it("the same call again, once it is over: the same payment", async () => {
    const firstSentAt = new Date()
    await sandbox.setFaults({ kind: "502_after", path: "/stripe", count: 50 })
    expect((await pay()).reason?._tag).toBe("UnknownOutcome")
    await fetch(`${sandbox.url}/_sandbox/faults`, { method: "DELETE" })
    expect((await pay({ firstSentAt })).answer).toMatchObject({ status: "CAPTURED" })
    expect(sandbox.ledger().captures.length).toBe(1)
  })
})

describe("two calls", () => {
  it("of the same reference at the same moment are one payment", async () => {
    await sandbox.setFaults({
      kind: "delay",
      milliseconds: 50,
      path: "/stripe/v1/payment_intents",
      method: "POST",
      count: 1
    })
    const told = await Promise.all([pay(), pay()])
    const { authorizations } = sandbox.ledger()
    expect(authorizations.length).toBe(1)
    for (const { answer, reason } of told) {
      if (answer !== undefined) expect(answer).toMatchObject({ paymentId: authorizations[0]?.payment_id })
      else expect(reason?._tag).toBe("UnknownOutcome")
    }
    expect(told.some(({ answer }) => answer !== undefined)).toBe(true)
  })

  it("of one reference with two amounts are one payment, and the second is told of it", async () => {
    expect((await pay()).answer).toMatchObject({ status: "CAPTURED" })
    const { moneyMoved, reason } = await pay({ amount: eur(2000n) })
    expect([reason?._tag, moneyMoved]).toEqual(["Duplicate", "YES"])
    expect(reason).toMatchObject({ found: { payment: { status: "CAPTURED", amount: eur(1000n) } } })
    expect(sandbox.ledger().captures.length).toBe(1)
  })

  it("of two attempts are two payments", async () => {
    await pay()
    await pay({ attempt: 2 })
    expect(sandbox.ledger().captures.length).toBe(2)
  })
})

describe("captures, voids and refunds", () => {
  for (const kind of ["reset_after", "502_after", "500_after", "hang_after"] as const) {
    it(`happen once when the first answer is lost (${kind})`, async () => {
      const fault = (path: string) => ({ kind, path, method: "POST", count: 1 })
      const captured = await reserve()
      await sandbox.setFaults(fault("/capture$"))
      const capture = { reference: "capture-1", paymentId: captured, amount: eur(600n) }
      expect((await act("payment.capture", capture)).answer).toMatchObject({ status: "SUCCEEDED", amount: eur(600n) })
      await sandbox.setFaults(fault("/stripe/v1/refunds"))
      const refund = { reference: "refund-1", paymentId: captured, amount: eur(200n) }
      expect((await act("refund.create", refund)).answer).toMatchObject({ status: "SUCCEEDED", amount: eur(200n) })

      const { answer: second } = await pay({ reference: "order-2", captureMethod: "MANUAL" })
      // authorized above
      const { paymentId } = second as Payment
      await sandbox.setFaults(fault("/cancel$"))
      expect((await act("payment.void", { reference: "void-1", paymentId })).answer).toMatchObject({ status: "VOIDED" })

      const { captures, refunds, voids } = sandbox.ledger()
      expect([captures, refunds, voids].map((entries) => entries.map(({ amount }) => amount))).toEqual([
        [600],
        [200],
        [1000]
      ])
      const { answer: now } = await act("payment.get", { paymentId: captured })
      expect(now).toMatchObject({ status: "CAPTURED", amountCaptured: eur(600n), amountRefunded: eur(200n) })
    })
  }

  it("twice by two references: the second is told what it found", async () => {
    const paymentId = await reserve()
    const capture = (reference: string) => act("payment.capture", { reference, paymentId, amount: eur(1000n) })
    expect((await capture("capture-1")).answer).toMatchObject({ status: "SUCCEEDED" })
    expect(await capture("capture-2")).toMatchObject({
      moneyMoved: "NO",
      reason: { _tag: "WrongState", found: { payment: { status: "CAPTURED" } } }
    })
    expect(await act("payment.void", { reference: "void-1", paymentId })).toMatchObject({
      reason: { _tag: "WrongState", found: { payment: { status: "CAPTURED" } } }
    })
    expect(sandbox.ledger().captures.length).toBe(1)
  })

  it("twice by one reference: the second is answered as the first", async () => {
    const paymentId = await reserve()
    const capture = () => act("payment.capture", { reference: "capture-1", paymentId, amount: eur(1000n) })
    const [first, second] = [await capture(), await capture()]
    expect(second).toEqual(first)
    expect(sandbox.ledger().captures.length).toBe(1)
  })
})
