import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { call, type Defaults } from "./Call.ts"
import { byService } from "./Flows.ts"
import type { Methods } from "./Methods.ts"
import type { Opening } from "./Opening.ts"
import type { CallOptions } from "./Options.ts"
import { type Failure, PaymentError } from "./PaymentError.ts"
import { retarget, type Target } from "./Target.ts"

export type { Connector } from "@connector-service/domain/Capability"
export type { Acknowledgement, Delivery, Received, Unverified } from "@connector-service/domain/Delivery"
export type { Event } from "@connector-service/domain/Event"
export * as Money from "@connector-service/domain/Money"
export type { Capture, Payment } from "@connector-service/domain/Payment"
export type { Refund } from "@connector-service/domain/Refund"
export type * from "./Inputs.ts"
export type {
  ConnectorMethods,
  Methods,
  PaymentMethods,
  RefundMethods,
  SettlementMethods,
  WebhookMethods
} from "./Methods.ts"
export type { CallOptions, ClientOptions } from "./Options.ts"
export { PaymentError, type Reason } from "./PaymentError.ts"
export { type Result, result } from "./Result.ts"
export type { Retry } from "./Retry.ts"
export { reveal } from "./Reveal.ts"
export type { Target } from "./Target.ts"
export * as Unsettled from "./Unsettled.ts"

/** The service's methods for one target. Safe to share: it keeps nothing between calls but what carries them. */
export interface Client extends Methods, AsyncDisposable {
  /** A client for another target on the same transport; what is not given stays. */
  readonly target: (change: Partial<Target>) => Client
  /** Lets calls in flight end, then closes the transport, which clients made with `target` share. */
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

/** The methods over a transport. */
export const client = (transport: Opening, defaults: Defaults): Client => {
  const methods = byService(
    (flow) =>
      (input: unknown, options: CallOptions = {}) =>
        promise(call(transport, flow, defaults, input, options))
  )
  const close = () => Effect.runPromise(transport.close)
  return {
    // made from the table of flows, which Methods is checked against
    ...(methods as unknown as Methods),
    target: (change) => client(transport, { ...defaults, target: retarget(defaults.target, change) }),
    close,
    [Symbol.asyncDispose]: close
  }
}
