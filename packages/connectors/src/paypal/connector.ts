import { InvalidField, MissingField } from "@connector-service/domain/Reason"
import type { Unsettled } from "@connector-service/domain/Settlement"
import type { State } from "@connector-service/domain/Text"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Http from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { basic, bearerToken } from "../Auth.ts"
import { flow, type Idempotency, type LookUp, make } from "../Connector.ts"
import { form } from "../Form.ts"
import { type Finding, json } from "../Reply.ts"
import { table } from "../Table.ts"
import { completesItself, partsOf, toCapture, toCaptureIn, toPayment, toRefund, toReleased } from "./meaning.ts"
import { toOrder } from "./order.ts"
import { rejection } from "./rejection.ts"
import { accepts } from "./source.ts"
import { webhook } from "./webhook.ts"
import * as W from "./wire.ts"

// ── Credentials ──────────────────────────────────────────────────────────────

/** A REST app's client id and secret. */
const Credentials = Schema.Struct({
  clientId: Schema.String.check(
    Schema.isPattern(/^[\x21-\x39\x3b-\x7e]{1,255}$/, { expected: "a client id of visible ASCII without a colon" })
  ),
  clientSecret: Schema.RedactedFromValue(
    Schema.String.check(Schema.isPattern(/^[\x21-\x7e]{1,255}$/, { expected: "a client secret of visible ASCII" })),
    { label: "clientSecret" }
  )
})
/** What PayPal's API is called with; where a caller gives it, a text needs not be Redacted. */
export type Credentials = typeof Credentials.Type

// ── Finding out ──────────────────────────────────────────────────────────────

const orderPath = ({ paymentId }: { readonly paymentId?: string | undefined }) =>
  `/v2/checkout/orders/${paymentId ?? ""}`

const isOurs = ({ invoice_id }: Pick<W.Capture, "invoice_id">, input: Unsettled) => invoice_id === W.toInvoice(input)

/**
 * A payment is read by its id, and shows what was done to it. PayPal does not say after how long a request of which
 * nothing is seen will come to nothing, so absence proves nothing.
 */
const byOrder = <Output>(find: (order: W.Order, input: Unsettled) => Finding<Output>): LookUp<Credentials, Output> => ({
  requires: ["paymentId"],
  request: ({ input }) => Http.get(orderPath(input)),
  response: json(W.Order, (order, { input }: { readonly input: Unsettled }) => find(order, input)),
  pages: 1
})

const others = (order: W.Order) => ({ _tag: "Others", found: { _tag: "Payment", payment: toPayment(order) } }) as const

// ── Definition ───────────────────────────────────────────────────────────────

const payment = json(W.Order, toPayment)
const post = (path: string, body?: object) => {
  const request = Http.post(path, { headers: { prefer: "return=representation" } })
  return body === undefined ? request : Http.bodyJsonUnsafe(request, body)
}

const withSecret = basic<Credentials>(
  ({ clientId }) => clientId,
  ({ clientSecret }) => clientSecret
)
const token = json(W.AccessToken, ({ access_token, expires_in }) => ({
  value: Redacted.make(access_token),
  lifetime: Duration.seconds(expires_in)
}))

const unchanged = (field: string) => new InvalidField({ field, rule: "that of an earlier answer, unchanged" })

/** What an earlier answer's `state` holds under a key; it goes into a path, so nothing that would change one. */
const fromState = (
  { state }: { readonly state?: State | undefined },
  key: string
): Effect.Effect<string, InvalidField | MissingField> => {
  const value = state?.[key]
  const field = `state.${key}`
  if (value === undefined) return Effect.fail(new MissingField({ field }))
  return /^[A-Z0-9]{1,36}$/.test(value) ? Effect.succeed(value) : Effect.fail(unchanged(field))
}

/** What completes an order, by its `intent`. */
const completion = table({ AUTHORIZE: "authorize", CAPTURE: "capture" })

/**
 * The published files: keys of Orders are kept 6 hours, of Payments 45 days; up to 108 characters. A key that was used
 * before gets the latest status of that request; of two at once the second may fail
 * (developer.paypal.com/reference/guidelines/idempotency).
 */
const idempotency: Idempotency = {
  header: "paypal-request-id",
  retention: Duration.hours(6),
  maxLength: 108,
  scope: "ACCOUNT_AND_OPERATION",
  otherContent: "FIRST_ANSWER",
  concurrent: "MAY_BE_REFUSED",
  storedError: "UNDOCUMENTED"
}
const paymentsIdempotency: Idempotency = { ...idempotency, retention: Duration.days(45) }

