import { InvalidCredentials } from "@connector-service/domain/Reason"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { heldOf } from "../Headers.ts"
import type { Target } from "../Target.ts"
import type { Unanswered } from "../Transport.ts"

/** What `secrets` gives: an account's credentials for a connector, or nothing where the account has none. */
export type Found = object | undefined

/**
 * Finds the credentials of an account for a connector. Giving the same object each time costs the least: credentials are
 * read once for each object.
 */
export type Secrets = (account: string, connector: string) => Found | PromiseLike<Found> | Effect.Effect<Found, unknown>

const isPromise = (value: object): value is PromiseLike<Found> => "then" in value && typeof value.then === "function"

const none: Unanswered = {
  _tag: "Told",
  reason: new InvalidCredentials({ description: "the account has none for this connector", refusedByProcessor: false })
}

/** Of what `secrets` gave. */
export const unreadable: Unanswered = {
  _tag: "Told",
  reason: new InvalidCredentials({
    description: "the account's are not an object that JSON can hold",
    refusedByProcessor: false
  })
}

/** What went wrong is not repeated: it may hold a secret. */
const notHad: Unanswered = { _tag: "NotSent", why: "the account's credentials could not be had" }
const late: Unanswered = { _tag: "NotSent", why: "the account's credentials were not had in time" }

const ask = (secrets: Secrets, account: string, connector: string): Effect.Effect<Found, unknown> =>
  Effect.suspend(() => {
    const given = secrets(account, connector)
    if (given === undefined) return Effect.undefined
    if (Effect.isEffect(given)) return given as Effect.Effect<Found, unknown>
    return isPromise(given) ? Effect.tryPromise(() => Promise.resolve(given)) : Effect.succeed(given)
  })

/** Finds an account's credentials for a connector before the deadline, in milliseconds since the epoch. */
export const resolve = (
  secrets: Secrets | undefined,
  { account = "", connector }: Target,
  deadline: number
): Effect.Effect<object, Unanswered> =>
  secrets === undefined
    ? Effect.fail(none)
    : Effect.flatMap(Clock.currentTimeMillis, (now) =>
        ask(secrets, account, connector).pipe(
          Effect.catchCause(() => Effect.fail(notHad)),
          Effect.timeoutOrElse({ duration: Math.max(0, deadline - now), orElse: () => Effect.fail(late) }),
          Effect.flatMap((found) => (found === undefined ? Effect.fail(none) : Effect.succeed(found)))
        )
      )

/**
 * Credentials as the connectors take them: the same object for the same one given, which they then read once. Undefined
 * for what JSON cannot hold, as it could not go to a service either.
 */
export const plain = (): ((given: object) => unknown) => {
  const known = new WeakMap<object, unknown>()
  return (given) => {
    const seen = known.get(given)
    if (seen !== undefined) return seen
    const fresh = heldOf(given)
    if (Result.isFailure(fresh)) return undefined
    const { copy } = fresh.success
    known.set(given, copy)
    return copy
  }
}
