import { idempotencyKey, type KeyParts } from "@connector-service/connectors/Key"
import { credentials } from "@connector-service/demo/Services"
import { consequenceOf } from "@connector-service/domain/Consequence"
import type { Payment } from "@connector-service/domain/Payment"
import type { Reason } from "@connector-service/domain/Reason"
import type { Found, Unsettled } from "@connector-service/domain/Settlement"
import { type CallOptions, type Client, result } from "@connector-service/sdk/Client"
import { DateTime, Duration } from "effect"
import type { Value } from "../Claims.ts"
import type { CallMade, Operation } from "../History.ts"
import type { Seeded } from "../Seeded.ts"
import { leavesUnknown, type Outcome } from "./Log.ts"
import { pause, type Run } from "./Run.ts"

/** What every write says of itself. */
export interface Named {
  readonly reference: string
  readonly attempt: number
  readonly firstSentAt: DateTime.Utc | undefined
}

/** A write: one reference, and what its attempts send. */
export interface Write {
  readonly operation: Operation
  /** What its key is made of, beside what every key is (docs/idempotency.md). */
  readonly keyed: Partial<Pick<KeyParts, "paymentId" | "returned">>
  /** The minor units that an attempt asks for; undefined where a write names no amount. */
  readonly asked: (attempt: number) => number | undefined
  readonly send: (client: Client, named: Named, options: CallOptions) => Promise<Value>
}

/**
 * Where a write has come to for its client. `Found`: the processor has it, or another one under its reference, which is not
 * as it was asked for. `Open`: it is unknown what became of it.
 */
export type End =
  | { readonly _tag: "Answered"; readonly value: Value }
  | { readonly _tag: "NotMoved" }
  | { readonly _tag: "Found" }
  | { readonly _tag: "Open" }

const accounts = { stripe: "", adyen: credentials.adyen.merchantAccount, paypal: credentials.paypal.clientId }

const alive = { dead: false, stopping: false }

/** The longest that is waited for because an error or an answer asks for it, in milliseconds. */
const longestWait = 3_000

/** How long a call may take, once nothing goes wrong any more. */
const calmly = 20_000

const mostAttempts = 3

const isDeclined = (value: Value): value is Payment => "final" in value && value.status === "DECLINED" && value.final

const answerOf = (found: Found): Value =>
  found._tag === "Payment" ? found.payment : found._tag === "Capture" ? found.capture : found.refund

/** A client with one write, who keeps the rules of docs/errors.md and docs/money-safety.md, unless the run breaks one. */
export class Writer {
  readonly write: Write
  readonly #run: Run
  readonly #chance: Seeded
  readonly #clients: readonly [Client, Client]
  #server: 0 | 1
  #attempt = 1
  #firstSentAt: number | undefined
  /** What was sent under this attempt may have been taken. */
  #unknown: Unsettled | "gone" | undefined
  #busy = false

  constructor(run: Run, chance: Seeded, clients: readonly [Client, Client], write: Write) {
    this.write = write
    this.#run = run
    this.#chance = chance
    this.#clients = clients
    this.#server = chance.once(2) ? 0 : 1
  }

  /** The key under which the processor knows it. */
  get key(): string {
    const { keyed, operation } = this.write
    const { connector, flow, reference } = operation
    return idempotencyKey({
      connector,
      environment: "sandbox",
      account: accounts[connector],
      flow: flow === "refund" ? "refund.create" : `payment.${flow}`,
      paymentId: keyed.paymentId,
      reference,
      attempt: this.#attempt,
      returned: keyed.returned
    })
  }

  /** Whether it is unknown what became of it, and nobody is about to find out. */
  get isOpen(): boolean {
    return this.#unknown !== undefined && !this.#busy
  }

  /** Calls until it is known, or for so many turns. */
  async toItsEnd(turns: number): Promise<End> {
    this.#busy = true
    let end: End | undefined
    for (let turn = 0; turn < turns && end === undefined; turn++) end = await this.#turn()
    this.#busy = false
    return end ?? (this.isOpen ? { _tag: "Open" } : { _tag: "NotMoved" })
  }

