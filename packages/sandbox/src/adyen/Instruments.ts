import { passesLuhn } from "../Luhn.ts"
import { type Body, bodyOf, flagOf, numberOf, textOf } from "./Body.ts"
import { invalid, Refusal } from "./Refusal.ts"
import { checkStructure } from "./Requests.ts"
import type { Card, Instrument, Merchant, Wallet } from "./State.ts"
import { testCvc, testExpiry } from "./TestCards.ts"

const brands: ReadonlyArray<readonly [brand: string, prefix: RegExp]> = [
  ["bcmc", /^(6703|487104)/],
  ["visa", /^4/],
  ["mc", /^(5[1-5]|2(22[1-9]|2[3-9]|[3-6]|7[01]|720))/],
  ["amex", /^3[47]/],
  ["diners", /^3(0|6|8)/],
  ["jcb", /^35/],
  ["discover", /^6(011|4[4-9]|5)/],
  ["cup", /^(62|81)/],
  ["maestro", /^(50|5[6-9]|6)/]
]

const brandOf = (number: string): string => brands.find(([, prefix]) => prefix.test(number))?.[0] ?? "unknown"

const missingDetail = (name: string): Refusal => invalid("14_004", `Missing payment method details: ${name}`)

// Adyen's test environment takes "test_" and the value in the place of an encrypted field; nothing else can be decrypted here.
const decrypt = (method: Body, plain: string, encrypted: string): string | Refusal | undefined => {
  const value = textOf(method, encrypted)
  if (value === undefined) return textOf(method, plain)
  return value.startsWith("test_") ? value.slice(5) : invalid("174", "Unable to decrypt data")
}

const checkCvc = (brand: string, cvc: string | undefined): Card["cvc"] | Refusal => {
  if (cvc === undefined) return "none"
  const right = brand === "amex" ? testCvc.four : testCvc.three
  if (!/^\d+$/.test(cvc) || cvc.length !== right.length) return invalid("103", "CVC is not the right length")
  return cvc === right ? "right" : "wrong"
}

const readCard = (method: Body, issuedForTests: boolean): Card | Refusal => {
  const strange = checkStructure(method, "CardDetails")
  if (strange !== undefined) return strange
  const number = decrypt(method, "number", "encryptedCardNumber")
  const month = decrypt(method, "expiryMonth", "encryptedExpiryMonth")
  const year = decrypt(method, "expiryYear", "encryptedExpiryYear")
  const code = decrypt(method, "cvc", "encryptedSecurityCode")
  for (const field of [number, month, year, code]) if (field instanceof Refusal) return field
  if (typeof number !== "string") return missingDetail("number")
  if (typeof month !== "string") return missingDetail("expiryMonth")
  if (typeof year !== "string") return missingDetail("expiryYear")
  if (!/^\d{12,19}$/.test(number) || !passesLuhn(number)) return invalid("101", "Invalid card number")
  if (!/^(0?[1-9]|1[0-2])$/.test(month) || !/^20\d\d$/.test(year)) return invalid("129", "Expiry Date Invalid")
  const brand = brandOf(number)
  const cvc = checkCvc(brand, typeof code === "string" ? code : undefined)
  if (cvc instanceof Refusal) return cvc
  return {
    number,
    brand,
    expiry: `${Number(month)}/${year}`,
    holderName: textOf(method, "holderName"),
    cvc,
    expiryRight: !issuedForTests || (Number(month) === testExpiry.month && Number(year) === testExpiry.year)
  }
}

// What a wallet hands over is opaque to this sandbox: every wallet holds the same test card.
const walletCard: Card = {
  number: "4111111111111111",
  brand: "visa",
  expiry: "3/2030",
  holderName: undefined,
  cvc: "none",
  expiryRight: true
}

type Reader = (type: string, method: Body, body: Body) => Instrument | Refusal

const isWallet = (brand: string | undefined): brand is Wallet => brand === "applepay" || brand === "googlepay"

