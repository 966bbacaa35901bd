import { ConnectorError } from "@connector-service/domain/Reason"
import { Effect, Redacted } from "effect"
import { RpcClient } from "effect/rpc"
import { afterEach, beforeEach, expect, test } from "vitest"
import { Payments } from "../../src/Payments.ts"
import { type Client, connect, layer } from "../../src/Rpc.ts"
import { errorOf } from "../errors.ts"
import { authorize, capture, cardNumber, target } from "../inputs.ts"
import { type Fake, hang, page, startFake, told } from "./Fake.ts"

let fake: Fake
let client: Client

beforeEach(async () => {
  fake = await startFake(told({ _tag: "MissingField", field: "reference" }))
  client = connect(fake.url, { ...target, retry: false })
})
afterEach(async () => {
  await fake.close()
  await client.close()
})

test("a call says its target, its time and its request by the headers of docs/effect-rpc.md", async () => {
  await errorOf(client.payment.capture(capture, { timeout: 5_000, requestId: "request-7" }))
  const [seen] = fake.seen
  expect(seen).toMatchObject({
    path: "POST /rpc",
    tag: "payment.capture",
    headers: { "content-type": "application/x-ndjson", "x-request-id": "request-7" },
    payload: { reference: "capture-1", attempt: 3, paymentId: "pi_123", amount: { currencyCode: "EUR" } }
  })
  const { "x-timeout-ms": timeout, ...fields } = seen?.fields ?? {}
  expect(fields).toEqual({ "x-connector": "stripe", "x-environment": "sandbox", "x-account": "sandbox" })
  expect(timeout).toMatch(/^\d{1,4}$/)
  expect(Number(timeout)).toBeLessThanOrEqual(5_000)
})

test("the longest time limit is one that the service takes", async () => {
  // what a timer holds (https://nodejs.org/api/timers.html) is more than x-timeout-ms does: eight digits
  await errorOf(client.payment.capture(capture, { timeout: 2_147_483_647 }))
  expect(fake.seen[0]?.fields["x-timeout-ms"]).toBe("99999999")
})

test("connectors need no target", async () => {
  const bare = connect(fake.url, { retry: false })
  await errorOf(bare.connector.list())
  expect(Object.keys(fake.seen[0]?.fields ?? {})).toEqual(["x-timeout-ms"])
  await bare.close()
})

test("a call and a derived client may go elsewhere, and credentials do not go along", async () => {
  const credentials = { secretKey: Redacted.make("sk_test_1") }
  const keyed = client.target({ credentials })
  await errorOf(keyed.payment.get({ paymentId: "pi_1" }))
  await errorOf(client.payment.get({ paymentId: "pi_1" }, { target: { environment: "live", account: "shop" } }))
  expect(fake.seen[0]?.fields).not.toHaveProperty("x-account")
  expect(Buffer.from(String(fake.seen[0]?.fields["x-credentials-bin"]), "base64").toString()).toBe(
    '{"secretKey":"sk_test_1"}'
  )
  // what stands between reads headers of HTTP, not bodies
  expect(Object.keys(fake.seen[0]?.headers ?? {})).not.toContain("x-credentials-bin")
  expect(fake.seen[1]?.fields).toMatchObject({ "x-connector": "stripe", "x-environment": "live", "x-account": "shop" })

  const error = await errorOf(keyed.payment.get({ paymentId: "pi_1" }, { target: { connector: "adyen" } }))
  expect(error.reason).toMatchObject({ _tag: "MissingField", field: "x-account" })
  expect(fake.seen).toHaveLength(2)
})

test("credentials that JSON cannot hold are refused before anything is sent", async () => {
  const error = await errorOf(client.target({ credentials: { secretKey: 1n } }).payment.capture(capture))
  expect(error).toMatchObject({ moneyMoved: "NO", reason: { _tag: "InvalidField", field: "x-credentials-bin" } })
  expect(fake.seen).toEqual([])
})

