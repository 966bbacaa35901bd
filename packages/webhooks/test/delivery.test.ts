import { type Delivery, header, only, parse, query, text } from "@connector-service/webhooks/Delivery"
import { assert, describe, it } from "@effect/vitest"

const given: Delivery = {
  method: "POST",
  url: "/webhooks/acme/shop?a=1&b=2&a=%C3%A9",
  headers: [
    ["X-Sig", "a"],
    ["x-sIG", "b"],
    ["y", "c"]
  ],
  body: new Uint8Array([0x7b, 0x7d])
}

describe("a delivery", () => {
  it("has headers whatever the case of their name, each time they come", () => {
    assert.deepStrictEqual(header(given, "x-SIG"), ["a", "b"])
    assert.deepStrictEqual(header(given, "z"), [])
  })

  it("has a header's only value where it came once", () => {
    assert.strictEqual(only(given, "Y"), "c")
    assert.isUndefined(only(given, "x-sig"))
    assert.isUndefined(only(given, "z"))
  })

  it("has the values of a name in its query", () => {
    assert.deepStrictEqual(query(given, "a"), ["1", "é"])
    assert.deepStrictEqual(query(given, "c"), [])
    assert.deepStrictEqual(query({ ...given, url: "/" }, "a"), [])
  })

  it("has a text where its body is UTF-8, and a value where that is JSON", () => {
    assert.strictEqual(text(given), "{}")
    assert.deepStrictEqual(parse(text(given)), {})
    // RFC 3629: FF is in no UTF-8 text
    assert.isUndefined(text({ ...given, body: new Uint8Array([0xff]) }))
    for (const none of [undefined, "", "{", "\ufeff{}"]) assert.isUndefined(parse(none))
  })
})
