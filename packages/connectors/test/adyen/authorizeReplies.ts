import { DateTime } from "effect"
import type { Read } from "../Table.ts"
import { additional, authorised, base64, error, ok, refused, waiting } from "./replies.ts"

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })

/** PaymentResponse.resultCode; docs.adyen.com/online-payments/payment-result-codes. */
export const standings: ReadonlyArray<Read> = [
  {
    name: "Authorised, and captured at once",
    reply: ok(authorised()),
    as: {
      paymentId: "993617895204576J",
      status: "CAPTURED",
      rawStatus: "Authorised",
      final: true,
      reference: "order-1",
      amount: eur(1000n),
      amountAuthorized: eur(1000n),
      amountCaptured: eur(1000n),
      nextAction: undefined,
      decline: undefined,
      // 4: AVS is not supported for the card; the security code matches
      cardChecks: { addressLine: "UNAVAILABLE", postalCode: "UNAVAILABLE", cvc: "MATCH", avsCode: "U", cvcCode: "M" },
      networkTransactionId: "777718270854480",
      paymentMethodId: undefined,
      state: {}
    }
  },
  {
    name: "Authorised, and kept for later (the published example …-subscription-first-transaction-200)",
    reply: ok(authorised(additional({ "tokenization.storedPaymentMethodId": "M5N7TQ4TG5PFWR50" }))),
    as: { paymentMethodId: "M5N7TQ4TG5PFWR50", cardChecks: undefined, networkTransactionId: undefined }
  },
  {
    name: "Authorised, and kept under the older name",
    reply: ok(authorised(additional({ "recurring.recurringDetailReference": "8416038790273850" }))),
    as: { paymentMethodId: "8416038790273850" }
  },
  {
    name: "the reference in the additional data only",
    reply: ok(authorised({ merchantReference: undefined, ...additional({ merchantReference: "order-1" }) })),
    as: { reference: "order-1" }
  },
  ...(
    [
      ["Pending", "PENDING"],
      ["Received", "PENDING"],
      ["PresentToShopper", "PENDING"]
    ] as const
  ).map(([resultCode, status]) => ({
    name: resultCode,
    reply: ok(authorised({ resultCode, amount: undefined })),
    as: { status, rawStatus: resultCode, final: false, amountAuthorized: undefined, amountCaptured: undefined }
  })),
  ...["Cancelled", "Error"].map((resultCode) => ({
    name: resultCode,
    reply: refused({ resultCode }),
    as: { status: "FAILED", rawStatus: resultCode, final: true, decline: undefined, state: {} }
  })),
  ...["AuthenticationFinished", "AuthenticationNotRequired", "Success"].map((resultCode) => ({
    name: resultCode,
    reply: ok(authorised({ resultCode })),
    as: { status: "UNRECOGNIZED", final: false, amountAuthorized: undefined, amountCaptured: undefined }
  })),
  ...["OnItsWay", "constructor", "__proto__", ""].map((resultCode) => ({
    name: `the result "${resultCode}"`,
    reply: ok(authorised({ resultCode })),
    as: { status: "UNRECOGNIZED", rawStatus: resultCode, final: false, amountCaptured: undefined },
    unpublished: "no such result is published"
  })),
  {
    name: "less authorised than asked, told by the amount",
    reply: ok(authorised({ resultCode: "PartiallyAuthorised", amount: { currency: "EUR", value: 900 } })),
    as: {
      _tag: "AmountMismatch",
      asked: eur(1000n),
      found: { _tag: "Payment", payment: { status: "AUTHORIZED", amountAuthorized: eur(900n), amount: undefined } }
    }
  },
  {
    name: "less authorised than asked, told as AdditionalDataCommon.allowPartialAuth says",
    reply: ok(
      authorised({
        resultCode: "PartiallyAuthorised",
        ...additional({ authorisedAmountValue: "900", authorisedAmountCurrency: "EUR" })
      })
    ),
    as: { _tag: "AmountMismatch", found: { payment: { amountAuthorized: eur(900n), amountCaptured: undefined } } }
  },
  {
    name: "less authorised than asked, and not told how much",
    reply: ok(authorised({ resultCode: "PartiallyAuthorised", amount: undefined })),
    as: { status: "UNRECOGNIZED", rawStatus: "PartiallyAuthorised", final: false }
  },
  {
    name: "another amount than asked",
    reply: ok(authorised({ amount: { currency: "EUR", value: 900 } })),
    as: { _tag: "AmountMismatch", asked: eur(1000n), found: { payment: { amountCaptured: eur(900n) } } }
  },
  {
    name: "another currency than asked",
    reply: ok(authorised({ amount: { currency: "USD", value: 1000 } })),
    as: { _tag: "AmountMismatch", found: { payment: { amountCaptured: { minorUnits: 1000n, currencyCode: "USD" } } } }
  },
  {
    name: "authorised without an amount, a reference or an id",
    reply: ok({ resultCode: "Authorised" }),
    as: { paymentId: "order-1", status: "CAPTURED", final: true, reference: undefined, amountCaptured: undefined }
  }
]

