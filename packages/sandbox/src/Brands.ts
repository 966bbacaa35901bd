const brands: ReadonlyArray<readonly [brand: string, prefix: RegExp]> = [
  ["visa", /^4/],
  ["mastercard", /^(5[1-5]|2(22[1-9]|2[3-9]|[3-6]|7[01]|720))/],
  ["amex", /^3[47]/],
  ["diners", /^3(0|6|8)/],
  ["jcb", /^35/],
  ["discover", /^6(011|4[4-9]|5)/],
  ["unionpay", /^(62|81)/]
]

/** The brand of a card by the first digits of its number; `unknown` when none fits. */
export const brandOf = (number: string): string => brands.find(([, prefix]) => prefix.test(number))?.[0] ?? "unknown"
