import { createServer } from "node:http"
import { bearer } from "@connector-service/connectors/Auth"
import { flow, make } from "@connector-service/connectors/Connector"
import { Conflict, type Finding, type Reply } from "@connector-service/connectors/Reply"
import { decline } from "@connector-service/domain/Decline"
import type { AuthorizeRequest, Capture, CompleteRequest, Payment } from "@connector-service/domain/Payment"
import {
  CircuitOpen,
  Declined,
  Overloaded,
  type Reason,
  Rejected,
  UnreadableReply
} from "@connector-service/domain/Reason"
import type { Refund } from "@connector-service/domain/Refund"
import type { Unsettled } from "@connector-service/domain/Settlement"
import { DateTime, Duration, Effect, Schema } from "effect"
import { HttpClientRequest as Http } from "effect/http"

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })

/** A payment with everything in it that an answer can hold. */
export const payment: Payment = {
  paymentId: "p-1",
  status: "REQUIRES_ACTION",
  rawStatus: "action",
  final: false,
  reference: "r-1",
  amount: eur(1000n),
  amountAuthorized: eur(1000n),
  amountCaptured: eur(0n),
  amountRefunded: eur(0n),
  authorizationId: "a-1",
  captureId: "c-1",
  nextAction: {
    _tag: "QrCode",
    data: "qr",
    url: "https://pay.example/",
    expiresAt: DateTime.makeUnsafe(1_800_000_000_000)
  },
  cardChecks: { cvc: "MATCH", cvcCode: "M" },
  networkTransactionId: "n-1",
  paymentMethodId: "m-1",
  state: { order: "o-1" }
}
/** The same for a capture. */
export const capture: Capture = {
  paymentId: "p-1",
  status: "SUCCEEDED",
  rawStatus: "done",
  captureId: "c-1",
  reference: "r-1",
  amount: eur(500n),
  amountCaptured: eur(500n),
  paymentStatus: "PARTIALLY_CAPTURED",
  state: { order: "o-1" }
}
/** The same for a refund. */
export const refund: Refund = {
  refundId: "f-1",
  status: "FAILED",
  rawStatus: "no",
  paymentId: "p-1",
  reference: "r-1",
  amount: eur(500n),
  failureReason: "closed",
  decline: decline("CARD_NOT_SUPPORTED", { rawCode: "x1", rawMessage: "closed account" }),
  state: { order: "o-1" }
}

const failures: Readonly<Record<string, Reason | Conflict>> = {
  declined: new Declined({ decline: decline("INSUFFICIENT_FUNDS", { rawCode: "51" }) }),
  rejected: new Rejected({ httpStatus: 422, rawCode: "bad", rawMessage: "Bad field", rawField: "x" }),
  overloaded: new Overloaded({ retryAfter: Duration.minutes(1) }),
  "circuit-open": new CircuitOpen({ retryAfter: Duration.minutes(1) }),
  unreadable: new UnreadableReply({ httpStatus: 200, description: "not JSON" }),
  state: new Conflict({ kind: "State", rawCode: "wrong_state" }),
  key: new Conflict({ kind: "Key", rawCode: "key_used" })
}

interface Named {
  readonly reference?: string
  readonly paymentId?: string
  readonly refundId?: string
}

/** Answers with `value`, unless the input's own name says how it fails. */
const says =
  <A>(value: A) =>
  (_: Reply, { input }: { readonly input: Named }): Effect.Effect<A, Reason | Conflict> => {
    const failure = failures[input.reference ?? input.paymentId ?? input.refundId ?? ""]
    return failure === undefined ? Effect.succeed(value) : Effect.fail(failure)
  }

const at = ({ paymentId, reference, refundId }: Named) => `/${reference ?? paymentId ?? refundId}`
const post = ({ input }: { readonly input: Named }) => Http.post(at(input))
const get = ({ input }: { readonly input: Named }) => Http.get(at(input))

const other: Finding<never> = {
  _tag: "Others",
  found: { _tag: "Payment", payment: { ...payment, status: "VOIDED", final: true } }
}

/** Finds what the reference says: its own, another one, or nothing. */
const settle = <A>(own: A) => ({
  request: ({ input }: { readonly input: Unsettled }) => Http.get(`/found/${input.reference}`),
  response: (_: Reply, { input }: { readonly input: Unsettled }): Effect.Effect<Finding<A>> =>
    Effect.succeed(
      input.reference === "taken"
        ? { _tag: "Ours", value: own }
        : input.reference === "not-there" || input.reference === "fails"
          ? { _tag: "Absent" }
          : other
    ),
  conclusiveAfter: Duration.minutes(10),
  pages: 1
})

const Credentials = Schema.Struct({ secret: Schema.RedactedFromValue(Schema.String) })

type Credentials = typeof Credentials.Type

const about = {
  baseUrl: { live: "https://live.invalid", sandbox: "https://sandbox.invalid" },
  auth: bearer(({ secret }: Credentials) => secret),
  rejection: () => Effect.fail(new Rejected({ httpStatus: 400, rawCode: "", rawMessage: "" })),
  unprocessed: ({ status }: Reply) => status === 429,
  idempotency: {
    header: "x-key",
    retention: Duration.hours(1),
    maxLength: 60,
    scope: "ACCOUNT",
    otherContent: "REFUSED",
    concurrent: "REFUSED",
    storedError: "REPLAYED"
  } as const
}

/** A processor that never was: every flow, and each input says how its call ends. */
export const scripted = make("scripted", Credentials, {
  ...about,
  flows: {
    payment: {
      authorize: flow<Credentials, AuthorizeRequest, Payment, "Card">({
        accepts: ["Card"],
        request: post,
        response: says(payment),
        settle: settle<Payment>({ ...payment, status: "CAPTURED" })
      }),
      capture: flow({ request: post, response: says(capture), settle: settle(capture) }),
      void: flow({ request: post, response: says(payment) }),
      reverse: flow({ request: post, response: says(payment) }),
      get: flow({ request: get, response: says(payment) }),
      complete: flow<Credentials, CompleteRequest, Payment, never, "returned">({
        requires: ["returned"],
        request: post,
        response: says(payment)
      })
    },
    refund: {
      create: flow({ request: post, response: says(refund) }),
      get: flow({ request: get, response: says(refund) })
    }
  }
})

/** One that has a single flow. */
export const few = make("few", Credentials, {
  ...about,
  flows: { payment: { get: flow({ request: get, response: says(payment) }) } }
})

/** One that is never there. */
export const gone = make("gone", Credentials, { ...about, flows: scripted.flows })

/** All of them. */
export const connectors = [scripted, few, gone]

/** An account's credentials. */
export const secret = "sk-scripted"

/** The HTTP under it: the last part of a path says how it answers, where that is not with 200. */
export const startProcessor = async () => {
  const statuses: Readonly<Record<string, number>> = { "/limited": 429, "/fails": 500 }
  const server = createServer((request, response) => {
    response.statusCode = statuses[request.url ?? ""] ?? 200
    response.setHeader("retry-after", "60")
    response.end("{}")
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const bound = server.address()
  return {
    url: `http://127.0.0.1:${typeof bound === "object" ? bound?.port : ""}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      })
  }
}
