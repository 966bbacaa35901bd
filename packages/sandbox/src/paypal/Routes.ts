import type { Tree } from "../Json.ts"
import type { Context } from "./Account.ts"
import type { Fields } from "./Body.ts"
import type { Place } from "./Issues.ts"
import { type Answer, authorizeOrder, captureOrder, createOrder, retrieveOrder } from "./Orders.ts"
import {
  captureAuthorization,
  refundCapture,
  retrieveAuthorization,
  retrieveCapture,
  retrieveRefund,
  voidAuthorization
} from "./Payments.ts"
import type { Refusal } from "./Refusal.ts"
import { captureFields, createOrderFields, listTokensFields, payOrderFields, refundFields } from "./Shapes.ts"
import { deleteToken, listTokens, retrieveToken } from "./Vault.ts"

/** An endpoint. `keyed` endpoints honour PayPal-Request-Id; `again` is their status when a key is repeated. */
export interface Route {
  readonly place: Place
  readonly fields: Fields
  readonly needs: ReadonlyArray<string>
  readonly status: number
  readonly again: number
  readonly keyed: boolean
  readonly run: (context: Context, id: string, params: Tree) => Answer | Refusal
}

const read = (api: Place["api"], operation: string, run: Route["run"]): Route => ({
  place: { api, operation },
  fields: {},
  needs: [],
  status: 200,
  again: 200,
  keyed: false,
  run
})

/**
 * The orders file answers 200 to "an idempotent request" after 201; the payments file publishes 201 alone, and so does
 * the example of developer.paypal.com/reference/guidelines/idempotency.
 */
const repeats: Record<Place["api"], number> = { orders: 200, payments: 201, vault: 200 }

const write = (
  api: Place["api"],
  operation: string,
  run: Route["run"],
  fields: Fields,
  ...needs: ReadonlyArray<string>
): Route => ({ place: { api, operation }, fields, needs, status: 201, again: repeats[api], keyed: true, run })

const routes: Readonly<Record<string, Route>> = {
  "POST checkout/orders": write("orders", "createOrder", createOrder, createOrderFields, "intent", "purchase_units"),
  "GET checkout/orders/:id": read("orders", "retrieveOrder", retrieveOrder),
  "POST checkout/orders/:id/authorize": write("orders", "authorizeOrder", authorizeOrder, payOrderFields),
  "POST checkout/orders/:id/capture": write("orders", "captureOrder", captureOrder, payOrderFields),
  "GET payments/authorizations/:id": read("payments", "retrieveAuthorization", retrieveAuthorization),
  "POST payments/authorizations/:id/capture": write(
    "payments",
    "captureAuthorization",
    captureAuthorization,
    captureFields
  ),
  // The file gives this operation no PayPal-Request-Id.
  "POST payments/authorizations/:id/void": read("payments", "voidAuthorization", voidAuthorization),
  "GET payments/captures/:id": read("payments", "retrieveCapture", retrieveCapture),
  "POST payments/captures/:id/refund": write("payments", "refundCapture", refundCapture, refundFields),
  "GET payments/refunds/:id": read("payments", "retrieveRefund", retrieveRefund),
  "GET vault/payment-tokens": { ...read("vault", "listTokens", listTokens), fields: listTokensFields },
  "GET vault/payment-tokens/:id": read("vault", "retrieveToken", retrieveToken),
  "DELETE vault/payment-tokens/:id": read("vault", "deleteToken", deleteToken)
}

/** The route for a path under `/v2/` or `/v3/`, with the id in it; undefined when there is none. */
export const findRoute = (method: string, path: string): { readonly route: Route; readonly id: string } | undefined => {
  const [empty, version, group, kind, id, action, ...rest] = path.split("/")
  if (empty !== "" || version !== (group === "vault" ? "v3" : "v2") || rest.length > 0) return undefined
  const name = `${method} ${group}/${kind}${id === undefined ? "" : "/:id"}${action === undefined ? "" : `/${action}`}`
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined
  return route === undefined ? undefined : { route, id: id ?? "" }
}
