import { inspect } from "node:util"
import { flow, make } from "@connector-service/connectors/Connector"
import { Connectors, type Target } from "@connector-service/connectors/Connectors"
import { stripe } from "@connector-service/connectors/stripe/connector"
import { Rejected } from "@connector-service/domain/Reason"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Redacted, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { acme } from "./acme/acme.ts"
import { keyed } from "./acme/keyed.ts"
import { authorize, calling, charge, outcome, page, refusal, result, targetOf } from "./Sending.ts"
import { ended, over, start, stub } from "./Stub.ts"
import { list, ok } from "./stripe/replies.ts"

/** What becomes of a question to Stripe, and whether anything was sent. */
const asking = (target: Partial<Target>) => {
  const processor = stub(() => ok(list([])))
  return Effect.map(outcome(processor, stripe, "read", { target }), (told) => ({
    ...told,
    sent: processor.sent.length
  }))
}
const key = (secretKey: unknown, more: object = {}) => ({ secretKey, ...more })

describe("credentials", () => {
  it.effect("of the other environment are refused unsent", () =>
    Effect.gen(function* () {
      // docs.stripe.com/keys: the prefix says which environment a key is for
      const pairs = [
        ["live", "sk_test_made_up"],
        ["live", "rk_test_made_up"],
        ["sandbox", "sk_live_made_up"],
        ["sandbox", "rk_live_made_up"]
      ] as const
      for (const [environment, secret] of pairs) {
        const { moneyMoved, reason, sent } = yield* asking({ environment, credentials: key(secret) })
        expect(reason).toMatchObject({ _tag: "InvalidCredentials", refusedByProcessor: false })
        expect([moneyMoved, sent]).toEqual(["NO", 0])
        expect(JSON.stringify(reason)).not.toContain("made_up")
      }
    })
  )

  it.effect("of the right environment are used", () =>
    Effect.gen(function* () {
      expect((yield* asking({ environment: "live", credentials: key("rk_live_made_up") })).sent).toBeGreaterThan(0)
      expect((yield* asking({ environment: "sandbox", credentials: key("rk_test_made_up") })).sent).toBeGreaterThan(0)
    })
  )

  it.effect("of another form are refused unsent, and not repeated", () =>
    Effect.gen(function* () {
      const wrong = [
        null,
        "sk_test_made_up",
        {},
        key("pk_test_made_up"),
        key("sk_test_made up"),
        key("sk_test_made_up\r\nx-evil: 1"),
        key(17),
        key("sk_test_made_up", { account: "../made_up" })
      ]
      for (const credentials of wrong) {
        const { reason, sent } = yield* asking({ credentials })
        expect(reason).toMatchObject({ _tag: "InvalidCredentials", refusedByProcessor: false })
        expect(sent).toBe(0)
        expect(`${JSON.stringify(reason)} ${String(reason)}`).not.toMatch(/made|evil/)
      }
    })
  )

  it.effect("are decoded once for each object", () =>
    Effect.gen(function* () {
      let decodings = 0
      const counting = Schema.String.check(
        Schema.makeFilter(() => {
          decodings += 1
          return true
        })
      )
      const counted = make("counting", Schema.Struct({ secret: counting }), {
        baseUrl: acme.baseUrl,
        auth: (request) => request,
        rejection: acme.rejection,
        flows: {
          payment: {
            get: flow({
              request: () => HttpClientRequest.get("/"),
              response: () => Effect.fail(new Rejected({ httpStatus: 200, rawCode: "", rawMessage: "" }))
            })
          }
        }
      })
      const credentials = { secret: "made-up-secret" }
      yield* Effect.gen(function* () {
        for (let times = 0; times < 3; times++) yield* ended(calling(counted, "read", { target: { credentials } }))
        expect(decodings).toBe(1)
        yield* ended(calling(counted, "read", { target: { credentials: { ...credentials } } }))
        expect(decodings).toBe(2)
      }).pipe(
        Effect.provide(
          over(
            stub(() => charge()),
            [counted]
          )
        )
      )
    })
  )
})

