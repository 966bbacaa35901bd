import { paypalApi } from "@connector-service/conformance/OpenApi"
import { describeReplies, type Kind } from "../Conformance.ts"
import { sandboxForTests, textAt } from "../client.ts"
import {
  type Client,
  card,
  choose,
  clientOf,
  type Got,
  isStrict,
  keeping,
  keptWallet,
  orderOf,
  orders,
  requestOf,
  tokens
} from "./client.ts"

const sandbox = await sandboxForTests()

const keptCard = async (client: Client, more: object = {}): Promise<string> =>
  textAt(
    (await client.post(orders, orderOf("CAPTURE", card({ ...keeping(), ...more })))).body,
    "payment_source.card.attributes.vault.id"
  )
const merchant = { payment_initiator: "MERCHANT", payment_type: "RECURRING", usage: "SUBSEQUENT" }

const vaultKinds: Readonly<Record<string, Kind<Client, Got>>> = {
  "an order that keeps its card": [201, (client) => client.post(orders, orderOf("CAPTURE", card(keeping())))],
  "an order that is to keep its wallet": [201, (client) => client.post(orders, orderOf("CAPTURE", keptWallet()))],
  "an order that kept its wallet": [
    201,
    async (client) => {
      const id = textAt((await client.post(orders, orderOf("CAPTURE", keptWallet()))).body, "id")
      await choose(sandbox, id, "approve")
      return client.post(`${orders}/${id}/capture`)
    }
  ],
  "an order paid by a kept card": [
    201,
    async (client) => client.post(orders, orderOf("CAPTURE", { card: { vault_id: await keptCard(client) } }))
  ],
  "an order paid by a kept card, by the merchant": [
    201,
    async (client) =>
      client.post(
        orders,
        orderOf("AUTHORIZE", { card: { vault_id: await keptCard(client), stored_credential: merchant } })
      )
  ],
  "an order for a vault id that is not there": [
    422,
    (client) => client.post(orders, orderOf("CAPTURE", { card: { vault_id: "8kk8451t" } }))
  ],
  "an order for a vault id of another kind": [
    422,
    async (client) => client.post(orders, orderOf("CAPTURE", { paypal: { vault_id: await keptCard(client) } }))
  ],
  "an order without an instruction": [422, (client) => client.post(orders, orderOf("CAPTURE", card(keeping("c", {}))))],
  "a merchant's charge with a code": [
    422,
    (client) => client.post(orders, orderOf("CAPTURE", card({ stored_credential: merchant })))
  ],
  "a capture by a vault id that is not there": [
    422,
    async (client) => {
      const { body } = await client.post(orders, orderOf("CAPTURE"))
      return client.post(`${orders}/${textAt(body, "id")}/capture`, {
        payment_source: { card: { vault_id: "8kk8451t" } }
      })
    }
  ],
  "a kept card": [200, async (client) => client.get(`${tokens}/${await keptCard(client)}`)],
  "a kept wallet": [
    200,
    async (client) => {
      const id = textAt((await client.post(orders, orderOf("CAPTURE", keptWallet()))).body, "id")
      await choose(sandbox, id, "approve")
      const { body } = await client.post(`${orders}/${id}/capture`)
      return client.get(`${tokens}/${textAt(body, "payment_source.paypal.attributes.vault.id")}`)
    }
  ],
  "what a customer has": [
    200,
    async (client) => {
      await keptCard(client)
      return client.get(`${tokens}?customer_id=CUSTOMER_7`)
    }
  ],
  "a kept card, deleted": [204, async (client) => client.remove(`${tokens}/${await keptCard(client)}`)],
  "a payment token that is not there": [404, (client) => client.get(`${tokens}/8kk8451t`)],
  "no customer": [400, (client) => client.get(tokens)]
}

describeReplies(
  { connector: "paypal", api: paypalApi, client: () => clientOf(sandbox), strict: isStrict, request: requestOf },
  vaultKinds
)
