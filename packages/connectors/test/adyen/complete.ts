import { expect } from "vitest"
import { type Sends, type Table, toEqual } from "../Table.ts"
import { authorised, base64, error, ok, refused, waiting } from "./replies.ts"

type Cases = NonNullable<Table["payment.complete"]>

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const post = (body: object): Sends => ({
  method: "POST",
  path: "/payments/details",
  headers: { "x-api-key": "AQE_made_up_for_tests" },
  contentType: "application/json",
  body
})

const input = { reference: "complete-1", paymentId: "order-1" }
const known = { captureMethod: "AUTOMATIC", paymentReference: "order-1" }

/** PaymentCompletionDetails: each name that the file has, as the payer's browser or Adyen's library brings it. */
const documented: Cases = [
  "MD",
  "PaReq",
  "PaRes",
  "authorization_token",
  "billingToken",
  "cupsecureplus.smscode",
  "facilitatorAccessToken",
  "oneTimePasscode",
  "orderID",
  "payerID",
  "payload",
  "paymentID",
  "paymentStatus",
  "redirectResult",
  "resultCode",
  "returnUrlQueryString",
  "threeds2.challengeResult",
  "threeds2.fingerprint",
  "vaultToken"
].map((name) => ({
  name: `${name}, and payment data`,
  input: {
    ...input,
    returned: { [name]: "X6XtfGC3!Y", order: "1" },
    state: { ...known, paymentData: "Ab02b4c0!data" }
  },
  sends: post({ details: { [name]: "X6XtfGC3!Y" }, paymentData: "Ab02b4c0!data" })
}))

