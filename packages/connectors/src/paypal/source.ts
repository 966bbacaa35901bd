import { type Network, network } from "@connector-service/domain/Card"
import type { AuthorizeRequest } from "@connector-service/domain/Payment"
import { InvalidField, MissingField, type Reason } from "@connector-service/domain/Reason"
import type { ThreeDSecureRequest } from "@connector-service/domain/ThreeDSecure"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { table } from "../Table.ts"
import { toAddress, toAmount } from "./wire.ts"

/** The payment methods that PayPal takes from a server. */
export const accepts = [
  "Card",
  "NetworkToken",
  "SavedPaymentMethod",
  "ApplePayDecrypted",
  "GooglePayDecrypted",
  "Paypal",
  "Ideal",
  "Bancontact",
  "Blik"
] as const

type Method = Extract<AuthorizeRequest["paymentMethod"], { readonly _tag: (typeof accepts)[number] }>
/** An authorization by one of the payment methods that PayPal takes. */
export interface Authorize extends Omit<AuthorizeRequest, "paymentMethod"> {
  readonly paymentMethod: Method
}

type Sources = {
  readonly [Tag in Method["_tag"]]: (
    input: Authorize,
    method: Extract<Method, { readonly _tag: Tag }>
  ) => Effect.Effect<object, Reason>
}

const needed = <A>(value: A | undefined, field: string): Effect.Effect<A, MissingField> =>
  value === undefined ? Effect.fail(new MissingField({ field })) : Effect.succeed(value)

const billing = ({ billingAddress }: Authorize) =>
  billingAddress === undefined ? Effect.undefined : toAddress(billingAddress, "billing_address")

/** Whether a saved payment method is a wallet. Only the answer that named it knows, and a wallet is no card. */
export const isWallet = ({ paymentMethod, state }: Authorize): boolean =>
  paymentMethod._tag === "SavedPaymentMethod" && state?.paymentSource === "paypal"

/** Where the payer comes back to who has approved, and who has not: the order tells which. */
const back = ({ returnUrl }: Authorize) => returnUrl && { return_url: returnUrl, cancel_url: returnUrl }

/** Languages of three letters are none of PayPal's. */
const localeOf = ({ locale }: Authorize) =>
  locale !== undefined && /^[a-z]{2}(?:-|$)/.test(locale) ? locale : undefined

const expiry = (of: { readonly expiryMonth: number; readonly expiryYear: number }) =>
  `${of.expiryYear}-${String(of.expiryMonth).padStart(2, "0")}`

const verification: Readonly<Partial<Record<ThreeDSecureRequest, string>>> = {
  IF_REQUIRED: "SCA_WHEN_REQUIRED",
  ALWAYS: "SCA_ALWAYS"
}

/** `card`, with 3-D Secure as it is asked for, and where its page leads back to. */
const card = Effect.fnUntraced(function* (input: Authorize, details: object) {
  const { threeDSecureRequest: asked } = input
  if (asked === "ALWAYS") yield* needed(input.returnUrl, "return_url")
  return {
    card: {
      ...details,
      billing_address: yield* billing(input),
      attributes: asked && { verification: { method: verification[asked] } },
      experience_context: back(input)
    }
  }
})

/** Networks by whose electronic commerce indicators PayPal knows a token (`eci_flag`). */
const indicators: Readonly<Partial<Record<Network, "mastercard" | "visa">>> = {
  mastercard: "mastercard",
  visa: "visa",
  amex: "visa",
  jcb: "visa",
  diners: "visa"
}
/** `eci_flag` (github.com/paypal/PayPal-PHP-Server-SDK, doc/models/eci-flag.md), by the networks' own numbers. */
const eciFlag = table({
  "mastercard 00": "MASTERCARD_NON_3D_SECURE_TRANSACTION",
  "mastercard 01": "MASTERCARD_ATTEMPTED_AUTHENTICATION_TRANSACTION",
  "mastercard 02": "MASTERCARD_FULLY_AUTHENTICATED_TRANSACTION",
  "visa 05": "FULLY_AUTHENTICATED_TRANSACTION",
  "visa 06": "ATTEMPTED_AUTHENTICATION_TRANSACTION",
  "visa 07": "NON_3D_SECURE_TRANSACTION"
})

const toEciFlag = (number: Redacted.Redacted<string>, eci: string): Effect.Effect<string, InvalidField> => {
  const of = network(number)
  const flag = of && eciFlag(`${indicators[of]} ${eci.padStart(2, "0")}`)
  return flag === undefined
    ? Effect.fail(
        new InvalidField({
          field: "payment_method.network_token.eci",
          rule: "one that this processor knows of its network"
        })
      )
    : Effect.succeed(flag)
}

