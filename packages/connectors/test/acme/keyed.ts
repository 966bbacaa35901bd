import { flow, make } from "@connector-service/connectors/Connector"
import { Conflict, json, jsonRejection } from "@connector-service/connectors/Reply"
import { decline } from "@connector-service/domain/Decline"
import { isFinal, type Payment } from "@connector-service/domain/Payment"
import { Declined, InvalidCredentials, Rejected } from "@connector-service/domain/Reason"
import type { Unsettled } from "@connector-service/domain/Settlement"
import { Duration, Schema } from "effect"
import { HttpClientRequest as Http } from "effect/http"
import { acme } from "./acme.ts"

/** What it answers to a charge. */
export const Charge = Schema.Struct({
  id: Schema.String,
  state: Schema.Literals(["held", "paid", "released"]),
  units: Schema.Int,
  reference: Schema.String
})
const Page = Schema.Struct({ data: Schema.Array(Charge), more: Schema.Boolean })
const Problem = Schema.Struct({ code: Schema.String })

/** A charge, as a payment. */
export const toPayment = ({ id, reference, state, units }: typeof Charge.Type): Payment => {
  const status = ({ held: "AUTHORIZED", paid: "CAPTURED", released: "VOIDED" } as const)[state]
  const amount = { minorUnits: BigInt(units), currencyCode: "EUR" }
  return { paymentId: id, status, rawStatus: state, final: isFinal(status), reference, amount, state: {} }
}

const conflicts = new Map([
  ["running", "InProgress"],
  ["reused", "Key"],
  ["done", "State"]
] as const)
type Conflicting = "running" | "reused" | "done"

/** How many pages of a look-up are read, and how old a write must be for its absence to prove anything. */
export const lookUp = { pages: 3, conclusiveAfter: Duration.minutes(10) }

/** A processor that never was, which keeps idempotency keys for a day and lists what it has. */
export const keyed = make("keyed", acme.credentials, {
  baseUrl: acme.baseUrl,
  auth: acme.auth,
  rejection: jsonRejection(Problem, ({ code }, { status }) => {
    const kind = conflicts.get(code as Conflicting)
    if (kind !== undefined) return new Conflict({ kind, rawCode: code })
    if (status === 401) return new InvalidCredentials({ description: code, refusedByProcessor: true })
    return status === 402
      ? new Declined({ decline: decline("DO_NOT_HONOR", { rawCode: code }) })
      : new Rejected({ httpStatus: status, rawCode: code, rawMessage: "" })
  }),
  unprocessed: ({ status }) => status === 429,
  maySendAgain: ({ headers }) => (headers["x-again"] === undefined ? undefined : headers["x-again"] === "yes"),
  idempotency: {
    header: "x-key",
    retention: Duration.hours(24),
    maxLength: 60,
    scope: "ACCOUNT",
    otherContent: "REFUSED",
    concurrent: "REFUSED",
    storedError: "REPLAYED"
  },
  flows: {
    payment: {
      authorize: flow({
        accepts: ["Card"],
        request: ({ input: { amount, reference } }) =>
          Http.bodyJsonUnsafe(Http.post("/charges"), { reference, units: Number(amount.minorUnits) }),
        response: json(Charge, toPayment),
        settle: {
          ...lookUp,
          request: (_, cursor) => Http.get("/charges", { urlParams: cursor === undefined ? {} : { after: cursor } }),
          response: json(Page, ({ data, more }, { input }: { readonly input: Unsettled }) => {
            const found = data.find(({ reference }) => reference === input.reference)
            if (found !== undefined) return { _tag: "Ours", value: toPayment(found) } as const
            return more ? ({ _tag: "More", cursor: data.at(-1)?.id ?? "" } as const) : ({ _tag: "Absent" } as const)
          })
        }
      }),
      get: flow({ request: ({ input }) => Http.get(`/charges/${input.paymentId}`), response: json(Charge, toPayment) })
    }
  }
})
