import { decodeForm } from "@connector-service/conformance/Form"
import { type CapturedRequest, captureRequests } from "@connector-service/conformance/Interceptor"
import { Connectors } from "@connector-service/connectors/Connectors"
import { stripe } from "@connector-service/connectors/stripe/connector"
import type { RequestOf } from "@connector-service/domain/Services"
import { expect, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import Stripe from "stripe"
import { describe } from "vitest"
import { targetOf } from "./Sending.ts"
import { ended, over, type Sent, start, stub } from "./Stub.ts"
import { decoded } from "./Table.ts"

const secretKey = "sk_test_made_up"
const account = "acct_madeup"
// the SDK never reaches a network inside captureRequests
const sdk = new Stripe(secretKey, { maxNetworkRetries: 0, telemetry: false, stripeAccount: account })
/** With a key of the caller's own; the SDK makes one up only when it may repeat. */
const once = { idempotencyKey: "caller-key" }

type CreateParams = Stripe.PaymentIntentCreateParams
/** Of the API version that requests are pinned to, and no longer of the SDK's: the types are named one by one. */
interface Pinned {
  readonly payment_method_types: ReadonlyArray<string>
}
/** Raw card numbers are gated, so the SDK's type leaves them out here; the fields are those of a payment method. */
interface Raw {
  readonly payment_method_data?: {
    readonly type: "card"
    readonly card: Stripe.PaymentMethodCreateParams.Card
    readonly billing_details?: Stripe.PaymentIntentCreateParams.PaymentMethodData.BillingDetails
  }
}
const create = (params: Omit<CreateParams, "payment_method_data"> & Pinned & Raw) =>
  // what Pinned and Raw add is not in the SDK's type
  sdk.paymentIntents.create(params as CreateParams, once)

const eur = { minorUnits: 1000n, currencyCode: "EUR" }
const write = { idempotencyKey: "caller-key" }
const billingAddress = { line1: "Damrak 1", city: "Amsterdam", postalCode: "1012 LG", countryCode: "NL" }
const stripeAddress = { line1: "Damrak 1", city: "Amsterdam", postal_code: "1012 LG", country: "NL" }

/** A call of ours, and the same call in the SDK's own words. */
interface Pair {
  readonly flow: string
  readonly input: object
  readonly sdk: () => Promise<unknown>
}

const pairs: Readonly<Record<string, Pair>> = {
  "a card, with everything": {
    flow: "payment.authorize",
    input: {
      ...write,
      reference: "order-1",
      orderReference: "basket-1",
      amount: eur,
      captureMethod: "MANUAL",
      paymentMethod: {
        _tag: "Card",
        number: "4242424242424242",
        expiryMonth: 8,
        expiryYear: 2030,
        cvc: "737",
        holderName: "Ada Lovelace"
      },
      returnUrl: "https://shop.example/back?a=1&b=2",
      customer: { id: "cus_1", email: "ada@example.com", phone: "+31201234567" },
      billingAddress,
      shipping: { name: "Ada Lovelace", address: billingAddress, carrier: "PostNL", trackingNumber: "3SABC" },
      description: "Notes & engine = 100 % æther ☕",
      statementDescriptor: "ENGINE NOTES",
      metadata: { note: "a&b=c+d e" },
      threeDSecureRequest: "ALWAYS"
    },
    sdk: () =>
      create({
        amount: 1000,
        currency: "eur",
        confirm: true,
        capture_method: "manual",
        payment_method_types: ["card"],
        payment_method_data: {
          type: "card",
          card: { number: "4242424242424242", exp_month: 8, exp_year: 2030, cvc: "737" },
          billing_details: {
            name: "Ada Lovelace",
            email: "ada@example.com",
            phone: "+31201234567",
            address: stripeAddress
          }
        },
        payment_method_options: { card: { request_three_d_secure: "any" } },
        return_url: "https://shop.example/back?a=1&b=2",
        customer: "cus_1",
        shipping: { name: "Ada Lovelace", address: stripeAddress, carrier: "PostNL", tracking_number: "3SABC" },
        description: "Notes & engine = 100 % æther ☕",
        statement_descriptor_suffix: "ENGINE NOTES",
        metadata: { note: "a&b=c+d e", reference: "order-1", attempt: "1", order_reference: "basket-1" },
        expand: ["latest_charge"]
      })
  },
  "a saved payment method, authenticated elsewhere": {
    flow: "payment.authorize",
    input: {
      ...write,
      reference: "order-1",
      attempt: 2,
      amount: { minorUnits: 500n, currencyCode: "JPY" },
      captureMethod: "AUTOMATIC",
      paymentMethod: { _tag: "SavedPaymentMethod", id: "pm_1" },
      customer: { id: "cus_1" },
      threeDSecureResult: {
        version: "2.2.0",
        cryptogram: "AJkBByEyYgAAAASwgmEodQAAAAA=",
        transactionId: "f879ea1c-aa2c-4441-806d-e30406466d79",
        eci: "05",
        status: "AUTHENTICATED"
      }
    },
    sdk: () =>
      create({
        amount: 500,
        currency: "jpy",
        confirm: true,
        capture_method: "automatic",
        payment_method_types: ["card"],
        payment_method: "pm_1",
        customer: "cus_1",
        payment_method_options: {
          card: {
            three_d_secure: {
              version: "2.2.0",
              cryptogram: "AJkBByEyYgAAAASwgmEodQAAAAA=",
              transaction_id: "f879ea1c-aa2c-4441-806d-e30406466d79",
              electronic_commerce_indicator: "05",
              ares_trans_status: "Y"
            }
          }
        },
        metadata: { reference: "order-1", attempt: "2" },
        expand: ["latest_charge"]
      })
  },
  "a capture": {
    flow: "payment.capture",
    input: { ...write, reference: "capture-1", paymentId: "pi_1", amount: eur, statementDescriptor: "PART ONE" },
    sdk: () =>
      sdk.paymentIntents.capture(
        "pi_1",
        {
          amount_to_capture: 1000,
          statement_descriptor_suffix: "PART ONE",
          metadata: { capture_reference: "capture-1", capture_attempt: "1" },
          expand: ["latest_charge"]
        },
        once
      )
  },
  "a void": {
    flow: "payment.void",
    input: { ...write, reference: "void-1", paymentId: "pi_1", reason: "DUPLICATE" },
    sdk: () => sdk.paymentIntents.cancel("pi_1", { cancellation_reason: "duplicate", expand: ["latest_charge"] }, once)
  },
  "a look at a payment": {
    flow: "payment.get",
    input: { paymentId: "pi_1" },
    sdk: () => sdk.paymentIntents.retrieve("pi_1", { expand: ["latest_charge"] })
  },
  "a completion": {
    flow: "payment.complete",
    input: { reference: "complete-1", paymentId: "pi_1" },
    sdk: () => sdk.paymentIntents.retrieve("pi_1", { expand: ["latest_charge"] })
  },
  "a refund": {
    flow: "refund.create",
    input: { ...write, reference: "refund-1", paymentId: "pi_1", amount: eur, reason: "REQUESTED_BY_CUSTOMER" },
    sdk: () =>
      sdk.refunds.create(
        {
          payment_intent: "pi_1",
          amount: 1000,
          reason: "requested_by_customer",
          metadata: { reference: "refund-1", attempt: "1" }
        },
        once
      )
  },
  "a look at a refund": {
    flow: "refund.get",
    input: { refundId: "re_1" },
    sdk: () => sdk.refunds.retrieve("re_1")
  }
}

/** Headers that may differ, and why. */
const mayDiffer: Readonly<Record<string, string>> = {
  accept: "the SDK names JSON; Stripe gives nothing else",
  connection: "the client's own",
  "content-length": "counted when it is sent, and of another encoding of the same form",
  host: "the client's own",
  "stripe-version": "the SDK is of a later API version than the published file that requests are checked against",
  "user-agent": "the SDK names itself",
  "x-stripe-client-user-agent": "the SDK names its platform",
  b3: "the client's own, for tracing",
  traceparent: "the client's own, for tracing"
}

const seen = (request: Pick<CapturedRequest, "method" | "headers" | "body"> & { readonly url: string }) => {
  const url = new URL(request.url)
  const headers = Object.entries(request.headers).filter(([name]) => mayDiffer[name] === undefined)
  return JSON.parse(
    JSON.stringify({
      method: request.method,
      url: `${url.origin}${url.pathname}`,
      query: decodeForm(url.search.slice(1)),
      headers: Object.fromEntries(
        // of bodies only: the SDK names a form also where it sends none
        headers.filter(([name]) => name !== "content-type" || request.body !== "").toSorted()
      ),
      body: decodeForm(request.body)
    })
  ) as unknown
}

const target = targetOf(stripe, { credentials: { secretKey, account } })
const sentBy = <A, E>(call: (sender: Connectors["Service"]) => Effect.Effect<A, E>) => {
  const processor = stub(() => ({ status: 400, body: { error: { type: "invalid_request_error" } } }))
  return Effect.gen(function* () {
    yield* TestClock.setTime(start)
    yield* ended(call(yield* Connectors))
    const [first] = processor.sent
    if (first === undefined) throw new Error("nothing was sent")
    return seen({ ...first, url: first.url.href } satisfies Omit<Sent, "url"> & { readonly url: string })
  }).pipe(Effect.provide(over(processor, [stripe])))
}
const sentBySdk = (call: () => Promise<unknown>) =>
  Effect.promise(async () => {
    const [request] = await captureRequests(call, () => ({ status: 200, body: { object: "list", data: [] } }))
    if (request === undefined) throw new Error("the SDK sent nothing")
    return seen(request)
  })

describe("the same request as the official SDK's", () => {
  for (const [name, { flow, input, sdk }] of Object.entries(pairs)) {
    it.effect(name, () =>
      Effect.gen(function* () {
        const [service, method] = flow.split(".")
        const ours = yield* sentBy((sender) =>
          // the input is of this flow: its own schema decoded it
          sender.call(
            target,
            service as "payment",
            method as "get",
            decoded(flow, input) as unknown as RequestOf<"payment", "get">
          )
        )
        expect(ours).toEqual(yield* sentBySdk(sdk))
      })
    )
  }

  const unsettled = { reference: "order-1", attempt: 1, firstSentAt: DateTime.makeUnsafe(start) }

  it.effect("looking for a payment", () =>
    Effect.gen(function* () {
      const ours = yield* sentBy((sender) =>
        sender.settle(target, { unsettled: { ...unsettled, flow: "payment.authorize" } })
      )
      const theirs = sdk.paymentIntents.list.bind(sdk.paymentIntents)
      const since = start / 1000 - 300
      expect(ours).toEqual(
        yield* sentBySdk(() => theirs({ created: { gte: since }, limit: 100, expand: ["data.latest_charge"] }))
      )
    })
  )

  it.effect("looking for a refund", () =>
    Effect.gen(function* () {
      const ours = yield* sentBy((sender) =>
        sender.settle(target, { unsettled: { ...unsettled, flow: "refund.create", paymentId: "pi_1" } })
      )
      expect(ours).toEqual(yield* sentBySdk(() => sdk.refunds.list({ payment_intent: "pi_1", limit: 100 })))
    })
  )
})
