/**
 * Adyen counts these currencies otherwise than ISO 4217 (docs.adyen.com/development-resources/currency-codes): the power
 * of ten from Adyen's minor unit to the standard's.
 */
const shifts: Readonly<Record<string, number>> = { CLP: -2, CVE: 2, IDR: 2, ISK: -2 }

const known = new Set(Intl.supportedValuesOf("currency"))

/** Whether the code is one of ISO 4217, in upper case as Adyen wants it. */
export const isCurrency = (code: string): boolean => known.has(code)

/** ISO 4217 minor units of a value in Adyen's; not a whole number when the standard has no such amount. */
export const toIso = (value: number, currency: string): number => {
  const shift = shifts[currency] ?? 0
  return shift < 0 ? value / 10 ** -shift : value * 10 ** shift
}
