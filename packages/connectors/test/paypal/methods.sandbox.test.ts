import { paypal } from "@connector-service/connectors/paypal/connector"
import type { Payment } from "@connector-service/domain/Payment"
import { describe, expect, it } from "vitest"
import { overSandbox } from "../OverSandbox.ts"

const { act, pay, sandbox } = overSandbox(paypal, { clientId: "shop", clientSecret: "secret" })

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const person = { customer: { name: "Ada Lovelace", email: "ada@example.com" }, billingAddress: { countryCode: "NL" } }
// developer.paypal.com/tools/sandbox/card-testing
const card = { number: "4012888888881881", expiryMonth: 12, expiryYear: 2040 }

const opened = async (paymentMethod: object, more: object = {}): Promise<Payment> => {
  const { answer } = await pay(paymentMethod, { ...person, ...more })
  expect(answer).toMatchObject({ status: "REQUIRES_ACTION", final: false })
  // the line above says so
  return answer as Payment
}
/** The payer's choice on PayPal's page, to which the order's id leads in the bank's app too. */
const choose = async ({ paymentId }: Payment, outcome: string) => {
  const url = `${sandbox().url}/paypal/checkoutnow?token=${paymentId}`
  const back = await fetch(url, { method: "POST", redirect: "manual", body: new URLSearchParams({ outcome }) })
  const location = back.headers.get("location")
  return location === null ? undefined : Object.fromEntries(new URL(location).searchParams)
}
const complete = ({ paymentId, state }: Payment, returned?: Readonly<Record<string, string>>) =>
  act("payment.complete", { reference: "complete-1", paymentId, state, returned }) as Promise<Payment>

describe.each([
  ["PayPal", { _tag: "Paypal" }, {}, "approve", "Redirect"],
  ["iDEAL", { _tag: "Ideal" }, {}, "approve", "Redirect"],
  ["Bancontact", { _tag: "Bancontact" }, {}, "approve", "Redirect"],
  ["BLIK, in the bank's app", { _tag: "Blik", code: "777123" }, {}, "approve", "Wait"],
  [
    "a card with 3-D Secure",
    { _tag: "Card", ...card, cvc: "123" },
    { threeDSecureRequest: "ALWAYS" },
    "complete",
    "Redirect"
  ]
])("%s", (_name, paymentMethod, more, outcome, tag) => {
  it("is approved, completed, and given back", async () => {
    const payment = await opened(paymentMethod, more)
    expect(payment.nextAction?._tag).toBe(tag)
    const done = await complete(payment, await choose(payment, outcome))
    expect(done).toMatchObject({ status: "CAPTURED", final: true, amountCaptured: eur(1000n) })
    expect(sandbox().ledger().captures).toMatchObject([{ amount: 1000 }])
    const refund = { reference: "refund-1", paymentId: done.paymentId, state: done.state, amount: eur(400n) }
    expect(await act("refund.create", refund)).toMatchObject({ status: "SUCCEEDED", amount: eur(400n) })
  })

  it("is not taken before the payer has approved", async () => {
    const payment = await opened(paymentMethod, more)
    expect(await complete(payment)).toMatchObject({ status: "REQUIRES_ACTION", final: false })
    expect(sandbox().ledger().captures).toEqual([])
  })
})

const cryptogram = "AgAAAAAABk4DWZ4C28yUQAAAAAA="

describe("a wallet that the merchant decrypted pays, once", () => {
  it.each([
    ["Apple Pay", { _tag: "ApplePayDecrypted", ...card, cryptogram, eci: "7" }],
    ["Google Pay, on a device", { _tag: "GooglePayDecrypted", ...card, cryptogram }],
    ["Google Pay, the card's own number", { _tag: "GooglePayDecrypted", ...card }]
  ])("%s", async (_name, paymentMethod) => {
    const { answer } = await pay(paymentMethod)
    expect(answer).toMatchObject({ status: "CAPTURED", final: true, amountCaptured: eur(1000n) })
    expect(await pay(paymentMethod)).toEqual({ answer })
    expect(sandbox().ledger().captures).toHaveLength(1)
  })
})
