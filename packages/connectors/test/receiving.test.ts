import { adyen } from "@connector-service/connectors/adyen/connector"
import { Connectors, type Proof } from "@connector-service/connectors/Connectors"
import { paypal } from "@connector-service/connectors/paypal/connector"
import { webhookOf } from "@connector-service/connectors/paypal/webhook"
import { InvalidCredentials } from "@connector-service/domain/Reason"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { acme } from "./acme/acme.ts"
import { posted } from "./Deliveries.ts"
import {
  captured,
  certificateUrl,
  chain,
  eventOf,
  root,
  sentAt,
  type Transmission,
  transmitted,
  webhookId
} from "./paypal/transmission.ts"
import { type Answer, over, type Sent, Silence, type Step, type Stub, stub } from "./Stub.ts"

/** PayPal's connector, vouched for by an authority of the tests' own. */
const trusting = { ...paypal, webhook: webhookOf(() => [root.cert]) }
const body = eventOf("PAYMENT.CAPTURE.COMPLETED", captured)
const secret = { webhookId, environment: "live" }
const target = { connector: "paypal", environment: "live" } as const
// the form of PayPal's ids and secrets: developer.paypal.com/api/rest/authentication
const credentials = { clientId: "client", clientSecret: "secret-of-client" }

const proofBy = (secrets: ReadonlyArray<unknown>, own: Proof["credentials"] = Effect.die("not asked for")): Proof => ({
  secrets: Effect.succeed(secrets),
  credentials: own
})

interface Asked {
  readonly secrets?: ReadonlyArray<unknown>
  readonly credentials?: Proof["credentials"]
  readonly transmission?: Transmission
  readonly deadline?: number
  readonly environment?: "live" | "sandbox"
}

const receive = ({ credentials, deadline, environment = "live", secrets = [secret], transmission }: Asked = {}) =>
  Effect.flatMap(Connectors, (connectors) =>
    connectors.receive(
      { ...target, environment },
      transmitted(body, transmission),
      proofBy(secrets, credentials),
      deadline === undefined ? {} : { deadline }
    )
  )
/** How a delivery is received: the tags of its events, or of what it is refused for. */
const told = (asked?: Asked) =>
  Effect.match(receive(asked), {
    onFailure: ({ flow, reason }) => [flow, reason._tag],
    onSuccess: ({ events }) => events.map(({ _tag }) => _tag)
  })

const within = <A, E>(processor: Stub, effect: Effect.Effect<A, E, Connectors>) =>
  Effect.provide(
    Effect.andThen(TestClock.setTime(Date.parse(sentAt)), effect),
    over(processor, [trusting, acme, adyen])
  )

const pem: Answer = { status: 200, body: chain }
const urlsOf = ({ sent }: Stub) => sent.map(({ url }) => url.href)
const refusedFor = (tag: string) => ["webhook.receive", tag]

