import * as P from "@connector-service/domain/Payment"
import type * as Proto from "@connector-service/proto/payments/v1/payment"
import * as Types from "@connector-service/proto/payments/v1/types"
import * as DateTime from "effect/DateTime"
import * as answers from "./answers.ts"
import { type Codec, type Full, request } from "./Codec.ts"
import { captureMethod, threeDSecureRequest, voidReason } from "./enums.ts"
import { paymentMethod } from "./paymentMethod.ts"
import { address, browser, customer, filled, lineItem, listed, money, shipping, threeDSecureResult } from "./types.ts"

const payment: Codec<never, P.Payment, never, { payment: Types.Payment | undefined }>["response"] = {
  toProto: (response) => ({ payment: answers.payment.toProto(response) }),
  fromProto: (message) => answers.payment.fromProto(message.payment ?? Types.Payment.create())
}

const earlierPayment = {
  toProto: (value: P.EarlierPayment): Full<Proto.EarlierPayment> => ({
    paymentId: value.paymentId,
    state: value.state ?? {}
  }),
  given: (message: Proto.EarlierPayment) => ({ paymentId: message.paymentId, state: filled(message.state) })
}

/** PaymentService.Authorize. */
export const authorize = {
  request: request(P.AuthorizeRequest, {
    toProto: (value): Full<Proto.PaymentServiceAuthorizeRequest> => ({
      reference: value.reference,
      attempt: value.attempt,
      firstSentAt: value.firstSentAt && DateTime.toDateUtc(value.firstSentAt),
      idempotencyKey: value.idempotencyKey,
      orderReference: value.orderReference,
      amount: money.toProto(value.amount),
      paymentMethod: paymentMethod.toProto(value.paymentMethod),
      captureMethod: captureMethod.toProto(value.captureMethod),
      returnUrl: value.returnUrl,
      customer: value.customer && customer.toProto(value.customer),
      billingAddress: value.billingAddress && address.toProto(value.billingAddress),
      shipping: value.shipping && shipping.toProto(value.shipping),
      description: value.description,
      statementDescriptor: value.statementDescriptor,
      metadata: value.metadata ?? {},
      threeDSecureRequest: threeDSecureRequest.toProto(value.threeDSecureRequest),
      threeDSecureResult: value.threeDSecureResult && threeDSecureResult.toProto(value.threeDSecureResult),
      state: value.state ?? {},
      browser: value.browser && browser.toProto(value.browser),
      lineItems: value.lineItems?.map(lineItem.toProto) ?? [],
      locale: value.locale,
      earlierPayment: value.earlierPayment && earlierPayment.toProto(value.earlierPayment)
    }),
    given: (message: Proto.PaymentServiceAuthorizeRequest) => ({
      reference: message.reference,
      attempt: message.attempt,
      firstSentAt: message.firstSentAt,
      idempotencyKey: message.idempotencyKey,
      orderReference: message.orderReference,
      amount: message.amount && money.fromProto(message.amount),
      paymentMethod: message.paymentMethod && paymentMethod.given(message.paymentMethod),
      captureMethod: captureMethod.given(message.captureMethod),
      returnUrl: message.returnUrl,
      customer: message.customer && customer.given(message.customer),
      billingAddress: message.billingAddress && address.given(message.billingAddress),
      shipping: message.shipping && shipping.given(message.shipping),
      description: message.description,
      statementDescriptor: message.statementDescriptor,
      metadata: filled(message.metadata),
      threeDSecureRequest: threeDSecureRequest.given(message.threeDSecureRequest),
      threeDSecureResult: message.threeDSecureResult && threeDSecureResult.given(message.threeDSecureResult),
      browser: message.browser && browser.given(message.browser),
      lineItems: listed(message.lineItems.map(lineItem.given)),
      locale: message.locale,
      earlierPayment: message.earlierPayment && earlierPayment.given(message.earlierPayment),
      state: filled(message.state)
    })
  }),
  response: payment
}

