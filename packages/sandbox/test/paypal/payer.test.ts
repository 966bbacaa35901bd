import { describe, expect, test } from "vitest"
import { at, sandboxForTests, textAt } from "../client.ts"
import {
  blik,
  card,
  choose,
  clientOf,
  experience,
  instructed,
  issueOf,
  networkToken,
  orderOf,
  orders,
  paymentIn,
  send,
  typed,
  wallet
} from "./client.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)
const open = async (body: object) => {
  const got = await client.post(orders, body)
  return { id: textAt(got.body, "id"), body: got.body }
}
const links = (body: unknown): ReadonlyArray<unknown> => {
  const found = at(body, "links")
  return Array.isArray(found) ? found.map((link) => at(link, "rel")) : []
}
const statusOf = async (id: string) => (await client.get(`${orders}/${id}`)).body.status
const taken = () => sandbox.ledger().captures.map(({ amount }) => amount)

describe("a wallet", () => {
  // Statuses and links: order_status and the links of an order in checkout_orders_v2.json.
  test.each([
    ["an order without a source", undefined, "CREATED", "approve"],
    ["an order for the wallet", wallet, "PAYER_ACTION_REQUIRED", "payer-action"]
  ])("%s waits for the payer", async (_name, source, status, rel) => {
    const { id, body } = await open(orderOf("CAPTURE", source))
    expect(body.status).toBe(status)
    expect(links(body)).toContain(rel)
    const early = await client.post(`${orders}/${id}/capture`)
    expect([early.status, issueOf(early)]).toEqual([422, "ORDER_NOT_APPROVED"])
  })

  test("is approved on a page, and then captured once", async () => {
    const { id, body } = await open(orderOf("CAPTURE", wallet))
    const page = await fetch(textAt(body, "links.1.href"))
    expect(page.headers.get("content-type")).toContain("text/html")
    expect((await page.text()).match(/<form method="post"/g)).toHaveLength(4)
    const back = await choose(sandbox, id, "approve")
    const url = new URL(back.headers.get("location") ?? "none:")
    expect([back.status, url.origin, url.searchParams.get("cart")]).toEqual([303, "https://shop.example", "7"])
    // developer.paypal.com: a payer comes back with the order's id as token, and a PayerID.
    expect(url.searchParams.get("token")).toBe(id)
    expect(url.searchParams.get("PayerID")).toMatch(/^[2-9A-HJ-NP-Z]{13}$/)
    expect(await statusOf(id)).toBe("APPROVED")
    expect(taken()).toEqual([])
    const paid = await client.post(`${orders}/${id}/capture`)
    expect(paid.body).toMatchObject({ status: "COMPLETED", payer: { payer_id: url.searchParams.get("PayerID") } })
    expect(paymentIn(paid.body, "captures", "status")).toBe("COMPLETED")
    expect(issueOf(await client.post(`${orders}/${id}/capture`))).toBe("ORDER_ALREADY_CAPTURED")
    expect(taken()).toEqual([1000])
    expect((await send(sandbox, "GET", `/checkoutnow?token=${id}`, {})).status).toBe(410)
  })

  test("is authorized once", async () => {
    const { id } = await open(orderOf("AUTHORIZE", wallet))
    await choose(sandbox, id, "approve")
    expect(issueOf(await client.post(`${orders}/${id}/capture`))).toBe("INCOMPATIBLE_PARAMETER_VALUE")
    const held = await client.post(`${orders}/${id}/authorize`)
    expect(paymentIn(held.body, "authorizations", "status")).toBe("CREATED")
    expect(issueOf(await client.post(`${orders}/${id}/authorize`))).toBe("ORDER_ALREADY_AUTHORIZED")
    expect(sandbox.ledger().authorizations).toMatchObject([{ amount: 1000, payment_id: id }])
  })

  test("that cancels goes to the cancel URL, and can come back", async () => {
    const { id } = await open(orderOf("CAPTURE", wallet))
    const back = await choose(sandbox, id, "cancel")
    expect([back.status, back.headers.get("location")]).toEqual([303, `https://shop.example/cancel?token=${id}`])
    expect(await statusOf(id)).toBe("PAYER_ACTION_REQUIRED")
    await choose(sandbox, id, "approve")
    expect(await statusOf(id)).toBe("APPROVED")
  })

  // A reply recorded by others: INSTRUMENT_DECLINED with a link `redirect` to checkoutnow.
  test("whose instrument is declined may choose another", async () => {
    const { id } = await open(orderOf("CAPTURE", wallet))
    await choose(sandbox, id, "approve-declined")
    const declined = await client.post(`${orders}/${id}/capture`)
    expect([declined.status, issueOf(declined)]).toEqual([422, "INSTRUMENT_DECLINED"])
    expect(links(declined.body)).toContain("redirect")
    expect(taken()).toEqual([])
    await choose(sandbox, id, "approve")
    expect((await client.post(`${orders}/${id}/capture`)).body).toMatchObject({ status: "COMPLETED" })
    expect(taken()).toEqual([1000])
  })

  // capture_status and its details in payments_payment_v2.json: PENDING for an ECHECK.
  test("that pays by eCheck leaves the capture pending until it clears", async () => {
    const { id } = await open(orderOf("CAPTURE", wallet))
    await choose(sandbox, id, "approve-echeck")
    const { body } = await client.post(`${orders}/${id}/capture`)
    const path = `/v2/payments/captures/${paymentIn(body, "captures")}`
    expect(paymentIn(body, "captures", "status")).toBe("PENDING")
    expect(issueOf(await client.post(`${path}/refund`))).toBe("PENDING_CAPTURE")
    expect(taken()).toEqual([])
    expect((await client.get(path)).body).toMatchObject({ status: "PENDING", status_details: { reason: "ECHECK" } })
    expect((await client.get(path)).body).toMatchObject({ status: "COMPLETED" })
    expect(taken()).toEqual([1000])
  })
})

