import { paypalApi } from "@connector-service/conformance/OpenApi"
import { describeReplies, type Kind } from "../Conformance.ts"
import { sandboxForTests, textAt } from "../client.ts"
import {
  blik,
  type Client,
  card,
  choose,
  clientOf,
  euros,
  experience,
  type Got,
  hold,
  instructed,
  isStrict,
  networkToken,
  orderOf,
  orders,
  requestOf,
  send,
  take,
  typed,
  wallet
} from "./client.ts"

const sandbox = await sandboxForTests()

const authorizations = "/v2/payments/authorizations"
const captures = "/v2/payments/captures"
const bank = { ideal: { name: "Pat Ayer", country_code: "NL", experience_context: experience } }
const always = { attributes: { verification: { method: "SCA_ALWAYS" } }, experience_context: experience }
const everything = {
  reference_id: "hat",
  invoice_id: "INV-7",
  custom_id: "7",
  description: "A hat",
  soft_descriptor: "HAT",
  amount: {
    currency_code: "EUR",
    value: "10.00",
    breakdown: {
      item_total: { currency_code: "EUR", value: "9.00" },
      shipping: { currency_code: "EUR", value: "1.50" },
      discount: { currency_code: "EUR", value: "0.50" }
    }
  },
  items: [{ name: "Hat", quantity: "2", unit_amount: { currency_code: "EUR", value: "4.50" } }],
  shipping: { name: { full_name: "Pat Ayer" }, address: { address_line_1: "1 Road", country_code: "DE" } }
}

const approved = async (client: Client, intent: "AUTHORIZE" | "CAPTURE", outcome = "approve"): Promise<string> => {
  const id = textAt((await client.post(orders, orderOf(intent, wallet))).body, "id")
  await choose(sandbox, id, outcome)
  return id
}

const faulty = async (kind: "429" | "500_before", method: string, make: () => Promise<Got>): Promise<Got> => {
  await sandbox.setFaults({ kind, path: "/paypal/v2", method, count: 1 })
  return make()
}

