import type { Sends, Table } from "../Table.ts"
import { charge, error, intent, missing, ok, reserved, voided } from "./replies.ts"

type Cases<Name extends keyof Table> = NonNullable<Table[Name]>

const contentType = "application/x-www-form-urlencoded"
const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const post = (path: string, body: object): Sends => ({ method: "POST", path, contentType, body })
const get = (path: string, query: object = {}): Sends => ({ method: "GET", path, query })

const captured = (over: object = {}) =>
  intent({
    metadata: { reference: "order-1", attempt: "1", capture_reference: "capture-1", capture_attempt: "1" },
    ...over
  })
/** A capture of 600 of 1000: the rest is released, which the charge counts as refunded. */
const partly = captured({
  amount_received: 600,
  latest_charge: charge({ amount_captured: 600, amount_refunded: 400 })
})
const unexpected = error(400, { code: "payment_intent_unexpected_state" })

/** docs.stripe.com/api/payment_intents/capture */
export const capture: Cases<"payment.capture"> = [
  {
    name: "all of it",
    input: { reference: "capture-1", paymentId: "pi_1", amount: eur(1000n) },
    sends: post("/v1/payment_intents/pi_1/capture", {
      amount_to_capture: "1000",
      metadata: { capture_reference: "capture-1", capture_attempt: "1" },
      expand: ["latest_charge"]
    }),
    reads: [
      {
        reply: ok(captured()),
        as: {
          paymentId: "pi_1",
          status: "SUCCEEDED",
          rawStatus: "succeeded",
          reference: "capture-1",
          amount: eur(1000n),
          amountCaptured: eur(1000n),
          paymentStatus: "CAPTURED"
        }
      },
      {
        name: "processing",
        reply: ok(captured({ status: "processing", amount_received: 0 })),
        as: { status: "PENDING", paymentStatus: "PENDING" }
      },
      {
        name: "a status of a later day",
        reply: ok(captured({ status: "capturing" })),
        as: { status: "UNRECOGNIZED", rawStatus: "capturing" },
        unpublished: "no such status is published"
      },
      {
        name: "less taken than asked",
        reply: ok(partly),
        as: { _tag: "AmountMismatch", asked: eur(1000n), found: { _tag: "Capture", capture: { amount: eur(600n) } } }
      },
      {
        name: "captured before, by this very call",
        reply: unexpected,
        lookUp: ok(captured()),
        as: { status: "SUCCEEDED", reference: "capture-1", amount: eur(1000n) }
      },
      {
        name: "captured before, by another call",
        reply: unexpected,
        lookUp: ok(captured({ metadata: { capture_reference: "capture-0", capture_attempt: "1" } })),
        as: { _tag: "WrongState", found: { _tag: "Payment", payment: { status: "CAPTURED" } } }
      },
      {
        name: "captured before, by an earlier attempt",
        reply: error(400, { code: "charge_already_captured" }),
        lookUp: ok(captured({ metadata: { capture_reference: "capture-1", capture_attempt: "2" } })),
        as: { _tag: "WrongState", rawCode: "charge_already_captured" }
      },
      {
        name: "released before",
        reply: unexpected,
        lookUp: ok(voided()),
        as: { _tag: "WrongState", found: { payment: { status: "VOIDED" } } }
      },
      {
        name: "ran out before",
        reply: error(400, { code: "charge_expired_for_capture" }),
        lookUp: ok(intent({ status: "canceled", cancellation_reason: "automatic", amount_received: 0 })),
        as: { _tag: "WrongState", found: { payment: { status: "EXPIRED" } } }
      },
      {
        name: "a conflict that cannot be looked up",
        reply: unexpected,
        lookUp: { status: 503 },
        as: { _tag: "UnknownOutcome" }
      },
      {
        name: "more than is reserved",
        reply: error(400, { code: "amount_too_large", param: "amount_to_capture" }),
        as: { _tag: "Rejected", rawCode: "amount_too_large", rawField: "amount_to_capture" }
      },
      { name: "no such payment", reply: missing, as: { _tag: "Rejected", httpStatus: 404 } },
      {
        name: "an error of Stripe's own, and then it is found",
        reply: { status: 500 },
        lookUp: [{ status: 500 }, { status: 500 }, ok(captured())],
        as: { status: "SUCCEEDED", amount: eur(1000n) }
      },
      {
        name: "an error of Stripe's own, and not captured yet",
        reply: { status: 500 },
        lookUp: [{ status: 500 }, { status: 500 }, ok(reserved())],
        as: { _tag: "UnknownOutcome", unsettled: { flow: "payment.capture", paymentId: "pi_1", amount: eur(1000n) } }
      }
    ]
  },
  {
    name: "a part, with words for the statement",
    input: {
      reference: "capture-1",
      attempt: 3,
      paymentId: "pi_1",
      amount: eur(600n),
      statementDescriptor: "PART ONE",
      metadata: { parcel: "1" }
    },
    sends: post("/v1/payment_intents/pi_1/capture", {
      amount_to_capture: "600",
      statement_descriptor_suffix: "PART ONE",
      metadata: { parcel: "1", capture_reference: "capture-1", capture_attempt: "3" },
      expand: ["latest_charge"]
    }),
    reads: [{ reply: ok(partly), as: { status: "SUCCEEDED", amount: eur(600n), paymentStatus: "CAPTURED" } }]
  },
  {
    name: "Icelandic krónur",
    input: { reference: "capture-1", paymentId: "pi_1", amount: { minorUnits: 5n, currencyCode: "ISK" } },
    sends: post("/v1/payment_intents/pi_1/capture", {
      amount_to_capture: "500",
      metadata: { capture_reference: "capture-1", capture_attempt: "1" },
      expand: ["latest_charge"]
    }),
    reads: [
      {
        reply: ok(captured({ currency: "isk", amount: 500, amount_received: 500 })),
        as: { status: "SUCCEEDED", amount: { minorUnits: 5n, currencyCode: "ISK" } }
      },
      {
        name: "half a króna less than asked",
        reply: ok(captured({ currency: "isk", amount: 450, amount_received: 450 })),
        as: { _tag: "AmountMismatch" }
      },
      {
        name: "half a króna more than asked",
        reply: ok(captured({ currency: "isk", amount: 550, amount_received: 550 })),
        as: { _tag: "AmountMismatch" }
      }
    ]
  }
]

