import type { Customer } from "@connector-service/domain/Customer"
import type { AuthorizeRequest } from "@connector-service/domain/Payment"
import { InvalidField, MissingField } from "@connector-service/domain/Reason"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { FormValue } from "../Form.ts"
import * as W from "./wire.ts"

/** The payment methods that Stripe takes. */
export const accepted = [
  "Card",
  "NetworkToken",
  "SavedPaymentMethod",
  "ApplePay",
  "ApplePayDecrypted",
  "GooglePay",
  "GooglePayDecrypted",
  "Paypal",
  "Ideal",
  "Bancontact",
  "SepaDebit",
  "Klarna",
  "Blik"
] as const
type Accepted = (typeof accepted)[number]
type Method<Tag extends Accepted = Accepted> = Extract<AuthorizeRequest["paymentMethod"], { readonly _tag: Tag }>

/** An authorization by one of the payment methods that Stripe takes. */
export interface Authorize extends Omit<AuthorizeRequest, "paymentMethod"> {
  readonly paymentMethod: Method
}

type Secret = Redacted.Redacted<string>
type Fields = { readonly [key: string]: FormValue }

const nameOf = ({ customer, paymentMethod: method }: Authorize): Customer["name"] => {
  const holder = method._tag === "Bancontact" ? method.card : method
  return (holder !== undefined && "holderName" in holder ? holder.holderName : undefined) ?? customer?.name
}

/** What some payment methods cannot do without, by its path in the message. */
const details = {
  "customer.name": nameOf,
  "customer.email": ({ customer }: Authorize) => customer?.email,
  "billing_address.country_code": ({ billingAddress }: Authorize) => billingAddress?.countryCode,
  return_url: ({ returnUrl }: Authorize) => returnUrl
} as const

/** Stripe's name of a payment method, whether it can be captured later, and what it cannot do without. */
interface Kind {
  readonly type: string
  readonly manual: boolean
  readonly needs: ReadonlyArray<keyof typeof details>
}

const kind = (type: string, manual: boolean, ...needs: Kind["needs"]): Kind => ({ type, manual, needs })
const card = kind("card", true)
/**
 * docs.stripe.com/payments/<method>/accept-a-payment; captured later where payment_method_options[<method>] has a
 * capture_method (docs.stripe.com/api/payment_intents/create). Klarna: until API version 2025-02-24.
 */
const kinds: { readonly [Tag in Accepted]: Kind } = {
  Card: card,
  NetworkToken: card,
  SavedPaymentMethod: card,
  ApplePay: card,
  ApplePayDecrypted: card,
  GooglePay: card,
  GooglePayDecrypted: card,
  Paypal: kind("paypal", true, "return_url"),
  Ideal: kind("ideal", false, "return_url"),
  Bancontact: kind("bancontact", false, "customer.name", "return_url"),
  SepaDebit: kind("sepa_debit", false, "customer.email"),
  Klarna: kind("klarna", true, "customer.email", "billing_address.country_code", "return_url"),
  Blik: kind("blik", false)
}

/** Why Stripe would not take the payment method so. */
const unfit = (input: Authorize, { manual, needs, type }: Kind): MissingField | InvalidField | undefined => {
  const missing = needs.find((field) => details[field](input) === undefined)
  if (missing !== undefined) return new MissingField({ field: missing })
  if (input.captureMethod === "MANUAL" && !manual) {
    return new InvalidField({ field: "capture_method", rule: "AUTOMATIC with this payment method at this processor" })
  }
  if (type === "card") return undefined
  const field =
    input.threeDSecureResult !== undefined
      ? "three_d_secure_result"
      : (input.threeDSecureRequest ?? "IF_REQUIRED") !== "IF_REQUIRED"
        ? "three_d_secure_request"
        : undefined
  return field && new InvalidField({ field, rule: "only with a card" })
}

const expiry = (of: { readonly expiryMonth: number; readonly expiryYear: number }) => ({
  exp_month: of.expiryMonth,
  exp_year: of.expiryYear
})

// ── Tokens ───────────────────────────────────────────────────────────────────

const deviceCard = (method: Method<"ApplePayDecrypted" | "GooglePayDecrypted">, tokenization_method: string) => ({
  card: {
    number: Redacted.value(method.number),
    ...expiry(method),
    cryptogram: method.cryptogram && Redacted.value(method.cryptogram),
    eci: method.eci?.padStart(2, "0"),
    tokenization_method
  }
})

/**
 * What is first traded for a card token, and undefined where nothing is: a wallet's token, encrypted or not (stripe-ios,
 * PKPayment+Stripe; Active Merchant, stripe_payment_intents.rb, tokenize_apple_google).
 */
