import type { Read } from "../Table.ts"
import { capture, created, error, open, order, orderOf, reserved, unit, value } from "./replies.ts"

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const paymentId = "5O190127TN364715T"
const url = "https://www.sandbox.paypal.com/checkoutnow?token=5O190127TN364715T"

/** github.com/paypal/PayPal-PHP-Server-SDK, doc/models/order-status.md: what each is before anything was done. */
const orders: ReadonlyArray<Read> = [
  ...(
    [
      ["CREATED", "approve"],
      ["PAYER_ACTION_REQUIRED", "payer-action"],
      // some payment sources are answered so
      ["CREATED", "payer-action"]
    ] as const
  ).map(([rawStatus, rel]) => ({
    name: `${rawStatus} with a page to go to (${rel})`,
    reply: created(open(rawStatus, rel)),
    as: {
      paymentId,
      status: "REQUIRES_ACTION",
      rawStatus,
      final: false,
      amount: eur(1000n),
      amountAuthorized: undefined,
      amountCaptured: eur(0n),
      amountRefunded: eur(0n),
      nextAction: { _tag: "Redirect", method: "GET", url, fields: {} },
      state: { intent: "CAPTURE" }
    }
  })),
  {
    name: "PAYER_ACTION_REQUIRED without a page: the bank asks in its app",
    reply: created(open("PAYER_ACTION_REQUIRED")),
    as: { status: "REQUIRES_ACTION", final: false, nextAction: { _tag: "Wait" } }
  },
  {
    name: "APPROVED: only the caller has to go on",
    reply: created(open("APPROVED", "approve")),
    as: { status: "REQUIRES_ACTION", rawStatus: "APPROVED", final: false, nextAction: undefined }
  },
  {
    name: "SAVED",
    reply: created(open("SAVED")),
    as: { status: "REQUIRES_ACTION", rawStatus: "SAVED", final: false }
  },
  {
    name: "VOIDED",
    reply: created(open("VOIDED")),
    as: { status: "VOIDED", rawStatus: "VOIDED", final: true }
  },
  {
    name: "COMPLETED, which alone proves nothing",
    reply: created(open("COMPLETED")),
    as: { status: "UNRECOGNIZED", rawStatus: "COMPLETED", final: false, amountCaptured: undefined }
  },
  {
    name: "an order that PayPal completes by itself",
    reply: created(
      open("PAYER_ACTION_REQUIRED", "payer-action", { processing_instruction: "ORDER_COMPLETE_ON_PAYMENT_APPROVAL" })
    ),
    as: {
      status: "REQUIRES_ACTION",
      state: { intent: "CAPTURE", processingInstruction: "ORDER_COMPLETE_ON_PAYMENT_APPROVAL" }
    }
  },
  ...["REVIEWING", "constructor", "__proto__", ""].map((status) => ({
    name: `the order's status "${status}"`,
    reply: created(open(status)),
    as: { status: "UNRECOGNIZED", rawStatus: status, final: false },
    unpublished: "no such status is published"
  })),
  {
    name: "the least that PayPal answers",
    reply: { status: 201, body: { id: paymentId, status: "CREATED" } },
    as: { paymentId, status: "REQUIRES_ACTION", amount: undefined, state: {} }
  }
]

/** The published file, `capture_status`, inside a completed order; what each means, doc/models/capture-status.md. */
const captures: ReadonlyArray<Read> = (
  [
    ["COMPLETED", "CAPTURED", true, { captureId: "3C679366HH908993F" }],
    ["PARTIALLY_REFUNDED", "CAPTURED", true, { captureId: "3C679366HH908993F" }],
    ["REFUNDED", "CAPTURED", true, { captureId: "3C679366HH908993F" }],
    ["PENDING", "PENDING", false, { pendingCaptureId: "3C679366HH908993F" }],
    ["DECLINED", "DECLINED", true, {}],
    ["FAILED", "FAILED", true, {}]
  ] as const
).map(([rawStatus, status, final, more]) => ({
  name: `a capture that is ${rawStatus}`,
  reply: created(orderOf({ captures: [capture({ status: rawStatus })] })),
  as: {
    paymentId,
    status,
    rawStatus,
    final,
    reference: "order-1",
    amount: eur(1000n),
    amountAuthorized: status === "CAPTURED" ? eur(1000n) : undefined,
    amountCaptured: eur(status === "CAPTURED" ? 1000n : 0n),
    captureId: "3C679366HH908993F",
    authorizationId: undefined,
    nextAction: undefined,
    cardChecks: { addressLine: "MATCH", postalCode: "MATCH", cvc: "MATCH", avsCode: "Y", cvcCode: "M" },
    networkTransactionId: "480120101234567",
    state: { intent: "CAPTURE", ...more }
  }
}))

