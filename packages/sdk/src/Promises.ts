import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Defaults } from "./Call.ts"
import type { Calls } from "./Calls.ts"
import { loading } from "./Loading.ts"
import type { Methods } from "./Methods.ts"
import { byService } from "./Names.ts"
import type { CallOptions } from "./Options.ts"
import { retarget, type Target } from "./Target.ts"
import type { Transport } from "./Transport.ts"

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

/** The methods by calls that are loaded. */
const over = (calls: Calls, defaults: Defaults): Client => {
  const methods = byService(
    (flow) =>
      (input: unknown, options: CallOptions = {}) =>
        calls.call(flow, defaults, input, options)
  )
  return {
    // of the table's own names, which Methods is checked against
    ...(methods as unknown as Methods),
    target: (change) => over(calls, { ...defaults, target: retarget(defaults.target, change) }),
    close: calls.close,
    [Symbol.asyncDispose]: calls.close
  }
}

/** The methods over a transport, which is opened from now on. */
export const client = (opened: Effect.Effect<Transport, never, Scope.Scope>, defaults: Defaults): Client =>
  over(loading(opened), defaults)
