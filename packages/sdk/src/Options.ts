import type * as Duration from "effect/Duration"
import type { Defaults } from "./Call.ts"
import type { RetryOption } from "./Retry.ts"
import type { Target } from "./Target.ts"

/** The target of calls that name none, and how calls go whose own options do not say. */
export interface ClientOptions extends Partial<Target> {
  /** The longest a call may take, in milliseconds or as a Duration; 90 s for writes and 20 s for reads if absent. */
  readonly timeout?: number | Duration.Duration | undefined
  /** How calls are made again that surely did nothing: parts of `Retry` to replace, or `false` for never. */
  readonly retry?: RetryOption
}

/** What one call may be told beside its input. */
export interface EffectOptions {
  /** Parts of the target to replace for this call. */
  readonly target?: Partial<Target> | undefined
  /** The longest the call may take, its repeats included; the client's own if absent. */
  readonly timeout?: number | Duration.Duration | undefined
  /** How the call is made again when it surely did nothing: parts to replace, or `false` for never. */
  readonly retry?: RetryOption
  /** The id under which the service logs the call; a new UUID if absent. */
  readonly requestId?: string | undefined
}

/** What one call may be told beside its input, where it is a Promise. */
export interface CallOptions extends EffectOptions {
  /** Stops waiting. A write that was sent goes on at the service: the error is then UnknownOutcome. */
  readonly signal?: AbortSignal | undefined
}

/** A client's options as its calls take them. */
export const defaultsOf = ({ retry, timeout, ...target }: ClientOptions): Defaults => ({ target, timeout, retry })
