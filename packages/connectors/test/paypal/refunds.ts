import type { Sends, Table } from "../Table.ts"
import { capture, created, error, missing, ok, order, orderOf, refund, value } from "./replies.ts"

type Cases<Name extends keyof Table> = NonNullable<Table[Name]>

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const paymentId = "5O190127TN364715T"
const state = { intent: "CAPTURE", captureId: "3C679366HH908993F" }
const body = { amount: value("4.00"), invoice_id: "refund-1", custom_id: "refund-1" }
const post = (body: object): Sends => ({
  method: "POST",
  path: "/v2/payments/captures/3C679366HH908993F/refund",
  headers: { authorization: "Bearer A21AAmadeup", prefer: "return=representation" },
  contentType: "application/json",
  body
})

/** `refund_status`, each: github.com/paypal/PayPal-PHP-Server-SDK, doc/models/refund-status.md. */
const refundStatuses = [
  ["CANCELLED", "CANCELLED"],
  ["FAILED", "FAILED"],
  ["PENDING", "PENDING"],
  ["COMPLETED", "SUCCEEDED"]
] as const
const strange = ["REVERSED", "constructor", ""].map((status) => ({
  name: `the status "${status}"`,
  body: refund({ status }),
  as: { status: "UNRECOGNIZED", rawStatus: status },
  unpublished: "no such status is published"
}))

const refused = (issue: string) => error(422, issue)
const withRefunds = (refunds: ReadonlyArray<object>) => ok(orderOf({ refunds }))

