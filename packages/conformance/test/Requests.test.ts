import { expect, test } from "vitest"
import { asObject, deref, lookUp } from "../src/Json.ts"
import { openApi, stripeApi } from "../src/OpenApi.ts"
import { loadSpec } from "../src/Specs.ts"
import { describeWithSpecs } from "./available.ts"
import { sent, stripe } from "./sdk.ts"

const form = "application/x-www-form-urlencoded"

const created = () =>
  sent(() =>
    stripe.paymentIntents.create(
      {
        amount: 1099,
        currency: "eur",
        capture_method: "manual",
        confirm: true,
        payment_method: "pm_card_visa",
        payment_method_options: { card: { request_three_d_secure: "any" } },
        shipping: { name: "Ada", address: { line1: "1 Street", country: "DE" } },
        metadata: { order: "17" },
        expand: ["latest_charge"]
      },
      { idempotencyKey: "key-1" }
    )
  )

// What the official SDK (npm stripe 23.1.0) sends is the other side's word for what the processor accepts.
const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  "paymentIntents.retrieve": () => stripe.paymentIntents.retrieve("pi_1", { expand: ["latest_charge"] }),
  "paymentIntents.list": () => stripe.paymentIntents.list({ limit: 3, customer: "cus_1", created: { gte: 1 } }),
  "paymentIntents.confirm": () =>
    stripe.paymentIntents.confirm("pi_1", { payment_method: "pm_1", return_url: "https://shop.test/back" }),
  "paymentIntents.capture": () => stripe.paymentIntents.capture("pi_1", { amount_to_capture: 500 }),
  "paymentIntents.cancel": () => stripe.paymentIntents.cancel("pi_1", { cancellation_reason: "abandoned" }),
  "paymentIntents.cancel, no body": () => stripe.paymentIntents.cancel("pi_1"),
  "refunds.create": () => stripe.refunds.create({ payment_intent: "pi_1", amount: 100, reason: "duplicate" }),
  "refunds.retrieve": () => stripe.refunds.retrieve("re_1"),
  "refunds.list": () => stripe.refunds.list({ payment_intent: "pi_1", limit: 100 })
}

describeWithSpecs("requests of the official Stripe SDK", () => {
  test.for(Object.entries(calls))("%s agrees with the published file", async ([, call]) => {
    expect(stripeApi().checkRequest(await sent(call))).toEqual([])
  })

  test("paymentIntents.create agrees with it, and is captured as sent", async () => {
    const request = await created()
    expect(request).toMatchObject({
      method: "POST",
      url: "https://api.stripe.com/v1/payment_intents",
      contentType: form,
      headers: { authorization: "Bearer sk_test_made_up", "idempotency-key": "key-1" }
    })
    expect(stripeApi().checkRequest(request)).toEqual([])
  })

  test("an operation is found by method and path", () => {
    const { operation } = stripeApi()
    const found = operation("post", "/v1/payment_intents/pi_1/capture")
    expect(found).toMatchObject({
      method: "POST",
      template: "/v1/payment_intents/{intent}/capture",
      pathValues: { intent: "pi_1" }
    })
    expect(operation("GET", "/v1/payment_intents/search?query=x")?.template).toBe("/v1/payment_intents/search")
    expect(operation("GET", "/v1/nothing")).toBeUndefined()
  })
})

// One change to a request the SDK sent, and where it is reported.
const mutations: ReadonlyArray<readonly [what: string, from: string, to: string, where: string]> = [
  ["a misspelt field", "capture_method=", "capture_methd=", "body/capture_methd"],
  ["a misspelt nested field", "address][line1]", "address][line_1]", "body/shipping/address/line_1"],
  ["a misspelt option", "[request_three_d_secure]", "[request_3ds]", "body/payment_method_options/card/request_3ds"],
  ["a word for a number", "amount=1099", "amount=ten", "body/amount"],
  ["a decimal for minor units", "amount=1099", "amount=10.99", "body/amount"],
  ["a number in another notation", "amount=1099", "amount=1e3", "body/amount"],
  ["a value twice", "amount=1099", "amount=1099&amount=1099", "body/amount"],
  ["a word that is not listed", "capture_method=manual", "capture_method=later", "body/capture_method"],
  ["a value for an object", "metadata[order]=17", "metadata=17", "body/metadata"],
  ["a value for a list", "expand[0]=latest_charge", "expand=latest_charge", "body/expand"],
  ["a missing required field", "currency=eur&", "", "body/currency"],
  ["a missing required nested field", "shipping[name]=Ada&", "", "body/shipping/name"]
]

