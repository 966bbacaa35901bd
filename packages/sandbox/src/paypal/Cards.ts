import { brandOf } from "../Brands.ts"
import { type Tree, textOf, treeOf } from "../Json.ts"
import { randomDigits } from "../Random.ts"
import type { Context } from "./Account.ts"
import { invalid, type Refusal, unprocessable } from "./Refusal.ts"
import { type Authentication, authentications, passed, rejections } from "./TestCards.ts"

/** A card that pays: what replies show of it, and what the issuer says. The number is not kept. */
export interface Card {
  readonly view: Tree
  readonly declined: boolean
  readonly response: Tree
  readonly network: Tree
  /** What the payer is asked, or was found without asking; undefined for a card that is not authenticated. */
  readonly authentication: Authentication | undefined
  /** The published result of its 3-D Secure, whatever is asked. */
  readonly enrolled: Authentication | undefined
}

// The words of the published card_brand; Diners is none of them.
const brandNames: Readonly<Record<string, string>> = {
  visa: "VISA",
  mastercard: "MASTERCARD",
  amex: "AMEX",
  jcb: "JCB",
  discover: "DISCOVER",
  unionpay: "CHINA_UNION_PAY"
}

const authenticationOf = (enrolled: Authentication | undefined, card: Tree): Authentication | undefined => {
  const method = textOf(treeOf(treeOf(card, "attributes"), "verification"), "method")
  return enrolled ?? (method === "SCA_ALWAYS" ? passed : undefined)
}

// developer.paypal.com/tools/sandbox/card-testing: response codes of rejections come with the AVS code G and CVV code P.
const responseOf = (rejection: string | undefined, card: Tree): Tree =>
  rejection === undefined
    ? {
        ...(textOf(treeOf(card, "billing_address"), "postal_code") === undefined ? {} : { avs_code: "Y" }),
        cvv_code: textOf(card, "security_code") === undefined ? "P" : "M",
        response_code: "0000"
      }
    : { avs_code: "G", cvv_code: "P", response_code: rejection }

const checkCard = (context: Context, card: Tree, brand: string, at: string): Refusal | undefined => {
  const absent = ["number", "expiry"].find((name) => textOf(card, name) === undefined)
  if (absent !== undefined) {
    return invalid({ issue: "MISSING_REQUIRED_PARAMETER", field: `${at}/${absent}`, location: "body" })
  }
  const expiry = textOf(card, "expiry") ?? ""
  if (expiry < context.now.slice(0, 7)) {
    return unprocessable("CARD_EXPIRED", { field: `${at}/expiry`, value: expiry, location: "body" })
  }
  const code = textOf(card, "security_code")
  return code === undefined || code.length === (brand === "amex" ? 4 : 3)
    ? undefined
    : unprocessable("INVALID_SECURITY_CODE_LENGTH", { field: `${at}/security_code`, location: "body" })
}

/** Reads a card of which the form has been checked; `name` is the cardholder's where the card itself bears none. */
export const readCard = (context: Context, card: Tree, at: string, name = textOf(card, "name")): Card | Refusal => {
  const number = textOf(card, "number") ?? ""
  const brand = brandOf(number)
  const refusal = checkCard(context, card, brand, at)
  if (refusal !== undefined) return refusal
  const rejection = rejections.get(name ?? "")
  const enrolled = authentications.get(number)
  const known = brandNames[brand]
  return {
    view: {
      ...(name === undefined ? {} : { name }),
      last_digits: number.slice(-4),
      ...(known === undefined ? {} : { brand: known }),
      type: "CREDIT",
      expiry: textOf(card, "expiry") ?? ""
    },
    declined: rejection !== undefined,
    response: responseOf(rejection, card),
    network: {
      id: randomDigits(15),
      date: context.now.slice(5, 10).replace("-", ""),
      ...(known ? { network: known } : {})
    },
    authentication: authenticationOf(enrolled, card),
    enrolled
  }
}

/** A card that was kept, as it pays again: its code is not kept, and the issuer names each transaction anew. */
export const again = (context: Context, kept: Card, given: Tree): Card => ({
  ...kept,
  response: { ...kept.response, cvv_code: "P" },
  network: { ...kept.network, id: randomDigits(15), date: context.now.slice(5, 10).replace("-", "") },
  authentication: authenticationOf(kept.enrolled, given)
})
