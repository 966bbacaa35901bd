import { input } from "@connector-service/domain/Input"
import { InvalidField, MissingField } from "@connector-service/domain/Reason"
import { askedOf, flows, services } from "@connector-service/domain/Services"
import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const address = { line1: "Damrak 1", city: "Amsterdam", postalCode: "1012 LG", countryCode: "NL" }
const full = {
  reference: "order-1",
  attempt: 1,
  firstSentAt: new Date(0),
  idempotencyKey: "key-1",
  orderReference: "basket-1",
  amount: { minorUnits: 1000n, currencyCode: "EUR" },
  paymentMethod: {
    _tag: "Card",
    // docs.stripe.com/testing
    number: "4242424242424242",
    expiryMonth: 8,
    expiryYear: 2030,
    cvc: "737",
    holderName: "Ada Lovelace"
  },
  captureMethod: "AUTOMATIC",
  returnUrl: "https://shop.example/back",
  customer: { id: "cus_1", name: "Ada Lovelace", email: "ada@example.com", phone: "+31201234567" },
  billingAddress: address,
  shipping: { name: "Ada Lovelace", address, phone: "+31201234567", carrier: "PostNL", trackingNumber: "3SABC" },
  description: "Notes",
  statementDescriptor: "ENGINE NOTES",
  metadata: { note: "1" },
  threeDSecureRequest: "ALWAYS",
  threeDSecureResult: {
    version: "2.2.0",
    cryptogram: "AJkBByEyYgAAAASwgmEodQAAAAA=",
    transactionId: "f879ea1c-aa2c-4441-806d-e30406466d79",
    eci: "05",
    status: "AUTHENTICATED"
  },
  state: { token: "1" }
}

const item = { name: "Notes", quantity: 1, unitAmount: full.amount }
const taxed = "line_items.0.unit_tax.minor_units"

const read = input(flows.payment.authorize.request)
type Path = readonly [string, ...ReadonlyArray<string>]
type Tree = Readonly<Record<string, unknown>>
const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !(value instanceof Date)

/** The input with the value at a path replaced, or left out when there is none. */
const replaced = (tree: Tree, [name, next, ...rest]: Path, value: unknown): Tree => {
  const { [name]: inner, ...others } = tree
  if (next !== undefined) return { ...tree, [name]: replaced(isTree(inner) ? inner : {}, [next, ...rest], value) }
  return value === undefined ? others : { ...tree, [name]: value }
}
const at = (path: string, value?: unknown) => {
  const [first = "", ...rest] = path.split(".")
  const told = read(replaced(full, [first, ...rest], value))
  return Result.isSuccess(told) ? undefined : told.failure
}

describe("an input", () => {
  it("that is right is read", () => {
    expect(Result.isSuccess(read(full))).toBe(true)
  })

  it("needs no more than what is required", () => {
    const { amount, captureMethod, paymentMethod, reference } = full
    const { cvc: _, holderName: __, ...card } = paymentMethod
    expect(Result.isSuccess(read({ amount, captureMethod, reference, paymentMethod: card }))).toBe(true)
  })

  it.each([
    ["reference", "reference"],
    ["amount", "amount"],
    ["amount.minorUnits", "amount.minor_units"],
    ["amount.currencyCode", "amount.currency_code"],
    ["captureMethod", "capture_method"],
    ["paymentMethod", "payment_method"],
    ["paymentMethod.number", "payment_method.card.number"],
    ["paymentMethod.expiryMonth", "payment_method.card.expiry_month"],
    ["paymentMethod.expiryYear", "payment_method.card.expiry_year"],
    ["shipping.name", "shipping.name"],
    ["shipping.address", "shipping.address"],
    ["threeDSecureResult.version", "three_d_secure_result.version"],
    ["threeDSecureResult.cryptogram", "three_d_secure_result.cryptogram"],
    ["threeDSecureResult.transactionId", "three_d_secure_result.transaction_id"],
    ["threeDSecureResult.status", "three_d_secure_result.status"]
  ])("without %s misses %s", (path, field) => {
    expect(at(path)).toEqual(new MissingField({ field }))
  })

  it("with an empty text misses it, as the proto does not tell the two apart", () => {
    expect(at("reference", "")).toEqual(new MissingField({ field: "reference" }))
  })

  it.each<readonly [path: string, value: unknown, field: string, rule: RegExp]>([
    ["reference", "order 1", "reference", /1 to 64/],
    ["reference", "a".repeat(65), "reference", /1 to 64/],
    ["reference", 7, "reference", /text/],
    ["attempt", 0, "attempt", /1 or more/],
    ["attempt", 1.5, "attempt", /./],
    ["amount.minorUnits", 0n, "amount.minor_units", /more than zero/],
    ["amount.minorUnits", -1n, "amount.minor_units", /more than zero/],
    ["amount.minorUnits", 10n ** 12n, "amount.minor_units", /at most/],
    ["amount.minorUnits", 10.5, "amount.minor_units", /bigint/],
    ["amount.currencyCode", "eur", "amount.currency_code", /ISO 4217/],
    ["amount.currencyCode", "XXX", "amount.currency_code", /ISO 4217/],
    ["captureMethod", "LATER", "capture_method", /AUTOMATIC, MANUAL/],
    ["paymentMethod.number", "4242424242424241", "payment_method.card.number", /Luhn/],
    ["paymentMethod.number", "4242 4242 4242 4242", "payment_method.card.number", /12 to 19 digits/],
    ["paymentMethod.expiryMonth", 13, "payment_method.card.expiry_month", /1 to 12/],
    ["paymentMethod.expiryYear", 30, "payment_method.card.expiry_year", /four digits/],
    ["paymentMethod.cvc", "12", "payment_method.card.cvc", /3 or 4 digits/],
    ["returnUrl", "shop.example/back", "return_url", /absolute/],
    ["returnUrl", "javascript:alert(1)", "return_url", /http/],
    ["customer.id", "../cus_1", "customer.id", /id/],
    ["customer.id", "..", "customer.id", /id/],
    ["customer.email", "ada", "customer.email", /e-mail/],
    ["customer.phone", "020 1234567", "customer.phone", /E\.164/],
    ["billingAddress.countryCode", "nl", "billing_address.country_code", /ISO 3166/],
    ["description", "two\nlines", "description", /control/],
    ["description", "\ud800", "description", /Unicode/],
    ["statementDescriptor", "12345", "statement_descriptor", /letter/],
    ["statementDescriptor", "A <b>", "statement_descriptor", /characters/],
    ["statementDescriptor", "A".repeat(23), "statement_descriptor", /22/],
    ["metadata", { "a b": "1" }, "metadata", /keys/],
    ["metadata", { a: "1".repeat(501) }, "metadata", /500/],
    ["lineItems", [{ ...item, unitTax: { minorUnits: -1n, currencyCode: "EUR" } }], taxed, /zero or more/],
    ["lineItems", [{ ...item, unitTax: { minorUnits: 2n ** 63n, currencyCode: "EUR" } }], taxed, /at most/],
    ["threeDSecureRequest", "NEVER", "three_d_secure_request", /IF_REQUIRED/],
    ["threeDSecureResult.status", "Y", "three_d_secure_result.status", /AUTHENTICATED/],
    ["threeDSecureResult.eci", "5x", "three_d_secure_result.eci", /digits/]
  ])("with %s %o breaks the rule of %s", (path, value, field, rule) => {
    const told = at(path, value)
    expect(told).toBeInstanceOf(InvalidField)
    expect(told).toMatchObject({ field, rule: expect.stringMatching(rule) })
  })

  it("of a payment method that is not known says which are", () => {
    expect(at("paymentMethod._tag", "Cheque")).toMatchObject({
      field: "payment_method",
      rule: expect.stringMatching(/Card, NetworkToken, SavedPaymentMethod/)
    })
  })

  it("that is no object at all is refused", () => {
    for (const value of [null, undefined, 7, "x", []]) expect(Result.isFailure(read(value))).toBe(true)
  })
})

