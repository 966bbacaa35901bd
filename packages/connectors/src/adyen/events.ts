import type { DisputeStatus } from "@connector-service/domain/Dispute"
import type { Subject } from "@connector-service/domain/Event"
import type { OperationStatus, PaymentStatus } from "@connector-service/domain/Payment"
import { moment } from "@connector-service/webhooks/Meaning"
import { table } from "../Table.ts"
import { toCapture, toPayment, toRefund, toReleased } from "./meaning.ts"
import { type Item, type Notice, succeeded } from "./notification.ts"
import * as W from "./wire.ts"

/** Adyen's two words for where something stands. */
const rawStatus = (item: Item) => `${item.eventCode} ${item.success}`

const paymentIdOf = ({ originalReference, pspReference }: Item) => originalReference || pspReference
const about = (item: Item) => ({ input: { paymentId: paymentIdOf(item) } })
const textOf = (text: string | null | undefined) => text || undefined

/** An item, as the answer to the modification whose end it tells. */
const modification = (item: Item): W.Modification => ({
  pspReference: item.pspReference,
  status: rawStatus(item),
  paymentPspReference: textOf(item.originalReference),
  reference: textOf(item.merchantReference),
  amount: item.amount
})

/** Of a debit of a bank account "authorised" says that the bank will be asked, and no event tells how it is captured. */
const isDebit = ({ paymentMethod }: Item) => paymentMethod?.startsWith("sepadirectdebit") === true

/** An item, as the answer to the payment whose end it tells. Its reason for a success is the card's last digits and such. */
const authorised = (item: Item): Subject => {
  const { additionalData, amount, merchantReference, pspReference, reason } = item
  const reply: W.Payment = succeeded(item)
    ? { resultCode: "Authorised", pspReference, merchantReference, amount, additionalData }
    : { resultCode: "Refused", pspReference, merchantReference, amount, additionalData, refusalReason: reason }
  const known = { paymentId: pspReference, ...(isDebit(item) && { captureMethod: "AUTOMATIC", isDebit: true }) }
  return { _tag: "Payment", payment: { ...toPayment(reply, known), rawStatus: rawStatus(item), state: {} } }
}

/** That something was asked of a payment and did not come to pass says nothing of where it stands. */
const released =
  (status: PaymentStatus) =>
  (item: Item): Subject => {
    const isSo = succeeded(item)
    return {
      _tag: "Payment",
      payment: {
        ...toReleased(modification(item), about(item)),
        status: isSo ? status : "UNRECOGNIZED",
        final: isSo
      }
    }
  }

/** A payment that came to its end by itself: its own reference is told. */
const ended = (item: Item): Subject => ({
  _tag: "Payment",
  payment: {
    paymentId: paymentIdOf(item),
    status: succeeded(item) ? "EXPIRED" : "UNRECOGNIZED",
    rawStatus: rawStatus(item),
    final: succeeded(item),
    reference: textOf(item.merchantReference),
    amount: W.fromAmount(item.amount),
    state: {}
  }
})

const captured =
  (status: OperationStatus) =>
  (item: Item): Subject => ({
    _tag: "Capture",
    // what else was captured of the payment is not told
    capture: { ...toCapture(modification(item), about(item)), status: succeeded(item) ? status : "FAILED" }
  })

const givenBack =
  (status: OperationStatus) =>
  (item: Item): Subject => {
    const is = succeeded(item) ? status : "FAILED"
    return {
      _tag: "Refund",
      refund: {
        ...toRefund(modification(item), about(item)),
        status: is,
        failureReason: is === "FAILED" ? textOf(item.reason) : undefined
      }
    }
  }

/** `disputeStatus`, where it is told. */
const standing = table<DisputeStatus>({ Won: "WON", Lost: "LOST", Pending: "UNDER_REVIEW" })

const disputed =
  (status: DisputeStatus) =>
  (item: Item): Subject => {
    const { chargebackReasonCode, defensePeriodEndsAt, disputeStatus } = item.additionalData ?? {}
    return {
      _tag: "Dispute",
      dispute: {
        disputeId: item.pspReference,
        status: standing(disputeStatus) ?? status,
        rawStatus: textOf(disputeStatus) ?? item.eventCode,
        paymentId: textOf(item.originalReference),
        amount: W.fromAmount(item.amount),
        reason: textOf(chargebackReasonCode?.trim()) ?? textOf(item.reason),
        respondBy: defensePeriodEndsAt == null ? undefined : moment(defensePeriodEndsAt)
      }
    }
  }

