import { makeAdyen } from "@connector-service/sandbox/adyen/Adyen"
import { Later } from "@connector-service/sandbox/Later"
import { Ledger, type MoneyEntry, type MoneyKind } from "@connector-service/sandbox/Ledger"
import { type Call, type Handled, type Processor, straight, type Twist } from "@connector-service/sandbox/Processor"
import { makePayPal } from "@connector-service/sandbox/paypal/PayPal"
import { within } from "@connector-service/sandbox/Surroundings"
import { makeStripe } from "@connector-service/sandbox/stripe/Stripe"
import type { ConnectorId } from "./Faults.ts"
import type { Exchange, History } from "./History.ts"
import type { World } from "./World.ts"

/** A ledger that also tells which exchange moved the money. */
class Book extends Ledger {
  readonly #noted: (kind: MoneyKind, entry: MoneyEntry) => void

  constructor(noted: (kind: MoneyKind, entry: MoneyEntry) => void) {
    super()
    this.#noted = noted
  }

  override money(kind: MoneyKind, entry: MoneyEntry): void {
    super.money(kind, entry)
    this.#noted(kind, entry)
  }
}

const makers = { stripe: makeStripe, adyen: makeAdyen, paypal: makePayPal }

/** A request as it goes to a processor. */
export type Delivered = Pick<Call, "method" | "path" | "query" | "headers" | "body">

/** Where payers' pages are, for the processors to point to. */
export const origin = "https://payers.example"

/** The processors, in the world's time and chance, with what their ledgers say. */
export class Processors {
  readonly #world: World
  readonly #history: History
  readonly #all = new Map<ConnectorId, Processor>()
  #acting: Exchange | undefined
  /** Keys under which a processor has had a request. */
  readonly keys = new Set<string>()
  /** By how much lists lag, from 0 for not at all to 1 for the longest that they may. */
  lag = 0

  constructor(world: World, history: History) {
    this.#world = world
    this.#history = history
  }

  /** The processor of this name. */
  of(connector: ConnectorId): Processor {
    const known = this.#all.get(connector)
    if (known !== undefined) return known
    const made = makers[connector](
      new Book((kind, { account, amount, id, payment_id: payment }) => {
        const entry = { connector, account, kind, id, payment, amount, at: this.#world.now, exchange: this.#acting }
        this.#history.money.push(entry)
        const { call, exchanged } = entry.exchange ?? {}
        if (call !== undefined && exchanged === "authorize") this.#history.made(payment, call)
        // a payment may have its id only when its payer has come back
        if (call !== undefined && exchanged === "complete") this.#history.claimed(payment, call.operation.order)
        this.#history.trace(entry.at, () => `${connector} books ${kind} ${payment} ${id} ${amount}`)
      })
    )
    this.#all.set(connector, made)
    return made
  }

  /** Has a processor act on a request, for an exchange or for a payer; `use` gets its reply, now or later. */
  act(
    connector: ConnectorId,
    exchange: Exchange | undefined,
    call: Delivered,
    twist: Partial<Twist>,
    use: (handled: Handled) => void
  ): void {
    const { chance } = this.#world
    const run = <A>(what: () => A): A => {
      const before = this.#acting
      this.#acting = exchange
      const result = what()
      this.#acting = before
      return result
    }
    const surroundings = {
      now: () => this.#world.now,
      byte: () => chance.bits() & 0xff,
      later: (millis: number, act: () => void) => void this.#world.later(millis, () => run(act))
    }
    within(surroundings, () =>
      run(() => {
        const handled = this.of(connector).handle({ ...call, origin }, { ...straight, ...twist })
        if (handled instanceof Later) handled.start(use)
        else use(handled)
      })
    )
  }
}
