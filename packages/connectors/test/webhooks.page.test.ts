import type { Event } from "@connector-service/domain/Event"
import Stripe from "stripe"
import { expect, it } from "vitest"
import { handle } from "../../../docs/webhook.ts"

const library = new Stripe("sk_test_unused")
const payload = JSON.stringify({ id: "evt_1", type: "plan.created", created: 1234567890, data: { object: {} } })

const deliver = async (secret: string) => {
  const kept: Array<Event> = []
  const response = await handle(
    new Request("https://shop.example/webhooks/stripe", {
      method: "POST",
      headers: { "stripe-signature": library.webhooks.generateTestHeaderString({ payload, secret }) },
      body: payload
    }),
    async (events) => {
      kept.push(...events)
    }
  )
  return [response.status, kept.map(({ id }) => id)]
}

it("docs/webhook.ts keeps what Stripe's library signed, with either secret, and refuses the rest", async () => {
  expect(await deliver("whsec_old")).toEqual([200, ["evt_1"]])
  expect(await deliver("whsec_new")).toEqual([200, ["evt_1"]])
  expect(await deliver("whsec_other")).toEqual([400, []])
})
