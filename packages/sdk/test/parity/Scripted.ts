import { createServer } from "node:http"
import { bearer } from "@connector-service/connectors/Auth"
import { flow, make } from "@connector-service/connectors/Connector"
import { Conflict, type Finding, type Reply } from "@connector-service/connectors/Reply"
import type { AuthorizeRequest, CompleteRequest, Payment } from "@connector-service/domain/Payment"
import {
  CircuitOpen,
  Declined,
  Overloaded,
  type Reason,
  Rejected,
  UnreadableReply
} from "@connector-service/domain/Reason"
import { InvalidSignature, StaleTimestamp } from "@connector-service/domain/Refusal"
import type { Unsettled } from "@connector-service/domain/Settlement"
import { type Delivery, only } from "@connector-service/webhooks/Delivery"
import * as Webhook from "@connector-service/webhooks/Webhook"
import { Duration, Effect, Schema } from "effect"
import { HttpClientRequest as Http } from "effect/http"
import {
  capture,
  captured,
  found,
  nextActions,
  payment,
  received,
  refund,
  refusal,
  refused,
  unverified,
  voided
} from "./Answers.ts"
import { requests } from "./Requests.ts"

const failures: Readonly<Record<string, Reason | Conflict>> = {
  declined: new Declined({ decline: refusal, payment: refused }),
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
  <A>(value: A | ((named: Named) => A)) =>
  (_: Reply, { input }: { readonly input: Named }): Effect.Effect<A, Reason | Conflict> => {
    const failure = failures[nameOf(input)]
    if (failure !== undefined) return Effect.fail(failure)
    // no answer is a function
    return Effect.succeed(typeof value === "function" ? (value as (named: Named) => A)(input) : value)
  }

const nameOf = ({ paymentId, reference, refundId }: Named): string => reference ?? paymentId ?? refundId ?? ""

/** By their ids: the payment made before, one refused, one under a key used before, and one for every next action. */
const payments: ReadonlyMap<string, Payment> = new Map([
  ["refused", refused],
  ["key", voided],
  [requests.payment.authorize.earlierPayment.paymentId, voided],
  ...Object.values(nextActions).map((nextAction) => [nextAction._tag, { ...payment, nextAction }] as const)
])
const lookedAt = (named: Named): Payment => payments.get(nameOf(named)) ?? payment

/** What the builders were given, in the order in which they were called. */
const built: Array<unknown> = []

/** What the builders were given since this was last called. */
export const takeBuilt = (): ReadonlyArray<unknown> => built.splice(0)

const keep = (input: Named): string => {
  built.push(input)
  return `/${nameOf(input)}`
}
const post = ({ input }: { readonly input: Named }) => Http.post(keep(input))
const get = ({ input }: { readonly input: Named }) => Http.get(keep(input))

const other: Finding<never> = { _tag: "Others", found: found.Payment }

/** Finds what the reference says: its own, another one, or nothing. */
const settle = <A>(own: (unsettled: Unsettled) => A) => ({
  request: ({ input }: { readonly input: Unsettled }) => {
    built.push(input)
    return Http.get(`/found/${input.reference}`)
  },
  response: (_: Reply, { input }: { readonly input: Unsettled }): Effect.Effect<Finding<A>> =>
    Effect.succeed(
      input.reference === "taken" || input.reference === "key"
        ? { _tag: "Ours", value: own(input) }
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

/** What a delivery says that it is: the text before the bytes that are none. */
const said = (delivery: Delivery): string => Buffer.from(delivery.body.subarray(0, -2)).toString()

/** Signed with a secret's own key, in a header; one that says so is old, or has to be asked about first. */
const webhook = Webhook.make(Schema.Struct({ key: Schema.String }), {
  acknowledgement: received.acknowledgement,
  verify: (delivery, secrets) => {
    const signature = only(delivery, "x-signature")
    if (!secrets.some(({ key }) => key === signature)) return Webhook.refused(new InvalidSignature())
    if (said(delivery) === "stale") return Webhook.refused(new StaleTimestamp())
    const request = Http.post(`/${said(delivery)}`)
    return said(delivery) === "all"
      ? Webhook.proven
      : { _tag: "Asking", question: { request, as: "account", lasting: false }, answered: () => Webhook.proven }
  },
  events: (delivery) => {
    built.push({ delivery })
    return said(delivery) === "all" ? received.events : said(delivery) === "nothing" ? [] : undefined
  },
  route: (delivery) => {
    built.push({ delivery })
    return said(delivery) === "identified" ? unverified : undefined
  }
})

/** A processor that never was: every flow, and each input says how its call ends. */
export const scripted = make("scripted", Credentials, {
  ...about,
  webhook,
  flows: {
    payment: {
      authorize: flow<Credentials, AuthorizeRequest, Payment>({
        request: post,
        response: says(payment),
        settle: settle((unsettled) => payments.get(unsettled.paymentId ?? unsettled.reference) ?? captured)
      }),
      capture: flow({ request: post, response: says(capture), settle: settle(() => capture) }),
      void: flow({ request: post, response: says(payment) }),
      reverse: flow({ request: post, response: says(payment) }),
      get: flow({ request: get, response: says(lookedAt) }),
      complete: flow<Credentials, CompleteRequest, Payment, never, "returned">({
        requires: ["returned"],
        request: post,
        response: says(payment)
      })
    },
    refund: {
      create: flow({ request: post, response: says(refund), settle: settle(() => refund) }),
      get: flow({ request: get, response: says(refund) })
    }
  }
})

/** One that has a single flow. */
export const few = make("few", Credentials, {
  ...about,
  flows: { payment: { get: flow({ request: get, response: says(payment) }) } }
})

/** One that is never there, and takes only cards. */
export const gone = make("gone", Credentials, {
  ...about,
  flows: {
    payment: {
      authorize: flow<Credentials, AuthorizeRequest, Payment, "Card">({
        accepts: ["Card"],
        request: post,
        response: says(payment)
      })
    }
  }
})

/** All of them. */
export const connectors = [scripted, few, gone]

/** An account's credentials. */
export const secret = "sk-scripted"
/** The secrets of its webhooks, while one replaces the other. */
export const webhookSecrets = [{ key: "wh-old" }, { key: "wh-new" }]

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
