import { newId } from "../Random.ts"
import type { Context, TokenRecord } from "./Account.ts"
import { methodOf, type Plastic, readBilling, readPlastic } from "./Cards.ts"
import type { CardPart, Token } from "./Objects.ts"
import {
  choice,
  type Fields,
  hasHash,
  hash,
  hashOf,
  integer,
  list,
  type Params,
  text,
  textOf,
  type Value
} from "./Parameters.ts"
import { conflict, invalid, missing, Refusal } from "./Refusal.ts"

/** Its parameters: pk_token… and a card's last three as in stripe-ios, PKPayment+Stripe, and Active Merchant, stripe_payment_intents.rb. */
export const createTokenFields: Fields = {
  expand: list,
  card: hash(
    {
      address_city: text(),
      address_country: text(),
      address_line1: text(),
      address_line2: text(),
      address_state: text(),
      address_zip: text(),
      currency: text(),
      cvc: text(),
      exp_month: integer(),
      exp_year: integer(),
      name: text(),
      number: text(),
      cryptogram: text(),
      eci: text(2),
      tokenization_method: choice("android_pay", "apple_pay")
    },
    ["exp_month", "exp_year", "number"]
  ),
  customer: text(),
  pk_token: text(20_000),
  pk_token_instrument_name: text(),
  pk_token_payment_network: text(),
  pk_token_transaction_id: text()
}

/** Brands as a card token spells them (docs.stripe.com/api/tokens/object). */
const brands: Readonly<Record<string, string>> = {
  amex: "American Express",
  diners: "Diners Club",
  discover: "Discover",
  jcb: "JCB",
  mastercard: "MasterCard",
  unionpay: "UnionPay",
  visa: "Visa"
}
const wallets: Readonly<Record<string, string>> = { android_pay: "google_pay", apple_pay: "apple_pay" }

const isJson = (text: string): boolean => {
  try {
    return typeof JSON.parse(text) === "object"
  } catch {
    return false
  }
}

/**
 * Apple's token cannot be opened here. The test environment makes Stripe's test card of one; the number inside the
 * transaction id of Apple's simulator is that of stripe-ios ("ApplePayStubs~4242424242424242~0~USD~…").
 */
const readApplePay = (context: Context, params: Params, token: string): Plastic | Refusal => {
  if (!isJson(token)) return invalid("The pk_token is not Apple's.", { param: "pk_token" })
  const [, stubbed = "4242424242424242"] = (textOf(params, "pk_token_transaction_id") ?? "").split("~")
  const year = new Date(context.now * 1000).getUTCFullYear() + 4
  const card: Params = { number: stubbed, exp_month: 12, exp_year: year }
  return readPlastic(context, card, readBilling({}), {}, "apple_pay")
}

const readCard = (context: Context, card: Params): Plastic | Refusal => {
  const method = textOf(card, "tokenization_method")
  if (method !== undefined && textOf(card, "cryptogram") === undefined) {
    return invalid("A wallet's number needs its cryptogram.", { code: "parameter_missing", param: "card[cryptogram]" })
  }
  return readPlastic(context, card, readBilling({}), {}, method === undefined ? null : (wallets[method] ?? null))
}

const read = (context: Context, params: Params): Plastic | Refusal => {
  const apple = textOf(params, "pk_token")
  if (apple !== undefined) return readApplePay(context, params, apple)
  return hasHash(params, "card")
    ? readCard(context, hashOf(params, "card"))
    : invalid("A token needs a card.", { code: "parameter_missing", param: "card" })
}

const address = ["city", "country", "line1", "line2", "state", "zip"] as const

const describeCard = (card: CardPart, params: Params, method: Value | undefined): Token["card"] => {
  const given = hashOf(params, "card")
  return {
    id: newId("card_1"),
    object: "card",
    ...Object.fromEntries(address.map((part) => [`address_${part}`, textOf(given, `address_${part}`) ?? null])),
    address_line1_check: null,
    address_zip_check: null,
    brand: brands[card.brand] ?? "Unknown",
    country: card.country,
    cvc_check: card.checks.cvc_check,
    dynamic_last4: card.wallet?.dynamic_last4 ?? null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    fingerprint: card.fingerprint,
    funding: card.funding,
    last4: card.last4,
    metadata: {},
    name: textOf(given, "name") ?? null,
    tokenization_method: method ?? null
  }
}

/** `POST /v1/tokens`: a card's number, or a wallet's token, traded for a token that may be paid with once. */
export const createToken = (context: Context, _id: string, params: Params): Token | Refusal => {
  const plastic = read(context, params)
  if (plastic instanceof Refusal) return plastic
  const method = methodOf(context, plastic)
  if (method instanceof Refusal) return method
  const { card } = method.object
  if (card === undefined) return conflict("This token is of no card.")
  const by = textOf(params, "pk_token") === undefined ? hashOf(params, "card").tokenization_method : "apple_pay"
  const id = newId("tok_1")
  const token: TokenRecord = {
    id,
    method,
    object: {
      id,
      object: "token",
      card: describeCard(card, params, by),
      client_ip: null,
      created: context.now,
      livemode: false,
      type: "card",
      used: false
    }
  }
  return context.account.tokens.add(token).object
}

/** `GET /v1/tokens/:id`. */
export const retrieveToken = (context: Context, id: string): Token | Refusal =>
  context.account.tokens.get(id)?.object ?? missing(404, "token", id, "token")
