import { consequenceOf } from "@connector-service/domain/Consequence"
import type { Payment } from "@connector-service/domain/Payment"
import type { Reason } from "@connector-service/domain/Reason"
import type { Found, Unsettled } from "@connector-service/domain/Settlement"
import { DateTime, Duration, Effect } from "effect"
import type { Value } from "./Claims.ts"
import { isKeyed } from "./Faults.ts"
import type { Operation } from "./History.ts"
import { retentionOf } from "./Keys.ts"
import type { Step } from "./Plan.ts"
import type { Calls, Stage, Told } from "./Stage.ts"

/** What a caller makes of one operation, by the attempt: an input without what every write carries. */
export type Inputs = (attempt: number, amount: number | undefined) => object

/** A write whose outcome its caller never learned. */
export interface Open {
  readonly calls: Calls
  readonly input: object
  readonly unsettled: Unsettled | undefined
}

/** Where an operation stands for its caller. */
interface Standing {
  attempt: number
  firstSentAt: number | undefined
  /** What was sent before under this attempt may have been taken. */
  unknown: Unsettled | "gone" | undefined
  amount: number | undefined
}

/** The most that one caller does about one operation. */
const mostTurns = 7

const delayOf = (reason: Reason): number =>
  "retryAfter" in reason && reason.retryAfter !== undefined ? Duration.toMillis(reason.retryAfter) : 500

const isOpen = (value: Value): value is Payment => "final" in value && !value.final

/** A caller of one operation, as the documentation says it should call (docs/errors.md), unless the step breaks a rule. */
export class Caller {
  readonly #stage: Stage
  readonly #operation: Operation
  readonly #step: Step
  readonly #inputs: Inputs
  readonly #standing: Standing
  readonly #left: (open: Open) => void
  #turns = 0

  constructor(
    stage: Stage,
    operation: Operation,
    step: Step,
    given: { readonly inputs: Inputs; readonly amount: number | undefined },
    left: (open: Open) => void
  ) {
    this.#stage = stage
    this.#operation = operation
    this.#step = step
    this.#inputs = given.inputs
    this.#standing = { attempt: 1, firstSentAt: undefined, unknown: undefined, amount: given.amount }
    this.#left = left
  }

