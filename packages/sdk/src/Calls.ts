import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { call, type Defaults } from "./Call.ts"
import { flows } from "./Flows.ts"
import type { FlowName } from "./Names.ts"
import { opening } from "./Opening.ts"
import type { CallOptions } from "./Options.ts"
import { type Failure, PaymentError } from "./PaymentError.ts"
import type { Transport } from "./Transport.ts"

/** The calls of a client. */
export interface Calls {
  /** Makes a call, whose time counts from `since`; from now if absent. Rejects with PaymentError. */
  readonly call: (
    flow: FlowName,
    defaults: Defaults,
    input: unknown,
    options: CallOptions,
    since?: number
  ) => Promise<unknown>
  /** Lets calls in flight end, then closes what carries them. */
  readonly close: () => Promise<void>
}

const promise = (effect: Effect.Effect<unknown, Failure>): Promise<unknown> =>
  new Promise((resolve, reject) => {
    Effect.runCallback(effect, {
      onExit: (exit) => {
        if (Exit.isSuccess(exit)) return resolve(exit.value)
        const failure = exit.cause.reasons.find(Cause.isFailReason)?.error
        reject(failure === undefined ? Cause.squash(exit.cause) : new PaymentError(failure))
      }
    })
  })

/** Calls by a transport, which is being opened from now on. */
export const calls = (opened: Effect.Effect<Transport, never, Scope.Scope>): Calls => {
  const transport = opening(opened)
  return {
    call: (flow, defaults, input, options, since) =>
      promise(call(transport, flows[flow], defaults, input, options, since)),
    close: () => Effect.runPromise(transport.close)
  }
}
