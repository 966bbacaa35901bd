import { type CheckResult, cardChecks } from "@connector-service/domain/CardChecks"
import * as P from "@connector-service/domain/Payment"
import { Declined, InvalidCredentials, InvalidField, Rejected } from "@connector-service/domain/Reason"
import type * as R from "@connector-service/domain/Refund"
import type { Unsettled } from "@connector-service/domain/Settlement"
import type { NextAction } from "@connector-service/domain/ThreeDSecure"
import { DateTime, Duration, Effect, Redacted, Schema } from "effect"
import { HttpClientRequest as Http } from "effect/http"
import { flow, type LookUp, make } from "../Connector.ts"
import { type FormValue, form } from "../Form.ts"
import { Conflict, type Finding, json, jsonRejection } from "../Reply.ts"
import { toDecline } from "./declines.ts"
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
  account: Schema.optional(
    Schema.String.check(Schema.isPattern(/^acct_[A-Za-z0-9]{3,64}$/, { expected: "an id that begins with acct_" }))
  )
})
type Credentials = typeof Credentials.Type

// ── Meaning ──────────────────────────────────────────────────────────────────

const paymentStatus: Readonly<Record<string, P.PaymentStatus>> = {
  requires_payment_method: "REQUIRES_ACTION",
  requires_confirmation: "REQUIRES_ACTION",
  requires_action: "REQUIRES_ACTION",
  processing: "PENDING",
  requires_capture: "AUTHORIZED",
  succeeded: "CAPTURED",
  canceled: "VOIDED"
}
const refundStatus: Readonly<Record<string, P.OperationStatus>> = {
  pending: "PENDING",
  requires_action: "PENDING",
  succeeded: "SUCCEEDED",
  failed: "FAILED",
  canceled: "CANCELLED"
}
const check: Readonly<Record<string, CheckResult>> = {
  pass: "MATCH",
  fail: "NO_MATCH",
  unavailable: "UNAVAILABLE",
  unchecked: "UNCHECKED"
}
/** Cancellation reasons that Stripe gives itself when an authorization runs out. */
const ranOut = new Set(["automatic", "expired"])

const statusOf = (intent: W.PaymentIntent): P.PaymentStatus => {
  const status = paymentStatus[intent.status] ?? "UNRECOGNIZED"
  if (intent.status === "requires_payment_method" && intent.last_payment_error != null) return "DECLINED"
  if (status === "AUTHORIZED" && (intent.amount_received ?? 0) > 0) return "PARTIALLY_CAPTURED"
  return status === "VOIDED" && ranOut.has(intent.cancellation_reason ?? "") ? "EXPIRED" : status
}

/** What was given back: a charge counts as refunded also what a partial capture or a cancellation let go. */
const refunded = ({ amount, amount_captured, amount_refunded }: typeof W.Charge.Type): number => {
  const letGo = amount_captured == null ? 0 : amount - amount_captured
  const all = amount_refunded ?? 0
  return all >= letGo ? all - letGo : all
}

const nextAction = ({ client_secret, next_action }: W.PaymentIntent): NextAction | undefined =>
  next_action?.redirect_to_url?.url != null
    ? { _tag: "Redirect", method: "GET", url: next_action.redirect_to_url.url, fields: {} }
    : next_action?.type === "use_stripe_sdk" && client_secret != null
      ? { _tag: "ClientSdk", clientSecret: client_secret }
      : undefined

const toPayment = (intent: W.PaymentIntent): P.Payment => {
  const status = statusOf(intent)
  const charge = typeof intent.latest_charge === "object" ? (intent.latest_charge ?? undefined) : undefined
  const card = charge?.payment_method_details?.card ?? undefined
  const money = (amount: number | null | undefined) =>
    amount == null ? undefined : W.fromAmount(amount, intent.currency)
  return {
    paymentId: intent.id,
    status,
    rawStatus: intent.status,
    final: P.isFinal(status),
    reference: intent.metadata?.reference,
    amount: money(intent.amount),
    amountAuthorized:
      status === "AUTHORIZED"
        ? money(intent.amount_capturable)
        : status === "CAPTURED"
          ? money(charge?.amount)
          : undefined,
    amountCaptured: money(intent.amount_received),
    amountRefunded: charge && money(refunded(charge)),
    authorizationId: typeof intent.latest_charge === "string" ? intent.latest_charge : charge?.id,
    nextAction: status === "REQUIRES_ACTION" ? nextAction(intent) : undefined,
    decline:
      status === "DECLINED" && intent.last_payment_error != null ? toDecline(intent.last_payment_error) : undefined,
    cardChecks: cardChecks({
      addressLine: check[card?.checks?.address_line1_check ?? ""],
      postalCode: check[card?.checks?.address_postal_code_check ?? ""],
      cvc: check[card?.checks?.cvc_check ?? ""]
    }),
    networkTransactionId: card?.network_transaction_id ?? undefined,
    paymentMethodId:
      typeof intent.payment_method === "string" ? intent.payment_method : (intent.payment_method?.id ?? undefined),
    state: {}
  }
}

