import type { CardChecks } from "@connector-service/domain/CardChecks"
import { type Decline, declines } from "@connector-service/domain/Decline"
import type { Capture, Payment } from "@connector-service/domain/Payment"
import type { Refund } from "@connector-service/domain/Refund"
import type { Found, Unsettled } from "@connector-service/domain/Settlement"
import type * as Proto from "@connector-service/proto/payments/v1/types"
import * as DateTime from "effect/DateTime"
import type { Full } from "./Codec.ts"
import { checkResult, declineAction, declineCode, declineKind, operationStatus, paymentStatus } from "./enums.ts"
import { nextAction } from "./nextAction.ts"
import { filled, money, nonZero, time } from "./types.ts"

/** CardChecks. */
export const cardChecks = {
  toProto: (value: CardChecks): Full<Proto.CardChecks> => ({
    addressLine: value.addressLine && checkResult.toProto(value.addressLine),
    postalCode: value.postalCode && checkResult.toProto(value.postalCode),
    cvc: value.cvc && checkResult.toProto(value.cvc),
    avsCode: value.avsCode,
    cvcCode: value.cvcCode
  }),
  fromProto: (message: Proto.CardChecks): CardChecks => ({
    addressLine: checkResult.fromProto(message.addressLine),
    postalCode: checkResult.fromProto(message.postalCode),
    cvc: checkResult.fromProto(message.cvc),
    avsCode: message.avsCode,
    cvcCode: message.cvcCode
  })
}

/** Decline. A kind or action that is not known is read as the one its code has. */
export const decline = {
  toProto: (value: Decline): Full<Proto.Decline> => ({
    code: declineCode.toProto(value.code),
    kind: declineKind.toProto(value.kind),
    action: declineAction.toProto(value.action),
    payerMessage: value.payerMessage,
    rawCode: value.rawCode,
    rawMessage: value.rawMessage,
    networkDeclineCode: value.networkDeclineCode,
    networkAdviceCode: value.networkAdviceCode
  }),
  fromProto: (message: Proto.Decline): Decline => {
    const code = declineCode.fromProto(message.code) ?? "UNRECOGNIZED"
    return {
      code,
      kind: declineKind.fromProto(message.kind) ?? declines[code].kind,
      action: declineAction.fromProto(message.action) ?? declines[code].action,
      payerMessage: message.payerMessage,
      rawCode: message.rawCode,
      rawMessage: message.rawMessage,
      networkDeclineCode: message.networkDeclineCode,
      networkAdviceCode: message.networkAdviceCode
    }
  }
}

/** Payment. */
export const payment = {
  toProto: (value: Payment): Full<Proto.Payment> => ({
    paymentId: value.paymentId,
    status: paymentStatus.toProto(value.status),
    rawStatus: value.rawStatus,
    final: value.final,
    reference: value.reference,
    amount: value.amount && money.toProto(value.amount),
    amountAuthorized: value.amountAuthorized && money.toProto(value.amountAuthorized),
    amountCaptured: value.amountCaptured && money.toProto(value.amountCaptured),
    amountRefunded: value.amountRefunded && money.toProto(value.amountRefunded),
    authorizationId: value.authorizationId,
    captureId: value.captureId,
    nextAction: value.nextAction && nextAction.toProto(value.nextAction),
    decline: value.decline && decline.toProto(value.decline),
    cardChecks: value.cardChecks && cardChecks.toProto(value.cardChecks),
    networkTransactionId: value.networkTransactionId,
    paymentMethodId: value.paymentMethodId,
    state: value.state
  }),
  fromProto: (message: Proto.Payment): Payment => ({
    paymentId: message.paymentId,
    status: paymentStatus.fromProto(message.status) ?? "UNRECOGNIZED",
    rawStatus: message.rawStatus,
    final: message.final,
    reference: message.reference,
    amount: message.amount && money.fromProto(message.amount),
    amountAuthorized: message.amountAuthorized && money.fromProto(message.amountAuthorized),
    amountCaptured: message.amountCaptured && money.fromProto(message.amountCaptured),
    amountRefunded: message.amountRefunded && money.fromProto(message.amountRefunded),
    authorizationId: message.authorizationId,
    captureId: message.captureId,
    nextAction: message.nextAction && nextAction.fromProto(message.nextAction),
    decline: message.decline && decline.fromProto(message.decline),
    cardChecks: message.cardChecks && cardChecks.fromProto(message.cardChecks),
    networkTransactionId: message.networkTransactionId,
    paymentMethodId: message.paymentMethodId,
    state: message.state
  })
}

