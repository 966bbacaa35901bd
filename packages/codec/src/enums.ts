import { Flow, Idempotency } from "@connector-service/domain/Capability"
import { CheckResult } from "@connector-service/domain/CardChecks"
import { Fault, MoneyMoved } from "@connector-service/domain/Consequence"
import { DeclineAction, DeclineCode, DeclineKind } from "@connector-service/domain/Decline"
import { DisputeStatus } from "@connector-service/domain/Dispute"
import { KeptPaymentMethod } from "@connector-service/domain/KeptPaymentMethod"
import { MandateStatus } from "@connector-service/domain/Mandate"
import { Challenge } from "@connector-service/domain/NextAction"
import { CaptureMethod, OperationStatus, PaymentStatus, VoidReason } from "@connector-service/domain/Payment"
import { RefundReason } from "@connector-service/domain/Refund"
import { ThreeDSecureRequest, ThreeDSecureStatus } from "@connector-service/domain/ThreeDSecure"
import * as ConnectorProto from "@connector-service/proto/payments/v1/connector"
import * as ErrorsProto from "@connector-service/proto/payments/v1/errors"
import * as NextActionProto from "@connector-service/proto/payments/v1/next_action"
import * as PaymentProto from "@connector-service/proto/payments/v1/payment"
import * as RefundProto from "@connector-service/proto/payments/v1/refund"
import * as TypesProto from "@connector-service/proto/payments/v1/types"
import * as WebhookProto from "@connector-service/proto/payments/v1/webhook"

/** The names of an enum's values without their prefix, UNSPECIFIED left out. */
type Words<Numbers, Prefix extends string> = {
  [Name in keyof Numbers]: Name extends `${Prefix}_${infer Word}` ? (Word extends "UNSPECIFIED" ? never : Word) : never
}[keyof Numbers]

/** An enum of the proto and the domain's words for it. */
export interface Enumeration<Word extends string, Value extends number> {
  /** The number of a word; UNSPECIFIED for none. */
  readonly toProto: (word: Word | undefined) => Value
  /** The word of a number in an answer: UNRECOGNIZED, where that is a word, for one that is not known. */
  readonly fromProto: (number: number | undefined) => Word | undefined
  /** The word of a number in a request: the number itself, which no schema takes, for one that is not known. */
  readonly given: (number: number) => Word | number | undefined
}

/** An enum's two tables. A word without a number, or a number without a word, does not compile. */
const enumeration = <
  const Prefix extends string,
  Numbers extends Readonly<Record<string, number>>,
  const Word extends Words<Numbers, Prefix> & string
>(
  prefix: Prefix,
  numbers: Numbers,
  words: ReadonlyArray<Word> &
    ([Words<Numbers, Prefix>] extends [Word] ? unknown : Exclude<Words<Numbers, Prefix>, Word>)
): Enumeration<Word, Numbers[keyof Numbers]> => {
  type Value = Numbers[keyof Numbers]
  const number = (word: string): Value => {
    const value = numbers[`${prefix}_${word}`]
    // Words and UNSPECIFIED are the enum's own names, which the parameter's type says
    return value as Value
  }
  const unspecified = number("UNSPECIFIED")
  // every word is a key by construction
  const byWord = Object.fromEntries(words.map((word) => [word, number(word)])) as Readonly<Record<Word, Value>>
  const byNumber: Array<Word | undefined> = []
  for (const word of words) byNumber[number(word)] = word
  const unrecognized = words.find((word) => word === "UNRECOGNIZED")
  return {
    toProto: (word) => (word === undefined ? unspecified : byWord[word]),
    fromProto: (value) =>
      value === undefined || value === unspecified ? undefined : (byNumber[value] ?? unrecognized),
    given: (value) => (value === unspecified ? undefined : (byNumber[value] ?? value))
  }
}

/** PaymentStatus. */
export const paymentStatus = enumeration("PAYMENT_STATUS", TypesProto.PaymentStatus, PaymentStatus.literals)
/** OperationStatus. */
export const operationStatus = enumeration("OPERATION_STATUS", TypesProto.OperationStatus, OperationStatus.literals)
/** CaptureMethod. */
export const captureMethod = enumeration("CAPTURE_METHOD", TypesProto.CaptureMethod, CaptureMethod.literals)
/** CheckResult. */
export const checkResult = enumeration("CHECK_RESULT", TypesProto.CheckResult, CheckResult.literals)
/** DeclineCode. */
export const declineCode = enumeration("DECLINE_CODE", TypesProto.DeclineCode, DeclineCode.literals)
/** DeclineKind. */
export const declineKind = enumeration("DECLINE_KIND", TypesProto.DeclineKind, DeclineKind.literals)
/** DeclineAction. */
export const declineAction = enumeration("DECLINE_ACTION", TypesProto.DeclineAction, DeclineAction.literals)
/** ThreeDSecureStatus. */
export const threeDSecureStatus = enumeration(
  "THREE_D_SECURE_STATUS",
  TypesProto.ThreeDSecureStatus,
  ThreeDSecureStatus.literals
)
/** ThreeDSecureRequest. */
export const threeDSecureRequest = enumeration(
  "THREE_D_SECURE_REQUEST",
  TypesProto.ThreeDSecureRequest,
  ThreeDSecureRequest.literals
)
/** VoidReason. */
export const voidReason = enumeration("VOID_REASON", PaymentProto.VoidReason, VoidReason.literals)
/** RefundReason. */
export const refundReason = enumeration("REFUND_REASON", RefundProto.RefundReason, RefundReason.literals)
/** ChallengeStep. */
export const challengeStep = enumeration(
  "CHALLENGE_STEP",
  NextActionProto.ChallengeStep,
  Challenge.fields.step.literals
)
/** MoneyMoved. */
export const moneyMoved = enumeration("MONEY_MOVED", ErrorsProto.MoneyMoved, MoneyMoved)
/** Fault. */
export const fault = enumeration("FAULT", ErrorsProto.Fault, Fault)
/** FlowKind. */
export const flowKind = enumeration("FLOW_KIND", ConnectorProto.FlowKind, Flow.fields.kind.literals)
/** Settling. */
export const settling = enumeration(
  "SETTLING",
  ConnectorProto.Settling,
  Flow.fields.settling.schema.members[0].literals
)
/** KeyScope. */
export const keyScope = enumeration(
  "KEY_SCOPE",
  ConnectorProto.KeyScope,
  Idempotency.fields.scope.schema.members[0].literals
)
/** OtherContent. */
export const otherContent = enumeration(
  "OTHER_CONTENT",
  ConnectorProto.OtherContent,
  Idempotency.fields.otherContent.schema.members[0].literals
)
/** Concurrent. */
export const concurrent = enumeration(
  "CONCURRENT",
  ConnectorProto.Concurrent,
  Idempotency.fields.concurrent.schema.members[0].literals
)
/** StoredError. */
export const storedError = enumeration(
  "STORED_ERROR",
  ConnectorProto.StoredError,
  Idempotency.fields.storedError.schema.members[0].literals
)
/** DisputeStatus. */
export const disputeStatus = enumeration("DISPUTE_STATUS", WebhookProto.DisputeStatus, DisputeStatus.literals)
/** MandateStatus. */
export const mandateStatus = enumeration("MANDATE_STATUS", WebhookProto.MandateStatus, MandateStatus.literals)
/** KeptPaymentMethodStatus. */
export const keptPaymentMethodStatus = enumeration(
  "KEPT_PAYMENT_METHOD_STATUS",
  WebhookProto.KeptPaymentMethodStatus,
  KeptPaymentMethod.fields.status.literals
)
