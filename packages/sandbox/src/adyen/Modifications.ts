import { captureFailed, failsLater, moneyOf } from "./Authorise.ts"
import { type Body, textOf } from "./Body.ts"
import { invalid, Refusal, unknownPayment } from "./Refusal.ts"
import { type Amount, readAmount } from "./Requests.ts"
import { type Context, type Merchant, newPspReference, type PaymentRecord } from "./State.ts"

/** The answer to a modification: it was received, and what becomes of it comes by webhook. */
export interface ModificationReply {
  readonly merchantAccount: string
  readonly paymentPspReference: string
  readonly pspReference: string
  readonly status: "received"
  readonly reference?: string
  readonly amount?: Amount
  readonly merchantRefundReason?: string
}

interface Modification {
  readonly context: Context
  readonly payment: PaymentRecord
  readonly id: string
  readonly reference: string | undefined
}

/** How a modification ended (docs.adyen.com/development-resources/webhooks/webhook-types). */
const tell = (
  { context, id, payment, reference }: Modification,
  eventCode: string,
  amount: Amount,
  reason?: string,
  additionalData: Readonly<Record<string, string>> = {}
): void =>
  context.event(payment, {
    eventCode,
    success: reason === undefined,
    pspReference: id,
    amount,
    reference,
    reason,
    additionalData
  })

const whole = ({ currency, value }: PaymentRecord): Amount => ({ currency, value })

const returnMoney = ({ context, payment, id, reference }: Modification, value: number): void => {
  payment.refunded += value
  context.money("refund", payment.merchant.id, moneyOf(payment, id, value, reference))
}

const isHeld = ({ captured, status, value }: PaymentRecord): boolean =>
  status === "authorised" && captured === 0 && value > 0

const release = ({ context, payment, id, reference }: Modification): void => {
  payment.status = "cancelled"
  context.money("void", payment.merchant.id, moneyOf(payment, id, payment.value, reference))
}

/** Whether the amount can be moved; where not, Adyen receives the modification and reports its failure later. */
const movable = (payment: PaymentRecord, { currency, value }: Amount, most: number): boolean =>
  currency === payment.currency && value > 0 && value <= most

// A payment is captured once; Adyen cancels what is left unless the account has multiple partial captures.
const capture = (modification: Modification, amount: Amount): void => {
  const { context, payment, id, reference } = modification
  if (!isHeld(payment) || !movable(payment, amount, payment.value)) {
    tell(modification, "CAPTURE", amount, "Insufficient balance on payment")
    return
  }
  const value = amount.value + context.amountOff
  const told = { currency: amount.currency, value }
  tell(modification, "CAPTURE", told)
  if (failsLater(payment, "capture")) {
    context.event(payment, captureFailed(id, told, reference))
    return
  }
  payment.captured = value
  context.money("capture", payment.merchant.id, moneyOf(payment, id, value, reference))
}

const refund = (modification: Modification, amount: Amount): void => {
  const { context, payment } = modification
  if (!movable(payment, amount, payment.captured - payment.refunded)) {
    tell(modification, "REFUND", amount, "Insufficient balance on payment")
    return
  }
  const value = amount.value + context.amountOff
  const told = { currency: amount.currency, value }
  tell(modification, "REFUND", told)
  if (failsLater(payment, "refund")) tell(modification, "REFUND_FAILED", told)
  else returnMoney(modification, value)
}

const cancel = (modification: Modification): void => {
  const { payment } = modification
  const isPossible = isHeld(payment)
  if (isPossible) release(modification)
  tell(modification, "CANCELLATION", whole(payment), isPossible ? undefined : "Transaction hasn't been authorised")
}

const reverse = (modification: Modification): void => {
  const { payment } = modification
  const left = payment.captured - payment.refunded
  const done = (action: string, value: number, reason?: string) =>
    tell(modification, "CANCEL_OR_REFUND", { currency: payment.currency, value }, reason, {
      "modification.action": action
    })
  if (isHeld(payment)) {
    release(modification)
    done("cancel", payment.value)
  } else if (left <= 0 || failsLater(payment, "refund")) {
    done("refund", left, "Insufficient balance on payment")
  } else {
    returnMoney(modification, left)
    done("refund", left)
  }
}

/**
 * A payment without an id is cancelled as soon as it can be: one that waits for its payer is not taken any more, which
 * Adyen does not document and is this sandbox's.
 */
const cancelUnnamed = (modification: Modification): void => {
  const { payment } = modification
  const isPossible = isHeld(payment) || payment.status === "waiting"
  if (isHeld(payment)) release(modification)
  else if (isPossible) payment.status = "cancelled"
  tell(modification, "TECHNICAL_CANCEL", whole(payment), isPossible ? undefined : "Transaction hasn't been authorised")
}

/** Receives a modification of the payment that the path names. */
export type Modify = (
  context: Context,
  merchant: Merchant,
  paymentId: string,
  body: Body
) => ModificationReply | Refusal

const receive = (merchant: Merchant, payment: PaymentRecord, id: string, reference: string | undefined) => ({
  merchantAccount: merchant.id,
  paymentPspReference: payment.pspReference,
  pspReference: id,
  status: "received" as const,
  ...(reference === undefined ? {} : { reference })
})

const modifying =
  (apply: (modification: Modification) => void): Modify =>
  (context, merchant, paymentId, body) => {
    const payment = merchant.payments.get(paymentId)
    if (payment === undefined) return unknownPayment()
    const id = newPspReference()
    const reference = textOf(body, "reference")
    apply({ context, payment, id, reference })
    return receive(merchant, payment, id, reference)
  }

const moving =
  (apply: (modification: Modification, amount: Amount) => void): Modify =>
  (context, merchant, paymentId, body) => {
    const amount = readAmount(body)
    if (amount instanceof Refusal) return amount
    const payment = merchant.payments.get(paymentId)
    if (payment === undefined) return unknownPayment()
    const id = newPspReference()
    const reference = textOf(body, "reference")
    apply({ context, payment, id, reference }, amount)
    const reason = textOf(body, "merchantRefundReason")
    return {
      ...receive(merchant, payment, id, reference),
      amount: { currency: amount.currency, value: amount.value + context.amountOff },
      ...(reason === undefined ? {} : { merchantRefundReason: reason })
    }
  }

/** `POST /payments/{pspReference}/captures`. */
export const captures: Modify = moving(capture)

/** `POST /payments/{pspReference}/refunds`. */
export const refunds: Modify = moving(refund)

/** `POST /payments/{pspReference}/cancels`. */
export const cancels: Modify = modifying(cancel)

/** `POST /payments/{pspReference}/reversals`. */
export const reversals: Modify = modifying(reverse)

/** `POST /cancels`: of the latest payment with the merchant's own reference. That there is none is told of nothing. */
export const cancelByReference = (context: Context, merchant: Merchant, body: Body): object => {
  const paymentReference = textOf(body, "paymentReference")
  if (paymentReference === undefined) return invalid("702", "Required field 'paymentReference' is not provided.")
  const payment = [...merchant.payments.values()].findLast(({ reference }) => reference === paymentReference)
  const id = newPspReference()
  const reference = textOf(body, "reference")
  if (payment !== undefined) cancelUnnamed({ context, payment, id, reference })
  return {
    merchantAccount: merchant.id,
    paymentReference,
    pspReference: id,
    status: "received",
    ...(reference === undefined ? {} : { reference })
  }
}