const paidOut =
  (status: OperationStatus) =>
  (item: Item): Subject => ({
    _tag: "Payout",
    payout: {
      payoutId: paymentIdOf(item),
      status: succeeded(item) ? status : "FAILED",
      rawStatus: rawStatus(item),
      reference: textOf(item.merchantReference),
      amount: W.fromAmount(item.amount),
      failureReason: status === "FAILED" || !succeeded(item) ? textOf(item.reason) : undefined
    }
  })

/** What was done by `/reversals`, which leaves it to Adyen whether to cancel or to refund. */
const reversed = table<(item: Item) => Subject>({ cancel: released("VOIDED"), refund: givenBack("SUCCEEDED") })

/** `eventCode` (the published file, and docs.adyen.com/development-resources/webhooks/webhook-types). */
const byCode = table<(item: Item) => Subject | undefined>({
  AUTHORISATION: authorised,
  CAPTURE: captured("SUCCEEDED"),
  CAPTURE_FAILED: captured("FAILED"),
  CANCELLATION: released("VOIDED"),
  TECHNICAL_CANCEL: released("VOIDED"),
  CANCEL_OR_REFUND: (item) =>
    (reversed(item.additionalData?.["modification.action"]) ?? released("UNRECOGNIZED"))(item),
  EXPIRE: ended,
  OFFER_CLOSED: ended,
  REFUND: givenBack("SUCCEEDED"),
  REFUND_WITH_DATA: givenBack("SUCCEEDED"),
  REFUND_FAILED: givenBack("FAILED"),
  REFUNDED_REVERSED: givenBack("FAILED"),
  POSTPONED_REFUND: givenBack("PENDING"),
  REQUEST_FOR_INFORMATION: disputed("NEEDS_RESPONSE"),
  NOTIFICATION_OF_CHARGEBACK: disputed("OPEN"),
  CHARGEBACK: disputed("OPEN"),
  INFORMATION_SUPPLIED: disputed("UNDER_REVIEW"),
  CHARGEBACK_REVERSED: disputed("UNDER_REVIEW"),
  DISPUTE_DEFENSE_PERIOD_ENDED: disputed("CLOSED"),
  ISSUER_RESPONSE_TIMEFRAME_EXPIRED: disputed("WON"),
  SECOND_CHARGEBACK: disputed("LOST"),
  PREARBITRATION_OPEN: disputed("OPEN"),
  PREARBITRATION_ACCEPTED: disputed("CLOSED"),
  PREARBITRATION_DECLINED: disputed("OPEN"),
  PREARBITRATION_ISSUER_WITHDRAWN: disputed("WON"),
  PREARBITRATION_WON: disputed("WON"),
  PREARBITRATION_LOST: disputed("LOST"),
  SCHEME_ARBITRATION: disputed("UNDER_REVIEW"),
  SCHEME_ARBITRATION_WON: disputed("WON"),
  SCHEME_ARBITRATION_LOST: disputed("LOST"),
  RECURRING_CONTRACT: (item) => {
    const { additionalData } = item
    const paymentMethodId = textOf(additionalData?.["recurring.recurringDetailReference"]) ?? item.pspReference
    const customerId = textOf(additionalData?.["recurring.shopperReference"] ?? additionalData?.shopperReference)
    return succeeded(item)
      ? {
          _tag: "PaymentMethod",
          paymentMethod: { paymentMethodId, status: "ACTIVE", rawStatus: rawStatus(item), customerId }
        }
      : undefined
  },
  PAYOUT_THIRDPARTY: paidOut("SUCCEEDED"),
  PAYOUT_DECLINE: paidOut("FAILED"),
  PAYOUT_EXPIRE: paidOut("FAILED"),
  PAIDOUT_REVERSED: paidOut("FAILED")
})

/** What an item is about; undefined where it is nothing of ours. */
export const toSubject = (item: Item): Subject | undefined => byCode(item.eventCode)?.(item)

const tokenStatus = table<"ACTIVE" | "INACTIVE">({
  "recurring.token.created": "ACTIVE",
  "recurring.token.updated": "ACTIVE",
  "recurring.token.alreadyExisting": "ACTIVE",
  "recurring.token.disabled": "INACTIVE"
})

/** The same of a notice; "Unread" where it should name a payment method and does not. */
export const toNoticed = ({ data, type }: Notice): Subject | undefined | "Unread" => {
  const status = tokenStatus(type)
  if (status === undefined) return undefined
  return data.storedPaymentMethodId == null
    ? "Unread"
    : {
        _tag: "PaymentMethod",
        paymentMethod: {
          paymentMethodId: data.storedPaymentMethodId,
          status,
          rawStatus: type,
          customerId: data.shopperReference ?? undefined
        }
      }
}
