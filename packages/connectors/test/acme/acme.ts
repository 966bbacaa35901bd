import { bearer } from "@connector-service/connectors/Auth"
import { flow, make } from "@connector-service/connectors/Connector"
import { json, jsonRejection } from "@connector-service/connectors/Reply"
import type { Payment, PaymentStatus } from "@connector-service/domain/Payment"
import { isFinal } from "@connector-service/domain/Payment"
import { Rejected } from "@connector-service/domain/Reason"
import { Redacted, Schema } from "effect"
import { HttpClientRequest as Http } from "effect/http"

const Credentials = Schema.Struct({ secret: Schema.RedactedFromValue(Schema.String) })
const Charge = Schema.Struct({ id: Schema.String, state: Schema.String, units: Schema.Int, currency: Schema.String })
const Problem = Schema.Struct({ code: Schema.String, detail: Schema.String })

const statuses = new Map<string, PaymentStatus>([
  ["held", "AUTHORIZED"],
  ["paid", "CAPTURED"]
])

const toPayment = ({ currency, id, state, units }: typeof Charge.Type): Payment => {
  const status = statuses.get(state) ?? "UNRECOGNIZED"
  const amount = { minorUnits: BigInt(units), currencyCode: currency }
  return { paymentId: id, status, rawStatus: state, final: isFinal(status), amount, state: { charge: id } }
}

/**
 * A processor that never was, with what Stripe has not: JSON bodies, a field it requires, payment methods it does not
 * take, no idempotency keys, and writes that only a webhook settles.
 */
export const acme = make("acme", Credentials, {
  baseUrl: { live: "https://api.acme.example/v2", sandbox: "https://sandbox.acme.example/v2" },
  auth: bearer(({ secret }) => secret),
  rejection: jsonRejection(
    Problem,
    ({ code, detail }, { status }) => new Rejected({ httpStatus: status, rawCode: code, rawMessage: detail })
  ),
  flows: {
    payment: {
      authorize: flow({
        accepts: ["Card"],
        requires: ["returnUrl"],
        request: ({ input: { amount, paymentMethod, reference, returnUrl } }) =>
          Http.bodyJsonUnsafe(Http.post("/charges"), {
            reference,
            units: Number(amount.minorUnits),
            currency: amount.currencyCode,
            return_to: returnUrl,
            card: {
              pan: Redacted.value(paymentMethod.number),
              cvc: paymentMethod.cvc && Redacted.value(paymentMethod.cvc)
            }
          }),
        response: json(Charge, toPayment)
      }),
      get: flow({
        request: ({ input }) => Http.get(`/charges/${input.paymentId}`),
        response: json(Charge, toPayment)
      })
    }
  }
})