describeWithSpecs("a wrong request", () => {
  test.for(mutations)("%s is reported where it is", async ([, from, to, where]) => {
    const request = await created()
    const body = decodeURIComponent(request.body).replace(from, to)
    expect(body).not.toBe(decodeURIComponent(request.body))
    const problems = stripeApi().checkRequest({ ...request, body })
    expect(problems.map((problem) => problem.where)).toContain(where)
  })

  test("one misspelt field is one problem, at its published place", async () => {
    const request = await created()
    const body = request.body.replace("capture_method=", "capture_methd=")
    expect(stripeApi().checkRequest({ ...request, body })).toEqual([
      {
        where: "body/capture_methd",
        schemaPath: `#/paths/~1v1~1payment_intents/post/requestBody/content/${form.replace("/", "~1")}/schema/additionalProperties`,
        message: "unknown property"
      }
    ])
  })

  test("values are not quoted, as they may be card numbers", () => {
    const body = "type=card&card[number]=4242424242424242&card[exp_month]=4242424242424241&card[exp_yr]=2030"
    const problems = stripeApi().checkRequest({ method: "POST", url: "/v1/payment_methods", contentType: form, body })
    expect(problems.map((problem) => problem.where)).toEqual(["body/card/exp_year", "body/card/exp_yr"])
    expect(JSON.stringify(problems)).not.toContain("42424242")
  })

  test.for<readonly [what: string, method: string, url: string, where: string]>([
    ["an unknown query parameter", "GET", "/v1/payment_intents?limit=3&starting_at=pi_1", "query/starting_at"],
    ["a query parameter of another type", "GET", "/v1/payment_intents?limit=many", "query/limit"],
    ["an unknown part of a query parameter", "GET", "/v1/payment_intents?created[after]=1", "query/created/after"],
    ["a missing query parameter", "GET", "/v1/payment_intents/search", "query/query"],
    ["an id that is too long", "GET", `/v1/payment_intents/${"x".repeat(5001)}`, "path/intent"],
    ["an unknown path", "GET", "/v1/payment_intent", "path"],
    ["an empty id", "POST", "/v1/payment_intents//capture", "path"],
    ["an unknown method", "PATCH", "/v1/payment_intents/pi_1", "method"],
    ["a missing body", "POST", "/v1/payment_intents", "body"]
  ])("%s is reported", ([, method, url, where]) => {
    expect(
      stripeApi()
        .checkRequest({ method, url })
        .map((problem) => problem.where)
    ).toEqual([where])
  })

  test("a body in another encoding is reported", async () => {
    const request = await created()
    const json = { ...request, contentType: "application/json", body: "{}" }
    expect(
      stripeApi()
        .checkRequest(json)
        .map((problem) => problem.where)
    ).toEqual(["contentType"])
  })
})

describeWithSpecs("JSON requests", () => {
  const adyen = (body: object) =>
    openApi("adyen/CheckoutService-v72.json")
      .checkRequest({
        method: "POST",
        url: "https://checkout-test.adyen.com/v72/payments",
        contentType: "application/json; charset=utf-8",
        body: new TextEncoder().encode(JSON.stringify(body))
      })
      .map((problem) => problem.where)

  // Required fields of PaymentRequest in Adyen's published Checkout file.
  const payment = {
    amount: { currency: "EUR", value: 1000 },
    merchantAccount: "Shop",
    paymentMethod: { type: "scheme", encryptedCardNumber: "adyen-number" },
    reference: "order-17",
    returnUrl: "https://shop.test/back"
  }

  test("agree when they are right, are not coerced, and are closed below alternatives", () => {
    expect(adyen(payment)).toEqual([])
    expect(adyen({ ...payment, amount: { currency: "EUR", value: "1000" } })).toEqual(["body/amount/value"])
    expect(adyen({ ...payment, paymentMethod: { ...payment.paymentMethod, numbr: "1" } })).toEqual([
      "body/paymentMethod/numbr"
    ])
    expect(adyen({ ...payment, refrence: "1" })).toEqual(["body/refrence"])
  })

  test("every example that Adyen publishes of a payment request agrees", () => {
    const file = loadSpec("adyen/CheckoutService-v72.json")
    const examples = asObject(lookUp(file, "#/paths/~1payments/post/requestBody/content/application~1json/examples"))
    const values = Object.values(examples).map((example) => asObject(deref(file, example, "#").node).value)
    expect(values.length).toBeGreaterThan(10)
    expect(values.flatMap((value) => adyen(asObject(value)))).toEqual([])
  })
})
