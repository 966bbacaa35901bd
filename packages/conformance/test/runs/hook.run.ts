import { afterAll, describe, expect, test } from "vitest"
import { checks } from "../../src/Check.ts"

describe("a suite", () => {
  afterAll(() => expect("its hook").toBe("passes"))
  for (const flow of ["payment.authorize", "payment.get"]) {
    test(flow, checks({ connector: "acme", flow, kind: "request" }), () => expect(1).toBe(1))
  }
})