/** The published file, `authorization_status`, in a completed order; what each means, doc/models/authorization-status.md. */
const authorizations: ReadonlyArray<Read> = (
  [
    ["CREATED", "AUTHORIZED", false],
    ["PENDING", "PENDING", false],
    ["DENIED", "DECLINED", true],
    ["VOIDED", "VOIDED", true],
    ["CAPTURED", "CAPTURED", true],
    ["PARTIALLY_CAPTURED", "PARTIALLY_CAPTURED", false]
  ] as const
).map(([rawStatus, status, final]) => ({
  name: `an authorization that is ${rawStatus}`,
  reply: created(reserved({ status: rawStatus })),
  as: {
    paymentId,
    status,
    rawStatus,
    final,
    amountAuthorized: ["AUTHORIZED", "CAPTURED", "PARTIALLY_CAPTURED"].includes(status) ? eur(1000n) : undefined,
    authorizationId: "0VF52814937998046",
    captureId: undefined,
    cardChecks: { addressLine: "MATCH", postalCode: "NO_MATCH", cvc: "NO_MATCH", avsCode: "A", cvcCode: "N" },
    networkTransactionId: "480120101234568",
    state: { intent: "AUTHORIZE", authorizationId: "0VF52814937998046", authorized: "10.00 EUR" }
  }
}))

const strange: ReadonlyArray<Read> = ["EXPIRED", "constructor", ""].flatMap((status) => [
  {
    name: `a capture of the status "${status}"`,
    reply: created(orderOf({ captures: [capture({ status })] })),
    as: { status: "UNRECOGNIZED", rawStatus: status, final: false, amountCaptured: undefined },
    unpublished: "no such status is published"
  },
  {
    name: `an authorization of the status "${status}"`,
    reply: created(reserved({ status })),
    as: { status: "UNRECOGNIZED", rawStatus: status, final: false },
    unpublished: "no such status is published"
  }
])

const vaulted = (source: string) => ({
  payment_source: { [source]: { attributes: { vault: { id: "8kk8451t", status: "VAULTED" } } } }
})

/** What an order says of a payment, by its own word and by what is in it. */
export const standings: ReadonlyArray<Read> = [
  ...captures,
  ...authorizations,
  ...orders,
  ...strange,
  {
    name: "a payment source that PayPal keeps",
    reply: created(order(vaulted("card"))),
    as: { paymentMethodId: "8kk8451t", state: { paymentSource: "card" } }
  },
  {
    name: "a wallet that PayPal keeps",
    reply: created(order(vaulted("paypal"))),
    as: { paymentMethodId: "8kk8451t", state: { paymentSource: "paypal" } }
  },
  {
    name: "a later attempt, by its own invoice id",
    reply: created(order({ purchase_units: [unit({ captures: [capture()] }, { invoice_id: "order-1/2" })] })),
    as: { reference: "order-1" }
  },
  ...["INV/2024/001", "INV/2024", "INV/7/2", "a/1", "a/02", "a/1000001"].map((invoice_id) => ({
    name: `an order with another's invoice id, ${invoice_id}`,
    reply: created(order({ purchase_units: [unit({ captures: [capture()] }, { invoice_id })] })),
    as: { reference: invoice_id === "INV/2024" ? "INV" : invoice_id }
  })),
  {
    name: "less taken than asked",
    reply: created(orderOf({ captures: [capture({ amount: value("9.00") })] })),
    as: {
      _tag: "AmountMismatch",
      asked: eur(1000n),
      found: { _tag: "Payment", payment: { paymentId, amountCaptured: eur(900n) } }
    }
  },
  {
    name: "another currency taken",
    reply: created(orderOf({ captures: [capture({ amount: value("10.00", "USD") })] })),
    as: { _tag: "AmountMismatch", found: { payment: { amountCaptured: { minorUnits: 1000n, currencyCode: "USD" } } } }
  },
  {
    name: "less reserved than asked",
    reply: created(reserved({ amount: value("9.00") })),
    as: { _tag: "AmountMismatch", found: { payment: { status: "AUTHORIZED", amountAuthorized: eur(900n) } } }
  }
]

