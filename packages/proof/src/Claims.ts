import { consequenceOf } from "@connector-service/domain/Consequence"
import type { Capture, Payment } from "@connector-service/domain/Payment"
import type { ConnectorError } from "@connector-service/domain/Reason"
import type { Refund } from "@connector-service/domain/Refund"
import type { Found, Settlement } from "@connector-service/domain/Settlement"
import { statusOf } from "@connector-service/domain/Status"
import type { MoneyKind } from "@connector-service/sandbox/Ledger"
import type { CallMade, FlowName, History, Money, Operation } from "./History.ts"
import { mostOff } from "./Plan.ts"

/** What an operation moves. */
export const moves: Readonly<Record<FlowName, ReadonlyArray<MoneyKind>>> = {
  authorize: ["authorization", "capture"],
  complete: ["authorization", "capture"],
  capture: ["capture"],
  void: ["void"],
  reverse: ["void", "refund"],
  refund: ["refund"],
  get: []
}

/** The answer of a flow: told apart by what only one of them has. */
export type Value = Payment | Capture | Refund

/** The money that these calls moved, by their own flow. */
export const movedBy = (history: History, calls: ReadonlyArray<CallMade>): ReadonlyArray<Money> =>
  history.money.filter(
    ({ exchange, kind }) =>
      exchange !== undefined &&
      calls.includes(exchange.call) &&
      moves[exchange.call.operation.flow].includes(kind) &&
      exchange.exchanged !== "read"
  )

/** The calls that an answer to this one speaks for: itself, and of a repeat also those before. */
export const spokenFor = (history: History, call: CallMade): ReadonlyArray<CallMade> =>
  call.firstSentAt === undefined && !call.settles
    ? [call]
    : history.calls.filter((other) => other.operation === call.operation && other.attempt === call.attempt)

/** Statuses of a payment that has taken money. */
const says: ReadonlySet<string> = new Set(["AUTHORIZED", "CAPTURED", "PARTIALLY_CAPTURED"])

const total = (entries: ReadonlyArray<Money>): bigint => entries.reduce((sum, { amount }) => sum + BigInt(amount), 0n)

/** Invariant 2: what is told is held against the ledgers. */
export class Claims {
  readonly #history: History
  readonly #now: () => number

  constructor(history: History, now: () => number) {
    this.#history = history
    this.#now = now
  }

