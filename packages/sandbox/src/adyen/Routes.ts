import { type Body, hasBody } from "./Body.ts"
import { submitDetails } from "./Details.ts"
import { cancelByReference, cancels, captures, type Modify, refunds, reversals } from "./Modifications.ts"
import { createPayment } from "./Payments.ts"
import { malformed, Refusal } from "./Refusal.ts"
import { checkStructure, readAccount, type Structure } from "./Requests.ts"
import type { Context } from "./State.ts"

/** An endpoint: the structure of its body, the status of its success, what it does. */
export interface Route {
  readonly structure: Structure
  readonly status: 200 | 201
  readonly run: (context: Context, paymentId: string, body: Body) => object | Refusal
}

const forAccount =
  (run: Modify): Route["run"] =>
  (context, paymentId, body) => {
    const account = readAccount(body)
    return account instanceof Refusal ? account : run(context, context.merchant(account), paymentId, body)
  }

const details: Route["run"] = (context, _id, body) =>
  hasBody(body, "details") ? submitDetails(context, body) : malformed("The object 'details' is not provided.")

const payments: Route["run"] = (context, _id, body) => {
  const account = readAccount(body)
  return account instanceof Refusal ? account : createPayment(context, context.merchant(account), body)
}

const withoutId: Route["run"] = (context, _id, body) => {
  const account = readAccount(body)
  return account instanceof Refusal ? account : cancelByReference(context, context.merchant(account), body)
}

const routes: Readonly<Record<string, Route>> = {
  payments: { structure: "PaymentRequest", status: 200, run: payments },
  "payments/details": { structure: "PaymentDetailsRequest", status: 200, run: details },
  cancels: { structure: "StandalonePaymentCancelRequest", status: 201, run: withoutId },
  "payments/:id/captures": { structure: "PaymentCaptureRequest", status: 201, run: forAccount(captures) },
  "payments/:id/cancels": { structure: "PaymentCancelRequest", status: 201, run: forAccount(cancels) },
  "payments/:id/reversals": { structure: "PaymentReversalRequest", status: 201, run: forAccount(reversals) },
  "payments/:id/refunds": { structure: "PaymentRefundRequest", status: 201, run: forAccount(refunds) }
}

/** The route for a path under `/v72/`, with the payment's reference in it; undefined when there is none. */
export const findRoute = (method: string, path: string): { readonly route: Route; readonly id: string } | undefined => {
  if (method !== "POST" || !path.startsWith("/v72/")) return undefined
  const [resource = "", second, action] = path.slice("/v72/".length).split("/")
  const name = [resource, ...(second === undefined ? [] : action === undefined ? [second] : [":id", action])].join("/")
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined
  return route === undefined ? undefined : { route, id: second ?? "" }
}

/** Runs a route on a body of its structure. */
export const runRoute = (route: Route, context: Context, id: string, body: Body): object | Refusal =>
  checkStructure(body, route.structure) ?? route.run(context, id, body)