// developer.paypal.com/docs/checkout/apm/ideal/orders-api: the capture of a bank payment needs no call.
test.each(["ideal", "bancontact"])("%s is captured when the payer pays", async (type) => {
  const source = { [type]: { name: "Pat Ayer", country_code: "NL", experience_context: experience } }
  expect(issueOf(await client.post(orders, orderOf("CAPTURE", source)))).toBe("ORDER_COMPLETE_ON_PAYMENT_APPROVAL")
  const { id, body } = await open(orderOf("CAPTURE", source, {}, instructed))
  expect(body.status).toBe("PAYER_ACTION_REQUIRED")
  const back = await choose(sandbox, id, "approve")
  expect(back.headers.get("location")).toBe(`https://shop.example/back?cart=7&token=${id}`)
  const read = await client.get(`${orders}/${id}`)
  expect([read.body.status, paymentIn(read.body, "captures", "status")]).toEqual(["COMPLETED", "COMPLETED"])
  expect(taken()).toEqual([1000])
})

describe("BLIK", () => {
  // developer.paypal.com/api/orders-v2/blik: the order is captured without a call.
  test("without a code takes the payer to a page", async () => {
    expect(issueOf(await client.post(orders, orderOf("CAPTURE", blik())))).toBe("ORDER_COMPLETE_ON_PAYMENT_APPROVAL")
    const { id, body } = await open(orderOf("CAPTURE", blik(), {}, instructed))
    expect(body).toMatchObject({ status: "PAYER_ACTION_REQUIRED", payment_source: { blik: { country_code: "PL" } } })
    expect(links(body)).toEqual(["self", "payer-action"])
    const back = await choose(sandbox, id, "approve")
    expect(back.headers.get("location")).toBe(`https://shop.example/back?cart=7&token=${id}`)
    expect(await statusOf(id)).toBe("COMPLETED")
    expect(taken()).toEqual([1000])
  })

  // developer.paypal.com/beta/apm-beta/blik-seamless: the payer stays on the shop's page.
  test("with a code asks in the bank's app, and sends nobody anywhere", async () => {
    const { id, body } = await open(orderOf("CAPTURE", blik(typed), {}, instructed))
    expect([body.status, links(body)]).toEqual(["PAYER_ACTION_REQUIRED", ["self"]])
    expect(JSON.stringify(body)).not.toContain("777123")
    expect((await client.post(`${orders}/${id}/capture`)).status).toBe(422)
    expect((await send(sandbox, "GET", `/checkoutnow?token=${id}`, {})).status).toBe(200)
    expect((await choose(sandbox, id, "cancel")).headers.get("location")).toBeNull()
    expect([await statusOf(id), taken()]).toEqual(["PAYER_ACTION_REQUIRED", []])
    const confirmed = await choose(sandbox, id, "approve")
    expect([confirmed.status, confirmed.headers.get("location")]).toEqual([200, null])
    await choose(sandbox, id, "approve")
    const read = await client.get(`${orders}/${id}`)
    expect([read.body.status, paymentIn(read.body, "captures", "status")]).toEqual(["COMPLETED", "COMPLETED"])
    expect(taken()).toEqual([1000])
  })

  // blik_seamless in checkout_orders_v2.json: six digits.
  test.each([
    ["five digits", { auth_code: "77712" }, "INVALID_STRING_LENGTH"],
    ["seven digits", { auth_code: "7771234" }, "INVALID_STRING_LENGTH"],
    ["a letter", { auth_code: "77712a" }, "INVALID_PARAMETER_SYNTAX"],
    ["no code", {}, "MISSING_REQUIRED_PARAMETER"]
  ])("with %s is refused", async (_name, level_0, issue) => {
    const refused = await client.post(orders, orderOf("CAPTURE", blik({ level_0 }), {}, instructed))
    expect([refused.status, issueOf(refused)]).toEqual([400, issue])
    expect(at(refused.body, "details.0.field")).toBe("/payment_source/blik/level_0/auth_code")
  })

  test("by one click is not offered here", async () => {
    const one_click = { consumer_reference: "pat-1" }
    const refused = await client.post(orders, orderOf("CAPTURE", blik({ one_click }), {}, instructed))
    expect([refused.status, issueOf(refused)]).toEqual([400, "NOT_SUPPORTED"])
  })
})

