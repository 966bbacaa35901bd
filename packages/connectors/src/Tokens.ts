import { hash } from "node:crypto"
import type { Reason } from "@connector-service/domain/Reason"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Token } from "./Auth.ts"
import type { Background } from "./Background.ts"
import type { Setback } from "./Setback.ts"

/** Whose token it is, and how a new one is fetched: a token, or why the account gets none. */
export interface Account {
  /** The same for the same credentials of the same connector and environment only. */
  readonly key: string
  readonly fetch: Effect.Effect<Result.Result<Token, Reason>, Setback>
}

type Fetched = Result.Result<Redacted.Redacted<string>, Reason>

interface Held {
  token: { readonly value: Redacted.Redacted<string>; readonly renewAt: number; readonly endsAt: number } | undefined
  fetching: Fiber.Fiber<Fetched, Setback> | undefined
}

/** How long before its end a token is no more used, and how long before that a new one is fetched in the background. */
const margin = Duration.toMillis("30 seconds")
const early = Duration.toMillis("5 minutes")
/** Accounts whose tokens are kept; past it the one known longest is forgotten. */
const most = 10_000

/** A digest of credentials that tells two accounts apart and gives neither away. */
export const fingerprint = (credentials: unknown): string => hash("sha256", JSON.stringify(credentials), "base64url")

/** The token, if it may still be used. */
const atHand = (held: Held | undefined, now: number): Held["token"] =>
  held?.token !== undefined && now < held.token.endsAt ? held.token : undefined

/** Access tokens, in memory: one fetch for many waiters, renewed before they end. */
export class Tokens {
  readonly #held = new Map<string, Held>()
  readonly #background: Background

  constructor(background: Background) {
    this.#background = background
  }

  /** The account's token: the one at hand, or a new one. Who waits for it may stop; the fetch goes on for the others. */
  get(account: Account): Effect.Effect<Fetched, Setback> {
    return Effect.flatMap(Clock.currentTimeMillis, (now): Effect.Effect<Fetched, Setback> => {
      const held = this.#of(account.key)
      const token = atHand(held, now)
      if (token === undefined) {
        return Effect.flatMap(this.#fetch(account, held, now), (fetching) => Fiber.join(fetching))
      }
      const answer = Effect.succeed(Result.succeed(token.value))
      return now < token.renewAt ? answer : Effect.andThen(this.#fetch(account, held, now), answer)
    })
  }

  /** Whether the account's token is at hand, so that nothing is waited for. */
  has({ key }: Account, now: number): boolean {
    return atHand(this.#held.get(key), now) !== undefined
  }

  /** Forgets a token that the processor refused, unless another one has taken its place. */
  refused(account: Account, value: Redacted.Redacted<string>): void {
    const held = this.#held.get(account.key)
    if (held?.token?.value === value) held.token = undefined
  }

  #of(key: string): Held {
    const known = this.#held.get(key)
    if (known !== undefined) return known
    const [oldest] = this.#held.keys()
    if (this.#held.size >= most && oldest !== undefined) this.#held.delete(oldest)
    const fresh: Held = { token: undefined, fetching: undefined }
    this.#held.set(key, fresh)
    return fresh
  }

  #fetch(account: Account, held: Held, now: number): Effect.Effect<Fiber.Fiber<Fetched, Setback>> {
    if (held.fetching !== undefined) return Effect.succeed(held.fetching)
    const fetching = account.fetch.pipe(
      Effect.map(
        Result.map(({ lifetime, value }) => {
          const millis = Duration.toMillis(lifetime)
          const endsAt = now + millis - Math.min(margin, millis / 10)
          held.token = { value, endsAt, renewAt: endsAt - Math.min(early, millis / 5) }
          return value
        })
      ),
      Effect.onExit(() =>
        Effect.sync(() => {
          held.fetching = undefined
        })
      )
    )
    return Effect.map(this.#background.run(fetching), (fiber) => {
      if (fiber.pollUnsafe() === undefined) held.fetching = fiber
      return fiber
    })
  }
}
