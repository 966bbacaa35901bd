import { isTree, type Tree, textOf, treeOf } from "../Json.ts"
import { type Context, newId } from "./Account.ts"
import { again, type Card, readCard } from "./Cards.ts"
import { invalid, Refusal, unprocessable } from "./Refusal.ts"
import type { Authentication } from "./TestCards.ts"
import { findKept, type Kept } from "./Vault.ts"

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
  /** It was kept before, so that its payer needs not approve. */
  readonly saved: boolean
  /** Whom it is to be kept for once it has paid; undefined where it is not to be. */
  readonly keepFor: string | undefined
  /** As what it was kept when it paid. */
  readonly kept: Kept | undefined
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
    inApp: false,
    saved: false,
    keepFor: undefined,
    kept: undefined
  }
}

const notSupported = (field: string): Refusal => invalid({ issue: "NOT_SUPPORTED", field, location: "body" })

/** Whom the source is to be kept for. A customer that the request does not name is a new one. */
const keepFor = (given: Tree): string | Refusal | undefined => {
  const attributes = treeOf(given, "attributes")
  if (attributes.vault === undefined) return undefined
  const instruction = textOf(treeOf(attributes, "vault"), "store_in_vault")
  if (instruction === undefined) return unprocessable("VAULT_INSTRUCTION_REQUIRED")
  return textOf(treeOf(attributes, "customer"), "id") ?? newId()
}

const readWallet: Reader = (context, given, at, type) => {
  const id = textOf(given, "vault_id")
  if (id === undefined) {
    const customer = keepFor(given)
    return customer instanceof Refusal ? customer : { ...base(type, "wallet", given, {}), keepFor: customer }
  }
  const kept = findKept(context, type, id, at)
  return kept instanceof Refusal ? kept : { ...base(type, "wallet", given, kept.view), saved: true }
}

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

const readKept = (context: Context, given: Tree, id: string, at: string): Card | Refusal => {
  const kept = findKept(context, "card", id, at)
  if (kept instanceof Refusal) return kept
  return kept.card === undefined ? notSupported(`${at}/vault_id`) : again(context, kept.card, given)
}

const readAnyCard = (context: Context, given: Tree, at: string): Card | Refusal => {
  const id = textOf(given, "vault_id")
  if (id !== undefined) return readKept(context, given, id, at)
  return given.network_token === undefined ? readCard(context, given, at) : readToken(context, given, at)
}

/** What `card_stored_credential` says of which of its words go together, and what a merchant's own charge cannot have. */
const checkInitiator = (given: Tree, at: string): Refusal | undefined => {
  const stored = treeOf(given, "stored_credential")
  const byMerchant = stored.payment_initiator === "MERCHANT"
  const unfit = byMerchant
    ? stored.payment_type === "ONE_TIME"
      ? "payment_type"
      : stored.usage === "FIRST"
        ? "usage"
        : undefined
    : stored.previous_network_transaction_reference && "previous_network_transaction_reference"
  if (unfit !== undefined) {
    return unprocessable("INCOMPATIBLE_PARAMETER_VALUE", {
      field: `${at}/stored_credential/${unfit}`,
      location: "body"
    })
  }
  return byMerchant && given.security_code !== undefined
    ? unprocessable("MERCHANT_INITIATED_WITH_SECURITY_CODE", { field: `${at}/security_code`, location: "body" })
    : undefined
}

const readCardSource: Reader = (context, given, at, type) => {
  const refusal = checkInitiator(given, at)
  if (refusal !== undefined) return refusal
  const customer = keepFor(given)
  if (customer instanceof Refusal) return customer
  const read = readAnyCard(context, given, at)
  if (read instanceof Refusal) return read
  // a payer who is not there cannot be asked
  const absent = treeOf(given, "stored_credential").payment_initiator === "MERCHANT"
  const card = absent ? { ...read, authentication: undefined } : read
  const authentication = card.authentication?.challenge === false ? card.authentication : undefined
  const saved = given.vault_id !== undefined
  return { ...base(type, "card", given, card.view), card, authentication, saved, keepFor: saved ? undefined : customer }
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
