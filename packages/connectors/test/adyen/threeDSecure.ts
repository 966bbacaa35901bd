import type { Sends, Table } from "../Table.ts"

type Cases = NonNullable<Table["payment.authorize"]>
type Input = Cases[number]["input"]

/** The browser of the published example post-payments-card-3d-secure-2-web. */
const browser = {
  userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
  acceptHeader: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  language: "nl-NL",
  colorDepth: 24,
  screenHeight: 723,
  screenWidth: 1536,
  timeZoneOffset: 0,
  javaEnabled: true
} as const

/** A result of another provider's 3-D Secure 2. */
const result = {
  version: "2.2.0",
  cryptogram: "AJkBByEyYgAAAASwgmEodQAAAAA=",
  transactionId: "f879ea1c-aa2c-4441-806d-e30406466d79",
  eci: "5",
  status: "AUTHENTICATED"
} as const
/** ThreeDSecureData; docs.adyen.com/online-payments/3d-secure/other-3ds-flows/authorize-mpidata: what all schemes want. */
const mpiData = {
  cavv: "AJkBByEyYgAAAASwgmEodQAAAAA=",
  dsTransID: "f879ea1c-aa2c-4441-806d-e30406466d79",
  eci: "05",
  threeDSVersion: "2.2.0",
  directoryResponse: "Y",
  authenticationResponse: "Y"
}

const fromGoogle = {
  _tag: "GooglePayDecrypted",
  number: "5555555555554444",
  expiryMonth: 3,
  expiryYear: 2030
} as const satisfies Input["paymentMethod"]
const asGoogle = {
  paymentMethod: {
    type: "scheme",
    number: "5555555555554444",
    expiryMonth: "03",
    expiryYear: "2030",
    brand: "googlepay"
  },
  additionalData: { "paymentdatasource.type": "googlepay", "paymentdatasource.tokenized": "false" }
}

const post = (body: object): Sends => ({ method: "POST", path: "/payments", contentType: "application/json", body })

/** 3-D Secure asked for, run natively, and brought along. */
export const threeDSecure = (input: Input, body: object): Cases => [
  {
    name: "3-D Secure by its rules",
    input: { ...input, threeDSecureRequest: "IF_REQUIRED" },
    sends: post(body)
  },
  {
    name: "3-D Secure always",
    input: { ...input, threeDSecureRequest: "ALWAYS" },
    // AuthenticationData.attemptAuthentication
    sends: post({ ...body, authenticationData: { attemptAuthentication: "always" } })
  },
  {
    name: "3-D Secure with a challenge",
    input: { ...input, threeDSecureRequest: "CHALLENGE" },
    // ThreeDS2RequestFields.threeDSRequestorChallengeInd: 03, challenge requested
    sends: post({
      ...body,
      authenticationData: { attemptAuthentication: "always" },
      threeDS2RequestData: { threeDSRequestorChallengeInd: "03" }
    })
  },
  {
    name: "native 3-D Secure",
    input: { ...input, browser: { ...browser, ipAddress: "192.0.2.1" }, threeDSecureRequest: "CHALLENGE" },
    // the published example post-payments-card-3d-secure-2-web; ThreeDS2RequestFields.notificationURL
    sends: post({
      ...body,
      authenticationData: {
        attemptAuthentication: "always",
        threeDSRequestData: { nativeThreeDS: "preferred" }
      },
      threeDS2RequestData: {
        threeDSRequestorChallengeInd: "03",
        notificationURL: "https://shop.example/back?order=1"
      },
      browserInfo: browser,
      shopperIP: "192.0.2.1",
      channel: "Web",
      origin: "https://shop.example"
    })
  },
  {
    name: "native 3-D Secure by its rules",
    input: { ...input, browser },
    sends: post({
      ...body,
      authenticationData: { threeDSRequestData: { nativeThreeDS: "preferred" } },
      threeDS2RequestData: { notificationURL: "https://shop.example/back?order=1" },
      browserInfo: browser,
      channel: "Web",
      origin: "https://shop.example"
    })
  },
  {
    name: "a browser where there is no 3-D Secure",
    input: { ...input, paymentMethod: { _tag: "Ideal" }, browser },
    sends: post({
      ...body,
      paymentMethod: { type: "ideal" },
      browserInfo: browser,
      channel: "Web",
      origin: "https://shop.example"
    })
  },
  {
    name: "results of a 3-D Secure brought along",
    input: { ...input, threeDSecureResult: result, threeDSecureRequest: "ALWAYS" },
    sends: post({ ...body, mpiData })
  },
  {
    name: "results that no challenge gives",
    input: { ...input, threeDSecureResult: { ...result, status: "REJECTED" } },
    // ThreeDSecureData: authenticationResponse is Y, N, U or A
    sends: post({ ...body, mpiData: { ...mpiData, directoryResponse: "R", authenticationResponse: undefined } })
  },
  {
    name: "results of version 1",
    input: {
      ...input,
      threeDSecureResult: { ...result, version: "1.0.2", transactionId: "ODgxNDc2MDg2MDExODk5MAAAAAA=" }
    },
    // ThreeDSecureData.xid: supported for 3D Secure 1
    sends: post({
      ...body,
      mpiData: { ...mpiData, dsTransID: undefined, xid: "ODgxNDc2MDg2MDExODk5MAAAAAA=", threeDSVersion: "1.0.2" }
    })
  },
  {
    name: "a network token and results of a 3-D Secure",
    input: {
      ...input,
      paymentMethod: {
        _tag: "NetworkToken",
        number: "5555555555554444",
        expiryMonth: 12,
        expiryYear: 2031,
        cryptogram: "AgAAAAAABk4DWZ4C28yUQAAAAAA=",
        eci: "07"
      },
      threeDSecureResult: result
    },
    sends: post({
      ...body,
      paymentMethod: { type: "networkToken", number: "5555555555554444", expiryMonth: "12", expiryYear: "2031" },
      mpiData: { ...mpiData, tokenAuthenticationVerificationValue: "AgAAAAAABk4DWZ4C28yUQAAAAAA=" }
    })
  },
  {
    // PAN_ONLY (developers.google.com/pay/api/web/reference/response-objects): the card's own number, so a card's 3-D Secure
    name: "3-D Secure of a card's number out of Google Pay",
    input: { ...input, paymentMethod: fromGoogle, threeDSecureRequest: "ALWAYS" },
    sends: post({ ...body, ...asGoogle, authenticationData: { attemptAuthentication: "always" } })
  },
  {
    name: "results of a 3-D Secure with a card's number out of Google Pay",
    input: { ...input, paymentMethod: fromGoogle, threeDSecureResult: result },
    sends: post({ ...body, ...asGoogle, mpiData })
  },
  {
    name: "a browser beside a device's proof",
    input: {
      ...input,
      paymentMethod: { ...fromGoogle, cryptogram: "AgAAAAAABk4DWZ4C28yUQAAAAAA=" },
      browser
    },
    sends: post({
      ...body,
      ...asGoogle,
      additionalData: { "paymentdatasource.type": "googlepay", "paymentdatasource.tokenized": "true" },
      mpiData: { cavv: "AgAAAAAABk4DWZ4C28yUQAAAAAA=", directoryResponse: "Y", authenticationResponse: "Y" },
      browserInfo: browser,
      channel: "Web",
      origin: "https://shop.example"
    })
  }
]
