import type { AnyConnector } from "@connector-service/connectors/Connector"
import { Connectors } from "@connector-service/connectors/Connectors"
import { paypal } from "@connector-service/connectors/paypal/connector"
import { stripe } from "@connector-service/connectors/stripe/connector"
import type { RequestOf } from "@connector-service/domain/Services"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Paypal from "./paypal/replies.ts"
import { outcome, result, targetOf } from "./Sending.ts"
import { ended, inOrder, over, type Step, start, stub } from "./Stub.ts"
import { error, intent, list, ok, reserved, voided } from "./stripe/replies.ts"

type Flows = {
  readonly capture: RequestOf<"payment", "capture">
  readonly complete: RequestOf<"payment", "complete">
  readonly void: RequestOf<"payment", "void">
}

/** How a call ends that is answered so. */
const answered = <M extends keyof Flows>(
  connector: AnyConnector,
  credentials: object,
  method: M,
  input: Flows[M],
  ...replies: readonly [Step, ...ReadonlyArray<Step>]
) => {
  const script = inOrder(...replies)
  return Effect.gen(function* () {
    yield* TestClock.setTime(start)
    const sender = yield* Connectors
    const target = targetOf(connector, { credentials })
    // the method's own input
    return result(yield* ended(sender.call(target, "payment", method as "capture", input as Flows["capture"])))
  }).pipe(
    Effect.provide(
      over(
        stub((_, index) => script(_, index)),
        [connector]
      )
    )
  )
}
/** The same at Stripe. */
const told = <M extends keyof Flows>(method: M, input: Flows[M], ...replies: readonly [Step, ...ReadonlyArray<Step>]) =>
  answered(stripe, { secretKey: "sk_test_made_up" }, method, input, ...replies)

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

describe("a payment of which another amount was reserved than its order says", () => {
  it.effect("is a mismatch also where a look-up finds it", () =>
    Effect.gen(function* () {
      const token = Paypal.ok({ access_token: "A21AA", token_type: "Bearer", expires_in: 32_400 })
      // developer.paypal.com/api/orders/v2/definitions/authorization: what was reserved is the authorization's own amount
      const order = Paypal.ok(Paypal.reserved({ amount: Paypal.value("9.95") }))
      const input = {
        reference: "complete-1",
        paymentId: "5O190127TN364715T",
        amount: eur(1000n),
        returned: { token: "5O190127TN364715T" },
        state: { intent: "AUTHORIZE" }
      }
      const credentials = { clientId: "made-up", clientSecret: "made-up" }
      const lost = Paypal.error(500)
      expect(yield* answered(paypal, credentials, "complete", input, token, lost, lost, lost, order)).toMatchObject({
        reason: { _tag: "AmountMismatch", found: { payment: { amountAuthorized: eur(995n) } } },
        moneyMoved: "YES"
      })
    })
  )
})

describe("a void that the processor says was done before", () => {
  it.effect("is unknown where a look-up shows a status that is not listed", () =>
    Effect.gen(function* () {
      const token = Paypal.ok({ access_token: "A21AA", token_type: "Bearer", expires_in: 32_400 })
      const input = {
        reference: "void-1",
        paymentId: "5O190127TN364715T",
        state: { authorizationId: "0VF52814937998046" }
      }
      const credentials = { clientId: "made-up", clientSecret: "made-up" }
      const done = Paypal.error(422, "PREVIOUSLY_VOIDED")
      const unlisted = Paypal.ok(Paypal.reserved({ status: "UNDER_REVIEW" }))
      expect(yield* answered(paypal, credentials, "void", input, token, done, unlisted)).toMatchObject({
        reason: { _tag: "UnknownOutcome" },
        moneyMoved: "UNKNOWN"
      })
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