/** developer.paypal.com/docs/api/payments/v2/#captures_refund */
export const giveBack: Cases<"refund.create"> = [
  {
    name: "a part",
    input: { reference: "refund-1", paymentId, amount: eur(400n), state },
    sends: post(body),
    reads: [
      ...refundStatuses.map(([rawStatus, status]) => ({
        name: rawStatus,
        reply: created(refund({ status: rawStatus })),
        as: {
          refundId: "1JU08902781691411",
          paymentId,
          reference: "refund-1",
          status,
          rawStatus,
          amount: eur(400n),
          state: {}
        }
      })),
      ...strange.map(({ body, ...read }) => ({ ...read, reply: created(body) })),
      {
        name: "no status",
        reply: created(refund({ status: undefined })),
        as: { status: "UNRECOGNIZED", rawStatus: "" }
      },
      {
        name: "pending, with the reason",
        reply: created(refund({ status: "PENDING", status_details: { reason: "ECHECK" } })),
        as: { status: "PENDING", failureReason: "ECHECK" }
      },
      {
        name: "less given back than asked",
        reply: created(refund({ amount: value("0.40") })),
        as: { _tag: "AmountMismatch", found: { _tag: "Refund", refund: { amount: eur(40n) } } }
      },
      {
        name: "another currency given back",
        reply: created(refund({ amount: value("4.00", "USD") })),
        as: { _tag: "AmountMismatch" }
      },
      {
        name: "given back before, by this very call",
        reply: refused("CAPTURE_FULLY_REFUNDED"),
        lookUp: withRefunds([refund({ id: "7AA", invoice_id: "refund-7" }), refund()]),
        as: { refundId: "1JU08902781691411", paymentId, status: "SUCCEEDED" }
      },
      {
        name: "given back before, by an earlier attempt",
        reply: refused("CAPTURE_FULLY_REFUNDED"),
        lookUp: withRefunds([refund({ invoice_id: "refund-1/2" })]),
        as: { _tag: "WrongState", rawCode: "CAPTURE_FULLY_REFUNDED", found: undefined }
      },
      {
        name: "the invoice id was used before, by this very call",
        reply: refused("DUPLICATE_INVOICE_ID"),
        lookUp: withRefunds([refund()]),
        as: { _tag: "Duplicate", found: { _tag: "Refund", refund: { refundId: "1JU08902781691411" } } }
      },
      {
        name: "an earlier request still runs, and then it is found",
        reply: error(409, "PREVIOUS_REQUEST_IN_PROGRESS"),
        lookUp: [
          error(409, "PREVIOUS_REQUEST_IN_PROGRESS"),
          error(409, "PREVIOUS_REQUEST_IN_PROGRESS"),
          withRefunds([refund()])
        ],
        as: { status: "SUCCEEDED" }
      },
      {
        name: "an error of PayPal's own, and nothing is seen of it",
        reply: { status: 500 },
        lookUp: [{ status: 500 }, { status: 500 }, ok(order())],
        as: { _tag: "UnknownOutcome", unsettled: { flow: "refund.create", paymentId, amount: eur(400n), state } }
      },
      {
        name: "more than was captured",
        reply: refused("REFUND_AMOUNT_EXCEEDED"),
        lookUp: ok(order()),
        as: { _tag: "WrongState", rawCode: "REFUND_AMOUNT_EXCEEDED", found: undefined }
      },
      {
        name: "more than is left of what was captured, as this very call gave it back",
        reply: refused("REFUND_AMOUNT_EXCEEDED"),
        lookUp: withRefunds([refund()]),
        as: { refundId: "1JU08902781691411", paymentId, status: "SUCCEEDED" }
      },
      {
        name: "an account that takes no money",
        reply: refused("PAYER_ACCOUNT_LOCKED_OR_CLOSED"),
        as: { status: "FAILED", rawStatus: "PAYER_ACCOUNT_LOCKED_OR_CLOSED", decline: { code: "INVALID_ACCOUNT" } }
      },
      { name: "no such capture", reply: missing, as: { _tag: "Rejected", httpStatus: 404 } }
    ]
  },
  {
    name: "a second attempt; what the payer is not told is left out",
    input: {
      reference: "refund-1",
      attempt: 2,
      paymentId,
      amount: { minorUnits: 5000n, currencyCode: "HUF" },
      reason: "DUPLICATE",
      metadata: { why: "torn" },
      state
    },
    sends: post({ amount: value("50", "HUF"), invoice_id: "refund-1/2", custom_id: "refund-1" }),
    reads: [
      {
        reply: created(refund({ amount: value("50.00", "HUF"), invoice_id: "refund-1/2" })),
        as: { reference: "refund-1", amount: { minorUnits: 5000n, currencyCode: "HUF" } }
      }
    ]
  },
  {
    name: "of a capture that was on its way when the state was made",
    input: { reference: "refund-1", paymentId, amount: eur(400n), state: { pendingCaptureId: state.captureId } },
    sends: post(body),
    reads: [
      { reply: created(refund()), as: { status: "SUCCEEDED" } },
      {
        name: "and still is",
        reply: refused("PENDING_CAPTURE"),
        lookUp: ok(orderOf({ captures: [capture({ status: "PENDING" })] })),
        as: { _tag: "WrongState", rawCode: "PENDING_CAPTURE" }
      }
    ]
  },
  {
    name: "of the capture that took money, while another is on its way",
    input: { reference: "refund-1", paymentId, amount: eur(400n), state: { ...state, pendingCaptureId: "9P2" } },
    sends: post(body)
  }
]

/** developer.paypal.com/docs/api/payments/v2/#refunds_get */
export const readRefund: Cases<"refund.get"> = [
  {
    input: { refundId: "1JU08902781691411" },
    sends: { method: "GET", path: "/v2/payments/refunds/1JU08902781691411" },
    reads: [
      ...refundStatuses.map(([rawStatus, status]) => ({
        name: rawStatus,
        reply: ok(refund({ status: rawStatus })),
        as: { refundId: "1JU08902781691411", status, rawStatus, amount: eur(400n) }
      })),
      ...strange.map(({ body, ...read }) => ({ ...read, reply: ok(body) })),
      {
        name: "no such refund",
        reply: missing,
        as: { _tag: "Rejected", httpStatus: 404, rawCode: "INVALID_RESOURCE_ID" }
      }
    ]
  }
]
