import { expect, test } from "vitest"
import { checks } from "../../src/Check.ts"

test("authorize", checks({ connector: "acme", flow: "payment.authorize", kind: "request" }), () => expect(1).toBe(1))
test("get", checks({ connector: "acme", flow: "payment.get", kind: "reply" }), () => expect(1).toBe(1))
