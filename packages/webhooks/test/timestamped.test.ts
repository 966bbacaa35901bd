import { timestampedHmac } from "@connector-service/webhooks/Signature"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Redacted } from "effect"
import fc from "fast-check"
import Stripe from "stripe"

// The signer is Stripe's own: what its webhook scheme is, this library defines.
const stripe = new Stripe("sk_test_unused")
const secret = "whsec_test"
const at = 1_700_000_000
const payload = JSON.stringify({ id: "evt_1", object: "event", note: "été" })
const signed = (secret: string): string => stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: at })

const verify = timestampedHmac<string>({
  header: "stripe-signature",
  tolerance: Duration.minutes(5),
  key: (secret) => Redacted.make(secret)
})
const outcome = (
  signatures: ReadonlyArray<string>,
  { body = Buffer.from(payload), secrets = [secret], seconds = at } = {}
): string => {
  const headers = signatures.map((value) => ["Stripe-Signature", value] as const)
  const verification = verify({ method: "POST", url: "/", headers, body }, secrets, DateTime.makeUnsafe(seconds * 1000))
  return verification._tag === "Refused" ? verification.refusal._tag : verification._tag
}

describe("timestampedHmac", () => {
  it("takes what the processor's own library signed", () => {
    assert.strictEqual(outcome([signed(secret)]), "Proven")
  })

  it("takes either of two secrets while one replaces the other, and either of two signatures", () => {
    assert.strictEqual(outcome([signed("whsec_old")], { secrets: [secret, "whsec_old"] }), "Proven")
    const [, , old] = /^t=(\d+),(v1=.*)$/.exec(signed("whsec_old")) ?? []
    assert.strictEqual(outcome([`${signed("whsec_new")},${old}`], { secrets: ["whsec_old"] }), "Proven")
  })

  for (const [name, given] of [
    ["another secret", [signed("whsec_other")]],
    ["no header", []],
    ["two headers", [signed(secret), signed(secret)]],
    ["two timestamps", [`t=${at},${signed(secret)}`]],
    ["no timestamp", [signed(secret).replace(/^t=\d+,/, "")]],
    ["a timestamp that is none", [signed(secret).replace(/^t=\d+/, "t=now")]],
    ["another scheme", [signed(secret).replace("v1=", "v0=")]],
    ["an empty signature", [`t=${at},v1=`]],
    ["a signature in capitals", [signed(secret).replace(/v1=.*/, (text) => `v1=${text.slice(3).toUpperCase()}`)]]
  ] as const) {
    it(`refuses ${name}`, () => {
      assert.strictEqual(outcome(given), "InvalidSignature")
    })
  }

  it("refuses everything where there is no secret", () => {
    assert.strictEqual(outcome([signed(secret)], { secrets: [] }), "InvalidSignature")
  })

  it("refuses a signature of more than five minutes ago, or ahead", () => {
    assert.deepStrictEqual(
      [-301, -300, 300, 301].map((away) => outcome([signed(secret)], { seconds: at + away })),
      ["StaleTimestamp", "Proven", "Proven", "StaleTimestamp"]
    )
  })

  it("says nothing of its clock to who cannot sign", () => {
    assert.strictEqual(outcome([signed("whsec_other")], { seconds: at + 3600 }), "InvalidSignature")
  })

  const change = fc.integer({ min: 1, max: 255 })
  it("refuses every single changed byte of the body", () => {
    fc.assert(
      fc.property(fc.nat(Buffer.byteLength(payload) - 1), change, (index, change) => {
        const body = Buffer.from(payload)
        body[index] = (body[index] ?? 0) ^ change
        assert.strictEqual(outcome([signed(secret)], { body }), "InvalidSignature")
      })
    )
  })

  it("refuses every single changed byte of the header", () => {
    const good = signed(secret)
    fc.assert(
      fc.property(fc.nat(good.length - 1), change, (index, change) => {
        const bytes = Buffer.from(good)
        bytes[index] = (bytes[index] ?? 0) ^ change
        assert.strictEqual(outcome([bytes.toString("latin1")]), "InvalidSignature")
      }),
      { numRuns: 1000 }
    )
  })
})
