import type { Address } from "@connector-service/domain/Customer"
import type { AuthorizeRequest, CaptureRequest } from "@connector-service/domain/Payment"
import { InvalidField } from "@connector-service/domain/Reason"
import { transStatus } from "@connector-service/domain/ThreeDSecure"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { table } from "../Table.ts"

const nullish = <S extends Schema.Constraint>(schema: S) => Schema.optional(Schema.NullOr(schema))
const text = nullish(Schema.String)

/** `charge`: what the issuer said. */
export const Charge = Schema.Struct({
  id: Schema.String,
  amount: Schema.Int,
  amount_captured: nullish(Schema.Int),
  amount_refunded: nullish(Schema.Int),
  payment_method_details: nullish(
    Schema.Struct({
      card: nullish(
        Schema.Struct({
          network_transaction_id: text,
          checks: nullish(
            Schema.Struct({ address_line1_check: text, address_postal_code_check: text, cvc_check: text })
          )
        })
      )
    })
  )
})

/** `api_errors` and `last_payment_error`, less the payment. */
export const Problem = Schema.Struct({
  type: text,
  code: text,
  decline_code: text,
  message: text,
  param: text,
  advice_code: text,
  network_advice_code: text,
  network_decline_code: text
})

/** `payment_intent`, with `latest_charge` expanded. */
export const PaymentIntent = Schema.Struct({
  id: Schema.String,
  status: Schema.String,
  amount: Schema.Int,
  amount_capturable: nullish(Schema.Int),
  amount_received: nullish(Schema.Int),
  currency: Schema.String,
  cancellation_reason: text,
  client_secret: text,
  metadata: nullish(Schema.Record(Schema.String, Schema.String)),
  next_action: nullish(Schema.Struct({ type: Schema.String, redirect_to_url: nullish(Schema.Struct({ url: text })) })),
  last_payment_error: nullish(Problem),
  latest_charge: nullish(Schema.Union([Schema.String, Charge])),
  payment_method: nullish(Schema.Union([Schema.String, Schema.Struct({ id: Schema.String })]))
})
/** `payment_intent`. */
export type PaymentIntent = typeof PaymentIntent.Type

/** `refund`. */
export const Refund = Schema.Struct({
  id: Schema.String,
  status: text,
  amount: Schema.Int,
  currency: Schema.String,
  failure_reason: text,
  metadata: nullish(Schema.Record(Schema.String, Schema.String)),
  payment_intent: nullish(Schema.Union([Schema.String, Schema.Struct({ id: Schema.String })]))
})

/** `token`. */
export const Token = Schema.Struct({ id: Schema.String })

/** A page of a list, newest first. */
export const list = <S extends Schema.Constraint>(item: S) =>
  Schema.Struct({ data: Schema.Array(item), has_more: Schema.Boolean })

/** Every reply of 400 and above. */
export const ErrorBody = Schema.Struct({
  error: Schema.Struct({ ...Problem.fields, type: Schema.String, payment_intent: nullish(PaymentIntent) })
})

/**
 * Digits of minor units where Stripe's differ from ISO 4217's. ISK and UGX are written with two zeros, MGA without
 * (docs.stripe.com/currencies, "Zero-decimal currencies" and "Special cases").
 */
const shift = table<{ readonly times: bigint; readonly per: bigint }>({
  ISK: { times: 100n, per: 1n },
  UGX: { times: 100n, per: 1n },
  MGA: { times: 1n, per: 100n }
})
/** Three-decimal currencies whose last digit must be zero (docs.stripe.com/currencies, "Three-decimal currencies"). */
const lastDigitZero = new Set(["BHD", "JOD", "KWD", "OMR", "TND"])

/** Stripe's integer for an amount. */
export const toAmount = (money: AuthorizeRequest["amount"]): Effect.Effect<number, InvalidField> => {
  const { per = 1n, times = 1n } = shift(money.currencyCode) ?? {}
  const step = lastDigitZero.has(money.currencyCode) ? 10n : per
  return money.minorUnits % step === 0n
    ? Effect.succeed(Number((money.minorUnits * times) / per))
    : Effect.fail(
        new InvalidField({
          field: "amount.minor_units",
          rule: `a multiple of ${step} in ${money.currencyCode} at this processor`
        })
      )
}

/** The same of a part of a payment, for which Stripe takes no currency: it must be the payment's, which `state` tells. */
export const toPartOf = ({
  amount,
  state
}: Pick<CaptureRequest, "amount" | "state">): Effect.Effect<number, InvalidField> => {
  const currency = state?.["currency"]
  return currency === undefined || currency === amount.currencyCode
    ? toAmount(amount)
    : Effect.fail(new InvalidField({ field: "amount.currency_code", rule: `${currency}, as the payment's` }))
}

/**
 * The amount of Stripe's integer. One that is no whole number of our minor units, which Stripe's documentation rules out,
 * stays Stripe's own, in its own spelling of the currency: it must not come out equal to what was asked.
 */
export const fromAmount = (amount: number, currency: string): AuthorizeRequest["amount"] => {
  const currencyCode = currency.toUpperCase()
  const { per = 1n, times = 1n } = shift(currencyCode) ?? {}
  const units = BigInt(amount) * per
  return units % times === 0n
    ? { minorUnits: units / times, currencyCode }
    : { minorUnits: BigInt(amount), currencyCode: currency }
}

/** An `address`. */
export const address = (of: Address | undefined) =>
  of && {
    line1: of.line1,
    line2: of.line2,
    city: of.city,
    state: of.region,
    postal_code: of.postalCode,
    country: of.countryCode
  }

const requestThreeDSecure = { IF_REQUIRED: "automatic", ALWAYS: "any", CHALLENGE: "challenge" } as const

/** `payment_method_options[card]`: 3-D Secure asked for, or its result brought along. */
export const threeDSecure = ({
  threeDSecureRequest,
  threeDSecureResult: result
}: Pick<AuthorizeRequest, "threeDSecureRequest" | "threeDSecureResult">) => ({
  request_three_d_secure: threeDSecureRequest && requestThreeDSecure[threeDSecureRequest],
  three_d_secure: result && {
    version: result.version,
    cryptogram: Redacted.value(result.cryptogram),
    transaction_id: result.transactionId,
    electronic_commerce_indicator: result.eci?.padStart(2, "0"),
    ares_trans_status: transStatus[result.status]
  }
})

/** `shipping`. */
export const shipping = ({ shipping }: Pick<AuthorizeRequest, "shipping">) =>
  shipping && {
    name: shipping.name,
    address: address(shipping.address),
    phone: shipping.phone,
    carrier: shipping.carrier,
    tracking_number: shipping.trackingNumber
  }