test("what the caller's own use of RpcClient says does not go along", async () => {
  const program = Effect.flatMap(Payments, ({ payment }) => Effect.flip(payment.capture(capture))).pipe(
    RpcClient.withHeaders({ "x-account": "another", "x-other": "1" }),
    Effect.provide(layer(fake.url, { ...target, retry: false }))
  )
  expect(await Effect.runPromise(program)).toBeInstanceOf(ConnectorError)
  const { "x-timeout-ms": _, ...fields } = fake.seen[0]?.fields ?? {}
  expect(fields).toEqual({ "x-connector": "stripe", "x-environment": "sandbox", "x-account": "sandbox" })
})

test("an interrupted fiber hangs up, and its layer closes without waiting for it", async () => {
  let hungUp: Promise<unknown> = Promise.resolve()
  fake.become((response, seen) => {
    hungUp = new Promise((resolve) => response.once("close", resolve))
    hang(response, seen)
  })
  const controller = new AbortController()
  const arrived = fake.next()
  const program = Effect.flatMap(Payments, ({ payment }) => payment.capture(capture))
  const running = Effect.runPromiseExit(Effect.provide(program, layer(fake.url, target)), { signal: controller.signal })
  await arrived
  controller.abort()
  expect((await running)._tag).toBe("Failure")
  await hungUp
  expect(fake.seen).toHaveLength(1)
})

test("a call that surely did nothing is made again under the same request id", async () => {
  const patient = connect(fake.url, { ...target, retry: { times: 1, first: 0 } })
  fake.become((response, seen) => {
    fake.become(told({ _tag: "MissingField", field: "reference" }))
    page(503)(response, seen)
  })
  expect((await errorOf(patient.payment.get({ paymentId: "pi_1" }, { requestId: "r-7" }))).reason._tag).toBe(
    "MissingField"
  )
  expect(fake.seen.map(({ headers }) => headers["x-request-id"])).toEqual(["r-7", "r-7"])
  await patient.close()
})

test("an error prints no secret", async () => {
  fake.become(page(500))
  const keyed = client.target({ credentials: { secretKey: "sk_test_hidden" } })
  const error = await errorOf(keyed.payment.authorize(authorize, { requestId: "request" }))
  for (const text of [error.message, String(error.stack), JSON.stringify(error)]) {
    for (const secret of [cardNumber, "9786", "sk_test_hidden"]) expect(text).not.toContain(secret)
  }
})

test("an address is a URL, and one that is not loopback must be https:// or say that it is not protected", async () => {
  for (const address of ["http://payments.example", "http://10.0.0.1:8080/rpc", "http://[2001:db8::1]:8080"]) {
    expect(() => connect(address, target)).toThrow(/not a loopback address.*https:\/\/.*tls: false/)
    await connect(address, { ...target, tls: false }).close()
  }
  for (const address of ["http://localhost:1", "http://127.0.0.1:1/rpc", "http://[::1]:1", "https://payments.example"])
    await connect(address, target).close()
  await connect("https://payments.example/pay/rpc", { ...target, tls: true }).close()
  for (const address of ["", "127.0.0.1:8080", "localhost:8080", "ftp://localhost", "http://localhost:0", "http://"])
    expect(() => connect(address, target)).toThrow(/must be a URL/)
  for (const address of [
    "http://localhost/?a=b",
    "http://localhost/#a",
    "https://user:secret@a.example",
    "https://user@a.example",
    "https://:secret@a.example"
  ]) {
    expect(() => layer(address, target)).toThrow(/without a user, a query or a fragment/)
    expect(() => layer(address, target)).not.toThrow(/secret/)
  }
  expect(() => connect("https://payments.example", { tls: false })).toThrow(/contradicts tls/)
  expect(() => connect("http://127.0.0.1:1", { tls: true })).toThrow(/contradicts tls/)
})

test("a URL's own path is where the calls go", async () => {
  const elsewhere = connect(`${fake.url}/pay/rpc`, { ...target, retry: false })
  await errorOf(elsewhere.payment.capture(capture))
  expect(fake.seen.map(({ path }) => path)).toEqual(["POST /pay/rpc"])
  await elsewhere.close()
})
