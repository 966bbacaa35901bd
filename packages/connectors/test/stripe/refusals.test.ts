import { Connectors } from "@connector-service/connectors/Connectors"
import { stripe } from "@connector-service/connectors/stripe/connector"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { outcome, result, targetOf } from "../Sending.ts"
import { ended, over, type Step, start, stub } from "../Stub.ts"
import { decoded } from "../Table.ts"
import { intent, list, ok, refund } from "./replies.ts"

const target = targetOf(stripe, { credentials: { secretKey: "sk_test_made_up" } })

describe("Stripe is not asked", () => {
  // docs.stripe.com/currencies: three-decimal amounts end in zero; Malagasy ariary have no decimals
  it.effect.each([
    ["BHD", 5124n, 10],
    ["JOD", 5124n, 10],
    ["KWD", 5124n, 10],
    ["OMR", 5124n, 10],
    ["TND", 5124n, 10],
    ["MGA", 1050n, 100]
  ] as const)("for an amount of %s that it cannot hold", ([currencyCode, minorUnits, step]) =>
    Effect.gen(function* () {
      const processor = stub(() => ok(intent()))
      const { moneyMoved, reason } = yield* outcome(processor, stripe, "write", {
        target,
        amount: { minorUnits, currencyCode }
      })
      expect(reason).toMatchObject({
        _tag: "InvalidField",
        field: "amount.minor_units",
        rule: expect.stringContaining(`multiple of ${step}`)
      })
      expect([moneyMoved, processor.sent]).toEqual(["NO", []])
    })
  )

  // docs.stripe.com/api/payment_intents/capture and /api/refunds/create: neither takes a currency
  it.effect.each(["capture", "create"] as const)("to %s in another currency than the payment's", (method) =>
    Effect.gen(function* () {
      const processor = stub(() => ok(intent()))
      const amount = { minorUnits: 100n, currencyCode: "USD" }
      const name = method === "create" ? "refund.create" : "payment.capture"
      const input = decoded(name, { reference: "r-1", paymentId: "pi_1", amount, state: { currency: "EUR" } })
      yield* TestClock.setTime(start)
      const service = method === "create" ? "refund" : "payment"
      const { moneyMoved, reason } = yield* Effect.gen(function* () {
        const sender = yield* Connectors
        // the input is of this flow: its own schema decoded it
        return result(yield* ended(sender.call(target, service as "payment", method as "get", input as never)))
      }).pipe(Effect.provide(over(processor, [stripe])))
      expect(reason).toMatchObject({ _tag: "InvalidField", field: "amount.currency_code" })
      expect([moneyMoved, processor.sent]).toEqual(["NO", []])
    })
  )

  it.effect.each(["reference", "attempt", "order_reference", "capture_reference", "capture_attempt"])(
    "to keep the caller's note under %s, by which writes are told apart",
    (name) =>
      Effect.gen(function* () {
        const processor = stub(() => ok(intent()))
        const { reason } = yield* outcome(processor, stripe, "write", { target, metadata: { [name]: "mine" } })
        expect(reason).toMatchObject({ _tag: "InvalidField", field: "metadata" })
        expect(processor.sent).toEqual([])
      })
  )
})

describe("Stripe says that it was done before", () => {
  const refusing = (code: string, found: Step) =>
    stub(({ method }) =>
      method === "GET" ? found : { status: 400, body: { error: { type: "invalid_request_error", code } } }
    )
  const call = (method: "capture" | "void" | "create", code: string, found: Step) => {
    const processor = refusing(code, found)
    const name = method === "create" ? "refund.create" : `payment.${method}`
    const amount = { minorUnits: 1000n, currencyCode: "EUR" }
    const input = decoded(name, { reference: "r-1", paymentId: "pi_1", ...(method === "void" ? {} : { amount }) })
    return Effect.gen(function* () {
      yield* TestClock.setTime(start)
      const sender = yield* Connectors
      const service = method === "create" ? "refund" : "payment"
      // the input is of this flow: its own schema decoded it
      return result(yield* ended(sender.call(target, service as "payment", method as "get", input as never)))
    }).pipe(Effect.provide(over(processor, [stripe])))
  }

  // docs.stripe.com/error-codes: codes of objects whose state does not allow what was asked
  it.effect.each([
    ["capture", "charge_already_captured"],
    ["capture", "charge_expired_for_capture"],
    ["capture", "payment_intent_unexpected_state"],
    ["void", "payment_intent_unexpected_state"],
    ["create", "charge_already_refunded"],
    ["create", "charge_disputed"]
  ] as const)("%s: %s is looked up, and is no refusal of the request", ([method, code]) =>
    Effect.gen(function* () {
      const found = method === "create" ? ok(list([refund({ metadata: {} })], false, "/v1/refunds")) : ok(intent())
      const { moneyMoved, reason } = yield* call(method, code, found)
      expect(reason).toMatchObject({ _tag: "WrongState", rawCode: code })
      expect(moneyMoved).toBe("NO")
    })
  )
})
