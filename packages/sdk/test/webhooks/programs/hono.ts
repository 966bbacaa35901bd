import type { Client } from "@connector-service/sdk/Client"
import { type OnEvents, webhook } from "@connector-service/sdk/webhooks/Hono"
import { Hono } from "hono"

/** Before any middleware that reads bodies. */
export const shop = (client: Client, keep: OnEvents) => {
  const app = new Hono()
  app.post("/webhooks/stripe", webhook(client.target({ connector: "stripe", account: "my-shop" }), keep))
  return app
}
