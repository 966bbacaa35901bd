import { InvalidCredentials, type Reason } from "@connector-service/domain/Reason"
import { UnknownSecret } from "@connector-service/domain/Refusal"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type BytesKey, heldOf } from "../Headers.ts"
import type { Target } from "../Target.ts"
import type { Unanswered } from "../Transport.ts"

/** What a finder gives: what an account has for a connector, or nothing. */
export type Given<Found> = Found | undefined

/** Finds what an account has for a connector. */
export type Finder<Found> = (
  account: string,
  connector: string
) => Given<Found> | PromiseLike<Given<Found>> | Effect.Effect<Given<Found>, unknown>

/**
 * Finds the credentials of an account for a connector. Giving the same object each time costs the least: credentials are
 * read once for each object.
 */
export type Secrets = Finder<object>

/** Finds the secrets that prove the webhooks of an account at a connector: all that are active. */
export type WebhookSecrets = Finder<ReadonlyArray<object>>

const isPromise = (value: object): value is PromiseLike<unknown> => "then" in value && typeof value.then === "function"

const told = (reason: Reason): Unanswered => ({ _tag: "Told", reason })
const notUsable = (description: string): Unanswered =>
  told(new InvalidCredentials({ description, refusedByProcessor: false }))

/** What is found, and what is said where nothing is, or nothing that can be used. */
export interface Kind {
  readonly name: string
  readonly key: BytesKey
  readonly none: Unanswered
  readonly unreadable: Unanswered
}

/** Credentials. */
export const credentials: Kind = {
  name: "credentials",
  key: "x-credentials-bin",
  none: notUsable("the account has none for this connector"),
  unreadable: notUsable("the account's are not an object that JSON can hold")
}

/** Webhook secrets. */
export const webhookSecrets: Kind = {
  name: "webhook secrets",
  key: "x-webhook-secrets-bin",
  none: told(new UnknownSecret()),
  unreadable: told(new UnknownSecret())
}

/** What went wrong is not repeated: it may hold a secret. */
const notHad = ({ name }: Kind, how: string): Effect.Effect<never, Unanswered> =>
  Effect.fail({ _tag: "NotSent", why: `the account's ${name} ${how}` })

const ask = <Found extends object>(
  find: Finder<Found>,
  account: string,
  connector: string
): Effect.Effect<Given<Found>, unknown> =>
  Effect.suspend(() => {
    const given = find(account, connector)
    if (given === undefined) return Effect.undefined
    if (Effect.isEffect(given)) return given as Effect.Effect<Given<Found>, unknown>
    // what is neither is what was found
    return isPromise(given)
      ? (Effect.tryPromise(() => Promise.resolve(given)) as Effect.Effect<Given<Found>, unknown>)
      : Effect.succeed(given as Found)
  })

/** Finds what an account has for a connector before the deadline, in milliseconds since the epoch. */
export const resolve = <Found extends object>(
  find: Finder<Found> | undefined,
  kind: Kind,
  { account = "", connector }: Target,
  deadline: number
): Effect.Effect<object, Unanswered> =>
  find === undefined
    ? Effect.fail(kind.none)
    : Effect.flatMap(Clock.currentTimeMillis, (now) =>
        ask(find, account, connector).pipe(
          Effect.catchCause(() => notHad(kind, "could not be had")),
          Effect.timeoutOrElse({
            duration: Math.max(0, deadline - now),
            orElse: () => notHad(kind, "were not had in time")
          }),
          Effect.flatMap((found) => (found === undefined ? Effect.fail(kind.none) : Effect.succeed(found)))
        )
      )

/**
 * What connectors take of what was given: the same object for the same one given, which they then read once. Undefined
 * for what JSON cannot hold, as it could not go to a service either.
 */
export const plain = (): (({ key }: Kind, given: object) => unknown) => {
  const known = new WeakMap<object, unknown>()
  return ({ key }, given) => {
    const seen = known.get(given)
    if (seen !== undefined) return seen
    const fresh = heldOf(key, given)
    if (Result.isFailure(fresh)) return undefined
    const { copy } = fresh.success
    known.set(given, copy)
    return copy
  }
}
