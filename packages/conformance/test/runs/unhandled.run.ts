import { expect, test } from "vitest"
import { checks } from "../../src/Check.ts"

for (const flow of ["payment.authorize", "payment.get"]) {
  test(flow, checks({ connector: "acme", flow, kind: "request" }), () => expect(1).toBe(1))
}
test("leaves a failure behind", () => {
  void Promise.reject(new Error("nobody waits for this"))
})
