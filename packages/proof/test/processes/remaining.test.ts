import { Duplicate } from "@connector-service/domain/Reason"
import { Control } from "@connector-service/proof/processes/Control"
import { settleAll } from "@connector-service/proof/processes/Remaining"
import { Writer } from "@connector-service/proof/processes/Writer"
import { Seeded } from "@connector-service/proof/Seeded"
import type { FaultKind } from "@connector-service/sandbox/Faults"
import { type Sandbox, startSandbox } from "@connector-service/sandbox/Sandbox"
import { type Client, connect, PaymentError } from "@connector-service/sdk/Client"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { operation } from "./told.ts"

let sandbox: Sandbox
// nothing is ever called there: what is sent goes to the sandbox itself
const client: Client = connect("127.0.0.1:1", { connector: "adyen", environment: "sandbox", account: "sandbox" })
beforeAll(async () => {
  sandbox = await startSandbox()
})
beforeEach(() => sandbox.reset())
afterAll(() => Promise.all([sandbox.close(), client.close()]))

/** https://docs.adyen.com/api-explorer/Checkout/71/post/payments; the card: docs.adyen.com/development-resources/testing. */
const payment = {
  merchantAccount: "SandboxShop",
  reference: "ref",
  amount: { value: 10_100, currency: "EUR" },
  returnUrl: "https://shop.example/back",
  paymentMethod: {
    type: "scheme",
    number: "4111111111111111",
    expiryMonth: "03",
    expiryYear: "2030",
    cvc: "737",
    holderName: "Ada"
  }
}

const pay = (key: string) =>
  fetch(`${sandbox.url}/adyen/v72/payments`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": "AQEsandboxApiKey", "idempotency-key": key },
    body: JSON.stringify(payment)
  })

const unknown = () =>
  Promise.reject(
    new PaymentError({
      connector: "adyen",
      flow: "payment.authorize",
      requestId: "id",
      reason: new Duplicate({ rawCode: "x" })
    })
  )

/** A client that does not know what became of its write: of its calls, those that are said reach the processor. */
const left = async (reaches: (call: number) => boolean, kind: FaultKind) => {
  await sandbox.setFaults({ kind, path: "/adyen", count: 1 })
  const made = operation("authorize", { connector: "adyen" })
  const run = { seed: "remaining", log: { calls: [], told: [] }, breaks: false, calm: true, over: false }
  let calls = 0
  const writer: Writer = new Writer(run, new Seeded("remaining"), [client, client], {
    operation: made,
    keyed: {},
    asked: () => 10_100,
    send: async () => {
      calls += 1
      const reply = reaches(calls) ? await pay(writer.key) : undefined
      if (reply?.ok !== true) return unknown()
      return { paymentId: "pay-1", status: "AUTHORIZED", rawStatus: "Authorised", final: false, state: {} }
    }
  })
  await writer.toItsEnd(1)
  expect(writer.isOpen).toBe(true)
  return { made, writer }
}

const control = () => new Control(sandbox.url)
const always = () => true

describe("once all is calm", () => {
  it("what the same call again tells is known", async () => {
    const { writer } = await left(always, "502_after")
    expect(await settleAll([writer], control())).toEqual([])
    expect(writer.isOpen).toBe(false)
    expect(sandbox.ledger().authorizations.length).toBe(1)
  })

  it("what the processor keeps an error of is left, with the error", async () => {
    const { made, writer } = await left(always, "500_after")
    expect(await settleAll([writer], control())).toEqual([{ operation: made, status: 500 }])
  })

  it("what was answered with an error only before is left without one", async () => {
    const { made, writer } = await left((call) => call === 1, "500_after")
    expect(await settleAll([writer], control(), 1)).toEqual([{ operation: made, status: undefined }])
  })
})
