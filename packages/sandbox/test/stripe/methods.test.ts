import { afterEach, describe, expect, test, vi } from "vitest"
import { at, clientOf, type Fields, sandboxForTests, textAt } from "../client.ts"
import { back, intents, localPayment, openPage, payerEmail, redirecting } from "./local.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)
const read = async (id: string) => (await client.get(`${intents}/${id}?expand[]=latest_charge`)).body
const sums = () => {
  const { authorizations, captures, refunds } = sandbox.ledger()
  return [authorizations.length, captures.length, refunds.length]
}

describe.each(redirecting)("%s", (type) => {
  const reference = { "metadata[reference]": "order-1" }
  const finish = async (page: string, outcome: string) => {
    const got = await client.post(page, { outcome })
    return { status: got.status, location: new URL(got.headers.get("location") ?? "none:") }
  }

  // docs.stripe.com/payments/<method>/accept-a-payment, "Test your integration": authorize or fail on a test page
  test("is authorized on a page, and pays", async () => {
    const { id, page } = await openPage(client, type, reference)
    expect(await read(id)).toMatchObject({
      status: "requires_action",
      amount_received: 0,
      next_action: { type: "redirect_to_url", redirect_to_url: { return_url: back } }
    })
    const shown = await client.get(page)
    expect(shown.text).toContain("Authorize test payment")
    expect(shown.text.match(/<form method="post"/g)).toHaveLength(2)
    expect(sums()).toEqual([0, 0, 0])
    const { location, status } = await finish(page, "authorize")
    expect([status, location.origin, location.searchParams.get("cart")]).toEqual([303, "https://shop.example", "7"])
    expect(location.searchParams.get("payment_intent")).toBe(id)
    expect(location.searchParams.get("redirect_status")).toBe("succeeded")
    expect(await read(id)).toMatchObject({
      status: "succeeded",
      next_action: null,
      amount_received: 1000,
      latest_charge: { id: expect.stringMatching(/^py_/), payment_method_details: { type, [type]: {} } }
    })
    const [taken] = sandbox.ledger().captures
    expect(taken).toMatchObject({ payment_id: id, amount: 1000, currency: "eur", metadata: { reference: "order-1" } })
    expect((await client.get(page)).status).toBe(410)
    await finish(page, "authorize")
    expect(sums()).toEqual([1, 1, 0])
  })

  test("fails on the page, and nothing is taken", async () => {
    const { id, page } = await openPage(client, type)
    expect((await finish(page, "fail")).location.searchParams.get("redirect_status")).toBe("failed")
    expect(await read(id)).toMatchObject({
      status: "requires_payment_method",
      payment_method: null,
      last_payment_error: { code: "payment_intent_authentication_failure", payment_method: { type } }
    })
    expect(sums()).toEqual([0, 0, 0])
  })

  test("that was canceled meanwhile takes nothing", async () => {
    const { id, page } = await openPage(client, type)
    await client.post(`${intents}/${id}/cancel`)
    await finish(page, "authorize")
    expect(await read(id)).toMatchObject({ status: "canceled" })
    expect(sums()).toEqual([0, 0, 0])
  })

  test("needs somewhere to come back to", async () => {
    const { return_url: _, ...fields } = localPayment(type)
    const { body, status } = await client.post(intents, fields)
    expect([status, at(body, "error.param")]).toEqual([400, "return_url"])
  })

  test("is no page of 3-D Secure", async () => {
    const { id, page } = await openPage(client, type)
    expect((await client.post(page.replace("redirect", "3ds"), { outcome: "complete" })).status).toBe(404)
    expect((await client.post(page, { outcome: "complete" })).status).toBe(400)
    expect(await read(id)).toMatchObject({ status: "requires_action" })
  })

  test("is refunded without a card's details", async () => {
    const { id, page } = await openPage(client, type)
    await finish(page, "authorize")
    const refund = await client.post("/v1/refunds", { payment_intent: id, amount: "400" })
    expect(refund.body).toMatchObject({ status: "succeeded", amount: 400 })
    expect(at(refund.body, "destination_details")).toBeUndefined()
    expect((await client.post("/v1/refunds", { payment_intent: id, amount: "601" })).status).toBe(400)
  })
})