/** A bank's payment, in the payer's name. */
const bank = Effect.fnUntraced(function* (input: Authorize) {
  const { billingAddress, customer } = input
  const { familyName, givenName } = customer ?? {}
  const fullName = givenName === undefined || familyName === undefined ? undefined : `${givenName} ${familyName}`
  yield* needed(input.returnUrl, "return_url")
  return {
    name: yield* needed(customer?.name ?? fullName, "customer.name"),
    country_code: yield* needed(billingAddress?.countryCode, "billing_address.country_code"),
    experience_context: { ...back(input), locale: localeOf(input) }
  }
})

const sources: Sources = {
  Card: (input, method) =>
    card(input, {
      name: method.holderName,
      number: Redacted.value(method.number),
      expiry: expiry(method),
      security_code: method.cvc && Redacted.value(method.cvc)
    }),
  NetworkToken: Effect.fnUntraced(function* (input, method) {
    const network_token = {
      number: Redacted.value(method.number),
      expiry: expiry(method),
      cryptogram: method.cryptogram && Redacted.value(method.cryptogram),
      eci_flag: method.eci === undefined ? undefined : yield* toEciFlag(method.number, method.eci)
    }
    return yield* card(input, { name: method.holderName, network_token })
  }),
  // the published file, MISMATCHED_VAULT_ID_TO_PAYMENT_SOURCE
  SavedPaymentMethod: (input, { id }) =>
    isWallet(input)
      ? Effect.succeed({ paypal: { vault_id: id, experience_context: back(input) } })
      : card(input, { vault_id: id }),
  ApplePayDecrypted: Effect.fnUntraced(function* (input, method) {
    return {
      apple_pay: {
        decrypted_token: {
          transaction_amount: yield* toAmount(input.amount),
          tokenized_card: {
            name: method.holderName,
            number: Redacted.value(method.number),
            expiry: expiry(method),
            billing_address: yield* billing(input)
          },
          payment_data_type: "3DSECURE",
          payment_data: { cryptogram: Redacted.value(method.cryptogram), eci_indicator: method.eci?.padStart(2, "0") }
        }
      }
    }
  }),
  GooglePayDecrypted: Effect.fnUntraced(function* (input, method) {
    return {
      google_pay: {
        decrypted_token: {
          payment_method: "CARD",
          authentication_method: method.cryptogram === undefined ? "PAN_ONLY" : "CRYPTOGRAM_3DS",
          card: {
            name: method.holderName,
            number: Redacted.value(method.number),
            expiry: expiry(method),
            billing_address: yield* billing(input)
          },
          cryptogram: method.cryptogram && Redacted.value(method.cryptogram),
          eci_indicator: method.eci?.padStart(2, "0")
        },
        experience_context: back(input)
      }
    }
  }),
  Paypal: Effect.fnUntraced(function* (input) {
    const { email, familyName, givenName } = input.customer ?? {}
    yield* needed(input.returnUrl, "return_url")
    return {
      paypal: {
        email_address: email,
        name: givenName && familyName && { given_name: givenName, surname: familyName },
        experience_context: {
          ...back(input),
          locale: localeOf(input),
          user_action: "PAY_NOW",
          shipping_preference: input.shipping === undefined ? "NO_SHIPPING" : "SET_PROVIDED_ADDRESS"
        }
      }
    }
  }),
  Ideal: (input) => Effect.map(bank(input), (ideal) => ({ ideal })),
  // a card of Bancontact is typed on PayPal's page: it takes none from a server
  Bancontact: (input) => Effect.map(bank(input), (bancontact) => ({ bancontact })),
  Blik: (input, { code }) =>
    Effect.map(bank(input), ({ experience_context, ...bank }) => ({
      blik: {
        ...bank,
        email: input.customer?.email,
        level_0: { auth_code: Redacted.value(code) },
        experience_context: {
          ...experience_context,
          consumer_ip: input.browser?.ipAddress,
          // PayPal's field holds no more
          consumer_user_agent: input.browser?.userAgent.slice(0, 256)
        }
      }
    }))
}

/** `payment_source`: one member, named as the kind of method. */
export const paymentSource = (input: Authorize): Effect.Effect<object, Reason> =>
  // the table's entry is the one of this method's tag
  sources[input.paymentMethod._tag](input, input.paymentMethod as never)