const captureStatus: Readonly<Partial<Record<P.PaymentStatus, P.OperationStatus>>> = {
  CAPTURED: "SUCCEEDED",
  PARTIALLY_CAPTURED: "SUCCEEDED",
  PENDING: "PENDING"
}

/** A payment intent is captured once, so what it received is what its capture took. */
const toCapture = (intent: W.PaymentIntent): P.Capture => {
  const payment = toPayment(intent)
  return {
    paymentId: payment.paymentId,
    status: captureStatus[payment.status] ?? "UNRECOGNIZED",
    rawStatus: payment.rawStatus,
    reference: intent.metadata?.capture_reference,
    amount: payment.amountCaptured,
    amountCaptured: payment.amountCaptured,
    paymentStatus: payment.status,
    state: payment.state
  }
}

const toRefund = (refund: typeof W.Refund.Type): R.Refund => ({
  refundId: refund.id,
  status: refundStatus[refund.status ?? ""] ?? "UNRECOGNIZED",
  rawStatus: refund.status ?? "",
  paymentId: typeof refund.payment_intent === "string" ? refund.payment_intent : refund.payment_intent?.id,
  reference: refund.metadata?.reference,
  amount: W.fromAmount(refund.amount, refund.currency),
  failureReason: refund.failure_reason ?? undefined,
  state: {}
})

/** Codes that say the object was changed before (docs.stripe.com/error-codes). */
const stateConflicts = new Set([
  "charge_already_captured",
  "charge_already_refunded",
  "charge_disputed",
  "charge_expired_for_capture",
  "payment_intent_unexpected_state"
])

const rejection = jsonRejection(W.ErrorBody, ({ error }, { status }) => {
  const rawCode = error.code ?? error.type ?? ""
  const rawMessage = error.message ?? ""
  if (status === 401 || status === 403)
    return new InvalidCredentials({ description: rawMessage, refusedByProcessor: true })
  if (error.type === "card_error") {
    return new Declined({
      decline: toDecline(error),
      payment: error.payment_intent == null ? undefined : toPayment(error.payment_intent)
    })
  }
  if (error.code === "idempotency_key_in_use") return new Conflict({ kind: "InProgress", rawCode })
  if (error.type === "idempotency_error") return new Conflict({ kind: "Key", rawCode })
  if (stateConflicts.has(rawCode)) return new Conflict({ kind: "State", rawCode })
  return new Rejected({ httpStatus: status, rawCode, rawMessage, rawField: error.param ?? undefined })
})

// ── Finding out ──────────────────────────────────────────────────────────────

const intentPath = ({ paymentId }: { readonly paymentId?: string | undefined }) =>
  `/v1/payment_intents/${paymentId ?? ""}`
const expanded = { expand: ["latest_charge"] }
const getIntent = (input: { readonly paymentId?: string | undefined }) =>
  Http.get(intentPath(input), { urlParams: { "expand[]": "latest_charge" } })

const isOurs = (
  metadata: Readonly<Record<string, string>> | null | undefined,
  { attempt, reference }: Unsettled,
  of = ""
) => metadata?.[`${of}reference`] === reference && metadata?.[`${of}attempt`] === String(attempt)

/** A payment is read by its id, so what is not there yet is settled soon: Stripe ends a request after 80 seconds. */
const byIntent = <Output>(
  find: (intent: W.PaymentIntent, input: Unsettled) => Finding<Output>
): LookUp<Credentials, Output> => ({
  request: ({ input }) => getIntent(input),
  response: json(W.PaymentIntent, (intent, { input }: { readonly input: Unsettled }) => find(intent, input)),
  conclusiveAfter: Duration.minutes(3),
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
  pages: 10
})

