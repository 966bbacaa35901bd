import { hmac, hmacHeader, isBasic, isFresh, isSignature } from "@connector-service/webhooks/Signature"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Redacted } from "effect"

const posted = (headers: ReadonlyArray<readonly [string, string]>, body = "Hi There") => ({
  method: "POST",
  url: "/",
  headers,
  body: Buffer.from(body)
})
const now = DateTime.makeUnsafe(0)

describe("hmac", () => {
  // RFC 4231, section 4.2: test case 1
  const key = Buffer.alloc(20, 0x0b)
  const sha256 = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"

  it("is what RFC 4231 says, over the parts in their order", () => {
    assert.strictEqual(hmac({ algorithm: "sha256", encoding: "hex" }, key, "Hi ", Buffer.from("There")), sha256)
    assert.strictEqual(
      hmac({ algorithm: "sha256", encoding: "base64" }, key, "Hi There"),
      Buffer.from(sha256, "hex").toString("base64")
    )
  })

  it("is taken from a header that came once, with any of the secrets", () => {
    const verify = hmacHeader<Uint8Array>({ header: "x-sig", algorithm: "sha256", encoding: "hex", key: (key) => key })
    const outcome = (headers: ReadonlyArray<readonly [string, string]>, keys: ReadonlyArray<Uint8Array>) =>
      verify(posted(headers), keys, now)._tag
    assert.strictEqual(outcome([["X-Sig", sha256]], [key]), "Proven")
    assert.strictEqual(outcome([["X-Sig", sha256]], [Buffer.from("another"), key]), "Proven")
    assert.strictEqual(outcome([["X-Sig", sha256]], [Buffer.from("another")]), "Refused")
    assert.strictEqual(outcome([["X-Sig", sha256.toUpperCase()]], [key]), "Refused")
    assert.strictEqual(outcome([], [key]), "Refused")
    const twice = ["X-Sig", "x-sig"].map((name) => [name, sha256] as const)
    assert.strictEqual(outcome(twice, [key]), "Refused")
  })
})

it("takes a signature in one spelling only", () => {
  // one byte in base64 leaves four bits over, which say nothing
  assert.isTrue(isSignature("AA==", "AA=="))
  for (const other of [undefined, "", "AB==", "AA=", "AA", "AA== ", "AA==AA=="]) {
    assert.isFalse(isSignature(other, "AA=="))
  }
})

it("tells whether a moment is within the tolerance, its ends included", () => {
  const tolerance = { before: Duration.seconds(10), after: Duration.seconds(5) }
  const fresh = (seconds: number) => isFresh(DateTime.makeUnsafe(0), DateTime.makeUnsafe(seconds * 1000), tolerance)
  assert.deepStrictEqual([-6, -5, 0, 10, 11].map(fresh), [false, true, true, true, false])
})

describe("basic authentication", () => {
  // RFC 7617, section 2
  const password = Redacted.make("open sesame")
  const is = (...values: ReadonlyArray<string>) =>
    isBasic(posted(values.map((value) => ["Authorization", value])), "Aladdin", password)

  it("is taken as RFC 7617 writes it, whatever the case of its scheme", () => {
    assert.isTrue(is("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="))
    assert.isTrue(is("basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="))
  })

  it("is refused when anything else is given, or it is given twice", () => {
    const good = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    for (const bad of ["", "Basic", "Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==", `${good}=`, good.replace("Q", "q")]) {
      assert.isFalse(is(bad))
    }
    assert.isFalse(is())
    assert.isFalse(is(good, good))
  })
})
