import { expect } from "vitest"
import { type Sends, type Table, toEqual } from "../Table.ts"
import {
  authorization,
  capture as captureReply,
  created,
  error,
  missing,
  ok,
  open,
  order,
  orderOf,
  reserved,
  value
} from "./replies.ts"
import { pending, standings } from "./standings.ts"

type Cases<Name extends keyof Table> = NonNullable<Table[Name]>

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const paymentId = "5O190127TN364715T"
const state = { intent: "AUTHORIZE", authorizationId: "0VF52814937998046", authorized: "10.00 EUR" }
const get: Sends = { method: "GET", path: `/v2/checkout/orders/${paymentId}` }
const post = (path: string, body?: object): Sends => ({
  method: "POST",
  path,
  headers: { authorization: "Bearer A21AAmadeup", prefer: "return=representation" },
  ...(body !== undefined && { contentType: "application/json", body })
})
const toCapture = `/v2/payments/authorizations/${state.authorizationId}/capture`
const toVoid = `/v2/payments/authorizations/${state.authorizationId}/void`

const refused = (...issues: ReadonlyArray<string>) =>
  error(422, undefined, {}, { details: issues.map((issue) => ({ issue })) })
const ours = (over: object = {}) => captureReply({ id: "9AB", invoice_id: "capture-1", ...over })
const theirs = (over: object = {}) => captureReply({ id: "9XY", invoice_id: "capture-0", ...over })

/** Statuses of the published file, `capture_status`. */
const captureStatuses = [
  ["COMPLETED", "SUCCEEDED", "CAPTURED", { captureId: "9AB" }],
  ["DECLINED", "FAILED", "UNRECOGNIZED", {}],
  ["PARTIALLY_REFUNDED", "SUCCEEDED", "CAPTURED", { captureId: "9AB" }],
  ["PENDING", "PENDING", "PENDING", { pendingCaptureId: "9AB" }],
  ["REFUNDED", "SUCCEEDED", "CAPTURED", { captureId: "9AB" }],
  ["FAILED", "FAILED", "UNRECOGNIZED", {}]
] as const