  #given(firstSentAt: number | undefined): Calls {
    const first = this.#turns === 0
    return {
      operation: this.#operation,
      attempt: this.#standing.attempt,
      asked: this.#standing.amount,
      firstSentAt,
      // who was not patient enough once waits longer, or does not even wait for the sending
      patience: first || this.#step.patience === undefined ? this.#step.patience : this.#patience(),
      leaves: first ? this.#step.leaves : undefined
    }
  }

  #patience(): number {
    const { chance } = this.#stage.world
    return chance.once(6) ? chance.whole(100, 400) : 60_000
  }

  #input(): object {
    return this.#inputs(this.#standing.attempt, this.#standing.amount)
  }

  readonly #call = (firstSentAt: number | undefined): Effect.Effect<Told> =>
    Effect.suspend(() => {
      const given = this.#given(firstSentAt)
      this.#standing.firstSentAt ??= this.#stage.world.now
      this.#turns += 1
      return this.#stage.call(given, this.#input())
    })

  /** What the caller asked for last. */
  get amount(): number | undefined {
    return this.#standing.amount
  }

  /** Calls until there is an answer, or until there is nothing more that a caller may do. */
  readonly run: Effect.Effect<Value | undefined> = Effect.gen({ self: this }, function* () {
    const value = yield* this.#toItsEnd
    if (value === undefined || this.#step.again === undefined) return value
    const { firstSentAt = this.#stage.world.now } = this.#standing
    if (this.#step.again !== "at once") {
      const { connector, flow } = this.#operation
      if (flow === "get" || !isKeyed(connector, flow)) return value
      const past = this.#step.again === "past retention"
      const age = retentionOf(connector, flow) * (past ? 1 : 0.6) + 60_000
      yield* Effect.sleep(firstSentAt + age - this.#stage.world.now)
      if (past) this.#stage.history.strike(connector, flow, "key expired")
      if (past && this.#step.breaks === "forgets") {
        this.#operation.broke = "sent it again when its key was forgotten, as if for the first time"
        yield* this.#call(undefined)
        return value
      }
    }
    yield* this.#call(firstSentAt)
    return value
  })

  readonly #toItsEnd: Effect.Effect<Value | undefined> = Effect.gen({ self: this }, function* () {
    while (this.#turns < mostTurns) {
      const standing = this.#standing
      // a question has no time of its first sending
      const forgets = this.#step.breaks === "forgets" || this.#operation.flow === "get"
      const repeats = standing.unknown !== undefined || this.#stage.world.chance.once(2)
      const told = yield* this.#call(repeats && !forgets ? standing.firstSentAt : undefined)
      const next = yield* this.#next(told)
      if (next._tag === "Done") return next.value
    }
    this.#leave()
    return undefined
  })

  readonly #next = (told: Told): Effect.Effect<Next> => {
    if (told._tag === "Answer") return this.#answered(told.value)
    if (told._tag === "Nothing") {
      this.#standing.unknown ??= "gone"
      return this.#operation.flow === "get" ? Effect.succeed(done(undefined)) : wait(200)
    }
    const { reason } = told.error
    const { moneyMoved, retryable } = consequenceOf(reason)
    if (moneyMoved === "YES") return Effect.succeed(done(undefined))
    if (moneyMoved === "NO") {
      if (reason._tag === "InvalidField" && reason.field === "deadline") return wait(100)
      if (retryable) return wait(delayOf(reason))
      return Effect.succeed(done(undefined))
    }
    return "unsettled" in reason ? this.#settles(reason.unsettled) : Effect.succeed(done(undefined))
  }

  /** The next attempt, where the last one surely took nothing and never will. */
  #anew(): Effect.Effect<Next> {
    const { attempt } = this.#standing
    // who shares an operation does not know what the other one sends under this attempt
    if (attempt >= 2 || this.#step.callers > 1) return Effect.succeed(done(undefined))
    Object.assign(this.#standing, { attempt: attempt + 1, firstSentAt: undefined, unknown: undefined })
    return wait(100)
  }

  readonly #answered = (value: Value): Effect.Effect<Next> => {
    this.#standing.unknown = undefined
    const declined = "final" in value && value.status === "DECLINED" && this.#operation.flow === "authorize"
    if (!declined || isOpen(value)) return Effect.succeed(done(value))
    return this.#anew()
  }

  readonly #settles = (unsettled: Unsettled): Effect.Effect<Next> =>
    Effect.gen({ self: this }, function* () {
      const standing = this.#standing
      standing.unknown = unsettled
      standing.firstSentAt = Math.min(
        standing.firstSentAt ?? Number.POSITIVE_INFINITY,
        unsettled.firstSentAt === undefined ? Number.POSITIVE_INFINITY : DateTime.toEpochMillis(unsettled.firstSentAt)
      )
      const { breaks } = this.#step
      if (breaks === "raises" && standing.attempt === 1) {
        this.#operation.broke = "raised the attempt while the outcome was unknown"
        return yield* this.#anew()
      }
      if (
        breaks === "changes" &&
        this.#operation.flow !== "complete" &&
        standing.amount !== undefined &&
        standing.amount > 100
      )
        standing.amount -= 1
      if (breaks === "changes" || breaks === "forgets") return yield* wait(300)
      for (let asks = 0; asks < 3; asks++) {
        this.#turns += 1
        const settlement = yield* this.#stage.settle(this.#given(undefined), unsettled)
        if (settlement === undefined || settlement._tag === "ConnectorError") {
          // another amount was taken than was asked: it was taken
          if (settlement?.reason._tag === "AmountMismatch") return done(undefined)
          yield* Effect.sleep(1000)
          continue
        }
        if (settlement._tag === "Taken") return done(answerOf(settlement.found))
        if (settlement._tag === "NotTaken") return yield* this.#anew()
        if (settlement.retryAfter === undefined) break
        // some come back when it suits them
        const { chance } = this.#stage.world
        yield* Effect.sleep(chance.once(2) ? Duration.minutes(chance.whole(1, 66)) : settlement.retryAfter)
      }
      // under its key the processor repeats its first answer
      const { connector, flow } = this.#operation
      const age = this.#stage.world.now - (standing.firstSentAt ?? 0)
      const keyed = flow !== "get" && isKeyed(connector, flow) && age < retentionOf(connector, flow)
      if (keyed && this.#turns < mostTurns) return yield* wait(1000)
      this.#leave()
      return done(undefined)
    })

  /** Gives up, and keeps what is needed to find out later. */
  #leave(): void {
    const { unknown } = this.#standing
    if (unknown === undefined || this.#operation.flow === "get") return
    this.#left({
      calls: { ...this.#given(this.#standing.firstSentAt), patience: undefined, leaves: undefined },
      input: this.#input(),
      unsettled: unknown === "gone" ? undefined : unknown
    })
  }
}

type Next = { readonly _tag: "Done"; readonly value: Value | undefined } | { readonly _tag: "Again" }

const done = (value: Value | undefined): Next => ({ _tag: "Done", value })
const wait = (millis: number): Effect.Effect<Next> =>
  Effect.as(Effect.sleep(Duration.millis(millis)), { _tag: "Again" as const })

const answerOf = (found: Found): Value =>
  found._tag === "Payment" ? found.payment : found._tag === "Capture" ? found.capture : found.refund
