import * as Schema from "effect/Schema"
import { Amount, AmountOrNothing, AnyAmount } from "./Amount.ts"
import { CardChecks } from "./CardChecks.ts"
import { Address, Browser, Customer, Shipping } from "./Customer.ts"
import { Decline } from "./Decline.ts"
import { NextAction } from "./NextAction.ts"
import { PaymentMethod } from "./PaymentMethod.ts"
import { AbsoluteUrl, Locale, line, Metadata, ProcessorId, Reference, State, wellFormedEntries } from "./Text.ts"
import { ThreeDSecureRequest, ThreeDSecureResult } from "./ThreeDSecure.ts"
import { write } from "./Write.ts"

/** Where a payment stands. The proto's comments say what each word means. */
export const PaymentStatus = Schema.Literals([
  "REQUIRES_ACTION",
  "PENDING",
  "AUTHORIZED",
  "PARTIALLY_CAPTURED",
  "CAPTURED",
  "VOIDED",
  "DECLINED",
  "FAILED",
  "EXPIRED",
  "UNRECOGNIZED"
])
/** Where a payment stands. */
export type PaymentStatus = typeof PaymentStatus.Type

/** Where a capture or a refund stands. */
export const OperationStatus = Schema.Literals(["PENDING", "SUCCEEDED", "FAILED", "CANCELLED", "UNRECOGNIZED"])
/** Where a capture or a refund stands. */
export type OperationStatus = typeof OperationStatus.Type

/** When an authorized payment is captured. */
export const CaptureMethod = Schema.Literals(["AUTOMATIC", "MANUAL"])
/** When an authorized payment is captured. */
export type CaptureMethod = typeof CaptureMethod.Type

/** A payment, as the processor tells it now. `final`: it can take no (more) money, whatever anyone does next. */
export const Payment = Schema.Struct({
  paymentId: Schema.String,
  status: PaymentStatus,
  rawStatus: Schema.String,
  final: Schema.Boolean,
  reference: Schema.optional(Schema.String),
  amount: Schema.optional(AnyAmount),
  amountAuthorized: Schema.optional(AnyAmount),
  amountCaptured: Schema.optional(AnyAmount),
  amountRefunded: Schema.optional(AnyAmount),
  authorizationId: Schema.optional(Schema.String),
  captureId: Schema.optional(Schema.String),
  nextAction: Schema.optional(NextAction),
  decline: Schema.optional(Decline),
  cardChecks: Schema.optional(CardChecks),
  networkTransactionId: Schema.optional(Schema.String),
  paymentMethodId: Schema.optional(Schema.String),
  state: State
})
/** A payment, as the processor tells it now. */
export interface Payment extends Schema.Schema.Type<typeof Payment> {}

/** A capture, as the processor tells it now. */
export const Capture = Schema.Struct({
  paymentId: Schema.String,
  status: OperationStatus,
  rawStatus: Schema.String,
  captureId: Schema.optional(Schema.String),
  reference: Schema.optional(Schema.String),
  amount: Schema.optional(AnyAmount),
  amountCaptured: Schema.optional(AnyAmount),
  paymentStatus: PaymentStatus,
  decline: Schema.optional(Decline),
  state: State
})
/** A capture, as the processor tells it now. */
export interface Capture extends Schema.Schema.Type<typeof Capture> {}

/** A thing bought: what one costs, tax included, and the tax in that; `taxRate` in hundredths of a percent. */
export const LineItem = Schema.Struct({
  name: line(127),
  quantity: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 }, { expected: "1 or more" })),
  unitAmount: Amount,
  unitTax: Schema.optional(AmountOrNothing),
  taxRate: Schema.optional(
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10_000 }, { expected: "0 to 10000" }))
  ),
  sku: Schema.optional(line(127))
})
/** A thing bought. */
export interface LineItem extends Schema.Schema.Type<typeof LineItem> {}

/** A payment made before, which must have come to its end. */
export const EarlierPayment = Schema.Struct({ paymentId: ProcessorId, state: Schema.optional(State) })
/** A payment made before, which must have come to its end. */
export interface EarlierPayment extends Schema.Schema.Type<typeof EarlierPayment> {}

