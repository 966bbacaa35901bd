import { connect, type Socket } from "node:net"
import { describe, expect, test } from "vitest"
import { at, authorize, cardPayment, clientOf, goodCard, sandboxForTests, take, textAt } from "./client.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)
const intents = "/v1/payment_intents"
const path = "/stripe/v1/payment_intents"

/** What one raw connection saw: the bytes, in how many pieces, and how it ended ("reset", "end"). */
interface Seen {
  readonly text: string
  readonly pieces: number
  readonly end: string
}

const requestText = (key: string): string => {
  const body = new URLSearchParams(cardPayment(goodCard)).toString()
  return [
    `POST ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Authorization: Bearer sk_test_one",
    "Content-Type: application/x-www-form-urlencoded",
    `Idempotency-Key: ${key}`,
    "Connection: close",
    `Content-Length: ${body.length}`,
    "",
    body
  ].join("\r\n")
}

const raw = (key: string): { readonly socket: Socket; readonly seen: Promise<Seen> } => {
  const socket = connect(sandbox.port, "127.0.0.1", () => socket.write(requestText(key)))
  const seen = new Promise<Seen>((resolve) => {
    const pieces: Array<Buffer> = []
    let end = "end"
    socket.on("data", (piece) => pieces.push(piece))
    socket.on("error", (error: NodeJS.ErrnoException) => {
      end = error.code ?? "error"
    })
    socket.on("close", () => resolve({ text: Buffer.concat(pieces).toString(), pieces: pieces.length, end }))
  })
  return { socket, seen }
}

const bodyOf = (text: string): string => text.slice(text.indexOf("\r\n\r\n") + 4)

const received = async (): Promise<void> => {
  while (sandbox.ledger().requests_seen === 0) await new Promise((resolve) => setImmediate(resolve))
}

const retried = () => client.post(intents, cardPayment(goodCard), { "idempotency-key": "k" })

const taken = (): number => sandbox.ledger().captures.length

describe("faults", () => {
  test("refuse closes the port for a while and reopens the same one", async () => {
    const outcome = (): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(sandbox.port, "127.0.0.1", () => {
          socket.destroy()
          resolve("connected")
        })
        socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""))
      })
    await sandbox.setFaults({ kind: "refuse", milliseconds: 300 })
    expect(await outcome()).toBe("ECONNREFUSED")
    while ((await outcome()) !== "connected");
    expect((await client.get(intents)).status).toBe(200)
  })

  test("reset_before breaks the connection and takes nothing", async () => {
    await sandbox.setFaults({ kind: "reset_before", path, count: 1 })
    expect(await raw("k").seen).toEqual({ text: "", pieces: 0, end: "ECONNRESET" })
    expect(taken()).toBe(0)
    expect((await retried()).headers.get("idempotent-replayed")).toBeNull()
  })

  test("reset_after breaks the connection once the money is taken", async () => {
    await sandbox.setFaults({ kind: "reset_after", path, count: 1 })
    expect(await raw("k").seen).toEqual({ text: "", pieces: 0, end: "ECONNRESET" })
    expect(taken()).toBe(1)
    expect((await retried()).headers.get("idempotent-replayed")).toBe("true")
    expect(taken()).toBe(1)
  })

  test.each([
    ["hang_before", 0],
    ["hang_after", 1]
  ] as const)("%s never answers, while others are served", async (kind, captures) => {
    await sandbox.setFaults({ kind, path, count: 1 })
    const { socket, seen } = raw("k")
    await received()
    expect((await client.get(intents)).status).toBe(200)
    expect(taken()).toBe(captures)
    socket.destroy()
    expect((await seen).text).toBe("")
    expect(sandbox.ledger().requests[0]).toMatchObject({ fault: kind, status: null, processed: captures === 1 })
  })

  test("cut sends the head and the first bytes of the body", async () => {
    await sandbox.setFaults({ kind: "cut", path, count: 1, bytes: 20 })
    const { text, end } = await raw("k").seen
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(bodyOf(text)).toHaveLength(20)
    expect(Number(/content-length: (\d+)/i.exec(text)?.[1])).toBeGreaterThan(20)
    expect(end).toBe("end")
    expect(taken()).toBe(1)
    expect((await retried()).text.slice(0, 20)).toBe(bodyOf(text))
  })

  test("cut after nothing still takes the money", async () => {
    await sandbox.setFaults({ kind: "cut", path, count: 1, bytes: 0 })
    expect(bodyOf((await raw("k").seen).text)).toBe("")
    expect(taken()).toBe(1)
  })

  test("429 takes nothing, keeps nothing, and says when to come back", async () => {
    await sandbox.setFaults({ kind: "429", path, count: 1, retry_after: 7 })
    const got = await retried()
    expect(got.status).toBe(429)
    expect(got.headers.get("retry-after")).toBe("7")
    expect(at(got.body, "error.code")).toBe("rate_limit")
    expect(taken()).toBe(0)
    expect((await retried()).status).toBe(200)
  })

  test.each([
    ["500_before", 500, "application/json", 0, 200],
    ["502_before", 502, "text/html; charset=utf-8", 0, 200],
    ["503_before", 503, "text/html; charset=utf-8", 0, 200],
    ["500_after", 500, "application/json", 1, 500],
    ["502_after", 502, "text/html; charset=utf-8", 1, 200],
    ["503_after", 503, "text/html; charset=utf-8", 1, 200],
    ["html", 200, "text/html; charset=utf-8", 1, 200]
  ] as const)("%s", async (kind, status, type, captures, again) => {
    await sandbox.setFaults({ kind, path, count: 1 })
    const got = await retried()
    expect([got.status, got.headers.get("content-type"), taken()]).toEqual([status, type, captures])
    // docs.stripe.com/api/idempotent_requests: what an endpoint answered is kept, 500s included; a proxy's answer is not.
    const second = await retried()
    expect(second.status).toBe(again)
    expect(second.headers.get("idempotent-replayed")).toBe(captures === 1 ? "true" : null)
    expect(taken()).toBe(1)
  })

  test("wrong_amount takes another amount than was asked for, in the reply and in the ledger", async () => {
    await sandbox.setFaults({ kind: "wrong_amount", path, count: 1, by: -100 })
    const got = await client.post(intents, cardPayment(goodCard))
    expect(got.body).toMatchObject({ amount: 900, amount_received: 900, status: "succeeded" })
    expect(sandbox.ledger().captures).toMatchObject([{ amount: 900, payment_id: got.body.id }])
  })

  test("wrong_amount on a capture and on a refund", async () => {
    const id = await authorize(client)
    await sandbox.setFaults({ kind: "wrong_amount", path: "/capture$", count: 1, by: 5 })
    const captured = await client.post(`${intents}/${id}/capture`, { amount_to_capture: "500" })
    expect(captured.body).toMatchObject({ amount: 1000, amount_received: 505 })
    await sandbox.setFaults({ kind: "wrong_amount", path: "/stripe/v1/refunds", count: 1, by: 5 })
    expect((await client.post("/v1/refunds", { payment_intent: id, amount: "100" })).body).toMatchObject({
      amount: 105
    })
    expect(sandbox.ledger().refunds).toMatchObject([{ amount: 105, payment_id: id }])
  })

  test("slow sends the whole reply in pieces", async () => {
    await sandbox.setFaults({ kind: "slow", path, count: 1, bytes: 400, milliseconds: 2 })
    const { text, pieces } = await raw("k").seen
    expect(pieces).toBeGreaterThan(1)
    expect(bodyOf(text)).toBe((await retried()).text)
  })

  // docs.stripe.com/error-codes: idempotency_key_in_use.
  test("delay keeps a call executing, and its key in use", async () => {
    await sandbox.setFaults({ kind: "delay", path, count: 1, milliseconds: 500 })
    const both = await Promise.all([retried(), retried()])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const refused = both.find(({ status }) => status === 409)
    expect(at(refused?.body, "error.code")).toBe("idempotency_key_in_use")
    expect(refused?.headers.get("stripe-should-retry")).toBe("true")
    expect(taken()).toBe(1)
  })

  test("apply to the path, method and number of requests they name", async () => {
    await sandbox.setFaults([
      { kind: "500_before", path: "^/stripe/v1/payment_intents/[^/]+$", method: "get", count: 2 },
      { kind: "503_before", path: "/stripe/v1/refunds", count: 1 }
    ])
    const id = await take(client)
    expect((await client.post(`${intents}/${id}`, { description: "x" })).status).toBe(200)
    const statuses: Array<number> = []
    for (let count = 0; count < 3; count += 1) statuses.push((await client.get(`${intents}/${id}`)).status)
    expect(statuses).toEqual([500, 500, 200])
    expect((await client.get(`/v1/refunds?payment_intent=${id}`)).status).toBe(503)
    expect(textAt((await client.get(`/v1/refunds?payment_intent=${id}`)).body, "object")).toBe("list")
  })
})
