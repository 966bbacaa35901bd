import type { Sends, Table } from "../Table.ts"
import { error, list, missing, ok, refund } from "./replies.ts"

type Cases<Name extends keyof Table> = NonNullable<Table[Name]>

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const post = (path: string, body: object): Sends => ({
  method: "POST",
  path,
  contentType: "application/x-www-form-urlencoded",
  body
})

const refundOf = (over: object = {}) => ok(refund(over))
const refunds = (data: ReadonlyArray<object>, more = false) => ok(list(data, more, "/v1/refunds"))

/** docs.stripe.com/api/refunds/object: each status. */
const refundStatuses = [
  ["pending", "PENDING"],
  ["requires_action", "PENDING"],
  ["succeeded", "SUCCEEDED"],
  ["failed", "FAILED"],
  ["canceled", "CANCELLED"],
  ["on_its_way", "UNRECOGNIZED"],
  ["constructor", "UNRECOGNIZED"]
] as const

/** docs.stripe.com/api/refunds/create */
export const giveBack: Cases<"refund.create"> = [
  {
    name: "a part",
    input: { reference: "refund-1", paymentId: "pi_1", amount: eur(400n) },
    sends: post("/v1/refunds", {
      payment_intent: "pi_1",
      amount: "400",
      metadata: { reference: "refund-1", attempt: "1" }
    }),
    reads: [
      ...refundStatuses.map(([rawStatus, status]) => ({
        name: rawStatus,
        reply: refundOf({ status: rawStatus }),
        as: { refundId: "re_1", paymentId: "pi_1", reference: "refund-1", status, rawStatus, amount: eur(400n) }
      })),
      { name: "no status", reply: refundOf({ status: null }), as: { status: "UNRECOGNIZED", rawStatus: "" } },
      {
        name: "failed, with the reason",
        reply: refundOf({ status: "failed", failure_reason: "expired_or_canceled_card" }),
        as: { status: "FAILED", failureReason: "expired_or_canceled_card" }
      },
      {
        name: "less given back than asked",
        reply: refundOf({ amount: 40 }),
        as: { _tag: "AmountMismatch", found: { _tag: "Refund", refund: { refundId: "re_1", amount: eur(40n) } } }
      },
      {
        name: "given back before, by this very call",
        reply: error(400, { code: "charge_already_refunded" }),
        lookUp: refunds([refund({ id: "re_7", metadata: { reference: "refund-7", attempt: "1" } }), refund()]),
        as: { refundId: "re_1", status: "SUCCEEDED" }
      },
      {
        name: "given back before, by another call",
        reply: error(400, { code: "charge_already_refunded" }),
        lookUp: refunds([refund({ id: "re_7", metadata: { reference: "refund-7", attempt: "1" } })]),
        as: { _tag: "WrongState", rawCode: "charge_already_refunded" }
      },
      {
        name: "an error of Stripe's own, and it is on the second page",
        reply: { status: 500 },
        lookUp: [
          { status: 500 },
          { status: 500 },
          refunds([refund({ id: "re_7", metadata: {} })], true),
          refunds([refund()])
        ],
        as: { refundId: "re_1", status: "SUCCEEDED" }
      },
      {
        name: "an error of Stripe's own, and a refund of the same sum is another's",
        reply: { status: 500 },
        lookUp: [
          { status: 500 },
          { status: 500 },
          refunds([refund({ metadata: { reference: "refund-1", attempt: "2" } })])
        ],
        as: { _tag: "UnknownOutcome", unsettled: { flow: "refund.create", paymentId: "pi_1", amount: eur(400n) } }
      }
    ]
  },
  ...(
    [
      ["REQUESTED_BY_CUSTOMER", "requested_by_customer"],
      ["DUPLICATE", "duplicate"],
      ["FRAUDULENT", "fraudulent"]
    ] as const
  ).map(([reason, word]) => ({
    name: reason,
    input: { reference: "refund-1", paymentId: "pi_1", amount: eur(400n), reason, metadata: { why: "torn" } },
    sends: post("/v1/refunds", {
      payment_intent: "pi_1",
      amount: "400",
      reason: word,
      metadata: { why: "torn", reference: "refund-1", attempt: "1" }
    })
  }))
]

/** docs.stripe.com/api/refunds/retrieve */
export const readRefund: Cases<"refund.get"> = [
  {
    input: { refundId: "re_1" },
    sends: { method: "GET", path: "/v1/refunds/re_1" },
    reads: [
      ...refundStatuses.map(([rawStatus, status]) => ({
        name: rawStatus,
        reply: refundOf({ status: rawStatus }),
        as: { refundId: "re_1", status, rawStatus }
      })),
      { name: "no such refund", reply: missing, as: { _tag: "Rejected", httpStatus: 404 } }
    ]
  }
]
