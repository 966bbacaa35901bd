import { adyen } from "@connector-service/connectors/adyen/connector"
import { catalog } from "@connector-service/connectors/catalog"
import { webhookOf } from "@connector-service/connectors/paypal/webhook"
import { stripe } from "@connector-service/connectors/stripe/connector"
import { Event } from "@connector-service/domain/Event"
import type { Delivery } from "@connector-service/webhooks/Delivery"
import { identify } from "@connector-service/webhooks/Webhook"
import { Effect, Schema } from "effect"
import fc from "fast-check"
import Stripe from "stripe"
import { describe, expect, it } from "vitest"
import { batch, item, key, signed } from "./adyen/notifications.ts"
import { posted, type Receiver, receive } from "./Deliveries.ts"
import { captured, chain, eventOf, headersOf, root, sentAt, webhookId } from "./paypal/transmission.ts"

const library = new Stripe("sk_test_unused")
const secret = "whsec_test"
const at = 1_700_000_000

/** A connector's webhooks, a genuine delivery's body, and how a body is signed. */
interface Case {
  readonly receiver: Receiver
  readonly body: unknown
  readonly sign: (body: unknown) => Delivery
}

/** Adyen's library signs nothing without an amount. */
const signedIfItCanBe = (body: unknown): object => {
  const amount = typeof body === "object" && body !== null && "amount" in body ? body.amount : undefined
  return typeof amount === "object" && amount !== null ? signed(body as object) : [body]
}

const cases: Readonly<Record<string, Case>> = {
  stripe: {
    receiver: { webhook: stripe.webhook, secrets: [{ signingSecret: secret }], now: at * 1000 },
    // docs.stripe.com/api/events/object, docs.stripe.com/api/payment_intents/object
    body: {
      id: "evt_1",
      type: "payment_intent.payment_failed",
      created: 1686089970,
      livemode: true,
      account: "acct_1",
      data: {
        object: {
          id: "pi_1",
          object: "payment_intent",
          amount: 2000,
          currency: "isk",
          status: "requires_payment_method",
          metadata: { reference: "order-1" },
          last_payment_error: { type: "card_error", code: "card_declined", decline_code: "lost_card" },
          latest_charge: { id: "ch_1", amount: 2000, amount_captured: 0, amount_refunded: 0 }
        }
      }
    },
    sign: (body) => {
      const payload = JSON.stringify(body)
      return posted(payload, {
        "stripe-signature": library.webhooks.generateTestHeaderString({ payload, secret, timestamp: at })
      })
    }
  },
  adyen: {
    receiver: { webhook: adyen.webhook, secrets: [{ hmacKey: key }], now: 0 },
    body: item({
      eventCode: "CHARGEBACK",
      originalReference: "9913140798220028",
      // `chargeback` of `adyen/Webhooks-v1.json`
      additionalData: { chargebackReasonCode: "4853", defensePeriodEndsAt: "2021-07-31T03:03:07+02:00" }
    }),
    sign: (body) => batch(signedIfItCanBe(body))
  },
  paypal: {
    receiver: {
      webhook: webhookOf(() => [root.cert]),
      secrets: [{ webhookId, environment: "live", certificates: chain }],
      now: sentAt
    },
    body: JSON.parse(eventOf("PAYMENT.CAPTURE.DECLINED", { ...captured, status: "DECLINED" })),
    sign: (body) => {
      const text = JSON.stringify(body)
      return posted(text, headersOf(text))
    }
  }
}

type Path = ReadonlyArray<string>
const pathsOf = (value: unknown): ReadonlyArray<Path> =>
  typeof value === "object" && value !== null
    ? [[], ...Object.entries(value).flatMap(([key, child]) => pathsOf(child).map((path) => [key, ...path]))]
    : [[]]

const replaced = (value: unknown, [key, ...rest]: Path, by: unknown): unknown =>
  key === undefined
    ? by
    : { ...(value as object), [key]: replaced((value as Readonly<Record<string, unknown>>)[key], rest, by) }

const strange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    ...[-0, -1, 0.5, 2 ** 53, 1e300, -1e300, "", "null", "constructor", "__proto__", "\ud800", "é:é", [], {}],
    ...["x".repeat(20_000), "9".repeat(400), "1e5", "10.001", "2021-13-45T99:99:99Z", true, null]
  )
)

describe.each(Object.entries(cases))("whatever %s sends", (_, { body, receiver, sign }) => {
  it("is read as it is here", () => {
    expect(receive(receiver, sign(body))).toHaveLength(1)
  })

  it("is an event of the contract's form, or a refusal", () => {
    const isEvent = Schema.is(Event)
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(body)), strange, (path, by) => {
        const delivery = sign(replaced(body, path, by))
        const outcome = receive(receiver, delivery)
        if (typeof outcome === "string") expect(outcome).toMatch(/^(?:Unreadable|InvalidSignature)$/)
        else expect(outcome.filter((event) => !isEvent(event))).toEqual([])
        const route = Effect.result(identify(receiver.webhook ?? expect.fail(), delivery))
        expect(Effect.runSync(route)._tag).toMatch(/^(?:Success|Failure)$/)
      }),
      { numRuns: 2000 }
    )
  })

  it("is refused where it is only bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.dictionary(fc.string(), fc.string()), (bytes, headers) => {
        expect(receive(receiver, posted(bytes, headers))).toBe("InvalidSignature")
      }),
      { numRuns: 500 }
    )
  })
})

it("every connector's webhooks are among these", () => {
  const ids = catalog.filter(({ webhook }) => webhook !== undefined).map(({ id }) => id)
  expect(Object.keys(cases).sort()).toEqual(ids.sort())
})
