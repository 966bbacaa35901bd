import { afterEach, expect, it, vi } from "vitest"
import { authorize, broken, failure, pay, run, target } from "./kit.ts"

afterEach(() => {
  vi.restoreAllMocks()
})

it("a mistake in our own code is INTERNAL without details, told to the log and not to the caller", async () => {
  const lines: Array<string> = []
  vi.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)))
  const running = await run({ LOG_LEVEL: "error" }, broken("the reason"))
  const failed = await failure(pay(running, authorize(), { metadata: target({ "x-request-id": "req-7" }) }))
  expect(failed).toMatchObject({ status: "INTERNAL", info: undefined, error: undefined })
  expect(failed.message).not.toContain("the reason")
  const line = lines.find((line) => line.includes("the reason"))
  expect(JSON.parse(line ?? "{}")).toMatchObject({ level: "ERROR", annotations: { request_id: "req-7" } })
  await running.close()
})

it("nothing that a call brings is logged, whatever the level", async () => {
  const lines: Array<string> = []
  vi.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)))
  const running = await run({ LOG_LEVEL: "trace" })
  const secretKey = "sk_test_caller_secret"
  const metadata = target({ "x-account": undefined, "x-credentials-bin": Buffer.from(JSON.stringify({ secretKey })) })
  await pay(running, authorize(), { metadata })
  await running.sandbox.setFaults({ kind: "reset_before", path: "/stripe", count: 10 })
  await failure(pay(running, authorize({ reference: "order-2" }), { metadata }))
  await running.close()
  expect(lines.join()).not.toMatch(/4242424242424242|sk_test|"123"/)
})
