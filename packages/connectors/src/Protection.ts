import { type CircuitOpen, Overloaded } from "@connector-service/domain/Reason"
import type { Kind } from "@connector-service/domain/Services"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as RateLimiter from "effect/persistence/RateLimiter"
import * as Schema from "effect/Schema"
import { Circuit } from "./Circuit.ts"
import { longestCall } from "./Policy.ts"
import type { Setback } from "./Setback.ts"

/** When a circuit opens, and for how long: see Circuit. */
export interface Breaker {
  /** The share of the last `size` exchanges that must have failed. */
  readonly threshold: number
  readonly size: number
  readonly open: Duration.Duration
  readonly longest: Duration.Duration
}

/** How many requests a second the processor takes of one account, as it publishes. */
export type Rate = { readonly [K in Kind]: number }

/** What keeps a connector's calls from piling up. */
export interface Protection {
  readonly breaker: Breaker
  /** The most calls of one account under way at once. */
  readonly concurrency: number
  /** By environment; absent where the processor publishes no limit. It holds only at the processor's own address. */
  readonly rate?: { readonly live?: Rate; readonly sandbox?: Rate } | undefined
  /** The longest a request waits for its turn under the processor's rate. */
  readonly patience: Duration.Duration
}

/** What a connector or a configuration says in place of the protection's own values. */
export interface ProtectionChange extends Partial<Omit<Protection, "breaker">> {
  readonly breaker?: Partial<Breaker>
}

const Span = Schema.DurationFromString
const RateOfKinds = Schema.Struct({ read: Schema.Finite, write: Schema.Finite })
/** A change of a protection as configuration writes it: spans like "20 seconds", requests a second. */
export const ProtectionChange = Schema.Struct({
  breaker: Schema.optionalKey(
    Schema.Struct({
      threshold: Schema.optionalKey(Schema.Finite),
      size: Schema.optionalKey(Schema.Int),
      open: Schema.optionalKey(Span),
      longest: Schema.optionalKey(Span)
    })
  ),
  concurrency: Schema.optionalKey(Schema.Int),
  rate: Schema.optionalKey(
    Schema.Struct({ live: Schema.optionalKey(RateOfKinds), sandbox: Schema.optionalKey(RateOfKinds) })
  ),
  patience: Schema.optionalKey(Span)
}) satisfies Schema.ConstraintDecoder<ProtectionChange>

/** The protection in force unless a connector or the configuration says otherwise. */
export const defaults: Protection = {
  breaker: { threshold: 0.5, size: 20, open: Duration.seconds(1), longest: Duration.seconds(30) },
  concurrency: 1000,
  patience: Duration.seconds(1)
}

/** A protection with changes, the later ones over the earlier. */
export const changed = (protection: Protection, changes: ReadonlyArray<ProtectionChange | undefined>): Protection =>
  changes.reduce<Protection>(
    (now, change) => ({ ...now, ...change, breaker: { ...now.breaker, ...change?.breaker } }),
    protection
  )

/** The longest that a circuit may stay open: past it a processor that has recovered would still not be asked. */
const longestOpen = Duration.hours(1)

/** What is wrong with a protection, and the rule that it breaks; undefined when it can work. `limit` bounds every call. */
export const problemOf = (
  { breaker, concurrency, patience, rate }: Protection,
  limit: Duration.Duration
): { readonly field: string; readonly rule: string } | undefined => {
  if (!Number.isInteger(breaker.size) || breaker.size < 1 || breaker.size > 10_000) {
    return { field: "breaker.size", rule: "a whole number from 1 to 10000" }
  }
  if (!(breaker.threshold > 0 && breaker.threshold <= 1)) {
    return { field: "breaker.threshold", rule: "more than 0 and at most 1" }
  }
  if (
    !(Duration.isGreaterThan(breaker.open, Duration.zero) && Duration.isLessThanOrEqualTo(breaker.open, longestOpen))
  ) {
    return { field: "breaker.open", rule: "more than nothing and at most 1 hour" }
  }
  if (!Duration.between(breaker.longest, { minimum: breaker.open, maximum: longestOpen })) {
    return { field: "breaker.longest", rule: "at least breaker.open and at most 1 hour" }
  }
  if (!Duration.between(patience, { minimum: Duration.zero, maximum: limit })) {
    return { field: "patience", rule: `not negative, and at most ${Duration.format(limit)}, ${longestCall}` }
  }
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 1_000_000) {
    return { field: "concurrency", rule: "a whole number from 1 to 1000000" }
  }
  const all = [rate?.live, rate?.sandbox].flatMap((of) => (of === undefined ? [] : Object.values(of)))
  return all.every((perSecond) => perSecond >= 1 && perSecond <= 1_000_000)
    ? undefined
    : { field: "rate", rule: "from 1 to 1000000 a second" }
}

