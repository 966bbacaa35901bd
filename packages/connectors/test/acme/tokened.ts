import { bearerToken } from "@connector-service/connectors/Auth"
import { flow, make } from "@connector-service/connectors/Connector"
import { json } from "@connector-service/connectors/Reply"
import { InvalidCredentials } from "@connector-service/domain/Reason"
import { Duration, Effect, Redacted, Schema } from "effect"
import { HttpClientRequest as Http } from "effect/http"
import { Charge, keyed, toPayment } from "./keyed.ts"

const Token = Schema.Struct({ access_token: Schema.String, expires_in: Schema.Int })

/** Keyed, behind access tokens (RFC 6749 section 4.4). */
export const tokened = make("tokened", keyed.credentials, {
  ...keyed,
  auth: bearerToken,
  accessToken: {
    request: ({ secret }) => Http.basicAuth(Http.post("/token"), "acme", secret),
    response: json(Token, ({ access_token, expires_in }) => ({
      value: Redacted.make(access_token, { label: "access token" }),
      lifetime: Duration.seconds(expires_in)
    })),
    rejection: ({ status }) =>
      Effect.fail(new InvalidCredentials({ description: `HTTP ${status}`, refusedByProcessor: true }))
  }
})

const Trade = Schema.Struct({ traded: Schema.String })

/** Keyed, but a saved payment method is first traded for what an authorization takes. */
export const trading = make("trading", keyed.credentials, {
  ...keyed,
  flows: {
    payment: {
      authorize: flow({
        accepts: ["Card", "SavedPaymentMethod"],
        before: {
          request: ({ input: { paymentMethod } }) =>
            paymentMethod._tag === "SavedPaymentMethod" ? Http.post(`/trades/${paymentMethod.id}`) : undefined,
          response: json(Trade, ({ traded }) => Redacted.make(traded))
        },
        request: ({ before, input: { amount, reference } }) =>
          Http.bodyJsonUnsafe(Http.post("/charges"), {
            reference,
            units: Number(amount.minorUnits),
            traded: before && Redacted.value(before)
          }),
        response: json(Charge, toPayment)
      })
    }
  }
})
