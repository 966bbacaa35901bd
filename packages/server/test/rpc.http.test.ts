import { connect } from "node:net"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { type Running, run } from "./kit.ts"
import { headers, line, lines, post } from "./rpcKit.ts"

let running: Running
beforeAll(async () => {
  running = await run({ REQUEST_TIMEOUT: "300 millis", MAX_MESSAGE_BYTES: "2048" })
})
afterEach(() => running.sandbox.reset())
afterAll(() => running.close())

const number = "4242424242424242"
const at = () => `http://127.0.0.1:${running.httpPort}/rpc`

/** Sends pieces of a request as they are and gives all that comes back until the connection is closed. */
const raw = (...pieces: ReadonlyArray<string>): Promise<string> =>
  new Promise((resolve) => {
    let received = ""
    const socket = connect(running.httpPort, "127.0.0.1", () => pieces.forEach((piece) => void socket.write(piece)))
    socket.on("data", (data) => (received += data))
    socket.on("error", () => undefined)
    socket.on("close", () => resolve(received))
  })
const head = (...fields: ReadonlyArray<string>) =>
  ["POST /rpc HTTP/1.1", "host: x", "content-type: application/x-ndjson", ...fields, "", ""].join("\r\n")

describe("a body that is refused whole, with nothing begun", () => {
  it.each([
    ["broken JSON", `{"number":"${number}"`],
    ["a call, then broken JSON", `${line()}{"number":"${number}`],
    ["JSON that is no request", `{"number":"${number}"}`],
    ["a list", `[${line().trim()}]`],
    ["null", "null"],
    ["nothing", ""],
    ["empty lines", "\n\n"],
    ["text that is not UTF-8", Buffer.concat([Buffer.from(line().trimEnd().slice(0, -1)), Buffer.from([0xc0, 0xaf])])],
    ["another message", '{"_tag":"Ping"}'],
    ["an id that is none", line({ id: null })],
    ["an id given twice", line({ id: 1 }) + line({ id: "1" })],
    ["headers of another shape", line({ headers: { "x-connector": "stripe" } })],
    ["a call that wants no answer", line({ tag: "payment.get", isNotification: true })]
  ])("%s", async (_name, body) => {
    const response = await post(running, Buffer.from(body))
    const text = await response.text()
    expect(response.status).toBe(400)
    expect(text).toMatch(/^The body must be [^\n]+\n$/)
    expect(text).not.toContain("4242")
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it.each([
    ["just over the limit", 2049],
    ["three times the limit", 3 * 2048]
  ])("%s", async (_name, length) => {
    const response = await post(running, "x".repeat(length))
    expect([response.status, await response.text()]).toEqual([413, "The body must be at most 2048 bytes.\n"])
  })

  it("a body of the limit is read", async () => {
    const call = line()
    const response = await post(running, call + " ".repeat(2048 - call.length))
    expect(response.status).toBe(200)
  })

  it.each(["application/json", "text/plain", "application/x-ndjsonx", ""])("content of type %j", async (type) => {
    const response = await post(running, line(), { headers: { "content-type": type } })
    expect([response.status, await response.text()]).toEqual([
      415,
      "The body must be application/x-ndjson, not encoded.\n"
    ])
  })

  it("encoded content", async () => {
    const response = await post(running, line(), { headers: { "content-encoding": "gzip" } })
    expect(response.status).toBe(415)
  })

  it.each(["GET", "PUT", "DELETE", "OPTIONS"])("method %s", async (method) => {
    const response = await fetch(at(), { method })
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"])
  })
})

describe("a body is taken", () => {
  it.each([
    ["without a line break at its end", line().trimEnd()],
    ["with carriage returns and empty lines", `\r\n${line().trimEnd()}\r\n\r\n`],
    ["with what effect/rpc adds", line({ traceId: "t", spanId: "s", sampled: true, discard: true })]
  ])("%s", async (_name, body) => {
    const response = await post(running, body, { headers: { "content-type": "Application/X-NDJSON; charset=utf-8" } })
    expect(response.headers.get("content-type")).toBe("application/x-ndjson")
    expect(await lines(response)).toMatchObject([{ requestId: "1", exit: { _tag: "Success" } }])
  })

  it("with several calls, each answered under its own id and none under another's request id", async () => {
    const named = (id: string) => line({ id, headers: [...Object.entries(headers()), ["x-request-id", `r-${id}`]] })
    const response = await post(running, named("a") + named("b"))
    expect(response.headers.has("x-request-id")).toBe(false)
    const ended = await lines(response)
    expect(ended.map(({ requestId }) => requestId).toSorted()).toEqual(["a", "b"])
  })
})

describe("correlation", () => {
  // https://www.w3.org/TR/trace-context/#traceparent-header
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  it.each([
    ["an answer", {}],
    ["an error", { tag: "payment.get" }],
    ["a method that does not exist", { tag: "none" }]
  ])("%s has the caller's request id and traceparent", async (_name, over) => {
    const given = Object.entries(headers({ "x-request-id": "req-1", traceparent }))
    const response = await post(running, line({ ...over, headers: given }))
    expect(response.headers.get("x-request-id")).toBe("req-1")
    expect(response.headers.get("traceparent")).toBe(traceparent)
  })

  it("an id is made where there is none, or one that cannot be used", async () => {
    const ids = await Promise.all(
      [{}, { "x-request-id": "not good" }, { "x-request-id": "ä" }].map(async (over) => {
        const response = await post(running, line({ tag: "payment.get", headers: Object.entries(headers(over)) }))
        return response.headers.get("x-request-id")
      })
    )
    for (const id of ids) expect(id).toMatch(/^[\x21-\x7e]{1,128}$/)
    expect(new Set(ids).size).toBe(3)
  })
})

describe("a body that does not come", () => {
  it.each([
    ["the rest of it", head("content-length: 1000") + line()],
    ["the rest of its headers", "POST /rpc HTTP/1.1\r\nhost: x\r\n"]
  ])("%s is not waited for", async (_name, sent) => {
    expect(await raw(sent)).toMatch(/^HTTP\/1\.1 408 /)
    expect(running.sandbox.ledger().requests).toEqual([])
  })

  it("one without an end is cut off", async () => {
    const chunk = `400\r\n${"x".repeat(1024)}\r\n`
    // five times the limit, of which four are read
    expect(await raw(head("transfer-encoding: chunked"), ...Array.from({ length: 10 }, () => chunk))).toBe("")
  })

  it("and one that comes piece by piece, in time, is", async () => {
    const call = line()
    const pieces = [head(`content-length: ${call.length}`, "connection: close"), call.slice(0, 20), call.slice(20)]
    expect(await raw(...pieces)).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  })
})
