import { describe, expect, test } from "vitest"
import { Tokens } from "../../src/paypal/Tokens.ts"
import { at, sandboxForTests, textAt } from "../client.ts"
import {
  askToken,
  card,
  choose,
  clientOf,
  euros,
  hold,
  issueOf,
  orderOf,
  orders,
  send,
  take,
  wallet
} from "./client.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)
const key = (value: string) => ({ "paypal-request-id": value })
const taken = () => sandbox.ledger().captures.length
const readOrder = (token: string) =>
  send(sandbox, "GET", `${orders}/5O190127TN364715T`, { authorization: `Bearer ${token}` })

describe("tokens", () => {
  // developer.paypal.com/api/rest/authentication, and the rate limiting guideline of Pix: typically nine hours.
  test("are issued for client credentials", async () => {
    const { status, body } = await askToken(sandbox, "id", "secret")
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: "Bearer", expires_in: 32_400 })
    for (const name of ["access_token", "app_id", "nonce", "scope"]) expect(textAt(body, name)).not.toBe("")
  })

  // github.com/paypal/PayPal-PHP-SDK/issues/916 has the reply to wrong credentials; RFC 6749, 5.2, that to other grants.
  test.each([
    ["a wrong secret", "wrong", "grant_type=client_credentials", 401, "invalid_client"],
    ["no secret", "", "grant_type=client_credentials", 401, "invalid_client"],
    ["another grant", "secret", "grant_type=password", 400, "unsupported_grant_type"],
    ["no grant", "secret", "", 400, "unsupported_grant_type"]
  ])("are not issued for %s", async (_name, secret, body, status, error) => {
    const got = await askToken(sandbox, "id", secret, body)
    expect([got.status, got.body.error]).toEqual([status, error])
  })

  test("of another making are refused", async () => {
    expect((await readOrder(await client.token())).status).toBe(404)
    const foreign = await readOrder("A21AAforeign")
    expect([foreign.status, foreign.body.error]).toEqual([401, "invalid_token"])
    const without = await send(sandbox, "GET", `${orders}/5O190127TN364715T`, {})
    expect([without.status, without.body.name]).toEqual([401, "AUTHENTICATION_FAILURE"])
  })

  test("are refused once all are revoked, and new ones are good", async () => {
    const token = await client.token()
    expect((await send(sandbox, "POST", "/_test/revoke", {})).status).toBe(204)
    expect((await readOrder(token)).status).toBe(401)
    expect((await readOrder(await client.token())).status).toBe(404)
  })

  test("outlive a reset", async () => {
    const token = await client.token()
    sandbox.reset()
    expect((await readOrder(token)).status).toBe(404)
  })

  test("of a short-lived client live for a second", async () => {
    const told = await askToken(sandbox, "short", "secret")
    expect(told.body.expires_in).toBe(1)
    const tokens = new Tokens()
    const authorization = `Basic ${Buffer.from("short:secret").toString("base64")}`
    const body = "grant_type=client_credentials"
    const call = { method: "POST", path: "/v1/oauth2/token", query: "", headers: { authorization }, body, origin: "" }
    const before = Date.now()
    const token = textAt(JSON.parse(tokens.issue(call).body), "access_token")
    expect(tokens.clientOf(token, before + 999)).toBe("short")
    expect(tokens.clientOf(token, Date.now() + 1000)).toBeUndefined()
  })

  test("asked for are among the requests", async () => {
    await client.token()
    expect(sandbox.ledger().requests).toMatchObject([{ method: "POST", path: "/paypal/v1/oauth2/token", status: 200 }])
  })
})

describe("PayPal-Request-Id", () => {
  // checkout_orders_v2.json, 400: PAYPAL_REQUEST_ID_REQUIRED.
  test("is required where an order is paid for", async () => {
    const got = await client.post(orders, orderOf("CAPTURE", card()), key(""))
    expect([got.status, issueOf(got)]).toEqual([400, "PAYPAL_REQUEST_ID_REQUIRED"])
    expect((await client.post(orders, orderOf("CAPTURE"), key(""))).status).toBe(201)
  })

  // checkout_orders_v2.json: 201 and, for an idempotent request, 200. payments_payment_v2.json publishes 201 alone.
  test("repeated makes nothing again", async () => {
    const pay = () => client.post(orders, orderOf("CAPTURE", card()), key("k"))
    const [first, second] = [await pay(), await pay()]
    expect([first.status, second.status]).toEqual([201, 200])
    expect(second.body.id).toBe(first.body.id)
    const refund = () =>
      client.post(
        `/v2/payments/captures/${textAt(first.body, "purchase_units.0.payments.captures.0.id")}/refund`,
        euros("1.00"),
        key("k")
      )
    const [one, two] = [await refund(), await refund()]
    expect([one.status, two.status, two.body.id]).toEqual([201, 201, one.body.id])
    expect(sandbox.ledger()).toMatchObject({ captures: [{}], refunds: [{}] })
    const writes = sandbox.ledger().requests.filter(({ path }) => path.includes("/v2/"))
    expect(writes.map(({ replayed }) => replayed)).toEqual([false, true, false, true])
  })

  // developer.paypal.com/reference/guidelines/idempotency: "the latest status of the previous request".
  test("repeated tells how things stand now", async () => {
    const create = () => client.post(orders, orderOf("CAPTURE", wallet), key("k"))
    const id = textAt((await create()).body, "id")
    await choose(sandbox, id, "approve")
    expect((await create()).body).toMatchObject({ id, status: "APPROVED" })
  })

  // The same page tells of no conflict: the earlier request is what is answered.
  test("repeated with other content makes nothing either", async () => {
    const first = await client.post(orders, orderOf("CAPTURE", card()), key("k"))
    const second = await client.post(orders, orderOf("CAPTURE", card(), euros("20.00")), key("k"))
    expect([second.status, second.body.id]).toEqual([200, first.body.id])
    expect(sandbox.ledger().captures.map(({ amount }) => amount)).toEqual([1000])
  })

  test("belongs to an account", async () => {
    const first = await client.post(orders, orderOf("CAPTURE", card()), key("k"))
    const other = await clientOf(sandbox, "merchant-two").post(orders, orderOf("CAPTURE", card()), key("k"))
    expect([other.status, other.body.id === first.body.id]).toEqual([201, false])
  })

  test("of a refused request is free", async () => {
    expect((await client.post(orders, orderOf("CAPTURE", undefined, euros("0")), key("k"))).status).toBe(422)
    expect((await client.post(orders, orderOf("CAPTURE"), key("k"))).status).toBe(201)
  })

  // payments_payment_v2.json, 409.
  test("in use answers that the earlier request is in progress", async () => {
    const id = await hold(client)
    await sandbox.setFaults({ kind: "delay", path: "/capture$", count: 1, milliseconds: 300 })
    const capture = () => client.post(`/v2/payments/authorizations/${id}/capture`, {}, key("k"))
    const both = await Promise.all([capture(), capture()])
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409])
    const refused = both.find(({ status }) => status === 409)
    expect(at(refused?.body, "details.0.issue")).toBe("PREVIOUS_REQUEST_IN_PROGRESS")
    expect(taken()).toBe(1)
  })
})

