import type { SubscribedEvent } from "@connector-service/domain/Subscription"
import { Context, Effect, Layer } from "effect"
import { NotSafe, Sink, type Told } from "./Sink.ts"

/** An event that somebody waits for to be safe. */
interface Waiting {
  readonly told: Told
  readonly end: (outcome: Effect.Effect<void, NotSafe>) => void
  /** Who has it, and by which number; undefined while it waits for somebody with room. */
  holder: { readonly by: Subscription; readonly number: bigint } | undefined
}

/** The most events that one subscriber has and has not acknowledged. */
export const mostUnacknowledged = 100

/** A subscriber's side. */
export class Subscription {
  /** Whose events it wants; undefined for all. */
  readonly account: string | undefined
  readonly #left: (subscription: Subscription, unacknowledged: ReadonlyArray<Waiting>) => void
  readonly #acknowledged: () => void
  readonly #unacknowledged = new Map<bigint, Waiting>()
  /** Those that are not fetched yet; a subscriber that fetches nothing holds no more than it may have unacknowledged. */
  readonly #outgoing = new Set<bigint>()
  #last = 0n
  #overdue = 0
  #closed = false
  #fetching: ((next: SubscribedEvent | undefined) => void) | undefined

  constructor(
    account: string | undefined,
    on: {
      readonly acknowledged: () => void
      readonly left: (subscription: Subscription, unacknowledged: ReadonlyArray<Waiting>) => void
    }
  ) {
    this.account = account
    this.#acknowledged = on.acknowledged
    this.#left = on.left
  }

  /** Whether it may have this event too. */
  hasRoom(): boolean {
    return this.#unacknowledged.size < mostUnacknowledged
  }

