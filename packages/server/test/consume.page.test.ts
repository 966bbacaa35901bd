import { expect, it, onTestFinished } from "vitest"
import { consumer } from "../../../docs/consume.ts"
import { run } from "./kit.ts"
import { stripeDelivery, stripeEvent } from "./stripeDeliveries.ts"

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

/** Delivers an event to a server whose consumer is docs/consume.ts, with this secret. */
const deliver = async (signing: string) => {
  const kept = new Map<string, string>()
  const server = consumer(secret, async (id, event) => {
    kept.set(id, event.id)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const running = await run({
    EVENT_SINK: "http",
    EVENT_URL: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`,
    EVENT_SECRETS: signing,
    DELIVERY_LIMIT: "400 millis",
    ACCOUNT_SHOP: JSON.stringify({ stripe: { webhookSecrets: [{ signingSecret: "whsec_shop" }] } })
  })
  onTestFinished(async () => {
    await running.close()
    server.close()
  })
  const url = `http://127.0.0.1:${running.httpPort}/webhooks/stripe/shop`
  const send = () => fetch(url, stripeDelivery(stripeEvent("evt_1"), "whsec_shop"))
  const statuses = [(await send()).status, (await send()).status]
  return { statuses, kept: [...kept.values()] }
}

it("docs/consume.ts keeps an event once, and nothing that its secret did not sign", async () => {
  const next = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
  expect(await deliver(secret)).toEqual({ statuses: [200, 200], kept: ["evt_1"] })
  expect(await deliver(`${next},${secret}`)).toEqual({ statuses: [200, 200], kept: ["evt_1"] })
  expect(await deliver(next)).toEqual({ statuses: [503, 503], kept: [] })
})
