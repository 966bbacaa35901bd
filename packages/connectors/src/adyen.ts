import type { LazyConnector } from "./Lazy.ts"

export type { Credentials } from "./adyen/connector.ts"

/** Adyen, whose code is loaded as a client is made of it. */
export const adyen: LazyConnector<"adyen"> = {
  id: "adyen",
  load: async () => (await import("./adyen/connector.ts")).adyen
}
