import type { Client } from "@connector-service/sdk/Client"
import { type OnEvents, webhook } from "@connector-service/sdk/webhooks/Fastify"
import { fastify } from "fastify"

/** The plugin reads the bodies of its own route only; all others are parsed as before. */
export const shop = (client: Client, keep: OnEvents) => {
  const app = fastify()
  const target = client.target({ connector: "stripe", account: "my-shop" })
  app.register(webhook(target, keep), { prefix: "/webhooks/stripe" })
  return app
}