/** docs.adyen.com/development-resources/refusal-reasons, docs.adyen.com/development-resources/raw-acquirer-responses. */
export const declines: ReadonlyArray<Read> = [
  {
    name: "refused, with what the network said",
    reply: refused({
      refusalReason: "Not enough balance",
      refusalReasonCode: "12",
      ...additional({ refusalReasonRaw: "51 : Not sufficient funds", merchantAdviceCode: "02 : Try again later" })
    }),
    as: {
      paymentId: "993617895204576J",
      status: "DECLINED",
      final: true,
      rawStatus: "Refused",
      reference: "order-1",
      decline: {
        code: "INSUFFICIENT_FUNDS",
        kind: "SOFT",
        action: "RETRY_LATER",
        rawCode: "12",
        rawMessage: "Not enough balance",
        networkDeclineCode: "51",
        networkAdviceCode: "02"
      },
      state: {}
    }
  },
  {
    name: "the advice not to try again makes it hard",
    reply: refused(additional({ merchantAdviceCode: "03" })),
    as: { decline: { code: "DO_NOT_HONOR", kind: "HARD", action: "DO_NOT_RETRY", networkAdviceCode: "03" } }
  },
  {
    name: "the advice that the card was replaced",
    reply: refused(additional({ merchantAdviceCode: "01: New account information available" })),
    as: { decline: { kind: "SOFT", action: "CORRECT_DETAILS", networkAdviceCode: "01" } }
  },
  {
    name: "words of an acquirer that begin with no code",
    reply: refused(additional({ refusalReasonRaw: "DECLINED CVC Incorrect" })),
    as: { decline: { code: "DO_NOT_HONOR", kind: "SOFT", networkDeclineCode: undefined, networkAdviceCode: undefined } }
  },
  {
    name: "a refusal of a later day",
    reply: refused({ refusalReason: "Card on the moon", refusalReasonCode: "999" }),
    as: { status: "DECLINED", decline: { code: "UNRECOGNIZED", rawCode: "999", rawMessage: "Card on the moon" } }
  },
  {
    name: "refused without a reason",
    reply: refused({ refusalReason: undefined, refusalReasonCode: undefined }),
    as: { status: "DECLINED", decline: { code: "UNRECOGNIZED", rawCode: "", rawMessage: undefined } }
  },
  {
    name: "refused after checks that failed, with the networks' letters",
    reply: refused(
      additional({
        avsResult: "2 Neither postal code nor address match",
        avsResultRaw: "N",
        cvcResult: "2 Doesn't match",
        cvcResultRaw: "N"
      })
    ),
    as: {
      cardChecks: { addressLine: "NO_MATCH", postalCode: "NO_MATCH", cvc: "NO_MATCH", avsCode: "N", cvcCode: "N" }
    }
  },
  {
    name: "a letter that is the network's own",
    reply: refused(additional({ avsResult: "14 Postal code matches", avsResultRaw: "P" })),
    as: { cardChecks: { addressLine: undefined, postalCode: "MATCH", avsCode: "P" } }
  },
  {
    name: "checks of a later day",
    reply: refused(additional({ avsResult: "99 Asked the neighbours", cvcResult: "12", cvcResultRaw: "12" })),
    as: { cardChecks: undefined }
  }
]

