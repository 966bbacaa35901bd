import type { Client } from "@connector-service/sdk/Client"
import { type OnEvents, webhook } from "@connector-service/sdk/webhooks/Express"
import express from "express"

/** `keep` writes events to your database or queue, each id once. */
export const shop = (client: Client, keep: OnEvents) => {
  const app = express()
  // before express.json(), which would leave no byte of what was signed
  app.post("/webhooks/stripe", webhook(client.target({ connector: "stripe", account: "my-shop" }), keep))
  app.use(express.json())
  return app
}
