import { expect, test } from "vitest"
import { corrected, type Erratum, errata, errataReport } from "../src/Errata.ts"
import { stripeFixtures } from "../src/Exemplars.ts"
import { isObject, lookUp } from "../src/Json.ts"
import { stripeApi, stripeSpec } from "../src/OpenApi.ts"
import { loadSpec } from "../src/Specs.ts"
import { describeWithSpecs } from "./available.ts"
import { sent, stripe } from "./sdk.ts"

const intent = "amount=1099&currency=eur&confirm=true"
const check = (path: string, body: string) =>
  stripeApi()
    .checkRequest({ method: "POST", url: path, contentType: "application/x-www-form-urlencoded", body })
    .map((problem) => problem.where)

/** The raw card as the official SDK writes it for a payment method, moved under `payment_method_data`. */
const rawCard = async (): Promise<string> => {
  const card = { number: "4242424242424242", exp_month: 12, exp_year: 2030, cvc: "123" }
  const request = await sent(() => stripe.paymentMethods.create({ type: "card", card }))
  return decodeURIComponent(request.body).replaceAll(/(^|&)(\w+)/g, "$1payment_method_data[$2]")
}

describeWithSpecs("errata", () => {
  test.for(errata.map((erratum) => [erratum.schemaPath, erratum] as const))("%s applies", ([, erratum]) => {
    const before = lookUp(loadSpec(erratum.file), erratum.schemaPath)
    const after = lookUp(corrected(erratum.file, [erratum]), erratum.schemaPath)
    expect(after).not.toEqual(before)
    expect([erratum.reason, erratum.source].every((text) => text.length > 10)).toBe(true)
  })

  test("the loaded file itself stays as published", () => {
    corrected(stripeSpec)
    for (const { file, schemaPath, change } of errata) {
      if ("graft" in change || "copyFrom" in change) expect(lookUp(loadSpec(file), schemaPath)).toBeUndefined()
    }
  })

  test("one that matches nothing, or is no longer needed, is an error", () => {
    const base = { file: stripeSpec, reason: "made up", source: "made up" }
    const bad: ReadonlyArray<Erratum> = [
      { ...base, schemaPath: "#/components/schemas/no_such/properties/x", change: { graft: { type: "string" } } },
      { ...base, schemaPath: "#/components/schemas/refund/properties/amount", change: { graft: { type: "string" } } },
      {
        ...base,
        schemaPath: "#/components/schemas/refund/properties/x",
        change: { copyFrom: "#/components/schemas/y" }
      },
      { ...base, schemaPath: "#/components/schemas/refund/properties/x", change: { remove: true } },
      { ...base, schemaPath: "#/components/schemas/refund/properties/object/enum", change: { append: "refund" } },
      { ...base, schemaPath: "#/components/schemas/refund/properties/amount", change: { append: "x" } }
    ]
    for (const erratum of bad) expect(() => corrected(stripeSpec, [erratum])).toThrow(erratum.schemaPath)
  })

  test("one that removes takes its schema away", () => {
    const schemaPath = "#/components/schemas/refund/properties/reason"
    const erratum = {
      file: stripeSpec,
      schemaPath,
      change: { remove: true },
      reason: "made up",
      source: "made up"
    } as const
    expect(lookUp(corrected(stripeSpec, [erratum]), schemaPath)).toBeUndefined()
  })
})

describeWithSpecs("what the errata let through is checked", () => {
  test.for([
    "/v1/payment_intents",
    "/v1/payment_intents/pi_1/confirm",
    "/v1/setup_intents",
    "/v1/setup_intents/seti_1/confirm"
  ])("a raw card at %s", async (path) => {
    const base = path === "/v1/payment_intents" ? `${intent}&` : ""
    const card = await rawCard()
    expect(card).toContain("payment_method_data[card][number]=4242424242424242")
    expect(check(path, base + card)).toEqual([])
    expect(check(path, base + card.replace("[cvc]", "[cvv]"))).toEqual(["body/payment_method_data/card/cvv"])
    expect(check(path, base + card.replace("[exp_month]=12", "[exp_month]=Dec"))).toEqual([
      "body/payment_method_data/card/exp_month"
    ])
  })

  // Fields and words: npm stripe 23.1.0, PaymentIntentCreateParams.PaymentMethodOptions.Card.
  test("results of another provider's 3-D Secure", () => {
    const option = "payment_method_options[card][three_d_secure]"
    const result = `${intent}&${option}[version]=2.2.0&${option}[transaction_id]=t&${option}[cryptogram]=c`
    expect(check("/v1/payment_intents", `${result}&${option}[electronic_commerce_indicator]=05`)).toEqual([])
    expect(check("/v1/payment_intents", `${result}&${option}[eci]=05`)).toEqual([
      "body/payment_method_options/card/three_d_secure/eci"
    ])
  })

  // Charge.Outcome: npm stripe 23.1.0; the published fixture of a charge has the three fields as null.
  test("advice and network codes of an outcome", () => {
    const { checkSchema } = stripeApi()
    const charge = stripeFixtures().charge ?? {}
    const outcome = isObject(charge.outcome) ? charge.outcome : {}
    expect(outcome).toMatchObject({ advice_code: null, network_advice_code: null, network_decline_code: null })
    const told = (code: unknown) => ({ ...charge, outcome: { ...outcome, network_advice_code: code } })
    expect(checkSchema("#/components/schemas/charge", told("02"))).toEqual([])
    expect(checkSchema("#/components/schemas/charge", told(2)).map((problem) => problem.where)).toEqual([
      "body/outcome/network_advice_code"
    ])
  })
})

test("errata are counted by file, and there by reason", () => {
  const at = (file: string, reason: string): Erratum => ({
    file,
    reason,
    schemaPath: "#/x",
    change: { remove: true },
    source: "made up"
  })
  const list = [at("a.json", "newer"), at("b.json", "newer"), at("b.json", "gated"), at("b.json", "newer")]
  expect(errataReport(list)).toEqual([
    {
      file: "b.json",
      count: 3,
      reasons: [
        { reason: "newer", count: 2 },
        { reason: "gated", count: 1 }
      ]
    },
    { file: "a.json", count: 1, reasons: [{ reason: "newer", count: 1 }] }
  ])
})