  /** How little it can be relied on: events it did not acknowledge in time since it last did, then those it has now. */
  get load(): readonly [overdue: number, unacknowledged: number] {
    return [this.#overdue, this.#unacknowledged.size]
  }

  /** Sends it an event. */
  hand(waiting: Waiting): void {
    this.#last += 1n
    waiting.holder = { by: this, number: this.#last }
    this.#unacknowledged.set(this.#last, waiting)
    this.#outgoing.add(this.#last)
    this.#send()
  }

  /** Takes an event back that nobody waits for any more. */
  withdraw(number: bigint): void {
    this.#unacknowledged.delete(number)
    this.#outgoing.delete(number)
    this.#overdue += 1
  }

  /** The next event; undefined once the subscription is closed. */
  next(): Promise<SubscribedEvent | undefined> {
    return new Promise((resolve) => {
      this.#fetching = resolve
      this.#send()
    })
  }

  /** An event is in safe hands. The number of one that nobody waits for any more means nothing. */
  acknowledge(number: bigint): void {
    this.#overdue = 0
    const waiting = this.#unacknowledged.get(number)
    if (waiting === undefined) return
    this.#unacknowledged.delete(number)
    this.#outgoing.delete(number)
    waiting.end(Effect.void)
    this.#acknowledged()
  }

  /** The subscriber is gone: others get what it has not acknowledged. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#send()
    const unacknowledged = [...this.#unacknowledged.values()]
    this.#unacknowledged.clear()
    this.#outgoing.clear()
    this.#left(this, unacknowledged)
  }

  #send(): void {
    const fetching = this.#fetching
    if (fetching === undefined) return
    const next = this.#closed ? undefined : this.#fetched()
    if (next === undefined && !this.#closed) return
    this.#fetching = undefined
    fetching(next)
  }

  #fetched(): SubscribedEvent | undefined {
    const [deliveryNumber] = this.#outgoing
    const waiting = deliveryNumber === undefined ? undefined : this.#unacknowledged.get(deliveryNumber)
    if (deliveryNumber === undefined || waiting === undefined) return undefined
    this.#outgoing.delete(deliveryNumber)
    return { ...waiting.told, deliveryNumber }
  }
}

const nobody = Effect.fail(new NotSafe({ description: "nobody subscribes to it" }))

/**
 * Hands each event to one of those who subscribe to this process, and again to another where the first goes away. What is
 * held is what somebody waits for, so that whoever bounds the takes bounds the memory.
 */
export class Broker {
  readonly #subscriptions = new Set<Subscription>()
  /** Those that wait for a subscriber to have room, in the order they came. */
  readonly #queue = new Set<Waiting>()
  #closed = false

  /** Safe once a subscriber has acknowledged it; not safe where there is none. */
  readonly take: Sink["Service"]["take"] = (told) =>
    Effect.callback((resume) => {
      const waiting: Waiting = { told, end: resume, holder: undefined }
      this.#queue.add(waiting)
      this.#place(waiting)
      return Effect.sync(() => {
        this.#queue.delete(waiting)
        waiting.holder?.by.withdraw(waiting.holder.number)
        this.#placeQueue()
      })
    })

  /** Opens a subscription, to an account's events or to all. One that is opened too late is closed. */
  open(account: string | undefined): Subscription {
    const subscription = new Subscription(account, {
      acknowledged: () => this.#placeQueue(),
      left: (subscription, unacknowledged) => {
        this.#subscriptions.delete(subscription)
        // they came before those that wait
        const all = [...unacknowledged, ...this.#queue]
        this.#queue.clear()
        for (const waiting of all) this.#queue.add(waiting)
        for (const waiting of all) this.#place(waiting)
      }
    })
    this.#subscriptions.add(subscription)
    if (this.#closed) subscription.close()
    this.#placeQueue()
    return subscription
  }

  /** Whether somebody subscribes to an event. */
  isWanted(told: Told): boolean {
    return this.#wanting(told).length > 0
  }

  /** Whether it was closed. */
  get closed(): boolean {
    return this.#closed
  }

  /** Closes every subscription, and any that is opened from now on. */
  close(): void {
    this.#closed = true
    for (const subscription of this.#subscriptions) subscription.close()
  }

  /** Takes an event out of the queue if it can be handed to somebody, or if there is nobody to wait for. */
  #place(waiting: Waiting): void {
    const wanting = this.#wanting(waiting.told)
    const [first] = wanting.filter((one) => one.hasRoom()).sort(byLoad)
    waiting.holder = undefined
    if (first === undefined && wanting.length > 0) return
    this.#queue.delete(waiting)
    if (first === undefined) waiting.end(nobody)
    else first.hand(waiting)
  }

  #wanting(told: Told): ReadonlyArray<Subscription> {
    return [...this.#subscriptions].filter(({ account }) => account === undefined || account === told.account)
  }

  #placeQueue(): void {
    for (const waiting of this.#queue) this.#place(waiting)
  }
}

const byLoad = ({ load: [overdue, held] }: Subscription, { load: [otherOverdue, otherHeld] }: Subscription): number =>
  overdue - otherOverdue || held - otherHeld

/** Those who subscribe to this process. */
export class Subscriptions extends Context.Service<Subscriptions, Broker>()("@connector-service/server/Subscriptions") {
  /** Nobody yet. */
  static readonly layer: Layer.Layer<Subscriptions> = Layer.sync(Subscriptions, () => new Broker())
}

/** Hands events to those who subscribe. */
export const subscriptionsSink: Layer.Layer<Sink, never, Subscriptions> = Layer.effect(
  Sink,
  Effect.map(Subscriptions, ({ take }) => ({ take }))
)

/** The same, and another sink's where nobody subscribes to an event. */
export const subscriptionsOr = (other: Layer.Layer<Sink>): Layer.Layer<Sink, never, Subscriptions> =>
  Layer.effect(
    Sink,
    Effect.map(Effect.all([Subscriptions, Layer.build(other)]), ([broker, context]) => {
      const { take } = Context.get(context, Sink)
      return { take: (told) => Effect.suspend(() => (broker.isWanted(told) ? broker.take(told) : take(told))) }
    })
  )
