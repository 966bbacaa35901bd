import {
  type Reason as DomainReason,
  UnknownOutcome,
  Unreachable,
  UnreadableReply
} from "@connector-service/domain/Reason"
import type { Unsettled } from "@connector-service/domain/Settlement"
import * as DateTime from "effect/DateTime"
import type { Reason } from "./PaymentError.ts"
import type { Unanswered } from "./Transport.ts"

/** A write's own account of itself: what `Unsettled` is made of. */
export interface Write {
  readonly reference: string
  readonly attempt?: number | undefined
  readonly firstSentAt?: DateTime.Utc | undefined
  readonly paymentId?: string | undefined
  readonly amount?: Unsettled["amount"]
  readonly state?: Unsettled["state"]
}

/** What is known of a call that was not answered. Times are in milliseconds since the epoch. */
export interface Known {
  readonly flow: string
  /** The call's own account of itself; undefined for a read. */
  readonly write: Write | undefined
  /** When it was handed over; undefined where it was not. */
  readonly sentAt: number | undefined
  /** Until when the service may still send it, at the latest. */
  readonly endsAt: number
}

/** What an unanswered call means; `sentence` is to be said in place of the reason's own. */
export interface Meaning {
  readonly reason: Reason
  readonly sentence?: string | undefined
}

const unsettledOf = ({ endsAt, flow, sentAt = endsAt }: Known, write: Write): Unsettled => ({
  flow,
  reference: write.reference,
  attempt: write.attempt ?? 1,
  paymentId: write.paymentId,
  amount: write.amount,
  firstSentAt: write.firstSentAt ?? DateTime.makeUnsafe(sentAt),
  lastSentAt: DateTime.makeUnsafe(endsAt),
  state: write.state
})

/** A write of which nothing is known is of unknown outcome; a read changed nothing. */
const unexplained = (known: Known, description: string): Meaning =>
  known.write === undefined
    ? {
        reason: new UnreadableReply({ httpStatus: 0, description }),
        sentence: `No answer came that can be read (${description}).`
      }
    : { reason: new UnknownOutcome({ description, unsettled: unsettledOf(known, known.write) }) }

/** No face gives a decline as a reason: each makes it an answer. */
const told = (reason: DomainReason): Reason => reason as Reason

/** What an unanswered call means to its caller. */
export const meaning = (known: Known, unanswered: Unanswered): Meaning => {
  switch (unanswered._tag) {
    case "Told":
      return { reason: told(unanswered.reason) }
    case "Broken":
      return unexplained(known, unanswered.description)
    case "NotSent":
      // this one was not sent, but the caller says that an earlier one was, and of that nothing is known
      return known.write?.firstSentAt === undefined
        ? {
            reason: new Unreachable({ description: unanswered.why }),
            sentence: `The service was not reached (${unanswered.why}); nothing was sent.`
          }
        : unexplained(known, `not sent again: ${unanswered.why}`)
  }
}
