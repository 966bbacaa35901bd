import { createServer, type Socket } from "node:net"
import { DateTime } from "effect"
import { afterEach, beforeEach, expect, test } from "vitest"
import { type Client, connect } from "../../src/Rpc.ts"
import { errorOf, unsettledOf } from "../errors.ts"
import { authorize, capture, cardNumber, target } from "../inputs.ts"
import {
  type Behaviour,
  body,
  cut,
  cutAfter,
  exitLine,
  type Fake,
  failure,
  hang,
  page,
  reset,
  startFake,
  told,
  value
} from "./Fake.ts"

let fake: Fake
let client: Client

beforeEach(async () => {
  fake = await startFake(hang)
  client = connect(fake.url, { ...target, retry: false })
})
afterEach(async () => {
  await fake.close()
  await client.close()
})

/** Statuses that a proxy, a gateway or another service may answer with: RFC 9110 §15, RFC 6585. */
const statuses = [201, 204, 400, 401, 403, 404, 405, 408, 409, 413, 415, 429, 500, 501, 502, 503, 504, 505]

const succeeded = { _tag: "Success", value: {} }
/** What the service says when it refused a call, as the schema of ConnectorError writes it. */
const refused = {
  _tag: "ConnectorError",
  connector: "stripe",
  flow: "payment.capture",
  reason: { _tag: "MissingField", field: "reference" }
}
const refusal = { _tag: "Failure", cause: [{ _tag: "Fail", error: refused }] }

const endings: ReadonlyArray<readonly [name: string, behaviour: Behaviour]> = [
  ...statuses.map((code) => [`a page with HTTP ${code}`, page(code)] as const),
  ["a page with HTTP 200", page(200)],
  [
    "a redirect, which is not followed",
    (response) => response.writeHead(307, { location: `${fake.url}/elsewhere` }).end()
  ],
  ["HTTP 502 around the service's own words", body(({ id }) => exitLine(id, refusal), "application/x-ndjson", 502)],
  ["the service's own words as a page", body(({ id }) => exitLine(id, refusal), "text/html")],
  ["nothing at all", body("")],
  ["a line that is not JSON", body("<html>\n")],
  ["a line that is no message", body("null\n")],
  ["a message of another kind", body(`{"_tag":"Pong"}\n`)],
  ["half a line", body(({ id }) => exitLine(id, refusal).slice(0, 40))],
  ["a line without its end", body(({ id }) => exitLine(id, refusal).trimEnd())],
  ["the end of another call", body(({ id }) => exitLine(`${id}0`, refusal))],
  ["two ends of one call", body(({ id }) => exitLine(id, refusal) + exitLine(id, succeeded))],
  ["a defect of all calls", body(`{"_tag":"Defect","defect":{"name":"Error","message":"something"}}\n`)],
  ["an error of the protocol", body(`{"_tag":"ClientProtocolError","error":{"_tag":"ConnectorError"}}\n`)],
  ["a value that is none", value({})],
  ["no value", value(undefined)],
  ["a failure of nothing", failure()],
  ["an interruption", failure({ _tag: "Interrupt", fiberId: 1 })],
  ["a defect", failure({ _tag: "Die", defect: { name: "Error", message: "something" } })],
  ["an error and a defect", failure({ _tag: "Fail", error: refused }, { _tag: "Die", defect: "something" })],
  ["an error that is none of ours", failure({ _tag: "Fail", error: { _tag: "NotFound" } })],
  ["a reason that is none of ours", told({ _tag: "Whatever" })],
  ["a reply that is cut before its first line", cutAfter(({ id }) => exitLine(id, refusal).slice(0, 40))],
  ["a reply that is cut after its line", cutAfter(({ id }) => exitLine(id, refusal))],
  ["a closed connection", cut],
  ["a reset connection", reset]
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
  expect(fake.seen.map(({ path, tag }) => [path, tag])).toEqual([["POST /rpc", "payment.capture"]])
})

test.each(endings)("a read that ends in %s may be made again", async (_name, behaviour) => {
  fake.become(behaviour)
  const error = await errorOf(client.payment.get({ paymentId: "pi_123" }))
  expect(error).toMatchObject({ moneyMoved: "NO", retryable: true, reason: { _tag: "UnreadableReply" } })
  expect(fake.seen).toHaveLength(1)
})

test("what is unknown can be handed to settle as it is", async () => {
  fake.become(cut)
  const unsettled = unsettledOf(await errorOf(client.payment.capture(capture)))
  fake.become(value({ _tag: "NotTaken", evidence: "nothing there" }))
  await client.settlement.settle({ unsettled })
  expect(fake.seen[1]).toMatchObject({
    tag: "settlement.settle",
    payload: {
      unsettled: {
        flow: "payment.capture",
        reference: "capture-1",
        attempt: 3,
        paymentId: "pi_123",
        state: { order: "o-1" },
        firstSentAt: unsettled.firstSentAt && DateTime.formatIso(unsettled.firstSentAt)
      }
    }
  })
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
  const secured = connect(fake.url.replace("http:", "https:"), { ...target, retry: false })
  const error = await errorOf(secured.payment.authorize(authorize))
  expect(error).toMatchObject({ moneyMoved: "NO", retryable: true, reason: { _tag: "Unreachable" } })
  expect(fake.seen).toEqual([])
  await secured.close()
})

