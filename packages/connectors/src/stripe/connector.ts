import { InvalidField } from "@connector-service/domain/Reason"
import type { Unsettled } from "@connector-service/domain/Settlement"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Http from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { bearer } from "../Auth.ts"
import { flow, type LookUp, make } from "../Connector.ts"
import { type FormValue, form } from "../Form.ts"
import { type Finding, json } from "../Reply.ts"
import { rejection, toCapture, toPayment, toRefund } from "./meaning.ts"
import * as M from "./methods.ts"
import { webhook } from "./webhook.ts"
import * as W from "./wire.ts"

// ── Credentials ──────────────────────────────────────────────────────────────

/** A secret or restricted API key, and for Connect platforms the account to act for. */
const Credentials = Schema.Struct({
  secretKey: Schema.RedactedFromValue(
    Schema.String.check(
      Schema.isPattern(/^[rs]k_(?:test|live)_[A-Za-z0-9_]{3,250}$/, {
        expected: "a key that begins with sk_test_, sk_live_, rk_test_ or rk_live_"
      })
    ),
    { label: "secretKey" }
  ),
  account: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^acct_[A-Za-z0-9]{3,64}$/, { expected: "an id that begins with acct_" }))
  )
})
/** What Stripe's API is called with; where a caller gives it, a text needs not be Redacted. */
export type Credentials = typeof Credentials.Type

// ── Finding out ──────────────────────────────────────────────────────────────

const intentPath = ({ paymentId }: { readonly paymentId?: string | undefined }) =>
  `/v1/payment_intents/${paymentId ?? ""}`
const expanded = { expand: ["latest_charge"] }
const getIntent = (input: { readonly paymentId?: string | undefined }) =>
  Http.get(intentPath(input), { urlParams: { "expand[]": "latest_charge" } })

const isOurs = (
  metadata: Readonly<Record<string, string>> | null | undefined,
  { attempt = 1, reference }: Unsettled,
  of = ""
) => metadata?.[`${of}reference`] === reference && metadata?.[`${of}attempt`] === String(attempt)

/** A payment is read by its id, and shows at once what was done to it. */
const byIntent = <Output>(
  find: (intent: W.PaymentIntent, input: Unsettled) => Finding<Output>
): LookUp<Credentials, Output> => ({
  requires: ["paymentId"],
  request: ({ input }) => getIntent(input),
  response: json(W.PaymentIntent, (intent, { input }: { readonly input: Unsettled }) => find(intent, input)),
  pages: 1
})

/**
 * Lists are read newest first. Stripe does not say how soon a list shows a new object; an hour is the longest that it
 * says its search may lag (docs.stripe.com/api/payment_intents/search), so absence counts only after that.
 */
const byList = <
  Item extends { readonly id: string; readonly metadata?: Readonly<Record<string, string>> | null | undefined },
  Output
>(
  item: Schema.ConstraintDecoder<Item>,
  request: (input: Unsettled, cursor: string | undefined) => Http.HttpClientRequest,
  meaning: (item: Item) => Output
): LookUp<Credentials, Output> => ({
  request: ({ input }, cursor) => request(input, cursor),
  response: json(W.list(item), ({ data, has_more }, { input }: { readonly input: Unsettled }): Finding<Output> => {
    const found = data.find(({ metadata }) => isOurs(metadata, input))
    const last = data.at(-1)
    if (found !== undefined) return { _tag: "Ours", value: meaning(found) }
    return has_more && last !== undefined ? { _tag: "More", cursor: last.id } : { _tag: "Absent" }
  }),
  conclusiveAfter: Duration.minutes(65),
  pages: 100
})

const page = (cursor: string | undefined) => ({
  limit: 100,
  ...(cursor === undefined ? {} : { starting_after: cursor })
})

/** A day, in seconds: more than a clock is wrong by that was set in another time zone. */
const day = 86_400
const seconds = (at: DateTime.Utc) => Math.floor(DateTime.toEpochMillis(at) / 1000)

const others = (intent: W.PaymentIntent) =>
  ({ _tag: "Others", found: { _tag: "Payment", payment: toPayment(intent) } }) as const

// ── Definition ───────────────────────────────────────────────────────────────

const payment = json(W.PaymentIntent, toPayment)
const refund = json(W.Refund, toRefund)
const post = (path: string, body: { readonly [key: string]: FormValue }) => Http.post(path, { body: form(body) })

const withKey = bearer<Credentials>(({ secretKey }) => secretKey)

/** Our names in Stripe's metadata, beside the caller's own. */
const reserved = new Set(["reference", "attempt", "order_reference", "capture_reference", "capture_attempt"])
const metadata = (
  own: Readonly<Record<string, string>> | undefined,
  ours: Readonly<Record<string, string | number | undefined>>
) =>
  Object.keys(own ?? {}).some((key) => reserved.has(key))
    ? Effect.fail(new InvalidField({ field: "metadata", rule: `free of the keys ${[...reserved].join(", ")}` }))
    : Effect.succeed({ ...own, ...ours })

const voidReason = {
  REQUESTED_BY_CUSTOMER: "requested_by_customer",
  DUPLICATE: "duplicate",
  FRAUDULENT: "fraudulent",
  ABANDONED: "abandoned"
} as const
const refundReason = {
  REQUESTED_BY_CUSTOMER: "requested_by_customer",
  DUPLICATE: "duplicate",
  FRAUDULENT: "fraudulent"
} as const

