import { adyen } from "@connector-service/connectors/adyen/connector"
import type { Payment } from "@connector-service/domain/Payment"
import { describe, expect, it } from "vitest"
import { overSandbox } from "../OverSandbox.ts"

const credentials = { apiKey: "AQEmadeup", merchantAccount: "ShopECOM" }
const { act, pay, sandbox } = overSandbox(adyen, credentials, "adyen/v72")

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
// docs.adyen.com, test card numbers; this one is enrolled for 3-D Secure
const device = { number: "4917610000000000", expiryMonth: 12, expiryYear: 2040 }
const cryptogram = "YwAAAAAABaYcCMX/OhNRQAAAAAA="
const apple = { _tag: "ApplePayDecrypted", ...device, cryptogram, eci: "7" }

describe("a wallet that the merchant decrypted pays, once", () => {
  it.each([
    ["Apple Pay", apple],
    ["Google Pay, on a device", { _tag: "GooglePayDecrypted", ...device, cryptogram }]
  ])("%s", async (_name, paymentMethod) => {
    const { answer } = await pay(paymentMethod)
    expect(answer).toMatchObject({ status: "CAPTURED", amountCaptured: eur(1000n) })
    expect(await pay(paymentMethod)).toEqual({ answer })
    expect(sandbox().ledger().captures).toHaveLength(1)
  })

  it("and once when the connection breaks after it was processed", async () => {
    await sandbox().setFaults({ kind: "reset_after", path: "/adyen/v72/payments", method: "POST", count: 1 })
    expect((await pay(apple)).answer).toMatchObject({ status: "CAPTURED" })
    expect(sandbox().ledger().captures).toHaveLength(1)
  })

  it("reserved, and captured later", async () => {
    const { answer } = await pay(apple, { captureMethod: "MANUAL" })
    expect(answer).toMatchObject({ status: "AUTHORIZED" })
    // the line above says so
    const { paymentId, state } = answer as Payment
    const captured = await act("payment.capture", { reference: "capture-1", paymentId, state, amount: eur(1000n) })
    expect(captured).toMatchObject({ status: "PENDING" })
    expect(sandbox().ledger().captures).toMatchObject([{ amount: 1000 }])
  })

  it("a card's number out of Google Pay wants a card's 3-D Secure", async () => {
    const { answer } = await pay({ _tag: "GooglePayDecrypted", ...device, expiryMonth: 3, expiryYear: 2030 })
    expect(answer).toMatchObject({ status: "REQUIRES_ACTION", nextAction: { _tag: "Redirect" } })
    expect(sandbox().ledger().captures).toEqual([])
  })
})
