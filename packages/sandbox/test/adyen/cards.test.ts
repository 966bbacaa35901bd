import { describe, expect, test } from "vitest"
import { at, type Got, type Json, sandboxForTests, textAt } from "../client.ts"
import { card, clientOf, details, euros, manual, modify, take } from "./client.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)

// The name has dots in it, which a path cannot tell from steps.
const storedId = (got: Got): string =>
  new Map(Object.entries(at(got.body, "additionalData") ?? {})).get("tokenization.storedPaymentMethodId") ?? ""

// docs.adyen.com/development-resources/test-cards-and-credentials/test-card-numbers.
test.each([
  ["4111111111111111", "visa", "737"],
  ["5555555555554444", "mc", "737"],
  ["370000000000002", "amex", "7373"]
])("%s pays as %s", async (number, brand, cvc) => {
  const { status, body } = await client.pay({ paymentMethod: card(number, { cvc }) })
  expect(status).toBe(200)
  expect(body).toMatchObject({
    resultCode: "Authorised",
    merchantReference: "order-7",
    amount: { currency: "EUR", value: 1000 },
    paymentMethod: { type: "scheme", brand },
    // The values of the published example "card-direct".
    additionalData: {
      cvcResult: "1 Matches",
      cvcResultRaw: "M",
      refusalReasonRaw: "AUTHORISED",
      cardSummary: number.slice(-4)
    }
  })
  expect(textAt(body, "additionalData.authCode")).toMatch(/^\d{6}$/)
  expect(textAt(body, "pspReference")).toMatch(/^[A-Z0-9]{16}$/)
})

// The published example "card-securedfields": the test environment reads "test_" and the value.
test("fields encrypted for tests are read", async () => {
  const paymentMethod = {
    type: "scheme",
    encryptedCardNumber: "test_4111111111111111",
    encryptedExpiryMonth: "test_03",
    encryptedExpiryYear: "test_2030",
    encryptedSecurityCode: "test_737"
  }
  expect((await client.pay({ paymentMethod })).body).toMatchObject({ resultCode: "Authorised" })
  const sealed = { ...paymentMethod, encryptedCardNumber: "adyenjs_0_1_25$xyz" }
  expect(await client.pay({ paymentMethod: sealed })).toMatchObject({ status: 422, body: { errorType: "validation" } })
})

// docs.adyen.com/development-resources/testing/result-codes, "Values for testing refusal reasons".
const outcomes: ReadonlyArray<readonly [holderName: string, code: string, resultCode: string, reason: string]> = [
  ["UNKNOWN", "0", "Error", "Unknown"],
  ["DECLINED", "2", "Refused", "Refused"],
  ["ERROR", "4", "Error", "Acquirer Error"],
  ["BLOCK_CARD", "5", "Refused", "Blocked Card"],
  ["CARD_EXPIRED", "6", "Refused", "Expired Card"],
  ["ISSUER_UNAVAILABLE", "9", "Refused", "Issuer Unavailable"],
  ["NOT_ENOUGH_BALANCE", "12", "Refused", "Not enough balance"],
  ["FRAUD_CANCELLED", "22", "Cancelled", "FRAUD-CANCELLED"],
  ["CVC_DECLINED", "24", "Refused", "CVC Declined"],
  ["ISSUER_SUSPECTED_FRAUD", "31", "Refused", "Issuer Suspected Fraud"]
]

describe("a refusal is an answer", () => {
  const requests: ReadonlyArray<(holderName: string, code: string) => Json> = [
    (holderName) => ({ paymentMethod: card("4111111111111111", { holderName }) }),
    (_holderName, code) => ({ additionalData: { RequestedTestAcquirerResponseCode: code } }),
    (_holderName, code) => ({ additionalData: { RequestedTestAcquirerResponseCode: Number(code) } })
  ]
  test.each(outcomes)("%s, or code %s: %s, %s", async (holderName, code, resultCode, reason) => {
    for (const request of requests) {
      const got = await client.pay(request(holderName, code))
      expect(got.status).toBe(200)
      expect(got.body).toMatchObject({ resultCode, refusalReason: reason, refusalReasonCode: code })
      expect(textAt(got.body, "additionalData.refusalReasonRaw")).not.toBe("")
    }
    expect(sandbox.ledger().authorizations).toEqual([])
  })

  test("that is no refusal: APPROVED and PENDING", async () => {
    const approved = await client.pay({ paymentMethod: card("4111111111111111", { holderName: "APPROVED" }) })
    expect(approved.body).toMatchObject({ resultCode: "Authorised" })
    const received = await client.pay({ paymentMethod: card("4111111111111111", { holderName: "PENDING" }) })
    expect(received.body).toMatchObject({ resultCode: "Received" })
    expect(received.body).not.toHaveProperty("refusalReason")
    expect(sandbox.ledger().captures).toMatchObject([{ id: approved.body.pspReference }])
  })

  // docs.adyen.com, testing with card holder name: the format, and what a wrong code or date does.
  test("with the scheme's own answer, when the name adds one", async () => {
    const got = await client.pay({ paymentMethod: card("4111111111111111", { holderName: "DECLINED : 06 : ERROR" }) })
    expect(got.body).toMatchObject({ resultCode: "Refused", additionalData: { refusalReasonRaw: "06 : ERROR" } })
  })

  test.each([{ cvc: "123" }, { expiryMonth: "04" }, { expiryYear: "2031" }])("for %o", async (wrong) => {
    const got = await client.pay({ paymentMethod: card("4111111111111111", wrong) })
    expect(got.body).toMatchObject({ resultCode: "Refused", refusalReason: "Refused", refusalReasonCode: "2" })
  })

  test("with Mastercard's advice on a Mastercard", async () => {
    const refused = (number: string) => client.pay({ paymentMethod: card(number, { holderName: "BLOCK_CARD" }) })
    expect(textAt((await refused("5555555555554444")).body, "additionalData.merchantAdviceCode")).toMatch(/^03/)
    expect((await refused("4111111111111111")).body).not.toHaveProperty("additionalData.merchantAdviceCode")
  })
})

