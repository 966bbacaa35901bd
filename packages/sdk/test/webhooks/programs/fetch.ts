import type { Client } from "@connector-service/sdk/Client"
import { type OnEvents, webhook } from "@connector-service/sdk/webhooks/Fetch"

/** A route of Next.js, SvelteKit, Bun, Deno: `export const POST = shop(client, keep)`. */
export const shop = (client: Client, keep: OnEvents) =>
  webhook(client.target({ connector: "stripe", account: "my-shop" }), keep)
