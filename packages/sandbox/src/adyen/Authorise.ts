import { randomDigits, randomText } from "../Random.ts"
import { toIso } from "./Minor.ts"
import type { Authentication, Card, Context, Instrument, PaymentRecord, PaymentReply } from "./State.ts"
import { newPspReference } from "./State.ts"
import { failingModification, refusalOf, type TestOutcome } from "./TestCards.ts"
import type { Item } from "./Webhooks.ts"

/** What the ledger knows of one operation on a payment. */
export const moneyOf = (payment: PaymentRecord, id: string, value: number, reference: string | undefined) => ({
  id,
  payment_id: payment.pspReference,
  // Only a fault can make an amount that ISO 4217 has no unit for.
  amount: Math.round(toIso(value, payment.currency)),
  currency: payment.currency.toLowerCase(),
  metadata: reference === undefined ? {} : { ...payment.metadata, reference }
})

/** Whether this payment's captures or refunds fail after they were received. */
export const failsLater = (payment: PaymentRecord, kind: "capture" | "refund"): boolean =>
  failingModification[payment.instrument.card?.holderName ?? ""] === kind

const cvcResults: Readonly<Record<Card["cvc"], readonly [result: string, raw: string]>> = {
  none: ["6 No CVC/CVV provided", ""],
  right: ["1 Matches", "M"],
  wrong: ["2 Doesn't Match", "N"]
}

// Codes 05, 51, 54 and N7 are the schemes' (ISO 8583 field 39); the texts those of Adyen's test acquirer.
const rawReasons: Readonly<Record<string, string>> = {
  "2": "05 : Do not honor",
  "6": "54 : Expired card",
  "12": "51 : Insufficient funds/over credit limit",
  "24": "N7 : Decline for CVV2 failure"
}

// Mastercard's merchant advice: 03 for a card that will never work, 02 for one that may work later.
const neverWorks = new Set(["5", "6", "8", "25", "26"])

const adviceOf = (card: Card, outcome: TestOutcome): Readonly<Record<string, string>> =>
  card.brand === "mc"
    ? { merchantAdviceCode: neverWorks.has(outcome.code) ? "03 : Do not try again" : "02 : Try again later" }
    : {}

/** What a reply says about the card itself. */
export const cardData = ({ type, wallet }: Instrument, card: Card): Readonly<Record<string, string>> => ({
  cardBin: card.number.slice(0, 6),
  issuerBin: card.number.slice(0, 8),
  cardSummary: card.number.slice(-4),
  cardIssuingCountry: "NL",
  cardPaymentMethod: card.brand,
  expiryDate: card.expiry,
  fundingSource: "CREDIT",
  paymentMethod: card.brand,
  paymentMethodVariant: (wallet ?? type).endsWith("pay") ? `${card.brand}_${wallet ?? type}` : card.brand,
  ...(card.holderName === undefined ? {} : { cardHolderName: card.holderName })
})

const authenticationData = (authentication: Authentication | undefined): Readonly<Record<string, string>> => {
  const { authenticated = false, eci = "N/A" } = authentication ?? {}
  return {
    eci,
    liabilityShift: String(authenticated),
    threeDAuthenticated: String(authenticated),
    threeDOffered: String(authentication !== undefined),
    ...(authentication === undefined ? {} : { threeDAuthenticatedResponse: authenticated ? "Y" : "N" })
  }
}

const resultData = (payment: PaymentRecord, card: Card, authentication: Authentication | undefined) => {
  const [cvcResult, cvcResultRaw] = cvcResults[card.cvc]
  const avs = payment.addressGiven ? "4 AVS not supported for this card type" : "5 No AVS data provided"
  return {
    ...cardData(payment.instrument, card),
    ...authenticationData(authentication),
    acquirerCode: "TestPmmAcquirer",
    acquirerReference: randomText(11).toUpperCase(),
    avsResult: avs,
    avsResultRaw: avs.slice(0, 1),
    cvcResult,
    cvcResultRaw,
    merchantReference: payment.reference
  }
}

const keep = (payment: PaymentRecord): Readonly<Record<string, string>> => {
  const { instrument, merchant, storeFor } = payment
  if (storeFor === undefined) return {}
  const id = newPspReference()
  merchant.stored.set(id, { id, shopperReference: storeFor, instrument })
  return {
    "tokenization.shopperReference": storeFor,
    "tokenization.storedPaymentMethodId": id,
    "tokenization.store.operationType": "created"
  }
}

const take = (context: Context, payment: PaymentRecord): void => {
  payment.value += context.amountOff
  payment.status = "authorised"
  // Verifying a card with nothing moves no money.
  if (payment.value === 0) return
  const entry = moneyOf(payment, payment.pspReference, payment.value, payment.reference)
  context.money("authorization", payment.merchant.id, entry)
  if (payment.manualCapture || failsLater(payment, "capture")) return
  payment.captured = payment.value
  context.money("capture", payment.merchant.id, entry)
}

