import { describe, expect, test } from "vitest"
import { at, sandboxForTests, textAt } from "../client.ts"
import {
  type Client,
  card,
  choose,
  clientOf,
  type Got,
  issueOf,
  keeping,
  keptWallet,
  orderOf,
  orders,
  paymentIn,
  tokens
} from "./client.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)

const vaultOf = (got: Got, source: "card" | "paypal"): unknown =>
  at(got.body, `payment_source.${source}.attributes.vault`)
const idOf = (got: Got, source: "card" | "paypal"): string =>
  textAt(got.body, `payment_source.${source}.attributes.vault.id`)

const keepCard = async (of: Client = client, more: object = {}, customer?: string): Promise<string> =>
  idOf(await of.post(orders, orderOf("CAPTURE", card({ ...keeping(customer), ...more }))), "card")

const approved = async (source: object, outcome = "approve"): Promise<Got> => {
  const { body } = await client.post(orders, orderOf("CAPTURE", source))
  const id = textAt(body, "id")
  await choose(sandbox, id, outcome)
  return client.post(`${orders}/${id}/capture`)
}
const keepWallet = async (customer?: string): Promise<string> => idOf(await approved(keptWallet(customer)), "paypal")

const pay = (source: object, of: Client = client, intent: "AUTHORIZE" | "CAPTURE" = "CAPTURE") =>
  of.post(orders, orderOf(intent, source))

// vault_response of checkout_orders_v2.json
const vaulted = {
  id: expect.stringMatching(/^[0-9a-zA-Z_-]{7,36}$/),
  status: "VAULTED",
  customer: { id: "CUSTOMER_7" }
}

describe("a payment source is kept with its first payment", () => {
  test("a card", async () => {
    const paid = await pay(card(keeping()))
    expect(paid.body).toMatchObject({ status: "COMPLETED" })
    expect(vaultOf(paid, "card")).toMatchObject(vaulted)
    const { body } = await client.get(`${orders}/${textAt(paid.body, "id")}`)
    expect(at(body, "payment_source.card.attributes.vault.id")).toBe(idOf(paid, "card"))
  })

  test("a card that is authorized, for a customer that is new", async () => {
    const attributes = { vault: { store_in_vault: "ON_SUCCESS" } }
    const paid = await pay(card({ attributes }), client, "AUTHORIZE")
    expect(vaultOf(paid, "card")).toMatchObject({
      status: "VAULTED",
      customer: { id: expect.stringMatching(/^\w{7,22}$/) }
    })
  })

  test("a wallet, once its payer has approved and it has paid", async () => {
    const made = await pay(keptWallet())
    expect([at(made.body, "status"), vaultOf(made, "paypal")]).toEqual(["PAYER_ACTION_REQUIRED", undefined])
    const id = textAt(made.body, "id")
    await choose(sandbox, id, "approve")
    const seen = await client.get(`${orders}/${id}`)
    expect([at(seen.body, "status"), vaultOf(seen, "paypal")]).toEqual(["APPROVED", undefined])
    const paid = await client.post(`${orders}/${id}/capture`)
    expect(vaultOf(paid, "paypal")).toMatchObject(vaulted)
    expect(at(paid.body, "payment_source.paypal.email_address")).toBe("customer@example.com")
  })

  test("and not where the payment is declined, or nobody asked for it", async () => {
    const declined = await pay(card({ ...keeping(), name: "CCREJECT-REFUSED" }))
    expect(paymentIn(declined.body, "captures", "status")).toBe("DECLINED")
    expect(vaultOf(declined, "card")).toBeUndefined()
    expect(vaultOf(await pay(card()), "card")).toBeUndefined()
    expect(issueOf(await approved(keptWallet(), "approve-declined"))).toBe("INSTRUMENT_DECLINED")
    expect((await client.get(`${tokens}?customer_id=CUSTOMER_7`)).body).toMatchObject({ payment_tokens: [] })
  })

  test.each([
    ["a card", card(keeping("c", {})), 422, "VAULT_INSTRUCTION_REQUIRED"],
    ["a wallet", { paypal: keeping("c", { usage_type: "MERCHANT" }) }, 422, "VAULT_INSTRUCTION_REQUIRED"],
    ["a wallet's use", { paypal: keeping("c", { store_in_vault: "ON_SUCCESS" }) }, 400, "MISSING_REQUIRED_PARAMETER"],
    ["another time", card(keeping("c", { store_in_vault: "LATER" })), 400, "INVALID_PARAMETER_VALUE"],
    ["a customer's id that is none", card(keeping("c/1")), 400, "INVALID_PARAMETER_SYNTAX"],
    ["a customer's id that is too long", card(keeping("c".repeat(23))), 400, "INVALID_STRING_LENGTH"]
  ])("and not without what it takes: %s", async (_name, source, status, issue) => {
    const refused = await pay(source)
    expect([refused.status, issueOf(refused)]).toEqual([status, issue])
    expect(sandbox.ledger().captures).toEqual([])
  })
})

