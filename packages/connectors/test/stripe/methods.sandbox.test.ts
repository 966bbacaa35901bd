import { stripe } from "@connector-service/connectors/stripe/connector"
import type { Payment } from "@connector-service/domain/Payment"
import { describe, expect, it } from "vitest"
import { overSandbox } from "../OverSandbox.ts"

const { act, pay: authorize, sandbox } = overSandbox(stripe, { secretKey: "sk_test_sandbox" })

const customer = { name: "Ada Lovelace", email: "ada@example.com" }
const pay = (paymentMethod: object, more: object = {}) =>
  authorize(paymentMethod, { customer, billingAddress: { countryCode: "NL" }, ...more })
const opened = async (paymentMethod: object, more: object = {}): Promise<Payment> => {
  const { answer } = await pay(paymentMethod, more)
  expect(answer).toMatchObject({ paymentId: expect.stringMatching(/^pi_/), final: false })
  // the line above says so
  return answer as Payment
}
const choose = ({ nextAction }: Payment, outcome: string) =>
  fetch(nextAction?._tag === "Redirect" ? nextAction.url : "none:", {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ outcome })
  })

// the numbers: docs.stripe.com/testing
const device = { number: "4242424242424242", expiryMonth: 8, expiryYear: 2040 }
const cryptogram = "AgAAAAAABk4DWZ4C28yUQAAAAAA="
const apple = { _tag: "ApplePay", paymentData: '{"version":"EC_v1","data":"made up"}', network: "Visa" }

describe("a wallet pays, once", () => {
  it.each([
    ["Apple Pay, encrypted", apple],
    ["Apple Pay, decrypted", { _tag: "ApplePayDecrypted", ...device, cryptogram, eci: "7" }],
    ["Google Pay, decrypted, on a device", { _tag: "GooglePayDecrypted", ...device, cryptogram }],
    ["Google Pay, decrypted, the card's own number", { _tag: "GooglePayDecrypted", ...device }],
    ["Google Pay, encrypted", { _tag: "GooglePay", token: '{"id":"tok_visa"}' }]
  ])("%s", async (_name, paymentMethod) => {
    const { answer } = await pay(paymentMethod)
    expect(answer).toMatchObject({ status: "CAPTURED", final: true, reference: "order-1" })
    const again = await pay(paymentMethod)
    expect(again).toEqual({ answer })
    expect(sandbox().ledger().captures).toMatchObject([{ amount: 1000, metadata: { reference: "order-1" } }])
  })

  it.each(["/stripe/v1/tokens", "/stripe/v1/payment_intents"])(
    "and once when the connection breaks after %s was processed",
    async (path) => {
      await sandbox().setFaults({ kind: "reset_after", path, method: "POST", count: 1 })
      expect((await pay(apple)).answer).toMatchObject({ status: "CAPTURED" })
      expect(sandbox().ledger().captures).toHaveLength(1)
    }
  )

  it("and not at all when it cannot be traded", async () => {
    const told = await pay({ ...apple, paymentData: "EC_v1" })
    expect(told).toMatchObject({ reason: { _tag: "Rejected", rawField: "pk_token" }, moneyMoved: "NO" })
    expect(
      sandbox()
        .ledger()
        .requests.map(({ path }) => path)
    ).toEqual(["/stripe/v1/tokens"])
  })
})

describe.each([
  ["PayPal", { _tag: "Paypal" }],
  ["iDEAL", { _tag: "Ideal" }],
  ["Bancontact", { _tag: "Bancontact" }],
  ["Klarna", { _tag: "Klarna" }]
])("%s", (_name, paymentMethod) => {
  it("is authorized on the page, completed, and given back", async () => {
    const payment = await opened(paymentMethod)
    expect(payment.status).toBe("REQUIRES_ACTION")
    await choose(payment, "authorize")
    const { paymentId } = payment
    const done = await act("payment.complete", { reference: "complete-1", paymentId })
    expect(done).toMatchObject({ paymentId, status: "CAPTURED", final: true, cardChecks: undefined })
    const amount = { minorUnits: 400n, currencyCode: "EUR" }
    expect(await act("refund.create", { reference: "refund-1", paymentId, amount })).toMatchObject({
      status: "SUCCEEDED",
      amount
    })
  })

  it("is given up on the page: declined, and to be voided before a new attempt", async () => {
    const payment = await opened(paymentMethod)
    await choose(payment, "fail")
    const seen = await act("payment.get", { paymentId: payment.paymentId })
    expect(seen).toMatchObject({ status: "DECLINED", final: false, decline: { code: "AUTHENTICATION_FAILED" } })
    expect(sandbox().ledger().captures).toEqual([])
  })
})

it("Klarna is captured later", async () => {
  const payment = await opened({ _tag: "Klarna" }, { captureMethod: "MANUAL" })
  await choose(payment, "authorize")
  const { paymentId } = payment
  expect(await act("payment.get", { paymentId })).toMatchObject({ status: "AUTHORIZED", final: false })
  const amount = { minorUnits: 1000n, currencyCode: "EUR" }
  expect(await act("payment.capture", { reference: "capture-1", paymentId, amount })).toMatchObject({
    status: "SUCCEEDED",
    amountCaptured: amount
  })
})

// docs.stripe.com/payments/sepa-debit/accept-a-payment, "Test IBANs"
it.each([
  ["AT611904300234573201", { status: "CAPTURED", final: true }],
  ["AT861904300235473202", { status: "DECLINED", final: false, decline: { code: "DO_NOT_HONOR" } }],
  ["AT981904300002222227", { status: "DECLINED", final: false, decline: { code: "INSUFFICIENT_FUNDS" } }]
])("a debit of %s is pending, and then %o", async (iban, ending) => {
  const { paymentId, status } = await opened({ _tag: "SepaDebit", iban, holderName: "Ada Lovelace" })
  expect(status).toBe("PENDING")
  expect(await act("payment.get", { paymentId })).toMatchObject(ending)
})

describe("BLIK", () => {
  const amount = { minorUnits: 1000n, currencyCode: "PLN" }
  const blik = { _tag: "Blik", code: "777123" }

  it("waits for the payer's app, and then pays", async () => {
    const payment = await opened(blik, { amount })
    expect(payment).toMatchObject({ status: "REQUIRES_ACTION", nextAction: { _tag: "Wait" } })
    const seen = await act("payment.get", { paymentId: payment.paymentId })
    expect(seen).toMatchObject({ status: "CAPTURED", amountCaptured: amount })
  })

  // docs.stripe.com/payments/blik/accept-a-payment, "Simulate failures in a sandbox"
  it("is refused at once when its code is wrong", async () => {
    const told = await pay(blik, { amount, customer: { email: "invalid_code@example.com" } })
    expect(told).toMatchObject({
      reason: { _tag: "Rejected", rawCode: "payment_method_invalid_parameter" },
      moneyMoved: "NO"
    })
  })
})
