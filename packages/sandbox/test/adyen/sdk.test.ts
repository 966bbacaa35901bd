import { CheckoutAPI, Client, EnvironmentEnum, HttpClientException, Types } from "@adyen/api-library"
import { describe, expect, test } from "vitest"
import { sandboxForTests } from "../client.ts"
import { card, native } from "./client.ts"

const { CardDetails, PaymentRequest } = Types.checkout
const sandbox = await sandboxForTests()

// The SDK's own HTTP client speaks TLS only; this one sends what it is given to the sandbox, and fails as that one does.
const overHttp: NonNullable<ConstructorParameters<typeof Client>[1]> = {
  request: async (endpoint, json, config, _isApiKeyRequired, options) => {
    const key = options?.idempotencyKey
    const response = await fetch(endpoint.replace("https://checkout-test.adyen.com", `${sandbox.url}/adyen`), {
      method: options?.method ?? "POST",
      headers: {
        "X-API-Key": config.apiKey ?? "",
        "Content-Type": "application/json",
        ...(key === undefined ? {} : { "Idempotency-Key": key })
      },
      body: String(json)
    })
    const responseBody = await response.text()
    if (response.ok) return responseBody
    const apiError = JSON.parse(responseBody)
    const { message, errorCode } = apiError
    throw new HttpClientException({ message, errorCode, statusCode: response.status, responseBody, apiError })
  }
}

const apiOf = (apiKey: string): CheckoutAPI =>
  new CheckoutAPI(new Client({ apiKey, environment: EnvironmentEnum.TEST }, overHttp))

const { PaymentsApi: payments, ModificationsApi: modifications } = apiOf("AQEsdkkey")
const merchantAccount = "TestAccountECOM"
const amount = { currency: "EUR", value: 1000 }
const scheme = { ...card(), type: CardDetails.TypeEnum.Scheme }

const request = (more: Partial<Types.checkout.PaymentRequest> = {}): Types.checkout.PaymentRequest => ({
  merchantAccount,
  amount,
  reference: "order-7",
  returnUrl: "https://shop.example/back",
  paymentMethod: scheme,
  ...more
})

const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error
  )

describe("the official SDK", () => {
  test("authorises, captures, refunds, cancels and reverses", async () => {
    const held = await payments.payments(request({ additionalData: { manualCapture: "true" } }))
    expect(held).toMatchObject({ resultCode: "Authorised", merchantReference: "order-7", amount })
    const id = held.pspReference ?? ""
    const captured = await modifications.captureAuthorisedPayment(id, {
      merchantAccount,
      amount,
      reference: "capture-1"
    })
    expect(captured).toMatchObject({ status: "received", paymentPspReference: id, amount, reference: "capture-1" })
    const refunded = await modifications.refundCapturedPayment(id, { merchantAccount, amount, reference: "refund-1" })
    expect(refunded).toMatchObject({ status: "received", paymentPspReference: id, amount })
    const other = await payments.payments(request({ captureDelayHours: 24 }))
    await modifications.cancelAuthorisedPaymentByPspReference(other.pspReference ?? "", { merchantAccount })
    const third = await payments.payments(request())
    await modifications.refundOrCancelPayment(third.pspReference ?? "", { merchantAccount })
    const { authorizations, captures, voids, refunds } = sandbox.ledger()
    expect([authorizations, captures, voids, refunds].map(({ length }) => length)).toEqual([3, 2, 1, 2])
  })

  test("reads a refusal", async () => {
    const refused = await payments.payments(request({ paymentMethod: { ...scheme, holderName: "NOT_ENOUGH_BALANCE" } }))
    expect(refused).toMatchObject({
      resultCode: "Refused",
      refusalReason: "Not enough balance",
      refusalReasonCode: "12"
    })
  })

  test("reads the actions of 3-D Secure, and submits details", async () => {
    const enrolled = { ...scheme, number: "5201281505129736" }
    const redirect = await payments.payments(request({ paymentMethod: enrolled }))
    expect(redirect).toMatchObject({ resultCode: "RedirectShopper", action: { type: "redirect", method: "GET" } })
    const started = await payments.payments(
      request({
        paymentMethod: enrolled,
        origin: native.origin,
        browserInfo: native.browserInfo,
        channel: PaymentRequest.ChannelEnum.Web,
        authenticationData: {
          threeDSRequestData: { nativeThreeDS: Types.checkout.ThreeDSRequestData.NativeThreeDSEnum.Preferred }
        }
      })
    )
    expect(started).toMatchObject({
      resultCode: "IdentifyShopper",
      action: { type: "threeDS2", subtype: "fingerprint" }
    })
    // The action of IdentifyShopper is of this kind, as has just been seen.
    const action = started.action as Types.checkout.CheckoutThreeDS2Action
    const done = await payments.paymentsDetails({
      paymentData: action.paymentData ?? "",
      details: { threeds2_fingerprint: Buffer.from('{"threeDSCompInd":"Y"}').toString("base64") }
    })
    expect(done).toMatchObject({ resultCode: "Authorised", merchantReference: "order-7" })
  })

  test("raises its own errors", async () => {
    const unknown = await failure(
      modifications.captureAuthorisedPayment("9999999999999999", { merchantAccount, amount })
    )
    expect(unknown).toBeInstanceOf(HttpClientException)
    expect(unknown).toMatchObject({ statusCode: 422, errorCode: "167" })
    expect(await failure(apiOf("AQEunknownApiKey").PaymentsApi.payments(request()))).toMatchObject({ statusCode: 401 })
  })

  test("gets the stored answer for the same key", async () => {
    const first = await payments.payments(request(), { idempotencyKey: "again" })
    const second = await payments.payments(request(), { idempotencyKey: "again" })
    expect(second.pspReference).toBe(first.pspReference)
    expect(sandbox.ledger().requests.map(({ replayed }) => replayed)).toEqual([false, true])
  })
})