describe("a kept payment source pays without its payer", () => {
  test("a card", async () => {
    const id = await keepCard()
    const paid = await pay({ card: { vault_id: id } })
    expect([paid.status, at(paid.body, "status")]).toEqual([201, "COMPLETED"])
    expect(at(paid.body, "payment_source.card")).toMatchObject({ last_digits: "1881", brand: "VISA" })
    expect(paymentIn(paid.body, "captures", "status")).toBe("COMPLETED")
    // processor_response in checkout_orders_v2.json: P, not processed; a card's code is never kept
    expect(at(paid.body, "purchase_units.0.payments.captures.0.processor_response.cvv_code")).toBe("P")
    expect(sandbox.ledger().captures).toHaveLength(2)
  })

  test("a wallet, reserved and then captured", async () => {
    const id = await keepWallet()
    const held = await pay({ paypal: { vault_id: id } }, client, "AUTHORIZE")
    expect(held.body).toMatchObject({ status: "COMPLETED", payer: { payer_id: "QYR5Z8XDVJNXQ" } })
    const authorization = paymentIn(held.body, "authorizations")
    expect((await client.post(`/v2/payments/authorizations/${authorization}/capture`)).body).toMatchObject({
      status: "COMPLETED"
    })
  })

  test("given when the order is captured", async () => {
    const [kept, wallet] = [await keepCard(), await keepWallet()]
    for (const source of [{ card: { vault_id: kept } }, { paypal: { vault_id: wallet } }]) {
      const { body } = await client.post(orders, orderOf("CAPTURE"))
      const paid = await client.post(`${orders}/${textAt(body, "id")}/capture`, { payment_source: source })
      expect(paid.body).toMatchObject({ status: "COMPLETED" })
    }
  })

  // card_stored_credential: by whom and why it is charged
  test("charged by the merchant, whose payer is not asked", async () => {
    const challenged = "4868719460707704"
    const made = await pay(card({ ...keeping(), number: challenged }))
    expect(at(made.body, "status")).toBe("PAYER_ACTION_REQUIRED")
    const order = textAt(made.body, "id")
    await choose(sandbox, order, "complete")
    const id = idOf(await client.post(`${orders}/${order}/capture`), "card")
    expect(at((await pay({ card: { vault_id: id } })).body, "status")).toBe("PAYER_ACTION_REQUIRED")
    const stored_credential = { payment_initiator: "MERCHANT", payment_type: "RECURRING", usage: "SUBSEQUENT" }
    expect(at((await pay({ card: { vault_id: id, stored_credential } })).body, "status")).toBe("COMPLETED")
  })

  test("with 3-D Secure where it is asked for", async () => {
    const id = await keepCard()
    const attributes = { verification: { method: "SCA_ALWAYS" } }
    expect(at((await pay({ card: { vault_id: id, attributes } })).body, "status")).toBe("PAYER_ACTION_REQUIRED")
  })

  test("as another transaction of its network", async () => {
    const reference = "purchase_units.0.payments.captures.0.network_transaction_reference.id"
    const first = await pay(card(keeping()))
    const second = await pay({ card: { vault_id: idOf(first, "card") } })
    expect(textAt(second.body, reference)).not.toBe(textAt(first.body, reference))
  })
})

const merchant = { payment_initiator: "MERCHANT", payment_type: "UNSCHEDULED" }