export const toToken = ({ paymentMethod: method }: Pick<AuthorizeRequest, "paymentMethod">): Fields | undefined => {
  switch (method._tag) {
    case "ApplePay":
      return {
        pk_token: Redacted.value(method.paymentData),
        pk_token_instrument_name: method.displayName,
        pk_token_payment_network: method.network,
        pk_token_transaction_id: method.transactionId
      }
    case "ApplePayDecrypted":
      return deviceCard(method, "apple_pay")
    case "GooglePayDecrypted":
      // without a cryptogram the number is the card's own
      return method.cryptogram && deviceCard(method, "android_pay")
    default:
      return undefined
  }
}

/** Google Pay gives Stripe's own token, as JSON (docs.stripe.com/google-pay). */
const decodeGoogle = Schema.decodeUnknownResult(
  Schema.fromJsonString(Schema.Struct({ id: Schema.String.check(Schema.isPattern(/^tok_\w+$/)) }))
)
const googleToken = ({ token }: Method<"GooglePay">) => {
  const decoded = decodeGoogle(Redacted.value(token))
  return Result.isSuccess(decoded)
    ? Effect.succeed(decoded.success.id)
    : Effect.fail(
        new InvalidField({ field: "payment_method.google_pay.token", rule: "JSON with an id that begins with tok_" })
      )
}

// ── Payment methods ──────────────────────────────────────────────────────────

/** What `payment_method_data` holds of the payment method itself, beside its type. */
const dataOf = (method: Method, traded: Secret | undefined): Effect.Effect<Fields, InvalidField> => {
  switch (method._tag) {
    case "Card":
      return Effect.succeed({
        card: {
          number: Redacted.value(method.number),
          ...expiry(method),
          cvc: method.cvc && Redacted.value(method.cvc)
        }
      })
    case "NetworkToken":
      return Effect.succeed({ card: { network_token: { number: Redacted.value(method.number), ...expiry(method) } } })
    case "GooglePay":
      return Effect.map(googleToken(method), (token) => ({ card: { token } }))
    case "GooglePayDecrypted":
      if (method.cryptogram !== undefined) break
      return Effect.succeed({ card: { number: Redacted.value(method.number), ...expiry(method) } })
    case "SepaDebit":
      return Effect.succeed({ sepa_debit: { iban: Redacted.value(method.iban) } })
  }
  return Effect.succeed(traded === undefined ? {} : { card: { token: Redacted.value(traded) } })
}

/** `payment_method_options`. */
const optionsOf = (input: Authorize): Fields => {
  const { paymentMethod: method } = input
  if (method._tag === "Blik") return { blik: { code: Redacted.value(method.code) } }
  if (kinds[method._tag] !== card) return {}
  const network_token = method._tag === "NetworkToken" && {
    cryptogram: method.cryptogram && Redacted.value(method.cryptogram),
    electronic_commerce_indicator: method.eci?.padStart(2, "0")
  }
  return { card: { network_token: network_token || undefined, ...W.threeDSecure(input) } }
}

/** The payer's consent to a debit, as the caller has it: online with the browser it came from, else on paper. */
const mandateOf = ({ browser, paymentMethod: { _tag } }: Authorize): Fields | undefined =>
  _tag !== "SepaDebit"
    ? undefined
    : browser?.ipAddress === undefined
      ? { customer_acceptance: { type: "offline" } }
      : {
          customer_acceptance: {
            type: "online",
            online: { ip_address: browser.ipAddress, user_agent: browser.userAgent }
          }
        }

/** The payment method, and whatever of the payment depends on it; `traded` is what its token was traded for. */
export const paymentMethod = Effect.fnUntraced(function* (
  input: Authorize,
  traded: Secret | undefined
): Effect.fn.Return<Fields, MissingField | InvalidField> {
  const { customer, paymentMethod: method, statementDescriptor } = input
  const kind = kinds[method._tag]
  const wrong = unfit(input, kind)
  if (wrong !== undefined) return yield* wrong
  const payment = {
    payment_method_types: [kind.type],
    payment_method_options: optionsOf(input),
    mandate_data: mandateOf(input),
    // cards take a suffix only, and nothing else takes one (docs.stripe.com/api/payment_intents/create)
    [kind === card ? "statement_descriptor_suffix" : "statement_descriptor"]: statementDescriptor
  }
  if (method._tag === "SavedPaymentMethod") return { ...payment, payment_method: method.id }
  return {
    ...payment,
    payment_method_data: {
      type: kind.type,
      ...(yield* dataOf(method, traded)),
      billing_details: {
        name: nameOf(input),
        email: customer?.email,
        phone: customer?.phone,
        address: W.address(input.billingAddress)
      }
    }
  }
})
