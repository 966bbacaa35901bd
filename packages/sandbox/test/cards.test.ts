import { describe, expect, test } from "vitest"
import { at, cardPayment, clientOf, type Fields, goodCard, sandboxForTests, textAt } from "./client.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)
const intents = "/v1/payment_intents"
const pay = (number: string, more: Fields = {}) => client.post(intents, cardPayment(number, more))
const none = undefined

// docs.stripe.com/testing, "Cards by brand".
test.each([
  [goodCard, "visa"],
  ["5555555555554444", "mastercard"],
  ["2223003122003222", "mastercard"],
  ["378282246310005", "amex"],
  ["6011111111111117", "discover"],
  ["3056930009020004", "diners"],
  ["36227206271667", "diners"],
  ["3566002020360505", "jcb"],
  ["6200000000000005", "unionpay"]
])("%s pays as %s", async (number, brand) => {
  const { body } = await pay(number, { "expand[]": "latest_charge" })
  expect(body).toMatchObject({
    status: "succeeded",
    latest_charge: {
      paid: true,
      outcome: { network_status: "approved_by_network", type: "authorized" },
      payment_method_details: {
        card: { brand, last4: number.slice(-4), network_transaction_id: expect.stringMatching(/^\d{15}$/) }
      }
    }
  })
})

// docs.stripe.com/testing, "Declined payments" and "Fraud prevention"; there "n/a" stands for no decline code.
test.each([
  ["4000000000000002", "card_declined", "generic_decline"],
  ["4000000000009995", "card_declined", "insufficient_funds"],
  ["4000000000009987", "card_declined", "lost_card"],
  ["4000000000009979", "card_declined", "stolen_card"],
  ["4000000000000069", "expired_card", none],
  ["4000000000000127", "incorrect_cvc", none],
  ["4000000000000119", "processing_error", none],
  ["4000000000006975", "card_declined", "card_velocity_exceeded"],
  ["4100000000000019", "card_declined", "fraudulent"]
])("%s is declined: %s %s", async (number, code, decline) => {
  const { status, body } = await pay(number)
  expect([status, at(body, "error.type")]).toEqual([402, "card_error"])
  for (const place of ["error", "error.payment_intent.last_payment_error"]) {
    expect([at(body, `${place}.code`), at(body, `${place}.decline_code`)]).toEqual([code, decline])
    expect(textAt(body, `${place}.charge`)).toMatch(/^ch_/)
  }
  expect(at(body, "error.payment_intent")).toMatchObject({
    status: "requires_payment_method",
    payment_method: null,
    amount_received: 0
  })
  const charge = await client.get(`/v1/charges/${textAt(body, "error.charge")}`)
  expect(charge.body).toMatchObject({ status: "failed", paid: false, failure_code: code, amount_captured: 0 })
  expect(sandbox.ledger().authorizations).toEqual([])
})

test("each decline has its documented payment method id", async () => {
  for (const [id, decline] of [
    ["pm_card_visa_chargeDeclined", "generic_decline"],
    ["pm_card_visa_chargeDeclinedLostCard", "lost_card"],
    ["pm_card_visa_chargeDeclinedStolenCard", "stolen_card"],
    ["pm_card_visa_chargeDeclinedVelocityLimitExceeded", "card_velocity_exceeded"]
  ] as const) {
    const { body } = await client.post(intents, {
      amount: "1000",
      currency: "usd",
      confirm: "true",
      "payment_method_types[]": "card",
      payment_method: id
    })
    expect(at(body, "error.decline_code")).toBe(decline)
  }
})

test("a declined payment can be tried again with another card", async () => {
  const declined = await pay("4000000000000002")
  const id = textAt(declined.body, "error.payment_intent.id")
  const again = await client.post(`${intents}/${id}/confirm`, { payment_method: "pm_card_visa" })
  expect(again.body).toMatchObject({ id, status: "succeeded", last_payment_error: null })
})

// docs.stripe.com/testing, "Invalid data".
test.each([
  ["4242424242424241", {}, "incorrect_number"],
  [goodCard, { "payment_method_data[card][exp_month]": "13" }, "invalid_expiry_month"],
  [goodCard, { "payment_method_data[card][exp_year]": "2020" }, "invalid_expiry_year"],
  [goodCard, { "payment_method_data[card][cvc]": "99" }, "invalid_cvc"]
])("%s with %o is refused as %s", async (number, more, code) => {
  const { status, body } = await pay(number, more)
  expect([status, at(body, "error.type"), at(body, "error.code")]).toEqual([402, "card_error", code])
})