const orderKinds: Readonly<Record<string, Kind<Client, Got>>> = {
  "an order without a payment source": [201, (client) => client.post(orders, orderOf("CAPTURE"))],
  "a minimal order": [201, (client) => client.post(orders, orderOf("CAPTURE"), { prefer: "return=minimal" })],
  "an order for a wallet": [201, (client) => client.post(orders, orderOf("AUTHORIZE", wallet))],
  "an approved order": [200, async (client) => client.get(`${orders}/${await approved(client, "CAPTURE")}`)],
  "an order paid by wallet": [
    201,
    async (client) => client.post(`${orders}/${await approved(client, "CAPTURE")}/capture`)
  ],
  "an order authorized by wallet": [
    201,
    async (client) => client.post(`${orders}/${await approved(client, "AUTHORIZE")}/authorize`)
  ],
  "an order paid by eCheck": [
    201,
    async (client) => client.post(`${orders}/${await approved(client, "CAPTURE", "approve-echeck")}/capture`)
  ],
  "an order paid by card, with everything a merchant may add": [
    201,
    (client) =>
      client.post(
        orders,
        orderOf("CAPTURE", card({ billing_address: { postal_code: "10115", country_code: "DE" } }), everything)
      )
  ],
  "an order authorized by card": [201, (client) => client.post(orders, orderOf("AUTHORIZE", card()))],
  "an order of two units": [
    201,
    (client) =>
      client.post(orders, {
        intent: "CAPTURE",
        payment_source: card(),
        purchase_units: ["a", "b"].map((reference_id) => ({ reference_id, ...euros("1.00") }))
      })
  ],
  "an order declined by the card": [
    201,
    (client) => client.post(orders, orderOf("CAPTURE", card({ name: "CCREJECT-REFUSED" })))
  ],
  "an order that waits for 3-D Secure": [201, (client) => client.post(orders, orderOf("CAPTURE", card(always)))],
  "an order after 3-D Secure": [
    200,
    async (client) => {
      const id = textAt((await client.post(orders, orderOf("CAPTURE", card(always)))).body, "id")
      await choose(sandbox, id, "complete")
      return client.get(`${orders}/${id}`)
    }
  ],
  "an order for a bank": [201, (client) => client.post(orders, orderOf("CAPTURE", bank, {}, instructed))],
  "an order paid by bank": [
    200,
    async (client) => {
      const id = textAt((await client.post(orders, orderOf("CAPTURE", bank, {}, instructed))).body, "id")
      await choose(sandbox, id, "approve")
      return client.get(`${orders}/${id}`)
    }
  ],
  "an order for BLIK": [201, (client) => client.post(orders, orderOf("CAPTURE", blik(), {}, instructed))],
  "an order for BLIK with a code": [
    201,
    (client) => client.post(orders, orderOf("CAPTURE", blik(typed), {}, instructed))
  ],
  "an order paid by BLIK": [
    200,
    async (client) => {
      const id = textAt((await client.post(orders, orderOf("CAPTURE", blik(typed), {}, instructed))).body, "id")
      await choose(sandbox, id, "approve")
      return client.get(`${orders}/${id}`)
    }
  ],
  "a BLIK code of another length": [
    400,
    (client) => client.post(orders, orderOf("CAPTURE", blik({ level_0: { auth_code: "77712" } }), {}, instructed))
  ],
  "an order paid by a network token": [201, (client) => client.post(orders, orderOf("CAPTURE", networkToken()))],
  "an order authorized by a network token": [
    201,
    (client) => client.post(orders, orderOf("AUTHORIZE", networkToken()))
  ],
  "an order with Apple Pay": [
    201,
    (client) =>
      client.post(
        orders,
        orderOf("CAPTURE", {
          apple_pay: {
            name: "Pat Ayer",
            decrypted_token: { tokenized_card: { number: "4012888888881881", expiry: "2040-12" } }
          }
        })
      )
  ],
  "an order with Google Pay": [
    201,
    (client) =>
      client.post(
        orders,
        orderOf("AUTHORIZE", {
          google_pay: {
            decrypted_token: {
              payment_method: "CARD",
              authentication_method: "PAN_ONLY",
              card: { number: "5555555555554444", expiry: "2040-12" }
            }
          }
        })
      )
  ],
  "an order with its refunds": [
    200,
    async (client) => {
      const made = await client.post(orders, orderOf("CAPTURE", card(), everything))
      const id = textAt(made.body, "purchase_units.0.payments.captures.0.id")
      await client.post(`${captures}/${id}/refund`, euros("4.00"))
      return client.get(`${orders}/${textAt(made.body, "id")}`)
    }
  ],
  "a repeated order": [
    200,
    async (client) => {
      await client.post(orders, orderOf("CAPTURE", card()), { "paypal-request-id": "k" })
      return client.post(orders, orderOf("CAPTURE", card()), { "paypal-request-id": "k" })
    }
  ],
  "an order that no payer approved": [
    422,
    async (client) => {
      const { body } = await client.post(orders, orderOf("CAPTURE"))
      return client.post(`${orders}/${textAt(body, "id")}/capture`)
    }
  ],
  "a declined instrument": [
    422,
    async (client) => client.post(`${orders}/${await approved(client, "CAPTURE", "approve-declined")}/capture`)
  ],
  "a card that asks the payer, given with the capture": [
    422,
    async (client) => {
      const { body } = await client.post(orders, orderOf("CAPTURE"))
      return client.post(`${orders}/${textAt(body, "id")}/capture`, { payment_source: card(always) })
    }
  ],
  "another intent": [422, async (client) => client.post(`${orders}/${await approved(client, "CAPTURE")}/authorize`)],
  "a wrong breakdown": [
    422,
    (client) =>
      client.post(
        orders,
        orderOf("CAPTURE", undefined, { ...everything, amount: { ...everything.amount, value: "9.99" } })
      )
  ],
  "no PayPal-Request-Id": [
    400,
    (client) => client.post(orders, orderOf("CAPTURE", card()), { "paypal-request-id": "" })
  ],
  "an unknown order": [404, (client) => client.get(`${orders}/5O190127TN364715T`)],
  "no token, for an order": [401, () => send(sandbox, "GET", `${orders}/5O190127TN364715T`, {})],
  "a token of nobody, for an order": [
    401,
    () => send(sandbox, "GET", `${orders}/5O190127TN364715T`, { authorization: "Bearer A21AA" })
  ],
  "another media type": [415, (client) => client.post(orders, orderOf("CAPTURE"), { "content-type": "text/plain" })],
  "too many requests for orders": [429, (client) => faulty("429", "POST", () => client.post(orders))],
  "an internal error of orders": [500, (client) => faulty("500_before", "POST", () => client.post(orders))]
}