  async #turn(): Promise<End | undefined> {
    const outcome = await this.#call()
    if (outcome._tag === "Answer") return this.#answered(outcome.value)
    this.#server = this.#server === 0 ? 1 : 0
    if (outcome._tag !== "Error") {
      this.#unknown ??= "gone"
      return this.#wait(100)
    }
    const { reason } = outcome
    const { moneyMoved, retryable } = consequenceOf(reason)
    if (moneyMoved === "NO") {
      this.#unknown = undefined
      const tooLate = reason._tag === "InvalidField" && reason.field === "deadline"
      return retryable || tooLate ? this.#wait(delayOf(reason)) : { _tag: "NotMoved" }
    }
    if (!leavesUnknown(reason)) return this.#ended({ _tag: "Found" })
    if ("unsettled" in reason) return this.#settles(reason.unsettled)
    this.#unknown ??= "gone"
    return this.#wait(100)
  }

  async #call(): Promise<Outcome> {
    const { calm, log } = this.#run
    const repeats = this.#firstSentAt !== undefined && (this.#unknown !== undefined || this.#chance.once(2))
    const attempt = this.#attempt
    const call: CallMade = {
      operation: this.write.operation,
      attempt,
      asked: this.write.asked(attempt),
      startedAt: Date.now(),
      firstSentAt: repeats ? this.#firstSentAt : undefined,
      deadline: undefined,
      settles: false,
      exchanges: [],
      endedAt: undefined,
      replica: alive
    }
    // kept before it is sent
    this.#firstSentAt ??= call.startedAt
    log.calls.push(call)
    const named = {
      reference: call.operation.reference,
      attempt,
      firstSentAt: call.firstSentAt === undefined ? undefined : DateTime.makeUnsafe(call.firstSentAt)
    }
    // some are not patient, and some are gone before there is an answer
    const dies = !calm && this.#chance.once(30)
    const timeout = calm ? calmly : this.#chance.once(8) ? this.#chance.whole(400, 1200) : 4_000
    const options = dies ? { timeout, signal: AbortSignal.timeout(this.#chance.whole(1, 60)) } : { timeout }
    const answered = await result(this.write.send(this.#clients[this.#server], named, options))
    const outcome: Outcome = dies
      ? { _tag: "Nothing" }
      : answered.ok
        ? { _tag: "Answer", value: answered.value }
        : { _tag: "Error", reason: answered.error.reason }
    log.told.push({ call, at: Date.now(), outcome })
    return outcome
  }

  /** Asks the processor what became of it, and where it cannot be told yet leaves it to the same call again. */
  async #settles(unsettled: Unsettled): Promise<End | undefined> {
    this.#unknown = unsettled
    if (this.#run.breaks && this.#attempt === 1) return this.#anew()
    for (let asks = 0; asks < 2; asks++) {
      const outcome = await this.#ask(unsettled)
      if (outcome._tag === "Error") {
        if (outcome.reason._tag === "AmountMismatch") return this.#ended({ _tag: "Found" })
        await pause(delayOf(outcome.reason))
      } else if (outcome._tag === "Settlement") {
        const { settlement } = outcome
        if (settlement._tag === "Taken") return this.#answered(answerOf(settlement.found))
        if (settlement._tag === "NotTaken") return this.#anew()
        const after = settlement.retryAfter === undefined ? Number.POSITIVE_INFINITY : settlement.retryAfter
        if (Duration.toMillis(after) > longestWait) break
        await pause(Duration.toMillis(after))
      }
    }
    return this.#wait(100)
  }

  async #ask(unsettled: Unsettled): Promise<Outcome> {
    const { calm, log } = this.#run
    const call: CallMade = {
      operation: this.write.operation,
      attempt: this.#attempt,
      asked: unsettled.amount === undefined ? undefined : Number(unsettled.amount.minorUnits),
      startedAt: Date.now(),
      firstSentAt: undefined,
      deadline: undefined,
      settles: true,
      exchanges: [],
      endedAt: undefined,
      replica: alive
    }
    log.calls.push(call)
    const asked = this.#clients[this.#server].settlement.settle({ unsettled }, { timeout: calm ? calmly : 3_000 })
    const answered = await result(asked)
    const outcome: Outcome = answered.ok
      ? { _tag: "Settlement", settlement: answered.value }
      : { _tag: "Error", reason: answered.error.reason }
    log.told.push({ call, at: Date.now(), outcome })
    return outcome
  }

  #ended(end: End): End {
    this.#unknown = undefined
    return end
  }

  /** The next attempt, where the last one surely took nothing and never will. */
  #anew(): Promise<undefined> | End {
    if (this.#attempt === mostAttempts) return this.#ended({ _tag: "NotMoved" })
    this.#attempt += 1
    this.#firstSentAt = undefined
    this.#unknown = undefined
    return this.#wait(50)
  }

  #answered(value: Value): Promise<undefined> | End {
    return this.write.operation.flow === "authorize" && isDeclined(value)
      ? this.#anew()
      : this.#ended({ _tag: "Answered", value })
  }

  /** A little longer each time, so that two calls of one write never fall in one millisecond. */
  async #wait(millis: number): Promise<undefined> {
    await pause(millis + this.#chance.whole(5, 200))
    return undefined
  }
}

const delayOf = (reason: Reason): number =>
  "retryAfter" in reason && reason.retryAfter !== undefined
    ? Math.min(Duration.toMillis(reason.retryAfter), longestWait)
    : 100
