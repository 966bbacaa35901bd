import type { Kind } from "@connector-service/domain/Services"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { defaultConnectTimeout } from "./Timeouts.ts"

/** Repeats: at most `times`, after delays that grow from `first` to `cap`, each drawn between zero and its full length. */
export interface Repeats {
  readonly times: number
  readonly first: Duration.Duration
  readonly cap: Duration.Duration
  /** The longest delay asked for by a processor that is waited for; a longer one is the caller's to wait. */
  readonly patience: Duration.Duration
}

/** Time limits and repeats of a flow. The caller's deadline bounds them all. */
export interface Policy {
  /** The longest it may take to have a connection. */
  readonly connectTimeout: Duration.Duration
  /** The longest from there to the first byte of the answer. */
  readonly firstByteTimeout: Duration.Duration
  /** The longest one exchange with the processor may take, from connecting to the last byte. */
  readonly timeout: Duration.Duration
  /** Sending again, where the money rules allow it. */
  readonly retry: Repeats
  /** Looking up an unknown outcome within the call. */
  readonly settle: Repeats
  /** How long before the caller's deadline the answer is given. */
  readonly answerMargin: Duration.Duration
  /** The least time, beyond the margin, that must be left before anything is sent. */
  readonly leastTime: Duration.Duration
}

/** What a connector, a flow or a configuration says in place of a policy's own values. */
export interface PolicyChange extends Partial<Omit<Policy, "retry" | "settle">> {
  readonly retry?: Partial<Repeats>
  readonly settle?: Partial<Repeats>
}

const Span = Schema.DurationFromString
const RepeatsChange = Schema.Struct({
  times: Schema.optionalKey(Schema.Int),
  first: Schema.optionalKey(Span),
  cap: Schema.optionalKey(Span),
  patience: Schema.optionalKey(Span)
})
/** A change of a policy as configuration writes it: spans like "20 seconds". */
export const PolicyChange = Schema.Struct({
  connectTimeout: Schema.optionalKey(Span),
  firstByteTimeout: Schema.optionalKey(Span),
  timeout: Schema.optionalKey(Span),
  retry: Schema.optionalKey(RepeatsChange),
  settle: Schema.optionalKey(RepeatsChange),
  answerMargin: Schema.optionalKey(Span),
  leastTime: Schema.optionalKey(Span)
}) satisfies Schema.ConstraintDecoder<PolicyChange>

const patience = Duration.seconds(10)
const shared = {
  connectTimeout: Duration.millis(defaultConnectTimeout),
  answerMargin: Duration.millis(250),
  leastTime: Duration.millis(50)
}

/** The policies in force unless a connector, a flow or the configuration says otherwise. */
export const defaults: { readonly [K in Kind]: Policy } = {
  read: {
    ...shared,
    firstByteTimeout: Duration.seconds(15),
    timeout: Duration.seconds(15),
    retry: { times: 2, first: Duration.millis(100), cap: Duration.seconds(1), patience },
    settle: { times: 0, first: Duration.zero, cap: Duration.zero, patience }
  },
  write: {
    ...shared,
    firstByteTimeout: Duration.seconds(80),
    timeout: Duration.seconds(80),
    retry: { times: 2, first: Duration.millis(200), cap: Duration.seconds(2), patience },
    settle: { times: 2, first: Duration.millis(200), cap: Duration.seconds(2), patience }
  }
}

/** A policy with changes, the later ones over the earlier. A time limit that is cut cuts those within it. */
export const changed = (policy: Policy, changes: ReadonlyArray<PolicyChange | undefined>): Policy =>
  changes.reduce<Policy>((now, change) => {
    if (change === undefined) return now
    const timeout = change.timeout ?? now.timeout
    return {
      ...now,
      firstByteTimeout: Duration.min(now.firstByteTimeout, timeout),
      connectTimeout: Duration.min(now.connectTimeout, timeout),
      ...change,
      retry: { ...now.retry, ...change.retry },
      settle: { ...now.settle, ...change.settle }
    }
  }, policy)

/** The most repeats that a policy may have. */
const mostTimes = 10

/** What bounds every wait, for a sentence that names a limit. */
export const longestCall = "the longest that a call may take"

const withMargin = (limit: Duration.Duration): string =>
  `at most ${Duration.format(limit)} together with answerMargin, ${longestCall}`

/** What is wrong with a policy, and the rule that it breaks; undefined when it can work. `limit` bounds every call. */
export const problemOf = (
  { answerMargin, connectTimeout, firstByteTimeout, leastTime, retry, settle, timeout }: Policy,
  limit: Duration.Duration
): { readonly field: string; readonly rule: string } | undefined => {
  const spans: Readonly<Record<string, Duration.Duration>> = { timeout, firstByteTimeout, connectTimeout }
  for (const [field, span] of Object.entries(spans)) {
    if (!isBounded(span) || Duration.isZero(span)) return { field, rule: "more than nothing, and not without end" }
  }
  const waits: Readonly<Record<string, Duration.Duration>> = {
    answerMargin,
    leastTime,
    "retry.first": retry.first,
    "retry.cap": retry.cap,
    "retry.patience": retry.patience,
    "settle.first": settle.first,
    "settle.cap": settle.cap,
    "settle.patience": settle.patience
  }
  for (const [field, span] of Object.entries(waits)) {
    if (!isBounded(span)) return { field, rule: "not negative, and not without end" }
    if (Duration.isGreaterThan(span, limit)) return { field, rule: `at most ${Duration.format(limit)}, ${longestCall}` }
  }
  if (Duration.isGreaterThan(Duration.sum(leastTime, answerMargin), limit)) {
    return { field: "leastTime", rule: withMargin(limit) }
  }
  for (const [field, { times }] of Object.entries({ retry, settle })) {
    if (!Number.isInteger(times) || times < 0 || times > mostTimes) {
      return { field: `${field}.times`, rule: `a whole number from 0 to ${mostTimes}` }
    }
  }
  if (Duration.isGreaterThan(firstByteTimeout, timeout)) return { field: "firstByteTimeout", rule: "at most timeout" }
  if (Duration.isGreaterThan(connectTimeout, timeout)) return { field: "connectTimeout", rule: "at most timeout" }
  return Duration.isGreaterThan(Duration.sum(timeout, answerMargin), limit)
    ? { field: "timeout", rule: withMargin(limit) }
    : undefined
}

const isBounded = (span: Duration.Duration): boolean => Duration.isFinite(span) && !Duration.isNegative(span)

/** What a repeat waits for: at least as long as the processor asked, where it did. */
export interface Wait {
  readonly retryAfter?: Duration.Duration | undefined
}

/** The schedule of `repeats`: exponential, capped, with full jitter, and never before the processor's `retryAfter`. */
export const schedule = (repeats: Repeats): Schedule.Schedule<Duration.Duration, Wait> =>
  Schedule.exponential(repeats.first).pipe(
    Schedule.setInputType<Wait>(),
    Schedule.modifyDelay(({ duration, input }) =>
      Effect.map(Random.next, (random) =>
        Duration.max(Duration.times(Duration.min(duration, repeats.cap), random), input.retryAfter ?? Duration.zero)
      )
    ),
    Schedule.upTo({ times: repeats.times })
  )
