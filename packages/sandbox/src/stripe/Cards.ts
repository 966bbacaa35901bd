import { hash } from "node:crypto"
import { brandOf } from "../Brands.ts"
import { passesLuhn } from "../Luhn.ts"
import { newId } from "../Random.ts"
import type { Context, MethodRecord } from "./Account.ts"
import { isLocal, makeLocal } from "./LocalMethods.ts"
import type { Address, BillingDetails, Metadata, Shipping } from "./Objects.ts"
import { hasHash, hashOf, numberOf, type Params, textOf } from "./Parameters.ts"
import { badCard, conflict, invalid, missing, Refusal } from "./Refusal.ts"
import { namedCards, testCards } from "./TestCards.ts"

interface Expiry {
  readonly month: number
  readonly year: number
}

const checkExpiry = (context: Context, month: number, year: number): Expiry | Refusal => {
  const full = year < 100 ? 2000 + year : year
  const today = new Date(context.now * 1000)
  const thisYear = today.getUTCFullYear()
  if (full < thisYear || full > thisYear + 50) {
    return badCard("invalid_expiry_year", "The card's expiration year is invalid.", "exp_year")
  }
  if (month < 1 || month > 12 || (full === thisYear && month < today.getUTCMonth() + 1)) {
    return badCard("invalid_expiry_month", "The card's expiration month is invalid.", "exp_month")
  }
  return { month, year: full }
}

const blankAddress: Address = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null }

/** Reads an address hash; null for what was left out. */
export const readAddress = (params: Params): Address => ({
  city: textOf(params, "city") ?? null,
  country: textOf(params, "country") ?? null,
  line1: textOf(params, "line1") ?? null,
  line2: textOf(params, "line2") ?? null,
  postal_code: textOf(params, "postal_code") ?? null,
  state: textOf(params, "state") ?? null
})

/** Reads a shipping hash whose name has been checked. */
export const readShipping = (params: Params): Shipping => ({
  address: readAddress(hashOf(params, "address")),
  carrier: textOf(params, "carrier") ?? null,
  name: textOf(params, "name") ?? "",
  phone: textOf(params, "phone") ?? null,
  tracking_number: textOf(params, "tracking_number") ?? null
})

/** What `base` becomes when the parameters' metadata is laid over it; an empty value removes its key. */
export const mergeMetadata = (base: Metadata, params: Params): Metadata => {
  if (params.metadata === null) return {}
  const merged: Metadata = { ...base }
  for (const [key, value] of Object.entries(hashOf(params, "metadata"))) {
    if (value === "") delete merged[key]
    else if (typeof value === "string") merged[key] = value
  }
  return merged
}

/** Reads billing details; null for what was left out. */
export const readBilling = (params: Params): BillingDetails => ({
  address: hasHash(params, "address") ? readAddress(hashOf(params, "address")) : blankAddress,
  email: textOf(params, "email") ?? null,
  name: textOf(params, "name") ?? null,
  phone: textOf(params, "phone") ?? null
})

/** What is known of a card when a payment method is made of it. */
export interface Plastic {
  readonly number: string
  readonly expiry: Expiry
  readonly given: MethodRecord["given"]
  readonly networkToken: boolean
  readonly wallet: string | null
  readonly billing: BillingDetails
  readonly metadata: Metadata
}

/** A payment method of a card, not yet one of the account's. */
export const methodOf = (context: Context, plastic: Plastic): MethodRecord | Refusal => {
  const { number, expiry, given, billing } = plastic
  const behaviour = testCards.get(number)
  if (behaviour === undefined) {
    const decline = "test_mode_live_card"
    return badCard("card_declined", "Only the published test cards work here.", "number", decline)
  }
  const id = newId("pm_1")
  const brand = brandOf(number)
  const last4 = number.slice(-4)
  const { wallet } = plastic
  return {
    id,
    behaviour,
    debit: null,
    given,
    networkToken: plastic.networkToken,
    setUp: false,
    spent: false,
    object: {
      id,
      object: "payment_method",
      allow_redisplay: "unspecified",
      billing_details: billing,
      card: {
        brand,
        checks: {
          address_line1_check: given.line1 ? "unchecked" : null,
          address_postal_code_check: given.postalCode ? "unchecked" : null,
          cvc_check: given.cvc ? "unchecked" : null
        },
        country: behaviour.country ?? "US",
        display_brand: brand,
        exp_month: expiry.month,
        exp_year: expiry.year,
        fingerprint: hash("sha256", `${context.account.id} ${number}`, "hex").slice(0, 16),
        funding: behaviour.funding ?? "credit",
        generated_from: null,
        last4,
        networks: { available: [brand], preferred: null },
        three_d_secure_usage: { supported: behaviour.threeDSecure !== "not_supported" },
        wallet: wallet === null ? null : { type: wallet, [wallet]: {}, dynamic_last4: last4 }
      },
      created: context.now,
      customer: null,
      livemode: false,
      metadata: plastic.metadata,
      type: "card"
    }
  }
}

