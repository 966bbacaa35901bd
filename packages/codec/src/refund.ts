import * as R from "@connector-service/domain/Refund"
import type * as Proto from "@connector-service/proto/payments/v1/refund"
import * as Types from "@connector-service/proto/payments/v1/types"
import * as DateTime from "effect/DateTime"
import * as answers from "./answers.ts"
import { type Codec, type Full, request } from "./Codec.ts"
import { refundReason } from "./enums.ts"
import { filled, money } from "./types.ts"

const refund: Codec<never, R.Refund, never, { refund: Types.Refund | undefined }>["response"] = {
  toProto: (response) => ({ refund: answers.refund.toProto(response) }),
  fromProto: (message) => answers.refund.fromProto(message.refund ?? Types.Refund.create())
}

/** RefundService.Create. */
export const create = {
  request: request(R.CreateRequest, {
    toProto: (value): Full<Proto.RefundServiceCreateRequest> => ({
      reference: value.reference,
      attempt: value.attempt,
      firstSentAt: value.firstSentAt && DateTime.toDateUtc(value.firstSentAt),
      idempotencyKey: value.idempotencyKey,
      paymentId: value.paymentId,
      amount: money.toProto(value.amount),
      reason: refundReason.toProto(value.reason),
      metadata: value.metadata ?? {},
      state: value.state ?? {}
    }),
    given: (message: Proto.RefundServiceCreateRequest) => ({
      reference: message.reference,
      attempt: message.attempt,
      firstSentAt: message.firstSentAt,
      idempotencyKey: message.idempotencyKey,
      paymentId: message.paymentId,
      amount: message.amount && money.fromProto(message.amount),
      reason: refundReason.given(message.reason),
      metadata: filled(message.metadata),
      state: filled(message.state)
    })
  }),
  response: refund
}

/** RefundService.Get. */
export const get = {
  request: request(R.GetRequest, {
    toProto: (value): Full<Proto.RefundServiceGetRequest> => ({
      refundId: value.refundId,
      state: value.state ?? {}
    }),
    given: (message: Proto.RefundServiceGetRequest) => ({
      refundId: message.refundId,
      state: filled(message.state)
    })
  }),
  response: refund
}