const fingerprint = {
  threeDSMessageVersion: "2.1.0",
  threeDSMethodNotificationURL:
    "https://checkoutshopper-test.adyen.com/checkoutshopper/threeDSMethodNotification.shtml",
  threeDSMethodUrl: "https://pal-test.adyen.com/threeds2simulator/acs/startMethod.shtml",
  threeDSServerTransID: "701ce85c-270f-4954-9ca6-f6aa7995c15d"
}
const bare = base64({ threeDSServerTransID: "1" })
const challenge = {
  acsReferenceNumber: "ADYEN-ACS-SIMULATOR",
  acsTransID: "7f7e1a4e-0b3e-4d0e-9d0a-2f6b0c7d9a11",
  acsURL: "https://pal-test.adyen.com/threeds2simulator/acs/challenge.shtml",
  messageVersion: "2.1.0",
  threeDSNotificationURL: "https://shop.example/back",
  threeDSServerTransID: "701ce85c-270f-4954-9ca6-f6aa7995c15d"
}
const threeDS2 = (subtype: string, token: string) => ({
  paymentMethodType: "scheme",
  type: "threeDS2",
  subtype,
  token,
  paymentData: "Ab02b4c0!data",
  authorisationToken: "Ab02b4c0!token"
})
const redirect = {
  paymentMethodType: "scheme",
  type: "redirect",
  method: "GET",
  url: "https://checkoutshopper-test.adyen.com/checkoutshopper/threeDS/redirect"
}
const known = { captureMethod: "AUTOMATIC", paymentReference: "order-1" }
const asked = { paymentId: "order-1", status: "REQUIRES_ACTION", final: false }

