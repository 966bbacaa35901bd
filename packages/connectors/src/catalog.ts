import { adyen } from "./adyen/connector.ts"
import type { AnyConnector } from "./Connector.ts"
import { stripe } from "./stripe/connector.ts"

/** Every connector there is. */
export const catalog: ReadonlyArray<AnyConnector> = [adyen, stripe]
