import { invalid, type Refusal } from "./Refusal.ts"

// Smallest charges in minor units (docs.stripe.com/currencies); elsewhere Stripe converts its own settlement minimum.
const smallest: Readonly<Record<string, number>> = {
  usd: 50,
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000
}

const largest = 99_999_999

const known = new Set(Intl.supportedValuesOf("currency").map((code) => code.toLowerCase()))

/** The currency in lower case. */
export const checkCurrency = (code: string): string | Refusal => {
  const currency = code.toLowerCase()
  return known.has(currency) ? currency : invalid("The currency is not an ISO 4217 code.", { param: "currency" })
}

/** Refuses an amount outside what Stripe charges in the currency. */
export const checkAmount = (amount: number, currency: string): Refusal | undefined => {
  const least = smallest[currency] ?? 1
  if (amount < least) {
    return invalid(`The amount must be at least ${least}.`, { code: "amount_too_small", param: "amount" })
  }
  return amount > largest
    ? invalid(`The amount may be at most ${largest}.`, { code: "amount_too_large", param: "amount" })
    : undefined
}
