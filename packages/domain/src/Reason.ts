import * as Schema from "effect/Schema"
import { type Consequence, consequenceOf } from "./Consequence.ts"
import { Decline } from "./Decline.ts"
import { Money } from "./Money.ts"
import { Payment } from "./Payment.ts"
import { type Inspect, inspected, inspecting, printableFields } from "./Printing.ts"
import { InvalidSignature, StaleTimestamp, UnknownSecret, Unreadable } from "./Refusal.ts"
import { Found, statusOf, Unsettled } from "./Settlement.ts"

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
  asked: Money,
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

/** A reason in one sentence, without a secret in it. */
export const describe = (reason: Reason): string => {
  const text = told(reason)
  return /[.!?]$/.test(text) ? text : `${text}.`
}

const told = (reason: Reason): string => {
  switch (reason._tag) {
    case "UnknownConnector":
      return `No such connector; known are: ${reason.known.join(", ")}.`
    case "UnsupportedFlow":
      return `The connector has no such flow; it has: ${reason.supported.join(", ")}.`
    case "UnsupportedPaymentMethod":
      return `The connector does not take ${reason.paymentMethod} here; it takes: ${reason.supported.join(", ")}.`
    case "MissingField":
      return `${reason.field} is missing.`
    case "InvalidField":
      return `${reason.field} must be ${reason.rule}.`
    case "InvalidCredentials":
      return reason.refusedByProcessor
        ? `The processor refused the credentials: ${reason.description}`
        : `The credentials cannot be used: ${reason.description}`
    case "Overloaded":
      return "The service has too much to do; nothing was sent."
    case "CircuitOpen":
      return "The processor has been failing; nothing was sent."
    case "Unreachable":
      return `The processor could not be reached (${reason.description}); nothing was sent.`
    case "RateLimited":
      return "The processor turned the request away for now; nothing was done."
    case "Declined":
      return `The payment was refused: ${reason.decline.code} (${reason.decline.rawCode}).`
    case "Rejected":
      return `The processor refused the request with ${reason.httpStatus} ${reason.rawCode}: ${reason.rawMessage}`
    case "WrongState":
      return reason.found === undefined
        ? `The processor refused it in its present state (${reason.rawCode}).`
        : `The processor refused it in its present state (${reason.rawCode}): it is ${statusOf(reason.found)}.`
    case "Duplicate":
      return reason.found === undefined
        ? `The reference was used before with other content (${reason.rawCode}).`
        : `The reference was used before with other content (${reason.rawCode}); what it made is ${statusOf(reason.found)}.`
    case "KeyExpired":
      return "The processor no longer remembers this reference's key, so it was not sent again."
    case "UnknownOutcome":
      return `The outcome is unknown (${reason.description}): money may have moved.`
    case "AmountMismatch":
      return `The processor has it for another amount than was asked: it is ${statusOf(reason.found)}.`
    case "UnreadableReply":
      return `The processor's reply could not be read: ${reason.description}`
    case "InvalidSignature":
      return "Nothing proves that the delivery comes from the processor."
    case "StaleTimestamp":
      return "The delivery is genuine, and older or younger than the processor's scheme allows."
    case "UnknownSecret":
      return "There is no secret to prove the delivery with, or one is not of the connector's form."
    case "Unreadable":
      return `The delivery could not be read: ${reason.description}`
  }
}

/** A call that ended without the answer it asked for. */
export class ConnectorError extends Schema.TaggedError<ConnectorError>()("ConnectorError", {
  connector: Schema.String,
  flow: Schema.String,
  reason: Reason
}) {
  /** The reason in one sentence. */
  override get message(): string {
    return describe(this.reason)
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
