import type { Kind } from "@connector-service/domain/Services"
import { Duration, Effect, Random, Schedule } from "effect"

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

const patience = Duration.seconds(10)

/** The policies in force unless a connector or the configuration says otherwise. */
export const defaults: { readonly [K in Kind]: Policy } = {
  read: {
    timeout: Duration.seconds(15),
    retry: { times: 2, first: Duration.millis(100), cap: Duration.seconds(1), patience },
    settle: { times: 0, first: Duration.zero, cap: Duration.zero, patience },
    answerMargin: Duration.millis(250),
    leastTime: Duration.millis(50)
  },
  write: {
    timeout: Duration.seconds(80),
    retry: { times: 2, first: Duration.millis(200), cap: Duration.seconds(2), patience },
    settle: { times: 2, first: Duration.millis(200), cap: Duration.seconds(2), patience },
    answerMargin: Duration.millis(250),
    leastTime: Duration.millis(50)
  }
}

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
