import { stripeApi } from "@connector-service/conformance/OpenApi"
import { specsAvailable } from "@connector-service/conformance/Specs"
import { describe, expect, test } from "vitest"
import { type Client, clientOf, type Got, sandboxForTests, textAt } from "../client.ts"
import { byToken, intents, localPayment, openPage, payerEmail, redirecting } from "./local.ts"

const sandbox = await sandboxForTests()
const present = specsAvailable()
if (!present) console.warn("Skipped: Stripe's published specification is not here (set SPECS_DIR)")

const expanded = { "expand[0]": "latest_charge", "expand[1]": "payment_method" }
const read = (client: Client, id: string) =>
  client.get(`${intents}/${id}?expand[]=latest_charge.refunds&expand[]=payment_method`)
const failing = { "payment_method_data[sepa_debit][iban]": "AT861904300235473202" }

const settled = async (client: Client, fields: Readonly<Record<string, string>>): Promise<Got> =>
  read(client, textAt((await client.post(intents, fields)).body, "id"))

const onPage =
  (type: (typeof redirecting)[number], outcome: "authorize" | "fail") =>
  async (client: Client): Promise<Got> => {
    const { id, page } = await openPage(client, type)
    await client.post(page, { outcome })
    if (outcome === "authorize") await client.post("/v1/refunds", { payment_intent: id, amount: "1" })
    return read(client, id)
  }
const wallet = {
  "card[number]": "4242424242424242",
  "card[exp_month]": "8",
  "card[exp_year]": "2040",
  "card[cryptogram]": "AgAAAAAABk4DWZ4C28yUQAAAAAA=",
  "card[tokenization_method]": "android_pay"
}

const kinds: Readonly<Record<string, (client: Client) => Promise<Got>>> = {
  ...Object.fromEntries(
    redirecting.flatMap((type) => [
      [`${type}, opened`, (client: Client) => client.post(intents, localPayment(type, expanded))],
      [`${type}, authorized and refunded`, onPage(type, "authorize")],
      [`${type}, failed`, onPage(type, "fail")]
    ])
  ),
  "a debit on its way": (client) => client.post(intents, localPayment("sepa_debit", expanded)),
  "a debit that was paid": (client) => settled(client, localPayment("sepa_debit")),
  "a debit that failed": (client) => settled(client, localPayment("sepa_debit", failing)),
  "BLIK, waiting": (client) => client.post(intents, localPayment("blik", expanded)),
  "BLIK, paid": (client) => settled(client, localPayment("blik")),
  "BLIK, declined": (client) => settled(client, localPayment("blik", { [payerEmail]: "bank_declined@example.com" })),
  "BLIK, refused": (client) => client.post(intents, localPayment("blik", { [payerEmail]: "invalid_code@example.com" })),
  "a token": (client) => client.post("/v1/tokens", wallet),
  "a payment by a token": async (client) => {
    const { body } = await client.post("/v1/tokens", wallet)
    return client.post(intents, byToken(textAt(body, "id"), expanded))
  }
}

describe.skipIf(!present)("replies agree with Stripe's published specification of 2023-08-16", () => {
  test.each(Object.entries(kinds))("%s", async (_name, make) => {
    const got = await make(clientOf(sandbox))
    expect(stripeApi().checkReply(got)).toEqual([])
  })
})
