import type { LazyConnector } from "./Lazy.ts"

export type { Credentials } from "./stripe/connector.ts"

/** Stripe, whose code is loaded as a client is made of it. */
export const stripe: LazyConnector<"stripe"> = {
  id: "stripe",
  load: async () => (await import("./stripe/connector.ts")).stripe
}