// Messages and codes: docs.adyen.com/development-resources/error-codes and the published examples.
test.each<readonly [string, Json, number, string, string]>([
  ["a wrong number", { paymentMethod: card("4111111111111112") }, 422, "101", "Invalid card number"],
  [
    "a short CVC",
    { paymentMethod: card("4111111111111111", { cvc: "73" }) },
    422,
    "103",
    "CVC is not the right length"
  ],
  ["no return URL", { returnUrl: "" }, 422, "14_030", "Return URL is missing."],
  ["no reference", { reference: "" }, 422, "130", "Required field 'reference' is not provided."],
  ["no amount", { amount: null }, 422, "100", "Required object 'amount' is not provided."],
  ["a negative amount", euros(-1), 422, "137", "Invalid amount specified"],
  ["no such currency", { amount: { currency: "XYZ", value: 1 } }, 422, "138", "Unsupported currency specified"],
  [
    "a token of nobody",
    { paymentMethod: { type: "scheme", storedPaymentMethodId: "X" } },
    422,
    "800",
    "Contract not found"
  ],
  ["no such method", { paymentMethod: { type: "affirm" } }, 500, "905", "Payment details are not supported"],
  ["another account", { merchantAccount: "UnknownCOM" }, 403, "901", "Invalid Merchant Account"],
  [
    "an unknown field",
    { paymentmethod: {} },
    400,
    "702",
    "Structure of PaymentRequest contains the following unknown fields: [paymentmethod]"
  ],
  [
    "an unknown field of a card",
    { paymentMethod: card("4111111111111111", { cvv: "737" }) },
    400,
    "702",
    "Structure of CardDetails contains the following unknown fields: [cvv]"
  ],
  [
    "an unknown field of an amount",
    { amount: { currency: "EUR", value: 1000, minor: true } },
    400,
    "702",
    "Structure of Amount contains the following unknown fields: [minor]"
  ]
])("%s is refused", async (_name, wrong, status, errorCode, message) => {
  const got = await client.pay(wrong)
  expect(got.status).toBe(status)
  expect(got.body).toMatchObject({ status, errorCode, message })
  expect(sandbox.ledger().authorizations).toEqual([])
})

test("more metadata than the specification allows is refused", async () => {
  const metadata = Object.fromEntries(Array.from({ length: 21 }, (_, place) => [`k${place}`, "v"]))
  expect((await client.pay({ metadata })).body).toMatchObject({ status: 422, errorCode: "177" })
})

test("a body that is not JSON is refused, and so is an API key of nobody", async () => {
  expect((await client.post("/payments", "{")).body).toMatchObject({ status: 400, errorCode: "702" })
  for (const apiKey of ["short", "AQEunknownApiKey"]) {
    const got = await clientOf(sandbox, apiKey).pay()
    // The published example of 401.
    expect(got.body).toEqual({
      status: 401,
      errorCode: "000",
      message: "HTTP Status Response - Unauthorized",
      errorType: "security"
    })
  }
  expect((await client.post("/nothing", {})).status).toBe(404)
})

