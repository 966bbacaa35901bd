import { expect, test } from "vitest"
import { at, clientOf, type Fields, sandboxForTests, textAt } from "../client.ts"
import { byToken, intents } from "./local.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)

const card = (number: string, more: Fields = {}): Fields => ({
  "card[number]": number,
  "card[exp_month]": "8",
  "card[exp_year]": "2040",
  ...more
})
const device = (method: string, number = "4242424242424242"): Fields =>
  card(number, {
    "card[cryptogram]": "AgAAAAAABk4DWZ4C28yUQAAAAAA=",
    "card[eci]": "07",
    "card[tokenization_method]": method
  })
const trade = async (fields: Fields) => textAt((await client.post("/v1/tokens", fields)).body, "id")
const pay = (token: string, more: Fields = {}) => client.post(intents, byToken(token, more))

// docs.stripe.com/api/tokens/object; docs.stripe.com/api/payment_methods/object, card.wallet
test.each([
  ["apple_pay", "apple_pay"],
  ["android_pay", "google_pay"]
])("a number of %s pays as one of %s, once", async (method, wallet) => {
  const made = await client.post("/v1/tokens", device(method))
  expect(made.body).toMatchObject({
    object: "token",
    type: "card",
    used: false,
    card: { object: "card", brand: "Visa", last4: "4242", tokenization_method: method }
  })
  const token = textAt(made.body, "id")
  const paid = await pay(token, { "expand[]": "latest_charge" })
  expect(paid.body).toMatchObject({
    status: "succeeded",
    latest_charge: { payment_method_details: { card: { last4: "4242", wallet: { type: wallet, [wallet]: {} } } } }
  })
  expect((await client.get(`/v1/tokens/${token}`)).body).toMatchObject({ used: true })
  const again = await pay(token)
  expect([again.status, at(again.body, "error.code")]).toEqual([400, "token_already_used"])
  expect(sandbox.ledger().captures).toHaveLength(1)
})

test("Apple's own token pays as a test card", async () => {
  const token = await trade({
    pk_token: '{"version":"EC_v1","data":"made up"}',
    pk_token_instrument_name: "Visa 1234",
    pk_token_payment_network: "Visa",
    pk_token_transaction_id: "f2a1"
  })
  const paid = await pay(token, { "expand[]": "latest_charge" })
  expect(at(paid.body, "latest_charge.payment_method_details.card")).toMatchObject({ wallet: { type: "apple_pay" } })
})

// stripe-ios: the transaction id that its simulator's token is given
test("the number in a simulator's transaction id counts", async () => {
  const fields = { pk_token: "{}", pk_token_transaction_id: "ApplePayStubs~4000000000000002~0~USD~1" }
  const declined = await pay(await trade(fields))
  expect([declined.status, at(declined.body, "error.decline_code")]).toEqual([402, "generic_decline"])
})

test("a plain card's token keeps what there is to check", async () => {
  const token = await trade(card("4000000000000101", { "card[cvc]": "123" }))
  const { body } = await pay(token, {
    "payment_method_data[billing_details][address][postal_code]": "10115",
    "expand[]": "latest_charge"
  })
  expect(at(body, "latest_charge.payment_method_details.card")).toMatchObject({
    checks: { cvc_check: "fail", address_postal_code_check: "pass" },
    wallet: null
  })
})

test("a token is one account's own", async () => {
  const token = await trade(device("apple_pay"))
  const other = await clientOf(sandbox, "sk_test_other").post(intents, byToken(token))
  expect([other.status, at(other.body, "error.code")]).toEqual([400, "resource_missing"])
})

test("a token that is traded twice under one key is the same", async () => {
  const key = { "idempotency-key": "k" }
  const first = await client.post("/v1/tokens", device("apple_pay"), key)
  expect((await client.post("/v1/tokens", device("apple_pay"), key)).text).toBe(first.text)
})

test("the documented names of tokens go on working", async () => {
  expect((await pay("tok_visa")).body).toMatchObject({ status: "succeeded" })
})

test.each([
  ["nothing", {}, 400, "parameter_missing", "card"],
  ["no number", { "card[exp_month]": "8", "card[exp_year]": "2040" }, 400, "parameter_missing", "card[number]"],
  ["a wrong number", card("4242424242424241"), 402, "incorrect_number", "number"],
  [
    "a wallet's number without its cryptogram",
    card("4242424242424242", { "card[tokenization_method]": "apple_pay" }),
    400,
    "parameter_missing",
    "card[cryptogram]"
  ],
  ["a token that is none", { pk_token: "EC_v1" }, 400, undefined, "pk_token"],
  ["a misspelt part", { "card[cryptogramm]": "x" }, 400, "parameter_unknown", "card[cryptogramm]"]
] as const)("%s is refused", async (_name, fields: Fields, status, code, param) => {
  const got = await client.post("/v1/tokens", fields)
  expect([got.status, at(got.body, "error.code"), at(got.body, "error.param")]).toEqual([status, code, param])
})
