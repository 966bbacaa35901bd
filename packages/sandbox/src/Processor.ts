import type { IncomingHttpHeaders } from "node:http"
import type { Later } from "./Later.ts"

/** One HTTP call as the listener read it. `path` has lost the processor's prefix; `query` has no leading "?". */
export interface Call {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Scheme, host and port under which the caller reached the sandbox, without the processor's prefix. */
  readonly origin: string
}

/** A whole HTTP reply; the listener adds the length and decides, when a fault says so, how much of it to send. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How a fault bends the processing of one call. */
export interface Twist {
  /** Minor units added to the amount that was asked for. */
  readonly amountOff: number
  /** Process the call, then answer with a server error. */
  readonly failAfter: boolean
  /** How long processing takes; the call counts as executing meanwhile. */
  readonly delayMilliseconds: number
}

/** The twist of a call without a fault. */
export const straight: Twist = { amountOff: 0, failAfter: false, delayMilliseconds: 0 }

/** A reply, with what became of the call. */
export interface Handled {
  readonly reply: Reply
  /** The operation ran (it may have ended in a decline). */
  readonly processed: boolean
  /** The reply is the stored one of an earlier call with the same idempotency key. */
  readonly replayed: boolean
}

/** An embedded processor, served under `/${id}`. */
export interface Processor {
  readonly id: string
  /** The header, in lower case, that carries an idempotency key. */
  readonly keyHeader: string
  handle(call: Call, twist: Twist): Handled | Later<Handled>
  /** The processor's own shape of "too many requests"; `retryAfter` in seconds. */
  rateLimited(call: Call, retryAfter: number | undefined): Reply
  /** The processor's own shape of an internal error, for a call that was not processed. */
  serverError(call: Call): Reply
  /** Forgets every account, object and idempotency key. */
  reset(): void
}