describe("a write to settle", () => {
  const settling = input(services.settlement.settle.request)
  const unsettled = { flow: "payment.authorize", reference: "order-1", attempt: 1, amount: full.amount }
  const told = (change: object) => settling({ unsettled: { ...unsettled, ...change } })

  it("is what a write was", () => {
    expect(Result.isSuccess(told({}))).toBe(true)
  })

  it.each<readonly [change: object, field: string]>([
    // one more than protobuf's int64 holds
    [{ amount: { minorUnits: 2n ** 63n, currencyCode: "EUR" } }, "unsettled.amount.minor_units"],
    [{ amount: { minorUnits: 0n, currencyCode: "EUR" } }, "unsettled.amount.minor_units"],
    [{ amount: { minorUnits: 1n, currencyCode: "\ud800" } }, "unsettled.amount.currency_code"],
    // one more than protobuf's int32 holds
    [{ attempt: 2 ** 31 }, "unsettled.attempt"]
  ])("that no write can have been, %o, is refused by the name of %s", (change, field) => {
    expect(Result.getFailure(told(change))).toMatchObject({ value: { _tag: "InvalidField", field } })
  })

  it("was asked for what an earlier answer says, if a write can be asked for that", () => {
    expect(askedOf({ asked: "EUR 1000" })).toEqual(full.amount)
    expect(askedOf({ asked: "EUR 0" })).toBeUndefined()
    expect(askedOf({ asked: "XXX 1000" })).toBeUndefined()
  })
})

describe("a question about a connector", () => {
  const read = input(services.connector.get.request)

  it("names it", () => {
    expect(read({ id: "" })).toEqual(Result.fail(new MissingField({ field: "id" })))
    expect(Result.getFailure(read({ id: "two words" }))).toMatchObject({ value: { _tag: "InvalidField", field: "id" } })
  })
})

const leaves = (value: unknown, path: ReadonlyArray<string> = []): ReadonlyArray<string> =>
  isTree(value) ? Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name])) : [path.join(".")]

describe("what is said of a wrong input", () => {
  it("never repeats the value", () => {
    // letters outside of ASCII stand in none of the rules
    const strange = fc.string({ unit: fc.constantFrom("ж", "Ω", "漢", "4", " "), minLength: 6, maxLength: 20 })
    fc.assert(
      fc.property(fc.constantFrom(...leaves(full)), strange, (path, text) => {
        const told = at(path, text)
        if (told !== undefined) {
          expect(`${JSON.stringify(told)} ${told.message} ${told}`).not.toContain(text)
          expect(JSON.stringify(told)).not.toMatch(/[жΩ漢]/)
        }
      }),
      { numRuns: 1000 }
    )
  })

  it("names the field as the proto does, and something of the rule", () => {
    fc.assert(
      fc.property(fc.constantFrom(...leaves(full)), fc.anything(), (path, value) => {
        const told = at(path, value)
        if (told === undefined) return
        expect(told.field).toMatch(/^[a-z0-9_]+(?:\.[a-z0-9_]+)*$/)
        if (told._tag === "InvalidField") expect(told.rule.length).toBeGreaterThan(3)
      }),
      { numRuns: 1000 }
    )
  })
})