/** developer.paypal.com/docs/api/payments/v2/#authorizations_capture */
export const capture: Cases<"payment.capture"> = [
  {
    name: "all of it",
    input: { reference: "capture-1", paymentId, amount: eur(1000n), state },
    sends: post(toCapture, { amount: value("10.00"), invoice_id: "capture-1", final_capture: true }),
    reads: [
      ...captureStatuses.map(([rawStatus, status, paymentStatus, more]) => ({
        name: rawStatus,
        reply: created(ours({ status: rawStatus })),
        as: {
          paymentId,
          captureId: "9AB",
          reference: "capture-1",
          status,
          rawStatus,
          amount: eur(1000n),
          paymentStatus,
          state: toEqual({ ...state, ...more })
        }
      })),
      {
        name: "refused by the issuer",
        reply: created(
          ours({ status: "DECLINED", processor_response: { response_code: "5120", payment_advice_code: "24" } })
        ),
        as: {
          status: "FAILED",
          decline: { code: "INSUFFICIENT_FUNDS", rawCode: "5120", networkAdviceCode: "24", action: "RETRY_LATER" }
        },
        unpublished: "the advice code is newer than the file"
      },
      ...["CAPTURING", "constructor", ""].map((status) => ({
        name: `the status "${status}"`,
        reply: created(ours({ status })),
        as: {
          status: "UNRECOGNIZED",
          rawStatus: status,
          paymentStatus: "UNRECOGNIZED",
          // it may have taken money, or may yet
          state: toEqual({ ...state, pendingCaptureId: "9AB" })
        },
        unpublished: "no such status is published"
      })),
      {
        name: "refused by PayPal for several reasons, of which one says that it was captured before",
        reply: refused("AUTH_CAPTURE_CURRENCY_MISMATCH", "TRANSACTION_REFUSED", "AUTHORIZATION_ALREADY_CAPTURED"),
        lookUp: ok(reserved({ status: "CAPTURED" }, [theirs()])),
        as: { _tag: "WrongState", rawCode: "AUTHORIZATION_ALREADY_CAPTURED" },
        unpublished: "the files do not list these together"
      },
      {
        name: "less taken than asked",
        reply: created(ours({ amount: value("6.00") })),
        as: { _tag: "AmountMismatch", asked: eur(1000n), found: { _tag: "Capture", capture: { amount: eur(600n) } } }
      },
      {
        name: "captured before, by this very call",
        reply: refused("AUTHORIZATION_ALREADY_CAPTURED"),
        lookUp: ok(reserved({ status: "CAPTURED" }, [ours()])),
        as: {
          captureId: "9AB",
          status: "SUCCEEDED",
          paymentStatus: "CAPTURED",
          amountCaptured: eur(1000n),
          state: toEqual({ ...state, captureId: "9AB" })
        }
      },
      {
        name: "captured before, by this very call, which failed",
        reply: refused("AUTHORIZATION_ALREADY_CAPTURED"),
        lookUp: ok(reserved({ status: "CAPTURED" }, [ours({ status: "FAILED" })])),
        as: { status: "FAILED", captureId: "9AB", state: toEqual(state) }
      },
      {
        name: "captured before, by an earlier attempt",
        reply: refused("AUTHORIZATION_ALREADY_CAPTURED"),
        lookUp: ok(reserved({ status: "CAPTURED" }, [ours({ invoice_id: "capture-1/2" })])),
        as: { _tag: "WrongState", found: { _tag: "Payment", payment: { status: "CAPTURED", captureId: "9AB" } } }
      },
      {
        name: "captured before, by another call",
        reply: refused("AUTHORIZATION_ALREADY_CAPTURED"),
        lookUp: ok(reserved({ status: "CAPTURED" }, [theirs()])),
        as: { _tag: "WrongState", found: { payment: { amountCaptured: eur(1000n) } } }
      },
      {
        name: "released before",
        reply: refused("AUTHORIZATION_VOIDED"),
        lookUp: ok(reserved({ status: "VOIDED" })),
        as: {
          _tag: "WrongState",
          rawCode: "AUTHORIZATION_VOIDED",
          found: { payment: { status: "VOIDED", final: true } }
        }
      },
      {
        name: "ran out before",
        reply: refused("AUTHORIZATION_EXPIRED"),
        lookUp: ok(reserved()),
        as: { _tag: "WrongState", rawCode: "AUTHORIZATION_EXPIRED" }
      },
      {
        name: "the invoice id was used before, of another payment",
        reply: refused("DUPLICATE_INVOICE_ID"),
        lookUp: ok(reserved()),
        as: { _tag: "Duplicate", found: undefined }
      },
      {
        name: "a conflict that cannot be looked up",
        reply: refused("AUTHORIZATION_ALREADY_CAPTURED"),
        lookUp: { status: 503 },
        as: { _tag: "UnknownOutcome" }
      },
      {
        name: "no answer, and then it is found",
        reply: { status: 502 },
        lookUp: [{ status: 502 }, { status: 502 }, ok(reserved({ status: "CAPTURED" }, [theirs(), ours()]))],
        as: { captureId: "9AB", status: "SUCCEEDED" }
      },
      {
        name: "no answer, and the authorization was taken by another call",
        reply: { status: 502 },
        lookUp: [{ status: 502 }, { status: 502 }, ok(reserved({ status: "CAPTURED" }, [theirs()]))],
        as: { _tag: "WrongState", found: { payment: { status: "CAPTURED" } } }
      },
      {
        name: "no answer, and a capture that may be anybody's",
        reply: { status: 502 },
        lookUp: [
          { status: 502 },
          { status: 502 },
          ok(reserved({ status: "CAPTURED" }, [theirs({ invoice_id: undefined })]))
        ],
        as: { _tag: "UnknownOutcome" }
      },
      {
        name: "no answer, and an authorization that counts as captured, by what is not to be seen",
        reply: { status: 502 },
        lookUp: [{ status: 502 }, { status: 502 }, ok(reserved({ status: "CAPTURED" }, []))],
        as: { _tag: "UnknownOutcome" }
      },
      {
        name: "no answer, and not captured yet",
        reply: { status: 502 },
        lookUp: [{ status: 502 }, { status: 502 }, ok(reserved())],
        as: { _tag: "UnknownOutcome", unsettled: { flow: "payment.capture", paymentId, amount: eur(1000n), state } }
      },
      {
        name: "refused by PayPal",
        reply: refused("TRANSACTION_REFUSED"),
        // a void needs the authorization's id still
        as: {
          status: "FAILED",
          rawStatus: "TRANSACTION_REFUSED",
          decline: { code: "DO_NOT_HONOR" },
          state: toEqual(state)
        }
      },
      {
        name: "more than may be taken",
        reply: refused("MAX_CAPTURE_AMOUNT_EXCEEDED"),
        lookUp: ok(reserved()),
        as: { _tag: "WrongState", rawCode: "MAX_CAPTURE_AMOUNT_EXCEEDED", found: undefined }
      },
      {
        name: "more than may be taken any more, as this very call took it",
        reply: refused("MAX_CAPTURE_AMOUNT_EXCEEDED"),
        lookUp: ok(reserved({ status: "PARTIALLY_CAPTURED" }, [ours()])),
        as: { captureId: "9AB", status: "SUCCEEDED" }
      },
      { name: "no such authorization", reply: missing, as: { _tag: "Rejected", httpStatus: 404 } }
    ]
  },
  {
    name: "a part, with words for the statement",
    input: {
      reference: "capture-1",
      attempt: 3,
      paymentId,
      amount: eur(600n),
      statementDescriptor: "PART ONE",
      metadata: { parcel: "1" },
      state
    },
    sends: post(toCapture, {
      amount: value("6.00"),
      invoice_id: "capture-1/3",
      final_capture: false,
      soft_descriptor: "PART ONE"
    }),
    reads: [
      {
        reply: created(ours({ amount: value("6.00"), final_capture: false, invoice_id: "capture-1/3" })),
        as: { status: "SUCCEEDED", reference: "capture-1", amount: eur(600n), paymentStatus: "PARTIALLY_CAPTURED" }
      },
      {
        name: "captured before, by the first attempt",
        reply: refused("AUTHORIZATION_ALREADY_CAPTURED"),
        lookUp: ok(reserved({ status: "CAPTURED" }, [ours()])),
        as: { _tag: "WrongState", found: { _tag: "Payment", payment: { status: "CAPTURED" } } }
      }
    ]
  },
  {
    name: "a part, after another that took money and one that is on its way",
    input: {
      reference: "capture-2",
      paymentId,
      amount: eur(400n),
      state: { ...state, captureId: "9P1", pendingCaptureId: "9P2" }
    },
    sends: post(toCapture, { amount: value("4.00"), invoice_id: "capture-2", final_capture: false }),
    reads: [
      {
        name: "failed: the one that took money is still the one to give back",
        reply: created(ours({ status: "FAILED", amount: value("4.00") })),
        as: {
          status: "FAILED",
          captureId: "9AB",
          state: toEqual({ ...state, captureId: "9P1", pendingCaptureId: "9P2" })
        }
      },
      {
        name: "taken, and the last by PayPal's word, while another may still take money",
        reply: created(ours({ amount: value("4.00"), final_capture: true })),
        as: {
          status: "SUCCEEDED",
          paymentStatus: "PARTIALLY_CAPTURED",
          state: toEqual({ ...state, captureId: "9AB", pendingCaptureId: "9P2" })
        }
      },
      {
        name: "on its way",
        reply: created(ours({ status: "PENDING", amount: value("4.00") })),
        as: {
          status: "PENDING",
          paymentStatus: "PARTIALLY_CAPTURED",
          state: toEqual({ ...state, captureId: "9P1", pendingCaptureId: "9AB" })
        }
      },
      {
        name: "the one that was on its way, taken",
        reply: created(ours({ id: "9P2", amount: value("4.00") })),
        as: { status: "SUCCEEDED", state: toEqual({ ...state, captureId: "9P2" }) }
      }
    ]
  },
  {
    name: "the same sum of another currency, which is not all of it",
    input: { reference: "capture-1", paymentId, amount: { minorUnits: 1000n, currencyCode: "USD" }, state },
    sends: post(toCapture, { amount: value("10.00", "USD"), invoice_id: "capture-1", final_capture: false })
  }
]

