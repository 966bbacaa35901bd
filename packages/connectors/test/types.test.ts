import { type Flow, flow, make } from "@connector-service/connectors/Connector"
import { json } from "@connector-service/connectors/Reply"
import type { GetRequest, Payment } from "@connector-service/domain/Payment"
import { MissingField } from "@connector-service/domain/Reason"
import { Effect, Schema } from "effect"
import { HttpClientRequest as Http, HttpClient } from "effect/http"
import { describe, expect, it } from "vitest"
import { acme } from "./acme/acme.ts"

const Body = Schema.Struct({ id: Schema.String })
const payment = (paymentId: string): Payment => ({
  paymentId,
  status: "CAPTURED",
  rawStatus: "",
  final: true,
  state: {}
})
const captured = json(Body, ({ id }) => payment(id))
const get = flow<typeof acme.credentials.Type, GetRequest, Payment>({
  request: ({ input }) => Http.get(`/${input.paymentId}`),
  response: captured
})

/** Definitions with one mistake each; the type checker refuses every one, or this file does not compile. */
export const mistakes = {
  misspeltMethod: () =>
    make("x", acme.credentials, {
      ...acme,
      flows: {
        payment: {
          get,
          // @ts-expect-error no such method
          captur: get
        }
      }
    }),
  misspeltService: () =>
    make("x", acme.credentials, {
      ...acme,
      flows: {
        payment: {},
        // @ts-expect-error no such service
        refnd: {}
      }
    }),
  network: () =>
    make("x", acme.credentials, {
      ...acme,
      flows: {
        payment: {
          get: flow({
            // @ts-expect-error a builder has no HttpClient to reach for
            request: ({ input }) => Effect.as(HttpClient.get(`/${input.paymentId}`), Http.get("/")),
            response: captured
          })
        }
      }
    }),
  fieldNotRequired: () =>
    make("x", acme.credentials, {
      ...acme,
      flows: {
        payment: {
          authorize: flow({
            accepts: ["Card"],
            // @ts-expect-error returnUrl may be undefined: it is not required
            request: ({ input }) => Http.get(`/${input.returnUrl.length}`),
            response: captured
          })
        }
      }
    }),
  methodNotAccepted: () =>
    make("x", acme.credentials, {
      ...acme,
      flows: {
        payment: {
          authorize: flow({
            accepts: ["Card"],
            // @ts-expect-error only a saved payment method has an id
            request: ({ input }) => Http.get(`/${input.paymentMethod.id}`),
            response: captured
          })
        }
      }
    }),
  statusOutsideVocabulary: () =>
    make("x", acme.credentials, {
      ...acme,
      flows: {
        payment: {
          // @ts-expect-error no such status
          get: flow({
            request: ({ input }) => Http.get(`/${input.paymentId}`),
            response: json(Body, ({ id }) => ({ ...payment(id), status: "SETTLED" as const }))
          })
        }
      }
    }),
  fieldNotRead: () =>
    make("x", acme.credentials, {
      ...acme,
      flows: {
        payment: {
          get: flow({
            request: ({ input }) => Http.get(`/${input.paymentId}`),
            // @ts-expect-error the schema reads no such field
            response: json(Body, ({ ident }) => payment(ident))
          })
        }
      }
    }),
  credentialNotThere: () =>
    make("x", acme.credentials, {
      ...acme,
      flows: {
        payment: {
          get: flow({
            // @ts-expect-error the credentials have no such field
            request: ({ credentials }) => Http.get(`/${credentials.merchantId}`),
            response: captured
          })
        }
      }
    })
}

/** What the same checks allow. */
export const allowed = {
  fails: () =>
    make("x", acme.credentials, {
      ...acme,
      flows: {
        payment: {
          authorize: flow({
            accepts: ["Card", "SavedPaymentMethod"],
            requires: ["returnUrl"],
            request: Effect.fnUntraced(function* ({ input }) {
              if (input.amount.currencyCode === "USD") return yield* new MissingField({ field: "description" })
              return Http.get(`/${input.paymentMethod._tag}/${input.returnUrl.length}`)
            }),
            response: captured
          })
        }
      }
    }),
  deployedElsewhere: () =>
    make("acme_eu", acme.credentials, {
      ...acme,
      baseUrl: { live: "https://eu.acme.example", sandbox: "https://sandbox.eu.acme.example" }
    })
}

describe("definitions", () => {
  it("with the eight mistakes above do not compile", () => {
    expect(Object.keys(mistakes).length).toBe(8)
  })

  it("that are right do, and a regional deployment keeps its flows", () => {
    const flows: ReadonlyArray<Flow<never, never, unknown> | undefined> = Object.values(
      allowed.deployedElsewhere().flows.payment ?? {}
    )
    expect(flows.length).toBe(2)
    expect(allowed.fails().flows.payment?.authorize?.requires).toEqual(["returnUrl"])
  })
})
