import * as Schema from "effect/Schema"
import { exponent, maximum } from "./Money.ts"

/** An ISO 4217 alphabetic code, upper case. */
export const CurrencyCode = Schema.String.check(
  Schema.makeFilter((code: string) => exponent(code) !== undefined, {
    expected: "an ISO 4217 currency code in upper case, such as EUR"
  })
)

/** An amount as a processor tells it: any number of minor units, and a currency that may be one we do not know. */
export const AnyAmount = Schema.Struct({ minorUnits: Schema.BigInt, currencyCode: Schema.String })

const atMost = Schema.makeFilter((units: bigint) => units <= maximum, { expected: `at most ${maximum} minor units` })

/** An amount to take or give back: more than zero. */
export const Amount = Schema.Struct({
  minorUnits: Schema.BigInt.check(
    Schema.makeFilter((units: bigint) => units > 0n, { expected: "more than zero" }),
    atMost
  ),
  currencyCode: CurrencyCode
})

/** A part of a price that may be nothing, such as a tax. */
export const AmountOrNothing = Schema.Struct({
  minorUnits: Schema.BigInt.check(
    Schema.makeFilter((units: bigint) => units >= 0n, { expected: "zero or more" }),
    atMost
  ),
  currencyCode: CurrencyCode
})