/** PayPal: Orders v2 and Payments v2. */
export const paypal = make("paypal", Credentials, {
  baseUrl: { live: "https://api-m.paypal.com", sandbox: "https://api-m.sandbox.paypal.com" },
  auth: bearerToken,
  accessToken: {
    request: (credentials) =>
      withSecret(Http.post("/v1/oauth2/token", { body: form({ grant_type: "client_credentials" }) }), credentials),
    response: (reply) => token(reply, undefined),
    rejection
  },
  account: ({ clientId }) => clientId,
  rejection,
  // developer.paypal.com/api/rate-limiting: a 429 denies the request
  unprocessed: ({ status }) => status === 429,
  idempotency,
  flows: {
    payment: {
      authorize: flow({
        accepts,
        request: ({ input }) => Effect.map(toOrder(input), (body) => post("/v2/checkout/orders", body)),
        response: payment
      }),
      capture: flow({
        request: Effect.fnUntraced(function* ({ input }) {
          const amount = yield* W.toAmount(input.amount)
          const authorizationId = yield* fromState(input, "authorizationId")
          return post(`/v2/payments/authorizations/${authorizationId}/capture`, {
            amount,
            invoice_id: W.toInvoice(input),
            // of all that was reserved there is no more to take; of a part there may be
            final_capture: input.state?.authorized === `${amount.value} ${amount.currency_code}`,
            soft_descriptor: input.statementDescriptor
          })
        }),
        response: json(W.Capture, toCapture),
        idempotency: paymentsIdempotency,
        settle: byOrder((order, input) => {
          const { captures } = partsOf(order)
          const found = captures.find((capture) => isOurs(capture, input))
          if (found !== undefined) return { _tag: "Ours", value: toCaptureIn(order, found) }
          // one without an invoice id may be anybody's
          const known = captures.every(({ invoice_id }) => invoice_id != null)
          // that the authorization counts as captured, with no capture to see, is no proof of another one
          if (captures.length === 0 && toPayment(order).status !== "VOIDED") return { _tag: "Absent" }
          return known && toPayment(order).final ? others(order) : { _tag: "Absent" }
        })
      }),
      void: flow({
        request: ({ input }) =>
          Effect.map(fromState(input, "authorizationId"), (id) => post(`/v2/payments/authorizations/${id}/void`)),
        response: json(W.Authorization, toReleased),
        // the published file gives this endpoint no key; a second void is told by PREVIOUSLY_VOIDED, and moves nothing
        idempotency: "natural",
        settle: byOrder((order, { state }) => {
          const value = toPayment(order)
          const { authorization, authorizations } = partsOf(order)
          const asked = authorizations.find(({ id }) => id === state?.authorizationId) ?? authorization
          if (asked?.status === "VOIDED") return { _tag: "Ours", value }
          // of a status that is not listed it cannot be said that it was not released
          return value.final || value.status === "UNRECOGNIZED" ? others(order) : { _tag: "Absent" }
        })
      }),
      get: flow({ request: ({ input }) => Http.get(orderPath(input)), response: payment }),
      complete: flow({
        request: Effect.fnUntraced(function* ({ input }) {
          const token = input.returned?.token
          if (token !== undefined && token !== input.paymentId)
            return yield* new InvalidField({ field: "returned.token", rule: "that of this payment" })
          // what PayPal completes by itself needs only a question
          if (completesItself(input.state?.processingInstruction)) return Http.get(orderPath(input))
          const action = completion(yield* fromState(input, "intent"))
          return action === undefined ? yield* unchanged("state.intent") : post(`${orderPath(input)}/${action}`, {})
        }),
        response: payment,
        settle: byOrder((order) =>
          // approved and not completed yet: a request that is still on its way may do it
          order.status === "APPROVED" ? { _tag: "Absent" } : { _tag: "Ours", value: toPayment(order) }
        )
      })
    },
    refund: {
      create: flow({
        request: Effect.fnUntraced(function* ({ input }) {
          // one that waited when the state was made may have taken money by now, and PayPal knows
          const waited = input.state?.captureId === undefined && input.state?.pendingCaptureId !== undefined
          const captureId = yield* fromState(input, waited ? "pendingCaptureId" : "captureId")
          return post(`/v2/payments/captures/${captureId}/refund`, {
            amount: yield* W.toAmount(input.amount),
            invoice_id: W.toInvoice(input),
            custom_id: input.reference
          })
        }),
        response: json(W.Refund, (refund, { input }: { readonly input: { readonly paymentId: string } }) =>
          toRefund(refund, input.paymentId)
        ),
        idempotency: paymentsIdempotency,
        settle: byOrder((order, input) => {
          const found = partsOf(order).refunds.find((refund) => isOurs(refund, input))
          return found === undefined ? { _tag: "Absent" } : { _tag: "Ours", value: toRefund(found, order.id) }
        })
      }),
      get: flow({
        request: ({ input }) => Http.get(`/v2/payments/refunds/${input.refundId}`),
        response: json(W.Refund, (refund) => toRefund(refund))
      })
    }
  },
  webhook
})
