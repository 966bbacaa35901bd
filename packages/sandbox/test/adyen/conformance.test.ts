import { checks } from "@connector-service/conformance/Check"
import { adyenApi } from "@connector-service/conformance/OpenApi"
import { expect, test } from "vitest"
import { describeReplies, describeWithSpecs, type Kind } from "../Conformance.ts"
import { at, type Got, type Json, sandboxForTests, textAt } from "../client.ts"
import {
  answerChallenge,
  blik,
  type Client,
  card,
  clientOf,
  details,
  euros,
  finishChallenge,
  identify,
  manual,
  modify,
  native,
  payment,
  take,
  visit
} from "./client.ts"

const sandbox = await sandboxForTests()

const challenged = { paymentMethod: card("4212345678910006") }
const byPage = (type: string): Json => ({ paymentMethod: { type } })

const afterPage = async (client: Client, more: Json, choice: string): Promise<Got> =>
  details(client, { redirectResult: await visit(client, await client.pay(more), choice) })

const afterTwice = async (client: Client): Promise<Got> => {
  const redirectResult = await visit(client, await client.pay(byPage("ideal")), "authorise")
  await details(client, { redirectResult })
  return details(client, { redirectResult })
}

const afterApp = async (client: Client, choice?: string): Promise<Got> => {
  const started = await client.pay(blik)
  if (choice !== undefined) await client.submit(textAt(started.body, "action.url"), { choice })
  return details(client, {}, { paymentData: at(started.body, "action.paymentData") })
}

const challenge = async (client: Client): Promise<Got> =>
  identify(client, await client.pay({ ...challenged, ...native }))

const everything: Json = {
  metadata: { cart: "7" },
  billingAddress: { street: "Road", houseNumberOrName: "1", city: "Berlin", postalCode: "10115", country: "DE" },
  shopperEmail: "payer@example.com",
  shopperInteraction: "Ecommerce",
  recurringProcessingModel: "CardOnFile",
  storePaymentMethod: true,
  shopperReference: "shopper-1",
  captureDelayHours: 0
}

