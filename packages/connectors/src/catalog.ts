import { adyen } from "./adyen/connector.ts"
import type { AnyConnector } from "./Connector.ts"
import { paypal } from "./paypal/connector.ts"
import { stripe } from "./stripe/connector.ts"

/** Every connector there is. */
export const catalog: ReadonlyArray<AnyConnector> = [adyen, paypal, stripe]
