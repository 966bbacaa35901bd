import type { AuthorizeRequest, CompleteRequest } from "@connector-service/domain/Payment"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Http from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import { header } from "../Auth.ts"
import { flow, make } from "../Connector.ts"
import { json } from "../Reply.ts"
import { refusal } from "./limits.ts"
import { rejection, toCapture, toPayment, toRefund, toReleased } from "./meaning.ts"
import { accepted, additionalData, paymentMethod } from "./paymentMethods.ts"
import { completion, threeDSecure } from "./threeDSecure.ts"
import { webhook } from "./webhook.ts"
import * as W from "./wire.ts"

// ── Credentials ──────────────────────────────────────────────────────────────

const printable = (maximum: number, of: string) =>
  Schema.String.check(
    Schema.isPattern(new RegExp(`^[${of}]{1,${maximum}}$`), { expected: `1 to ${maximum} printable characters` })
  )

/** An API key, the merchant account it may act for, and for the live environment the account's own part of its address. */
const Credentials = Schema.Struct({
  apiKey: Schema.RedactedFromValue(printable(512, "\\x21-\\x7e"), { label: "apiKey" }),
  merchantAccount: printable(128, "\\x20-\\x7e"),
  // docs.adyen.com/development-resources/live-endpoints: a random part in hexadecimal and the company's name
  liveUrlPrefix: Schema.optionalKey(
    Schema.String.check(
      Schema.isPattern(/^[0-9a-f]{8,32}-[A-Za-z0-9]{1,40}$/, { expected: "a prefix such as 1797a841fbb37ca7-Company" })
    )
  )
})
/** What Adyen's API is called with; where a caller gives it, a text needs not be Redacted. */
export type Credentials = typeof Credentials.Type

// ── Definition ───────────────────────────────────────────────────────────────

const payment = json(W.Payment, (reply, { input }: { readonly input: AuthorizeRequest }) =>
  toPayment(reply, {
    paymentId: input.reference,
    captureMethod: input.captureMethod,
    paymentReference: input.reference,
    isDebit: input.paymentMethod._tag === "SepaDebit"
  })
)
const completed = json(W.Payment, (reply, { input: { paymentId, state } }: { readonly input: CompleteRequest }) =>
  toPayment(reply, { ...state, paymentId })
)
const post = (path: string, body: object) => Http.bodyJsonUnsafe(Http.post(path), body)
const modify = (paymentId: string, how: string, body: object) => post(`/payments/${paymentId}/${how}`, body)

const refundReason = {
  REQUESTED_BY_CUSTOMER: "CUSTOMER REQUEST",
  DUPLICATE: "DUPLICATE",
  FRAUDULENT: "FRAUD"
} as const

/** Adyen: payments and modifications of the Checkout API, version 72. */
export const adyen = make("adyen", Credentials, {
  baseUrl: {
    live: "https://{liveUrlPrefix}-checkout-live.adyenpayments.com/checkout/v72",
    sandbox: "https://checkout-test.adyen.com/v72"
  },
  auth: header<Credentials>("x-api-key", ({ apiKey }) => apiKey),
  environment: ({ liveUrlPrefix }) => (liveUrlPrefix === undefined ? "sandbox" : "live"),
  account: ({ merchantAccount }) => merchantAccount,
  rejection,
  // docs.adyen.com/development-resources/api-idempotency: the header transient-error
  maySendAgain: ({ headers }) => {
    const word = headers["transient-error"]
    return word === undefined ? undefined : word === "true"
  },
  // the same page: up to 64 characters, kept at least 7 days, unique to the company account and the region; the first
  // response is given again, which says nothing of other content, and 704 while the first still runs
  idempotency: {
    header: "idempotency-key",
    retention: Duration.days(7),
    maxLength: 64,
    scope: "COMPANY_AND_REGION",
    otherContent: "FIRST_ANSWER",
    concurrent: "REFUSED",
    storedError: "REPLAYED_UNLESS_TRANSIENT"
  },
  flows: {
    payment: {
      authorize: flow({
        accepts: accepted,
        requires: ["returnUrl"],
        request: Effect.fnUntraced(function* ({ credentials: { merchantAccount }, input }) {
          const refused = refusal(input)
          if (refused !== undefined) return yield* refused
          const saved = input.paymentMethod._tag === "SavedPaymentMethod"
          const more = {
            ...(input.captureMethod === "MANUAL" && { manualCapture: "true" }),
            ...additionalData(input.paymentMethod)
          }
          return post("/payments", {
            merchantAccount,
            reference: input.reference,
            merchantOrderReference: input.orderReference,
            amount: yield* W.toAmount(input.amount),
            paymentMethod: paymentMethod(input.paymentMethod),
            captureDelayHours: input.captureMethod === "AUTOMATIC" ? 0 : undefined,
            additionalData: Object.keys(more).length > 0 ? more : undefined,
            ...(saved && { shopperInteraction: "ContAuth", recurringProcessingModel: "CardOnFile" }),
            returnUrl: input.returnUrl,
            ...threeDSecure(input),
            ...W.shopper(input.customer),
            billingAddress: W.address(input.billingAddress),
            deliveryAddress: W.address(input.shipping?.address),
            countryCode: input.billingAddress?.countryCode,
            shopperLocale: input.locale,
            shopperStatement: input.statementDescriptor,
            lineItems: yield* W.lineItems(input.lineItems),
            metadata: input.metadata
          })
        }),
        response: payment
      }),
      capture: flow({
        request: Effect.fnUntraced(function* ({ credentials: { merchantAccount }, input }) {
          return modify(input.paymentId, "captures", {
            merchantAccount,
            reference: input.reference,
            amount: yield* W.toAmount(input.amount)
          })
        }),
        response: json(W.Modification, toCapture)
      }),
      void: flow({
        request: ({ credentials: { merchantAccount }, input: { paymentId, reference, state } }) =>
          // a payment that waits for its payer may have no id of Adyen's yet
          state?.paymentReference === undefined
            ? modify(paymentId, "cancels", { merchantAccount, reference })
            : post("/cancels", { merchantAccount, reference, paymentReference: state.paymentReference }),
        response: json(W.Modification, toReleased)
      }),
      reverse: flow({
        request: ({ credentials: { merchantAccount }, input: { paymentId, reference } }) =>
          modify(paymentId, "reversals", { merchantAccount, reference }),
        response: json(W.Modification, toReleased)
      }),
      complete: flow({
        request: ({ input }) =>
          Effect.map(completion(input.returned, input.state), (body) => post("/payments/details", body)),
        response: completed
      })
    },
    refund: {
      create: flow({
        request: Effect.fnUntraced(function* ({ credentials: { merchantAccount }, input }) {
          return modify(input.paymentId, "refunds", {
            merchantAccount,
            reference: input.reference,
            amount: yield* W.toAmount(input.amount),
            merchantRefundReason: input.reason && refundReason[input.reason]
          })
        }),
        response: json(W.Modification, toRefund)
      })
    }
  },
  webhook
})