const namesOf = ({ pspReference, reference }: PaymentRecord) => ({ pspReference, merchantReference: reference })

/** Adyen tells the end of each payment by webhook, as it does in the answer (docs.adyen.com/development-resources/webhooks/webhook-types). */
const tell = (context: Context, payment: PaymentRecord, more: Pick<Item, "success" | "reason" | "additionalData">) => {
  const { currency, manualCapture, pspReference, value } = payment
  const operations = manualCapture ? ["CANCEL", "CAPTURE", "REFUND"] : ["CANCEL", "REFUND"]
  context.event(payment, {
    eventCode: "AUTHORISATION",
    pspReference,
    amount: { currency, value },
    ...more,
    ...(more.success ? { operations } : {})
  })
  if (!more.success || manualCapture || !failsLater(payment, "capture")) return
  context.event(payment, captureFailed(newPspReference(), { currency, value }, undefined))
}

/** That a capture which was received did not come to pass. */
export const captureFailed = (pspReference: string, amount: Item["amount"], reference: string | undefined): Item => ({
  eventCode: "CAPTURE_FAILED",
  success: true,
  pspReference,
  amount,
  reference,
  reason: "Capture Failed"
})

/** Ends the payment with a refusal; Adyen answers it with 200. */
export const refuse = (
  context: Context,
  payment: PaymentRecord,
  outcome: TestOutcome,
  authentication: Authentication | undefined
): PaymentReply => {
  const { card } = payment.instrument
  payment.status = "ended"
  tell(context, payment, { success: false, reason: outcome.reason })
  return {
    ...namesOf(payment),
    resultCode: outcome.resultCode,
    refusalReason: outcome.reason,
    refusalReasonCode: outcome.code,
    ...(card === undefined
      ? {}
      : {
          additionalData: {
            ...resultData(payment, card, authentication),
            ...adviceOf(card, outcome),
            refusalReasonRaw: outcome.raw ?? rawReasons[outcome.code] ?? `DECLINED ${outcome.reason}`
          }
        })
  }
}

/** Refuses with one of the published codes. */
export const refuseWith = (
  context: Context,
  payment: PaymentRecord,
  code: string,
  authentication?: Authentication
): PaymentReply => {
  const outcome = refusalOf(code) ?? { resultCode: "Refused", code, reason: "Refused", raw: undefined }
  return refuse(context, payment, outcome, authentication)
}

/** What becomes of a payment whose payer went away on purpose. */
export const cancelled = (payment: PaymentRecord): PaymentReply => {
  payment.status = "ended"
  return { ...namesOf(payment), resultCode: "Cancelled" }
}

/** The outcome is not known and, in this sandbox, never will be; nothing is taken. */
const received = (payment: PaymentRecord): PaymentReply => ({ ...namesOf(payment), resultCode: "Received" })

/**
 * The reply to a direct debit. The bank's answer comes days later by webhook; it is yes, so the ledger has the money
 * already.
 */
export const receive = (context: Context, payment: PaymentRecord): PaymentReply => {
  take(context, payment)
  tell(context, payment, { success: true })
  return received(payment)
}

/** Sends the payment to the acquirer: authorised (and captured, unless capture is manual), refused or received. */
export const authorise = (context: Context, payment: PaymentRecord, authentication?: Authentication): PaymentReply => {
  const { instrument, outcome } = payment
  const { card } = instrument
  // the merchant has given it up meanwhile
  if (payment.status === "cancelled") return cancelled(payment)
  if (outcome !== undefined && outcome.resultCode === "Received") return received(payment)
  if (outcome !== undefined && outcome.resultCode !== "Authorised")
    return refuse(context, payment, outcome, authentication)
  // docs.adyen.com, testing with card holder name: a wrong code or expiry date is a generic refusal.
  if (card !== undefined && (card.cvc === "wrong" || !card.expiryRight))
    return refuseWith(context, payment, "2", authentication)
  take(context, payment)
  const { currency, value } = payment
  const authCode = randomDigits(6)
  tell(context, payment, {
    success: true,
    // The code, the card's last digits and its expiry, as the published example has them.
    reason: card === undefined ? undefined : `${authCode}:${card.number.slice(-4)}:${card.expiry.padStart(7, "0")}`,
    additionalData: card === undefined ? {} : { authCode, cardSummary: card.number.slice(-4), expiryDate: card.expiry }
  })
  return {
    ...namesOf(payment),
    resultCode: "Authorised",
    amount: { currency, value },
    paymentMethod: { type: instrument.type, ...(card === undefined ? {} : { brand: card.brand }) },
    additionalData: {
      ...(card === undefined
        ? { paymentMethod: instrument.type, paymentMethodVariant: instrument.type }
        : {
            ...resultData(payment, card, authentication),
            authCode,
            networkTxReference: randomDigits(15),
            refusalReasonRaw: "AUTHORISED"
          }),
      authorisedAmountCurrency: currency,
      authorisedAmountValue: String(value),
      ...keep(payment)
    }
  }
}
