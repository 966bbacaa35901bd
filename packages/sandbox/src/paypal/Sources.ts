import { isTree, type Tree, textOf, treeOf } from "../Json.ts"
import type { Context } from "./Account.ts"
import { type Card, readCard } from "./Cards.ts"
import { invalid, Refusal } from "./Refusal.ts"
import type { Authentication } from "./TestCards.ts"

/** How a PayPal balance pays once the payer approved: an instrument that is declined, or one that takes days. */
export type Funding = "declined" | "echeck" | "instant"

/** What an order is paid with; `type` is its name among the payment sources. */
export interface Source {
  readonly type: string
  readonly kind: "bank" | "card" | "wallet"
  /** What replies show of it, once approved with what PayPal knows of the payer. */
  readonly view: Tree
  readonly card: Card | undefined
  readonly funding: Funding
  /** What 3-D Secure came to. */
  readonly authentication: Authentication | undefined
  readonly returnUrl: string | undefined
  readonly cancelUrl: string | undefined
  /** The payer is asked in the bank's app, and sent nowhere. */
  readonly inApp: boolean
}

/** The payer behind every approval: the published sample's account, PayPal gives its id back as PayerID. */
export const payer = { id: "QYR5Z8XDVJNXQ", email: "customer@example.com" } as const

type Reader = (context: Context, given: Tree, at: string, type: string) => Source | Refusal

const base = (type: string, kind: Source["kind"], given: Tree, view: Tree): Source => {
  const experience = treeOf(given, "experience_context")
  return {
    type,
    kind,
    view,
    card: undefined,
    funding: "instant",
    authentication: undefined,
    returnUrl: textOf(experience, "return_url"),
    cancelUrl: textOf(experience, "cancel_url"),
    inApp: false
  }
}

const notSupported = (field: string): Refusal => invalid({ issue: "NOT_SUPPORTED", field, location: "body" })

const readWallet: Reader = (_context, given, at, type) =>
  given.vault_id === undefined ? base(type, "wallet", given, {}) : notSupported(`${at}/vault_id`)

const holderOf = (given: Tree): Tree => ({
  name: textOf(given, "name") ?? "",
  country_code: textOf(given, "country_code") ?? ""
})

const readBank: Reader = (_context, given, _at, type) => base(type, "bank", given, holderOf(given))

// developer.paypal.com/beta/apm-beta/blik-seamless: with a code (`level_0`) the payer stays on the shop's page.
const readBlik: Reader = (_context, given, at, type) => {
  if (given.one_click !== undefined) return notSupported(`${at}/one_click`)
  const email = textOf(given, "email")
  const view = { ...holderOf(given), ...(email === undefined ? {} : { email }) }
  return { ...base(type, "bank", given, view), inApp: given.level_0 !== undefined }
}

// A network token comes with its own proof, so the payer is not asked.
const readToken = (context: Context, given: Tree, at: string): Card | Refusal => {
  const card = readCard(context, treeOf(given, "network_token"), `${at}/network_token`, textOf(given, "name"))
  return card instanceof Refusal ? card : { ...card, authentication: undefined }
}

const readCardSource: Reader = (context, given, at, type) => {
  if (given.vault_id !== undefined) return notSupported(`${at}/vault_id`)
  const card = given.network_token === undefined ? readCard(context, given, at) : readToken(context, given, at)
  if (card instanceof Refusal) return card
  const authentication = card.authentication?.challenge === false ? card.authentication : undefined
  return { ...base(type, "card", given, card.view), card, authentication }
}

// Apple Pay calls the card inside its decrypted token `tokenized_card`, Google Pay `card`.
const device =
  (inner: string): Reader =>
  (context, given, at, type) => {
    const token = treeOf(given, "decrypted_token")
    if (!isTree(token[inner])) {
      return invalid({ issue: "MISSING_REQUIRED_PARAMETER", field: `${at}/decrypted_token/${inner}`, location: "body" })
    }
    const name = textOf(given, "name")
    const card = readCard(context, treeOf(token, inner), `${at}/decrypted_token/${inner}`, name)
    if (card instanceof Refusal) return card
    const { last_digits, brand, type: kind } = card.view
    const shown: Tree = { last_digits: last_digits ?? "", ...(brand === undefined ? {} : { brand }), type: kind ?? "" }
    return { ...base(type, "card", given, { ...(name === undefined ? {} : { name }), card: shown }), card }
  }

const readers: Readonly<Record<string, Reader>> = {
  paypal: readWallet,
  card: readCardSource,
  apple_pay: device("tokenized_card"),
  google_pay: device("card"),
  bancontact: readBank,
  blik: readBlik,
  eps: readBank,
  ideal: readBank,
  mybank: readBank
}

/** The payment sources that this sandbox reads. */
export const knownSources: ReadonlyArray<string> = Object.keys(readers)

/** Reads the one source of a `payment_source` of which the form has been checked. */
export const readSource = (context: Context, given: Tree): Source | Refusal => {
  const [type, another] = Object.keys(given)
  const at = "/payment_source"
  if (type === undefined || another !== undefined) {
    return invalid({ issue: "INVALID_PARAMETER_VALUE", field: at, location: "body" })
  }
  const reader = readers[type]
  if (reader === undefined) return notSupported(`${at}/${type}`)
  return reader(context, treeOf(given, type), `${at}/${type}`, type)
}

/** The wallet of the payer who approved. */
export const approvedWallet = (source: Source | undefined, funding: Funding): Source => ({
  ...(source ?? base("paypal", "wallet", {}, {})),
  funding,
  view: {
    email_address: payer.email,
    account_id: payer.id,
    account_status: "VERIFIED",
    name: { given_name: "Pat", surname: "Ayer" },
    address: { country_code: "US" }
  }
})
