import type { Sends, Table } from "../Table.ts"
import { error, received } from "./replies.ts"

type Cases<Name extends keyof Table> = NonNullable<Table[Name]>

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const paymentId = "993617895204576J"
const post = (path: string, body: object): Sends => ({
  method: "POST",
  path,
  headers: { "x-api-key": "AQE_made_up_for_tests" },
  contentType: "application/json",
  body: { merchantAccount: "ShopECOM", ...body }
})
const modify = (how: string, body: object) => post(`/payments/${paymentId}/${how}`, body)
const laterDay = { name: "a status of a later day", unpublished: "no such status is published" }
const notAllowed = {
  name: "an operation that this payment does not allow",
  reply: error(422, { errorCode: "000", message: "Operation not allowed" }),
  as: { _tag: "Rejected", httpStatus: 422 }
} as const

/** PaymentCaptureRequest, PaymentCaptureResponse; docs.adyen.com/online-payments/capture. */
export const capture: Cases<"payment.capture"> = [
  {
    name: "a part",
    input: {
      reference: "capture-1",
      paymentId,
      amount: eur(600n),
      statementDescriptor: "PART ONE",
      metadata: { parcel: "1" },
      state: { captureMethod: "MANUAL" }
    },
    sends: modify("captures", { reference: "capture-1", amount: { currency: "EUR", value: 600 } }),
    reads: [
      {
        name: "received",
        reply: received({ amount: { currency: "EUR", value: 600 } }),
        as: {
          paymentId,
          status: "PENDING",
          rawStatus: "received",
          captureId: "993617894906488A",
          reference: "capture-1",
          amount: eur(600n),
          paymentStatus: "PENDING",
          state: { captureMethod: "MANUAL" }
        }
      },
      {
        ...laterDay,
        reply: received({ status: "done", amount: { currency: "EUR", value: 600 } }),
        as: { status: "UNRECOGNIZED", rawStatus: "done", paymentStatus: "UNRECOGNIZED" }
      },
      notAllowed,
      {
        name: "an error of Adyen's own, and then it is received under the same key",
        reply: { status: 503 },
        lookUp: received({ amount: { currency: "EUR", value: 600 } }),
        as: { status: "PENDING", captureId: "993617894906488A" }
      },
      {
        name: "no answer that can be read",
        reply: { status: 503 },
        lookUp: { status: 503 },
        as: { _tag: "UnknownOutcome", unsettled: { flow: "payment.capture", paymentId, amount: eur(600n) } }
      }
    ]
  },
  {
    name: "Icelandic krónur",
    input: { reference: "capture-1", paymentId, amount: { minorUnits: 5n, currencyCode: "ISK" } },
    sends: modify("captures", { reference: "capture-1", amount: { currency: "ISK", value: 500 } }),
    reads: [
      {
        reply: received({ amount: { currency: "ISK", value: 500 } }),
        as: { amount: { minorUnits: 5n, currencyCode: "ISK" } }
      },
      {
        name: "half a króna, which is no amount of ours",
        reply: received({ amount: { currency: "ISK", value: 550 } }),
        as: { _tag: "AmountMismatch", found: { capture: { amount: { minorUnits: 550n, currencyCode: "isk" } } } }
      }
    ]
  }
]

/** PaymentCancelRequest, StandalonePaymentCancelRequest; docs.adyen.com/online-payments/cancel. */
export const release: Cases<"payment.void"> = [
  {
    name: "of a payment that has an id",
    input: { reference: "void-1", paymentId, reason: "DUPLICATE", state: { captureMethod: "MANUAL" } },
    sends: modify("cancels", { reference: "void-1" }),
    reads: [
      {
        name: "received, which is not yet released",
        reply: received({ reference: "void-1" }),
        as: {
          paymentId,
          status: "PENDING",
          rawStatus: "received",
          final: false,
          state: { captureMethod: "MANUAL" }
        }
      },
      {
        ...laterDay,
        reply: received({ status: "cancelled" }),
        as: { status: "UNRECOGNIZED", rawStatus: "cancelled", final: false }
      },
      notAllowed
    ]
  },
  {
    name: "of a payment that waits for its payer and has no id yet",
    input: { reference: "void-1", paymentId: "order-1", state: { paymentReference: "order-1" } },
    sends: post("/cancels", { reference: "void-1", paymentReference: "order-1" }),
    reads: [
      {
        // the published example post-cancels-cancel-with-own-reference-201
        reply: {
          status: 201,
          body: {
            merchantAccount: "ShopECOM",
            paymentReference: "order-1",
            reference: "void-1",
            pspReference: "993617894906488A",
            status: "received"
          }
        },
        as: {
          paymentId: "order-1",
          status: "PENDING",
          rawStatus: "received",
          final: false,
          state: { paymentReference: "order-1" }
        }
      }
    ]
  }
]

/** PaymentReversalRequest; docs.adyen.com/online-payments/reversal. */
export const undo: Cases<"payment.reverse"> = [
  {
    input: { reference: "reverse-1", paymentId },
    sends: modify("reversals", { reference: "reverse-1" }),
    reads: [
      {
        name: "received, which is not yet undone",
        reply: received({ reference: "reverse-1" }),
        as: { paymentId, status: "PENDING", rawStatus: "received", final: false, state: {} }
      },
      notAllowed
    ]
  }
]

/** PaymentRefundRequest; docs.adyen.com/online-payments/refund. */
export const giveBack: Cases<"refund.create"> = [
  {
    name: "a part",
    input: { reference: "refund-1", paymentId, amount: eur(400n), metadata: { why: "torn" } },
    sends: modify("refunds", { reference: "refund-1", amount: { currency: "EUR", value: 400 } }),
    reads: [
      {
        name: "received",
        reply: received({ reference: "refund-1", amount: { currency: "EUR", value: 400 } }),
        as: {
          refundId: "993617894906488A",
          paymentId,
          status: "PENDING",
          rawStatus: "received",
          reference: "refund-1",
          amount: eur(400n),
          state: {}
        }
      },
      {
        name: "another amount than asked",
        reply: received({ amount: { currency: "EUR", value: 40 } }),
        as: { _tag: "AmountMismatch", asked: eur(400n), found: { _tag: "Refund", refund: { amount: eur(40n) } } }
      },
      {
        ...laterDay,
        reply: received({ status: "refunded", amount: { currency: "EUR", value: 400 } }),
        as: { status: "UNRECOGNIZED", rawStatus: "refunded" }
      },
      notAllowed
    ]
  },
  ...(
    [
      ["REQUESTED_BY_CUSTOMER", "CUSTOMER REQUEST"],
      ["DUPLICATE", "DUPLICATE"],
      ["FRAUDULENT", "FRAUD"]
    ] as const
  ).map(([reason, merchantRefundReason]) => ({
    name: reason,
    input: { reference: "refund-1", paymentId, amount: eur(400n), reason },
    sends: modify("refunds", {
      reference: "refund-1",
      amount: { currency: "EUR", value: 400 },
      merchantRefundReason
    })
  }))
]