const paymentKinds: Readonly<Record<string, Kind<Client, Got>>> = {
  "an authorization": [200, async (client) => client.get(`${authorizations}/${await hold(client, everything)}`)],
  "a capture of an authorization": [
    201,
    async (client) =>
      client.post(`${authorizations}/${await hold(client, everything)}/capture`, { final_capture: true })
  ],
  "a minimal capture": [
    201,
    async (client) =>
      client.post(`${authorizations}/${await hold(client)}/capture`, euros("1.00"), { prefer: "return=minimal" })
  ],
  "a void": [204, async (client) => client.post(`${authorizations}/${await hold(client)}/void`, {}, { prefer: "" })],
  "a void with its representation": [
    200,
    async (client) => client.post(`${authorizations}/${await hold(client)}/void`)
  ],
  "a capture": [200, async (client) => client.get(`${captures}/${await take(client, everything)}`)],
  "a refund": [
    201,
    async (client) =>
      client.post(`${captures}/${await take(client)}/refund`, {
        ...euros("1.00"),
        note_to_payer: "Sorry",
        custom_id: "c"
      })
  ],
  "a refund, read": [
    200,
    async (client) => {
      const { body } = await client.post(`${captures}/${await take(client)}/refund`)
      return client.get(`/v2/payments/refunds/${textAt(body, "id")}`)
    }
  ],
  "a malformed capture": [
    400,
    async (client) => client.post(`${authorizations}/${await hold(client)}/capture`, { amount: "1" })
  ],
  "a capture of too much": [
    422,
    async (client) => client.post(`${authorizations}/${await hold(client)}/capture`, euros("11.51"))
  ],
  "a second void": [
    422,
    async (client) => {
      const path = `${authorizations}/${await hold(client)}/void`
      await client.post(path)
      return client.post(path)
    }
  ],
  "a refund of too much": [
    422,
    async (client) => client.post(`${captures}/${await take(client)}/refund`, euros("10.01"))
  ],
  "a request in progress": [
    409,
    async (client) => {
      const id = await take(client)
      await sandbox.setFaults({ kind: "delay", path: "/refund$", count: 1, milliseconds: 300 })
      const refund = () => client.post(`${captures}/${id}/refund`, {}, { "paypal-request-id": "k" })
      const both = await Promise.all([refund(), refund()])
      return both.find(({ status }) => status !== 201) ?? both[0]
    }
  ],
  "an unknown capture": [404, (client) => client.get(`${captures}/2GG279541U471931P`)],
  "a token of nobody": [
    401,
    () => send(sandbox, "GET", `${captures}/2GG279541U471931P`, { authorization: "Bearer A21AA" })
  ],
  "too many requests": [429, (client) => faulty("429", "GET", () => client.get(`${captures}/2GG279541U471931P`))],
  "an internal error": [500, (client) => faulty("500_before", "GET", () => client.get(`${captures}/2GG279541U471931P`))]
}

describeReplies(
  { connector: "paypal", api: paypalApi, client: () => clientOf(sandbox), strict: isStrict, request: requestOf },
  { ...orderKinds, ...paymentKinds }
)
