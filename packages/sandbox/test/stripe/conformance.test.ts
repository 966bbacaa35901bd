import { stripeApi } from "@connector-service/conformance/OpenApi"
import { describeReplies, type Kind } from "../Conformance.ts"
import {
  authorize,
  type Client,
  cardPayment,
  clientOf,
  type Got,
  goodCard,
  sandboxForTests,
  take,
  textAt
} from "../client.ts"

const sandbox = await sandboxForTests()

const intents = "/v1/payment_intents"
const threeDSecure = "4000002760003184"
const back = "https://shop.example/back"

const payPage = async (client: Client, outcome: "complete" | "fail"): Promise<Got> => {
  const opened = await client.post(intents, cardPayment(threeDSecure, { return_url: back }))
  const url = new URL(textAt(opened.body, "next_action.redirect_to_url.url"))
  await client.post(url.pathname.replace("/stripe", ""), { outcome })
  return client.get(`${intents}/${textAt(opened.body, "id")}`)
}

const kinds: Readonly<Record<string, Kind<Client, Got>>> = {
  "a payment, captured": [200, (client) => client.post(intents, cardPayment(goodCard))],
  "a payment with everything a merchant may add": [
    200,
    (client) =>
      client.post(
        intents,
        cardPayment("5555555555554444", {
          "metadata[order]": "7",
          description: "A hat",
          receipt_email: "payer@example.com",
          statement_descriptor_suffix: "HAT",
          "shipping[name]": "P. Ayer",
          "shipping[address][line1]": "1 Road",
          "payment_method_data[billing_details][address][postal_code]": "10115",
          "payment_method_options[card][request_three_d_secure]": "any",
          "expand[0]": "latest_charge.refunds",
          "expand[1]": "payment_method",
          setup_future_usage: "off_session"
        })
      )
  ],
  "a payment, authorized": [200, async (client) => client.get(`${intents}/${await authorize(client)}`)],
  "a payment without a method": [200, (client) => client.post(intents, { amount: "500", currency: "usd" })],
  "a payment, confirmed later": [
    200,
    async (client) => {
      const { body } = await client.post(intents, { amount: "500", currency: "usd", "payment_method_types[]": "card" })
      return client.post(`${intents}/${textAt(body, "id")}/confirm`, { payment_method: "pm_card_visa" })
    }
  ],
  "a payment, updated": [
    200,
    async (client) => client.post(`${intents}/${await take(client)}`, { "metadata[a]": "b", description: "x" })
  ],
  "a capture in part": [
    200,
    async (client) => client.post(`${intents}/${await authorize(client)}/capture`, { amount_to_capture: "400" })
  ],
  "a void": [
    200,
    async (client) =>
      client.post(`${intents}/${await authorize(client)}/cancel`, { cancellation_reason: "requested_by_customer" })
  ],
  "a list of payments": [
    200,
    async (client) => {
      await take(client)
      await authorize(client)
      return client.get(`${intents}?limit=2&expand[]=data.latest_charge`)
    }
  ],
  "a payment that waits for 3-D Secure, with a return URL": [
    200,
    (client) => client.post(intents, cardPayment(threeDSecure, { return_url: back }))
  ],
  "a payment that waits for 3-D Secure, without one": [
    200,
    (client) => client.post(intents, cardPayment(threeDSecure))
  ],
  "a payment after 3-D Secure": [200, (client) => payPage(client, "complete")],
  "a payment after a failed 3-D Secure": [200, (client) => payPage(client, "fail")],
  "a charge": [
    200,
    async (client) => {
      const { body } = await client.post(intents, cardPayment(goodCard))
      return client.get(`/v1/charges/${textAt(body, "latest_charge")}`)
    }
  ],
  "a declined charge": [
    200,
    async (client) => {
      const { body } = await client.post(intents, cardPayment("4000000000009995"))
      return client.get(`/v1/charges/${textAt(body, "error.charge")}`)
    }
  ],
  "a refund": [200, async (client) => client.post("/v1/refunds", { payment_intent: await take(client), amount: "1" })],
  "a refund that failed": [
    200,
    async (client) => {
      const paid = await client.post(intents, cardPayment("4000000000005126"))
      const made = await client.post("/v1/refunds", { payment_intent: textAt(paid.body, "id") })
      await client.get(`/v1/refunds/${textAt(made.body, "id")}`)
      return client.get(`/v1/refunds/${textAt(made.body, "id")}`)
    }
  ],
  "a list of refunds": [
    200,
    async (client) => {
      const id = await take(client)
      await client.post("/v1/refunds", { payment_intent: id, amount: "1", reason: "duplicate" })
      return client.get(`/v1/refunds?payment_intent=${id}&expand[]=data.charge`)
    }
  ],
  "a payment method": [
    200,
    (client) =>
      client.post("/v1/payment_methods", {
        type: "card",
        "card[number]": goodCard,
        "card[exp_month]": "1",
        "card[exp_year]": "39"
      })
  ],
  "a customer": [200, (client) => client.post("/v1/customers", { email: "a@example.com", "metadata[a]": "b" })],
  "an invalid parameter": [400, (client) => client.post(intents, { amount: "x", currency: "eur" })],
  "a wrong state": [400, async (client) => client.post(`${intents}/${await take(client)}/cancel`)],
  "a key of nobody": [401, () => clientOf(sandbox, "sk_live_x").get(`${intents}/pi_x`)],
  "an expired key": [401, () => clientOf(sandbox, "sk_test_expired").get(`${intents}/pi_x`)],
  "a decline": [402, (client) => client.post(intents, cardPayment("4000000000000002"))],
  "a wrong number": [402, (client) => client.post(intents, cardPayment("4242424242424241"))],
  "an unknown id": [404, (client) => client.get(`${intents}/pi_none`)],
  "an idempotency key used twice": [
    400,
    async (client) => {
      await client.post(intents, cardPayment(goodCard), { "idempotency-key": "k" })
      return client.post(intents, cardPayment(goodCard, { amount: "2000" }), { "idempotency-key": "k" })
    }
  ],
  "too many requests": [
    429,
    async (client) => {
      await sandbox.setFaults({ kind: "429", path: "/stripe", count: 1 })
      return client.get(intents)
    }
  ],
  "an internal error": [
    500,
    async (client) => {
      await sandbox.setFaults({ kind: "500_before", path: "/stripe", count: 1 })
      return client.get(intents)
    }
  ]
}

// The file is of 2023-08-16, and newer fields may be there.
describeReplies({ connector: "stripe", api: stripeApi, client: () => clientOf(sandbox), strict: () => false }, kinds)