// A number that the merchant decrypted is the device's own, with its own expiry date, unless the request says that Google
// Pay gave the card's (the sources are in docs/connectors/adyen.md).
const card: Reader = (type, method, body) => {
  const brand = textOf(method, "brand")
  const wallet = isWallet(brand) ? brand : undefined
  const tokenized = textOf(bodyOf(body, "additionalData"), "paymentdatasource.tokenized") !== "false"
  const read = readCard(method, wallet === undefined || !tokenized)
  return read instanceof Refusal ? read : { type, card: read, wallet }
}

// A network token has the expiry date that the network gave it.
const networkToken: Reader = (type, method) => {
  const read = readCard(method, false)
  return read instanceof Refusal ? read : { type, card: read }
}

const cardOrPage: Reader = (type, method, body) =>
  textOf(method, "number") === undefined && textOf(method, "encryptedCardNumber") === undefined
    ? { type, card: undefined }
    : card(type, method, body)

const needing =
  (...names: ReadonlyArray<string>) =>
  (holds: Card | undefined): Reader =>
  (type, method) => {
    const absent = names.find((name) => textOf(method, name) === undefined)
    return absent === undefined ? { type, card: holds } : missingDetail(absent)
  }

const plain = needing()(undefined)

// The published BlikDetails: six digits. What Adyen answers to any others is not published.
const blik: Reader = (type, method) => {
  const strange = checkStructure(method, "BlikDetails")
  if (strange !== undefined) return strange
  const code = textOf(method, "blikCode")
  if (code === undefined) return missingDetail("blikCode")
  return /^\d{6}$/.test(code) ? { type, card: undefined } : invalid("14_007", "Invalid payment method data")
}

const readers: Readonly<Record<string, Reader>> = {
  scheme: card,
  networkToken,
  bcmc: cardOrPage,
  applepay: needing("applePayToken")(walletCard),
  googlepay: needing("googlePayToken")(walletCard),
  paypal: plain,
  ideal: plain,
  bcmc_mobile: plain,
  blik,
  sepadirectdebit: needing("iban", "ownerName")(undefined),
  klarna: plain,
  klarna_account: plain,
  klarna_paynow: plain
}

const stored = (merchant: Merchant, body: Body, id: string): Instrument | Refusal => {
  const shopper = textOf(body, "shopperReference")
  const found = merchant.stored.get(id)
  if (found === undefined || found.shopperReference !== shopper) return invalid("800", "Contract not found")
  const { card: kept, type } = found.instrument
  if (kept === undefined) return { type, card: kept }
  const method = bodyOf(body, "paymentMethod")
  const code = decrypt(method, "cvc", "encryptedSecurityCode")
  const cvc = code instanceof Refusal ? code : checkCvc(kept.brand, code)
  if (cvc instanceof Refusal) return cvc
  return { type, card: { ...kept, holderName: textOf(method, "holderName"), cvc } }
}

/** Reads what pays; undefined for a type of payment method that is not offered here. */
export const readInstrument = (merchant: Merchant, body: Body): Instrument | Refusal | undefined => {
  const method = bodyOf(body, "paymentMethod")
  const id = textOf(method, "storedPaymentMethodId")
  if (id !== undefined) return stored(merchant, body, id)
  const type = textOf(method, "type") ?? "scheme"
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined
  return read?.(type, method, body)
}

/** Whom a payment's instrument is to be kept for, if anybody. */
export const storesFor = (body: Body): string | undefined =>
  flagOf(body, "storePaymentMethod") ? textOf(body, "shopperReference") : undefined

/** Whether the merchant captures the payment: at once unless told otherwise (docs.adyen.com/online-payments/capture). */
export const capturesManually = (body: Body): boolean =>
  flagOf(bodyOf(body, "additionalData"), "manualCapture") || (numberOf(body, "captureDelayHours") ?? 0) > 0
