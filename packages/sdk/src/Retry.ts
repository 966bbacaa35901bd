import { consequenceOf } from "@connector-service/domain/Consequence"
import { InvalidField } from "@connector-service/domain/Reason"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import type { Failure } from "./PaymentError.ts"

/**
 * How a call is made again. Only one whose error says that no money moved and that the very same call may be made again
 * is, under the same reference and attempt: never one of unknown outcome, and never past the call's own time limit.
 * Durations are in milliseconds or a Duration.
 */
export interface Retry {
  /** How often, at most; 0 is never. */
  readonly times: number
  /** The delay before the first repeat; it doubles with each, and each is drawn between zero and its full length. */
  readonly first: number | Duration.Duration
  /** The longest such delay. */
  readonly cap: number | Duration.Duration
  /** The longest delay asked for by an error that is waited for; with a longer one the error is given at once. */
  readonly patience: number | Duration.Duration
}

/** How calls are made again where their client and their options say nothing. */
export const retry: Retry = {
  times: 2,
  first: Duration.millis(100),
  cap: Duration.seconds(2),
  patience: Duration.seconds(10)
}

/** What a client or a call may say of it: parts to replace, or `false` for never. */
export type RetryOption = Partial<Retry> | false | undefined

/** The same in milliseconds. */
export interface Repeats {
  readonly times: number
  readonly first: number
  readonly cap: number
  readonly patience: number
}

const millis = (given: unknown): number =>
  Duration.isDuration(given) ? Duration.toMillis(given) : typeof given === "number" ? given : Number.NaN

const never: Repeats = { times: 0, first: 0, cap: 0, patience: 0 }
const rule = "false, or a number of times up to 100 and delays of 0 or more"

const read = (merged: Retry): Result.Result<Repeats, InvalidField> => {
  const repeats = {
    times: merged.times,
    first: millis(merged.first),
    cap: millis(merged.cap),
    patience: millis(merged.patience)
  }
  const valid = Number.isInteger(repeats.times) && repeats.times <= 100 && Object.values(repeats).every((n) => n >= 0)
  return valid ? Result.succeed(repeats) : Result.fail(new InvalidField({ field: "retry", rule }))
}

const usual = read(retry)

/** What the client says with what the call says over it. */
export const repeatsOf = (ofClient: RetryOption, ofCall: RetryOption): Result.Result<Repeats, InvalidField> => {
  const given = ofCall ?? ofClient
  if (given === undefined) return usual
  return given === false ? Result.succeed(never) : read({ ...retry, ...ofClient, ...ofCall })
}

const mayBeMadeAgain = ({ reason }: Failure): boolean => {
  const { moneyMoved, retryable } = consequenceOf(reason)
  return moneyMoved === "NO" && retryable
}

/** What the error asks to be waited, in milliseconds. */
const asked = ({ reason }: Failure): number =>
  "retryAfter" in reason && reason.retryAfter !== undefined ? Duration.toMillis(reason.retryAfter) : 0

/** How long to wait before call number `done + 1`; undefined where there is to be none. */
const delayAfter = Effect.fnUntraced(function* (failure: Failure, done: number, repeats: Repeats, deadline: number) {
  const wanted = asked(failure)
  if (done > repeats.times || !mayBeMadeAgain(failure) || wanted > repeats.patience) return undefined
  const drawn = Math.min(repeats.first * 2 ** (done - 1), repeats.cap) * (yield* Random.next)
  const delay = Math.max(drawn, wanted)
  return (yield* Clock.currentTimeMillis) + delay < deadline ? delay : undefined
})

/** Makes a call, and again as `repeats` says; one that goes well at once costs nothing more. */
export const again = <A, E>(
  once: Effect.Effect<A, E>,
  meaning: (error: E) => Failure,
  repeats: Repeats,
  deadline: number
): Effect.Effect<A, Failure> => {
  const number = (done: number): Effect.Effect<A, Failure> =>
    Effect.catchEager(once, (error) => {
      const failure = meaning(error)
      return Effect.flatMap(delayAfter(failure, done, repeats, deadline), (delay) =>
        delay === undefined ? Effect.fail(failure) : Effect.andThen(Effect.sleep(delay), number(done + 1))
      )
    })
  return number(1)
}
