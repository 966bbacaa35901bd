import { adyen } from "./adyen/connector.ts"
import type { AnyConnector } from "./Connector.ts"
import { paypal } from "./paypal/connector.ts"
import { stripe } from "./stripe/connector.ts"

const all = [adyen, paypal, stripe] as const

/** Every connector there is. */
export const catalog: ReadonlyArray<AnyConnector> = all
/** The id of a connector that there is. */
export type CatalogId = (typeof all)[number]["id"]
