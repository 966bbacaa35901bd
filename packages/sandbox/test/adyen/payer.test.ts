import { describe, expect, test } from "vitest"
import { at, type Json, sandboxForTests, textAt } from "../client.ts"
import {
  answerChallenge,
  base64,
  card,
  clientOf,
  details,
  fieldsOf,
  finishChallenge,
  identify,
  native,
  openChallenge,
  unbase64,
  visit
} from "./client.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)
const challenged = { paymentMethod: card("4212345678910006") }
const taken = (): number => sandbox.ledger().captures.length

// docs.adyen.com/development-resources/testing/3d-secure-2-authentication: these cards are enrolled.
describe("3-D Secure by redirect", () => {
  test.each(["4212345678910006", "4917610000000000", "5454545454545454"])("%s wants it, and pays", async (number) => {
    const started = await client.pay({ paymentMethod: card(number) })
    // As in the published example "card-3d-secure-redirect".
    expect(started.body).toMatchObject({
      resultCode: "RedirectShopper",
      pspReference: expect.stringMatching(/^[A-Z0-9]{16}$/),
      action: { type: "redirect", method: "GET", paymentMethodType: "scheme" },
      additionalData: { cardSummary: number.slice(-4), "threeds2.cardEnrolled": "true" }
    })
    const url = textAt(started.body, "action.url")
    const shown = await client.open(url)
    expect(shown.headers.get("content-type")).toContain("text/html")
    expect(shown.text.match(/<form method="post"/g)).toHaveLength(3)
    const back = await client.submit(url, { choice: "authorise" })
    const location = new URL(back.headers.get("location") ?? "none:")
    expect([back.status, location.origin, location.searchParams.get("cart")]).toEqual([
      303,
      "https://shop.example",
      "7"
    ])
    expect(taken()).toBe(0)
    const done = await details(client, { redirectResult: location.searchParams.get("redirectResult") })
    expect(done.body).toMatchObject({
      resultCode: "Authorised",
      pspReference: started.body.pspReference,
      additionalData: { liabilityShift: "true", threeDAuthenticated: "true" }
    })
    expect(taken()).toBe(1)
  })

  // docs.adyen.com/development-resources/refusal-reasons: 11 is a failed 3-D Secure.
  test.each([
    ["refuse", { resultCode: "Refused", refusalReason: "3D Not Authenticated", refusalReasonCode: "11" }],
    ["cancel", { resultCode: "Cancelled" }]
  ])("%s takes nothing", async (choice, outcome) => {
    const redirectResult = await visit(client, await client.pay(challenged), choice)
    expect((await details(client, { redirectResult })).body).toMatchObject(outcome)
    expect(sandbox.ledger().authorizations).toEqual([])
  })

  test("the first choice counts, and its result once", async () => {
    const started = await client.pay(challenged)
    const redirectResult = await visit(client, started, "authorise")
    expect(await visit(client, started, "refuse")).toBe(redirectResult)
    expect((await details(client, { redirectResult })).body).toMatchObject({ resultCode: "Authorised" })
    // github.com/odoo/odoo/pull/287020: details that were submitted before, without a key.
    const again = await details(client, { redirectResult })
    expect(again.body).toMatchObject({ status: 422, errorCode: "704" })
    expect(again.headers.get("transient-error")).toBeNull()
    expect(taken()).toBe(1)
  })

  test("the frictionless card is sent straight back", async () => {
    const started = await client.pay({ paymentMethod: card("5201281505129736") })
    const back = await client.open(textAt(started.body, "action.url"))
    expect(back.status).toBe(303)
    const redirectResult = new URL(back.headers.get("location") ?? "none:").searchParams.get("redirectResult")
    expect((await details(client, { redirectResult })).body).toMatchObject({ resultCode: "Authorised" })
  })

  test("an authenticated payment can still be refused", async () => {
    const started = await client.pay({ paymentMethod: card("4212345678910006", { holderName: "NOT_ENOUGH_BALANCE" }) })
    const redirectResult = await visit(client, started, "authorise")
    expect((await details(client, { redirectResult })).body).toMatchObject({
      resultCode: "Refused",
      refusalReasonCode: "12"
    })
    expect(taken()).toBe(0)
  })

  test.each<readonly [string, Json, string]>([
    ["always", { authenticationData: { attemptAuthentication: "always" } }, "RedirectShopper"],
    ["never", { ...challenged, authenticationData: { attemptAuthentication: "never" } }, "Authorised"],
    ["while the payer is away", { ...challenged, shopperInteraction: "ContAuth" }, "Authorised"],
    ["on the telephone", { ...challenged, shopperInteraction: "Moto" }, "Authorised"],
    [
      "done elsewhere",
      { ...challenged, mpiData: { cavv: "AAAA", eci: "05", authenticationResponse: "Y" } },
      "Authorised"
    ]
  ])("%s", async (_name, more, resultCode) => {
    expect((await client.pay(more)).body).toMatchObject({ resultCode })
  })
})