// docs.stripe.com/testing, "Fraud prevention": a check can fail only when there is something to check.
test.each([
  ["4000000000000101", { cvc_check: "fail" }],
  ["4000000000000036", { address_postal_code_check: "fail", address_line1_check: "pass" }],
  ["4000000000000028", { address_line1_check: "fail", address_postal_code_check: "pass" }],
  ["4000000000000010", { address_line1_check: "fail", address_postal_code_check: "fail" }],
  ["4000000000000044", { address_line1_check: "unavailable", address_postal_code_check: "unavailable" }]
])("%s pays with the checks %o", async (number, checks) => {
  const address = {
    "payment_method_data[billing_details][address][line1]": "1 Road",
    "payment_method_data[billing_details][address][postal_code]": "10115",
    "expand[]": "latest_charge"
  }
  const { body } = await pay(number, address)
  expect(at(body, "latest_charge.payment_method_details.card.checks")).toMatchObject(checks)
})

test("what was not given is not checked", async () => {
  const { "payment_method_data[card][cvc]": _, ...fields } = cardPayment("4000000000000127", {
    "expand[]": "latest_charge"
  })
  const { status, body } = await client.post(intents, fields)
  expect(status).toBe(200)
  expect(at(body, "latest_charge.payment_method_details.card.checks")).toEqual({
    address_line1_check: null,
    address_postal_code_check: null,
    cvc_check: null
  })
})