const others = (intent: W.PaymentIntent) =>
  ({ _tag: "Others", found: { _tag: "Payment", payment: toPayment(intent) } }) as const

// ── Definition ───────────────────────────────────────────────────────────────

const payment = json(W.PaymentIntent, toPayment)
const refund = json(W.Refund, toRefund)
const post = (path: string, body: { readonly [key: string]: FormValue }) => Http.post(path, { body: form(body) })

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
  auth: (request, { account, secretKey }) =>
    Http.setHeaders(request, {
      authorization: `Bearer ${Redacted.value(secretKey)}`,
      ...(account === undefined ? {} : { "stripe-account": account })
    }),
  environment: ({ secretKey }) => (Redacted.value(secretKey).slice(3, 8) === "live_" ? "live" : "sandbox"),
  account: ({ account = "" }) => account,
  rejection,
  // docs.stripe.com/rate-limits: a 429 was not processed
  unprocessed: ({ status }) => status === 429,
  // docs.stripe.com/error-low-level: Stripe-Should-Retry
  maySendAgain: ({ headers }) => {
    const word = headers["stripe-should-retry"]
    return word === undefined ? undefined : word === "true"
  },
  // docs.stripe.com/api/idempotent_requests: up to 255 characters, kept at least 24 hours
  idempotency: { header: "idempotency-key", retention: Duration.hours(24), maxLength: 255 },
  flows: {
    payment: {
      authorize: flow({
        accepts: ["Card", "NetworkToken", "SavedPaymentMethod"],
        request: Effect.fnUntraced(function* ({ input }) {
          const { options, ...method } = W.paymentMethod(input)
          return post("/v1/payment_intents", {
            amount: yield* W.toAmount(input.amount),
            currency: input.amount.currencyCode.toLowerCase(),
            confirm: true,
            capture_method: input.captureMethod === "MANUAL" ? "manual" : "automatic",
            payment_method_types: ["card"],
            ...method,
            payment_method_options: { card: { ...options, ...W.threeDSecure(input) } },
            customer: input.customer?.id,
            return_url: input.returnUrl,
            description: input.description,
            // cards take a suffix only (docs.stripe.com/api/payment_intents/create)
            statement_descriptor_suffix: input.statementDescriptor,
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
          ({ firstSentAt }, cursor) =>
            Http.get("/v1/payment_intents", {
              urlParams: {
                // five minutes for two clocks that differ
                "created[gte]": Math.floor(DateTime.toEpochMillis(firstSentAt) / 1000) - 300,
                limit: 100,
                ...(cursor === undefined ? {} : { starting_after: cursor }),
                "expand[]": "data.latest_charge"
              }
            }),
          toPayment
        )
      }),
      capture: flow({
        request: Effect.fnUntraced(function* ({ input }) {
          return post(`${intentPath(input)}/capture`, {
            amount_to_capture: yield* W.toAmount(input.amount),
            statement_descriptor_suffix: input.statementDescriptor,
            metadata: yield* metadata(input.metadata, {
              capture_reference: input.reference,
              capture_attempt: input.attempt ?? 1
            }),
            ...expanded
          })
        }),
        response: json(W.PaymentIntent, toCapture),
        settle: byIntent((intent, input) =>
          intent.status === "requires_capture"
            ? { _tag: "Absent" }
            : isOurs(intent.metadata, input, "capture_")
              ? { _tag: "Ours", value: toCapture(intent) }
              : others(intent)
        )
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
          return value.status === "VOIDED" ? { _tag: "Ours", value } : value.final ? others(intent) : { _tag: "Absent" }
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
            amount: yield* W.toAmount(input.amount),
            reason: input.reason && refundReason[input.reason],
            metadata: yield* metadata(input.metadata, { reference: input.reference, attempt: input.attempt ?? 1 })
          })
        }),
        response: refund,
        settle: byList(
          W.Refund,
          ({ paymentId = "" }, cursor) =>
            Http.get("/v1/refunds", {
              urlParams: {
                payment_intent: paymentId,
                limit: 100,
                ...(cursor === undefined ? {} : { starting_after: cursor })
              }
            }),
          toRefund
        )
      }),
      get: flow({ request: ({ input }) => Http.get(`/v1/refunds/${input.refundId}`), response: refund })
    }
  }
})
