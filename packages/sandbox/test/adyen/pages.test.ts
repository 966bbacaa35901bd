import { describe, expect, test } from "vitest"
import { at, type Json, sandboxForTests, textAt } from "../client.ts"
import { base64, blik, card, clientOf, details, manual, visit } from "./client.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)
const taken = (): number => sandbox.ledger().captures.length

describe("pages of payment methods", () => {
  const methods = ["ideal", "paypal", "klarna", "bcmc"]

  test.each(methods)("%s takes the money when the payer agrees, even if nobody comes back", async (type) => {
    const started = await client.pay({ paymentMethod: { type } })
    // As in the published example "ideal": no reference yet.
    expect(Object.keys(started.body).toSorted()).toEqual(["action", "resultCode"])
    expect(started.body).toMatchObject({
      resultCode: "RedirectShopper",
      action: { type: "redirect", paymentMethodType: type }
    })
    const redirectResult = await visit(client, started, "authorise")
    expect(taken()).toBe(1)
    const done = await details(client, { redirectResult })
    expect(done.body).toMatchObject({ resultCode: "Authorised", paymentMethod: { type } })
    expect(sandbox.ledger().captures).toMatchObject([
      { id: done.body.pspReference, metadata: { reference: "order-7" } }
    ])
  })

  test.each([
    ["refuse", "Refused"],
    ["cancel", "Cancelled"]
  ])("%s takes nothing", async (choice, resultCode) => {
    const redirectResult = await visit(client, await client.pay({ paymentMethod: { type: "ideal" } }), choice)
    expect((await details(client, { payload: redirectResult })).body).toMatchObject({ resultCode })
    expect(sandbox.ledger().authorizations).toEqual([])
  })

  test("a Bancontact card is authenticated like any card", async () => {
    const started = await client.pay({ paymentMethod: card("4871049999999910", { type: "bcmc" }) })
    const redirectResult = await visit(client, started, "authorise")
    expect((await details(client, { redirectResult })).body).toMatchObject({
      resultCode: "Authorised",
      paymentMethod: { type: "bcmc", brand: "bcmc" }
    })
  })

  test("a phone that reads the code pays", async () => {
    const started = await client.pay({ paymentMethod: { type: "bcmc_mobile" } })
    expect(started.body).toMatchObject({ resultCode: "Pending", action: { type: "qrCode" } })
    const ask = () => details(client, {}, { paymentData: at(started.body, "action.paymentData") })
    expect((await ask()).body).toMatchObject({ resultCode: "Pending" })
    const url = textAt(started.body, "action.qrCodeData")
    expect((await client.open(url)).text).toContain("<form")
    expect((await client.submit(url, { choice: "authorise" })).status).toBe(200)
    await client.submit(url, { choice: "authorise" })
    expect(taken()).toBe(1)
    expect((await ask()).body).toMatchObject({ resultCode: "Authorised", paymentMethod: { type: "bcmc_mobile" } })
  })

  test("the bank's app pays by BLIK when the payer confirms, even if nobody asks", async () => {
    const started = await client.pay({ ...blik, ...manual })
    // docs.adyen.com/payment-methods/blik/api-only: Pending, with an action for the waiting screen.
    expect(started.body).toMatchObject({ resultCode: "Pending", action: { type: "await", paymentMethodType: "blik" } })
    const ask = () => details(client, {}, { paymentData: at(started.body, "action.paymentData") })
    expect((await ask()).body).toMatchObject({ resultCode: "Pending", pspReference: started.body.pspReference })
    expect(sandbox.ledger().authorizations).toEqual([])
    const url = textAt(started.body, "action.url")
    expect((await client.open(url)).text.match(/<form method="post"/g)).toHaveLength(3)
    expect((await client.submit(url, { choice: "authorise" })).status).toBe(200)
    await client.submit(url, { choice: "refuse" })
    expect(sandbox.ledger().captures).toMatchObject([{ amount: 1000, currency: "pln" }])
    expect((await ask()).body).toMatchObject({ resultCode: "Authorised", paymentMethod: { type: "blik" } })
    expect((await ask()).body).toMatchObject({ errorCode: "704" })
    expect(taken()).toBe(1)
  })

  test.each([
    ["refuse", "Refused"],
    ["cancel", "Cancelled"]
  ])("BLIK: %s takes nothing", async (choice, resultCode) => {
    const started = await client.pay(blik)
    await client.submit(textAt(started.body, "action.url"), { choice })
    const done = await details(client, {}, { paymentData: at(started.body, "action.paymentData") })
    expect(done.body).toMatchObject({ resultCode, pspReference: started.body.pspReference })
    expect(sandbox.ledger().authorizations).toEqual([])
  })

  // The published BlikDetails: a code of six digits, and no other fields.
  test.each<readonly [string, Json, number]>([
    ["no code", {}, 422],
    ["five digits", { blikCode: "77712" }, 422],
    ["seven digits", { blikCode: "7771234" }, 422],
    ["letters", { blikCode: "77712a" }, 422],
    ["another field", { blikCode: "777123", number: "1" }, 400]
  ])("BLIK with %s is refused", async (_name, more, status) => {
    const refused = await client.pay({ ...blik, paymentMethod: { type: "blik", ...more } })
    expect([refused.status, refused.body.errorType]).toEqual([status, "validation"])
  })

  test("what a browser is sent back stays text", async () => {
    const shown = await client.submit(`${sandbox.url}/adyen/pages/notification`, { cres: '"><script>' })
    expect(shown.text).not.toContain('"><script>')
    const data = base64({ threeDSServerTransID: "1", threeDSMethodNotificationURL: "javascript:alert(1)" })
    const refused = await client.submit(`${sandbox.url}/adyen/pages/method`, { threeDSMethodData: data })
    expect(refused.status).toBe(400)
  })

  test("unknown pages and choices are refused", async () => {
    const base = `${sandbox.url}/adyen/pages`
    expect((await client.open(`${base}/redirect/none`)).status).toBe(404)
    expect((await client.open(`${base}/qr/none`)).status).toBe(404)
    expect((await client.open(`${base}/await/none`)).status).toBe(404)
    expect((await client.submit(`${base}/acs`, { creq: "e30" })).status).toBe(400)
    expect((await client.submit(`${base}/method`, {})).status).toBe(400)
    const started = await client.pay({ paymentMethod: { type: "ideal" } })
    expect((await client.submit(textAt(started.body, "action.url"), { choice: "maybe" })).status).toBe(400)
  })
})
