import { type Read, toEqual } from "../Table.ts"
import { authorization, capture as captureReply, ok, order, orderOf, refund, reserved, unit, value } from "./replies.ts"

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const state = { intent: "AUTHORIZE", authorizationId: "0VF52814937998046", authorized: "10.00 EUR" }

const part = (over: object = {}) => captureReply({ amount: value("6.00"), final_capture: false, ...over })
/** A capture that waits for the payer's bank. */
export const pending = captureReply({ status: "PENDING", status_details: { reason: "ECHECK" } })
const failed = captureReply({ status: "FAILED" })

/** What each word means: github.com/paypal/PayPal-PHP-Server-SDK, doc/models/authorization-status.md, capture-status.md. */
export const standings: ReadonlyArray<Read> = [
  {
    name: "captured in part, more to come",
    reply: ok(reserved({ status: "PARTIALLY_CAPTURED" }, [part()])),
    as: {
      status: "PARTIALLY_CAPTURED",
      final: false,
      amount: eur(1000n),
      amountAuthorized: eur(1000n),
      amountCaptured: eur(600n),
      amountRefunded: eur(0n)
    }
  },
  {
    name: "captured in part before the authorization counts it",
    reply: ok(reserved({}, [part()])),
    as: { status: "PARTIALLY_CAPTURED", rawStatus: "CREATED", amountCaptured: eur(600n) }
  },
  {
    name: "captured in part, and no more to come",
    reply: ok(reserved({ status: "PARTIALLY_CAPTURED" }, [part({ final_capture: true })])),
    as: { status: "CAPTURED", final: true, amountCaptured: eur(600n) }
  },
  {
    name: "captured in two parts, the second newest",
    reply: ok(reserved({ status: "CAPTURED" }, [part({ id: "9P1" }), part({ id: "9P2", amount: value("4.00") })])),
    as: { status: "CAPTURED", amountCaptured: eur(1000n), captureId: "9P2", state: { captureId: "9P2" } }
  },
  {
    name: "captured in part, and another part refused",
    reply: ok(reserved({ status: "PARTIALLY_CAPTURED" }, [part({ id: "9P1" }), failed])),
    as: { status: "PARTIALLY_CAPTURED", amountCaptured: eur(600n), captureId: "9P1" }
  },
  {
    name: "captured in part, and another part on its way",
    reply: ok(reserved({ status: "PARTIALLY_CAPTURED" }, [part({ id: "9P1" }), pending])),
    as: { status: "PARTIALLY_CAPTURED", amountCaptured: eur(600n), captureId: "9P1" }
  },
  {
    name: "captured in part, the rest released",
    reply: ok(reserved({ status: "VOIDED" }, [part()])),
    as: { status: "CAPTURED", rawStatus: "VOIDED", final: true, amountCaptured: eur(600n) }
  },
  {
    name: "a capture that waits for the payer's bank",
    reply: ok(reserved({ status: "CAPTURED" }, [pending])),
    as: { status: "PENDING", rawStatus: "PENDING", final: false, amountCaptured: eur(0n) }
  },
  {
    name: "a part that waits for the payer's bank",
    reply: ok(reserved({ status: "PARTIALLY_CAPTURED" }, [pending])),
    as: { status: "PENDING", final: false, amountCaptured: eur(0n) }
  },
  ...["CREATED", "PENDING", "DENIED", "VOIDED"].map((status) => ({
    name: `a capture that waits, of an authorization that is ${status}`,
    reply: ok(reserved({ status }, [pending])),
    as: {
      status: "PENDING",
      rawStatus: "PENDING",
      final: false,
      amountCaptured: eur(0n),
      state: toEqual({ ...state, pendingCaptureId: "3C679366HH908993F" })
    }
  })),
  {
    name: "a capture that waits, and a newer one that failed",
    reply: ok(reserved({ status: "CAPTURED" }, [pending, captureReply({ id: "9P2", status: "FAILED" })])),
    as: { status: "PENDING", final: false, captureId: "3C679366HH908993F" }
  },
  ...["CREATED", "PENDING", "DENIED", "VOIDED", "CAPTURED", "PARTIALLY_CAPTURED"].map((status) => ({
    name: `a capture of a word that is not known, of an authorization that is ${status}`,
    reply: ok(reserved({ status }, [captureReply({ status: "CAPTURING" })])),
    as: {
      status: "UNRECOGNIZED",
      rawStatus: "CAPTURING",
      final: false,
      amountCaptured: undefined,
      state: toEqual({ ...state, pendingCaptureId: "3C679366HH908993F" })
    },
    unpublished: "no such status is published"
  })),
  {
    name: "captured in part, and another part of a word that is not known",
    reply: ok(reserved({ status: "PARTIALLY_CAPTURED" }, [part({ id: "9P1" }), captureReply({ status: "CAPTURING" })])),
    as: { status: "UNRECOGNIZED", final: false, amountCaptured: undefined, captureId: "9P1" },
    unpublished: "no such status is published"
  },
  ...["CAPTURED", "VOIDED", "CREATED"].map((status) => ({
    name: `a part taken and the rest on its way, of an authorization that is ${status}`,
    reply: ok(reserved({ status }, [part({ id: "9P1", final_capture: true }), pending])),
    as: {
      status: "PARTIALLY_CAPTURED",
      rawStatus: status,
      final: false,
      amountCaptured: eur(600n),
      state: toEqual({ ...state, captureId: "9P1", pendingCaptureId: "3C679366HH908993F" })
    }
  })),
  {
    name: "a part taken and the rest on its way, at once",
    reply: ok(orderOf({ captures: [part({ id: "9P1" }), pending] })),
    as: { status: "PARTIALLY_CAPTURED", rawStatus: "COMPLETED", final: false, amountCaptured: eur(600n) }
  },
  {
    name: "a capture that failed, the rest released",
    reply: ok(reserved({ status: "VOIDED" }, [failed])),
    as: { status: "VOIDED", rawStatus: "VOIDED", final: true, amountCaptured: eur(0n), state: toEqual(state) }
  },
  {
    name: "a capture that failed",
    reply: ok(reserved({ status: "CAPTURED" }, [failed])),
    as: { status: "FAILED", final: true, amountCaptured: eur(0n) }
  },
  {
    name: "a part whose capture failed, the rest still reserved",
    reply: ok(reserved({ status: "PARTIALLY_CAPTURED" }, [failed])),
    as: { status: "AUTHORIZED", rawStatus: "PARTIALLY_CAPTURED", final: false, amountCaptured: eur(0n) }
  },
  {
    name: "a capture that failed, of funds that are still reserved",
    reply: ok(reserved({}, [failed])),
    as: { status: "AUTHORIZED", final: false, amountCaptured: eur(0n) }
  },
  {
    name: "money taken of an authorization of another status",
    reply: ok(reserved({ status: "SETTLED" }, [captureReply()])),
    as: { status: "UNRECOGNIZED", rawStatus: "SETTLED", final: false },
    unpublished: "no such status is published"
  },
  {
    name: "an authorization that replaced another",
    reply: ok(
      orderOf(
        { authorizations: [authorization({ status: "VOIDED" }), authorization({ id: "1NEW" })] },
        { intent: "AUTHORIZE" }
      )
    ),
    as: { status: "AUTHORIZED", authorizationId: "1NEW", state: { authorizationId: "1NEW" } }
  },
  ...["DENIED", "VOIDED", "PENDING", "REPLACED"].map((status) => ({
    name: `an authorization that holds funds, and a newer one that is ${status}`,
    reply: ok(
      orderOf(
        { authorizations: [authorization({ id: "1OLD" }), authorization({ id: "2NEW", status })] },
        { intent: "AUTHORIZE" }
      )
    ),
    as: { status: "AUTHORIZED", final: false, authorizationId: "1OLD", state: { authorizationId: "1OLD" } },
    ...(status === "REPLACED" && { unpublished: "no such status is published" })
  })),
  {
    name: "an authorization that is looked at, and a newer one that was refused",
    reply: ok(
      orderOf(
        { authorizations: [authorization({ id: "1OLD", status: "PENDING" }), authorization({ status: "DENIED" })] },
        { intent: "AUTHORIZE" }
      )
    ),
    as: { status: "PENDING", final: false, authorizationId: "1OLD" }
  },
  {
    name: "given back in two parts, and a third on its way",
    reply: ok(
      orderOf({
        captures: [captureReply({ status: "PARTIALLY_REFUNDED" })],
        refunds: [refund(), refund({ amount: value("1.50") }), refund({ status: "PENDING" })]
      })
    ),
    as: { status: "CAPTURED", rawStatus: "PARTIALLY_REFUNDED", amountRefunded: eur(550n), final: true }
  },
  {
    name: "all given back",
    reply: ok(
      orderOf({ captures: [captureReply({ status: "REFUNDED" })], refunds: [refund({ amount: value("10.00") })] })
    ),
    as: { status: "CAPTURED", amountRefunded: eur(1000n) }
  },
  {
    name: "given back, and the order does not say how much",
    reply: ok(orderOf({ captures: [captureReply({ status: "REFUNDED" })] })),
    as: { status: "CAPTURED", amountRefunded: undefined }
  },
  {
    name: "two purchase units",
    reply: ok(
      order({
        purchase_units: [unit({ captures: [part()] }), unit({ captures: [captureReply()] }, { amount: value("5.00") })]
      })
    ),
    as: { status: "CAPTURED", amount: eur(1500n), amountCaptured: eur(1600n) }
  },
  {
    name: "a capture that does not say how much",
    reply: ok(orderOf({ captures: [captureReply({ amount: undefined })] })),
    as: { status: "CAPTURED", amount: eur(1000n), amountCaptured: undefined }
  },
  {
    name: "an amount that is none",
    reply: ok(orderOf({ captures: [captureReply({ amount: value("10.005") })] })),
    lookUp: ok(orderOf({ captures: [captureReply({ amount: value("10.005") })] })),
    as: { _tag: "UnreadableReply", httpStatus: 200 }
  },
  {
    name: "a currency that is none",
    reply: ok(orderOf({ captures: [captureReply({ amount: value("10.00", "XXX") })] })),
    lookUp: ok(orderOf({ captures: [captureReply({ amount: value("10.00", "XXX") })] })),
    as: { _tag: "UnreadableReply", httpStatus: 200 }
  },
  {
    name: "yen with decimals",
    reply: ok(orderOf({ captures: [captureReply({ amount: value("500.00", "JPY") })] })),
    as: { amountCaptured: { minorUnits: 500n, currencyCode: "JPY" } }
  }
]
