import { adyen } from "@connector-service/connectors/adyen/connector"
import type { NextAction } from "@connector-service/domain/NextAction"
import type { Payment } from "@connector-service/domain/Payment"
import { describe, expect, it } from "vitest"
import { overSandbox } from "../OverSandbox.ts"

const credentials = { apiKey: "AQEmadeup", merchantAccount: "ShopECOM" }
const { act, pay, sandbox } = overSandbox(adyen, credentials, "adyen/v72")

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const opened = async (paymentMethod: object, more: object = {}): Promise<Payment> => {
  const { answer } = await pay(paymentMethod, more)
  expect(answer).toMatchObject({ status: "REQUIRES_ACTION", final: false })
  // the line above says so
  return answer as Payment
}
const complete = (
  { paymentId, state }: Payment,
  returned: Readonly<Record<string, string>> | undefined,
  reference = "complete-1"
) => act("payment.complete", { reference, paymentId, state, returned }) as Promise<Payment>

const submit = (url: string, fields: Readonly<Record<string, string>>) =>
  fetch(url, { method: "POST", redirect: "manual", body: new URLSearchParams(fields) })
/** What the payer comes back with who was sent away. */
const comeBack = async ({ nextAction }: Payment, choice: string) => {
  const back = await submit(nextAction?._tag === "Redirect" ? nextAction.url : "none:", { choice })
  return Object.fromEntries(new URL(back.headers.get("location") ?? "none:").searchParams)
}

const item = { name: "Hat", quantity: 1, unitAmount: eur(1000n) }
const bancontact = { number: "6703444444444449", expiryMonth: 3, expiryYear: 2030 }
// docs.adyen.com, test card numbers, of one that is enrolled for 3-D Secure
const card = { _tag: "Card", number: "4917610000000000", expiryMonth: 3, expiryYear: 2030, cvc: "737" }

describe.each([
  ["a card with 3-D Secure", card, {}],
  ["PayPal", { _tag: "Paypal" }, {}],
  ["iDEAL", { _tag: "Ideal" }, {}],
  ["a Bancontact card", { _tag: "Bancontact", card: bancontact }, {}],
  ["Klarna", { _tag: "Klarna" }, { lineItems: [item] }]
])("%s", (_name, paymentMethod, more) => {
  it("is paid on the page, completed, and given back", async () => {
    const payment = await opened(paymentMethod, more)
    expect(sandbox().ledger().captures).toEqual([])
    const done = await complete(payment, await comeBack(payment, "authorise"))
    expect(done).toMatchObject({ status: "CAPTURED", final: true, amountCaptured: eur(1000n) })
    expect(sandbox().ledger().captures).toMatchObject([{ amount: 1000 }])
    const refund = { reference: "refund-1", paymentId: done.paymentId, amount: eur(400n) }
    expect(await act("refund.create", refund)).toMatchObject({ status: "PENDING", amount: eur(400n) })
    expect(sandbox().ledger().refunds).toMatchObject([{ amount: 400 }])
  })

  it.each([
    ["refuse", "DECLINED"],
    ["cancel", "FAILED"]
  ])("is not paid where the payer chooses to %s", async (choice, status) => {
    const payment = await opened(paymentMethod, more)
    expect(await complete(payment, await comeBack(payment, choice))).toMatchObject({ status, final: true })
    expect(sandbox().ledger().captures).toEqual([])
  })
})

it("a payment that waits for its payer is given up by its reference, and not taken afterwards", async () => {
  const payment = await opened({ _tag: "Ideal" })
  const { paymentId, state } = payment
  expect(state.paymentReference).toBe(paymentId)
  const given = await act("payment.void", { reference: "void-1", paymentId, state })
  expect(given).toMatchObject({ status: "PENDING", paymentId })
  const done = await complete(payment, await comeBack(payment, "authorise"))
  expect(done).toMatchObject({ status: "FAILED", rawStatus: "Cancelled", final: true })
  expect(sandbox().ledger()).toMatchObject({ authorizations: [], captures: [] })
})

const pageOf = (action: NextAction | undefined, paymentId: string) =>
  // the payer's phone reads the code; what stands for the bank's app is named by the payment
  action?._tag === "QrCode" ? action.data : `${sandbox().url}/adyen/pages/await/${paymentId}`

describe.each([
  ["the Bancontact app", { _tag: "Bancontact" }, "QrCode", {}],
  ["BLIK", { _tag: "Blik", code: "777123" }, "Wait", { amount: { minorUnits: 1000n, currencyCode: "PLN" } }]
])("%s", (_name, paymentMethod, tag, more) => {
  it("is waited for, and completed when the payer has agreed", async () => {
    const payment = await opened(paymentMethod, more)
    expect(payment.nextAction?._tag).toBe(tag)
    const waiting = await complete(payment, undefined)
    expect(waiting).toMatchObject({ status: "PENDING", final: false })
    const page = await submit(pageOf(payment.nextAction, payment.paymentId), { choice: "authorise" })
    expect(page.status).toBe(200)
    expect(await complete(waiting, undefined, "complete-2")).toMatchObject({ status: "CAPTURED", final: true })
    expect(sandbox().ledger().captures).toMatchObject([{ amount: 1000 }])
  })
})

// docs.adyen.com/payment-methods/sepa-direct-debit: its bank answers later
it("a SEPA debit is pending, and needs no completion", async () => {
  const { answer } = await pay({ _tag: "SepaDebit", iban: "NL13TEST0123456789", holderName: "A. Klaassen" })
  expect(answer).toMatchObject({ status: "PENDING", final: false, nextAction: undefined })
})

describe("native 3-D Secure 2", () => {
  const browser = {
    userAgent: "Mozilla/5.0",
    acceptHeader: "*/*",
    language: "nl",
    colorDepth: 24,
    screenHeight: 723,
    screenWidth: 1536,
    timeZoneOffset: 0,
    javaEnabled: false
  }
  const hidden = (html: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      [...html.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value])
    )
  const formOf = ({ nextAction }: Payment) =>
    nextAction?._tag === "Challenge" ? { url: nextAction.url ?? "none:", fields: nextAction.fields } : undefined

  it.each([
    ["authorise", "CAPTURED"],
    ["refuse", "DECLINED"]
  ])("is completed twice, the payer choosing to %s", async (choice, status) => {
    const identify = await opened(card, { browser })
    expect(identify.nextAction).toMatchObject({ _tag: "Challenge", step: "FINGERPRINT" })
    const method = formOf(identify)
    expect((await submit(method?.url ?? "none:", method?.fields ?? {})).status).toBe(200)
    const asked = await complete(identify, { threeDSCompInd: "Y" })
    expect(asked).toMatchObject({ status: "REQUIRES_ACTION", nextAction: { _tag: "Challenge", step: "CHALLENGE" } })
    const challenge = formOf(asked)
    const shown = await submit(challenge?.url ?? "none:", challenge?.fields ?? {})
    const chosen = await submit(challenge?.url ?? "none:", { ...hidden(await shown.text()), choice })
    // what the issuer's page posts to the shop
    const { cres = "" } = hidden(await chosen.text())
    const done = await complete(asked, { cres }, "complete-2")
    expect(done).toMatchObject({ status, final: true })
    expect(sandbox().ledger().captures).toHaveLength(status === "CAPTURED" ? 1 : 0)
  })
})