describe("a certificate that a delivery names", () => {
  it.effect("is asked for without credentials, once, and kept", () => {
    const paypals = stub(() => pem)
    return within(
      paypals,
      Effect.gen(function* () {
        expect(yield* told()).toEqual(["Capture"])
        expect(yield* told()).toEqual(["Capture"])
        expect(paypals.sent).toMatchObject([{ method: "GET", body: "" }])
        expect(urlsOf(paypals)).toEqual([certificateUrl])
        expect(paypals.sent[0]?.headers).not.toHaveProperty("authorization")
      })
    )
  })

  it.effect("is asked for once by all that wait for it, and one that gives up stops none of them", () => {
    const paypals = stub(() => Effect.as(Effect.sleep("1 second"), pem))
    return within(
      paypals,
      Effect.gen(function* () {
        const [first, ...others] = yield* Effect.forEach([1, 2, 3], () =>
          Effect.forkChild(told(), { startImmediately: true })
        )
        yield* Fiber.interrupt(first ?? expect.fail())
        yield* TestClock.adjust("1 second")
        for (const other of others) expect(yield* Fiber.join(other)).toEqual(["Capture"])
        expect(paypals.sent).toHaveLength(1)
      })
    )
  })

  it.effect("is not kept where it proved nothing", () => {
    const paypals = stub((_, index) => (index === 0 ? { status: 200, body: "<html></html>" } : pem))
    return within(
      paypals,
      Effect.gen(function* () {
        expect(yield* told()).toEqual(refusedFor("InvalidSignature"))
        expect(yield* told()).toEqual(["Capture"])
        expect(paypals.sent).toHaveLength(2)
      })
    )
  })

  const folder = certificateUrl.slice(0, certificateUrl.lastIndexOf("/") + 1)
  const named = (count: number) => Array.from({ length: count }, (_, index) => `${folder}CERT-${index}`)

  it.effect("is forgotten when a hundred others have been of use since", () => {
    const paypals = stub(() => pem)
    return within(
      paypals,
      Effect.gen(function* () {
        yield* told()
        const [oldest = "", ...others] = named(100)
        for (const url of [oldest, ...others.slice(1)]) yield* told({ transmission: { url } })
        yield* told()
        expect(paypals.sent).toHaveLength(100)
        for (const url of [...others, certificateUrl, oldest]) yield* told({ transmission: { url } })
        expect(urlsOf(paypals).slice(100)).toEqual([others[0], oldest])
      })
    )
  })

  it.effect("is not asked for while four others are, which a forger may have named", () => {
    const paypals = stub(() => new Silence())
    return within(
      paypals,
      Effect.gen(function* () {
        for (const url of named(4)) yield* Effect.forkChild(told({ transmission: { url } }), { startImmediately: true })
        const error = yield* Effect.flip(receive())
        expect(error.reason._tag).toBe("Overloaded")
        expect(paypals.sent).toHaveLength(4)
        yield* TestClock.adjust("2 minutes")
      })
    )
  })

  it.effect("that is nowhere proves nothing, and one that cannot be had says nothing", () => {
    const answered = (answer: Step) =>
      within(
        stub(() => answer),
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(told(), { startImmediately: true })
          yield* TestClock.adjust("2 minutes")
          return yield* Fiber.join(fiber)
        })
      )
    return Effect.gen(function* () {
      for (const status of [404, 410]) expect(yield* answered({ status })).toEqual(refusedFor("InvalidSignature"))
      for (const status of [302, 400, 403, 500]) {
        expect(yield* answered({ status })).toEqual(refusedFor("UnreadableReply"))
      }
      expect(yield* answered(new Silence())).toEqual(refusedFor("UnreadableReply"))
    })
  })

  it.effect("whose answer is waited for in vain does not stop the account's own calls", () => {
    const paypals = stub(({ url }) =>
      url.pathname.includes("/certs/") ? { status: 500 } : { status: 404, body: { name: "RESOURCE_NOT_FOUND" } }
    )
    const asked = Effect.flatMap(Connectors, (connectors) =>
      Effect.flip(connectors.call({ ...target, credentials }, "payment", "get", { paymentId: "5O190127TN364715T" }))
    )
    return within(
      paypals,
      Effect.gen(function* () {
        for (let index = 0; index < 30; index++) {
          const fiber = yield* Effect.forkChild(told(), { startImmediately: true })
          yield* TestClock.adjust("5 seconds")
          expect(yield* Fiber.join(fiber)).toEqual(refusedFor("UnreadableReply"))
        }
        expect((yield* asked).reason._tag).not.toBe("CircuitOpen")
      })
    )
  })

  it.effect("is waited for no longer than the caller waits", () =>
    within(
      stub(() => new Silence()),
      Effect.gen(function* () {
        const deadline = Date.parse(sentAt) + 2000
        const fiber = yield* Effect.forkChild(told({ deadline }), { startImmediately: true })
        // 250 ms before it, as every answer comes
        yield* TestClock.adjust("1749 millis")
        expect(fiber.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust("1 millis")
        expect(yield* Fiber.join(fiber)).toEqual(refusedFor("UnreadableReply"))
        yield* TestClock.adjust("2 minutes")
      })
    )
  )
})

describe("a delivery that PayPal is asked about", () => {
  const api = { ...secret, verification: "API" }
  const isToken = ({ url }: Sent) => url.pathname === "/v1/oauth2/token"
  const paypals = (verdict: Step | Effect.Effect<Step>) =>
    stub((sent) =>
      // developer.paypal.com/api/rest/authentication: the reply's fields
      isToken(sent) ? { status: 200, body: { access_token: "A21", token_type: "Bearer", expires_in: 32400 } } : verdict
    )
  const asked = { secrets: [api], credentials: Effect.succeed(credentials) }
  // developer.paypal.com/docs/api/webhooks/v1/#verify-webhook-signature_post
  const verdict = (verification_status: string) => ({ status: 200, body: { verification_status } })

  it.effect("is taken where PayPal says so, to the account's token", () => {
    const processor = paypals(verdict("SUCCESS"))
    return within(
      processor,
      Effect.gen(function* () {
        expect(yield* told(asked)).toEqual(["Capture"])
        expect(yield* told(asked)).toEqual(["Capture"])
        // one token, and each delivery by itself
        expect(processor.sent.map(({ url }) => url.pathname)).toEqual([
          "/v1/oauth2/token",
          "/v1/notifications/verify-webhook-signature",
          "/v1/notifications/verify-webhook-signature"
        ])
        const [, question] = processor.sent
        expect(question).toMatchObject({ method: "POST", headers: { authorization: "Bearer A21" } })
        expect(question?.url.origin).toBe("https://api-m.paypal.com")
        expect(JSON.parse(question?.body ?? "")).toMatchObject({
          webhook_id: webhookId,
          webhook_event: JSON.parse(body)
        })
      })
    )
  })

  it.effect("is refused where PayPal says that it is not its own", () =>
    within(
      paypals(verdict("FAILURE")),
      Effect.gen(function* () {
        expect(yield* told(asked)).toEqual(refusedFor("InvalidSignature"))
      })
    )
  )

  it.effect("waits in the account's own line, as its other calls do", () => {
    const processor = paypals(Effect.as(Effect.sleep("1 second"), verdict("SUCCESS")))
    const one = { protections: { paypal: { concurrency: 1 } } }
    return Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse(sentAt))
      const first = yield* Effect.forkChild(told(asked), { startImmediately: true })
      expect(yield* told(asked)).toEqual(refusedFor("Overloaded"))
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(first)).toEqual(["Capture"])
    }).pipe(Effect.provide(over(processor, [trusting], one)))
  })

  it.effect("says what stands in the way of asking", () => {
    const none = new InvalidCredentials({ description: "none", refusedByProcessor: false })
    return within(
      paypals({ status: 422, body: { name: "VALIDATION_ERROR", message: "no" } }),
      Effect.gen(function* () {
        expect(yield* told(asked)).toEqual(refusedFor("Rejected"))
        expect(yield* told({ ...asked, credentials: Effect.fail(none) })).toEqual(refusedFor("InvalidCredentials"))
        expect(yield* told({ ...asked, credentials: Effect.succeed({}) })).toEqual(refusedFor("InvalidCredentials"))
      })
    )
  })
})

