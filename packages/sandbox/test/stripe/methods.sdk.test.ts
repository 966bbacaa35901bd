import Stripe from "stripe"
import { describe, expect, test } from "vitest"
import { clientOf, sandboxForTests, sdkOf } from "../client.ts"

const sandbox = await sandboxForTests()
const stripe = sdkOf(sandbox)
/** Of the API version that the sandbox speaks, and no longer of the SDK's. */
const types = (...payment_method_types: ReadonlyArray<string>) => ({ payment_method_types })
const back = "https://shop.example/back"
const billing_details = { name: "Ada Lovelace", email: "ada@example.com", address: { country: "NL" } }

describe("the official SDK", () => {
  test.each(["bancontact", "ideal", "klarna", "paypal"] as const)("pays with %s", async (type) => {
    const made = await stripe.paymentIntents.create({
      amount: 1000,
      currency: "eur",
      confirm: true,
      ...types(type),
      payment_method_data: { type, billing_details },
      return_url: back
    })
    expect(made.status).toBe("requires_action")
    const page = new URL(made.next_action?.redirect_to_url?.url ?? "none:").pathname.replace("/stripe", "")
    expect((await clientOf(sandbox).post(page, { outcome: "authorize" })).status).toBe(303)
    const paid = await stripe.paymentIntents.retrieve(made.id, { expand: ["payment_method"] })
    expect(paid).toMatchObject({ status: "succeeded", amount_received: 1000, payment_method: { type } })
  })

  test("debits an account, and gives back", async () => {
    const made = await stripe.paymentIntents.create({
      amount: 1000,
      currency: "eur",
      confirm: true,
      ...types("sepa_debit"),
      payment_method_data: { type: "sepa_debit", sepa_debit: { iban: "AT611904300234573201" }, billing_details },
      mandate_data: {
        customer_acceptance: { type: "online", online: { ip_address: "203.0.113.7", user_agent: "made up" } }
      }
    })
    expect(made.status).toBe("processing")
    expect((await stripe.paymentIntents.retrieve(made.id)).status).toBe("succeeded")
    expect(await stripe.refunds.create({ payment_intent: made.id })).toMatchObject({
      status: "succeeded",
      amount: 1000
    })
  })

  test("pays with BLIK", async () => {
    const made = await stripe.paymentIntents.create({
      amount: 1000,
      currency: "pln",
      confirm: true,
      ...types("blik"),
      payment_method_data: { type: "blik" },
      payment_method_options: { blik: { code: "777123" } }
    })
    expect(made.next_action?.type).toBe("blik_authorize")
    expect((await stripe.paymentIntents.retrieve(made.id)).status).toBe("succeeded")
  })

  test("makes tokens, and raises its own error for one that was used", async () => {
    const token = await stripe.tokens.create({ card: { number: "4242424242424242", exp_month: "8", exp_year: "2040" } })
    expect(await stripe.tokens.retrieve(token.id)).toMatchObject({ used: false, card: { last4: "4242" } })
    // spread, as the SDK's type leaves cards out here
    const byToken = { payment_method_data: { type: "card", card: { token: token.id } } }
    const pay = () =>
      stripe.paymentIntents.create({
        amount: 1000,
        currency: "eur",
        confirm: true,
        ...types("card"),
        ...byToken
      })
    expect((await pay()).status).toBe("succeeded")
    const error = await pay().catch((error: unknown) => error)
    expect(error).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError)
    expect(error).toMatchObject({ code: "token_already_used" })
  })
})
