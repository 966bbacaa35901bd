import { describe, expect, test } from "vitest"
import { checks } from "../../src/Check.ts"

describe.skip("without specifications", () => {
  for (const flow of ["payment.authorize", "payment.get"]) {
    test(flow, checks({ connector: "acme", flow, kind: "request" }), () => expect(1).toBe(1))
  }
})