// docs.stripe.com/api/payment_intents/create: payment_method_options[…][capture_method]
test.each(["klarna", "paypal"] as const)("%s is captured later, once", async (type) => {
  const { id, page } = await openPage(client, type, { capture_method: "manual" })
  await client.post(page, { outcome: "authorize" })
  expect(await read(id)).toMatchObject({ status: "requires_capture", amount_capturable: 1000, amount_received: 0 })
  expect(sums()).toEqual([1, 0, 0])
  expect((await client.post(`${intents}/${id}/capture`)).body).toMatchObject({ status: "succeeded" })
  expect((await client.post(`${intents}/${id}/capture`)).status).toBe(400)
  expect(sums()).toEqual([1, 1, 0])
})

test.each(["bancontact", "blik", "ideal", "sepa_debit"] as const)("%s cannot be captured later", async (type) => {
  const { body, status } = await client.post(intents, localPayment(type, { capture_method: "manual" }))
  expect([status, at(body, "error.param")]).toEqual([400, "capture_method"])
})

// docs.stripe.com/payments/<method>: supported currencies
test.each([
  ["bancontact", "usd"],
  ["blik", "eur"],
  ["ideal", "gbp"],
  ["sepa_debit", "pln"]
] as const)("%s is not paid in %s", async (type, currency) => {
  const { body, status } = await client.post(intents, localPayment(type, { currency }))
  expect([status, at(body, "error.param")]).toEqual([400, "currency"])
})

test.each([
  ["bancontact", "name"],
  ["klarna", "email"],
  ["sepa_debit", "name"],
  ["sepa_debit", "email"]
] as const)("%s needs the payer's %s", async (type, part) => {
  const { [`payment_method_data[billing_details][${part}]`]: _, ...fields } = localPayment(type)
  const { body, status } = await client.post(intents, fields)
  expect([status, at(body, "error.code"), at(body, "error.param")]).toEqual([
    400,
    "parameter_missing",
    `billing_details[${part}]`
  ])
})

test("a payment takes only the types that it names", async () => {
  const { body, status } = await client.post(intents, localPayment("ideal", { "payment_method_types[]": "card" }))
  expect([status, at(body, "error.code")]).toEqual([400, "payment_intent_incompatible_payment_method"])
})

test("a type that this sandbox does not take is refused by name", async () => {
  const { body, status } = await client.post(intents, localPayment("ideal", { "payment_method_types[]": "alipay" }))
  expect([status, at(body, "error.code")]).toEqual([400, "payment_intent_invalid_parameter"])
})

afterEach(() => vi.useRealTimers())
/** Only the clock goes on: the sandbox's own server waits for nothing. */
const goOn = (seconds: number): void => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1000 })
}

describe("SEPA Direct Debit", () => {
  const debit = async (iban: string, more: Fields = {}) => {
    const { body } = await client.post(
      intents,
      localPayment("sepa_debit", { "payment_method_data[sepa_debit][iban]": iban, ...more })
    )
    return { id: textAt(body, "id"), status: textAt(body, "status") }
  }

  // docs.stripe.com/payments/sepa-debit/accept-a-payment, "Test IBANs"
  test("is processing, and then pays", async () => {
    const { id, status } = await debit("AT611904300234573201", { "expand[]": "latest_charge" })
    expect([status, sums()]).toEqual(["processing", [0, 0, 0]])
    expect((await client.post(`${intents}/${id}/cancel`)).status).toBe(400)
    expect((await client.post("/v1/refunds", { payment_intent: id })).status).toBe(400)
    expect(await read(id)).toMatchObject({
      status: "succeeded",
      amount_received: 1000,
      latest_charge: {
        status: "succeeded",
        payment_method_details: { type: "sepa_debit", sepa_debit: { last4: "3201", country: "AT" } }
      }
    })
    await read(id)
    expect(sums()).toEqual([1, 1, 0])
  })

  test.each([
    ["AT861904300235473202", "generic_could_not_process"],
    ["AT981904300000343434", "charge_exceeds_source_limit"],
    ["AT601904300000121212", "charge_exceeds_weekly_limit"],
    ["AT981904300002222227", "insufficient_funds"]
  ])("of %s fails: %s", async (iban, code) => {
    const { id, status } = await debit(iban)
    expect(status).toBe("processing")
    const seen = await read(id)
    expect(seen).toMatchObject({
      status: "requires_payment_method",
      payment_method: null,
      last_payment_error: { code },
      latest_charge: { status: "failed", paid: false, failure_code: code, amount_captured: 0 }
    })
    expect(sums()).toEqual([0, 0, 0])
  })

  test.each([
    ["AT321904300235473204", "succeeded"],
    ["AT051904300235473205", "requires_payment_method"]
  ])("of %s is %s after three minutes", async (iban, ending) => {
    const { id } = await debit(iban)
    expect(at(await read(id), "status")).toBe("processing")
    goOn(175)
    expect(at(await read(id), "status")).toBe("processing")
    goOn(185)
    expect(at(await read(id), "status")).toBe(ending)
  })

  test("of AT591904300235473203 pays, and is disputed", async () => {
    const { id } = await debit("AT591904300235473203")
    expect(await read(id)).toMatchObject({ status: "succeeded", latest_charge: { disputed: true } })
  })

  test("needs a mandate, and an IBAN whose check digits are right", async () => {
    const { "mandate_data[customer_acceptance][type]": _, ...bare } = localPayment("sepa_debit")
    expect(at((await client.post(intents, bare)).body, "error.param")).toBe("mandate_data")
    const wrong = { "payment_method_data[sepa_debit][iban]": "AT611904300234573202" }
    const refused = await client.post(intents, localPayment("sepa_debit", wrong))
    expect(at(refused.body, "error.code")).toBe("invalid_bank_account_iban")
    expect(sums()).toEqual([0, 0, 0])
  })
})