/** docs.stripe.com/api/payment_intents/cancel */
export const release: Cases<"payment.void"> = [
  {
    name: "without a reason",
    input: { reference: "void-1", paymentId: "pi_1" },
    sends: post("/v1/payment_intents/pi_1/cancel", { expand: ["latest_charge"] }),
    reads: [
      {
        name: "released, which the charge counts as refunded",
        reply: ok(voided()),
        as: { status: "VOIDED", rawStatus: "canceled", final: true, amountCaptured: eur(0n), amountRefunded: eur(0n) }
      },
      {
        name: "captured before",
        reply: unexpected,
        lookUp: ok(intent()),
        as: { _tag: "WrongState", found: { payment: { status: "CAPTURED" } } }
      },
      {
        name: "released before",
        reply: unexpected,
        lookUp: ok(voided()),
        as: { status: "VOIDED", final: true }
      },
      {
        name: "no answer, and still reserved",
        reply: { status: 502 },
        lookUp: [{ status: 502 }, { status: 502 }, ok(reserved())],
        as: { _tag: "UnknownOutcome", unsettled: { flow: "payment.void", paymentId: "pi_1" } }
      }
    ]
  },
  ...(
    [
      ["REQUESTED_BY_CUSTOMER", "requested_by_customer"],
      ["DUPLICATE", "duplicate"],
      ["FRAUDULENT", "fraudulent"],
      ["ABANDONED", "abandoned"]
    ] as const
  ).map(([reason, word]) => ({
    name: reason,
    input: { reference: "void-1", paymentId: "pi_1", reason },
    sends: post("/v1/payment_intents/pi_1/cancel", { cancellation_reason: word, expand: ["latest_charge"] })
  }))
]

/** docs.stripe.com/api/payment_intents/retrieve */
export const read: Cases<"payment.get"> = [
  {
    input: { paymentId: "pi_1" },
    sends: get("/v1/payment_intents/pi_1", { expand: ["latest_charge"] }),
    reads: [
      {
        name: "part captured, the rest released",
        reply: ok(partly),
        as: { status: "CAPTURED", amount: eur(1000n), amountCaptured: eur(600n), amountRefunded: eur(0n) }
      },
      {
        name: "part captured, and part of that given back",
        reply: ok(
          captured({ amount_received: 600, latest_charge: charge({ amount_captured: 600, amount_refunded: 650 }) })
        ),
        as: { amountCaptured: eur(600n), amountRefunded: eur(250n) }
      },
      {
        name: "all given back",
        reply: ok(intent({ latest_charge: charge({ amount_refunded: 1000, refunded: true }) })),
        as: { status: "CAPTURED", amountRefunded: eur(1000n) }
      },
      {
        name: "captured in part, more to come",
        reply: ok(reserved({ amount_received: 400, amount_capturable: 600 })),
        as: { status: "PARTIALLY_CAPTURED", final: false, amountCaptured: eur(400n) }
      },
      {
        name: "no such payment",
        reply: missing,
        as: { _tag: "Rejected", httpStatus: 404, rawCode: "resource_missing" }
      },
      { name: "a key that may not", reply: error(403, {}), as: { _tag: "InvalidCredentials" } },
      { name: "turned away", reply: { status: 429 }, lookUp: { status: 429 }, as: { _tag: "RateLimited" } },
      { name: "an error of Stripe's own", reply: { status: 500 }, as: { _tag: "UnreadableReply", httpStatus: 500 } }
    ]
  }
]

/** docs.stripe.com/payments/payment-intents: Stripe goes on by itself once the payer is back. */
export const complete: Cases<"payment.complete"> = [
  {
    input: {
      reference: "complete-1",
      paymentId: "pi_1",
      returned: { payment_intent: "pi_1", redirect_status: "succeeded" }
    },
    sends: get("/v1/payment_intents/pi_1", { expand: ["latest_charge"] }),
    reads: [
      { reply: ok(intent()), as: { paymentId: "pi_1", status: "CAPTURED", final: true } },
      {
        name: "not confirmed by the payer",
        reply: ok(
          intent({
            status: "requires_payment_method",
            amount_received: 0,
            last_payment_error: {
              type: "invalid_request_error",
              code: "payment_intent_authentication_failure",
              message: "The provided PaymentMethod has failed authentication."
            }
          })
        ),
        as: { status: "DECLINED", final: false, decline: { code: "AUTHENTICATION_FAILED", action: "AUTHENTICATE" } }
      },
      {
        name: "still with the payer",
        reply: ok(intent({ status: "requires_action", amount_received: 0 })),
        as: { status: "REQUIRES_ACTION", final: false }
      }
    ]
  },
  {
    name: "of a payment that was asked for more",
    input: { reference: "complete-1", paymentId: "pi_1", amount: eur(1001n) },
    sends: get("/v1/payment_intents/pi_1", { expand: ["latest_charge"] }),
    reads: [{ reply: ok(intent()), as: { _tag: "AmountMismatch", found: { payment: { status: "CAPTURED" } } } }]
  }
]
