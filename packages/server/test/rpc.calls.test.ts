import { once } from "node:events"
import { createServer, request } from "node:http"
import { catalog } from "@connector-service/connectors/catalog"
import type { ServeRpc } from "@connector-service/server/RpcHandlers"
import { RpcHttp } from "@connector-service/server/RpcHttp"
import { Cause, Exit, Layer, Option, Tracer } from "effect"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { broken, type Running, run } from "./kit.ts"
import { answer, error, headers, line, payment, post, use } from "./rpcKit.ts"

let running: Running
beforeAll(async () => {
  running = await run()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  running.sandbox.reset()
})
afterAll(() => running.close())

const patient = { timeout: 4000 }
const intents = "/stripe/v1/payment_intents"
const within = (milliseconds: number) => ({ headers: headers({ "x-timeout-ms": `${milliseconds}` }) })
/** The sandbox has the request and works on it. */
const atProcessor = async (): Promise<unknown> => (await fetch(`${running.sandbox.url}/_sandbox/faults`)).json()

/** A tracer that keeps its spans. */
const traced = () => {
  const spans: Array<Tracer.Span> = []
  const span: Tracer.Tracer["span"] = (options) => {
    const made = new Tracer.NativeSpan(options)
    spans.push(made)
    return made
  }
  return { spans, tracing: Layer.succeed(Tracer.Tracer, Tracer.make({ span })) }
}

describe("a deadline", () => {
  it("with too little time left nothing is sent", async () => {
    const call = use(running, (client) => client["payment.authorize"](payment()), within(250))
    const { consequence, reason } = await error(call)
    expect({ ...consequence, ...reason }).toMatchObject({ _tag: "InvalidField", field: "deadline", moneyMoved: "NO" })
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it("a read without an answer changed nothing, and says so in time", async () => {
    await running.sandbox.setFaults({ kind: "hang_before", path: intents, count: 1 })
    const call = use(running, (client) => client["payment.get"]({ paymentId: "pi_1" }), within(1000))
    const { consequence, reason } = await error(call)
    expect({ ...consequence, ...reason }).toMatchObject({ _tag: "UnreadableReply", moneyMoved: "NO", retryable: true })
  })

  it("counts from when the call began to arrive, not from when it had arrived", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 1_000 })
    const arrived: Array<number> = []
    const serve: ServeRpc = ({ arrivedAt }, ended) => {
      arrived.push(arrivedAt)
      ended({ _tag: "Success", value: null })
      return () => undefined
    }
    const rpc = new RpcHttp({ maxMessageBytes: 1024, stopping: () => false, serve })
    const server = createServer((request, response) => {
      rpc.handle(request, response)
      vi.setSystemTime(5_000)
      response.writeContinue()
    }).listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    const port = typeof address === "object" ? address?.port : undefined
    const sent = request({ port, method: "POST", headers: { "content-type": "application/x-ndjson" } })
    sent.once("continue", () => sent.end(line()))
    sent.flushHeaders()
    const [response] = await once(sent, "response")
    response.resume()
    await once(response, "end")
    expect([arrived, Date.now()]).toEqual([[1_000], 5_000])
    server.close()
  })
})

describe("a caller who goes away", () => {
  it("does not stop a write that is on the wire", async () => {
    await running.sandbox.setFaults({ kind: "delay", path: intents, method: "POST", count: 1, milliseconds: 300 })
    const gone = new AbortController()
    const paid = use(running, (client) => client["payment.authorize"](payment({ reference: "gone" })), {
      signal: gone.signal
    })
    await expect.poll(atProcessor, patient).toEqual([])
    gone.abort()
    expect(Exit.hasInterrupts(await paid)).toBe(true)
    await expect
      .poll(() => running.sandbox.ledger().requests, patient)
      .toMatchObject([{ processed: true, status: 200 }])
    expect(running.sandbox.ledger().authorizations).toHaveLength(1)
  })

  it("stops a read", async () => {
    const { spans, tracing } = traced()
    const own = await run({}, catalog, tracing)
    await own.sandbox.setFaults({ kind: "hang_before", path: intents, count: 1 })
    const gone = new AbortController()
    const call = use(own, (client) => client["payment.get"]({ paymentId: "pi_1" }), { signal: gone.signal })
    await expect.poll(() => own.sandbox.ledger().requests_seen, patient).toBe(1)
    gone.abort()
    expect(Exit.hasInterrupts(await call)).toBe(true)
    const status = () => spans.find(({ name }) => name === "payment.get")?.status
    await expect.poll(status, patient).toMatchObject({ _tag: "Ended", exit: expect.toSatisfy(Exit.hasInterrupts) })
    await own.close()
  })
})