// docs.adyen.com/online-payments/3d-secure/native-3ds2; the messages: EMV 3-D Secure 2.2.0.
describe("native 3-D Secure", () => {
  const start = () => client.pay({ ...challenged, ...native })

  test("looks at the browser, asks the payer, and pays", async () => {
    const started = await start()
    // As in the published example "card-3d-secure-2-web".
    expect(started.body).toMatchObject({
      resultCode: "IdentifyShopper",
      action: { type: "threeDS2", subtype: "fingerprint", paymentMethodType: "scheme" }
    })
    const token = unbase64(textAt(started.body, "action.token"))
    const threeDSServerTransID = textAt(token, "threeDSServerTransID")
    const notify = textAt(token, "threeDSMethodNotificationURL")
    const method = await client.submit(textAt(token, "threeDSMethodURL"), {
      threeDSMethodData: base64({ threeDSServerTransID, threeDSMethodNotificationURL: notify })
    })
    expect(method.text).toContain(`action="${notify}"`)
    expect(unbase64(fieldsOf(method).threeDSMethodData ?? "")).toEqual({ threeDSServerTransID })
    expect((await client.submit(notify, fieldsOf(method))).status).toBe(200)

    const asked = await identify(client, started)
    expect(asked.body).toMatchObject({
      resultCode: "ChallengeShopper",
      action: { type: "threeDS2", subtype: "challenge" }
    })
    const challenge = unbase64(textAt(asked.body, "action.token"))
    expect(challenge).toMatchObject({ threeDSServerTransID, messageVersion: expect.stringMatching(/^2\./) })
    const { shown, cres, notify: back } = await answerChallenge(client, asked, "authorise")
    expect(shown.text.match(/<form method="post"/g)).toHaveLength(3)
    expect(back).toBe(textAt(challenge, "threeDSNotificationURL"))
    expect(cres).toMatchObject({
      messageType: "CRes",
      transStatus: "Y",
      threeDSServerTransID,
      acsTransID: textAt(challenge, "acsTransID")
    })
    expect(taken()).toBe(0)
    const done = await finishChallenge(client, asked, "Y")
    expect(done.body).toMatchObject({ resultCode: "Authorised", merchantReference: "order-7" })
    expect(taken()).toBe(1)
    expect((await finishChallenge(client, asked, "Y")).body).toMatchObject({ errorCode: "704" })
    expect((await identify(client, started)).body).toMatchObject({ errorCode: "704" })
  })

  test("in the older form, with paymentData", async () => {
    const started = await start()
    const asked = await details(
      client,
      { "threeds2.fingerprint": base64({ threeDSCompInd: "Y" }) },
      { paymentData: at(started.body, "action.paymentData") }
    )
    await answerChallenge(client, asked, "authorise")
    const done = await details(
      client,
      { "threeds2.challengeResult": base64({ transStatus: "Y" }) },
      { paymentData: at(asked.body, "action.paymentData") }
    )
    expect(done.body).toMatchObject({ resultCode: "Authorised" })
  })

  test("goes without a challenge on the frictionless card", async () => {
    const started = await client.pay({ paymentMethod: card("5201281505129736"), ...native })
    expect((await identify(client, started)).body).toMatchObject({ resultCode: "Authorised" })
    expect(taken()).toBe(1)
  })

  test("believes the issuer and not the browser", async () => {
    const refused = await identify(client, await start())
    const { cres } = await answerChallenge(client, refused, "refuse")
    expect(cres).toMatchObject({ transStatus: "N" })
    expect((await finishChallenge(client, refused, "Y")).body).toMatchObject({ refusalReasonCode: "11" })
    // docs.adyen.com/development-resources/refusal-reasons: 39, RReq not received from DS.
    const unasked = await identify(client, await start())
    expect((await finishChallenge(client, unasked, "Y")).body).toMatchObject({ refusalReasonCode: "39" })
    expect(taken()).toBe(0)
  })

  test("reports to the merchant's own page when the request names one", async () => {
    const notificationURL = "https://shop.example/notify"
    const started = await client.pay({ ...challenged, ...native, threeDS2RequestData: { notificationURL } })
    const asked = await identify(client, started)
    expect((await answerChallenge(client, asked, "authorise")).notify).toBe(notificationURL)
  })

  test("a challenge's result is not a fingerprint, nor the other way round", async () => {
    const started = await start()
    const authorisationToken = at(started.body, "action.authorisationToken")
    const skipped = await details(client, { threeDSResult: base64({ transStatus: "Y", authorisationToken }) })
    expect(skipped.status).toBe(422)
    const asked = await identify(client, started)
    expect((await identify(client, asked)).status).toBe(422)
    expect((await openChallenge(client, asked)).status).toBe(200)
    expect(taken()).toBe(0)
  })
})
