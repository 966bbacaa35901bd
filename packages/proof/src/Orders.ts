import type { Payment } from "@connector-service/domain/Payment"
import { Effect } from "effect"
import { Caller, type Inputs, type Open } from "./Caller.ts"
import { browser, methods } from "./Cards.ts"
import type { Value } from "./Claims.ts"
import type { PlannedFault } from "./Faults.ts"
import type { FlowName, Operation } from "./History.ts"
import { looksAt, pays } from "./Payer.ts"
import type { Order, Step } from "./Plan.ts"
import type { Processors } from "./Processors.ts"
import type { Stage } from "./Stage.ts"

const euro = (amount: number) => ({ minorUnits: BigInt(amount), currencyCode: "EUR" })

/** The faults of a step, each met once, whoever of its callers comes first. */
const met = (faults: ReadonlyArray<PlannedFault>): Operation["fault"] => {
  const seen = new Map<string, number>()
  return (exchanged) => {
    const nth = seen.get(exchanged) ?? 0
    seen.set(exchanged, nth + 1)
    return faults.find((fault) => fault.exchanged === exchanged && fault.nth <= nth && nth < fault.nth + fault.times)
  }
}

/** One order: its payment from the first call to the last. */
export class Ordering {
  readonly #stage: Stage
  readonly #processors: Processors
  readonly #order: Order
  readonly #place: number
  readonly #left: (open: Open) => void
  #payment: Payment | undefined
  #returned: Readonly<Record<string, string>> | undefined
  #amount: number
  #captured = 0
  #refunded = 0
  #lastRefund = 0

  constructor(stage: Stage, processors: Processors, order: Order, place: number, left: (open: Open) => void) {
    this.#stage = stage
    this.#processors = processors
    this.#order = order
    this.#amount = order.amount
    this.#place = place
    this.#left = left
  }