describe("other methods", () => {
  test.each([
    ["networkToken", { number: "4111111111111111", expiryMonth: "12", expiryYear: "2029" }, "visa"],
    ["applepay", { applePayToken: "token" }, "visa_applepay"],
    ["googlepay", { googlePayToken: "token" }, "visa_googlepay"]
  ])("%s pays at once", async (type, method, variant) => {
    const mpiData = { tokenAuthenticationVerificationValue: "AAAA", authenticationResponse: "Y", eci: "05" }
    const { body } = await client.pay({ paymentMethod: { type, ...method }, mpiData })
    expect(body).toMatchObject({
      resultCode: "Authorised",
      paymentMethod: { type },
      additionalData: { paymentMethodVariant: variant, eci: "05", liabilityShift: "true" }
    })
  })

  // a device's number has an expiry date of its own, and the cryptogram stands for the payer's authentication
  test.each([
    ["applepay", { "paymentdatasource.type": "applepay" }],
    ["googlepay", { "paymentdatasource.type": "googlepay", "paymentdatasource.tokenized": "true" }]
  ])("a number out of %s pays at once", async (brand, additionalData) => {
    const number = "4917610000000000"
    const { body } = await client.pay({
      paymentMethod: { type: "scheme", number, expiryMonth: "12", expiryYear: "2031", brand },
      additionalData,
      mpiData: { cavv: "YwAAAAAABaYcCMX/OhNRQAAAAAA=", directoryResponse: "Y", authenticationResponse: "Y" }
    })
    expect(body).toMatchObject({
      resultCode: "Authorised",
      paymentMethod: { type: "scheme", brand: "visa" },
      additionalData: { paymentMethodVariant: `visa_${brand}`, liabilityShift: "true" }
    })
  })

  test("a card's number out of googlepay is a card's", async () => {
    const more = { brand: "googlepay", cvc: undefined }
    const additionalData = { "paymentdatasource.type": "googlepay", "paymentdatasource.tokenized": "false" }
    const asked = await client.pay({ paymentMethod: card("4917610000000000", more), additionalData })
    expect(asked.body).toMatchObject({ resultCode: "RedirectShopper" })
    // the expiry date is none of the test cards'
    const refused = await client.pay({
      paymentMethod: card("4111111111111111", { ...more, expiryYear: "2031" }),
      additionalData
    })
    expect(refused.body).toMatchObject({ resultCode: "Refused", refusalReasonCode: "2" })
  })

  test("sepadirectdebit is received, and its money comes", async () => {
    const paymentMethod = { type: "sepadirectdebit", iban: "NL13TEST0123456789", ownerName: "A. Klaassen" }
    const { body } = await client.pay({ paymentMethod })
    expect(body).toMatchObject({ resultCode: "Received", merchantReference: "order-7" })
    expect(sandbox.ledger().captures).toMatchObject([{ id: body.pspReference, amount: 1000 }])
    const { iban: _, ...incomplete } = paymentMethod
    expect((await client.pay({ paymentMethod: incomplete })).status).toBe(422)
  })

  test("a stored card pays for its shopper only, and without 3-D Secure while the shopper is away", async () => {
    const first = await client.pay({ storePaymentMethod: true, shopperReference: "shopper-1" })
    expect(at(first.body, "additionalData")).toMatchObject({
      "tokenization.shopperReference": "shopper-1",
      "tokenization.store.operationType": "created"
    })
    const stored = { type: "scheme", storedPaymentMethodId: storedId(first) }
    const later = { shopperInteraction: "ContAuth", recurringProcessingModel: "Subscription", paymentMethod: stored }
    expect((await client.pay({ ...later, shopperReference: "shopper-1" })).body).toMatchObject({
      resultCode: "Authorised",
      additionalData: { cardSummary: "1111" }
    })
    expect((await client.pay({ ...later, shopperReference: "shopper-2" })).body).toMatchObject({ errorCode: "800" })
    expect(sandbox.ledger().captures).toHaveLength(2)
  })

  test("a card is verified for nothing without money", async () => {
    expect((await client.pay(euros(0))).body).toMatchObject({ resultCode: "Authorised" })
    expect(sandbox.ledger().authorizations).toEqual([])
  })

  test("authentication without a payment is refused rather than paid", async () => {
    const got = await client.pay({ authenticationData: { authenticationOnly: true } })
    expect(got.status).toBe(500)
    expect(sandbox.ledger().authorizations).toEqual([])
  })
})

// docs.adyen.com/development-resources/currency-codes: where Adyen differs from ISO 4217; the ledger follows the standard.
test.each([
  ["EUR", 1000, 1000],
  ["JPY", 1000, 1000],
  ["BHD", 1000, 1000],
  ["CLP", 100_000, 1000],
  ["ISK", 100_000, 1000],
  ["CVE", 10, 1000],
  ["IDR", 10, 1000]
])("%s %d is %d in ISO minor units", async (currency, value, iso) => {
  const id = await take(client, { amount: { currency, value }, ...manual })
  await modify(client, id, "captures", { amount: { currency, value } })
  await modify(client, id, "refunds", { amount: { currency, value } })
  const { authorizations, captures, refunds } = sandbox.ledger()
  for (const entries of [authorizations, captures, refunds]) {
    expect(entries).toMatchObject([{ amount: iso, currency: currency.toLowerCase() }])
  }
})

test("an amount that ISO 4217 has no unit for is refused", async () => {
  expect((await client.pay({ amount: { currency: "CLP", value: 150 } })).body).toMatchObject({ errorCode: "137" })
})

test("details of nothing are refused", async () => {
  expect((await details(client, { redirectResult: "X6XtfGC3!none" })).status).toBe(422)
  expect((await client.post("/payments/details", {})).status).toBe(400)
})