/** Stripe: Payment Intents and Refunds, API version 2023-08-16. */
export const stripe = make("stripe", Credentials, {
  baseUrl: { live: "https://api.stripe.com", sandbox: "https://api.stripe.com" },
  headers: { "stripe-version": "2023-08-16" },
  auth: (request, credentials) => {
    const authorized = withKey(request, credentials)
    return credentials.account === undefined
      ? authorized
      : Http.setHeader(authorized, "stripe-account", credentials.account)
  },
  environment: ({ secretKey }) => (Redacted.value(secretKey).slice(3, 8) === "live_" ? "live" : "sandbox"),
  account: ({ account = "" }) => account,
  rejection,
  // docs.stripe.com/rate-limits: a 429 was not processed
  unprocessed: ({ status }) => status === 429,
  // docs.stripe.com/rate-limits: 100 requests a second live and 25 in a sandbox, once for reads and writes each, of late for
  // both together. An endpoint's own 25, which Stripe raises by account, is left to its 429, which is known unprocessed.
  protection: { rate: { live: { read: 100, write: 100 }, sandbox: { read: 25, write: 25 } } },
  // docs.stripe.com/error-low-level: Stripe-Should-Retry
  maySendAgain: ({ headers }) => {
    const word = headers["stripe-should-retry"]
    return word === undefined ? undefined : word === "true"
  },
  // docs.stripe.com/api/idempotent_requests: up to 255 characters, kept at least 24 hours; parameters are compared, and
  // a result is kept whatever it is, "including 500 errors", but for a conflict with a request that still runs
  idempotency: {
    header: "idempotency-key",
    retention: Duration.hours(24),
    maxLength: 255,
    scope: "ACCOUNT",
    otherContent: "REFUSED",
    concurrent: "REFUSED",
    storedError: "REPLAYED"
  },
  flows: {
    payment: {
      authorize: flow({
        accepts: M.accepted,
        before: {
          request: ({ input }) => {
            const body = M.toToken(input)
            return body && post("/v1/tokens", body)
          },
          response: json(W.Token, ({ id }) => Redacted.make(id, { label: "card token" }))
        },
        request: Effect.fnUntraced(function* ({ before, input }) {
          return post("/v1/payment_intents", {
            amount: yield* W.toAmount(input.amount),
            currency: input.amount.currencyCode.toLowerCase(),
            confirm: true,
            capture_method: input.captureMethod === "MANUAL" ? "manual" : "automatic",
            ...(yield* M.paymentMethod(input, before)),
            customer: input.customer?.id,
            return_url: input.returnUrl,
            description: input.description,
            shipping: W.shipping(input),
            metadata: yield* metadata(input.metadata, {
              reference: input.reference,
              attempt: input.attempt ?? 1,
              order_reference: input.orderReference
            }),
            ...expanded
          })
        }),
        response: payment,
        settle: byList(
          W.PaymentIntent,
          ({ firstSentAt, lastSentAt }, cursor) =>
            Http.get("/v1/payment_intents", {
              urlParams: {
                ...(firstSentAt === undefined ? {} : { "created[gte]": seconds(firstSentAt) - day }),
                ...(lastSentAt === undefined ? {} : { "created[lte]": seconds(lastSentAt) + day }),
                ...page(cursor),
                "expand[]": "data.latest_charge"
              }
            }),
          toPayment
        )
      }),
      capture: flow({
        request: Effect.fnUntraced(function* ({ input }) {
          return post(`${intentPath(input)}/capture`, {
            amount_to_capture: yield* W.toPartOf(input),
            statement_descriptor_suffix: input.statementDescriptor,
            metadata: yield* metadata(input.metadata, {
              capture_reference: input.reference,
              capture_attempt: input.attempt ?? 1
            }),
            ...expanded
          })
        }),
        response: json(W.PaymentIntent, toCapture),
        settle: {
          ...byIntent((intent, input) =>
            intent.status === "requires_capture"
              ? { _tag: "Absent" }
              : isOurs(intent.metadata, input, "capture_")
                ? { _tag: "Ours", value: toCapture(intent) }
                : others(intent)
          ),
          // Stripe's libraries wait 80 seconds for a request to end (github.com/stripe/stripe-node, default timeout)
          conclusiveAfter: Duration.minutes(3)
        }
      }),
      void: flow({
        request: ({ input }) =>
          post(`${intentPath(input)}/cancel`, {
            cancellation_reason: input.reason && voidReason[input.reason],
            ...expanded
          }),
        response: payment,
        settle: byIntent((intent) => {
          const value = toPayment(intent)
          if (value.status === "VOIDED") return { _tag: "Ours", value }
          // of a status that is not listed it cannot be said that it was not released
          return value.final || value.status === "UNRECOGNIZED" ? others(intent) : { _tag: "Absent" }
        })
      }),
      get: flow({ request: ({ input }) => getIntent(input), response: payment }),
      // Stripe goes on by itself when the payer comes back, so there is nothing to send but a question
      complete: flow({
        request: ({ input }) => getIntent(input),
        response: payment,
        settle: byIntent((intent) => ({ _tag: "Ours", value: toPayment(intent) }))
      })
    },
    refund: {
      create: flow({
        request: Effect.fnUntraced(function* ({ input }) {
          return post("/v1/refunds", {
            payment_intent: input.paymentId,
            amount: yield* W.toPartOf(input),
            reason: input.reason && refundReason[input.reason],
            metadata: yield* metadata(input.metadata, { reference: input.reference, attempt: input.attempt ?? 1 })
          })
        }),
        response: refund,
        settle: {
          ...byList(
            W.Refund,
            ({ paymentId = "" }, cursor) =>
              Http.get("/v1/refunds", { urlParams: { payment_intent: paymentId, ...page(cursor) } }),
            toRefund
          ),
          requires: ["paymentId"]
        }
      }),
      get: flow({ request: ({ input }) => Http.get(`/v1/refunds/${input.refundId}`), response: refund })
    }
  },
  webhook
})