test("a name that does not resolve proves that nothing was sent", async () => {
  // RFC 6761 §6.4: names under .invalid never resolve
  const lost = connect("https://nowhere.invalid", { ...target, retry: false })
  const error = await errorOf(lost.payment.authorize(authorize))
  expect(error).toMatchObject({ moneyMoved: "NO", retryable: true, reason: { _tag: "Unreachable" } })
  await lost.close()
})

test("a connection that does not come about proves that nothing was sent, whoever stops waiting", async () => {
  // takes the connection and never speaks TLS
  const sockets = new Set<Socket>()
  const mute = createServer((socket) => sockets.add(socket))
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve))
  const bound = mute.address()
  const waiting = connect(`https://127.0.0.1:${typeof bound === "object" ? bound?.port : ""}`, target)

  const nothingSent = { moneyMoved: "NO", retryable: true, reason: { _tag: "Unreachable" } }
  const controller = new AbortController()
  const aborted = errorOf(waiting.payment.capture(capture, { signal: controller.signal }))
  expect(await errorOf(waiting.payment.capture(capture, { timeout: 100 }))).toMatchObject(nothingSent)
  controller.abort()
  expect(await aborted).toMatchObject(nothingSent)
  await waiting.close()

  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => mute.close(resolve))
})

test("calls one after another keep to their connections, and a lost one is made again", async () => {
  fake.become(told({ _tag: "MissingField", field: "reference" }))
  for (const reference of ["1", "2", "3", "4", "5", "6"])
    await errorOf(client.payment.capture({ ...capture, reference }))
  // undici looks at a connection for one turn of the event loop before it uses it again
  expect(fake.connections.size).toBeLessThanOrEqual(2)
  fake.become(cut)
  for (const paymentId of ["1", "2"]) await errorOf(client.payment.get({ paymentId }))
  fake.become(told({ _tag: "MissingField", field: "reference" }))
  expect((await errorOf(client.payment.capture(capture))).reason._tag).toBe("MissingField")
  expect(fake.seen).toHaveLength(9)
})

test("one reply that cannot be read ends no other call", async () => {
  const arrived = fake.next()
  let answer = () => {}
  fake.become((response, seen) => {
    answer = () => told({ _tag: "MissingField", field: "reference" })(response, seen)
  })
  const waiting = errorOf(client.payment.capture(capture))
  await arrived
  fake.become(body(`{"_tag":"Defect","defect":{"name":"Error","message":"something"}}\n`))
  expect((await errorOf(client.payment.capture(capture))).reason._tag).toBe("UnknownOutcome")
  answer()
  expect((await waiting).reason).toMatchObject({ _tag: "MissingField", field: "reference" })
})

test("a time limit ends a write as unknown and a read as one to make again", async () => {
  const write = await errorOf(client.payment.capture(capture, { timeout: 200 }))
  expect(unsettledOf(write).reference).toBe("capture-1")
  expect(write.message).toContain("no answer in time")
  const read = await errorOf(client.payment.get({ paymentId: "pi_1" }, { timeout: 200 }))
  expect(read).toMatchObject({ moneyMoved: "NO", retryable: true, reason: { _tag: "UnreadableReply" } })
})

test("an abort after sending leaves a write's outcome unknown and hangs up, one before sends nothing", async () => {
  const controller = new AbortController()
  let hungUp: Promise<unknown> = Promise.resolve()
  fake.become((response) => {
    hungUp = new Promise((resolve) => response.once("close", resolve))
  })
  const arrived = fake.next()
  const call = errorOf(client.payment.capture(capture, { signal: controller.signal }))
  await arrived
  controller.abort()
  expect(unsettledOf(await call).reference).toBe("capture-1")
  await hungUp
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
  let answer = () => {}
  fake.become((response, seen) => {
    answer = () => told({ _tag: "MissingField", field: "reference" })(response, seen)
  })
  const call = errorOf(client.payment.capture(capture))
  await arrived
  const closed = client.close()
  const late = await errorOf(client.target({ account: "other" }).payment.capture(capture))
  expect(late).toMatchObject({ moneyMoved: "NO", reason: { _tag: "Unreachable", description: "the client is closed" } })
  answer()
  expect((await call).reason._tag).toBe("MissingField")
  await closed
  expect(fake.seen).toHaveLength(1)
})

test("what a stranger says is not repeated", async () => {
  const words = `no route for card ${cardNumber} cvc 9786`
  for (const behaviour of [
    page(502, words),
    body(words),
    failure({ _tag: "Die", defect: { name: "Error", message: words } }),
    failure({ _tag: "Fail", error: words }),
    body(`${JSON.stringify({ _tag: "Defect", defect: words })}\n`)
  ]) {
    fake.become(behaviour)
    const error = await errorOf(client.payment.authorize(authorize, { requestId: "request" }))
    for (const text of [error.message, String(error.stack), JSON.stringify(error)]) {
      expect(text).not.toContain(cardNumber)
      expect(text).not.toContain("9786")
    }
  }
})
