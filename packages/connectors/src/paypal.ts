import type { LazyConnector } from "./Lazy.ts"

export type { Credentials } from "./paypal/connector.ts"

/** PayPal, whose code is loaded as a client is made of it. */
export const paypal: LazyConnector<"paypal"> = {
  id: "paypal",
  load: async () => (await import("./paypal/connector.ts")).paypal
}
