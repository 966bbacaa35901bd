import type { LedgerView, MoneyEntry, MoneyKind } from "@connector-service/sandbox/Ledger"
import { Claims } from "../Claims.ts"
import { holdAtTheEnd } from "../Ending.ts"
import type { ConnectorId } from "../Faults.ts"
import { type CallMade, type FlowName, History, type Operation } from "../History.ts"
import type { Log, Told } from "./Log.ts"

/** Amounts asked for are whole multiples of this; a processor that takes another amount takes less than so much less. */
export const grain = 10

/** The flows that may have made an entry of the ledger, the likeliest first. */
const makers: Readonly<Record<MoneyKind, ReadonlyArray<FlowName>>> = {
  authorization: ["complete", "authorize"],
  capture: ["capture", "complete", "authorize"],
  void: ["void"],
  refund: ["refund"]
}

interface Booked extends MoneyEntry {
  readonly kind: MoneyKind
  readonly at: number
}

const bookedOf = ({ authorizations, captures, refunds, voids }: Money): ReadonlyArray<Booked> => {
  const of = (kind: MoneyKind, entries: ReadonlyArray<MoneyEntry>) =>
    entries.map((entry): Booked => ({ ...entry, kind, at: Date.parse(entry.time) }))
  return [
    ...of("authorization", authorizations),
    ...of("capture", captures),
    ...of("void", voids),
    ...of("refund", refunds)
  ]
}

/** What the sandbox's ledger says of money. */
export type Money = Pick<LedgerView, "authorizations" | "captures" | "voids" | "refunds">

const askedFor = (amount: number): number => Math.ceil(amount / grain) * grain

/** Who made what: by amounts and payments, and not by keys or references, which are themselves under proof. */
class Makers {
  /** Each attempt to authorize asks for an amount of its own, so it names its order. */
  readonly #orders = new Map<string, number>()
  readonly #payments = new Map<string, number>()
  readonly #calls = new Map<number, Array<CallMade>>()

  constructor(calls: ReadonlyArray<CallMade>, booked: ReadonlyArray<Booked>) {
    for (const call of calls) {
      const { connector, flow, order } = call.operation
      if (call.settles) continue
      if (flow === "authorize") this.#orders.set(`${connector} ${call.asked}`, order)
      const ofOrder = this.#calls.get(order)
      if (ofOrder === undefined) this.#calls.set(order, [call])
      else ofOrder.push(call)
    }
    // PayPal books no authorization of what it takes at once
    for (const first of ["authorization", "capture"] as const) {
      for (const { amount, kind, payment_id, processor } of booked) {
        const payment = `${processor} ${payment_id}`
        const order = this.#orders.get(`${processor} ${askedFor(amount)}`)
        if (kind === first && order !== undefined && !this.#payments.has(payment)) this.#payments.set(payment, order)
      }
    }
  }

  /** The call that made an entry; undefined where nobody asked for it. */
  of({ amount, at, kind, metadata, payment_id, processor }: Booked): CallMade | undefined {
    const order = this.#payments.get(`${processor} ${payment_id}`)
    const calls = order === undefined ? [] : (this.#calls.get(order) ?? [])
    for (const flow of makers[kind]) {
      const able = calls.filter(
        ({ asked, operation, startedAt }) =>
          operation.flow === flow && startedAt <= at && (asked === undefined || asked === askedFor(amount))
      )
      // two refunds of one amount are told apart by what they were called, and counted all the same
      const named = able.filter(({ operation }) => Object.values(metadata).includes(operation.reference))
      const maker = (named.length > 0 ? named : able).at(-1)
      if (maker !== undefined) return maker
    }
    return undefined
  }
}

const nobodys = (connector: ConnectorId, payment: string): Operation => ({
  name: `nobody's ${connector} ${payment}`,
  order: -1,
  connector,
  account: 0,
  flow: "get",
  reference: payment,
  fault: () => undefined,
  broke: undefined
})

/** A processor's own page on which a payer moves money has no key, and Stripe's takes it there. */
const byPayer = ({ idempotency_key, processor }: Booked): boolean => processor === "stripe" && idempotency_key === null

const book = (history: History, entry: Booked, makers: Makers): void => {
  const { account, amount, at, id, kind, payment_id: payment } = entry
  // the sandbox is asked for nothing but what these connectors ask
  const connector = entry.processor as ConnectorId
  const call = makers.of(entry)
  if (call === undefined) {
    history.violated(1, nobodys(connector, payment), `a ${kind} of ${amount} that nobody asked for`)
    return
  }
  const { flow } = call.operation
  if (flow === "authorize") history.made(payment, call)
  const exchange = byPayer(entry)
    ? undefined
    : {
        call,
        exchanged: flow === "get" ? ("read" as const) : flow,
        startedAt: call.startedAt,
        host: "",
        key: entry.idempotency_key ?? undefined,
        body: "",
        fault: undefined,
        handledAt: at,
        lagged: false,
        goesOn: false,
        ended: "answered" as const,
        endedAt: at,
        status: 200,
        refusal: undefined
      }
  history.money.push({ connector, account, kind, id, payment, amount, at, exchange })
}

const hear = (claims: Claims, { call, outcome }: Told): void => {
  switch (outcome._tag) {
    case "Answer":
      claims.answer(call, outcome.value)
      break
    case "Settlement":
      claims.settlement(call, outcome.settlement)
      break
    case "Error":
      // of a question that was not answered nothing follows, unless it is told that another amount was taken
      if (!call.settles || outcome.reason._tag === "AmountMismatch") claims.error(call, outcome)
      break
    case "Nothing":
      break
  }
}

/** Goes through what happened in order of time, and holds what each client was told against the ledger as it was then. */
export const judge = ({ calls, told }: Log, money: Money): History => {
  const history = new History(false)
  let now = 0
  const claims = new Claims(history, () => now)
  const booked = bookedOf(money)
  const makers = new Makers(calls, booked)
  const events = [
    ...calls.map((call) => ({ at: call.startedAt, rank: 0, run: () => void history.calls.push(call) })),
    ...booked.map((entry) => ({ at: entry.at, rank: 1, run: () => book(history, entry, makers) })),
    ...told.map((heard) => ({ at: heard.at, rank: 2, run: () => hear(claims, heard) }))
  ]
  events.sort((a, b) => a.at - b.at || a.rank - b.rank)
  for (const { at, run } of events) {
    now = at
    run()
  }
  holdAtTheEnd(history)
  return history
}

/** References of which more was taken than was to be, and those of which something false was told, by name. */
export const verdict = ({ violations }: History) => {
  const names = (invariants: ReadonlyArray<number>): ReadonlySet<string> =>
    new Set(violations.filter(({ invariant }) => invariants.includes(invariant)).map(({ operation }) => operation))
  return { double: names([1, 4]), false: names([2, 3]) }
}
