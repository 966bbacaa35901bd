import { stripeFixtures } from "@connector-service/conformance/Exemplars"
import { decodeForm } from "@connector-service/conformance/Form"
import { captureRequests } from "@connector-service/conformance/Interceptor"
import { specsAvailable, specsDir } from "@connector-service/conformance/Specs"
import { stripe } from "@connector-service/connectors/stripe/connector"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import Stripe from "stripe"
import { outcome, targetOf } from "../Sending.ts"
import { type Sent, type Step, stub } from "../Stub.ts"
import { cardError, error, intent, ok, token } from "./replies.ts"

const target = targetOf(stripe, { credentials: { secretKey: "sk_test_made_up" } })
const isToken = ({ url }: Sent): boolean => url.pathname === "/v1/tokens"
const paymentMethod = { _tag: "ApplePay", paymentData: '{"version":"EC_v1","data":"made up"}', network: "Visa" }
const present = specsAvailable()
if (!present) console.warn(`Skipped: no published specifications in ${specsDir()} (set SPECS_DIR)`)

const pay = (reply: Step) =>
  Effect.gen(function* () {
    const processor = stub((sent) => (isToken(sent) ? reply : ok(intent())))
    const told = yield* outcome(processor, stripe, "write", { target, paymentMethod, captureMethod: "AUTOMATIC" })
    return { ...told, sent: processor.sent }
  })

describe("a wallet's token that Stripe does not trade", () => {
  // docs.stripe.com/api/errors
  it.effect.each([
    ["one it cannot read", error(400, { code: "parameter_invalid_string_empty", param: "pk_token" }), "Rejected"],
    ["no such key", error(401, {}), "InvalidCredentials"],
    ["a fault of its own", error(500, { type: "api_error" }), "Unreachable"],
    ["a fault of its own that is told as a refusal", error(424, { type: "api_error" }), "Unreachable"],
    ["a reply without an id", ok({ object: "token" }), "Unreachable"]
  ] as const)("%s: no payment was sent", ([_, reply, tag]) =>
    Effect.gen(function* () {
      const { moneyMoved, reason, sent } = yield* pay(reply)
      expect([reason?._tag, moneyMoved]).toEqual([tag, "NO"])
      expect(sent.every(isToken)).toBe(true)
    })
  )

  it.effect("a card that it does not take: a declined payment, and none was sent", () =>
    Effect.gen(function* () {
      const { answer, sent } = yield* pay(cardError({ code: "incorrect_number", param: "number" }))
      expect(answer).toMatchObject({ status: "DECLINED", final: true, decline: { code: "INVALID_NUMBER" } })
      expect(sent.every(isToken)).toBe(true)
    })
  )
})

it.effect("a wallet's token is traded in the same form as by the official SDK", () =>
  Effect.gen(function* () {
    const { sent } = yield* pay(ok(token()))
    const sdk = new Stripe("sk_test_made_up", { maxNetworkRetries: 0, telemetry: false })
    // what is Stripe's own mobile libraries' is not in the SDK's type
    const params = { pk_token: paymentMethod.paymentData, pk_token_payment_network: "Visa" } as Stripe.TokenCreateParams
    const [theirs] = yield* Effect.promise(() =>
      captureRequests(
        () => sdk.tokens.create(params),
        () => ({ status: 200, body: token() })
      )
    )
    const ours = sent.find(isToken)
    expect([ours?.method, ours?.url.href]).toEqual([theirs?.method, theirs?.url])
    expect(decodeForm(ours?.body ?? "")).toEqual(decodeForm(theirs?.body ?? ""))
  })
)

it.effect("a wallet's token is traded again under the same key when the payment is sent again", () =>
  Effect.gen(function* () {
    const keys = (sent: ReadonlyArray<Sent>) => sent.map(({ headers }) => headers["idempotency-key"])
    const [first, second] = [yield* pay(ok(token())), yield* pay(ok(token()))]
    expect(keys(first.sent)).toEqual(keys(second.sent))
    expect(first.sent.map(({ body }) => body)).toEqual(second.sent.map(({ body }) => body))
    expect(new Set(keys(first.sent)).size).toBe(2)
  })
)

describe.skipIf(!present)("published examples", () => {
  it("token: its id is what a payment is made with", () => {
    const read = stripe.flows.payment?.authorize?.before?.response
    if (read === undefined) throw new Error("nothing is traded")
    const reply = { status: 200, headers: {}, text: JSON.stringify(stripeFixtures().token) }
    // this reader looks at the reply alone
    const traded = Effect.runSync(read(reply, {} as never))
    // stripe/fixtures3-2026-08-21.json
    expect(Redacted.value(traded)).toBe("tok_1Pgc7BB7WZ01zgkWptnajzKJ")
    expect(String(traded)).not.toContain("tok_1Pgc7BB7WZ01zgkWptnajzKJ")
  })
})
