import { webhook as fetched } from "./Fetch.ts"
import type { OnEvents, Receiver, WebhookOptions } from "./Handling.ts"

export type { OnEvents, Receiver, WebhookOptions } from "./Handling.ts"

/** What is used of Hono's context. */
interface Context {
  readonly req: { readonly raw: Request }
}

/** A handler for Hono: `app.post("/webhooks/stripe", webhook(client, keep))`, before anything that reads the body. */
export const webhook = (receiver: Receiver, onEvents: OnEvents, options?: WebhookOptions) => {
  const handle = fetched(receiver, onEvents, options)
  return ({ req }: Context): Promise<Response> => handle(req.raw)
}