/** Capture. */
export const capture = {
  toProto: (value: Capture): Full<Proto.Capture> => ({
    paymentId: value.paymentId,
    status: operationStatus.toProto(value.status),
    rawStatus: value.rawStatus,
    captureId: value.captureId,
    reference: value.reference,
    amount: value.amount && money.toProto(value.amount),
    amountCaptured: value.amountCaptured && money.toProto(value.amountCaptured),
    paymentStatus: paymentStatus.toProto(value.paymentStatus),
    state: value.state,
    decline: value.decline && decline.toProto(value.decline)
  }),
  fromProto: (message: Proto.Capture): Capture => ({
    paymentId: message.paymentId,
    status: operationStatus.fromProto(message.status) ?? "UNRECOGNIZED",
    rawStatus: message.rawStatus,
    captureId: message.captureId,
    reference: message.reference,
    amount: message.amount && money.fromProto(message.amount),
    amountCaptured: message.amountCaptured && money.fromProto(message.amountCaptured),
    paymentStatus: paymentStatus.fromProto(message.paymentStatus) ?? "UNRECOGNIZED",
    decline: message.decline && decline.fromProto(message.decline),
    state: message.state
  })
}

/** Refund. */
export const refund = {
  toProto: (value: Refund): Full<Proto.Refund> => ({
    refundId: value.refundId,
    status: operationStatus.toProto(value.status),
    rawStatus: value.rawStatus,
    paymentId: value.paymentId,
    reference: value.reference,
    amount: value.amount && money.toProto(value.amount),
    failureReason: value.failureReason,
    state: value.state,
    decline: value.decline && decline.toProto(value.decline)
  }),
  fromProto: (message: Proto.Refund): Refund => ({
    refundId: message.refundId,
    status: operationStatus.fromProto(message.status) ?? "UNRECOGNIZED",
    rawStatus: message.rawStatus,
    paymentId: message.paymentId,
    reference: message.reference,
    amount: message.amount && money.fromProto(message.amount),
    failureReason: message.failureReason,
    decline: message.decline && decline.fromProto(message.decline),
    state: message.state
  })
}

/** Found: its oneof is the domain's `_tag`. One that is not known is none. */
export const found = {
  toProto: (value: Found): Full<Proto.Found> => {
    switch (value._tag) {
      case "Payment":
        return { value: { $case: "payment", value: payment.toProto(value.payment) } }
      case "Capture":
        return { value: { $case: "capture", value: capture.toProto(value.capture) } }
      case "Refund":
        return { value: { $case: "refund", value: refund.toProto(value.refund) } }
    }
  },
  fromProto: (message: Proto.Found | undefined): Found | undefined => {
    const value = message?.value
    switch (value?.$case) {
      case "payment":
        return { _tag: "Payment", payment: payment.fromProto(value.value) }
      case "capture":
        return { _tag: "Capture", capture: capture.fromProto(value.value) }
      case "refund":
        return { _tag: "Refund", refund: refund.fromProto(value.value) }
      case undefined:
        return undefined
    }
  }
}

/** Unsettled, as errors carry it. */
export const unsettled = {
  toProto: (value: Unsettled): Full<Proto.Unsettled> => ({
    flow: value.flow,
    reference: value.reference,
    attempt: value.attempt ?? 0,
    paymentId: value.paymentId,
    amount: value.amount && money.toProto(value.amount),
    firstSentAt: value.firstSentAt && DateTime.toDateUtc(value.firstSentAt),
    lastSentAt: value.lastSentAt && DateTime.toDateUtc(value.lastSentAt),
    state: value.state ?? {}
  }),
  fromProto: (message: Proto.Unsettled | undefined): Unsettled | undefined =>
    message === undefined
      ? undefined
      : {
          flow: message.flow,
          reference: message.reference,
          attempt: nonZero(message.attempt),
          paymentId: message.paymentId,
          amount: message.amount && money.fromProto(message.amount),
          firstSentAt: time(message.firstSentAt),
          lastSentAt: time(message.lastSentAt),
          state: filled(message.state)
        }
}
