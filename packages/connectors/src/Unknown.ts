import { KeyExpired, type Reason, UnknownOutcome } from "@connector-service/domain/Reason"
import { sentenceOf } from "@connector-service/domain/Sentence"
import type { Unsettled } from "@connector-service/domain/Settlement"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import { type Call, clockSkew, type Input } from "./Call.ts"

/** The largest state that comes back in an error's details, which travel as headers. */
const mostState = 4096
const portable = (state: Input["state"]): Input["state"] =>
  state !== undefined && JSON.stringify(state).length <= mostState ? state : undefined

/** What there is to settle of a write that began at `began` and was sent at `lastSent` at the latest. */
export const unsettledOf = (flow: string, input: Input, began: number, lastSent: number): Unsettled => ({
  flow,
  reference: input.reference,
  attempt: input.attempt ?? 1,
  paymentId: input.paymentId,
  amount: input.amount,
  firstSentAt: input.firstSentAt ?? DateTime.makeUnsafe(began),
  lastSentAt: DateTime.makeUnsafe(lastSent),
  state: portable(input.state)
})

/** What came of a write is unknown, `reason` being all there is to say. */
export const leftUnknown = (flow: string, input: Input, now: number, reason: Reason): UnknownOutcome =>
  new UnknownOutcome({ description: sentenceOf(reason), unsettled: unsettledOf(flow, input, now, now) })

/** A repeat that the processor would take for a new write: it has forgotten the key, or honours none. */
export const keyExpired = ({ entry }: Call, input: Input, now: number): KeyExpired | undefined => {
  if (input.firstSentAt === undefined || entry.repeatable) return undefined
  const retention = entry.idempotency?.retention
  const age = now - DateTime.toEpochMillis(input.firstSentAt)
  return retention === undefined || age >= Duration.toMillis(retention) - clockSkew
    ? new KeyExpired({ retention: retention ?? Duration.zero, unsettled: unsettledOf(entry.name, input, now, now) })
    : undefined
}

/** Reasons that say only that this very sending came to nothing. */
const ofThisSending: ReadonlySet<Reason["_tag"]> = new Set([
  "InvalidCredentials",
  "Overloaded",
  "CircuitOpen",
  "Unreachable",
  "RateLimited",
  "UnreadableReply",
  "Rejected"
])

/** A question in a write's place that came to nothing: what the payer did meanwhile is unknown. */
export const notTold = (flow: string, input: Input, now: number, reason: Reason): Reason =>
  ofThisSending.has(reason._tag) ? leftUnknown(flow, input, now, reason) : reason

/** Reasons by which this service itself sends nothing. */
const unsent: ReadonlySet<Reason["_tag"]> = new Set([
  "UnknownConnector",
  "UnsupportedFlow",
  "UnsupportedPaymentMethod",
  "MissingField",
  "InvalidField"
])

/**
 * Why the repeat of a write came to nothing. That this sending did nothing says nothing of the one before it, so what
 * would say that no money moved is an unknown outcome; what the processor itself answered under the key stands.
 */
export const ofRepeat = (flow: string, input: Input, reason: Reason, now: number): Reason => {
  // of a time that cannot be, nothing follows
  if (input.firstSentAt === undefined || (reason._tag === "InvalidField" && reason.field === "first_sent_at"))
    return reason
  return unsent.has(reason._tag) || (reason._tag !== "Rejected" && ofThisSending.has(reason._tag))
    ? leftUnknown(flow, input, now, reason)
    : reason
}

/** Whether the processor promises that a repeat gets what the first sending got. */
export const answersAgain = ({ entry: { idempotency } }: Call): boolean =>
  idempotency !== undefined && idempotency.storedError !== "UNDOCUMENTED"