/** A payment to authorize. */
export const AuthorizeRequest = Schema.Struct({
  ...write,
  orderReference: Schema.optional(Reference),
  amount: Amount,
  paymentMethod: PaymentMethod,
  captureMethod: CaptureMethod,
  returnUrl: Schema.optional(AbsoluteUrl),
  customer: Schema.optional(Customer),
  billingAddress: Schema.optional(Address),
  shipping: Schema.optional(Shipping),
  description: Schema.optional(line(500)),
  statementDescriptor: Schema.optional(
    Schema.String.check(
      Schema.isPattern(/^(?=.*[A-Za-z])[\x20-\x7e]{1,22}$/, {
        expected: "1 to 22 printable ASCII characters with at least one letter"
      }),
      Schema.isPattern(/^[^<>\\'"*]*$/, { expected: "none of the characters < > \\ ' \" *" })
    )
  ),
  metadata: Schema.optional(Metadata),
  threeDSecureRequest: Schema.optional(ThreeDSecureRequest),
  threeDSecureResult: Schema.optional(ThreeDSecureResult),
  browser: Schema.optional(Browser),
  lineItems: Schema.optional(Schema.Array(LineItem)),
  locale: Schema.optional(Locale),
  earlierPayment: Schema.optional(EarlierPayment),
  state: Schema.optional(State)
})
/** A payment to authorize. */
export interface AuthorizeRequest extends Schema.Schema.Type<typeof AuthorizeRequest> {}

/** A capture of reserved funds. */
export const CaptureRequest = Schema.Struct({
  ...write,
  paymentId: ProcessorId,
  amount: Amount,
  statementDescriptor: AuthorizeRequest.fields.statementDescriptor,
  metadata: Schema.optional(Metadata),
  state: Schema.optional(State)
})
/** A capture of reserved funds. */
export interface CaptureRequest extends Schema.Schema.Type<typeof CaptureRequest> {}

/** Why a payment is released. */
export const VoidReason = Schema.Literals(["REQUESTED_BY_CUSTOMER", "DUPLICATE", "FRAUDULENT", "ABANDONED"])
/** Why a payment is released. */
export type VoidReason = typeof VoidReason.Type

/** A release of reserved funds. */
export const VoidRequest = Schema.Struct({
  ...write,
  paymentId: ProcessorId,
  reason: Schema.optional(VoidReason),
  state: Schema.optional(State)
})
/** A release of reserved funds. */
export interface VoidRequest extends Schema.Schema.Type<typeof VoidRequest> {}

/** Undoing a payment whole, captured or not. */
export const ReverseRequest = Schema.Struct({ ...write, paymentId: ProcessorId, state: Schema.optional(State) })
/** Undoing a payment whole, captured or not. */
export interface ReverseRequest extends Schema.Schema.Type<typeof ReverseRequest> {}

/** A question about a payment. */
export const GetRequest = Schema.Struct({ paymentId: ProcessorId, state: Schema.optional(State) })
/** A question about a payment. */
export interface GetRequest extends Schema.Schema.Type<typeof GetRequest> {}

/**
 * What goes on after a next action; `returned` is what the payer's browser brought back. The answer is compared with
 * `amount`, what the payment was asked for.
 */
export const CompleteRequest = Schema.Struct({
  ...write,
  paymentId: ProcessorId,
  amount: Schema.optional(Amount),
  returned: Schema.optional(
    Schema.Record(Schema.String, Schema.String).check(
      Schema.makeFilter(
        (fields: Readonly<Record<string, string>>) =>
          Object.keys(fields).length <= 50 && Object.values(fields).every((value) => value.length <= 65_536),
        { expected: "at most 50 fields of at most 65536 characters" }
      ),
      wellFormedEntries
    )
  ),
  state: Schema.optional(State)
})
/** What goes on after a next action. */
export interface CompleteRequest extends Schema.Schema.Type<typeof CompleteRequest> {}

const open: ReadonlySet<PaymentStatus> = new Set([
  "REQUIRES_ACTION",
  "PENDING",
  "AUTHORIZED",
  "PARTIALLY_CAPTURED",
  "UNRECOGNIZED"
])

/** Whether a payment of this status can take no more money, whatever happens next. */
export const isFinal = (status: PaymentStatus): boolean => !open.has(status)