/** The nine kinds of PaymentResponse.action; EMV 3-D Secure 2, "3DS Method" and "CReq" for the forms. */
export const actions: ReadonlyArray<Read> = [
  {
    name: "a redirect, before there is an id",
    reply: waiting("RedirectShopper", redirect),
    as: {
      ...asked,
      rawStatus: "RedirectShopper",
      nextAction: { _tag: "Redirect", method: "GET", url: redirect.url, fields: {} },
      state: known
    }
  },
  {
    name: "a redirect with a form, of a payment that has an id",
    reply: waiting(
      "RedirectShopper",
      { ...redirect, method: "POST", data: { PaReq: "eNpVUtt", MD: "OEVudmZVMUl" } },
      { pspReference: "JLCMPCQ8HXSKGK82" }
    ),
    as: {
      paymentId: "JLCMPCQ8HXSKGK82",
      status: "REQUIRES_ACTION",
      nextAction: { method: "POST", fields: { PaReq: "eNpVUtt", MD: "OEVudmZVMUl" } },
      state: { captureMethod: "AUTOMATIC" }
    }
  },
  {
    name: "a redirect to nowhere",
    reply: waiting("RedirectShopper", { type: "redirect" }),
    as: { ...asked, nextAction: undefined }
  },
  {
    name: "a fingerprint",
    reply: waiting("IdentifyShopper", threeDS2("fingerprint", base64(fingerprint))),
    as: {
      ...asked,
      nextAction: {
        _tag: "Challenge",
        step: "FINGERPRINT",
        url: fingerprint.threeDSMethodUrl,
        fields: {
          threeDSMethodData: base64(
            {
              threeDSServerTransID: fingerprint.threeDSServerTransID,
              threeDSMethodNotificationURL: fingerprint.threeDSMethodNotificationURL
            },
            "base64url"
          )
        },
        token: base64(fingerprint)
      },
      // both texts would be too long together, and a fingerprint is handed in with this one
      state: { ...known, paymentData: "Ab02b4c0!data" }
    }
  },
  {
    name: "a fingerprint of the other spelling",
    reply: waiting(
      "IdentifyShopper",
      threeDS2("fingerprint", base64({ threeDSServerTransID: "1", threeDSMethodURL: "https://acs.example/" }))
    ),
    as: { nextAction: { url: "https://acs.example/" } }
  },
  {
    name: "a fingerprint that the issuer does not take",
    reply: waiting("IdentifyShopper", threeDS2("fingerprint", bare)),
    as: { nextAction: { _tag: "Challenge", step: "FINGERPRINT", fields: {}, token: bare } }
  },
  {
    name: "a challenge",
    reply: waiting("ChallengeShopper", threeDS2("challenge", base64(challenge))),
    as: {
      ...asked,
      nextAction: {
        _tag: "Challenge",
        step: "CHALLENGE",
        url: challenge.acsURL,
        fields: {
          creq: base64(
            {
              threeDSServerTransID: challenge.threeDSServerTransID,
              acsTransID: challenge.acsTransID,
              messageVersion: "2.1.0",
              messageType: "CReq",
              challengeWindowSize: "05"
            },
            "base64url"
          )
        },
        token: base64(challenge)
      },
      state: { ...known, authorisationToken: "Ab02b4c0!token" }
    }
  },
  {
    name: "a challenge whose token only Adyen can read",
    reply: waiting("ChallengeShopper", threeDS2("challenge", "not-json")),
    as: { ...asked, nextAction: { _tag: "Challenge", step: "CHALLENGE", fields: {}, token: "not-json" } }
  },
  {
    name: "a step of a later day",
    reply: waiting("ChallengeShopper", threeDS2("riddle", base64(challenge))),
    as: { ...asked, nextAction: undefined }
  },
  {
    name: "payment data beside the action, which must be handed in",
    reply: waiting("ChallengeShopper", threeDS2("challenge", base64(challenge)), {
      threeDSPaymentData: "Ab02b4c0!3ds"
    }),
    as: { state: { authorisationToken: "Ab02b4c0!token", paymentData: "Ab02b4c0!3ds" } }
  },
  {
    name: "a QR code",
    reply: waiting(
      "Pending",
      {
        type: "qrCode",
        paymentMethodType: "bcmc_mobile",
        qrCodeData: "BEP://1bcmc-test.adyen.com/pal/bep$ZTHYT3DHKVXYJ3GHBQNNCX4M",
        url: "https://test.adyen.com/hpp/bcmc",
        expiresAt: "2026-01-15T12:10:00Z",
        paymentData: "Ab02b4c0!data"
      },
      { pspReference: "JLCMPCQ8HXSKGK82" }
    ),
    as: {
      paymentId: "JLCMPCQ8HXSKGK82",
      status: "REQUIRES_ACTION",
      rawStatus: "Pending",
      nextAction: {
        _tag: "QrCode",
        data: "BEP://1bcmc-test.adyen.com/pal/bep$ZTHYT3DHKVXYJ3GHBQNNCX4M",
        url: "https://test.adyen.com/hpp/bcmc",
        expiresAt: DateTime.makeUnsafe("2026-01-15T12:10:00Z")
      },
      state: { captureMethod: "AUTOMATIC", paymentData: "Ab02b4c0!data" }
    }
  },
  {
    name: "a QR code that says nothing of its end",
    reply: waiting("Pending", { type: "qrCode", qrCodeData: "BEP://1", expiresAt: "soon" }),
    as: { nextAction: { _tag: "QrCode", data: "BEP://1", url: undefined, expiresAt: undefined } }
  },
  {
    name: "a wait for the payer's app",
    reply: waiting("Pending", { type: "await", paymentMethodType: "blik", paymentData: "Ab02b4c0!data" }),
    as: { ...asked, nextAction: { _tag: "Wait", expiresAt: undefined }, state: { paymentData: "Ab02b4c0!data" } }
  },
  ...["sdk", "voucher", "bankTransfer", "nativeRedirect", "delegatedAuthentication", "wechatpaySDK"].map((type) => ({
    name: `an action of type ${type}, which we cannot run`,
    reply: waiting("PresentToShopper", { type }),
    as: { ...asked, nextAction: undefined }
  })),
  {
    name: "an action of a later day",
    reply: waiting("Pending", { type: "constructor" }),
    as: { ...asked, nextAction: undefined },
    unpublished: "no such action is published"
  }
]

