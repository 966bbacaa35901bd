import * as R from "@connector-service/domain/Reason"
import { InvalidSignature, StaleTimestamp, UnknownSecret, Unreadable } from "@connector-service/domain/Refusal"
import type * as Proto from "@connector-service/proto/payments/v1/errors"
import * as Duration from "effect/Duration"
import { found, unsettled } from "./answers.ts"
import type { Full } from "./Codec.ts"
import { fault, moneyMoved } from "./enums.ts"
import { duration, money } from "./types.ts"

type Message = NonNullable<Proto.ConnectorError["reason"]>
type Case = Message["$case"]
/** A decline reaches callers as an answer, never as an error. */
type Sent = Exclude<R.Reason, R.Declined>
type ReasonOf<C extends Case> = Extract<Sent, { readonly _tag: Capitalize<C> }>
type MessageOf<C extends Case> = Extract<Message, { readonly $case: C }>["value"]

interface Pair<Reason, Value> {
  readonly toProto: (reason: Reason) => Full<Value>
  /** undefined when a part that the reason cannot be without is absent. */
  readonly fromProto: (message: Value) => Reason | undefined
}

/** What another version of the service sends may break this one's rules, and still says whether money moved. */
const trusting = { disableChecks: true }

/** A pair for every case of the proto's oneof. */
const pairs: { readonly [C in Case]: Pair<ReasonOf<C>, MessageOf<C>> } = {
  unknownConnector: {
    toProto: ({ known }) => ({ known: known.slice() }),
    fromProto: ({ known }) => new R.UnknownConnector({ known })
  },
  unsupportedFlow: {
    toProto: ({ supported }) => ({ supported: supported.slice() }),
    fromProto: ({ supported }) => new R.UnsupportedFlow({ supported })
  },
  unsupportedPaymentMethod: {
    toProto: ({ paymentMethod, supported }) => ({ paymentMethod, supported: supported.slice() }),
    fromProto: ({ paymentMethod, supported }) => new R.UnsupportedPaymentMethod({ paymentMethod, supported })
  },
  missingField: {
    toProto: ({ field }) => ({ field }),
    fromProto: ({ field }) => new R.MissingField({ field })
  },
  invalidField: {
    toProto: ({ field, rule }) => ({ field, rule }),
    fromProto: ({ field, rule }) => new R.InvalidField({ field, rule })
  },
  invalidCredentials: {
    toProto: ({ description, refusedByProcessor }) => ({ description, refusedByProcessor }),
    fromProto: ({ description, refusedByProcessor }) => new R.InvalidCredentials({ description, refusedByProcessor })
  },
  overloaded: {
    toProto: ({ retryAfter }) => ({ retryAfter: duration.toProto(retryAfter) }),
    fromProto: ({ retryAfter }) => new R.Overloaded({ retryAfter: duration.fromProto(retryAfter) ?? Duration.zero })
  },
  circuitOpen: {
    toProto: ({ retryAfter }) => ({ retryAfter: duration.toProto(retryAfter) }),
    fromProto: ({ retryAfter }) => new R.CircuitOpen({ retryAfter: duration.fromProto(retryAfter) ?? Duration.zero })
  },
  unreachable: {
    toProto: ({ description }) => ({ description }),
    fromProto: ({ description }) => new R.Unreachable({ description })
  },
  rateLimited: {
    toProto: ({ retryAfter }) => ({ retryAfter: retryAfter && duration.toProto(retryAfter) }),
    fromProto: ({ retryAfter }) => new R.RateLimited({ retryAfter: duration.fromProto(retryAfter) })
  },
  rejected: {
    toProto: ({ httpStatus, rawCode, rawField, rawMessage }) => ({ httpStatus, rawCode, rawMessage, rawField }),
    fromProto: ({ httpStatus, rawCode, rawField, rawMessage }) =>
      new R.Rejected({ httpStatus, rawCode, rawMessage, rawField })
  },
  wrongState: {
    toProto: (reason) => ({ rawCode: reason.rawCode, found: reason.found && found.toProto(reason.found) }),
    fromProto: (message) =>
      new R.WrongState({ rawCode: message.rawCode, found: found.fromProto(message.found) }, trusting)
  },
  duplicate: {
    toProto: (reason) => ({ rawCode: reason.rawCode, found: reason.found && found.toProto(reason.found) }),
    fromProto: (message) =>
      new R.Duplicate({ rawCode: message.rawCode, found: found.fromProto(message.found) }, trusting)
  },
  keyExpired: {
    toProto: (reason) => ({
      retention: duration.toProto(reason.retention),
      unsettled: unsettled.toProto(reason.unsettled)
    }),
    fromProto: (message) => {
      const write = unsettled.fromProto(message.unsettled)
      const retention = duration.fromProto(message.retention) ?? Duration.zero
      return write && new R.KeyExpired({ retention, unsettled: write }, trusting)
    }
  },
  unknownOutcome: {
    toProto: (reason) => ({ description: reason.description, unsettled: unsettled.toProto(reason.unsettled) }),
    fromProto: (message) => {
      const write = unsettled.fromProto(message.unsettled)
      return write && new R.UnknownOutcome({ description: message.description, unsettled: write }, trusting)
    }
  },
  amountMismatch: {
    toProto: (reason) => ({ asked: money.toProto(reason.asked), found: found.toProto(reason.found) }),
    fromProto: (message) => {
      const value = found.fromProto(message.found)
      return (
        message.asked &&
        value &&
        new R.AmountMismatch({ asked: money.fromProto(message.asked), found: value }, trusting)
      )
    }
  },
  unreadableReply: {
    toProto: ({ description, httpStatus }) => ({ httpStatus, description }),
    fromProto: ({ description, httpStatus }) => new R.UnreadableReply({ httpStatus, description })
  },
  invalidSignature: { toProto: () => ({}), fromProto: () => new InvalidSignature() },
  staleTimestamp: { toProto: () => ({}), fromProto: () => new StaleTimestamp() },
  unknownSecret: { toProto: () => ({}), fromProto: () => new UnknownSecret() },
  unreadable: {
    toProto: ({ description }) => ({ description }),
    fromProto: ({ description }) => new Unreadable({ description })
  }
}