// checkout_orders_v2.json, Prefer: a minimal response has the id, the status and the links.
test("only what is preferred is told", async () => {
  const minimal = await client.post(orders, orderOf("CAPTURE", card()), { prefer: "return=minimal" })
  expect(Object.keys(minimal.body).toSorted()).toEqual(["id", "links", "status"])
  const unsaid = await client.post(orders, orderOf("CAPTURE", card()), { prefer: "" })
  expect(Object.keys(unsaid.body).toSorted()).toEqual(["id", "links", "status"])
})

// developer.paypal.com/tools/sandbox/negative-testing/request-headers: the header, its example, and unknown values.
test("PayPal-Mock-Response asks for a refusal", async () => {
  const mock = (code: string) => ({ "paypal-mock-response": `{"mock_application_codes": "${code}"}` })
  const refused = await client.post(orders, orderOf("CAPTURE", card()), mock("DUPLICATE_INVOICE_ID"))
  expect([refused.status, refused.body.name, issueOf(refused)]).toEqual([
    422,
    "UNPROCESSABLE_ENTITY",
    "DUPLICATE_INVOICE_ID"
  ])
  expect((await client.post(orders, orderOf("CAPTURE"), mock("INTERNAL_SERVER_ERROR"))).status).toBe(500)
  expect(taken()).toBe(0)
  expect((await client.post(orders, orderOf("CAPTURE", card()), mock("NO_SUCH_CODE"))).status).toBe(201)
})

describe("faults", () => {
  const pay = () => client.post(orders, orderOf("CAPTURE", card()), key("k"))
  const path = "/paypal/v2/checkout/orders"

  test("429 has the published name and says when to come back", async () => {
    await sandbox.setFaults({ kind: "429", path, count: 1, retry_after: 7 })
    const got = await pay()
    expect([got.status, got.body.name, got.headers.get("retry-after")]).toEqual([429, "RATE_LIMIT_REACHED", "7"])
    expect(taken()).toBe(0)
  })

  // The idempotency guidelines: a 5xx may be sent again, and is answered with what became of the first.
  test.each([
    ["500_before", 0, 201],
    ["500_after", 1, 200],
    ["503_after", 1, 200]
  ] as const)("%s, and the key again", async (kind, captures, again) => {
    await sandbox.setFaults({ kind, path, count: 1 })
    expect((await pay()).status).toBeGreaterThanOrEqual(500)
    expect(taken()).toBe(captures)
    expect((await pay()).status).toBe(again)
    expect(taken()).toBe(1)
  })

  test("500_before has the published name", async () => {
    await sandbox.setFaults({ kind: "500_before", path, count: 1 })
    expect((await pay()).body.name).toBe("INTERNAL_SERVER_ERROR")
  })

  test("a token may be late or refused too", async () => {
    await sandbox.setFaults({ kind: "500_before", path: "/paypal/v1/oauth2", count: 1 })
    expect((await askToken(sandbox, "id", "secret")).status).toBe(500)
  })

  test("wrong_amount takes another amount than was asked for", async () => {
    await sandbox.setFaults({ kind: "wrong_amount", path, count: 1, by: -100 })
    const { body } = await pay()
    expect(at(body, "purchase_units.0.payments.captures.0.amount.value")).toBe("9.00")
    const held = await hold(client)
    await sandbox.setFaults([
      { kind: "wrong_amount", path: "/capture$", count: 1, by: 5 },
      { kind: "wrong_amount", path: "/refund$", count: 1, by: 7 }
    ])
    const captured = await client.post(`/v2/payments/authorizations/${held}/capture`, euros("5.00"))
    expect(at(captured.body, "amount.value")).toBe("5.05")
    const refunded = await client.post(`/v2/payments/captures/${await take(client)}/refund`, euros("1.00"))
    expect(at(refunded.body, "amount.value")).toBe("1.07")
    expect(sandbox.ledger()).toMatchObject({
      captures: [{ amount: 900 }, { amount: 505 }, { amount: 1000 }],
      refunds: [{ amount: 107 }]
    })
  })
})