describe("a vault id is refused", () => {
  test.each(["card", "paypal"])("that is unknown: %s", async (source) => {
    const refused = await pay({ [source]: { vault_id: "8kk8451t" } })
    expect([refused.status, issueOf(refused)]).toEqual([422, "INVALID_VAULT_ID"])
    expect(at(refused.body, "details.0.field")).toBe(`/payment_source/${source}/vault_id`)
  })

  test.each([
    ["capture", "CAPTURE"],
    ["authorize", "AUTHORIZE"]
  ] as const)("that is unknown, given to %s an order", async (step, intent) => {
    const { body } = await client.post(orders, orderOf(intent))
    const payment_source = { card: { vault_id: "8kk8451t" } }
    const refused = await client.post(`${orders}/${textAt(body, "id")}/${step}`, { payment_source })
    expect([refused.status, issueOf(refused)]).toEqual([422, "TOKEN_ID_NOT_FOUND"])
  })

  test("that is another merchant's", async () => {
    const id = await keepCard(clientOf(sandbox, "merchant-two"))
    expect(issueOf(await pay({ card: { vault_id: id } }))).toBe("INVALID_VAULT_ID")
    expect((await client.get(`${tokens}/${id}`)).status).toBe(404)
    await client.remove(`${tokens}/${id}`)
    const own = await pay({ card: { vault_id: id } }, clientOf(sandbox, "merchant-two"))
    expect(at(own.body, "status")).toBe("COMPLETED")
  })

  test("that is of another kind", async () => {
    const [kept, wallet] = [await keepCard(), await keepWallet()]
    for (const source of [{ paypal: { vault_id: kept } }, { card: { vault_id: wallet } }]) {
      const refused = await pay(source)
      expect([refused.status, issueOf(refused)]).toEqual([422, "MISMATCHED_VAULT_ID_TO_PAYMENT_SOURCE"])
    }
  })

  test.each([
    ["not of its form", { vault_id: "8kk8451t/x" }, 400, "INVALID_PARAMETER_SYNTAX"],
    [
      "charged once by the merchant",
      { vault_id: "x", stored_credential: { payment_initiator: "MERCHANT", payment_type: "ONE_TIME" } },
      422,
      "INCOMPATIBLE_PARAMETER_VALUE"
    ],
    [
      "charged by the merchant for the first time",
      { vault_id: "x", stored_credential: { ...merchant, usage: "FIRST" } },
      422,
      "INCOMPATIBLE_PARAMETER_VALUE"
    ],
    [
      "charged by the customer after an earlier payment",
      {
        vault_id: "x",
        stored_credential: {
          payment_initiator: "CUSTOMER",
          payment_type: "ONE_TIME",
          previous_network_transaction_reference: { id: "156GHJ654SFH543" }
        }
      },
      422,
      "INCOMPATIBLE_PARAMETER_VALUE"
    ],
    [
      "with a code that the merchant cannot have",
      { vault_id: "x", security_code: "123", stored_credential: merchant },
      422,
      "MERCHANT_INITIATED_WITH_SECURITY_CODE"
    ],
    [
      "without a reason",
      { vault_id: "x", stored_credential: { payment_initiator: "MERCHANT" } },
      400,
      "MISSING_REQUIRED_PARAMETER"
    ]
  ])("%s", async (_name, of, status, issue) => {
    const refused = await pay({ card: of })
    expect([refused.status, issueOf(refused)]).toEqual([status, issue])
  })
})

describe("kept payment sources", () => {
  test("are read, listed by customer, and deleted", async () => {
    const [first, second] = [await keepCard(), await keepWallet()]
    await keepCard(client, {}, "CUSTOMER_8")
    expect((await client.get(`${tokens}/${first}`)).body).toMatchObject({
      id: first,
      customer: { id: "CUSTOMER_7" },
      payment_source: { card: { last_digits: "1881", brand: "VISA", expiry: "2040-12", name: "Pat Ayer" } }
    })
    const { body } = await client.get(`${tokens}?customer_id=CUSTOMER_7`)
    expect(body).toMatchObject({
      customer: { id: "CUSTOMER_7" },
      payment_tokens: [{ id: first }, { id: second, payment_source: { paypal: { account_id: "QYR5Z8XDVJNXQ" } } }]
    })
    expect((await client.remove(`${tokens}/${first}`)).status).toBe(204)
    expect((await client.remove(`${tokens}/${first}`)).status).toBe(204)
    expect((await client.get(`${tokens}/${first}`)).status).toBe(404)
    expect(issueOf(await pay({ card: { vault_id: first } }))).toBe("INVALID_VAULT_ID")
    expect(at((await pay({ paypal: { vault_id: second } })).body, "status")).toBe("COMPLETED")
  })

  test("are not listed without a customer", async () => {
    const refused = await client.get(tokens)
    expect([refused.status, issueOf(refused)]).toEqual([400, "MISSING_REQUIRED_PARAMETER"])
  })

  test("are under no other version", async () => {
    expect((await client.get("/v2/vault/payment-tokens/8kk8451t")).status).toBe(404)
    expect((await client.get("/v3/checkout/orders/5O190127TN364715T")).status).toBe(404)
  })

  test("are forgotten with all else", async () => {
    const id = await keepCard()
    sandbox.reset()
    expect(issueOf(await pay({ card: { vault_id: id } }))).toBe("INVALID_VAULT_ID")
  })
})
