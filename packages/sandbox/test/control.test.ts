import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { expect, test, vi } from "vitest"
import { startSandbox } from "../src/Sandbox.ts"
import { authorize, cardPayment, clientOf, goodCard, sandboxForTests } from "./client.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)
const control = async (method: string, path: string, body?: string): Promise<readonly [number, unknown]> => {
  const response = await fetch(`${sandbox.url}/_sandbox/${path}`, { method, ...(body === undefined ? {} : { body }) })
  return [response.status, await response.json()]
}

test("health answers", async () => {
  expect(await control("GET", "health")).toEqual([200, { status: "ok" }])
})

test("faults are added, listed with what is left of them, and cleared", async () => {
  const fault = { kind: "429", path: "/stripe", count: 2 }
  expect(await control("POST", "faults", JSON.stringify(fault))).toEqual([200, [fault]])
  const more = [{ kind: "cut", path: "/x$", count: 1, bytes: 3 }]
  expect(await control("POST", "faults", JSON.stringify(more))).toEqual([200, [fault, ...more]])
  expect((await client.get("/v1/refunds")).status).toBe(429)
  expect(await control("GET", "faults")).toEqual([200, [{ ...fault, count: 1 }, ...more]])
  expect(await control("DELETE", "faults")).toEqual([200, []])
  expect((await client.get("/v1/refunds")).status).toBe(200)
})

test.each([
  ["no JSON", "nope"],
  ["not an object", "7"],
  ["an unknown kind", '{"kind":"explode","path":"/","count":1}'],
  ["no path", '{"kind":"html","count":1}'],
  ["no count", '{"kind":"html","path":"/"}'],
  ["a count of nothing", '{"kind":"html","path":"/","count":0}'],
  ["a bad expression", '{"kind":"html","path":"/(","count":1}'],
  ["a missing parameter", '{"kind":"cut","path":"/","count":1}'],
  ["a foreign parameter", '{"kind":"html","path":"/","count":1,"bytes":3}'],
  ["one bad fault among good ones", '[{"kind":"html","path":"/","count":1},{"kind":"cut","path":"/","count":1}]']
])("a fault with %s is refused with a sentence", async (_name, body) => {
  const [status, answer] = await control("POST", "faults", body)
  expect(status).toBe(400)
  expect(answer).toEqual({ error: expect.stringMatching(/^["A-Z].*\.$/) })
  expect(await control("GET", "faults")).toEqual([200, []])
})

test.each(["/v1/payment_intents", "/stripes", "stripe/v1", "^/v1/payment_intents/[^/]+$"])(
  "a fault for the path %s, which no request has, is refused with the prefixes there are",
  async (path) => {
    const [status, answer] = await control("POST", "faults", JSON.stringify({ kind: "html", path, count: 1 }))
    expect([status, answer]).toEqual([400, { error: expect.stringContaining("/stripe, /adyen, /paypal") }])
    expect(await control("GET", "faults")).toEqual([200, []])
  }
)

test.each([
  "/",
  "/str",
  "/stripe",
  "/paypal/v2/",
  "^/stripe/v1/refunds$",
  "/capture$",
  "^/(stripe|adyen)/",
  "^/v1/|refunds"
])("a fault for the path %s is taken", async (path) => {
  expect((await control("POST", "faults", JSON.stringify({ kind: "html", path, count: 1 })))[0]).toBe(200)
})

test("the same is refused in process", async () => {
  await expect(sandbox.setFaults({ kind: "cut", path: "/", count: 1 })).rejects.toThrow("bytes")
})

test("an unknown control endpoint is a 404", async () => {
  expect((await control("GET", "nothing"))[0]).toBe(404)
})

test("refuse can be asked for over HTTP, and its own answer still arrives", async () => {
  expect(await control("POST", "faults", '{"kind":"refuse","milliseconds":1}')).toEqual([200, []])
  // until it listens again
  await vi.waitFor(() => control("GET", "health"), { timeout: 10_000, interval: 5 })
})

test("the ledger tells what happened to money, and every request", async () => {
  const id = await authorize(client, { "metadata[order]": "7" })
  const key = { "idempotency-key": "capture-1" }
  await client.post(`/v1/payment_intents/${id}/capture`, { amount_to_capture: "600" }, key)
  await client.post(`/v1/payment_intents/${id}/capture`, { amount_to_capture: "600" }, key)
  await client.post("/v1/refunds", { payment_intent: id, amount: "100", "metadata[why]": "torn" })
  const other = await authorize(client)
  await client.post(`/v1/payment_intents/${other}/cancel`)
  await client.post("/v1/payment_intents", cardPayment("4000000000000002"))
  const [status, ledger] = await control("GET", "ledger")
  expect(status).toBe(200)
  const order = { order: "7" }
  expect(ledger).toMatchObject({
    authorizations: [
      { payment_id: id, amount: 1000, currency: "eur", metadata: order, idempotency_key: null },
      { payment_id: other, amount: 1000 }
    ],
    captures: [{ payment_id: id, amount: 600, metadata: order, idempotency_key: "capture-1" }],
    refunds: [{ payment_id: id, amount: 100, metadata: { why: "torn" } }],
    voids: [{ payment_id: other, amount: 1000 }],
    requests_seen: 7
  })
  const requests = sandbox.ledger().requests
  expect(requests.map(({ status: answered, processed, replayed }) => [answered, processed, replayed])).toEqual([
    [200, true, false],
    [200, true, false],
    [200, false, true],
    [200, true, false],
    [200, true, false],
    [200, true, false],
    [402, true, false]
  ])
  expect(requests[1]).toMatchObject({ method: "POST", path: `/stripe/v1/payment_intents/${id}/capture` })
})

test("no card number or security code is ever in the ledger", async () => {
  await client.post("/v1/payment_intents", cardPayment(goodCard, { "payment_method_data[card][cvc]": "987" }))
  await client.post("/v1/payment_intents", cardPayment("4242424242424241"))
  const text = JSON.stringify(sandbox.ledger())
  expect(text).not.toContain("424242")
  expect(text).not.toContain('"987"')
})

test("the ledger keeps all money and the latest 10,000 requests", async () => {
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      for (let count = 0; count < 1001; count += 1) await client.get("/v1/nothing")
    })
  )
  await client.get("/v1/last")
  const { requests, requests_seen } = sandbox.ledger()
  expect([requests.length, requests_seen]).toEqual([10_000, 10_011])
  expect(requests.at(-1)?.path).toBe("/stripe/v1/last")
}, 60_000)

test("reset forgets accounts, keys, faults and the ledger", async () => {
  const id = await authorize(client)
  await sandbox.setFaults({ kind: "html", path: "/", count: 1 })
  expect(await control("POST", "reset")).toEqual([200, { status: "ok" }])
  expect((await client.get(`/v1/payment_intents/${id}`)).status).toBe(404)
  expect(sandbox.ledger().authorizations).toEqual([])
})

test("a processor that is not here is a 404", async () => {
  expect((await fetch(`${sandbox.url}/none/v1/x`)).status).toBe(404)
})

const run = (env: Readonly<Record<string, string>>) => {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))
  const child = spawn(process.execPath, [main], { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] })
  const error: Array<Buffer> = []
  child.stderr.on("data", (piece: Buffer) => error.push(piece))
  const ended = new Promise<{ code: number | null; error: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, error: Buffer.concat(error).toString() }))
  )
  return { child, ended }
}

