import { type Delivery, header } from "@connector-service/webhooks/Delivery"
import { timestampedHmac } from "@connector-service/webhooks/Signature"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import Stripe from "stripe"

// The signer is Stripe's own: what its webhook scheme is, this library defines.
const stripe = new Stripe("sk_test_unused")
const secret = "whsec_test"
const at = 1_700_000_000
const payload = JSON.stringify({ id: "evt_1", object: "event", note: "été" })
const signed = (payload: string, secret: string): string =>
  stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: at })

const delivery = (signature: ReadonlyArray<string>, body: Uint8Array = Buffer.from(payload)): Delivery => ({
  method: "POST",
  url: "/",
  headers: signature.map((value) => ["Stripe-Signature", value]),
  body
})

const verify = timestampedHmac({ header: "stripe-signature", tolerance: Duration.minutes(5) })
const outcome = (delivery: Delivery, secrets = [secret], seconds = at) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(seconds * 1000)
    return yield* verify(
      delivery,
      secrets.map((text) => Redacted.make(text))
    )
  }).pipe(Effect.match({ onFailure: ({ _tag }) => _tag, onSuccess: () => "proven" }))

describe("timestampedHmac", () => {
  it.effect("takes what the processor's own library signed", () =>
    Effect.map(outcome(delivery([signed(payload, secret)])), (result) => assert.strictEqual(result, "proven"))
  )

  it.effect("takes either of two secrets while one replaces the other", () =>
    Effect.map(outcome(delivery([signed(payload, "whsec_old")]), [secret, "whsec_old"]), (result) =>
      assert.strictEqual(result, "proven")
    )
  )

  for (const [name, given] of [
    ["another secret", [signed(payload, "whsec_other")]],
    ["no header", []],
    ["two headers", [signed(payload, secret), signed(payload, secret)]],
    ["two timestamps", [`t=${at},${signed(payload, secret)}`]],
    ["no timestamp", [signed(payload, secret).replace(/^t=\d+,/, "")]],
    ["an empty signature", [`t=${at},v1=`]]
  ] as const) {
    it.effect(`refuses ${name}`, () =>
      Effect.map(outcome(delivery(given)), (result) => assert.strictEqual(result, "InvalidSignature"))
    )
  }

  for (const seconds of [at - 301, at + 301]) {
    it.effect(`refuses a signature ${at - seconds} seconds away`, () =>
      Effect.map(outcome(delivery([signed(payload, secret)]), [secret], seconds), (result) =>
        assert.strictEqual(result, "StaleTimestamp")
      )
    )
  }

  it.effect("refuses every single changed byte of the body", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(fc.nat(payload.length - 1), fc.integer({ min: 1, max: 255 }), async (index, change) => {
          const body = Buffer.from(payload)
          body[index] = (body[index] ?? 0) ^ change
          const result = await Effect.runPromise(
            outcome(delivery([signed(payload, secret)], body)).pipe(Effect.provide(TestClock.layer()))
          )
          assert.strictEqual(result, "InvalidSignature")
        })
      )
    )
  )
})

it("finds a header whatever the case of its name, each time it comes", () => {
  const given: Delivery = {
    method: "POST",
    url: "/",
    headers: [
      ["X-Sig", "a"],
      ["x-sIG", "b"],
      ["y", "c"]
    ],
    body: new Uint8Array()
  }
  assert.deepStrictEqual(header(given, "x-SIG"), ["a", "b"])
})
