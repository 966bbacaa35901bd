import { DateTime, Redacted } from "effect"
import type { Read } from "../Table.ts"
import { base64, waiting } from "./replies.ts"

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
        token: Redacted.make(base64(fingerprint))
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
    as: { nextAction: { _tag: "Challenge", step: "FINGERPRINT", fields: {}, token: Redacted.make(bare) } }
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
        token: Redacted.make(base64(challenge))
      },
      state: { ...known, authorisationToken: "Ab02b4c0!token" }
    }
  },
  {
    name: "a challenge whose token only Adyen can read",
    reply: waiting("ChallengeShopper", threeDS2("challenge", "not-json")),
    as: { ...asked, nextAction: { _tag: "Challenge", step: "CHALLENGE", fields: {}, token: Redacted.make("not-json") } }
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
    name: "payment data beside a fingerprint, which must be handed in instead of the action's",
    reply: waiting("IdentifyShopper", threeDS2("fingerprint", base64(fingerprint)), {
      threeDSPaymentData: "Ab02b4c0!3ds"
    }),
    // PaymentResponse.threeDSPaymentData: "When non-empty, contains a value that you must submit to the
    // `/payments/details` endpoint as `paymentData`."
    as: { state: { ...known, paymentData: "Ab02b4c0!3ds" } }
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
