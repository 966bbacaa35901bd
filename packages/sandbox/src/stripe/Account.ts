import type { MoneyEntry, MoneyKind } from "../Ledger.ts"
import type { Charge, Customer, PaymentIntent, PaymentMethod, Refund, ThreeDSecure, Token } from "./Objects.ts"
import type { Ending } from "./TestAccounts.ts"
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
  /** How a debit of it ends, where it is an account. */
  readonly debit: Ending | null
  /** What there is for the issuer to check. */
  given: { readonly cvc: boolean; readonly line1: boolean; readonly postalCode: boolean }
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
  /** How it will end, where that is decided after its confirmation. */
  awaited: Awaited | null
}

/** The end that a confirmed payment comes to when it is read at `at` or later, in seconds since 1970. */
export interface Awaited extends Ending {
  readonly context: Context
  readonly at: number
}

/** A card token, with the payment method that it is used for. */
export interface TokenRecord {
  readonly id: string
  readonly object: Token
  readonly method: MethodRecord
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
  readonly tokens = new Collection<TokenRecord>()
  readonly customers = new Collection<CustomerRecord>()

  constructor(id: string) {
    this.id = id
  }
}

/** A page that waits for the payer: of 3-D Secure, or of another way to pay. */
export interface Challenge {
  readonly page: "3ds" | "redirect"
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
  /** Tells by webhook what happened to an object. */
  readonly event: (type: string, object: object) => void
}
