import { InvalidField, type MissingField } from "@connector-service/domain/Reason"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Flow } from "./Flows.ts"
import * as Outcome from "./Outcome.ts"
import type { Failure } from "./PaymentError.ts"
import { again, type Repeats, type RetryOption, repeatsOf } from "./Retry.ts"
import { retarget, type Target } from "./Target.ts"
import { requestIdOf, whole } from "./TargetRules.ts"
import type { Transport, Unanswered } from "./Transport.ts"

/** What is said once for all calls of a client. */
export interface Defaults {
  readonly target: Partial<Target>
  readonly timeout?: number | Duration.Duration | undefined
  readonly retry?: RetryOption
}

/** What is said of one call, whichever form it is made in. */
export interface Options {
  readonly target?: Partial<Target> | undefined
  readonly timeout?: unknown
  readonly retry?: RetryOption
  readonly requestId?: string | undefined
  readonly signal?: unknown
}

/** How long a call may take where nothing says, in milliseconds. */
const timeouts = { write: 90_000, read: 20_000 } as const

/** What a timer can hold, in milliseconds: 24 days. */
const longest = 2_147_483_647

const millisOf = (timeout: unknown, otherwise: number): Result.Result<number, InvalidField> => {
  const millis = timeout === undefined ? otherwise : Duration.isDuration(timeout) ? Duration.toMillis(timeout) : timeout
  return typeof millis === "number" && millis > 0 && millis <= longest
    ? Result.succeed(Math.ceil(millis))
    : Result.fail(new InvalidField({ field: "timeout", rule: `more than 0 and at most ${longest} milliseconds` }))
}

const signalOf = (signal: unknown): Result.Result<AbortSignal | undefined, InvalidField> =>
  signal === undefined || signal instanceof AbortSignal
    ? Result.succeed(signal)
    : Result.fail(new InvalidField({ field: "signal", rule: "an AbortSignal" }))

/** A call that is fit to be made. */
interface Prepared {
  readonly target: Target | undefined
  readonly request: unknown
  readonly millis: number
  readonly repeats: Repeats
  readonly signal: AbortSignal | undefined
}

/** What is wrong with the target is said before what is wrong with the request, and that before the options. */
const prepare = (
  flow: Flow,
  target: Partial<Target>,
  requestId: string,
  given: unknown,
  defaults: Defaults,
  options: Options
): Result.Result<Prepared, MissingField | InvalidField> => {
  const id = requestIdOf(requestId)
  if (Result.isFailure(id)) return Result.fail(id.failure)
  const to = flow.needs === "nothing" ? Result.succeed(undefined) : whole(target, flow.needs)
  if (Result.isFailure(to)) return Result.fail(to.failure)
  const request = flow.read(given)
  if (Result.isFailure(request)) return Result.fail(request.failure)
  const millis = millisOf(options.timeout ?? defaults.timeout, timeouts[flow.kind])
  if (Result.isFailure(millis)) return Result.fail(millis.failure)
  const repeats = repeatsOf(defaults.retry, options.retry)
  if (Result.isFailure(repeats)) return Result.fail(repeats.failure)
  return Result.map(signalOf(options.signal), (signal) => ({
    target: to.success,
    request: request.success,
    millis: millis.success,
    repeats: repeats.success,
    signal
  }))
}

const cancelled = "the caller cancelled it"

/** Ends when the signal is aborted. */
const aborted = (signal: AbortSignal): Effect.Effect<void> =>
  Effect.callback((resume) => {
    if (signal.aborted) return resume(Effect.void)
    const abort = () => resume(Effect.void)
    signal.addEventListener("abort", abort, { once: true })
    return Effect.sync(() => signal.removeEventListener("abort", abort))
  })

/**
 * Makes a call: checked, within its time limit, again where that is safe, and with one meaning of everything that goes
 * wrong. Its time counts from `since`, in milliseconds since the epoch; from now if absent.
 */
export const call = (
  transport: Transport,
  flow: Flow,
  defaults: Defaults,
  given: unknown,
  options: Options,
  since?: number
): Effect.Effect<unknown, Failure> =>
  Effect.flatMap(Clock.Clock, (clock) => {
    const target = options.target === undefined ? defaults.target : retarget(defaults.target, options.target)
    const requestId = options.requestId ?? crypto.randomUUID()
    const failure = ({ reason, sentence }: Outcome.Meaning): Failure => ({
      connector: target.connector ?? "",
      flow: flow.name,
      requestId,
      reason,
      sentence
    })
    const prepared = prepare(flow, target, requestId, given, defaults, options)
    if (Result.isFailure(prepared)) return Effect.fail(failure({ reason: prepared.failure }))

    const { millis, repeats, request, signal } = prepared.success
    const deadline = (since ?? clock.currentTimeMillisUnsafe()) + millis
    // the schemas of all writes hold what Write does
    const write = flow.kind === "write" ? (request as Outcome.Write) : undefined
    let sentAt: number | undefined
    const failed = (unanswered: Unanswered): Failure => {
      const endsAt = Math.max(deadline, clock.currentTimeMillisUnsafe())
      const known = { flow: flow.name, write, sentAt, endsAt }
      sentAt = undefined
      return failure(Outcome.meaning(known, unanswered))
    }
    const sent = () => {
      sentAt = clock.currentTimeMillisUnsafe()
    }
    const outgoing = { flow, request, target: prepared.success.target, deadline, requestId, sent }
    const calling = again(transport.exchange(outgoing), failed, repeats, deadline)
    if (signal === undefined) return calling

    // asked only once nothing of the call runs any more
    const gone = Effect.suspend(() =>
      Effect.fail(
        failed(sentAt === undefined ? { _tag: "NotSent", why: cancelled } : { _tag: "Broken", description: cancelled })
      )
    )
    if (signal.aborted) return gone
    return Effect.flatMap(
      Effect.raceFirst(Effect.asSome(calling), Effect.as(aborted(signal), Option.none<unknown>())),
      (answer) => (Option.isSome(answer) ? Effect.succeed(answer.value) : gone)
    )
  })
