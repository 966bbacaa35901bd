import { consequenceOf, type Fault, type MoneyMoved } from "@connector-service/domain/Consequence"
import { type Inspect, inspected, inspecting, printable } from "@connector-service/domain/Printing"
import type { Declined, Reason as DomainReason } from "@connector-service/domain/Reason"
import { sentenceOf } from "@connector-service/domain/Sentence"

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
    super(`${flow}: ${sentence ?? sentenceOf(reason)}`)
    const { fault, moneyMoved, nextStep, retryable } = consequenceOf(reason, flow)
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
  [inspecting](_depth: number, options: object, inspect: Inspect): string {
    const { message: _message, name: _name, ...rest } = this.toJSON()
    return inspected(this, rest, options, inspect)
  }
}