/** Why nothing was sent: this service held it back. */
export const heldBack = (reason: CircuitOpen | Overloaded): Setback => ({
  _tag: "NotSent",
  description: reason._tag,
  httpStatus: 0,
  reason
})

/** What may hold an exchange back. */
export interface Guard {
  readonly circuit?: Circuit
  /** Waits for the account's turn under the processor's rate, where it has one. */
  readonly turn?: Effect.Effect<void, Setback>
}

/** The guards of one connector. */
export interface Guards {
  /**
   * Of exchanges of a kind, by account. `own`: they go to the processor's own address, where its rate holds. Those to one
   * `place` have a circuit together.
   */
  readonly guard: (environment: "live" | "sandbox", kind: Kind, account: string, own: boolean, place: string) => Guard
  /** Counts a call in; fails with Overloaded where the account has as many as it may. */
  readonly enter: (account: string) => Overloaded | undefined
  /** Counts it in once more, whatever the limit: its caller goes, and it goes on. */
  readonly stay: (account: string) => void
  /** Counts it out. */
  readonly leave: (account: string) => void
}

/** When there may be room again. */
export const soon = Duration.seconds(1)

/** Makes the guards of a connector. */
export const makeGuards = Effect.fnUntraced(function* (
  id: string,
  { breaker, concurrency, patience, rate }: Protection
): Effect.fn.Return<Guards, never, RateLimiter.RateLimiterStore> {
  const limiter = yield* RateLimiter.make
  const running = new Map<string, number>()

  const settings = {
    threshold: breaker.threshold,
    size: breaker.size,
    open: Duration.toMillis(breaker.open),
    longest: Duration.toMillis(breaker.longest)
  }
  const turnOf = (key: string, perSecond: number): Effect.Effect<void, Setback> => {
    const take = limiter.consume({ algorithm: "token-bucket", window: "1 second", limit: perSecond, key })
    const turn = (waited: Duration.Duration): Effect.Effect<void, Setback> =>
      Effect.catchEager(take, ({ reason }) => {
        // a store in this process does not fail
        const retryAfter = reason._tag === "RateLimitExceeded" ? reason.retryAfter : Duration.zero
        const longer = Duration.sum(waited, retryAfter)
        return Duration.isGreaterThan(longer, patience)
          ? Effect.fail(heldBack(new Overloaded({ retryAfter })))
          : Effect.andThen(Effect.sleep(retryAfter), turn(longer))
      }) as Effect.Effect<void, Setback>
    return turn(Duration.zero)
  }

  const circuits = new Map<string, Circuit>()
  const circuitOf = (environment: string, kind: Kind, place: string): Circuit => {
    const key = `${environment} ${kind} ${place}`
    const known = circuits.get(key)
    if (known !== undefined) return known
    const fresh = new Circuit(settings)
    circuits.set(key, fresh)
    return fresh
  }

  return {
    guard: (environment, kind, account, own, place) => {
      const perSecond = own ? rate?.[environment]?.[kind] : undefined
      const circuit = circuitOf(environment, kind, place)
      return perSecond === undefined
        ? { circuit }
        : { circuit, turn: turnOf(`${id} ${environment} ${kind} ${account}`, perSecond) }
    },
    enter: (account) => {
      const now = running.get(account) ?? 0
      if (now >= concurrency) return new Overloaded({ retryAfter: soon })
      running.set(account, now + 1)
      return undefined
    },
    stay: (account) => void running.set(account, (running.get(account) ?? 0) + 1),
    leave: (account) => {
      const now = (running.get(account) ?? 1) - 1
      if (now > 0) running.set(account, now)
      else running.delete(account)
    }
  }
})

/** Runs what is asked for an account unless that has as much under way as it may. */
export const admitted = <A, E>(
  { account, registered: { guards } }: { readonly account: string; readonly registered: { readonly guards: Guards } },
  call: Effect.Effect<A, E>
): Effect.Effect<A, E | Overloaded> =>
  Effect.acquireUseRelease(
    Effect.suspend(() => {
      const full = guards.enter(account)
      return full === undefined ? Effect.void : Effect.fail(full)
    }),
    () => call,
    () => Effect.sync(() => guards.leave(account))
  )

/** Where rates are kept: in this process. */
export const rates = RateLimiter.layerStoreMemory