/** Refusals: in the order, by the processor's code, and as an error, by its issue. */
export const declines: ReadonlyArray<Read> = [
  {
    name: "refused by the issuer",
    reply: created(
      orderOf({
        captures: [
          capture({ status: "DECLINED", processor_response: { response_code: "5120", payment_advice_code: "03" } })
        ]
      })
    ),
    as: {
      status: "DECLINED",
      final: true,
      decline: {
        code: "INSUFFICIENT_FUNDS",
        kind: "HARD",
        action: "DO_NOT_RETRY",
        rawCode: "5120",
        networkAdviceCode: "03"
      }
    }
  },
  {
    name: "refused by the issuer before anything was reserved",
    reply: created(reserved({ status: "DENIED", processor_response: { response_code: "9500" } })),
    as: { status: "DECLINED", decline: { code: "SUSPECTED_FRAUD", rawCode: "9500" } }
  },
  {
    name: "refused by the merchant's own rules",
    reply: created(
      reserved({
        status: "DENIED",
        status_details: { reason: "DECLINED_BY_RISK_FRAUD_FILTERS" },
        processor_response: undefined
      })
    ),
    as: { decline: { code: "BLOCKED", rawCode: "DECLINED_BY_RISK_FRAUD_FILTERS" } },
    unpublished: "the reason is newer than the file: @paypal/paypal-server-sdk, AuthorizationIncompleteReason"
  },
  {
    name: "refused without a code",
    reply: created(orderOf({ captures: [capture({ status: "DECLINED", processor_response: undefined })] })),
    as: { decline: { code: "DO_NOT_HONOR", rawCode: "DECLINED" }, cardChecks: undefined }
  },
  {
    name: "a code of a later day",
    reply: created(
      orderOf({ captures: [capture({ status: "DECLINED", processor_response: { response_code: "ZZZZ" } })] })
    ),
    as: { decline: { code: "UNRECOGNIZED", rawCode: "ZZZZ" } },
    unpublished: "no such code is published"
  },
  {
    name: "an expired card, as an error",
    reply: error(422, "CARD_EXPIRED", { description: "The card is expired" }),
    as: {
      paymentId: "",
      status: "DECLINED",
      rawStatus: "CARD_EXPIRED",
      final: true,
      reference: "order-1",
      decline: { code: "EXPIRED_CARD", rawCode: "CARD_EXPIRED", rawMessage: "The card is expired" }
    }
  },
  {
    name: "a link that is none",
    reply: error(
      422,
      "INSTRUMENT_DECLINED",
      {},
      {
        links: [
          { rel: "redirect", href: "nowhere" },
          { rel: "self", href: "" }
        ]
      }
    ),
    as: { paymentId: "", status: "DECLINED", final: true }
  }
]

/** Everything that is no answer about the payment. */
export const refusals: ReadonlyArray<Read> = [
  {
    name: "the reference was captured before, in another order",
    reply: error(422, "DUPLICATE_INVOICE_ID"),
    as: { _tag: "UnknownOutcome", description: "DUPLICATE_INVOICE_ID" }
  },
  {
    name: "the request id was used before (developer.paypal.com/api/deprecated/payments/v1/errors/duplicate_request_id)",
    reply: error(422, "DUPLICATE_REQUEST_ID"),
    as: { _tag: "UnknownOutcome", description: "DUPLICATE_REQUEST_ID" },
    unpublished: "known of the first version of Payments"
  },
  {
    name: "PayPal's own fault under its older name (…/payments.billing-plans/v1/errors/internal_service_error)",
    reply: error(422, undefined, {}, { name: "INTERNAL_SERVICE_ERROR" }),
    as: { _tag: "UnknownOutcome" },
    unpublished: "known of the first version of Billing Plans"
  },
  {
    name: "a field that is wrong",
    reply: error(400, "INVALID_PARAMETER_VALUE", {
      field: "/purchase_units/@reference_id=='default'/amount/value",
      description: "A parameter value is not valid."
    }),
    as: {
      _tag: "Rejected",
      httpStatus: 400,
      rawCode: "INVALID_PARAMETER_VALUE",
      rawMessage: "A parameter value is not valid.",
      rawField: "/purchase_units/@reference_id=='default'/amount/value"
    }
  },
  {
    name: "a merchant that may not take cards",
    reply: error(422, "NOT_ENABLED_FOR_CARD_PROCESSING"),
    as: { _tag: "Rejected", httpStatus: 422, rawCode: "NOT_ENABLED_FOR_CARD_PROCESSING" }
  },
  {
    name: "an error without details",
    reply: error(400),
    as: { _tag: "Rejected", rawCode: "INVALID_REQUEST" }
  },
  {
    name: "another request holds it",
    reply: error(409),
    as: { _tag: "UnknownOutcome" },
    unpublished: "the file lists it under default"
  },
  {
    name: "a token that is refused, the second one too",
    reply: error(401),
    lookUp: error(401),
    as: { _tag: "InvalidCredentials", refusedByProcessor: true }
  },
  { name: "turned away", reply: { status: 429 }, lookUp: { status: 429 }, as: { _tag: "RateLimited" } },
  { name: "an error of PayPal's own", reply: { status: 500 }, as: { _tag: "UnknownOutcome" } }
]
