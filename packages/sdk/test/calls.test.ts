import { Duration, Redacted } from "effect"
import { afterEach, beforeEach, expect, test } from "vitest"
import { type Client, connect } from "../src/Client.ts"
import { errorOf } from "./errors.ts"
import { type Fake, hang, startFake, status } from "./Fake.ts"
import { authorize, target } from "./inputs.ts"

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

const { cvc: _cvc, ...card } = authorize.paymentMethod
// the last digit does not pass the Luhn check
const wrong = "4242424242424241"

test("a call and a derived client may go elsewhere, and credentials do not go along", async () => {
  fake.become(status(14))
  const credentials = { secretKey: Redacted.make("sk_test_1") }
  const keyed = client.target({ credentials })
  await errorOf(keyed.payment.get({ paymentId: "pi_1" }))
  await errorOf(client.payment.get({ paymentId: "pi_1" }, { target: { environment: "live", account: "shop" } }))
  expect(fake.seen[0]?.headers).not.toHaveProperty("x-account")
  expect(Buffer.from(String(fake.seen[0]?.headers["x-credentials-bin"]), "base64").toString()).toBe(
    '{"secretKey":"sk_test_1"}'
  )
  expect(fake.seen[1]?.headers).toMatchObject({ "x-connector": "stripe", "x-environment": "live", "x-account": "shop" })

  for (const change of [{ connector: "adyen" }, { environment: "live" }] as const) {
    const error = await errorOf(keyed.payment.get({ paymentId: "pi_1" }, { target: change }))
    expect(error.reason).toMatchObject({ _tag: "MissingField", field: "x-account" })
  }
  expect(fake.seen).toHaveLength(2)
})

// what a plain JavaScript caller can write and TypeScript refuses
const untyped = (value: object | undefined): never => value as never

test.each<readonly [string, (client: Client) => Promise<unknown>, object]>([
  ["no input", (c) => c.payment.authorize(untyped(undefined)), { _tag: "MissingField", field: "reference" }],
  [
    "no amount",
    (c) => c.payment.authorize(untyped({ ...authorize, amount: undefined })),
    { _tag: "MissingField", field: "amount" }
  ],
  [
    "an amount that is a number",
    (c) => c.payment.authorize(untyped({ ...authorize, amount: 10 })),
    { _tag: "InvalidField", field: "amount", rule: "an object" }
  ],
  [
    "an amount of nothing",
    (c) => c.payment.authorize({ ...authorize, amount: { minorUnits: 0n, currencyCode: "EUR" } }),
    { _tag: "InvalidField", field: "amount.minor_units" }
  ],
  [
    "a card number with a wrong digit",
    (c) =>
      c.payment.authorize({ ...authorize, paymentMethod: { ...authorize.paymentMethod, number: "4242424242424241" } }),
    { _tag: "InvalidField", field: "payment_method.card.number" }
  ],
  [
    "a saved method without an id",
    (c) => c.payment.authorize(untyped({ ...authorize, paymentMethod: { _tag: "SavedPaymentMethod" } })),
    { _tag: "MissingField", field: "payment_method.saved_payment_method.id" }
  ],
  [
    "a network token with a wrong digit",
    (c) => c.payment.authorize({ ...authorize, paymentMethod: { ...card, _tag: "NetworkToken", number: wrong } }),
    { _tag: "InvalidField", field: "payment_method.network_token.number" }
  ],
  [
    "a payment method of no kind",
    (c) => c.payment.authorize(untyped({ ...authorize, paymentMethod: {} })),
    { _tag: "InvalidField", field: "payment_method" }
  ],
  [
    "a time that is none",
    (c) => c.payment.authorize({ ...authorize, firstSentAt: new Date("never") }),
    { _tag: "InvalidField", field: "first_sent_at" }
  ],
  [
    "a time limit of nothing",
    (c) => c.payment.authorize(authorize, { timeout: 0 }),
    { _tag: "InvalidField", field: "timeout" }
  ],
  [
    "an endless time limit",
    (c) => c.payment.authorize(authorize, { timeout: Duration.infinity }),
    { _tag: "InvalidField", field: "timeout" }
  ],
  [
    "a signal that is none",
    (c) => c.payment.authorize(authorize, { signal: untyped({ aborted: false }) }),
    { _tag: "InvalidField", field: "signal" }
  ],
  [
    "a request id with a line break",
    (c) => c.payment.authorize(authorize, { requestId: "a\nb" }),
    { _tag: "InvalidField", field: "x-request-id" }
  ],
  [
    "no connector",
    (c) => c.target({ connector: "" }).payment.authorize(authorize),
    { _tag: "MissingField", field: "x-connector" }
  ],
  [
    "an environment that is none",
    (c) => c.target(untyped({ environment: "test" })).payment.authorize(authorize),
    { _tag: "InvalidField", field: "x-environment" }
  ],
  [
    "two payers",
    (c) => c.target({ account: "a", credentials: {} }).payment.authorize(authorize),
    { _tag: "InvalidField", field: "x-account" }
  ],
  [
    "a write to settle that no write can have been",
    (c) =>
      c.settlement.settle({
        unsettled: {
          flow: "payment.capture",
          reference: "r",
          attempt: 1,
          firstSentAt: new Date(0),
          amount: { minorUnits: 2n ** 64n, currencyCode: "EUR" }
        }
      }),
    { _tag: "InvalidField", field: "unsettled.amount.minor_units" }
  ]
])("%s is refused before anything is sent", async (_name, call, reason) => {
  const error = await errorOf(call(client))
  // of the write that it asks about, an error of Settle tells nothing
  const moneyMoved = error.flow === "settlement.settle" ? "UNKNOWN" : "NO"
  expect(error).toMatchObject({ moneyMoved, retryable: false, fault: "CALLER", reason })
  expect(fake.seen).toEqual([])
})

test("a key and a chain that TLS cannot use are refused at once", () => {
  const broken = "-----BEGIN CERTIFICATE-----"
  expect(() => connect("127.0.0.1:1", { tls: { privateKey: broken } })).toThrow(/go together/)
  expect(() => connect("127.0.0.1:1", { tls: { certChain: broken } })).toThrow(/go together/)
  // OpenSSL's word for a text without a PEM object in it
  expect(() => connect("127.0.0.1:1", { tls: { privateKey: "none", certChain: "none" } })).toThrow(/no start line/)
})

test("an address that is not loopback needs a word on how it is protected", async () => {
  for (const address of ["payments.example:443", "10.0.0.1:50051", "[2001:db8::1]:443", "localhost.example:50051"]) {
    expect(() => connect(address, target)).toThrow(/not a loopback address.*tls: true/)
    await connect(address, { ...target, tls: true }).close()
    await connect(address, { ...target, tls: false }).close()
  }
  for (const address of ["localhost:1", "127.0.0.1:1", "[::1]:1", "unix:/tmp/payments.sock"])
    await connect(address, target).close()
  for (const address of ["", "localhost", "https://payments.example", "localhost:0", "localhost:70000", "a b:1"]) {
    expect(() => connect(address, target)).toThrow(/host:port/)
  }
})
