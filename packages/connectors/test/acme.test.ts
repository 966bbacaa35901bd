import { acme } from "./acme/acme.ts"
import { describeConnector } from "./kit.ts"

const charge = { id: "c_1", state: "held", units: 1000, currency: "EUR" }

describeConnector(
  acme,
  { credentials: { secret: "made-up-secret" }, environment: "live" },
  {
    "payment.authorize": [
      {
        input: {
          reference: "order-1",
          amount: { minorUnits: 1000n, currencyCode: "EUR" },
          captureMethod: "MANUAL",
          returnUrl: "https://shop.example/back",
          // docs.stripe.com/testing
          paymentMethod: { _tag: "Card", number: "4000056655665556", expiryMonth: 8, expiryYear: 2030, cvc: "737" }
        },
        sends: {
          method: "POST",
          path: "/charges",
          headers: { authorization: "Bearer made-up-secret" },
          contentType: "application/json",
          body: {
            reference: "order-1",
            units: 1000,
            currency: "EUR",
            return_to: "https://shop.example/back",
            card: { pan: "4000056655665556", cvc: "737" }
          }
        },
        reads: [
          {
            reply: { status: 201, body: charge },
            as: { paymentId: "c_1", status: "AUTHORIZED", rawStatus: "held", final: false, state: { charge: "c_1" } }
          },
          {
            reply: { status: 200, body: { ...charge, state: "dreaming" } },
            as: { status: "UNRECOGNIZED", rawStatus: "dreaming" }
          },
          { reply: { status: 200, body: { ...charge, units: 100 } }, as: { _tag: "AmountMismatch" } },
          {
            reply: { status: 422, body: { code: "bad_card", detail: "No." } },
            as: { _tag: "Rejected", httpStatus: 422, rawCode: "bad_card", rawMessage: "No." }
          },
          // nothing says that a 429 was not processed, so for all that is known it was
          { reply: { status: 429 }, as: { _tag: "UnknownOutcome" } }
        ]
      }
    ],
    "payment.get": [
      {
        input: { paymentId: "c_1" },
        sends: { method: "GET", path: "/charges/c_1" },
        reads: [{ reply: { status: 200, body: { ...charge, state: "paid" } }, as: { status: "CAPTURED", final: true } }]
      }
    ]
  }
)