describe("stopping", () => {
  it("calls that go on for too long do not hold it up, and are told that their outcome is unknown", async () => {
    const own = await run({ SHUTDOWN_TIMEOUT: "100 millis" })
    await own.sandbox.setFaults({ kind: "hang_after", path: intents, method: "POST", count: 1 })
    const paid = error(use(own, (client) => client["payment.authorize"](payment())))
    await expect.poll(() => own.sandbox.ledger().requests_seen, patient).toBe(1)
    await own.stopServer()
    expect((await paid).reason).toMatchObject({ _tag: "UnknownOutcome", unsettled: { reference: "order-1" } })
    await own.close()
  })
})

describe("spans", () => {
  it("begin under the caller's span", async () => {
    const { spans, tracing } = traced()
    const own = await run({}, catalog, tracing)
    // https://www.w3.org/TR/trace-context/#traceparent-header
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    const get = line({ tag: "payment.get", payload: { paymentId: "pi_1" } })
    await post(own, get, { headers: { traceparent } })
    await own.close()
    const first = spans.find(({ name }) => name === "payment.get")
    expect(first?.traceId).toBe("4bf92f3577b34da6a3ce929d0e0e4736")
    expect(Option.getOrUndefined(first?.parent ?? Option.none())?.spanId).toBe("00f067aa0ba902b7")
  })
})

describe("a mistake in our own code", () => {
  it("is a defect that says that the outcome is not known, told to the log and not to the caller", async () => {
    const logged: Array<string> = []
    vi.spyOn(console, "log").mockImplementation((line) => void logged.push(String(line)))
    const own = await run({ LOG_LEVEL: "error" }, broken("the reason"))
    const given = headers({ "x-request-id": "req-7" })
    const exit = await use(own, (client) => client["payment.authorize"](payment()), { headers: given })
    const told = Exit.isFailure(exit) && Cause.hasDies(exit.cause) ? Cause.squash(exit.cause) : undefined
    expect(String(told)).toContain("whether a write was made is not known")
    expect(JSON.stringify(exit) + String(told)).not.toContain("the reason")
    const entry = logged.find((line) => line.includes("the reason"))
    expect(JSON.parse(entry ?? "{}")).toMatchObject({ level: "ERROR", annotations: { request_id: "req-7" } })
    // the other calls of the same client go on
    expect(await answer(use(own, (client) => client["connector.list"]({})))).toHaveLength(catalog.length)
    await own.close()
  })
})

describe("nothing that a call brings", () => {
  it("is logged, whatever the level", async () => {
    const logged: Array<string> = []
    vi.spyOn(console, "log").mockImplementation((line) => void logged.push(String(line)))
    const own = await run({ LOG_LEVEL: "trace" })
    const credentials = Buffer.from(JSON.stringify({ secretKey: "sk_test_caller_secret" })).toString("base64")
    const given = headers({ "x-account": undefined, "x-credentials-bin": credentials })
    await answer(use(own, (client) => client["payment.authorize"](payment()), { headers: given }))
    await error(use(own, (client) => client["payment.authorize"](payment({ reference: "" })), { headers: given }))
    await post(own, `{"number":"4242424242424242","cvc":"123","key":"sk_test_caller_secret"`)
    await post(own, line({ tag: "4242424242424242", payload: { cvc: "123" } }))
    await own.sandbox.setFaults({ kind: "reset_before", path: "/stripe", count: 10 })
    await error(use(own, (client) => client["payment.authorize"](payment({ reference: "b" })), { headers: given }))
    await own.close()
    // that it logs at all at this level
    expect(logged.join()).toContain("Listening")
    expect(logged.join()).not.toMatch(/4242424242424242|sk_test|"123"/)
    expect(logged.join()).not.toContain(credentials)
  })
})
