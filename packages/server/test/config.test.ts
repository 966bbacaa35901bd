import { constantCase, help, load } from "@connector-service/server/Config"
import { Duration, Effect } from "effect"
import { describe, expect, it } from "vitest"

const connectors = [
  { id: "acme", baseUrl: { live: "https://api.acme.test", sandbox: "https://sandbox.acme.test" } },
  { id: "big-bank", baseUrl: { live: "https://live.bank.test", sandbox: "https://test.bank.test" } }
]
const read = (env: Readonly<Record<string, string>>) => Effect.runSync(load(env, connectors))
const problem = (env: Readonly<Record<string, string>>) => Effect.runSync(Effect.flip(load(env, connectors)))

describe("settings", () => {
  it("have defaults that bind loopback", () => {
    const { answerMargin, shutdownTimeout, ...settings } = read({})
    expect(settings).toEqual({
      host: "127.0.0.1",
      port: 50051,
      httpPort: 8080,
      accountsFile: undefined,
      acceptCallerCredentials: true,
      maxMessageBytes: 262_144,
      logLevel: "Info",
      logFormat: "json",
      baseUrls: { acme: {}, "big-bank": {} }
    })
    expect(Duration.toMillis(answerMargin)).toBe(250)
    expect(Duration.toMillis(shutdownTimeout)).toBe(30_000)
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

  it.each([
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
    for (const name of Object.keys(read({})).filter((name) => name !== "baseUrls"))
      expect(text).toContain(` ${constantCase(name)}=`)
    expect(text).toContain("PORT=50051")
    expect(text).toContain("ACME_LIVE_URL=https://api.acme.test")
    expect(text).toContain("BIG_BANK_SANDBOX_URL=https://test.bank.test")
    expect(text).toContain("ACCOUNT_<NAME>=")
  })
})