describe("secrets", () => {
  it.effect("of the other environment do not count, and are none", () =>
    within(
      stub(() => pem),
      Effect.gen(function* () {
        const sandbox = { ...secret, environment: "sandbox" }
        expect(yield* told({ secrets: [sandbox, secret] })).toEqual(["Capture"])
        expect(yield* told({ secrets: [sandbox] })).toEqual(refusedFor("UnknownSecret"))
        expect(yield* told({ environment: "sandbox" })).toEqual(refusedFor("UnknownSecret"))
      })
    )
  )

  it.effect("that name no environment count in both", () => {
    const receiving = (environment: "live" | "sandbox") =>
      Effect.flatMap(Connectors, (connectors) =>
        Effect.flip(
          // the form of Adyen's keys: docs.adyen.com/development-resources/webhooks/verify-hmac-signatures
          connectors.receive(
            { connector: "adyen", environment },
            posted("{}"),
            proofBy([{ hmacKey: "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056" }])
          )
        )
      )
    return within(
      stub(() => pem),
      Effect.gen(function* () {
        expect((yield* receiving("live")).reason._tag).toBe("InvalidSignature")
        expect((yield* receiving("sandbox")).reason._tag).toBe("InvalidSignature")
      })
    )
  })
})

it.effect("a connector says what a secret of its webhooks looks like", () =>
  within(
    stub(() => pem),
    Effect.gen(function* () {
      const { webhookSecretJsonSchema = "" } = yield* (yield* Connectors).get("paypal")
      expect(JSON.parse(webhookSecretJsonSchema)).toMatchObject({ required: ["webhookId", "environment"] })
    })
  )
)

describe("a connector without webhooks", () => {
  const { webhook: _, ...rest } = acme
  it.effect("has no such flow, and asks for no secret", () =>
    Effect.provide(
      Effect.gen(function* () {
        const connectors = yield* Connectors
        const proof = { secrets: Effect.die("not asked for"), credentials: Effect.die("not asked for") }
        const received = yield* Effect.flip(
          connectors.receive({ connector: "acme", environment: "live" }, posted("{}"), proof)
        )
        expect(received).toMatchObject({ flow: "webhook.receive", reason: { _tag: "UnsupportedFlow" } })
        const identified = yield* Effect.flip(connectors.identify("acme", posted("{}")))
        expect(identified).toMatchObject({ flow: "webhook.identify", reason: { _tag: "UnsupportedFlow" } })
        expect(connectors.list[0]).not.toHaveProperty("webhookSecretJsonSchema", expect.any(String))
      }),
      over(
        stub(() => pem),
        [rest]
      )
    )
  )
})

describe("a claim", () => {
  it.effect("is read without secrets, and nobody vouches for it", () =>
    within(
      stub(() => pem),
      Effect.gen(function* () {
        const connectors = yield* Connectors
        expect(yield* connectors.identify("paypal", posted(body))).toEqual({
          _tag: "Unverified",
          account: captured.payee.merchant_id,
          objectIds: [captured.id, captured.supplementary_data.related_ids.order_id]
        })
        const error = yield* Effect.flip(connectors.identify("nosuch", posted(body)))
        expect(error).toMatchObject({ connector: "nosuch", reason: { _tag: "UnknownConnector" } })
      })
    )
  )
})
