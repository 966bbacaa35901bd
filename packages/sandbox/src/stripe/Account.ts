import type { MoneyEntry, MoneyKind } from "../Ledger.ts"
import type { Charge, Customer, PaymentIntent, PaymentMethod, Refund, ThreeDSecure } from "./Objects.ts"
import type { CardBehaviour } from "./TestCards.ts"

/** Objects of one kind in the order of their creation, found by id in constant time. */
export class Collection<A extends { readonly id: string }> {
  readonly #items: Array<A> = []
  readonly #places = new Map<string, number>()

  add(item: A): A {
    this.#places.set(item.id, this.#items.length)
    this.#items.push(item)
    return item
  }

  get(id: string): A | undefined {
    const place = this.#places.get(id)
    return place === undefined ? undefined : this.#items[place]
  }

  /** The items from just beyond `after`, or from the newest, to the oldest. */
  *newestFirst(after: string | undefined): Generator<A> {
    const start = after === undefined ? this.#items.length : (this.#places.get(after) ?? 0)
    for (let place = start - 1; place >= 0; place -= 1) {
      const item = this.#items[place]
      if (item !== undefined) yield item
    }
  }

  /** The items newer than `before`, the one nearest to it first. */
  *newerThan(before: string): Generator<A> {
    for (let place = (this.#places.get(before) ?? this.#items.length) + 1; place < this.#items.length; place += 1) {
      const item = this.#items[place]
      if (item !== undefined) yield item
    }
  }
}

/** A payment method with what its number means to this sandbox; the number itself is not kept. */
export interface MethodRecord {
  readonly id: string
  readonly object: PaymentMethod
  readonly behaviour: CardBehaviour
  /** What there is for the issuer to check. */
  readonly given: { readonly cvc: boolean; readonly line1: boolean; readonly postalCode: boolean }
  readonly networkToken: boolean
  /** Set up for off-session payments. */
  setUp: boolean
  /** Paid once without a customer, and so used up. */
  spent: boolean
}

/** A payment intent with what Stripe does not show. */
export interface IntentRecord {
  readonly id: string
  readonly object: PaymentIntent
  method: MethodRecord | undefined
  returnUrl: string | null
  offSession: boolean
  exempt: boolean
  manualCapture: boolean
  authentication: ThreeDSecure | null
}

/** A charge with its refunds; `returned` is what refunds took back of the captured amount. */
export interface ChargeRecord {
  readonly id: string
  readonly object: Charge
  readonly behaviour: CardBehaviour
  readonly refunds: Array<RefundRecord>
  returned: number
}

/** A refund; `settles` is the status it moves to after it has been read once. */
export interface RefundRecord {
  readonly id: string
  readonly object: Refund
  settles: "succeeded" | "failed" | null
}

/** A customer. */
export interface CustomerRecord {
  readonly id: string
  readonly object: Customer
}

/** The state behind one API key. */
export class Account {
  readonly id: string
  readonly intents = new Collection<IntentRecord>()
  readonly charges = new Collection<ChargeRecord>()
  readonly refunds = new Collection<RefundRecord>()
  readonly methods = new Collection<MethodRecord>()
  readonly customers = new Collection<CustomerRecord>()

  constructor(id: string) {
    this.id = id
  }
}

/** An authentication page that waits for the payer. */
export interface Challenge {
  readonly context: Context
  readonly intent: IntentRecord
}

/** What an operation has at hand while it runs. */
export interface Context {
  readonly account: Account
  /** Seconds since 1970. */
  readonly now: number
  readonly origin: string
  /** The API version of the call. */
  readonly version: string
  /** Minor units by which amounts are to be wrong. */
  readonly amountOff: number
  readonly challenges: Map<string, Challenge>
  readonly money: (
    kind: MoneyKind,
    entry: Pick<MoneyEntry, "id" | "payment_id" | "amount" | "currency" | "metadata">
  ) => void
}