const kinds: Readonly<Record<string, Kind<Client, Got>>> = {
  "a payment": [200, (client) => client.pay()],
  "a payment with everything a merchant may add": [200, (client) => client.pay(everything)],
  "a refusal": [200, (client) => client.pay({ paymentMethod: card("5555555555554444", { holderName: "DECLINED" }) })],
  "a payment by a network token": [
    200,
    (client) =>
      client.pay({ paymentMethod: card("4111111111111111", { type: "networkToken" }), mpiData: { eci: "05" } })
  ],
  "a payment by Apple Pay": [200, (client) => client.pay({ paymentMethod: { type: "applepay", applePayToken: "t" } })],
  "a payment by Apple Pay, decrypted": [
    200,
    (client) =>
      client.pay({
        paymentMethod: card("4111111111111111", { brand: "applepay", cvc: undefined, expiryYear: "2031" }),
        additionalData: { "paymentdatasource.type": "applepay" },
        mpiData: { cavv: "YwAAAAAABaYcCMX/OhNRQAAAAAA=", directoryResponse: "Y", authenticationResponse: "Y" }
      })
  ],
  "a direct debit": [
    200,
    (client) => client.pay({ paymentMethod: { type: "sepadirectdebit", iban: "NL13TEST0123456789", ownerName: "A" } })
  ],
  "a redirect to the issuer": [200, (client) => client.pay(challenged)],
  "a redirect to a page": [200, (client) => client.pay(byPage("ideal"))],
  "a code for a phone": [200, (client) => client.pay(byPage("bcmc_mobile"))],
  "a fingerprint": [200, (client) => client.pay({ ...challenged, ...native })],
  "a challenge": [200, challenge],
  "a payment after a challenge": [
    200,
    async (client) => {
      const asked = await challenge(client)
      await answerChallenge(client, asked, "authorise")
      return finishChallenge(client, asked, "Y")
    }
  ],
  "a payment after a redirect": [200, (client) => afterPage(client, challenged, "authorise")],
  "a failed 3-D Secure": [200, (client) => afterPage(client, challenged, "refuse")],
  "a payment on a page": [200, (client) => afterPage(client, byPage("klarna"), "authorise")],
  "a cancelled payment": [200, (client) => afterPage(client, byPage("paypal"), "cancel")],
  "a code that nobody has read": [
    200,
    async (client) => {
      const started = await client.pay(byPage("bcmc_mobile"))
      return details(client, {}, { paymentData: at(started.body, "action.paymentData") })
    }
  ],
  "a payment in the bank's app": [200, (client) => client.pay(blik)],
  "an app that has not been answered": [200, (client) => afterApp(client)],
  "a payment confirmed in the app": [200, (client) => afterApp(client, "authorise")],
  "a payment refused in the app": [200, (client) => afterApp(client, "refuse")],
  "a BLIK code of another length": [
    422,
    (client) => client.pay({ ...blik, paymentMethod: { type: "blik", blikCode: "77712" } })
  ],
  "a capture": [201, async (client) => modify(client, await take(client, manual), "captures", euros(400))],
  "a void of a payment without an id": [
    201,
    async (client) => {
      await client.pay({ ...byPage("ideal"), reference: "waiting-1" })
      return client.post("/cancels", {
        merchantAccount: "TestAccountECOM",
        reference: "void-1",
        paymentReference: "waiting-1"
      })
    }
  ],
  "a void": [201, async (client) => modify(client, await take(client, manual), "cancels")],
  "a reversal": [201, async (client) => modify(client, await take(client), "reversals")],
  "a refund": [
    201,
    async (client) =>
      modify(client, await take(client), "refunds", { ...euros(1), merchantRefundReason: "CUSTOMER REQUEST" })
  ],
  "no JSON": [400, (client) => client.post("/payments", "{")],
  "an unknown field": [400, (client) => client.pay({ nonsense: 1 })],
  "a key of nobody": [401, () => clientOf(sandbox, "AQEunknownApiKey").pay()],
  "another account": [403, (client) => client.pay({ merchantAccount: "UnknownCOM" })],
  "a wrong number": [422, (client) => client.pay({ paymentMethod: card("4111111111111112") })],
  "an unknown payment": [422, (client) => modify(client, "9999999999999999", "cancels")],
  "details submitted twice": [422, afterTwice],
  "a method that is not offered": [500, (client) => client.pay(byPage("affirm"))],
  "an internal error": [
    500,
    async (client) => {
      await sandbox.setFaults({ kind: "500_before", path: "/adyen", count: 1 })
      return client.pay()
    }
  ]
}

describeReplies({ connector: "adyen", api: adyenApi, client: () => clientOf(sandbox), strict: () => true }, kinds)

const check = (kind: "request" | "sandbox") => checks({ connector: "adyen", flow: "POST /payments", kind })

describeWithSpecs("adyen: published specification, beside its statuses", () => {
  test("too many requests, of which it has the error, though not the status", check("sandbox"), async () => {
    await sandbox.setFaults({ kind: "429", path: "/adyen", count: 1 })
    const got = await clientOf(sandbox).pay()
    expect(adyenApi().checkSchema("#/components/schemas/ServiceError", got.body, { strict: true })).toEqual([])
  })

  // The sandbox must not refuse what is published, nor these tests send what is not.
  test.each([
    payment(),
    payment({ ...everything, ...challenged }),
    payment({ ...challenged, ...native }),
    payment(blik)
  ])("allows the requests sent here (%#)", check("request"), (body) => {
    const request = { method: "POST", url: "/payments", contentType: "application/json", body: JSON.stringify(body) }
    expect(adyenApi().checkRequest(request)).toEqual([])
  })
})
