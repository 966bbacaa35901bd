import type { HttpRequest } from "@connector-service/conformance/OpenApi"
import type { Sandbox } from "../../src/Sandbox.ts"
import { at, type Fields, type Json, textAt } from "../client.ts"

/** A reply as the tests look at it, with the request it answers; `body` is empty when it is not a JSON object. */
export interface Got {
  readonly method: string
  readonly path: string
  readonly sent: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Json
}

/** A client for one client id. */
export interface Client {
  readonly token: () => Promise<string>
  readonly get: (path: string) => Promise<Got>
  readonly post: (path: string, body?: object | string, headers?: Fields) => Promise<Got>
  readonly remove: (path: string) => Promise<Got>
}

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

/** Sends one request to the sandbox's PayPal, as it is. */
export const send = async (
  sandbox: Sandbox,
  method: string,
  path: string,
  headers: Fields,
  sent?: string
): Promise<Got> => {
  const response = await fetch(`${sandbox.url}/paypal${path}`, {
    method,
    headers,
    redirect: "manual",
    ...(sent === undefined ? {} : { body: sent })
  })
  const text = await response.text()
  const parsed: unknown = text.startsWith("{") ? JSON.parse(text) : undefined
  const { status, headers: received } = response
  return { method, path, sent: sent ?? "", status, headers: received, text, body: isJson(parsed) ? parsed : {} }
}

/** Asks for a token. */
export const askToken = (sandbox: Sandbox, clientId: string, secret: string, body = "grant_type=client_credentials") =>
  send(
    sandbox,
    "POST",
    "/v1/oauth2/token",
    {
      authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded"
    },
    body
  )

/** A client that fetches a token for each call, prefers representations, and sends a new PayPal-Request-Id unless given one. */
export const clientOf = (sandbox: Sandbox, clientId = "merchant-one"): Client => {
  const token = async () => textAt((await askToken(sandbox, clientId, "secret")).body, "access_token")
  const call = async (method: string, path: string, headers: Fields, body?: object | string): Promise<Got> =>
    send(
      sandbox,
      method,
      path,
      { authorization: `Bearer ${await token()}`, ...headers },
      typeof body === "object" ? JSON.stringify(body) : body
    )
  return {
    token,
    get: (path) => call("GET", path, {}),
    remove: (path) => call("DELETE", path, { prefer: "return=representation" }),
    post: (path, body = {}, headers = {}) =>
      call(
        "POST",
        path,
        {
          "content-type": "application/json",
          prefer: "return=representation",
          "paypal-request-id": crypto.randomUUID(),
          ...headers
        },
        body
      )
  }
}

/** The path of orders. */
export const orders = "/v2/checkout/orders"

/** Where the payer comes back to. */
export const experience = { return_url: "https://shop.example/back?cart=7", cancel_url: "https://shop.example/cancel" }

/** An order of 10.00 EUR. */
export const orderOf = (
  intent: "AUTHORIZE" | "CAPTURE",
  source?: object,
  unit: object = {},
  more: object = {}
): object => ({
  intent,
  purchase_units: [{ amount: { currency_code: "EUR", value: "10.00" }, ...unit }],
  ...(source === undefined ? {} : { payment_source: source }),
  ...more
})

/** The Visa that developer.paypal.com/tools/sandbox/card-testing proposes; `more` goes over it. */
export const card = (more: object = {}): { readonly card: object } => ({
  card: { number: "4012888888881881", expiry: "2040-12", security_code: "123", name: "Pat Ayer", ...more }
})

/** A PayPal wallet that comes back to the shop. */
export const wallet = { paypal: { experience_context: experience } }

/** Bank payments are captured when the payer pays. */
export const instructed = { processing_instruction: "ORDER_COMPLETE_ON_PAYMENT_APPROVAL" }

/** BLIK: blik_request in checkout_orders_v2.json; `more` goes over it. */
export const blik = (more: object = {}): { readonly blik: object } => ({
  blik: { name: "Pat Ayer", country_code: "PL", email: "pat@example.com", experience_context: experience, ...more }
})

/** The code of BLIK that the payer typed in the shop. */
export const typed = { level_0: { auth_code: "777123" } }

/** A card by its network token: network_token_request in checkout_orders_v2.json; `more` goes over the token. */
export const networkToken = (more: object = {}): { readonly card: object } => ({
  card: {
    name: "Pat Ayer",
    network_token: {
      number: "4012888888881881",
      expiry: "2040-12",
      cryptogram: "AgAAAAAABk4DWZ4C28yUQAAAAAA=",
      eci_flag: "FULLY_AUTHENTICATED_TRANSACTION",
      ...more
    }
  }
})

/** A customer's id and the instruction to keep what pays: vault_instruction_base in checkout_orders_v2.json. */
export const keeping = (customer = "CUSTOMER_7", vault: object = { store_in_vault: "ON_SUCCESS" }): object => ({
  attributes: { vault, customer: { id: customer } }
})

/** A wallet that is to be kept: vault_paypal_wallet_base. */
export const keptWallet = (customer?: string): object => ({
  paypal: {
    experience_context: experience,
    ...keeping(customer, { store_in_vault: "ON_SUCCESS", usage_type: "MERCHANT" })
  }
})

/** The path of kept payment sources. */
export const tokens = "/v3/vault/payment-tokens"

/** An amount in euros. */
export const euros = (value: string) => ({ amount: { currency_code: "EUR", value } })

/** The payer's choice on the page of an order. */
export const choose = (sandbox: Sandbox, order: string, outcome: string): Promise<Got> =>
  send(
    sandbox,
    "POST",
    `/checkoutnow?token=${order}`,
    { "content-type": "application/x-www-form-urlencoded" },
    `outcome=${outcome}`
  )

/** The one authorization or capture in an order. */
export const paymentIn = (body: unknown, kind: "authorizations" | "captures", name = "id"): string =>
  textAt(body, `purchase_units.0.payments.${kind}.0.${name}`)

/** Holds 10.00 EUR on a card and answers the authorization's id. */
export const hold = async (client: Client, unit: object = {}): Promise<string> =>
  paymentIn((await client.post(orders, orderOf("AUTHORIZE", card(), unit))).body, "authorizations")

/** Takes 10.00 EUR from a card and answers the capture's id. */
export const take = async (client: Client, unit: object = {}): Promise<string> =>
  paymentIn((await client.post(orders, orderOf("CAPTURE", card(), unit))).body, "captures")

/** The first issue of a refusal. */
export const issueOf = (got: Got): unknown => at(got.body, "details.0.issue")

/** The files describe a detail twice, once without the fields that say where it is: only there unknown fields must pass. */
export const isStrict = ({ body }: Got): boolean => at(body, "details.0.field") === undefined

/** A request as it was sent. */
export const requestOf = ({ method, path, sent }: Got): HttpRequest => {
  const body = sent === "" || path.endsWith("/void") ? {} : { contentType: "application/json", body: sent }
  return { method, url: path, ...body }
}
