import type { Reason } from "./Reason.ts"
import { movedBy } from "./Status.ts"

/** Did money move? */
export const MoneyMoved = ["NO", "YES", "UNKNOWN"] as const
/** Did money move? */
export type MoneyMoved = (typeof MoneyMoved)[number]

/** Who has to mend it. */
export const Fault = ["CALLER", "PROCESSOR", "NETWORK", "SERVICE"] as const
/** Who has to mend it. */
export type Fault = (typeof Fault)[number]

/** What a reason means to the caller, as data. */
export interface Consequence {
  /** Did money move? */
  readonly moneyMoved: MoneyMoved
  /** May the very same call be sent again? */
  readonly retryable: boolean
  /** Who has to mend it? */
  readonly fault: Fault
  /** What to do next, in one sentence. */
  readonly nextStep: string
}

const consequence = (moneyMoved: MoneyMoved, retryable: boolean, fault: Fault, nextStep: string): Consequence => ({
  moneyMoved,
  retryable,
  fault,
  nextStep
})

/** What each reason means, unless the reason itself knows better. */
export const consequences: { readonly [Tag in Reason["_tag"]]: Consequence } = {
  UnknownConnector: consequence("NO", false, "CALLER", "Name one of the known connectors in x-connector."),
  UnsupportedFlow: consequence(
    "NO",
    false,
    "CALLER",
    "Use a flow that this connector has; ConnectorService.Get lists them."
  ),
  UnsupportedPaymentMethod: consequence(
    "NO",
    false,
    "CALLER",
    "Use a payment method that this connector takes; ConnectorService.Get lists them."
  ),
  MissingField: consequence("NO", false, "CALLER", "Give the field and send the call again."),
  InvalidField: consequence("NO", false, "CALLER", "Correct the field as the rule says and send the call again."),
  InvalidCredentials: consequence("NO", false, "CALLER", "Correct the account's credentials or the environment."),
  Overloaded: consequence("NO", true, "SERVICE", "Send the same call again after the given delay."),
  CircuitOpen: consequence(
    "NO",
    true,
    "PROCESSOR",
    "Send the same call again after the given delay, or use another connector."
  ),
  Unreachable: consequence("NO", true, "NETWORK", "Send the same call again, or use another connector."),
  RateLimited: consequence("NO", true, "PROCESSOR", "Send the same call again after a delay."),
  Declined: consequence("NO", false, "CALLER", "Do as the decline's action says, with a raised attempt."),
  Rejected: consequence(
    "NO",
    false,
    "CALLER",
    "Read the processor's code and words and correct the request; a write with other content takes a raised attempt."
  ),
  WrongState: consequence("NO", false, "CALLER", "Look at what was found: this operation did nothing to it."),
  Duplicate: consequence(
    "UNKNOWN",
    false,
    "CALLER",
    "Look at what was found under this reference before doing anything else."
  ),
  KeyExpired: consequence(
    "UNKNOWN",
    false,
    "CALLER",
    "Settle the first one with SettlementService.Settle; do not send it again."
  ),
  UnknownOutcome: consequence(
    "UNKNOWN",
    false,
    "NETWORK",
    "Hand `unsettled` to SettlementService.Settle until it says taken or not taken; do not raise the attempt before."
  ),
  AmountMismatch: consequence("YES", false, "PROCESSOR", "Compare the amounts, and refund or void what was found."),
  UnreadableReply: consequence("NO", true, "PROCESSOR", "Nothing was changed: ask again later."),
  InvalidSignature: consequence(
    "NO",
    false,
    "CALLER",
    "Refuse the delivery; if genuine ones are refused, compare the secrets, and hand over the body's bytes as they came."
  ),
  StaleTimestamp: consequence(
    "NO",
    false,
    "CALLER",
    "Refuse the delivery, which may be a repetition; if fresh ones are refused, set this service's clock."
  ),
  UnknownSecret: consequence(
    "NO",
    false,
    "CALLER",
    "Give the account webhook secrets of the connector's form, and have the delivery sent again."
  ),
  Unreadable: consequence(
    "NO",
    false,
    "PROCESSOR",
    "Refuse the delivery; if the processor did send it, keep it and report it to whoever maintains the connector."
  )
}

/** What a reason means to the caller. A `flow` that asks about an earlier write learns nothing of that where it fails. */
export const consequenceOf = (reason: Reason, flow?: string): Consequence => {
  const means = ofReason(reason)
  return flow === "settlement.settle" && means.moneyMoved === "NO" ? { ...means, moneyMoved: "UNKNOWN" } : means
}

const ofReason = (reason: Reason): Consequence => {
  const means = consequences[reason._tag]
  if ((reason._tag !== "Duplicate" && reason._tag !== "AmountMismatch") || reason.found === undefined) return means
  return { ...means, moneyMoved: movedBy(reason.found) }
}