describe("a network token", () => {
  test("pays at once", async () => {
    const { body } = await open(orderOf("CAPTURE", networkToken()))
    expect(body).toMatchObject({
      status: "COMPLETED",
      payment_source: { card: { last_digits: "1881", brand: "VISA" } },
      purchase_units: [{ payments: { captures: [{ status: "COMPLETED" }] } }]
    })
    expect(JSON.stringify(body)).not.toContain("4012888888881881")
    expect(taken()).toEqual([1000])
  })

  test("is authorized, and can be declined", async () => {
    const held = await open(orderOf("AUTHORIZE", networkToken()))
    expect(paymentIn(held.body, "authorizations", "status")).toBe("CREATED")
    // developer.paypal.com/tools/sandbox/card-testing
    const source = { card: { ...networkToken().card, name: "CCREJECT-REFUSED" } }
    const declined = await open(orderOf("CAPTURE", source))
    expect(paymentIn(declined.body, "captures", "status")).toBe("DECLINED")
    expect(taken()).toEqual([])
  })

  // network_token_request in checkout_orders_v2.json.
  test.each([
    ["no expiry", { expiry: undefined }, "MISSING_REQUIRED_PARAMETER", "expiry"],
    ["a short cryptogram", { cryptogram: "AgAAAA==" }, "INVALID_STRING_LENGTH", "cryptogram"],
    ["an ECI of its own", { eci_flag: "05" }, "INVALID_PARAMETER_VALUE", "eci_flag"]
  ])("with %s is refused", async (_name, more, issue, field) => {
    const refused = await client.post(orders, orderOf("CAPTURE", networkToken(more)))
    expect([refused.status, issueOf(refused)]).toEqual([400, issue])
    expect(at(refused.body, "details.0.field")).toBe(`/payment_source/card/network_token/${field}`)
  })
})

