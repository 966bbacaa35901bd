import type { Address, Customer } from "@connector-service/domain/Customer"
import type { AuthorizeRequest, LineItem } from "@connector-service/domain/Payment"
import { InvalidField } from "@connector-service/domain/Reason"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { table } from "../Table.ts"
import type { Accepted } from "./paymentMethods.ts"

const nullish = <S extends Schema.Constraint>(schema: S) => Schema.optional(Schema.NullOr(schema))
const text = nullish(Schema.String)

/** `Amount`. */
export const Amount = Schema.Struct({ currency: Schema.String, value: Schema.Int })

/** `CheckoutRedirectAction`, `CheckoutThreeDS2Action`, `CheckoutQrCodeAction` and the others, told apart by `type`. */
export const Action = Schema.Struct({
  type: Schema.String,
  subtype: text,
  method: text,
  url: text,
  data: nullish(Schema.Record(Schema.String, Schema.String)),
  token: text,
  authorisationToken: text,
  paymentData: text,
  qrCodeData: text,
  expiresAt: text
})

/** `ResponseAdditionalDataCommon`: there as far as the account's settings say. */
export const AdditionalData = Schema.Struct({
  authorisedAmountCurrency: text,
  authorisedAmountValue: text,
  avsResult: text,
  avsResultRaw: text,
  cvcResult: text,
  cvcResultRaw: text,
  merchantAdviceCode: text,
  merchantReference: text,
  networkTxReference: text,
  "recurring.recurringDetailReference": text,
  refusalReasonRaw: text,
  "tokenization.storedPaymentMethodId": text
})

/** `PaymentResponse` and `PaymentDetailsResponse`. */
export const Payment = Schema.Struct({
  resultCode: Schema.String,
  pspReference: text,
  merchantReference: text,
  amount: nullish(Amount),
  action: nullish(Action),
  additionalData: nullish(AdditionalData),
  refusalReason: text,
  refusalReasonCode: text,
  threeDSPaymentData: text
})
/** `PaymentResponse` and `PaymentDetailsResponse`. */
export type Payment = typeof Payment.Type

/** `PaymentCaptureResponse`, `PaymentCancelResponse`, `PaymentReversalResponse` and `PaymentRefundResponse`. */
export const Modification = Schema.Struct({
  pspReference: Schema.String,
  status: Schema.String,
  paymentPspReference: text,
  reference: text,
  amount: nullish(Amount)
})
/** `PaymentCaptureResponse`, `PaymentCancelResponse`, `PaymentReversalResponse` and `PaymentRefundResponse`. */
export type Modification = typeof Modification.Type

/** `ServiceError`: every reply of 400 and above. */
export const ErrorBody = Schema.Struct({ errorCode: Schema.String, errorType: text, message: text })

/** Digits of minor units where Adyen's differ from ISO 4217's (docs.adyen.com/development-resources/currency-codes). */
const shift = table<{ readonly times: bigint; readonly per: bigint }>({
  CLP: { times: 100n, per: 1n },
  CVE: { times: 1n, per: 100n },
  IDR: { times: 1n, per: 100n },
  ISK: { times: 100n, per: 1n }
})

/** Adyen's amount. */
export const toAmount = (
  { currencyCode, minorUnits }: AuthorizeRequest["amount"],
  field = "amount.minor_units"
): Effect.Effect<typeof Amount.Type, InvalidField> => {
  const { per = 1n, times = 1n } = shift(currencyCode) ?? {}
  return minorUnits % per === 0n
    ? Effect.succeed({ currency: currencyCode, value: Number((minorUnits * times) / per) })
    : Effect.fail(new InvalidField({ field, rule: `a multiple of ${per} in ${currencyCode} at this processor` }))
}

/**
 * The amount of Adyen's integer. One that is no whole number of our minor units stays Adyen's own, under a currency of
 * no ISO spelling: it must not come out equal to what was asked.
 */
export const fromAmount = ({ currency, value }: typeof Amount.Type): AuthorizeRequest["amount"] => {
  const { per = 1n, times = 1n } = shift(currency) ?? {}
  const units = BigInt(value) * per
  return units % times === 0n
    ? { minorUnits: units / times, currencyCode: currency }
    : { minorUnits: BigInt(value), currencyCode: currency.toLowerCase() }
}

/** An authorization by one of the payment methods that Adyen takes from us. */
export interface Authorize extends Omit<AuthorizeRequest, "paymentMethod" | "returnUrl"> {
  readonly paymentMethod: Accepted
  readonly returnUrl: string
}

/** A street's line with the house's number apart, where it begins ("1 Damrak") or ends it ("Damrak 1"). */
const house = (line: string): { readonly street: string; readonly number?: string | undefined } => {
  const [, before, after] = /^(\d+[A-Za-z]?)\s+(.+)$/.exec(line) ?? []
  if (after !== undefined) return { street: after, number: before }
  const [, street, number] = /^(.+?)\s+(\d\S*)$/.exec(line) ?? []
  return street === undefined ? { street: line } : { street, number }
}

/** `BillingAddress` and `DeliveryAddress`: all or nothing, so what was not given is filled in as "N/A", the country as ZZ. */
export const address = (of: Address | undefined) => {
  if (of === undefined || Object.values(of).every((part) => part === undefined)) return undefined
  const { number, street } = house(of.line1 ?? "N/A")
  return {
    street,
    houseNumberOrName: [number, of.line2].filter((part) => part !== undefined).join(" ") || "N/A",
    city: of.city ?? "N/A",
    postalCode: of.postalCode ?? "N/A",
    // an ISO 3166-2 code of at most three characters; the name of a region has no place
    stateOrProvince: of.region !== undefined && of.region.length <= 3 ? of.region : undefined,
    country: of.countryCode ?? "ZZ"
  }
}

/** Who pays. */
export const shopper = (customer: Customer | undefined) => ({
  shopperReference: customer?.id,
  shopperEmail: customer?.email,
  telephoneNumber: customer?.phone,
  shopperName:
    customer?.givenName === undefined || customer.familyName === undefined
      ? undefined
      : { firstName: customer.givenName, lastName: customer.familyName }
})

const lineItem = Effect.fnUntraced(function* (item: LineItem) {
  const including = yield* toAmount(item.unitAmount, "line_items.unit_amount.minor_units")
  const tax = item.unitTax && (yield* toAmount(item.unitTax, "line_items.unit_tax.minor_units"))
  return {
    id: item.sku,
    description: item.name,
    quantity: item.quantity,
    amountIncludingTax: including.value,
    amountExcludingTax: tax && including.value - tax.value,
    taxAmount: tax?.value,
    taxPercentage: item.taxRate
  }
})

/** `lineItems`: what one of each costs. */
export const lineItems = (items: ReadonlyArray<LineItem> | undefined) =>
  items === undefined ? Effect.succeed(undefined) : Effect.forEach(items, lineItem)
