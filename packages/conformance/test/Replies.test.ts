import { expect, test } from "vitest"
import { stripeFixtures, stripeSchemaOf } from "../src/Exemplars.ts"
import { stripeApi } from "../src/OpenApi.ts"
import { describeWithSpecs } from "./available.ts"

const intents = "/v1/payment_intents"

const fixture = (name: string) => {
  const found = stripeFixtures()[name]
  if (found === undefined) throw new Error(`No published fixture ${name}`)
  return found
}

const at = (status: number, body: unknown, strict = false) =>
  stripeApi()
    .checkReply({ method: "POST", path: intents, status, body }, { strict })
    .map((problem) => problem.where)

describeWithSpecs("replies", () => {
  test("the published payment intent agrees, as a value, as text and as bytes", () => {
    const body = JSON.stringify(fixture("payment_intent"))
    expect(at(200, fixture("payment_intent"))).toEqual([])
    expect(at(200, body)).toEqual([])
    expect(at(200, new TextEncoder().encode(body))).toEqual([])
  })

  test("a field of another type is reported, also inside what was expanded", () => {
    expect(at(200, { ...fixture("payment_intent"), amount: "1099" })).toEqual(["body/amount"])
    const charge = { ...fixture("charge"), paid: "yes" }
    expect(at(200, { ...fixture("payment_intent"), latest_charge: charge })).toEqual(["body/latest_charge/paid"])
  })

  test("a status word that is not published, and a missing field, are reported", () => {
    expect(at(200, { ...fixture("payment_intent"), status: "paid" })).toEqual(["body/status"])
    const { currency: _, ...without } = fixture("payment_intent")
    expect(at(200, without)).toEqual(["body/currency"])
  })

  test("an unknown field is a problem only when strict", () => {
    const { checkSchema } = stripeApi()
    const token = { used: true, other: 1 }
    const schema = "#/components/schemas/payment_method_details_card_network_token"
    expect(checkSchema(schema, token)).toEqual([])
    expect(checkSchema(schema, token, { strict: true })).toEqual([
      { where: "body/other", schemaPath: `${schema}/unevaluatedProperties`, message: "unknown property" }
    ])
  })

  // Shape of an error reply: Stripe API reference, "Errors"; the payment intent travels inside.
  test("errors are checked against the error schema", () => {
    const error = { type: "card_error", code: "card_declined", payment_intent: fixture("payment_intent") }
    expect(at(402, { error })).toEqual([])
    expect(at(402, { error: { ...error, type: "declined" } })).toEqual(["body/error/type"])
    expect(at(402, { message: "no" })).toEqual(["body/error"])
  })

  test("what is not JSON is reported", () => {
    expect(at(200, "<html>Bad gateway</html>")).toEqual(["body"])
    expect(at(200, "")).toEqual(["body"])
    expect(at(200, undefined)).toEqual(["body"])
  })

  test("a reply to an unknown path is reported", () => {
    const reply = { method: "GET", path: "/v1/nothing", status: 200, body: {} }
    expect(
      stripeApi()
        .checkReply(reply)
        .map((problem) => problem.where)
    ).toEqual(["path"])
  })
})

// The published fixtures (2026-08) against the published schemas (2023-08): all that differs, by resource.
const newerThanTheFile: Readonly<Record<string, ReadonlyArray<string>>> = {
  account: ["body/settings/bacs_debit_payments/display_name"],
  "billing_portal.configuration": ["body/features/subscription_pause"],
  credit_note: ["body/tax_amounts", "body/lines/data/0/tax_amounts", "body/lines/data/1/tax_amounts"],
  credit_note_line_item: ["body/tax_amounts"],
  customer: ["body/discount/coupon"],
  deleted_discount: ["body/coupon"],
  discount: ["body/coupon"],
  funding_instructions: [
    "body/bank_transfer/financial_addresses/0/supported_networks/0",
    "body/bank_transfer/financial_addresses/0/supported_networks/1",
    "body/bank_transfer/financial_addresses/0/type"
  ],
  invoice: [
    "body/paid",
    "body/paid_out_of_band",
    "body/total_tax_amounts",
    "body/lines/data/0/proration",
    "body/lines/data/0/type"
  ],
  "issuing.settlement": ["body/interchange_fees", "body/net_total", "body/network_fees", "body/transaction_volume"],
  line_item: ["body/proration", "body/type"],
  payment_source: ["body/settings/bacs_debit_payments/display_name"],
  product: ["body/features"],
  promotion_code: ["body/coupon"],
  subscription: ["body/current_period_end", "body/current_period_start"]
}

describeWithSpecs("published fixtures", () => {
  const problems = (name: string, strict: boolean) => {
    const schema = stripeSchemaOf(name)
    if (schema === undefined) return undefined
    return stripeApi().checkSchema(schema, fixture(name), { strict })
  }

  test("agree with the published schemas but for what is newer", () => {
    const checked = Object.keys(stripeFixtures()).flatMap((name) => {
      const found = problems(name, false)
      return found === undefined ? [] : [[name, found.map((problem) => problem.where)] as const]
    })
    expect(checked.length).toBeGreaterThan(100)
    expect(Object.fromEntries(checked.filter(([, places]) => places.length > 0))).toEqual(newerThanTheFile)
  })

  test.for<readonly [name: string, fields: ReadonlyArray<string>]>([
    ["refund", ["customer", "customer_account", "destination_details", "payment_method"]],
    [
      "payment_intent",
      [
        "customer_account",
        "excluded_payment_method_types",
        "managed_payments",
        "payment_method_configuration_details",
        "source"
      ]
    ],
    ["mandate", []],
    ["event", []]
  ])("%s: the fields that only the fixture has", ([name, fields]) => {
    const places = problems(name, true)?.map((problem) => problem.where)
    expect(places?.toSorted()).toEqual(fields.map((field) => `body/${field}`))
  })
})