describe("3-D Secure", () => {
  const returnUrl = "https://shop.example/back?cart=7"
  const open = async (number: string, more: Fields = {}) => {
    const { body } = await pay(number, { return_url: returnUrl, ...more })
    const url = textAt(body, "next_action.redirect_to_url.url")
    return {
      id: textAt(body, "id"),
      status: textAt(body, "status"),
      page: new URL(url).pathname.replace("/stripe", "")
    }
  }
  const finish = async (page: string, outcome: string) => {
    const got = await client.post(page, { outcome })
    return { status: got.status, location: new URL(got.headers.get("location") ?? "none:") }
  }

  // docs.stripe.com/testing, "3D Secure authentication"; the query of the return: docs.stripe.com/payments/3d-secure.
  test.each(["4000002760003184", "4000000000003220", "4000002500003155", "4000000000003063"])(
    "%s wants it, and pays when it is completed",
    async (number) => {
      const { id, status, page } = await open(number)
      expect(status).toBe("requires_action")
      expect(sandbox.ledger().authorizations).toEqual([])
      const shown = await client.get(page)
      expect(shown.headers.get("content-type")).toContain("text/html")
      expect(shown.text.match(/<form method="post"/g)).toHaveLength(2)
      const { status: code, location } = await finish(page, "complete")
      expect([code, location.origin, location.searchParams.get("cart")]).toEqual([303, "https://shop.example", "7"])
      expect(location.searchParams.get("payment_intent")).toBe(id)
      expect(location.searchParams.get("payment_intent_client_secret")).toMatch(new RegExp(`^${id}_secret_`))
      expect(location.searchParams.get("redirect_status")).toBe("succeeded")
      const { body } = await client.get(`${intents}/${id}?expand[]=latest_charge`)
      expect(body).toMatchObject({
        status: "succeeded",
        next_action: null,
        latest_charge: {
          payment_method_details: {
            card: { three_d_secure: { result: "authenticated", authentication_flow: "challenge", version: "2.2.0" } }
          }
        }
      })
      expect(sandbox.ledger().captures).toHaveLength(1)
    }
  )

  test("that fails takes nothing", async () => {
    const { id, page } = await open("4000002760003184")
    expect((await finish(page, "fail")).location.searchParams.get("redirect_status")).toBe("failed")
    expect((await client.get(`${intents}/${id}`)).body).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { code: "payment_intent_authentication_failure" }
    })
    expect(sandbox.ledger().authorizations).toEqual([])
  })

  test("that was completed cannot be completed twice", async () => {
    const { page } = await open("4000002760003184", { capture_method: "manual" })
    await finish(page, "complete")
    expect((await finish(page, "fail")).location.searchParams.get("redirect_status")).toBe("succeeded")
    expect(sandbox.ledger().authorizations).toHaveLength(1)
    expect((await client.get(page)).status).toBe(410)
  })

  test("of a payment that was canceled meanwhile takes nothing", async () => {
    const { id, page } = await open("4000002760003184")
    await client.post(`${intents}/${id}/cancel`)
    expect((await finish(page, "complete")).location.searchParams.get("redirect_status")).toBe("failed")
    expect(sandbox.ledger().authorizations).toEqual([])
  })

  test.each([
    ["4000008400001629", "generic_decline"],
    ["4000008260003178", "insufficient_funds"]
  ])("%s is completed, then declined: %s", async (number, decline) => {
    const { id, page } = await open(number)
    expect((await finish(page, "complete")).location.searchParams.get("redirect_status")).toBe("failed")
    expect((await client.get(`${intents}/${id}`)).body).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { code: "card_declined", decline_code: decline }
    })
  })

  test("with manual confirmation waits to be confirmed again", async () => {
    const { id, page } = await open("4000002760003184", { confirmation_method: "manual" })
    await finish(page, "complete")
    expect((await client.get(`${intents}/${id}`)).body).toMatchObject({ status: "requires_confirmation" })
    expect((await client.post(`${intents}/${id}/confirm`)).body).toMatchObject({ status: "succeeded" })
  })

  test("without a return URL is left to the browser library", async () => {
    const { body } = await pay("4000002760003184")
    expect(body).toMatchObject({ status: "requires_action", next_action: { type: "use_stripe_sdk" } })
  })

  test.each([
    ["4000000000003055", "any", "requires_action"],
    ["4000000000003055", "automatic", "succeeded"],
    ["4000000000003097", "any", "succeeded"],
    [goodCard, "any", "succeeded"],
    ["378282246310005", "any", "succeeded"]
  ])("%s when asked for %s is %s", async (number, asked, status) => {
    const { body } = await pay(number, { "payment_method_options[card][request_three_d_secure]": asked })
    expect(body).toMatchObject({ status })
  })

  test("done elsewhere is taken over", async () => {
    const option = "payment_method_options[card][three_d_secure]"
    const { body } = await pay("4000002760003184", {
      [`${option}[cryptogram]`]: "AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
      [`${option}[transaction_id]`]: "f38e6948-5388-41a6-bca4-b49723c19437",
      [`${option}[version]`]: "2.2.0",
      [`${option}[electronic_commerce_indicator]`]: "05",
      "expand[]": "latest_charge"
    })
    expect(at(body, "latest_charge.payment_method_details.card.three_d_secure")).toMatchObject({
      result: "authenticated",
      electronic_commerce_indicator: "05",
      transaction_id: "f38e6948-5388-41a6-bca4-b49723c19437"
    })
  })

  // docs.stripe.com/testing: which cards an off-session payment is declined for, and how being set up helps.
  test("cannot be asked of a payer who is away", async () => {
    const away = { off_session: "true" }
    const { status, body } = await pay("4000002760003184", away)
    expect([status, at(body, "error.code")]).toEqual([402, "authentication_required"])
    expect((await pay("4000003800000446", away)).body).toMatchObject({ status: "succeeded" })
    expect(at((await pay("4000002500003155", away)).body, "error.code")).toBe("authentication_required")
  })

  test("once done to set a card up need not be repeated", async () => {
    const customer = textAt((await client.post("/v1/customers")).body, "id")
    const { id, page } = await open("4000002500003155", { customer, setup_future_usage: "off_session" })
    await finish(page, "complete")
    const method = textAt((await client.get(`${intents}/${id}`)).body, "payment_method")
    const { body } = await client.post(intents, {
      amount: "1000",
      currency: "eur",
      confirm: "true",
      off_session: "true",
      customer,
      payment_method: method
    })
    expect(body).toMatchObject({ status: "succeeded", payment_method: method })
  })

  test("may be refused by the merchant", async () => {
    const { status, body } = await pay("4000002760003184", { error_on_requires_action: "true" })
    expect([status, at(body, "error.code")]).toEqual([402, "authentication_required"])
  })
})