describe("a card", () => {
  test("pays at once", async () => {
    const { body } = await open(orderOf("CAPTURE", card()))
    expect(body).toMatchObject({
      status: "COMPLETED",
      payment_source: { card: { last_digits: "1881", brand: "VISA" } },
      purchase_units: [{ payments: { captures: [{ status: "COMPLETED", processor_response: { cvv_code: "M" } }] } }]
    })
    expect(JSON.stringify(body)).not.toContain("4012888888881881")
  })

  test("pays an order made without it", async () => {
    const { id } = await open(orderOf("AUTHORIZE"))
    const { body } = await client.post(`${orders}/${id}/authorize`, { payment_source: card() })
    expect(paymentIn(body, "authorizations", "status")).toBe("CREATED")
  })

  // developer.paypal.com/tools/sandbox/card-testing: triggers, response codes, AVS code G and CVV code P.
  test.each([
    ["CCREJECT-REFUSED", "0500"],
    ["CCREJECT-SF", "9500"],
    ["CCREJECT-EC", "5400"],
    ["CCREJECT-IRC", "5180"],
    ["CCREJECT-IF", "5120"],
    ["CCREJECT-LS", "9520"],
    ["CCREJECT-IA", "1330"],
    ["CCREJECT-BANK_ERROR", "5100"],
    ["CCREJECT-CVV_F", "00N7"]
  ])("of %s is declined with %s", async (name, response_code) => {
    const { body } = await open(orderOf("CAPTURE", card({ name })))
    expect(body).toMatchObject({
      status: "COMPLETED",
      purchase_units: [
        {
          payments: {
            captures: [{ status: "DECLINED", processor_response: { avs_code: "G", cvv_code: "P", response_code } }]
          }
        }
      ]
    })
    expect(taken()).toEqual([])
  })

  // developer.paypal.com, "3D Secure: Orders API": a single-step request answers 201, a multi-step request 422.
  test("that must ask the payer waits for 3-D Secure, and is then captured", async () => {
    const verification = { attributes: { verification: { method: "SCA_ALWAYS" } }, experience_context: experience }
    const { id, body } = await open(orderOf("CAPTURE", card(verification)))
    expect(body.status).toBe("PAYER_ACTION_REQUIRED")
    expect(links(body)).toContain("payer-action")
    expect(issueOf(await client.post(`${orders}/${id}/capture`))).toBe("ORDER_NOT_APPROVED")
    const back = await choose(sandbox, id, "complete")
    expect(back.headers.get("location")).toBe(`https://shop.example/back?cart=7&token=${id}`)
    expect(taken()).toEqual([])
    expect((await client.post(`${orders}/${id}/capture`)).body).toMatchObject({
      status: "COMPLETED",
      payment_source: { card: { authentication_result: { liability_shift: "POSSIBLE" } } }
    })
    expect(taken()).toEqual([1000])
  })

  test("given with the capture answers 422 when it must ask the payer", async () => {
    const { id } = await open(orderOf("CAPTURE"))
    const got = await client.post(`${orders}/${id}/capture`, { payment_source: card({ number: "4868719460707704" }) })
    expect([got.status, issueOf(got)]).toEqual([422, "PAYER_ACTION_REQUIRED"])
    await choose(sandbox, id, "fail")
    expect(at((await client.get(`${orders}/${id}`)).body, "payment_source.card.authentication_result")).toEqual({
      liability_shift: "NO",
      three_d_secure: { enrollment_status: "Y", authentication_status: "N" }
    })
    expect(taken()).toEqual([])
  })

  // developer.paypal.com, "3D Secure test scenarios" (2023-09 for the first three, 2026-06 for the others).
  test.each([
    ["4868719460707704", true, "POSSIBLE", "Y", "Y"],
    ["4868719115514992", true, "UNKNOWN", "Y", "U"],
    ["4868719796782421", true, "NO", "Y", "N"],
    ["4868719196829038", false, "POSSIBLE", "Y", "Y"],
    ["5329879769571910", false, "NO", "Y", "N"],
    ["4868719581920723", false, "POSSIBLE", "Y", "A"],
    ["4868719033482561", false, "NO", "Y", "U"],
    ["4868719081564153", false, "NO", "Y", "R"]
  ])("%s: asks the payer %s, and liability shifts %s", async (number, asks, liability, enrollment, status) => {
    const { id, body } = await open(orderOf("CAPTURE", card({ number, experience_context: experience })))
    expect(body.status).toBe(asks ? "PAYER_ACTION_REQUIRED" : "COMPLETED")
    if (asks) await choose(sandbox, id, "complete")
    expect(at((await client.get(`${orders}/${id}`)).body, "payment_source.card.authentication_result")).toEqual({
      liability_shift: liability,
      three_d_secure: { enrollment_status: enrollment, authentication_status: status }
    })
  })
})

test("a page of no order is not there, and one without an answer says so", async () => {
  const { id } = await open(orderOf("CAPTURE", wallet))
  expect((await send(sandbox, "GET", "/checkoutnow?token=none", {})).status).toBe(404)
  expect((await choose(sandbox, id, "perhaps")).status).toBe(400)
})
