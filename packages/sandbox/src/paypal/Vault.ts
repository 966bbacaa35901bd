import { type Tree, textOf } from "../Json.ts"
import { randomText } from "../Random.ts"
import type { Context } from "./Account.ts"
import type { Card } from "./Cards.ts"
import { invalid, type Link, Refusal, unprocessable } from "./Refusal.ts"

/** A payment source that is kept for a customer; `view` is what orders show of it. */
export interface Kept {
  readonly id: string
  readonly customer: string
  readonly type: "card" | "paypal"
  readonly view: Tree
  readonly card: Card | undefined
}

type Viewer = Pick<Context, "origin">

const group = "/v3/vault/payment-tokens"

const links = ({ origin }: Viewer, { id }: Kept): ReadonlyArray<Link> =>
  ["GET self", "DELETE delete"].map((row) => {
    const [method = "", rel = ""] = row.split(" ")
    return { href: `${origin}/paypal${group}/${id}`, rel, method }
  })

/** Keeps a payment source that paid; a customer without an id is given one. */
export const keep = ({ account }: Context, of: Omit<Kept, "id">): Kept => {
  const kept: Kept = { ...of, id: randomText(17).toLowerCase() }
  account.vault.set(kept.id, kept)
  return kept
}

/** What an order says of the payment source that it kept (`vault_response`). */
export const vaultView = (viewer: Viewer, kept: Kept): object => ({
  id: kept.id,
  status: "VAULTED",
  customer: { id: kept.customer },
  links: links(viewer, kept)
})

/**
 * What is kept under the `vault_id` of a payment source of this type. For an id that the account does not have, the
 * published file has a word where an order is completed; for its creation only PayPal's page of errors has one
 * (developer.paypal.com/api/rest/reference/orders/v2/errors).
 */
export const findKept = ({ account, place }: Context, type: string, id: string, at: string): Kept | Refusal => {
  const kept = account.vault.get(id)
  const where = { field: `${at}/vault_id`, location: "body" } as const
  if (kept === undefined) {
    return unprocessable(place.operation === "createOrder" ? "INVALID_VAULT_ID" : "TOKEN_ID_NOT_FOUND", where)
  }
  return kept.type === type ? kept : unprocessable("MISMATCHED_VAULT_ID_TO_PAYMENT_SOURCE", where)
}

// ── Payment Method Tokens, version 3 ─────────────────────────────────────────

const picked = (tree: Tree, names: ReadonlyArray<string>): Tree =>
  Object.fromEntries(names.flatMap((name) => (tree[name] === undefined ? [] : [[name, tree[name]]])))

/** The fields of `card_response` and of `paypal_wallet_response` that this sandbox knows. */
const shown = {
  card: ["name", "last_digits", "brand", "expiry"],
  paypal: ["email_address", "account_id", "name"]
} as const

/** `payment_token_response`. */
const tokenView = (viewer: Viewer, kept: Kept): object => ({
  id: kept.id,
  customer: { id: kept.customer },
  payment_source: { [kept.type]: picked(kept.view, shown[kept.type]) },
  links: links(viewer, kept)
})

const read = (view: object) => ({ whole: () => view, brief: () => view })

/** `GET /v3/vault/payment-tokens/{id}`. */
export const retrieveToken = (context: Context, id: string) => {
  const kept = context.account.vault.get(id)
  return kept === undefined ? new Refusal(404, []) : read(tokenView(context, kept))
}

/** `DELETE /v3/vault/payment-tokens/{id}`: the file has no refusal for an id that is not there. */
export const deleteToken = ({ account }: Context, id: string) => {
  account.vault.delete(id)
  return { whole: () => null, brief: () => null }
}

/** `GET /v3/vault/payment-tokens`: all that a customer has, on one page. */
export const listTokens = (context: Context, _id: string, params: Tree) => {
  const customer = textOf(params, "customer_id")
  if (customer === undefined) {
    return invalid({ issue: "MISSING_REQUIRED_PARAMETER", field: "customer_id", location: "query" })
  }
  const all = [...context.account.vault.values()].filter((kept) => kept.customer === customer)
  return read({
    customer: { id: customer },
    payment_tokens: all.map((kept) => tokenView(context, kept)),
    links: [{ href: `${context.origin}/paypal${group}?customer_id=${customer}`, rel: "self", method: "GET" }]
  })
}
