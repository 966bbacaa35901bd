import { inspect } from "node:util"
import type { AnyConnector } from "@connector-service/connectors/Connector"
import { stripe } from "@connector-service/connectors/stripe/connector"
import { help, load } from "@connector-service/server/Config"
import { constantCase } from "@connector-service/server/ConfigurationError"
import { Duration, Effect, Redacted } from "effect"
import { describe, expect, it } from "vitest"

const named = (id: string, baseUrl: AnyConnector["baseUrl"]): AnyConnector => ({ ...stripe, id, baseUrl })
const connectors = [
  named("acme", { live: "https://api.acme.test", sandbox: "https://sandbox.acme.test" }),
  named("big-bank", { live: "https://live.bank.test", sandbox: "https://test.bank.test" })
]
const read = (env: Readonly<Record<string, string>>) => Effect.runSync(load(env, connectors))
const problem = (env: Readonly<Record<string, string>>) => Effect.runSync(Effect.flip(load(env, connectors)))

describe("settings", () => {
  it("have defaults that bind loopback", () => {
    const { answerMargin, callLimit, deliveryLimit, requestTimeout, shutdownTimeout, ...settings } = read({})
    expect(settings).toEqual({
      host: "127.0.0.1",
      port: 50051,
      runningCalls: 2000,
      waitingCalls: 1000,
      longestWait: Duration.millis(500),
      standingWait: Duration.millis(100),
      startsPerTurn: 16,
      httpPort: 8080,
      accountsFile: undefined,
      acceptCallerCredentials: true,
      maxMessageBytes: 262_144,
      eventSink: "none",
      eventUrl: undefined,
      eventSecrets: undefined,
      runningDeliveries: 200,
      logLevel: "Info",
      logFormat: "json",
      baseUrls: { acme: {}, "big-bank": {} },
      policies: {},
      protections: {}
    })
    expect(Duration.toMillis(answerMargin)).toBe(250)
    expect(Duration.toMillis(callLimit)).toBe(100_000)
    expect(Duration.toMillis(deliveryLimit)).toBe(8000)
    expect(Duration.toMillis(requestTimeout)).toBe(10_000)
    expect(Duration.toMillis(shutdownTimeout)).toBe(25_000)
  })

  it("come from the environment, where an empty one counts as absent", () => {
    const settings = read({
      PORT: "0",
      HOST: "",
      ACCEPT_CALLER_CREDENTIALS: "false",
      ANSWER_MARGIN: "1 second",
      LOG_LEVEL: "warn",
      ACME_SANDBOX_URL: "http://localhost:9090/acme/",
      BIG_BANK_LIVE_URL: "https://proxy.test"
    })
    expect(settings).toMatchObject({
      port: 0,
      host: "127.0.0.1",
      acceptCallerCredentials: false,
      logLevel: "Warn",
      baseUrls: { acme: { sandbox: "http://localhost:9090/acme" }, "big-bank": { live: "https://proxy.test" } }
    })
    expect(Duration.toMillis(settings.answerMargin)).toBe(1000)
  })

  it("take several secrets to sign with, and do not show them", () => {
    const secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", `whsec_${Buffer.alloc(64, 1).toString("base64")}`]
    const settings = read({ EVENT_SECRETS: secrets.join(", ") })
    expect(settings.eventSecrets?.map((secret) => Redacted.value(secret))).toEqual(secrets)
    expect(inspect(settings, { depth: 10 }) + JSON.stringify(settings.eventSecrets)).not.toContain("whsec_")
  })

  it.each([
    ["EVENT_SINK", "kafka"],
    ["EVENT_URL", "ftp://shop.example/events"],
    ["EVENT_URL", "https://user:secret@shop.example/events"],
    ["EVENT_SECRETS", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    // the specification of Standard Webhooks: at least 24 bytes, and 64 at most
    ["EVENT_SECRETS", `whsec_${Buffer.alloc(23, 1).toString("base64")}`],
    ["EVENT_SECRETS", `whsec_${Buffer.alloc(65, 1).toString("base64")}`],
    ["EVENT_SECRETS", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,"],
    ["EVENT_SECRETS", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    ["DELIVERY_LIMIT", "2 minutes"],
    ["RUNNING_DELIVERIES", "0"],
    ["PORT", "abc"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "1.5"],
    ["HTTP_PORT", "http"],
    ["ACCEPT_CALLER_CREDENTIALS", "perhaps"],
    ["MAX_MESSAGE_BYTES", "100"],
    ["MAX_MESSAGE_BYTES", "256 KiB"],
    ["ANSWER_MARGIN", "250"],
    ["ANSWER_MARGIN", "-1 second"],
    ["ANSWER_MARGIN", "Infinity"],
    ["REQUEST_TIMEOUT", "6 minutes"],
    ["SHUTDOWN_TIMEOUT", "2 hours"],
    ["LOG_LEVEL", "loud"],
    ["LOG_FORMAT", "xml"],
    ["ACME_LIVE_URL", "ftp://api.acme.test"],
    ["ACME_LIVE_URL", "api.acme.test"],
    ["ACME_LIVE_URL", "https://user:secret@api.acme.test"],
    ["BIG_BANK_SANDBOX_URL", "https://test.bank.test/?a=b"]
  ])("%s=%s is refused in one line that names the key and not the value", (key, value) => {
    const { message } = problem({ [key]: value })
    expect(message).toMatch(new RegExp(`^${key} must be [^\\n]+\\.$`))
    expect(message.replaceAll(/\d+/g, "")).not.toContain(value)
  })

  it("every key is in the help, with its default", () => {
    const text = help(connectors)
    for (const name of Object.keys(read({})).filter((name) => !["baseUrls", "policies", "protections"].includes(name)))
      expect(text).toContain(` ${constantCase(name)}=`)
    expect(text).toContain("PORT=50051")
    expect(text).toContain("ACME_LIVE_URL=https://api.acme.test")
    expect(text).toContain("BIG_BANK_SANDBOX_URL=https://test.bank.test")
    for (const name of ["POLICY_ACME=", "PROTECTION_BIG_BANK="]) expect(text).toContain(` ${name}`)
    expect(text).toContain("ACCOUNT_<NAME>=")
  })
})

describe("policies and protections", () => {
  it("change what they name, and nothing else", () => {
    const { policies, protections } = read({
      POLICY_ACME: '{"timeout": "20 seconds"}',
      POLICY_BIG_BANK_PAYMENT_AUTHORIZE: '{"retry": {"times": 1}, "firstByteTimeout": "5 seconds"}',
      PROTECTION_ACME: '{"concurrency": 7, "breaker": {"size": 50}}'
    })
    expect(policies).toEqual({
      acme: { timeout: Duration.seconds(20) },
      "big-bank.payment.authorize": { retry: { times: 1 }, firstByteTimeout: Duration.seconds(5) }
    })
    expect(protections).toEqual({ acme: { concurrency: 7, breaker: { size: 50 } } })
  })

  it.each([
    ["POLICY_ACME", "20 seconds"],
    ["POLICY_ACME", '{"timeout": 20}'],
    ["POLICY_ACME", '{"timeoutt": "20 seconds"}'],
    ["POLICY_ACME", '{"timeout": "-1 second"}'],
    ["POLICY_ACME", '{"timeout": "Infinity"}'],
    ["POLICY_ACME", '{"timeout": "0 millis"}'],
    ["POLICY_ACME", '{"timeout": "2 minutes"}'],
    ["POLICY_ACME", '{"retry": {"times": -1}}'],
    ["POLICY_ACME", '{"retry": {"times": 1000}}'],
    ["POLICY_ACME", '{"retry": {"first": "-1 second"}}'],
    ["POLICY_ACME", '{"connectTimeout": "90 seconds"}'],
    ["POLICY_ACME_PAYMENT_GET", '{"firstByteTimeout": "16 seconds"}'],
    ["POLICY_BIG_BANK_REFUND_CREATE", '{"settle": {"cap": "Infinity"}}'],
    ["POLICY_ACMEE", "{}"],
    ["POLICY_ACME_PAYMENT_PAY", "{}"],
    ["PROTECTION_ACME", '{"concurrency": 0}'],
    ["PROTECTION_ACME", '{"breaker": {"threshold": 2}}'],
    ["PROTECTION_ACME", '{"concurrency": 10000000}'],
    ["PROTECTION_ACME", '{"breaker": {"open": "-1 second"}}'],
    ["PROTECTION_ACME", '{"breaker": {"open": "0 millis"}}'],
    ["PROTECTION_ACME", '{"breaker": {"open": "10 seconds", "longest": "1 second"}}'],
    ["PROTECTION_ACME", '{"breaker": {"longest": "1 day"}}'],
    ["PROTECTION_ACME", '{"patience": "Infinity"}'],
    ["PROTECTION_ACME", '{"patience": "2 minutes"}'],
    ["PROTECTION_ACME", '{"rate": {"live": {"read": 0, "write": 1}}}'],
    ["PROTECTION_OTHER", "{}"],
    ["CALL_LIMIT", "10 seconds"],
    ["ANSWER_MARGIN", "-1 second"],
    ["ANSWER_MARGIN", "30 seconds"]
  ])("%s=%s is refused by its name", (key, text) => {
    const { message } = problem({ [key]: text })
    expect(message).toMatch(new RegExp(`^${key} must be [^\\n]+\\.$`))
  })

  it.each([
    [
      { POLICY_ACME_PAYMENT_GET: '{"timeout": "-1 second"}' },
      "POLICY_ACME_PAYMENT_GET must be such that timeout of payment.get is more than nothing, and not without end."
    ],
    [
      { POLICY_ACME_PAYMENT_GET: '{"timeout": "2 minutes"}' },
      "POLICY_ACME_PAYMENT_GET must be such that timeout of payment.get is at most 1m 40s together with answerMargin, the longest that a call may take."
    ]
  ])("%j: the sentence says what to change", (env, sentence) => {
    expect(problem(env).message).toBe(sentence)
  })
})
