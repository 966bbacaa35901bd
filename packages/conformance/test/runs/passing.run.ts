import { expect, test } from "vitest"
import { checks } from "../../src/Check.ts"

const check = (flow: string, kind: "request" | "reply" | "sandbox" | "example" | "wire") =>
  checks({ connector: "acme", flow, kind })

for (const kind of ["request", "request", "reply", "example", "wire"] as const) {
  test(`authorize, ${kind}`, check("payment.authorize", kind), () => expect(1).toBe(1))
}
test("get", check("payment.get", "request"), () => expect(1).toBe(1))
test("get, left out", { ...check("payment.get", "reply"), skip: true }, () => expect(1).toBe(1))
test("known only at the end", check("?", "sandbox"), ({ task }) => {
  task.meta.conformance = { connector: "acme", flow: "GET /charges/{id}", kind: "sandbox" }
})
test("no check", () => expect(1).toBe(1))