/** Everything about `payment.complete`. */
export const complete: Cases = [
  {
    name: "after a redirect (the published example post-payments-details-00.redirect)",
    input: { ...input, returned: { redirectResult: "X6XtfGC3!Y..." }, state: known },
    sends: post({ details: { redirectResult: "X6XtfGC3!Y..." } }),
    reads: [
      {
        name: "authorised, and captured at once",
        reply: ok(authorised()),
        as: {
          paymentId: "993617895204576J",
          status: "CAPTURED",
          final: true,
          amountCaptured: eur(1000n),
          state: {}
        }
      },
      {
        name: "refused",
        reply: refused({ refusalReason: "3D Not Authenticated", refusalReasonCode: "11" }),
        as: { status: "DECLINED", final: true, decline: { code: "AUTHENTICATION_FAILED", rawCode: "11" } }
      },
      {
        name: "given up by the payer",
        reply: refused({ resultCode: "Cancelled" }),
        as: { status: "FAILED", final: true }
      },
      {
        name: "another step, still without an id",
        reply: waiting("ChallengeShopper", { type: "threeDS2", subtype: "challenge", authorisationToken: "t-2" }),
        as: { paymentId: "order-1", status: "REQUIRES_ACTION", state: { ...known, authorisationToken: "t-2" } }
      },
      {
        name: "received, now with an id",
        reply: ok({ resultCode: "Received", pspReference: "V4HZ4RBFJGXXGN82" }),
        as: { paymentId: "V4HZ4RBFJGXXGN82", status: "PENDING", final: false, state: { captureMethod: "AUTOMATIC" } }
      },
      {
        name: "a result that was made up",
        reply: error(422, { errorCode: "14_0408", message: "Could not decrypt the redirect result" }),
        // what an earlier call with the true one took is not told by the refusal of this one
        as: { _tag: "UnknownOutcome", description: expect.stringContaining("14_0408") }
      },
      {
        name: "an error of Adyen's own, and then it is answered under the same key",
        reply: { status: 502 },
        lookUp: ok(authorised()),
        as: { status: "CAPTURED" }
      }
    ]
  },
  {
    name: "of a payment to be captured later",
    input: { ...input, returned: { redirectResult: "X6XtfGC3!Y..." }, state: { captureMethod: "MANUAL" } },
    sends: post({ details: { redirectResult: "X6XtfGC3!Y..." } }),
    reads: [
      {
        reply: ok(authorised()),
        as: { status: "AUTHORIZED", final: false, amountAuthorized: eur(1000n), amountCaptured: undefined }
      }
    ]
  },
  {
    name: "while the payer has not answered in the bank's app",
    input: { ...input, state: { ...known, paymentData: "Ab02b4c0!data" } },
    sends: post({ details: {}, paymentData: "Ab02b4c0!data" }),
    reads: [
      {
        name: "the next Complete needs the payment data again",
        reply: ok({ resultCode: "Pending", pspReference: "V4HZ4RBFJGXXGN82" }),
        as: {
          status: "PENDING",
          final: false,
          state: toEqual({ captureMethod: "AUTOMATIC", paymentData: "Ab02b4c0!data" })
        }
      },
      {
        name: "newer payment data count",
        reply: waiting("Pending", { type: "await", paymentData: "Ab02b4c0!new" }),
        as: { status: "REQUIRES_ACTION", state: toEqual({ ...known, paymentData: "Ab02b4c0!new" }) },
        unpublished: "the file lists no such action here"
      },
      {
        name: "a step that brings its own does not keep it",
        reply: waiting("RedirectShopper", { type: "redirect", method: "GET", url: "https://bank.example/" }),
        as: { status: "REQUIRES_ACTION", state: toEqual(known) },
        unpublished: "the file lists no such action here"
      },
      { name: "taken", reply: ok(authorised()), as: { status: "CAPTURED", final: true, state: toEqual({}) } }
    ]
  },
  {
    name: "of a payment that was asked for more",
    input: { ...input, amount: eur(1001n), returned: { redirectResult: "X6XtfGC3!Y..." }, state: known },
    sends: post({ details: { redirectResult: "X6XtfGC3!Y..." } }),
    reads: [{ reply: ok(authorised()), as: { _tag: "AmountMismatch", found: { payment: { status: "CAPTURED" } } } }]
  },
  {
    name: "of a payment whose state says that it was asked for more",
    input: { ...input, returned: { redirectResult: "X6XtfGC3!Y..." }, state: { ...known, asked: "EUR 1001" } },
    sends: post({ details: { redirectResult: "X6XtfGC3!Y..." } }),
    reads: [
      {
        name: "less is taken",
        reply: ok(authorised()),
        as: { _tag: "AmountMismatch", asked: eur(1001n), found: { payment: { status: "CAPTURED" } } }
      },
      {
        name: "the next step remembers it",
        reply: waiting("ChallengeShopper", { type: "threeDS2", subtype: "challenge", authorisationToken: "t-2" }),
        as: { status: "REQUIRES_ACTION", state: { asked: "EUR 1001" } }
      }
    ]
  },
  {
    name: "of a payment whose state was lost",
    input: { ...input, returned: { redirectResult: "X6XtfGC3!Y..." } },
    sends: post({ details: { redirectResult: "X6XtfGC3!Y..." } }),
    reads: [
      {
        name: "it is never said to be taken",
        reply: ok(authorised()),
        as: { status: "AUTHORIZED", final: false, amountCaptured: undefined }
      }
    ]
  },
  {
    name: "a fingerprint that came back",
    input: {
      ...input,
      returned: { threeDSMethodData: base64({ threeDSServerTransID: "1" }, "base64url") },
      state: { ...known, paymentData: "Ab02b4c0!data" }
    },
    // base64 of {"threeDSCompInd":"Y"}: Adyen's integration for commercetools, docs, "3DS2"
    sends: post({
      details: { "threeds2.fingerprint": "eyJ0aHJlZURTQ29tcEluZCI6IlkifQ==" },
      paymentData: "Ab02b4c0!data"
    })
  },
  {
    name: "a fingerprint that did not come back",
    input: { ...input, returned: { threeDSCompInd: "N" }, state: { ...known, paymentData: "Ab02b4c0!data" } },
    sends: post({
      details: { "threeds2.fingerprint": base64({ threeDSCompInd: "N" }) },
      paymentData: "Ab02b4c0!data"
    })
  },
  {
    name: "a challenge that the issuer answered",
    input: {
      ...input,
      // EMV 3-D Secure 2, "CRes"
      returned: {
        cres: base64({ threeDSServerTransID: "1", messageType: "CRes", transStatus: "Y" }, "base64url")
      },
      state: { ...known, authorisationToken: "Ab02b4c0!token" }
    },
    sends: post({
      details: { threeDSResult: base64({ transStatus: "Y", authorisationToken: "Ab02b4c0!token" }) }
    })
  },
  {
    name: "a challenge whose end the page says",
    input: {
      ...input,
      returned: { transStatus: "N" },
      state: { ...known, authorisationToken: "Ab02b4c0!token", paymentData: "Ab02b4c0!3ds" }
    },
    sends: post({
      details: { threeDSResult: base64({ transStatus: "N", authorisationToken: "Ab02b4c0!token" }) }
    })
  },
  {
    name: "a result of Adyen's own library (the published example post-payments-details-3d-secure-2-native)",
    input: {
      ...input,
      returned: { threeDSResult: "eyJ0cmFuc1N0YXR1cyI6IlkifQ==" },
      state: { ...known, paymentData: "Ab02b4c0!data" }
    },
    sends: post({ details: { threeDSResult: "eyJ0cmFuc1N0YXR1cyI6IlkifQ==" } })
  },
  ...documented
]
