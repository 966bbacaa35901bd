import { Connectors } from "@connector-service/connectors/Connectors"
import { stripe } from "@connector-service/connectors/stripe/connector"
import type { RequestOf } from "@connector-service/domain/Services"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { outcome, result, targetOf } from "./Sending.ts"
import { ended, inOrder, over, type Step, start, stub } from "./Stub.ts"
import { error, intent, list, ok, reserved, voided } from "./stripe/replies.ts"

type Flows = { readonly capture: RequestOf<"payment", "capture">; readonly complete: RequestOf<"payment", "complete"> }

/** How a call to Stripe ends that is answered so. */
const told = <M extends keyof Flows>(
  method: M,
  input: Flows[M],
  ...replies: readonly [Step, ...ReadonlyArray<Step>]
) => {
  const script = inOrder(...replies)
  return Effect.gen(function* () {
    yield* TestClock.setTime(start)
    const sender = yield* Connectors
    const target = targetOf(stripe, { credentials: { secretKey: "sk_test_made_up" } })
    // the method's own input
    return result(yield* ended(sender.call(target, "payment", method as "capture", input as Flows["capture"])))
  }).pipe(
    Effect.provide(
      over(
        stub((_, index) => script(_, index)),
        [stripe]
      )
    )
  )
}

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })

describe("a payment of another amount that took nothing", () => {
  // docs.stripe.com/payments/paymentintents/lifecycle: only succeeded and requires_capture have money
  const standing: ReadonlyArray<readonly [status: string, body: object]> = [
    ["REQUIRES_ACTION", intent({ status: "requires_action", amount_received: 0, latest_charge: null })],
    [
      "DECLINED",
      intent({
        status: "requires_payment_method",
        amount_received: 0,
        latest_charge: null,
        last_payment_error: { type: "card_error", code: "card_declined" }
      })
    ],
    ["VOIDED", voided()]
  ]
  for (const [status, body] of standing) {
    it.effect(`${status} is told as it is: no money moved`, () =>
      Effect.gen(function* () {
        const input = { reference: "order-1", paymentId: "pi_1", amount: eur(999n) }
        expect((yield* told("complete", input, ok(body))).answer).toMatchObject({ status })
      })
    )
  }
})

describe("a payment of another amount that a look-up finds", () => {
  it.effect("waiting for its payer: no money moved yet", () =>
    Effect.gen(function* () {
      const waiting = intent({
        status: "requires_action",
        amount: 999,
        amount_received: 0,
        latest_charge: null,
        metadata: { reference: "order-1", attempt: "1" }
      })
      const script = inOrder(error(500, { type: "api_error" }, { "stripe-should-retry": "false" }), ok(list([waiting])))
      const processor = stub((_, index) => script(_, index))
      const target = { credentials: { secretKey: "sk_test_made_up" } }
      const { answer } = yield* outcome(processor, stripe, "write", { target })
      expect(answer).toMatchObject({ status: "REQUIRES_ACTION", amount: eur(999n), final: false })
    })
  )
})

describe("a key that was used with other content", () => {
  const reused = error(400, { type: "idempotency_error", code: undefined, message: "used for another request" })
  const capture = { reference: "capture-1", paymentId: "pi_1", amount: eur(1000n) }
  const captured = (reference: string) =>
    ok(reserved({ status: "succeeded", metadata: { capture_reference: reference, capture_attempt: "1" } }))

  it.effect("made what bears its reference", () =>
    Effect.gen(function* () {
      expect(yield* told("capture", capture, reused, captured("capture-1"))).toMatchObject({
        reason: { _tag: "Duplicate", found: { _tag: "Capture" } },
        moneyMoved: "YES"
      })
    })
  )

  it.effect("made nothing where the payment was captured under another reference", () =>
    Effect.gen(function* () {
      expect(yield* told("capture", capture, reused, captured("capture-2"))).toMatchObject({
        reason: { _tag: "WrongState", found: { payment: { status: "CAPTURED" } } },
        moneyMoved: "NO"
      })
    })
  )
})