  #wrong(operation: Operation, what: string): void {
    this.#history.violated(2, operation, what)
  }

  #never(call: CallMade, why: string, payment?: string): void {
    const calls = payment === undefined ? spokenFor(this.#history, call) : []
    this.#history.never.push({ operation: call.operation, calls, payment, at: this.#now(), why })
  }

  /** A payment as told, by whichever flow; `asked` is what it was asked for, where that is compared. */
  payment(call: CallMade, payment: Payment, asked = call.asked): void {
    const { operation } = call
    const id = payment.paymentId
    const captured = this.#history.of(id, "capture")
    const authorized = [...this.#history.of(id, "authorization"), ...captured]
    const told = `told ${payment.status} of ${id}`
    const lastSent = call.exchanges.at(-1)?.startedAt ?? this.#now()
    switch (payment.status) {
      case "CAPTURED":
      case "PARTIALLY_CAPTURED":
        if (captured.length === 0) this.#wrong(operation, `${told}, and nothing was captured`)
        if (payment.amountCaptured !== undefined && payment.amountCaptured.minorUnits > total(captured)) {
          this.#wrong(
            operation,
            `${told} with ${payment.amountCaptured.minorUnits}, and ${total(captured)} was captured`
          )
        }
        break
      case "AUTHORIZED":
        if (authorized.length === 0) this.#wrong(operation, `${told}, and nothing was authorized`)
        break
      case "VOIDED":
      case "EXPIRED":
        if (authorized.length > 0 && this.#history.of(id, "void").length === 0) {
          this.#wrong(operation, `${told}, and it was not released`)
        }
        break
      case "DECLINED":
      case "FAILED":
        if (payment.final) this.#never(call, told, id === "" ? undefined : id)
        // what another caller's sending took while the refusal was on its way, the refusal could not know
        else if (captured.some((money) => money.exchange?.call === call || money.at < lastSent))
          this.#wrong(operation, `${told}, and it was captured`)
        break
      default:
        break
    }
    const first = authorized[0]
    const taken = payment.status === "AUTHORIZED" || payment.status === "CAPTURED"
    if (!taken || asked === undefined || asked === 0 || first === undefined) return
    const whole = operation.flow === "authorize" || operation.flow === "complete"
    if (whole && first.amount !== asked) {
      this.#wrong(operation, `${told} as asked for ${asked}, and ${first.amount} was taken`)
    }
  }

  #part(call: CallMade, { amount: of, status }: Capture | Refund, name: string): void {
    const { operation } = call
    const told = `told ${status} of ${name}`
    const amount = of?.minorUnits
    if (status === "FAILED" || status === "CANCELLED") this.#never(call, told)
    if (status !== "SUCCEEDED") return
    const calls = this.#history.calls.filter((other) => other.operation === operation)
    const moved = movedBy(this.#history, calls)
    if (moved.length === 0) {
      this.#wrong(operation, `${told}, and nothing was moved`)
      return
    }
    if (amount !== undefined && !moved.some((entry) => BigInt(entry.amount) === amount)) {
      this.#wrong(operation, `${told} of ${amount}, and ${moved.map((entry) => entry.amount).join(", ")} was moved`)
    }
    if (call.asked !== undefined && !moved.some((entry) => entry.amount === call.asked)) {
      this.#wrong(
        operation,
        `${told} as asked for ${call.asked}, and ${moved.map(({ amount }) => amount).join(", ")} was moved`
      )
    }
  }

  #found(call: CallMade, found: Found): void {
    if (found._tag === "Payment") this.payment(call, found.payment, 0)
  }

  /** What a call answered. */
  answer(call: CallMade, value: Value): void {
    if ("refundId" in value) this.#part(call, value, "a refund")
    else if ("paymentStatus" in value) this.#part(call, value, "a capture")
    else this.payment(call, value)
  }

  /** Why a call did not answer. */
  error(call: CallMade, { reason }: Pick<ConnectorError, "reason">): void {
    const { operation } = call
    const { moneyMoved } = consequenceOf(reason)
    if (moneyMoved === "NO") this.#never(call, `told ${reason._tag}: no money moved`)
    if (moneyMoved === "YES" && reason._tag === "AmountMismatch") {
      const asked = Number(reason.asked.minorUnits)
      if (!this.#takenOf(operation).some(({ amount }) => amount !== asked)) {
        this.#wrong(operation, "told that another amount was taken, and none was")
      }
    } else if (moneyMoved === "YES" && this.#takenOf(operation).length === 0) {
      this.#wrong(operation, `told ${reason._tag}: money moved, and none did`)
    }
    if ((reason._tag === "WrongState" || reason._tag === "Duplicate") && reason.found !== undefined) {
      this.#found(call, reason.found)
    }
  }

  /** What was moved by an operation, or by the payer for it. */
  #takenOf(operation: Operation): ReadonlyArray<Money> {
    const calls = this.#history.calls.filter((other) => other.operation === operation)
    const own = movedBy(this.#history, calls)
    return operation.flow === "authorize" || operation.flow === "complete"
      ? [...own, ...this.#history.money.filter(({ payment }) => this.#of(operation, payment))]
      : own
  }

  #of(operation: Operation, payment: string): boolean {
    return this.#history.payments.get(payment)?.operation.order === operation.order
  }

  /** What is settled as taken was taken in the amount that was asked; another one is told as such. */
  #asAsked({ asked, operation }: CallMade, found: Found): void {
    const taken = this.#takenOf(operation)
    const status = statusOf(found)
    if (asked === undefined || taken.length === 0 || status === "PENDING") return
    if (found._tag === "Payment" && !says.has(status)) return
    if (!taken.some(({ amount }) => amount === asked)) {
      const amounts = taken.map(({ amount }) => amount).join(", ")
      this.#wrong(operation, `settled as taken as asked for ${asked}, and ${amounts} was taken`)
    }
  }

  /** What settling came to; `lastSent` is all that was known of the last sending, by a clock that may be behind. */
  settlement(call: CallMade, settlement: Settlement, lastSent = this.#now()): void {
    const { operation } = call
    if (settlement._tag === "NotTaken")
      this.#history.never.push({
        operation,
        calls: spokenFor(this.#history, call),
        payment: undefined,
        // what another caller, of whom this one knows nothing, sent after that is not spoken of
        at: Math.min(this.#now(), lastSent + mostOff),
        why: `settled as not taken: ${settlement.evidence}`
      })
    if (settlement._tag !== "Taken") return
    const { found } = settlement
    const status = found._tag === "Payment" ? found.payment.status : undefined
    if (operation.flow === "void") {
      // whoever released it: only that it is released settles a void
      const released = found._tag === "Payment" && this.#history.of(found.payment.paymentId, "void").length > 0
      if (status !== "VOIDED" && !released)
        this.#history.violated(3, operation, `settled as taken, and it is ${status}`)
    } else if (this.#takenOf(operation).length === 0 && (status === undefined || says.has(status))) {
      this.#history.violated(3, operation, "settled as taken, and nothing was")
    }
    this.#asAsked(call, found)
    this.#found(call, found)
  }
}