/** PaymentService.Capture. */
export const capture = {
  request: request(P.CaptureRequest, {
    toProto: (value): Full<Proto.PaymentServiceCaptureRequest> => ({
      reference: value.reference,
      attempt: value.attempt,
      firstSentAt: value.firstSentAt && DateTime.toDateUtc(value.firstSentAt),
      idempotencyKey: value.idempotencyKey,
      paymentId: value.paymentId,
      amount: money.toProto(value.amount),
      statementDescriptor: value.statementDescriptor,
      metadata: value.metadata ?? {},
      state: value.state ?? {}
    }),
    given: (message: Proto.PaymentServiceCaptureRequest) => ({
      reference: message.reference,
      attempt: message.attempt,
      firstSentAt: message.firstSentAt,
      idempotencyKey: message.idempotencyKey,
      paymentId: message.paymentId,
      amount: message.amount && money.fromProto(message.amount),
      statementDescriptor: message.statementDescriptor,
      metadata: filled(message.metadata),
      state: filled(message.state)
    })
  }),
  response: {
    toProto: (response: P.Capture): Full<Proto.PaymentServiceCaptureResponse> => ({
      capture: answers.capture.toProto(response)
    }),
    fromProto: (message: Proto.PaymentServiceCaptureResponse): P.Capture =>
      answers.capture.fromProto(message.capture ?? Types.Capture.create())
  }
}

/** PaymentService.Void. */
const release = {
  request: request(P.VoidRequest, {
    toProto: (value): Full<Proto.PaymentServiceVoidRequest> => ({
      reference: value.reference,
      attempt: value.attempt,
      firstSentAt: value.firstSentAt && DateTime.toDateUtc(value.firstSentAt),
      idempotencyKey: value.idempotencyKey,
      paymentId: value.paymentId,
      reason: voidReason.toProto(value.reason),
      state: value.state ?? {}
    }),
    given: (message: Proto.PaymentServiceVoidRequest) => ({
      reference: message.reference,
      attempt: message.attempt,
      firstSentAt: message.firstSentAt,
      idempotencyKey: message.idempotencyKey,
      paymentId: message.paymentId,
      reason: voidReason.given(message.reason),
      state: filled(message.state)
    })
  }),
  response: payment
}

// `void` is a reserved word
export { release as void }

/** PaymentService.Reverse. */
export const reverse = {
  request: request(P.ReverseRequest, {
    toProto: (value): Full<Proto.PaymentServiceReverseRequest> => ({
      reference: value.reference,
      attempt: value.attempt,
      firstSentAt: value.firstSentAt && DateTime.toDateUtc(value.firstSentAt),
      idempotencyKey: value.idempotencyKey,
      paymentId: value.paymentId,
      state: value.state ?? {}
    }),
    given: (message: Proto.PaymentServiceReverseRequest) => ({
      reference: message.reference,
      attempt: message.attempt,
      firstSentAt: message.firstSentAt,
      idempotencyKey: message.idempotencyKey,
      paymentId: message.paymentId,
      state: filled(message.state)
    })
  }),
  response: payment
}

/** PaymentService.Get. */
export const get = {
  request: request(P.GetRequest, {
    toProto: (value): Full<Proto.PaymentServiceGetRequest> => ({
      paymentId: value.paymentId,
      state: value.state ?? {}
    }),
    given: (message: Proto.PaymentServiceGetRequest) => ({
      paymentId: message.paymentId,
      state: filled(message.state)
    })
  }),
  response: payment
}

/** PaymentService.Complete. */
export const complete = {
  request: request(P.CompleteRequest, {
    toProto: (value): Full<Proto.PaymentServiceCompleteRequest> => ({
      reference: value.reference,
      attempt: value.attempt,
      firstSentAt: value.firstSentAt && DateTime.toDateUtc(value.firstSentAt),
      idempotencyKey: value.idempotencyKey,
      paymentId: value.paymentId,
      amount: value.amount && money.toProto(value.amount),
      returned: value.returned ?? {},
      state: value.state ?? {}
    }),
    given: (message: Proto.PaymentServiceCompleteRequest) => ({
      reference: message.reference,
      attempt: message.attempt,
      firstSentAt: message.firstSentAt,
      idempotencyKey: message.idempotencyKey,
      paymentId: message.paymentId,
      amount: message.amount && money.fromProto(message.amount),
      returned: filled(message.returned),
      state: filled(message.state)
    })
  }),
  response: payment
}