const addMethod = (context: Context, plastic: Plastic): MethodRecord | Refusal => {
  const method = methodOf(context, plastic)
  return method instanceof Refusal ? method : context.account.methods.add(method)
}

const addNamed = (context: Context, number: string, billing: BillingDetails, metadata: Metadata) =>
  addMethod(context, {
    number,
    expiry: { month: 12, year: new Date(context.now * 1000).getUTCFullYear() + 4 },
    given: { cvc: true, line1: true, postalCode: true },
    networkToken: false,
    wallet: null,
    billing,
    metadata
  })

/** The payment method of a card token, which may be used once. */
const useToken = (
  context: Context,
  id: string,
  billing: BillingDetails,
  metadata: Metadata
): MethodRecord | Refusal => {
  const number = namedCards.get(id)
  if (number !== undefined) return addNamed(context, number, billing, metadata)
  const token = context.account.tokens.get(id)
  if (token === undefined) return missing(400, "token", id, "card[token]")
  if (token.object.used) {
    return conflict("This token was used before.", { code: "token_already_used", param: "card[token]" })
  }
  token.object.used = true
  const { method } = token
  method.object.billing_details = billing
  method.object.metadata = metadata
  method.given = { ...method.given, ...givenBy(billing) }
  return context.account.methods.add(method)
}

const givenBy = ({ address }: BillingDetails) => ({
  line1: address.line1 !== null,
  postalCode: address.postal_code !== null
})

/** Reads a card's number and what goes with it. */
export const readPlastic = (
  context: Context,
  card: Params,
  billing: BillingDetails,
  metadata: Metadata,
  wallet: string | null = null
): Plastic | Refusal => {
  const token = hashOf(card, "network_token")
  const number = (textOf(card, "number") ?? textOf(token, "number"))?.replaceAll(/[ -]/g, "")
  const month = numberOf(card, "exp_month") ?? numberOf(token, "exp_month")
  const year = numberOf(card, "exp_year") ?? numberOf(token, "exp_year")
  const absent = [
    ["number", number],
    ["exp_month", month],
    ["exp_year", year]
  ].find(([, value]) => value === undefined)?.[0]
  if (number === undefined || month === undefined || year === undefined) {
    return invalid(`The card's ${absent} is missing.`, { code: "parameter_missing", param: `card[${absent}]` })
  }
  if (!/^\d{12,19}$/.test(number) || !passesLuhn(number)) {
    return badCard("incorrect_number", "The card number is incorrect.", "number")
  }
  const expiry = checkExpiry(context, month, year)
  if (expiry instanceof Refusal) return expiry
  const cvc = textOf(card, "cvc")
  if (cvc !== undefined && !(brandOf(number) === "amex" ? /^\d{3,4}$/ : /^\d{3}$/).test(cvc)) {
    return badCard("invalid_cvc", "The card's security code is invalid.", "cvc")
  }
  return {
    number,
    expiry,
    given: { cvc: cvc !== undefined, ...givenBy(billing) },
    networkToken: hasHash(card, "network_token"),
    wallet,
    billing,
    metadata
  }
}

/** Makes a payment method from the parameters of one (`payment_method_data`, or the body of a creation). */
export const makeMethod = (context: Context, params: Params): MethodRecord | Refusal => {
  const type = textOf(params, "type") ?? "card"
  const billing = readBilling(hashOf(params, "billing_details"))
  const metadata = mergeMetadata({}, params)
  if (isLocal(type)) return makeLocal(context, type, params, billing, metadata)
  if (type !== "card") {
    const code = "payment_method_unsupported_type"
    return conflict(`This sandbox does not take ${type}.`, { code, param: "type" })
  }
  const card = hashOf(params, "card")
  const token = textOf(card, "token")
  if (token !== undefined) return useToken(context, token, billing, metadata)
  const plastic = readPlastic(context, card, billing, metadata)
  return plastic instanceof Refusal ? plastic : addMethod(context, plastic)
}

/** Finds a payment method by id; a documented `pm_card_…` id makes a new one, as Stripe does. */
export const findMethod = (context: Context, id: string, status: 400 | 404 = 400): MethodRecord | Refusal => {
  const number = id.startsWith("pm_card_") ? namedCards.get(id) : undefined
  if (number !== undefined) return addNamed(context, number, readBilling({}), {})
  return context.account.methods.get(id) ?? missing(status, "payment method", id, "payment_method")
}
