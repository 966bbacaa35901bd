import type { Context } from "./Account.ts"
import { findMethod, makeMethod } from "./Cards.ts"
import { createCustomer, retrieveCustomer } from "./Customers.ts"
import type { Kind } from "./Expand.ts"
import { listIntents, listRefunds } from "./Lists.ts"
import type { Charge, PaymentMethod } from "./Objects.ts"
import type { Fields, Params } from "./Parameters.ts"
import {
  cancelIntent,
  captureIntent,
  confirmIntent,
  createIntent,
  retrieveIntent,
  updateIntent
} from "./PaymentIntents.ts"
import { createRefund, retrieveRefund } from "./Refunds.ts"
import { missing, Refusal } from "./Refusal.ts"
import * as shapes from "./Shapes.ts"
import { createToken, createTokenFields, retrieveToken } from "./Tokens.ts"

/** An endpoint: the parameters it knows and needs, the kind of object (or of a list's objects) it answers, what it does. */
export interface Route {
  readonly answers: Kind
  readonly fields: Fields
  readonly needs: ReadonlyArray<string>
  readonly run: (context: Context, id: string, params: Params) => object | Refusal
}

const retrieveCharge = (context: Context, id: string): Charge | Refusal =>
  context.account.charges.get(id)?.object ?? missing(404, "charge", id, "id")

const createMethod = (context: Context, _id: string, params: Params): PaymentMethod | Refusal => {
  const method = makeMethod(context, params)
  return method instanceof Refusal ? method : method.object
}

const retrieveMethod = (context: Context, id: string): PaymentMethod | Refusal => {
  const method = findMethod(context, id, 404)
  return method instanceof Refusal ? method : method.object
}

const route = (answers: Kind, fields: Fields, run: Route["run"], ...needs: ReadonlyArray<string>): Route => ({
  answers,
  fields,
  needs,
  run
})

const routes: Readonly<Record<string, Route>> = {
  "POST payment_intents": route("payment_intent", shapes.createIntentFields, createIntent, "amount", "currency"),
  "GET payment_intents": route("payment_intent", shapes.listIntentsFields, listIntents),
  "GET payment_intents/:id": route("payment_intent", shapes.retrieveFields, retrieveIntent),
  "POST payment_intents/:id": route("payment_intent", shapes.updateIntentFields, updateIntent),
  "POST payment_intents/:id/confirm": route("payment_intent", shapes.confirmIntentFields, confirmIntent),
  "POST payment_intents/:id/capture": route("payment_intent", shapes.captureIntentFields, captureIntent),
  "POST payment_intents/:id/cancel": route("payment_intent", shapes.cancelIntentFields, cancelIntent),
  "POST refunds": route("refund", shapes.createRefundFields, createRefund),
  "GET refunds": route("refund", shapes.listRefundsFields, listRefunds),
  "GET refunds/:id": route("refund", shapes.retrieveFields, retrieveRefund),
  "GET charges/:id": route("charge", shapes.retrieveFields, retrieveCharge),
  "POST payment_methods": route("payment_method", shapes.createMethodFields, createMethod, "type"),
  "GET payment_methods/:id": route("payment_method", shapes.retrieveFields, retrieveMethod),
  "POST tokens": route("token", createTokenFields, createToken),
  "GET tokens/:id": route("token", shapes.retrieveFields, retrieveToken),
  "POST customers": route("customer", shapes.createCustomerFields, createCustomer),
  "GET customers/:id": route("customer", shapes.retrieveFields, retrieveCustomer)
}

/** The route for a path under `/v1/`, with the id in it; undefined when there is none. */
export const findRoute = (method: string, path: string): { readonly route: Route; readonly id: string } | undefined => {
  const [resource = "", id, action] = path.slice("/v1/".length).split("/")
  const name = `${method} ${resource}${id === undefined ? "" : "/:id"}${action === undefined ? "" : `/${action}`}`
  const found = path.startsWith("/v1/") && Object.hasOwn(routes, name) ? routes[name] : undefined
  return found === undefined ? undefined : { route: found, id: id ?? "" }
}
