import { constants } from "node:http2"
import { createServer, type Socket } from "node:net"
import { DateTime } from "effect"
import { afterEach, beforeEach, expect, test } from "vitest"
import { type Client, connect } from "../src/Client.ts"
import { errorOf, unsettledOf } from "./errors.ts"
import { answer, type Behaviour, cut, type Fake, hang, nothing, resetWith, startFake, status } from "./Fake.ts"
import { authorize, capture, cardNumber, target } from "./inputs.ts"

let fake: Fake
let client: Client

beforeEach(async () => {
  fake = await startFake(hang)
  client = connect(fake.address, { ...target, retry: false })
})
afterEach(async () => {
  await fake.close()
  await client.close()
})

/** All status codes but OK: https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
const codes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]

const endings: ReadonlyArray<readonly [name: string, behaviour: Behaviour]> = [
  ...codes.map((code) => [`status ${code} without details`, status(code, "something")] as const),
  ["a status that gRPC does not have", status(99)],
  ["a status with details that cannot be read", status(2, "", Buffer.from([255, 1, 2]))],
  ["a cut connection", cut],
  ["a stream reset with INTERNAL_ERROR", resetWith(constants.NGHTTP2_INTERNAL_ERROR)],
  ["a stream reset with CANCEL", resetWith(constants.NGHTTP2_CANCEL)],
  ["a refused stream", resetWith(constants.NGHTTP2_REFUSED_STREAM)],
  ["a stream reset with ENHANCE_YOUR_CALM", resetWith(constants.NGHTTP2_ENHANCE_YOUR_CALM)],
  ["OK without a message", nothing],
  ["OK with a message without content", answer(new Uint8Array())],
  ["OK with a message that is not protobuf", answer(Buffer.from([255, 255, 255]))],
  [
    "a web server's page",
    (stream) => {
      stream.respond({ ":status": 502, "content-type": "text/html" })
      stream.end("<html>Bad Gateway</html>")
    }
  ]
]

test.each(endings)("a write that ends in %s is of unknown outcome and was sent once", async (_name, behaviour) => {
  fake.become(behaviour)
  const before = Date.now()
  const error = await errorOf(client.payment.capture(capture, { requestId: "request-7" }))
  expect(error).toMatchObject({
    connector: "stripe",
    flow: "payment.capture",
    requestId: "request-7",
    moneyMoved: "UNKNOWN",
    retryable: false,
    fault: "NETWORK"
  })
  const { firstSentAt, lastSentAt, ...unsettled } = unsettledOf(error)
  // until its deadline the service may send it
  expect(lastSentAt && DateTime.toEpochMillis(lastSentAt)).toBeGreaterThan(Date.now())
  expect(unsettled).toEqual({
    flow: "payment.capture",
    reference: "capture-1",
    attempt: 3,
    paymentId: "pi_123",
    amount: { minorUnits: 500n, currencyCode: "EUR" },
    state: { order: "o-1" }
  })
  expect(firstSentAt?.epochMilliseconds).toBeGreaterThanOrEqual(before)
  expect(firstSentAt?.epochMilliseconds).toBeLessThanOrEqual(Date.now())
  expect(fake.seen.map(({ path }) => path)).toEqual(["/payments.v1.PaymentService/Capture"])
})

test.each(endings)("a read that ends in %s may be made again", async (_name, behaviour) => {
  fake.become(behaviour)
  const error = await errorOf(client.payment.get({ paymentId: "pi_123" }))
  expect(error).toMatchObject({ moneyMoved: "NO", retryable: true, reason: { _tag: "UnreadableReply" } })
  expect(fake.seen).toHaveLength(1)
})

test("every write's own account of itself is in its Unsettled", async () => {
  fake.become(status(14))
  const firstSentAt = new Date("2026-01-02T03:04:05.678Z")
  const { amount } = capture
  const calls: ReadonlyArray<readonly [() => Promise<unknown>, object]> = [
    [
      () => client.payment.authorize({ ...authorize, firstSentAt }),
      { flow: "payment.authorize", reference: "order-1", amount: authorize.amount }
    ],
    [
      () => client.payment.void({ reference: "v", paymentId: "pi_1", firstSentAt }),
      { flow: "payment.void", reference: "v", paymentId: "pi_1" }
    ],
    [
      () => client.payment.complete({ reference: "c", paymentId: "pi_2", firstSentAt }),
      { flow: "payment.complete", reference: "c", paymentId: "pi_2" }
    ],
    [
      () => client.refund.create({ reference: "r", paymentId: "pi_3", amount, firstSentAt }),
      { flow: "refund.create", reference: "r", paymentId: "pi_3", amount }
    ]
  ]
  for (const [call, expected] of calls) {
    const { lastSentAt: _, ...unsettled } = unsettledOf(await errorOf(call()))
    expect(unsettled).toEqual({ ...expected, attempt: 1, firstSentAt: DateTime.makeUnsafe(firstSentAt) })
  }
})

test("a connection that is refused proves that nothing was sent", async () => {
  await fake.close()
  const error = await errorOf(client.payment.authorize(authorize))
  expect(error).toMatchObject({ moneyMoved: "NO", retryable: true, reason: { _tag: "Unreachable" } })
  expect(error.message).toContain("ECONNREFUSED")
})

test("a repeat that could not be sent leaves the first one's outcome unknown", async () => {
  await fake.close()
  const firstSentAt = new Date("2026-01-02T03:04:05.678Z")
  const error = await errorOf(client.payment.capture({ ...capture, firstSentAt }))
  expect(error).toMatchObject({ moneyMoved: "UNKNOWN", retryable: false })
  expect(unsettledOf(error).firstSentAt).toEqual(DateTime.makeUnsafe(firstSentAt))
})

test("a server without the client's protection proves that nothing was sent", async () => {
  const secured = connect(fake.address, { ...target, tls: { serverName: "localhost" } })
  const error = await errorOf(secured.payment.authorize(authorize))
  expect(error).toMatchObject({ moneyMoved: "NO", retryable: true, reason: { _tag: "Unreachable" } })
  expect(fake.seen).toEqual([])
  await secured.close()
})

test("a name that does not resolve proves that nothing was sent", async () => {
  // RFC 6761 §6.4: names under .invalid never resolve
  const lost = connect("nowhere.invalid:50051", { ...target, tls: true })
  const error = await errorOf(lost.payment.authorize(authorize))
  expect(error).toMatchObject({ moneyMoved: "NO", retryable: true, reason: { _tag: "Unreachable" } })
  await lost.close()
})

test("a connection that does not come about proves that nothing was sent, whoever stops waiting", async () => {
  // takes the connection and never speaks HTTP/2
  const sockets = new Set<Socket>()
  const mute = createServer((socket) => sockets.add(socket))
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve))
  const bound = mute.address()
  const waiting = connect(`127.0.0.1:${typeof bound === "object" ? bound?.port : ""}`, target)

  const nothingSent = { moneyMoved: "NO", retryable: true, reason: { _tag: "Unreachable" } }
  const controller = new AbortController()
  const aborted = errorOf(waiting.payment.capture(capture, { signal: controller.signal }))
  const closed = errorOf(waiting.payment.capture(capture))
  expect(await errorOf(waiting.payment.capture(capture, { timeout: 100 }))).toMatchObject(nothingSent)
  controller.abort()
  expect(await aborted).toMatchObject(nothingSent)
  await waiting.close()
  expect(await closed).toMatchObject(nothingSent)

  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => mute.close(resolve))
})

test("a lost connection is made again by the next call", async () => {
  fake.become(cut)
  await errorOf(client.payment.get({ paymentId: "pi_1" }))
  fake.become(status(14))
  expect((await errorOf(client.payment.capture(capture))).reason._tag).toBe("UnknownOutcome")
  expect(fake.seen).toHaveLength(2)
})

test("a time limit ends a write as unknown and a read as one to make again", async () => {
  const write = await errorOf(client.payment.capture(capture, { timeout: 200 }))
  expect(unsettledOf(write).reference).toBe("capture-1")
  expect(write.message).toContain("DEADLINE_EXCEEDED")
  const read = await errorOf(client.payment.get({ paymentId: "pi_1" }, { timeout: 200 }))
  expect(read).toMatchObject({ moneyMoved: "NO", retryable: true, reason: { _tag: "UnreadableReply" } })
})

test("an abort after sending leaves a write's outcome unknown, one before sends nothing", async () => {
  const controller = new AbortController()
  const arrived = fake.next()
  const call = errorOf(client.payment.capture(capture, { signal: controller.signal }))
  await arrived
  controller.abort()
  expect(unsettledOf(await call).reference).toBe("capture-1")
  expect(fake.seen).toHaveLength(1)

  const late = await errorOf(client.payment.capture(capture, { signal: controller.signal }))
  expect(late).toMatchObject({
    moneyMoved: "NO",
    reason: { _tag: "Unreachable", description: "the caller cancelled it" }
  })
  expect(fake.seen).toHaveLength(1)
})

test("an abort of a read changes nothing", async () => {
  const controller = new AbortController()
  const arrived = fake.next()
  const call = errorOf(client.payment.get({ paymentId: "pi_1" }, { signal: controller.signal }))
  await arrived
  controller.abort()
  expect(await call).toMatchObject({ moneyMoved: "NO", reason: { _tag: "UnreadableReply" } })
})

test("closing waits for calls in flight and sends no later ones", async () => {
  const arrived = fake.next()
  const call = errorOf(client.payment.capture(capture, { timeout: 300 }))
  await arrived
  await client.close()
  expect(unsettledOf(await call).reference).toBe("capture-1")
  const late = await errorOf(client.target({ account: "other" }).payment.capture(capture))
  expect(late).toMatchObject({ moneyMoved: "NO", reason: { _tag: "Unreachable", description: "the client is closed" } })
  expect(fake.seen).toHaveLength(1)
})

test("what a stranger puts into a status message is not repeated", async () => {
  fake.become(status(2, `no route for card ${cardNumber} cvc 9786`))
  const error = await errorOf(client.payment.authorize(authorize, { requestId: "request" }))
  for (const text of [error.message, String(error.stack), JSON.stringify(error)]) {
    expect(text).not.toContain(cardNumber)
    expect(text).not.toContain("9786")
  }
})
