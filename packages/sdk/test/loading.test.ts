import { PaymentServiceCaptureRequest } from "@connector-service/proto/payments/v1/payment"
import { Effect } from "effect"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { type CaptureInput, connect } from "../src/Client.ts"
import { loading } from "../src/Loading.ts"
import { errorOf } from "./errors.ts"
import { type Fake, startFake, status } from "./Fake.ts"
import { capture, target } from "./inputs.ts"

let fake: Fake

beforeEach(async () => {
  fake = await startFake(status(14))
})
afterEach(async () => {
  vi.useRealTimers()
  await fake.close()
})

test("a call that is made before its code is loaded is made as it was written then", async () => {
  await using client = connect(fake.address, { ...target, retry: false })
  const input: { -readonly [K in keyof CaptureInput]: CaptureInput[K] } = { ...capture, amount: { ...capture.amount } }
  const options = { requestId: "first", target: { account: "first" } }
  const first = errorOf(client.payment.capture(input, options))
  input.reference = "second"
  Object.assign(input.amount, { minorUnits: 2n })
  options.requestId = "second"
  options.target.account = "second"
  const second = errorOf(client.payment.capture(input, options))
  await Promise.all([first, second])
  const sent = fake.seen.map(({ headers, message }) => {
    const { amount, reference } = PaymentServiceCaptureRequest.decode(message)
    return [reference, amount?.minorUnits, headers["x-request-id"], headers["x-account"]]
  })
  expect(sent.toSorted()).toEqual([
    [capture.reference, capture.amount.minorUnits, "first", "first"],
    ["second", 2n, "second", "second"]
  ])
})

test("closing at once ends calls that were not sent yet, and takes no later ones", async () => {
  const client = connect(fake.address, { ...target, retry: false })
  const early = errorOf(client.payment.capture(capture))
  const closed = client.close()
  const late = errorOf(client.payment.capture(capture))
  for (const error of await Promise.all([early, late])) {
    expect(error).toMatchObject({
      moneyMoved: "NO",
      reason: { _tag: "Unreachable", description: "the client is closed" }
    })
  }
  await closed
  expect(fake.seen).toEqual([])
})

test("what cannot be copied is refused as it is once the code is there", async () => {
  await using client = connect(fake.address, { ...target, retry: false })
  const itself: Record<string, unknown> = { ...capture }
  itself["state"] = itself
  const early = await errorOf(client.payment.capture(itself as never))
  expect((await errorOf(client.payment.capture(itself as never))).reason).toEqual(early.reason)
  expect(early.reason).toMatchObject({ _tag: "InvalidField", field: "request" })
  await using fresh = connect(fake.address, target)
  const refused = await fresh.payment.capture(capture, null as never).catch(String)
  expect(await fresh.payment.capture(capture, null as never).catch(String)).toBe(refused)
  expect(refused).toContain("TypeError")
  expect(fake.seen).toEqual([])
})

test("a call's time counts from when it was made, not from when its code was there", async () => {
  const deadlines: Array<number> = []
  const { call, close } = loading(
    Effect.succeed({
      exchange: ({ deadline }) => {
        deadlines.push(deadline)
        return Effect.fail({ _tag: "NotSent", why: "its time limit passed" })
      }
    })
  )
  vi.useFakeTimers({ toFake: ["Date"], now: 1_000_000 })
  const early = errorOf(call("payment.capture", { target, retry: false }, capture, { timeout: 5_000 }))
  vi.setSystemTime(1_003_000)
  await early
  await errorOf(call("payment.capture", { target, retry: false }, capture, { timeout: 5_000 }))
  expect(deadlines).toEqual([1_005_000, 1_008_000])
  await close()
})
