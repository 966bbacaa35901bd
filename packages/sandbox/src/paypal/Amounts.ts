import type { Tree } from "../Json.ts"
import { textOf } from "../Json.ts"
import type { Detail, Refusal } from "./Refusal.ts"
import { unprocessable } from "./Refusal.ts"

/** An amount in integer minor units of ISO 4217, whatever decimals PayPal allows. */
export interface Money {
  readonly currency: string
  readonly minor: number
}

// developer.paypal.com/api/rest/reference/currency-codes.
const currencies = new Set(
  "AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD".split(" ")
)

// The same page: a decimal amount in one of these is an error. ISO 4217 gives two decimals to HUF and TWD all the same.
const withoutDecimals = new Set(["HUF", "JPY", "TWD"])

const isoExponent = (currency: string): number => (currency === "JPY" ? 0 : 2)

// Beyond this many digits before the point an amount in minor units is no longer a safe integer.
const mostDigits = 13

/** Whether an amount may be nothing. */
export type Least = "positive" | "zero"

const wrongSign: Record<Least, string> = { positive: "CANNOT_BE_ZERO_OR_NEGATIVE", zero: "CANNOT_BE_NEGATIVE" }

const minorOf = (whole: string, fraction: string, currency: string): number =>
  Number(whole) * 10 ** isoExponent(currency) + Number(fraction.padEnd(isoExponent(currency), "0"))

/** Reads a money object whose form has been checked; `at` is its JSON pointer. Orders publishes no DECIMALS_NOT_SUPPORTED. */
export const readMoney = (
  tree: Tree,
  at: string,
  api: "orders" | "payments",
  least: Least = "positive"
): Money | Refusal => {
  const currency = textOf(tree, "currency_code") ?? ""
  const value = textOf(tree, "value") ?? ""
  const place = (name: string, text: string): Omit<Detail, "issue"> => ({
    field: `${at}/${name}`,
    value: text,
    location: "body"
  })
  if (!currencies.has(currency)) return unprocessable("INVALID_CURRENCY_CODE", place("currency_code", currency))
  const [whole = "", fraction = ""] = value.replace("-", "").split(".")
  if (withoutDecimals.has(currency) && fraction !== "") {
    return unprocessable(api === "orders" ? "DECIMAL_PRECISION" : "DECIMALS_NOT_SUPPORTED", place("value", value))
  }
  if (fraction.length > 2) return unprocessable("DECIMAL_PRECISION", place("value", value))
  if (whole.length > mostDigits) return unprocessable("MAX_VALUE_EXCEEDED", place("value", value))
  const minor = minorOf(whole, fraction, currency)
  if ((value.startsWith("-") && minor > 0) || (least === "positive" && minor === 0)) {
    return unprocessable(wrongSign[least], place("value", value))
  }
  return { currency, minor }
}

/** The money object of an amount: two decimals, none where PayPal has none. */
export const writeMoney = ({ currency, minor }: Money): Tree => {
  const exponent = isoExponent(currency)
  if (exponent === 0) return { currency_code: currency, value: String(minor) }
  const sign = minor < 0 ? "-" : ""
  const digits = String(Math.abs(minor)).padStart(exponent + 1, "0")
  const whole = `${sign}${digits.slice(0, -exponent)}`
  const fraction = digits.slice(-exponent)
  return {
    currency_code: currency,
    value: withoutDecimals.has(currency) && fraction === "00" ? whole : `${whole}.${fraction}`
  }
}
