import * as Option from "effect/Option"

/**
 * Minor-unit exponents by currency: ISO 4217 list one, published 2026-01-01. A currency that is not here is refused.
 */
const exponents: Readonly<Record<string, number>> = Object.fromEntries([
  ...(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP " +
    "CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES " +
    "KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK " +
    "NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB " +
    "TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
  )
    .split(" ")
    .map((code) => [code, 2] as const),
  ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ").map((code) => [code, 0] as const),
  ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map((code) => [code, 3] as const),
  ..."CLF UYW".split(" ").map((code) => [code, 4] as const)
])

/** ISO 4217 alphabetic codes in use, sorted. */
export const currencyCodes: ReadonlyArray<string> = Object.keys(exponents).sort()

/** How many digits of a currency are minor units (ISO 4217 exponent); undefined for an unknown currency. */
export const exponent = (currencyCode: string): number | undefined =>
  Object.hasOwn(exponents, currencyCode) ? exponents[currencyCode] : undefined

/** An amount in the currency's minor units: `{ minorUnits: 1000n, currencyCode: "EUR" }` is 10.00 EUR. */
export interface Money {
  readonly minorUnits: bigint
  readonly currencyCode: string
}

/** The largest amount taken from a caller: what a JSON number and every processor's integer still hold exactly. */
export const maximum = 999_999_999_999n

/** Minor units of a major-unit text, or none when the text is not an amount of this currency exactly. */
export const parse = (majorUnits: string, currencyCode: string): Option.Option<Money> => {
  const digits = exponent(currencyCode)
  const match = /^(-?)(\d{1,15})(?:\.(\d{1,4}))?$/.exec(majorUnits)
  if (digits === undefined || match === null) return Option.none()
  const [, sign = "", whole = "", fraction = ""] = match
  if (fraction.length > digits) return Option.none()
  return Option.some({ minorUnits: BigInt(`${sign}${whole}${fraction.padEnd(digits, "0")}`), currencyCode })
}

/** `of("10.00", "EUR")`. Throws a RangeError on a text that is not an amount of the currency: for literals in code. */
export const of = (majorUnits: string, currencyCode: string): Money =>
  Option.getOrThrowWith(
    parse(majorUnits, currencyCode),
    () =>
      new RangeError(
        `Money.of("${majorUnits}", "${currencyCode}"): ${
          exponent(currencyCode) === undefined
            ? "the currency is not an ISO 4217 code"
            : `expected digits with at most ${exponent(currencyCode)} decimals`
        }`
      )
  )

/** The amount in major units, all decimals of the currency shown: "10.00". */
export const format = ({ currencyCode, minorUnits }: Money): string => {
  const digits = exponent(currencyCode) ?? 0
  const text = (minorUnits < 0n ? -minorUnits : minorUnits).toString().padStart(digits + 1, "0")
  const split = text.length - digits
  return `${minorUnits < 0n ? "-" : ""}${text.slice(0, split)}${digits === 0 ? "" : `.${text.slice(split)}`}`
}

/** Whether two amounts are the same amount of the same currency. */
export const equals = (a: Money, b: Money): boolean =>
  a.minorUnits === b.minorUnits && a.currencyCode === b.currencyCode
