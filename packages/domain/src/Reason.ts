import * as Schema from "effect/Schema"
import { AnyAmount } from "./Amount.ts"
import { type Consequence, consequenceOf } from "./Consequence.ts"
import { Decline } from "./Decline.ts"
import { Payment } from "./Payment.ts"
import { type Inspect, inspected, inspecting, printableFields } from "./Printing.ts"
import { InvalidSignature, StaleTimestamp, UnknownSecret, Unreadable } from "./Refusal.ts"
import { sentenceOf } from "./Sentence.ts"
import { Found, Unsettled } from "./Settlement.ts"

/** No such connector; `known` are. */
export class UnknownConnector extends Schema.TaggedError<UnknownConnector>()("UnknownConnector", {
  known: Schema.Array(Schema.String)
}) {}
/** The connector has no such flow; `supported` it has. */
export class UnsupportedFlow extends Schema.TaggedError<UnsupportedFlow>()("UnsupportedFlow", {
  supported: Schema.Array(Schema.String)
}) {}
/** The flow does not take this payment method; `supported` it takes. */
export class UnsupportedPaymentMethod extends Schema.TaggedError<UnsupportedPaymentMethod>()(
  "UnsupportedPaymentMethod",
  {
    paymentMethod: Schema.String,
    supported: Schema.Array(Schema.String)
  }
) {}
/** A field is missing; `field` is its path in the message, or a metadata key. */
export class MissingField extends Schema.TaggedError<MissingField>()("MissingField", { field: Schema.String }) {}
/** A field breaks `rule`; neither repeats the value. */
export class InvalidField extends Schema.TaggedError<InvalidField>()("InvalidField", {
  field: Schema.String,
  rule: Schema.String
}) {}
/** The credentials are malformed, belong to the other environment, or the processor refused them. */
export class InvalidCredentials extends Schema.TaggedError<InvalidCredentials>()("InvalidCredentials", {
  description: Schema.String,
  refusedByProcessor: Schema.Boolean
}) {}
/** This service has too much to do; nothing was sent. */
export class Overloaded extends Schema.TaggedError<Overloaded>()("Overloaded", { retryAfter: Schema.Duration }) {}
/** The processor has been failing; nothing was sent. */
export class CircuitOpen extends Schema.TaggedError<CircuitOpen>()("CircuitOpen", { retryAfter: Schema.Duration }) {}
/** The processor could not be reached; nothing was sent. */
export class Unreachable extends Schema.TaggedError<Unreachable>()("Unreachable", { description: Schema.String }) {}
/** The processor turned the request away unprocessed. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", {
  retryAfter: Schema.optional(Schema.Duration)
}) {}
/** The issuer or the processor refused the payment. The sender makes it an answer; no caller gets it as an error. */
export class Declined extends Schema.TaggedError<Declined>()("Declined", {
  decline: Decline,
  payment: Schema.optional(Payment)
}) {
  /** What may be printed of it. */
  override toJSON() {
    return printableFields(this)
  }
  [inspecting](_depth: number, options: object, inspect: Inspect) {
    return inspected(this, this.toJSON(), options, inspect)
  }
}
/** The processor refused the request, in its own words. */
export class Rejected extends Schema.TaggedError<Rejected>()("Rejected", {
  httpStatus: Schema.Int,
  rawCode: Schema.String,
  rawMessage: Schema.String,
  rawField: Schema.optional(Schema.String)
}) {}
/** The payment or refund is not in a state that allows it; `found` is what a look-up then found. */
export class WrongState extends Schema.TaggedError<WrongState>()("WrongState", {
  rawCode: Schema.String,
  found: Schema.optional(Found)
}) {
  /** What may be printed of it. */
  override toJSON() {
    return printableFields(this)
  }
  [inspecting](_depth: number, options: object, inspect: Inspect) {
    return inspected(this, this.toJSON(), options, inspect)
  }
}
/** The reference was used before, with other content; `found` is what a look-up then found under it. */
export class Duplicate extends Schema.TaggedError<Duplicate>()("Duplicate", {
  rawCode: Schema.String,
  found: Schema.optional(Found)
}) {
  /** What may be printed of it. */
  override toJSON() {
    return printableFields(this)
  }
  [inspecting](_depth: number, options: object, inspect: Inspect) {
    return inspected(this, this.toJSON(), options, inspect)
  }
}
/** The processor has forgotten the key, so nothing was sent; what the first one did is not known. */
export class KeyExpired extends Schema.TaggedError<KeyExpired>()("KeyExpired", {
  retention: Schema.Duration,
  unsettled: Unsettled
}) {}
/** A write was sent and no readable answer came: money may have moved. */
export class UnknownOutcome extends Schema.TaggedError<UnknownOutcome>()("UnknownOutcome", {
  description: Schema.String,
  unsettled: Unsettled
}) {}
/** The processor has it for another amount than was asked; whether money moved, what was found tells. */
export class AmountMismatch extends Schema.TaggedError<AmountMismatch>()("AmountMismatch", {
  asked: AnyAmount,
  found: Found
}) {
  /** What may be printed of it. */
  override toJSON() {
    return printableFields(this)
  }
  [inspecting](_depth: number, options: object, inspect: Inspect) {
    return inspected(this, this.toJSON(), options, inspect)
  }
}
/** The reply to a read could not be understood, or none came in time; `httpStatus` is 0 where none came. */
export class UnreadableReply extends Schema.TaggedError<UnreadableReply>()("UnreadableReply", {
  httpStatus: Schema.Int,
  description: Schema.String
}) {}

/** Every reason a call may end without the answer it asked for. */
export const Reason = Schema.Union([
  UnknownConnector,
  UnsupportedFlow,
  UnsupportedPaymentMethod,
  MissingField,
  InvalidField,
  InvalidCredentials,
  Overloaded,
  CircuitOpen,
  Unreachable,
  RateLimited,
  Declined,
  Rejected,
  WrongState,
  Duplicate,
  KeyExpired,
  UnknownOutcome,
  AmountMismatch,
  UnreadableReply,
  InvalidSignature,
  StaleTimestamp,
  UnknownSecret,
  Unreadable
])
/** Every reason a call may end without the answer it asked for, told apart by `_tag`. */
export type Reason = typeof Reason.Type

/** A call that ended without the answer it asked for. */
export class ConnectorError extends Schema.TaggedError<ConnectorError>()("ConnectorError", {
  connector: Schema.String,
  flow: Schema.String,
  reason: Reason
}) {
  /** The reason in one sentence. */
  override get message(): string {
    return sentenceOf(this.reason)
  }
  /** What the reason means to the caller. */
  get consequence(): Consequence {
    return consequenceOf(this.reason, this.flow)
  }
  /** Everything but the stack, fit for a log: amounts as decimal strings, times as ISO 8601, durations in milliseconds. */
  override toJSON(): Readonly<Record<string, unknown>> {
    const { _tag, connector, flow, message, reason } = this
    return { _tag, message, connector, flow, reason: printableFields(reason) }
  }
  /** What `console.log` prints: the stack, then the rest. */
  [inspecting](_depth: number, options: object, inspect: Inspect): string {
    const { _tag, message: _message, ...rest } = this.toJSON()
    return inspected(this, rest, options, inspect)
  }
}
