import {
  consequenceOf,
  type Declined,
  type Reason as DomainReason,
  describe,
  type Fault,
  type MoneyMoved
} from "@connector-service/domain/Reason"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"

/** Why a call ended without the answer it asked for, told apart by `_tag`. A decline is not here: it is an answer. */
export type Reason = Exclude<DomainReason, Declined>

/** What a PaymentError is made of. */
export interface Failure {
  readonly connector: string
  readonly flow: string
  readonly requestId: string
  readonly reason: Reason
  /** The sentence to give in place of the reason's own. */
  readonly sentence?: string | undefined
}

/** What may be printed of a value: no secret, and of a next action only its kind. */
const printable = (value: unknown, key = ""): unknown => {
  if (typeof value === "bigint") return value.toString()
  if (typeof value !== "object" || value === null) return value
  if (Redacted.isRedacted(value)) return "<redacted>"
  if (DateTime.isDateTime(value)) return DateTime.formatIso(value)
  if (Duration.isDuration(value)) return Duration.toMillis(value)
  if (Array.isArray(value)) return value.map((item) => printable(item))
  const entries = Object.entries(value).filter(([name]) => key !== "nextAction" || name === "_tag")
  return Object.fromEntries(entries.map(([name, field]) => [name, printable(field, name)]))
}

/**
 * The one error that a client's calls reject with. `switch (error.reason._tag)` tells the reasons apart; the other
 * fields say what a reason means. Nothing that it prints holds a secret.
 */
export class PaymentError extends Error {
  override readonly name = "PaymentError"
  /** Why. */
  readonly reason: Reason
  /** Did money move? */
  readonly moneyMoved: MoneyMoved
  /** May the very same call be sent again? */
  readonly retryable: boolean
  /** Who has to mend it? */
  readonly fault: Fault
  /** What to do next, in one sentence. */
  readonly nextStep: string
  /** The connector asked; empty where the call named none. */
  readonly connector: string
  /** The flow asked: "payment.capture". */
  readonly flow: string
  /** The call's `x-request-id`, under which the service logged it. */
  readonly requestId: string

  constructor({ connector, flow, reason, requestId, sentence }: Failure) {
    super(`${flow}: ${sentence ?? describe(reason)}`)
    const { fault, moneyMoved, nextStep, retryable } = consequenceOf(reason)
    this.reason = reason
    this.moneyMoved = moneyMoved
    this.retryable = retryable
    this.fault = fault
    this.nextStep = nextStep
    this.connector = connector
    this.flow = flow
    this.requestId = requestId
  }

  /** Everything but the stack, fit for a log: amounts as decimal strings, times as ISO 8601, durations in milliseconds. */
  toJSON(): Readonly<Record<string, unknown>> {
    return {
      name: this.name,
      message: this.message,
      connector: this.connector,
      flow: this.flow,
      requestId: this.requestId,
      moneyMoved: this.moneyMoved,
      retryable: this.retryable,
      fault: this.fault,
      nextStep: this.nextStep,
      reason: printable(this.reason)
    }
  }

  /** What `console.log` prints: the stack, then the rest. */
  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: object,
    inspect: (value: unknown, options: object) => string
  ): string {
    const { message: _message, name: _name, ...rest } = this.toJSON()
    return `${this.stack ?? this.message} ${inspect(rest, { ...options, depth: 6 })}`
  }
}