const voided = authorization({ status: "VOIDED" })

/** developer.paypal.com/docs/api/payments/v2/#authorizations_void */
export const release: Cases<"payment.void"> = [
  {
    name: "nothing captured",
    input: { reference: "void-1", paymentId, reason: "DUPLICATE", state },
    sends: post(toVoid),
    reads: [
      {
        name: "released",
        reply: ok(voided),
        as: {
          paymentId,
          status: "VOIDED",
          rawStatus: "VOIDED",
          final: true,
          reference: "order-1",
          authorizationId: state.authorizationId,
          amount: eur(1000n),
          state
        }
      },
      {
        name: "a status of a later day",
        reply: ok(authorization({ status: "VOIDING" })),
        as: { status: "UNRECOGNIZED", rawStatus: "VOIDING", final: false },
        unpublished: "no such status is published"
      },
      {
        name: "captured before",
        reply: refused("PREVIOUSLY_CAPTURED"),
        lookUp: ok(reserved({ status: "CAPTURED" }, [theirs()])),
        as: { _tag: "WrongState", found: { payment: { status: "CAPTURED" } } }
      },
      {
        name: "released before",
        reply: refused("PREVIOUSLY_VOIDED"),
        lookUp: ok(reserved({ status: "VOIDED" })),
        as: { paymentId, status: "VOIDED", final: true }
      },
      {
        name: "released after a part was captured",
        reply: refused("PREVIOUSLY_VOIDED"),
        lookUp: ok(reserved({ status: "VOIDED" }, [theirs({ amount: value("6.00"), final_capture: false })])),
        as: { status: "CAPTURED", rawStatus: "VOIDED", final: true, amountCaptured: eur(600n) }
      },
      {
        name: "released before, of an order that was reserved anew",
        reply: refused("PREVIOUSLY_VOIDED"),
        lookUp: ok(orderOf({ authorizations: [voided, authorization({ id: "1NEW" })] }, { intent: "AUTHORIZE" })),
        as: { status: "AUTHORIZED", authorizationId: "1NEW", final: false }
      },
      {
        name: "no answer, and released",
        reply: { status: 204 },
        lookUp: ok(reserved({ status: "VOIDED" })),
        as: { status: "VOIDED" }
      },
      {
        name: "no answer, and still reserved",
        reply: { status: 502 },
        lookUp: ok(reserved()),
        as: { _tag: "UnknownOutcome", unsettled: { flow: "payment.void", paymentId } }
      },
      {
        name: "an earlier request still runs",
        reply: error(409, "PREVIOUS_REQUEST_IN_PROGRESS"),
        lookUp: ok(reserved()),
        as: { _tag: "UnknownOutcome" }
      },
      {
        name: "an authorization that is another's child",
        reply: refused("CANNOT_BE_VOIDED"),
        as: { _tag: "Rejected", rawCode: "CANNOT_BE_VOIDED" }
      }
    ]
  },
  {
    name: "the rest of a payment that was captured in part",
    input: { reference: "void-1", paymentId, state: { ...state, captureId: "9AB" } },
    sends: post(toVoid),
    reads: [
      { reply: ok(voided), as: { status: "CAPTURED", rawStatus: "VOIDED", final: true, captureId: "9AB" } },
      {
        name: "still there",
        reply: ok(authorization({ status: "PARTIALLY_CAPTURED" })),
        as: { status: "PARTIALLY_CAPTURED", final: false }
      }
    ]
  },
  {
    name: "after a capture that took nothing, with the state that it left",
    input: { reference: "void-1", paymentId, state },
    sends: post(toVoid),
    reads: [{ reply: ok(voided), as: { status: "VOIDED", final: true, captureId: undefined } }]
  },
  {
    name: "after a capture that may still take money",
    input: { reference: "void-1", paymentId, state: { ...state, pendingCaptureId: "9AB" } },
    sends: post(toVoid),
    reads: [
      {
        reply: ok(voided),
        as: { status: "PENDING", rawStatus: "VOIDED", final: false, captureId: "9AB" }
      }
    ]
  },
  {
    name: "after a capture that took money and one that may still",
    input: { reference: "void-1", paymentId, state: { ...state, captureId: "9P1", pendingCaptureId: "9P2" } },
    sends: post(toVoid),
    reads: [{ reply: ok(voided), as: { status: "PARTIALLY_CAPTURED", final: false, captureId: "9P1" } }]
  }
]