describe("a target", () => {
  it.effect("names a connector and a flow that there are", () =>
    Effect.gen(function* () {
      const processor = stub(() => charge())
      yield* Effect.gen(function* () {
        const sender = yield* Connectors
        const to = (connector: string) =>
          Effect.map(
            Effect.exit(sender.call({ ...targetOf(acme), connector }, "payment", "get", { paymentId: "c" })),
            result
          )
        expect(yield* to("nobody")).toMatchObject({ reason: { _tag: "UnknownConnector", known: ["acme", "keyed"] } })
        expect(yield* to("constructor")).toMatchObject({ reason: { _tag: "UnknownConnector" } })
        const refunds = yield* Effect.exit(sender.call(targetOf(acme), "refund", "get", { refundId: "r" }))
        expect(result(refunds)).toMatchObject({
          reason: { _tag: "UnsupportedFlow", supported: ["payment.authorize", "payment.get"] }
        })
        expect(Exit.isSuccess(yield* Effect.exit(sender.get("keyed")))).toBe(true)
        expect(result(yield* Effect.exit(sender.get("nobody")))).toMatchObject({ reason: { _tag: "UnknownConnector" } })
        expect(sender.list.map(({ id }) => id)).toEqual(["acme", "keyed"])
      }).pipe(Effect.provide(over(processor, [keyed, acme])))
      expect(processor.sent).toEqual([])
    })
  )

  it.effect("leads to its own environment, and where the configuration says", () =>
    Effect.gen(function* () {
      const processor = stub(() => charge())
      yield* Effect.gen(function* () {
        for (const environment of ["live", "sandbox"] as const) {
          yield* ended(calling(keyed, "read", { target: { environment } }))
          yield* ended(calling(acme, "read", { target: { environment } }))
        }
      }).pipe(
        Effect.provide(over(processor, [keyed, acme], { baseUrls: { acme: { sandbox: "http://127.0.0.1:9/acme" } } }))
      )
      expect(processor.sent.map(({ url }) => url.href)).toEqual([
        "https://api.acme.example/v2/charges/c_1",
        "https://api.acme.example/v2/charges/c_1",
        "https://sandbox.acme.example/v2/charges/c_1",
        "http://127.0.0.1:9/acme/charges/c_1"
      ])
    })
  )
})

describe("a write", () => {
  it.effect("with a card that has expired is refused unsent", () =>
    Effect.gen(function* () {
      const processor = stub(() => charge())
      // tests' time is the middle of January 2026
      const card = (expiryMonth: number, expiryYear: number) => ({
        paymentMethod: { _tag: "Card", number: "4242424242424242", expiryMonth, expiryYear }
      })
      expect((yield* outcome(processor, keyed, "write", card(12, 2025))).reason).toMatchObject({
        _tag: "InvalidField",
        field: "payment_method.card.expiry_year"
      })
      expect(processor.sent).toEqual([])
      expect((yield* outcome(processor, keyed, "write", card(1, 2026))).answer).toMatchObject({ paymentId: "c_1" })
    })
  )

  it.effect("with a key longer than the processor's longest is refused unsent", () =>
    Effect.gen(function* () {
      const processor = stub(() => charge())
      const told = yield* outcome(processor, keyed, "write", { idempotencyKey: "k".repeat(61) })
      expect(told.reason).toMatchObject({ _tag: "InvalidField", field: "idempotency_key" })
      expect(processor.sent).toEqual([])
      yield* outcome(processor, keyed, "write", { idempotencyKey: "k".repeat(60) })
      expect(processor.sent[0]?.headers["x-key"]).toBe("k".repeat(60))
    })
  )

  it.effect("that is declined is answered, whatever the status of the reply", () =>
    Effect.gen(function* () {
      const { answer } = yield* outcome(
        stub(() => refusal(402, "no_money")),
        keyed
      )
      expect(answer).toMatchObject({
        status: "DECLINED",
        reference: "order-1",
        decline: { code: "DO_NOT_HONOR", rawCode: "no_money" }
      })
    })
  )

  it.effect("is found by the keys' scope: connector, environment, account, flow, payment, reference, attempt", () =>
    Effect.gen(function* () {
      const keyOf = (more: object, target: Partial<Target> = {}) => {
        const processor = stub(() => ({ status: 400, body: { error: { type: "invalid_request_error" } } }))
        const credentials = key("sk_test_made_up")
        return Effect.gen(function* () {
          yield* TestClock.setTime(start)
          const sender = yield* Connectors
          yield* ended(
            sender.call({ ...targetOf(stripe, { credentials }), ...target }, "payment", "authorize", authorize(more))
          )
          return processor.sent[0]?.headers["idempotency-key"]
        }).pipe(Effect.provide(over(processor, [stripe])))
      }
      const usual = yield* keyOf({})
      // a corrected amount under the same reference must meet the processor's own conflict, and never a second payment
      expect(yield* keyOf({ amount: { minorUnits: 1n, currencyCode: "USD" } })).toBe(usual)
      expect(yield* keyOf({ paymentMethod: { _tag: "SavedPaymentMethod", id: "pm_1" } })).toBe(usual)
      expect(yield* keyOf({ attempt: 1 })).toBe(usual)
      expect(yield* keyOf({}, { credentials: key("rk_test_another") })).toBe(usual)
      const others = yield* Effect.all([
        keyOf({ attempt: 2 }),
        keyOf({ reference: "order-2" }),
        keyOf({}, { credentials: key("sk_test_made_up", { account: "acct_one" }) }),
        keyOf({}, { credentials: key("sk_test_made_up", { account: "acct_two" }) }),
        keyOf({}, { environment: "live", credentials: key("sk_live_made_up") })
      ])
      expect(new Set([usual, ...others]).size).toBe(6)
    })
  )
})

