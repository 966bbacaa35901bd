import {
  ApiError,
  CheckoutPaymentIntent,
  Client,
  Environment,
  OrdersCardVerificationMethod,
  OrdersController,
  PaymentsController,
  PaypalPaymentTokenUsageType,
  StoreInVaultInstruction,
  VaultController
} from "@paypal/paypal-server-sdk"
import { describe, expect, test } from "vitest"
import { sandboxForTests } from "../client.ts"
import { choose, experience } from "./client.ts"

const sandbox = await sandboxForTests()

/** What the SDK's HTTP client hands to an adapter, and takes back from it. */
interface AdapterRequest {
  readonly method?: string
  readonly url?: string
  readonly headers: Record<string, unknown>
  readonly data?: string
}

// The SDK knows two hosts and takes no other: the one adapter it lets in sends what is for them to the sandbox instead.
const adapter = async (config: AdapterRequest): Promise<object> => {
  const url = String(config.url).replace("https://api-m.sandbox.paypal.com", `${sandbox.url}/paypal`)
  const response = await fetch(url, {
    method: config.method?.toUpperCase() ?? "GET",
    headers: Object.entries(config.headers).map(([name, value]): [string, string] => [name, String(value)]),
    ...(config.data === undefined ? {} : { body: config.data })
  })
  return {
    data: await response.text(),
    status: response.status,
    statusText: response.statusText,
    headers: Object.fromEntries(response.headers),
    config,
    request: {}
  }
}

const clientOf = (secret = "secret") =>
  new Client({
    clientCredentialsAuthCredentials: { oAuthClientId: "sdk", oAuthClientSecret: secret },
    environment: Environment.Sandbox,
    unstable_httpClientOptions: { adapter }
  })

const client = clientOf()
const orders = new OrdersController(client)
const payments = new PaymentsController(client)
const prefer = "return=representation"
const amount = { currencyCode: "EUR", value: "10.00" }
const card = { number: "4012888888881881", expiry: "2040-12", securityCode: "123", name: "Pat Ayer" }

const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error
  )

const create = (intent: CheckoutPaymentIntent, paymentSource: object, paypalRequestId: string = crypto.randomUUID()) =>
  orders.createOrder({
    prefer,
    paypalRequestId,
    body: { intent, purchaseUnits: [{ amount, customId: "ref-1" }], paymentSource }
  })

const hold = async (): Promise<string> => {
  const { result } = await create(CheckoutPaymentIntent.Authorize, { card })
  return result.purchaseUnits?.[0]?.payments?.authorizations?.[0]?.id ?? ""
}