/** ServiceError; docs.adyen.com/development-resources/error-codes, docs.adyen.com/development-resources/api-idempotency. */
export const refusals: ReadonlyArray<Read> = [
  {
    name: "a field refused",
    reply: error(422, {}),
    as: { _tag: "Rejected", httpStatus: 422, rawCode: "14_030", rawMessage: "Return URL is missing." }
  },
  {
    name: "a body refused (the published example generic-400)",
    reply: error(400, { errorCode: "702", message: 'Unexpected input: ", expected: }' }),
    as: { _tag: "Rejected", httpStatus: 400, rawCode: "702" }
  },
  {
    name: "no such key (the published example generic-401)",
    reply: error(401, { errorCode: "000", message: "HTTP Status Response - Unauthorized", errorType: "security" }),
    as: { _tag: "InvalidCredentials", refusedByProcessor: true, description: "HTTP Status Response - Unauthorized" }
  },
  {
    name: "a merchant account that the key may not use (the published example generic-403)",
    reply: error(403, { errorCode: "901", message: "Invalid Merchant Account", errorType: "security" }),
    as: { _tag: "InvalidCredentials", refusedByProcessor: true }
  },
  ...[409, 422].map((status) => ({
    name: `another call with the key still runs, told with ${status}, and then it has ended`,
    reply: error(status, { errorCode: "704", message: "request already processed or in progress" }),
    lookUp: ok(authorised()),
    as: { paymentId: "993617895204576J", status: "CAPTURED" },
    ...(status === 409 && { unpublished: "409 is on the page on idempotency only" })
  })),
  {
    name: "another call with the key runs and runs",
    reply: error(422, { errorCode: "704" }),
    lookUp: error(422, { errorCode: "704" }),
    as: { _tag: "UnknownOutcome", unsettled: { flow: "payment.authorize", reference: "order-1" } }
  },
  {
    name: "a conflict of another kind",
    reply: error(409, { errorCode: "14_999" }),
    lookUp: error(409, { errorCode: "14_999" }),
    as: { _tag: "UnknownOutcome" },
    unpublished: "409 is on the page on idempotency only"
  },
  {
    name: "Adyen's own fault, in a reply of 422",
    reply: error(422, { errorType: "internal", errorCode: "903" }),
    lookUp: error(422, { errorType: "internal", errorCode: "903" }),
    as: { _tag: "UnknownOutcome" }
  },
  {
    name: "too many requests, of which Adyen does not say that they were not looked at",
    reply: error(429, { errorCode: "00_429" }),
    lookUp: error(429, { errorCode: "00_429" }),
    as: { _tag: "UnknownOutcome" },
    unpublished: "429 is not published"
  },
  {
    name: "an error of a configuration (the published example generic-500), after which it may have been taken",
    reply: error(500, { errorCode: "905", message: "Payment details are not supported", errorType: "configuration" }),
    lookUp: error(500, { errorCode: "905" }),
    as: { _tag: "UnknownOutcome", description: "HTTP 500" }
  },
  {
    name: "a passing error, and then it is taken under the same key",
    reply: error(500, { errorType: "internal" }, { "transient-error": "true" }),
    lookUp: ok(authorised()),
    as: { paymentId: "993617895204576J", status: "CAPTURED" }
  },
  {
    name: "an error that Adyen says not to repeat",
    reply: error(500, { errorType: "internal" }, { "transient-error": "false" }),
    lookUp: ok(authorised()),
    as: { _tag: "UnknownOutcome", description: "HTTP 500" }
  },
  {
    name: "an error without the code that Adyen always gives",
    reply: { status: 404, body: { status: 404, error: "Not Found" } },
    lookUp: { status: 404, body: { status: 404, error: "Not Found" } },
    as: { _tag: "UnknownOutcome" },
    unpublished: "404 is not published"
  }
]