describe("prepare", () => {
  const prepared = (input: object, target: Partial<Target> = {}) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(start)
      const sender = yield* Connectors
      return yield* Effect.exit(sender.prepare(targetOf(keyed, target), "payment", "authorize", authorize(input)))
    })

  it.effect("gives the request that a call sends, and sends nothing", () =>
    Effect.gen(function* () {
      const processor = stub(() => charge())
      const exit = yield* Effect.provide(prepared({ attempt: 2 }), over(processor, [keyed]))
      expect(processor.sent).toEqual([])
      yield* outcome(processor, keyed, "write", { attempt: 2 })
      const [sent] = processor.sent
      if (Exit.isFailure(exit)) return expect(exit).toBeUndefined()
      const { body, headers, method, url } = Redacted.value(exit.value)
      expect({ method, url, headers: { ...headers } }).toEqual({
        method: sent?.method,
        url: sent?.url.href,
        headers: sent?.headers
      })
      expect(body._tag === "Uint8Array" && new TextDecoder().decode(body.body)).toBe(sent?.body)
      expect(inspect(exit, { depth: Number.POSITIVE_INFINITY })).not.toMatch(/made-up-secret|4242/)
    })
  )

  it.effect("refuses what a call refuses", () =>
    Effect.gen(function* () {
      const layer = over(
        stub(() => charge()),
        [keyed]
      )
      const of = (input: object, target: Partial<Target> = {}) =>
        Effect.map(Effect.provide(prepared(input, target), layer), result)
      const saved = { paymentMethod: { _tag: "SavedPaymentMethod", id: "pm_1" } }
      expect(yield* of(saved)).toMatchObject({ reason: { _tag: "UnsupportedPaymentMethod" } })
      expect(yield* of({ idempotencyKey: "k".repeat(61) })).toMatchObject({ reason: { _tag: "InvalidField" } })
      expect(yield* of({}, { credentials: {} })).toMatchObject({ reason: { _tag: "InvalidCredentials" } })
    })
  )
})

describe("a look-up", () => {
  it.effect("goes where the write went, with the same authorization and no key", () =>
    Effect.gen(function* () {
      const processor = stub(({ method }) => (method === "GET" ? page([charge().body]) : { status: 500 }))
      yield* outcome(processor, keyed, "write", { target: { environment: "live" } })
      const lookUps = processor.sent.filter(({ method }) => method === "GET")
      expect(lookUps.map(({ headers, url }) => [url.origin, headers.authorization, headers["x-key"]])).toEqual([
        ["https://api.acme.example", "Bearer made-up-secret", undefined]
      ])
    })
  )
})