test("the command ends with one line when its port is taken", async () => {
  const taken = await startSandbox()
  const { code, error } = await run({ SANDBOX_PORT: String(taken.port) }).ended
  await taken.close()
  expect(code).toBe(1)
  expect(error).toMatch(/^Port \d+ is taken.*\n$/)
})

test.each(["SIGTERM", "SIGINT"] as const)("the command listens on loopback and ends well on %s", async (signal) => {
  const { child, ended } = run({ SANDBOX_PORT: "0" })
  const line = await new Promise<string>((resolve) =>
    child.stdout.once("data", (text: Buffer) => resolve(String(text)))
  )
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? ""
  expect((await fetch(`${url}/_sandbox/health`)).status).toBe(200)
  child.kill(signal)
  expect(await ended).toEqual({ code: 0, error: "" })
})

test("the command delivers webhooks to the endpoints of SANDBOX_WEBHOOKS, and refuses what is none", async () => {
  const url = "https://shop.example/hooks"
  const { child } = run({ SANDBOX_PORT: "0", SANDBOX_WEBHOOKS: JSON.stringify([{ processor: "adyen", url }]) })
  const line = await new Promise<string>((resolve) =>
    child.stdout.once("data", (text: Buffer) => resolve(String(text)))
  )
  const at = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? ""
  expect(await (await fetch(`${at}/_sandbox/webhooks`)).json()).toMatchObject([{ processor: "adyen", url }])
  child.kill("SIGTERM")
  expect(await run({ SANDBOX_PORT: "0", SANDBOX_WEBHOOKS: "nope" }).ended).toEqual({
    code: 1,
    error: "SANDBOX_WEBHOOKS must be JSON: an array of endpoints.\n"
  })
  const wrong = await run({ SANDBOX_PORT: "0", SANDBOX_WEBHOOKS: '{"processor":"acme"}' }).ended
  expect(wrong).toEqual({ code: 1, error: expect.stringMatching(/^An endpoint needs a "processor".*\n$/) })
})
