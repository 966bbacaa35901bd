import type { Dispute } from "@connector-service/domain/Dispute"
import type { Event, Occurrence } from "@connector-service/domain/Event"
import type { KeptPaymentMethod } from "@connector-service/domain/KeptPaymentMethod"
import type { Mandate } from "@connector-service/domain/Mandate"
import type { Payout } from "@connector-service/domain/Payout"
import * as Proto from "@connector-service/proto/payments/v1/webhook"
import * as DateTime from "effect/DateTime"
import { capture, payment, refund } from "./answers.ts"
import type { Full } from "./Codec.ts"
import { disputeStatus, keptPaymentMethodStatus, mandateStatus, operationStatus } from "./enums.ts"
import { money, time } from "./types.ts"

const dispute = {
  toProto: (value: Dispute): Full<Proto.Dispute> => ({
    disputeId: value.disputeId,
    status: disputeStatus.toProto(value.status),
    rawStatus: value.rawStatus,
    paymentId: value.paymentId,
    captureId: value.captureId,
    amount: value.amount && money.toProto(value.amount),
    reason: value.reason,
    respondBy: value.respondBy && DateTime.toDateUtc(value.respondBy)
  }),
  fromProto: (message: Proto.Dispute): Dispute => ({
    disputeId: message.disputeId,
    status: disputeStatus.fromProto(message.status) ?? "UNRECOGNIZED",
    rawStatus: message.rawStatus,
    paymentId: message.paymentId,
    captureId: message.captureId,
    amount: message.amount && money.fromProto(message.amount),
    reason: message.reason,
    respondBy: time(message.respondBy)
  })
}

const mandate = {
  toProto: (value: Mandate): Full<Proto.Mandate> => ({
    mandateId: value.mandateId,
    status: mandateStatus.toProto(value.status),
    rawStatus: value.rawStatus,
    paymentMethodId: value.paymentMethodId
  }),
  fromProto: (message: Proto.Mandate): Mandate => ({
    mandateId: message.mandateId,
    status: mandateStatus.fromProto(message.status) ?? "UNRECOGNIZED",
    rawStatus: message.rawStatus,
    paymentMethodId: message.paymentMethodId
  })
}

const payout = {
  toProto: (value: Payout): Full<Proto.Payout> => ({
    payoutId: value.payoutId,
    status: operationStatus.toProto(value.status),
    rawStatus: value.rawStatus,
    reference: value.reference,
    amount: value.amount && money.toProto(value.amount),
    failureReason: value.failureReason
  }),
  fromProto: (message: Proto.Payout): Payout => ({
    payoutId: message.payoutId,
    status: operationStatus.fromProto(message.status) ?? "UNRECOGNIZED",
    rawStatus: message.rawStatus,
    reference: message.reference,
    amount: message.amount && money.fromProto(message.amount),
    failureReason: message.failureReason
  })
}

/** A method whose status is not known does not count as one that pays. */
const keptPaymentMethod = {
  toProto: (value: KeptPaymentMethod): Full<Proto.KeptPaymentMethod> => ({
    paymentMethodId: value.paymentMethodId,
    status: keptPaymentMethodStatus.toProto(value.status),
    rawStatus: value.rawStatus,
    customerId: value.customerId
  }),
  fromProto: (message: Proto.KeptPaymentMethod): KeptPaymentMethod => ({
    paymentMethodId: message.paymentMethodId,
    status: keptPaymentMethodStatus.fromProto(message.status) ?? "INACTIVE",
    rawStatus: message.rawStatus,
    customerId: message.customerId
  })
}

type Subject = Full<Proto.Event>["subject"]

const subjectToProto = (value: Event): Subject => {
  switch (value._tag) {
    case "Payment":
      return { $case: "payment", value: payment.toProto(value.payment) }
    case "Capture":
      return { $case: "capture", value: capture.toProto(value.capture) }
    case "Refund":
      return { $case: "refund", value: refund.toProto(value.refund) }
    case "Dispute":
      return { $case: "dispute", value: dispute.toProto(value.dispute) }
    case "Mandate":
      return { $case: "mandate", value: mandate.toProto(value.mandate) }
    case "Payout":
      return { $case: "payout", value: payout.toProto(value.payout) }
    case "PaymentMethod":
      return { $case: "paymentMethod", value: keptPaymentMethod.toProto(value.paymentMethod) }
    case "Other":
      return { $case: "other", value: { problem: value.problem, raw: value.raw } satisfies Full<Proto.OtherEvent> }
  }
}

/** An event whose subject is not known is one that means nothing to the flows. */
const eventFromProto = (occurrence: Occurrence, subject: Subject): Event => {
  switch (subject?.$case) {
    case "payment":
      return { _tag: "Payment", ...occurrence, payment: payment.fromProto(subject.value) }
    case "capture":
      return { _tag: "Capture", ...occurrence, capture: capture.fromProto(subject.value) }
    case "refund":
      return { _tag: "Refund", ...occurrence, refund: refund.fromProto(subject.value) }
    case "dispute":
      return { _tag: "Dispute", ...occurrence, dispute: dispute.fromProto(subject.value) }
    case "mandate":
      return { _tag: "Mandate", ...occurrence, mandate: mandate.fromProto(subject.value) }
    case "payout":
      return { _tag: "Payout", ...occurrence, payout: payout.fromProto(subject.value) }
    case "paymentMethod":
      return { _tag: "PaymentMethod", ...occurrence, paymentMethod: keptPaymentMethod.fromProto(subject.value) }
    case "other":
      return { _tag: "Other", ...occurrence, problem: subject.value.problem, raw: subject.value.raw }
    case undefined:
      return { _tag: "Other", ...occurrence, problem: undefined, raw: "null" }
  }
}

const environmentOf = (text: string | undefined): Occurrence["environment"] =>
  text === "live" || text === "sandbox" ? text : undefined

/** Event. */
export const event = {
  toProto: (value: Event): Full<Proto.Event> => ({
    id: value.id,
    rawType: value.rawType,
    occurredAt: DateTime.toDateUtc(value.occurredAt),
    account: value.account,
    environment: value.environment,
    subject: subjectToProto(value)
  }),
  fromProto: (message: Proto.Event): Event =>
    eventFromProto(
      {
        id: message.id,
        rawType: message.rawType,
        occurredAt: time(message.occurredAt) ?? DateTime.makeUnsafe(0),
        account: message.account,
        environment: environmentOf(message.environment)
      },
      message.subject
    )
}

/** An event as JSON by the contract: the ProtoJSON of its message (protobuf.dev/programming-guides/json). */
export const eventJson = (value: Event): unknown => Proto.Event.toJSON(event.toProto(value))