const cased = <T extends Sent["_tag"]>(tag: T): Uncapitalize<T> =>
  // the first letter in lower case is what Uncapitalize means
  (tag.charAt(0).toLowerCase() + tag.slice(1)) as Uncapitalize<T>

const reasonToProto = (reason: Sent): Message => {
  const $case: Case = cased(reason._tag)
  // the case is the reason's own tag, so the pair takes this reason and gives this case's message
  const { toProto } = pairs[$case] as unknown as Pair<Sent, Message["value"]>
  return { $case, value: toProto(reason) } as Message
}

const reasonFromProto = (message: Message): Sent | undefined => {
  // a pair takes the message of the case it stands under
  const { fromProto } = pairs[message.$case] as unknown as Pair<Sent, Message["value"]>
  return fromProto(message.value)
}

/** An error as a detail of a status. Declined, which no caller gets as an error, has no case: its reason is left unset. */
export const toProto = (error: R.ConnectorError): Full<Proto.ConnectorError> => {
  const { consequence, reason } = error
  return {
    connector: error.connector,
    flow: error.flow,
    moneyMoved: moneyMoved.toProto(consequence.moneyMoved),
    retryable: consequence.retryable,
    fault: fault.toProto(consequence.fault),
    nextStep: consequence.nextStep,
    reason: reason._tag === "Declined" ? undefined : reasonToProto(reason)
  }
}

/** The error of a status's detail; undefined when its reason is absent, not known, or without what it cannot be without. */
export const fromProto = (message: Proto.ConnectorError): R.ConnectorError | undefined => {
  const reason = message.reason && reasonFromProto(message.reason)
  return reason && new R.ConnectorError({ connector: message.connector, flow: message.flow, reason }, trusting)
}
