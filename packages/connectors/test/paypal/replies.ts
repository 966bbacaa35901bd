import type { Answer } from "../Stub.ts"
import { replies } from "../Table.ts"

const reply = replies("paypal")

/** An amount as PayPal writes it. */
export const value = (value: string, currency_code = "EUR") => ({ currency_code, value })
/** A capture with fields replaced. */
export const capture = (over: object = {}): object => reply("capture", over)
/** An authorization with fields replaced. */
export const authorization = (over: object = {}): object => reply("authorization", over)
/** A refund with fields replaced. */
export const refund = (over: object = {}): object => reply("refund", over)

/** A purchase unit of 10.00 EUR with what was done to it. */
export const unit = (payments: object | undefined, over: object = {}): object => ({
  reference_id: "default",
  amount: value("10.00"),
  invoice_id: "order-1",
  custom_id: "order-1",
  ...(payments && { payments }),
  ...over
})
/** An order that was captured at once, with fields replaced. */
export const order = (over: object = {}): object =>
  reply("order", { purchase_units: [unit({ captures: [capture()] })], ...over })
/** The same with these payments in it. */
export const orderOf = (payments: object, over: object = {}): object =>
  order({ purchase_units: [unit(payments)], ...over })
/** An order that only reserves, with this authorization and these captures in it. */
export const reserved = (over: object = {}, captures: ReadonlyArray<object> = []): object =>
  orderOf({ authorizations: [authorization(over)], ...(captures.length > 0 && { captures }) }, { intent: "AUTHORIZE" })
/** An order to which nothing was done yet. */
export const open = (status: string, rel?: string, over: object = {}): object =>
  order({
    status,
    purchase_units: [unit(undefined)],
    links:
      rel === undefined
        ? []
        : [{ href: "https://www.sandbox.paypal.com/checkoutnow?token=5O190127TN364715T", rel, method: "GET" }],
    ...over
  })

/** A reply of 200. */
export const ok = (body: object): Answer => ({ status: 200, body })
/** A reply of 201. */
export const created = (body: object): Answer => ({ status: 201, body })

/** Names and words of the published files' error schemas. */
const problems: Readonly<Record<number, object>> = {
  400: {
    name: "INVALID_REQUEST",
    message: "Request is not well-formed, syntactically incorrect, or violates schema."
  },
  401: {
    name: "AUTHENTICATION_FAILURE",
    message: "Authentication failed due to missing authorization header, or invalid authentication credentials."
  },
  403: { name: "NOT_AUTHORIZED", message: "Authorization failed due to insufficient permissions." },
  404: { name: "RESOURCE_NOT_FOUND", message: "The specified resource does not exist." },
  409: {
    name: "RESOURCE_CONFLICT",
    message: "The server has detected a conflict while processing this request."
  },
  422: {
    name: "UNPROCESSABLE_ENTITY",
    message: "The requested action could not be performed, semantically incorrect, or failed business validation."
  }
}
/** An error reply. */
export const error = (status: number, issue?: string, detail: object = {}, over: object = {}): Answer => ({
  status,
  body: {
    ...problems[status],
    debug_id: "90957fca61718",
    ...(issue !== undefined && { details: [{ issue, ...detail }] }),
    ...over
  }
})
/** No object has the id in the path. */
export const missing = error(404, "INVALID_RESOURCE_ID")