/** developer.paypal.com/docs/api/orders/v2/#orders_get */
export const read: Cases<"payment.get"> = [
  {
    input: { paymentId },
    sends: get,
    reads: [
      ...standings,
      {
        name: "no such order",
        reply: missing,
        as: { _tag: "Rejected", httpStatus: 404, rawCode: "INVALID_RESOURCE_ID" }
      },
      {
        name: "another's order",
        reply: error(403, "PERMISSION_DENIED"),
        as: { _tag: "InvalidCredentials", refusedByProcessor: true },
        unpublished: "the file has no 403 here"
      },
      {
        name: "a token that is refused, the second one too",
        reply: {
          status: 401,
          body: { error: "invalid_token", error_description: "Token signature verification failed" }
        },
        lookUp: {
          status: 401,
          body: { error: "invalid_token", error_description: "Token signature verification failed" }
        },
        as: { _tag: "InvalidCredentials", description: "Token signature verification failed" },
        unpublished: "the file gives another shape; RFC 6750 section 3.1"
      },
      {
        name: "a token that is refused, and a fresh one is not",
        reply: error(401),
        lookUp: ok(order()),
        as: { status: "CAPTURED" }
      },
      { name: "turned away", reply: { status: 429 }, lookUp: { status: 429 }, as: { _tag: "RateLimited" } },
      { name: "an error of PayPal's own", reply: { status: 500 }, as: { _tag: "UnreadableReply", httpStatus: 500 } }
    ]
  }
]