  readonly run: Effect.Effect<void> = Effect.gen({ self: this }, function* () {
    yield* Effect.sleep(this.#order.startsAt)
    const { payer, steps } = this.#order
    for (const [place, step] of steps.entries()) {
      if (step.races || !this.#isPossible(step)) continue
      if (step.flow === "complete" && payer === "abandons" && this.#looked === undefined)
        yield* this.#abandoned(place, step)
      else yield* this.#withNext(place, step, steps[place + 1])
    }
  })

  /** A step, and the next one at the same time where that races it. */
  readonly #withNext = (place: number, step: Step, next: Step | undefined): Effect.Effect<void> => {
    const { chance } = this.#stage.world
    return next?.races === true && this.#isPossible(next)
      ? Effect.all([this.#step(place, step), Effect.delay(this.#step(place + 1, next), chance.whole(0, 300))], {
          concurrency: "unbounded",
          discard: true
        })
      : this.#step(place, step)
  }

  #isPossible({ flow }: Step): boolean {
    if (flow === "authorize") return true
    if (this.#payment === undefined) return false
    if (flow === "complete") return this.#payment.status === "REQUIRES_ACTION"
    if (this.#payment.status === "REQUIRES_ACTION") return flow === "get"
    return flow !== "refund" || this.#captured > this.#refunded
  }

  #operation(place: number, step: Step, suffix = ""): Operation {
    const name = `o${this.#place}s${place}${suffix}`
    return {
      name: `${name} ${step.flow}`,
      order: this.#place,
      connector: this.#order.connector,
      account: this.#order.account,
      flow: step.flow,
      reference: this.#reference(place, step.flow) ?? name,
      fault: met(step.faults),
      broke: undefined
    }
  }

  /** One reference for all that a shop does about an order, or about the same thing of several: flows and payments tell them apart. */
  #reference(place: number, flow: FlowName): string | undefined {
    const { account, connector, shares, steps } = this.#order
    if (!shares || steps.findIndex((step) => step.flow === flow) !== place) return undefined
    // PayPal takes each invoice id, which our reference is, once for an account
    return account === 0 && (flow === "authorize" || connector === "paypal") ? `order-${this.#place}` : "order-0"
  }

  /** What a step is for, and how much of it. */
  #given(step: Step): { readonly inputs: Inputs; readonly amount: number | undefined } {
    const { card, capture, connector, native } = this.#order
    const amount = this.#amount
    const { paymentId = "", state = {} } = this.#payment ?? {}
    const about = { paymentId, state }
    const part = (left: number) => Math.max(1, Math.floor(left * step.portion))
    switch (step.flow) {
      case "authorize":
        return {
          amount,
          inputs: (attempt, amount = 0) => ({
            amount: euro(amount),
            captureMethod: capture,
            returnUrl: "https://shop.example/back",
            ...(native && { browser }),
            paymentMethod: methods[connector][attempt === 1 ? card : "good"]
          })
        }
      case "complete":
        return {
          amount,
          inputs: () => ({ ...about, ...(this.#returned === undefined ? {} : { returned: this.#returned }) })
        }
      case "capture":
        return {
          amount: part(amount - this.#captured),
          inputs: (_, amount = 0) => ({ ...about, amount: euro(amount) })
        }
      case "refund":
        return {
          // often as much as before, so that amounts do not tell refunds apart
          amount: Math.min(
            this.#captured - this.#refunded,
            this.#refunded > 0 && step.portion < 1 ? this.#lastRefund : part(this.#captured - this.#refunded)
          ),
          inputs: (_, amount = 0) => ({ ...about, amount: euro(amount) })
        }
      default:
        return { amount: undefined, inputs: () => about }
    }
  }

  readonly #step = (place: number, step: Step, suffix = "", given = this.#given(step)): Effect.Effect<void> =>
    Effect.gen({ self: this }, function* () {
      if (step.flow === "complete") this.#payerActs()
      const operation = this.#operation(place, step, suffix)
      const callers = Array.from(
        { length: step.callers },
        () => new Caller(this.#stage, operation, step, given, this.#left)
      )
      const values = yield* Effect.forEach(
        callers,
        ({ run }, nth) => (nth === 0 ? run : Effect.delay(run, this.#stage.world.chance.whole(0, 300))),
        { concurrency: "unbounded" }
      )
      for (const [nth, value] of values.entries()) {
        if (value !== undefined) return this.#learn(step, callers[nth]?.amount ?? 0, value)
      }
    })

  /** What the browser brings back by itself. */
  get #looked() {
    return this.#payment && looksAt(this.#payment)
  }

  #payerActs(): void {
    const { connector, payer } = this.#order
    if (this.#payment === undefined) return
    this.#stage.history.claimed(this.#payment.paymentId, this.#place)
    if (this.#looked !== undefined) this.#returned = this.#looked
    else if (payer !== "abandons") this.#returned = pays(this.#processors, connector, this.#payment, payer)
  }

  #learn(step: Step, amount: number, value: Value): void {
    if ("refundId" in value) {
      if (value.status === "SUCCEEDED" || value.status === "PENDING") {
        this.#refunded += amount
        this.#lastRefund = amount
      }
    } else if ("paymentStatus" in value) {
      if (value.status === "SUCCEEDED" || value.status === "PENDING") this.#captured += amount
      if (this.#payment !== undefined) {
        this.#payment = { ...this.#payment, state: { ...this.#payment.state, ...value.state } }
      }
    } else if (step.flow === "authorize" || step.flow === "complete") {
      this.#payment = value
      if (step.flow === "authorize") this.#amount = amount
      if (value.status === "CAPTURED") this.#captured = this.#amount
    }
  }

  /**
   * The payer goes away, the caller tries anew by the rules, and then the payer comes back. Where the earlier payment is
   * still open, the new attempt is refused, and the caller releases it first.
   */
  readonly #abandoned = (place: number, step: Step): Effect.Effect<void> =>
    Effect.gen({ self: this }, function* () {
      const earlier = this.#payment
      const { capture, connector } = this.#order
      const amount = this.#amount
      if (earlier === undefined) return
      const operation: Operation = { ...this.#operation(0, { ...step, flow: "authorize" }), fault: () => undefined }
      const anew = {
        amount: euro(amount),
        captureMethod: capture,
        returnUrl: "https://shop.example/back",
        paymentMethod: methods[connector].good,
        earlierPayment: { paymentId: earlier.paymentId, state: earlier.state }
      }
      const given = {
        operation,
        attempt: 2,
        asked: amount,
        firstSentAt: undefined,
        patience: undefined,
        leaves: undefined
      }
      const told = yield* this.#stage.call(given, anew)
      const refused = told._tag === "Error" && told.error.reason._tag === "WrongState"
      if (refused && connector === "stripe" && this.#stage.world.chance.once(2)) {
        const voiding = {
          ...step,
          flow: "void",
          callers: 1,
          leaves: undefined,
          breaks: undefined,
          again: undefined
        } as const
        yield* this.#step(place, { ...voiding, faults: [] }, "v")
        yield* this.#stage.call(given, anew)
      }
      yield* Effect.sleep("10 minutes")
      this.#stage.history.strike(connector, connector === "stripe" ? "authorize" : "complete", "abandoned")
      this.#stage.history.claimed(earlier.paymentId, this.#place)
      this.#returned = pays(this.#processors, connector, earlier, "approves")
      if (connector !== "stripe") yield* this.#step(place, { ...step, faults: [] })
    })
}