describe("BLIK", () => {
  const pay = async (email: string) => {
    const { body } = await client.post(intents, localPayment("blik", { [payerEmail]: email }))
    return body
  }

  // docs.stripe.com/payments/blik/accept-a-payment
  test("waits for the payer's app, and then pays", async () => {
    const body = await pay("ada@example.com")
    expect(body).toMatchObject({ status: "requires_action", next_action: { type: "blik_authorize" } })
    expect(sums()).toEqual([0, 0, 0])
    expect(await read(textAt(body, "id"))).toMatchObject({ status: "succeeded", amount_received: 1000 })
    expect(sandbox.ledger().captures).toMatchObject([{ currency: "pln", amount: 1000 }])
  })

  test("that was canceled before it was approved takes nothing", async () => {
    const id = textAt(await pay("ada@example.com"), "id")
    await client.post(`${intents}/${id}/cancel`)
    expect(at(await read(id), "status")).toBe("canceled")
    expect(sums()).toEqual([0, 0, 0])
  })

  // "Simulate failures in a sandbox"
  test.each(["invalid_code@example.com", "ada.expired_code@example.com"])("of %s is refused at once", async (email) => {
    const body = await pay(email)
    expect(body).toMatchObject({
      error: {
        code: "payment_method_invalid_parameter",
        payment_intent: { status: "requires_payment_method", payment_method: null }
      }
    })
  })

  test.each([
    "limit_exceeded@example.com",
    "insufficient_funds@example.com",
    "customer_declined@example.com",
    "bank_declined@example.com",
    "blik_declined@example.com"
  ])("of %s is declined", async (email) => {
    const id = textAt(await pay(email), "id")
    expect(await read(id)).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { code: "payment_method_provider_decline" }
    })
    expect(sums()).toEqual([0, 0, 0])
  })

  test.each(["customer_timeout@example.com", "bank_timeout@example.com", "blik_timeout@example.com"])(
    "of %s ends after a minute",
    async (email) => {
      const id = textAt(await pay(email), "id")
      expect(at(await read(id), "status")).toBe("requires_action")
      goOn(65)
      expect(await read(id)).toMatchObject({
        status: "requires_payment_method",
        last_payment_error: { code: "payment_method_provider_timeout" }
      })
    }
  )

  test.each([{}, { "payment_method_options[blik][code]": "77712" }])(
    "needs its six digits: %o",
    async (code: Fields) => {
      const { "payment_method_options[blik][code]": _, ...fields } = localPayment("blik")
      const { body, status } = await client.post(intents, { ...fields, ...code })
      expect([status, at(body, "error.param")]).toEqual([400, "payment_method_options[blik][code]"])
    }
  )
})
