import type { Address } from "@connector-service/domain/Customer"
import { format, type Money, parse } from "@connector-service/domain/Money"
import { InvalidField, MissingField } from "@connector-service/domain/Reason"
import type { Write } from "@connector-service/domain/Write"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const nullish = <S extends Schema.Constraint>(schema: S) => Schema.optional(Schema.NullOr(schema))
const text = nullish(Schema.String)

/** An amount as PayPal writes it. */
interface Amount {
  readonly currency_code: string
  readonly value: string
}

/** Zeros behind the point that say nothing: some currencies are answered with more decimals than they have. */
const surplus = /(?:\.0*|(\.\d*[1-9])0+)$/

/** The amount of PayPal's text; undefined for what is no amount of its currency. */
export const fromAmount = (amount: Amount | null | undefined): Money | undefined =>
  amount == null ? undefined : Option.getOrUndefined(parse(amount.value.replace(surplus, "$1"), amount.currency_code))

/** Two decimals by ISO 4217 and none at PayPal (developer.paypal.com/api/rest/reference/currency-codes). */
const withoutDecimals = new Set(["HUF", "TWD"])

/** PayPal's text for an amount. */
export const toAmount = (money: Money, field = "amount.minor_units"): Effect.Effect<Amount, InvalidField> => {
  const { currencyCode, minorUnits } = money
  if (!withoutDecimals.has(currencyCode)) return Effect.succeed({ currency_code: currencyCode, value: format(money) })
  return minorUnits % 100n === 0n
    ? Effect.succeed({ currency_code: currencyCode, value: String(minorUnits / 100n) })
    : Effect.fail(new InvalidField({ field, rule: `a multiple of 100 in ${currencyCode} at this processor` }))
}

/** `invoice_id` of a write. No reference holds a slash, so no two writes have the same. */
export const toInvoice = ({ attempt = 1, reference }: Pick<Write, "attempt" | "reference">): string =>
  attempt === 1 ? reference : `${reference}/${attempt}`

/** A reference and a later attempt; another's invoice id that has a slash, as an order made elsewhere has, is none. */
const laterAttempt = /^([^/]+)\/(?:[2-9]|[1-9]\d{1,5}|1000000)$/

/** The reference of the write with this `invoice_id`. */
export const fromInvoice = (invoice: string | null | undefined): string | undefined =>
  invoice?.replace(laterAttempt, "$1")

/** An address, which PayPal takes only with its country; `field` is where it is in the request. */
export const toAddress = (of: Address, field: string): Effect.Effect<object, MissingField> =>
  of.countryCode === undefined
    ? Effect.fail(new MissingField({ field: `${field}.country_code` }))
    : Effect.succeed({
        address_line_1: of.line1,
        address_line_2: of.line2,
        admin_area_2: of.city,
        admin_area_1: of.region,
        postal_code: of.postalCode,
        country_code: of.countryCode
      })

/** `money`. One that cannot be read makes the whole reply unreadable: what was taken is then unknown. */
const Amount = Schema.Struct({ currency_code: Schema.String, value: Schema.String }).check(
  Schema.makeFilter((amount: Amount) => fromAmount(amount) !== undefined, { expected: "an amount of its currency" })
)

const Link = Schema.Struct({ rel: text, href: text })

/** `processor_response`: what the card's issuer said. */
export const ProcessorResponse = Schema.Struct({
  avs_code: text,
  cvv_code: text,
  response_code: text,
  payment_advice_code: text
})

const transaction = {
  id: Schema.String,
  status: text,
  status_details: nullish(Schema.Struct({ reason: text })),
  amount: nullish(Amount),
  invoice_id: text
}
const cardTransaction = {
  ...transaction,
  processor_response: nullish(ProcessorResponse),
  network_transaction_reference: nullish(Schema.Struct({ id: text }))
}

/** `authorization`. */
export const Authorization = Schema.Struct(cardTransaction)
/** `authorization`. */
export type Authorization = typeof Authorization.Type

/** `capture`. */
export const Capture = Schema.Struct({ ...cardTransaction, final_capture: nullish(Schema.Boolean) })
/** `capture`. */
export type Capture = typeof Capture.Type

/** `refund`. */
export const Refund = Schema.Struct(transaction)
/** `refund`. */
export type Refund = typeof Refund.Type

/** `payment_source`: one member, named as the kind of method. */
const PaymentSource = Schema.Record(
  Schema.String,
  Schema.NullOr(Schema.Struct({ attributes: nullish(Schema.Struct({ vault: nullish(Schema.Struct({ id: text })) })) }))
)

/** `order`. */
export const Order = Schema.Struct({
  id: Schema.String,
  status: text,
  intent: text,
  processing_instruction: text,
  payment_source: nullish(PaymentSource),
  purchase_units: nullish(
    Schema.Array(
      Schema.Struct({
        invoice_id: text,
        amount: nullish(Amount),
        payments: nullish(
          Schema.Struct({
            authorizations: nullish(Schema.Array(Authorization)),
            captures: nullish(Schema.Array(Capture)),
            refunds: nullish(Schema.Array(Refund))
          })
        )
      })
    )
  ),
  links: nullish(Schema.Array(Link))
})
/** `order`. */
export type Order = typeof Order.Type

/** Every reply of 400 and above. */
export const Problem = Schema.Struct({
  name: Schema.String,
  message: text,
  details: nullish(Schema.Array(Schema.Struct({ issue: text, description: text, field: text }))),
  links: nullish(Schema.Array(Link))
})

/** The same of the token endpoint, and of any other where the token itself is refused (RFC 6749 section 5.2). */
const TokenProblem = Schema.Struct({ error: Schema.String, error_description: text })

/** Every reply of 400 and above. */
export const ErrorBody = Schema.Union([Problem, TokenProblem])

/** The token endpoint's reply; `expires_in` is in seconds. */
export const AccessToken = Schema.Struct({ access_token: Schema.String, expires_in: Schema.Int })