const approved = open("APPROVED")
const toComplete = (action: string) => post(`/v2/checkout/orders/${paymentId}/${action}`, {})
const redirect = {
  links: [
    { href: "https://www.sandbox.paypal.com/checkoutnow?token=5O190127TN364715T", rel: "redirect", method: "GET" }
  ]
}

/** developer.paypal.com/docs/api/orders/v2/#orders_capture, #orders_authorize */
export const complete: Cases<"payment.complete"> = [
  {
    name: "an order that was asked to be of more",
    input: {
      reference: "complete-1",
      paymentId,
      amount: eur(1001n),
      returned: { token: paymentId, PayerID: "QYR5Z8XDVJNXQ" },
      state: { intent: "CAPTURE" }
    },
    sends: toComplete("capture"),
    reads: [{ reply: created(order()), as: { _tag: "AmountMismatch", found: { payment: { status: "CAPTURED" } } } }]
  },
  {
    name: "an order to capture",
    input: {
      reference: "complete-1",
      paymentId,
      returned: { token: paymentId, PayerID: "QYR5Z8XDVJNXQ" },
      state: { intent: "CAPTURE" }
    },
    sends: toComplete("capture"),
    reads: [
      {
        reply: created(order()),
        as: { paymentId, status: "CAPTURED", final: true, captureId: "3C679366HH908993F", amountCaptured: eur(1000n) }
      },
      {
        name: "refused, and the payer may choose another funding source",
        reply: error(422, "INSTRUMENT_DECLINED", {}, redirect),
        as: {
          paymentId,
          status: "DECLINED",
          rawStatus: "INSTRUMENT_DECLINED",
          reference: "complete-1",
          final: false,
          decline: { code: "DO_NOT_HONOR", rawCode: "INSTRUMENT_DECLINED" },
          nextAction: {
            _tag: "Redirect",
            method: "GET",
            url: "https://www.sandbox.paypal.com/checkoutnow?token=5O190127TN364715T",
            fields: {}
          },
          // what the next Complete needs
          state: toEqual({ intent: "CAPTURE" })
        }
      },
      {
        name: "refused for several reasons, of which one is the payer's",
        reply: refused("MISSING_REQUIRED_PARAMETER", "PAYER_CANNOT_PAY"),
        as: { status: "DECLINED", rawStatus: "PAYER_CANNOT_PAY", state: toEqual({ intent: "CAPTURE" }) },
        unpublished: "the file lists the first one with another status"
      },
      {
        name: "refused for several reasons, of which one is a reference used before",
        reply: refused("PAYER_CANNOT_PAY", "DUPLICATE_INVOICE_ID"),
        lookUp: ok(approved),
        as: { _tag: "Duplicate", rawCode: "DUPLICATE_INVOICE_ID" }
      },
      {
        name: "refused by the issuer, and not finished",
        reply: created(
          orderOf(
            { captures: [captureReply({ status: "DECLINED", processor_response: { response_code: "5400" } })] },
            { status: "APPROVED" }
          )
        ),
        as: { status: "DECLINED", final: false, decline: { code: "EXPIRED_CARD" } }
      },
      {
        name: "captured before",
        reply: refused("ORDER_ALREADY_CAPTURED"),
        lookUp: ok(order()),
        as: { status: "CAPTURED", amountCaptured: eur(1000n) }
      },
      ...["ORDER_NOT_APPROVED", "PAYER_ACTION_REQUIRED"].map((issue) => ({
        name: `${issue}: still with the payer`,
        reply: refused(issue),
        lookUp: ok(open("PAYER_ACTION_REQUIRED", "payer-action")),
        as: { status: "REQUIRES_ACTION", final: false, nextAction: { _tag: "Redirect" } }
      })),
      {
        name: "PayPal still completes it",
        reply: refused("ORDER_COMPLETION_IN_PROGRESS"),
        lookUp: ok(orderOf({ captures: [pending] })),
        as: { status: "PENDING", final: false }
      },
      {
        name: "no answer, and it is done",
        reply: { status: 502 },
        lookUp: [{ status: 502 }, { status: 502 }, ok(order())],
        as: { status: "CAPTURED" }
      },
      {
        name: "no answer, and it is not done yet",
        reply: { status: 502 },
        lookUp: [{ status: 502 }, { status: 502 }, ok(approved)],
        as: { _tag: "UnknownOutcome", unsettled: { flow: "payment.complete", paymentId, state: { intent: "CAPTURE" } } }
      },
      {
        name: "the reference was captured before, in another order",
        reply: refused("DUPLICATE_INVOICE_ID"),
        lookUp: ok(approved),
        as: { _tag: "Duplicate", found: undefined }
      },
      {
        name: "a payer who cannot pay",
        reply: refused("PAYER_CANNOT_PAY"),
        as: { paymentId, status: "DECLINED", decline: { code: "TRANSACTION_NOT_PERMITTED" } }
      },
      {
        name: "not allowed to",
        reply: error(403, "NOT_ELIGIBLE_FOR_TOKEN_PROCESSING"),
        // what an earlier completion took is not told by the refusal of this one
        as: { _tag: "UnknownOutcome", description: expect.stringContaining("NOT_ELIGIBLE_FOR_TOKEN_PROCESSING") }
      }
    ]
  },
  {
    name: "an order to reserve",
    input: { reference: "complete-1", paymentId, state: { intent: "AUTHORIZE" } },
    sends: toComplete("authorize"),
    reads: [
      { reply: created(reserved()), as: { status: "AUTHORIZED", amountAuthorized: eur(1000n), state } },
      {
        name: "reserved before",
        reply: refused("ORDER_ALREADY_AUTHORIZED"),
        lookUp: ok(reserved()),
        as: { status: "AUTHORIZED", authorizationId: state.authorizationId }
      },
      {
        name: "ran out",
        reply: refused("ORDER_EXPIRED"),
        lookUp: ok(open("VOIDED")),
        as: { status: "VOIDED", final: true }
      }
    ]
  },
  {
    name: "an order that PayPal completes by itself",
    input: {
      reference: "complete-1",
      paymentId,
      state: { intent: "CAPTURE", processingInstruction: "ORDER_COMPLETE_ON_PAYMENT_APPROVAL" }
    },
    sends: get,
    reads: [
      { reply: ok(order()), as: { status: "CAPTURED" } },
      {
        name: "approved, not completed yet",
        reply: ok(open("APPROVED", undefined, { processing_instruction: "ORDER_COMPLETE_ON_PAYMENT_APPROVAL" })),
        as: { status: "PENDING", rawStatus: "APPROVED", final: false }
      },
      { name: "no answer", reply: { status: 502 }, lookUp: { status: 502 }, as: { _tag: "UnknownOutcome" } }
    ]
  }
]