describe("the official SDK", () => {
  test("authorizes, captures in parts, refunds and retrieves", async () => {
    const authorizationId = await hold()
    const taken = await payments.captureAuthorizedPayment({
      authorizationId,
      prefer,
      body: { amount: { ...amount, value: "7.00" }, finalCapture: true }
    })
    expect(taken.result).toMatchObject({ status: "COMPLETED", amount: { currencyCode: "EUR", value: "7.00" } })
    const captureId = taken.result.id ?? ""
    const refund = await payments.refundCapturedPayment({
      captureId,
      prefer,
      body: { amount: { ...amount, value: "2.00" } }
    })
    expect(refund.result).toMatchObject({ status: "COMPLETED", amount: { value: "2.00" } })
    expect((await payments.getRefund({ refundId: refund.result.id ?? "" })).result.id).toBe(refund.result.id)
    expect((await payments.getCapturedPayment({ captureId })).result).toMatchObject({ status: "PARTIALLY_REFUNDED" })
    expect((await payments.getAuthorizedPayment({ authorizationId })).result).toMatchObject({
      status: "PARTIALLY_CAPTURED",
      customId: "ref-1"
    })
    expect(sandbox.ledger()).toMatchObject({
      authorizations: [{ account: "sdk", amount: 1000, metadata: { reference: "ref-1" } }],
      captures: [{ amount: 700 }],
      refunds: [{ amount: 200 }]
    })
  })

  test("voids what was held", async () => {
    const authorizationId = await hold()
    expect((await payments.voidPayment({ authorizationId, prefer })).result).toMatchObject({ status: "VOIDED" })
    expect(await failure(payments.captureAuthorizedPayment({ authorizationId }))).toMatchObject({ statusCode: 422 })
  })

  test("captures what a wallet's payer approved", async () => {
    const { result } = await create(CheckoutPaymentIntent.Capture, { paypal: { experienceContext: experience } })
    const id = result.id ?? ""
    expect(result).toMatchObject({ status: "PAYER_ACTION_REQUIRED" })
    const early = await failure(orders.captureOrder({ id }))
    expect(early).toBeInstanceOf(ApiError)
    expect(early).toMatchObject({
      statusCode: 422,
      result: { name: "UNPROCESSABLE_ENTITY", details: [{ issue: "ORDER_NOT_APPROVED" }] }
    })
    await choose(sandbox, id, "approve")
    expect((await orders.captureOrder({ id, prefer })).result).toMatchObject({
      status: "COMPLETED",
      payer: { emailAddress: "customer@example.com" },
      purchaseUnits: [{ payments: { captures: [{ status: "COMPLETED" }] } }]
    })
  })

  test("authorizes what a card's payer authenticated", async () => {
    const attributes = { verification: { method: OrdersCardVerificationMethod.ScaAlways } }
    const { result } = await create(CheckoutPaymentIntent.Authorize, { card: { ...card, attributes } })
    const id = result.id ?? ""
    expect(result.links?.map(({ rel }) => rel)).toContain("payer-action")
    await choose(sandbox, id, "complete")
    expect((await orders.getOrder({ id })).result).toMatchObject({
      status: "APPROVED",
      paymentSource: { card: { authenticationResult: { liabilityShift: "POSSIBLE" } } }
    })
    expect((await orders.authorizeOrder({ id, prefer })).result).toMatchObject({ status: "COMPLETED" })
  })

  test("keeps a card and a wallet, pays by them, and deletes them", async () => {
    const vault = { storeInVault: StoreInVaultInstruction.OnSuccess }
    const customer = { id: "CUSTOMER_7" }
    const first = await create(CheckoutPaymentIntent.Capture, { card: { ...card, attributes: { vault, customer } } })
    const cardVault = first.result.paymentSource?.card?.attributes?.vault
    expect(cardVault).toMatchObject({ status: "VAULTED", customer })
    const wallet = {
      experienceContext: experience,
      attributes: { customer, vault: { ...vault, usageType: PaypalPaymentTokenUsageType.Merchant } }
    }
    const id = (await create(CheckoutPaymentIntent.Capture, { paypal: wallet })).result.id ?? ""
    await choose(sandbox, id, "approve")
    const walletVault = (await orders.captureOrder({ id, prefer })).result.paymentSource?.paypal?.attributes?.vault
    expect(walletVault).toMatchObject({ status: "VAULTED", customer })
    for (const source of [{ card: { vaultId: cardVault?.id } }, { paypal: { vaultId: walletVault?.id } }]) {
      expect((await create(CheckoutPaymentIntent.Capture, source)).result).toMatchObject({ status: "COMPLETED" })
    }
    expect(sandbox.ledger().captures).toHaveLength(4)
    const kept = new VaultController(client)
    const listed = (await kept.listCustomerPaymentTokens({ customerId: "CUSTOMER_7" })).result
    expect(listed).toMatchObject({ paymentTokens: [{ id: cardVault?.id }, { id: walletVault?.id }] })
    const token = cardVault?.id ?? ""
    expect((await kept.getPaymentToken(token)).result).toMatchObject({ paymentSource: { card: { brand: "VISA" } } })
    expect((await kept.deletePaymentToken(token)).statusCode).toBe(204)
    const refused = await failure(create(CheckoutPaymentIntent.Capture, { card: { vaultId: token } }))
    expect(refused).toMatchObject({ statusCode: 422, result: { details: [{ issue: "INVALID_VAULT_ID" }] } })
  })

  test("reads a decline in a completed order", async () => {
    const { result } = await create(CheckoutPaymentIntent.Capture, { card: { ...card, name: "CCREJECT-IF" } })
    expect(result).toMatchObject({
      status: "COMPLETED",
      purchaseUnits: [{ payments: { captures: [{ status: "DECLINED", processorResponse: { responseCode: "5120" } }] } }]
    })
  })

  test("is given the first order for the same key", async () => {
    const first = await create(CheckoutPaymentIntent.Capture, { card }, "again")
    const second = await create(CheckoutPaymentIntent.Capture, { card }, "again")
    expect([first.statusCode, second.statusCode, second.result.id]).toEqual([201, 200, first.result.id])
    expect(sandbox.ledger().captures).toHaveLength(1)
  })

  test("fetches one token for its calls, and fails with a wrong secret", async () => {
    const fresh = new OrdersController(clientOf())
    for (const id of ["A", "B"]) expect(await failure(fresh.getOrder({ id }))).toMatchObject({ statusCode: 404 })
    expect(sandbox.ledger().requests.filter(({ path }) => path === "/paypal/v1/oauth2/token")).toHaveLength(1)
    expect(await failure(new OrdersController(clientOf("wrong")).getOrder({ id: "A" }))).toMatchObject({
      statusCode: 401,
      result: { error: "invalid_client" }
    })
  })
})
