import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { call, type Defaults } from "./Call.ts"
import { ConnectorError } from "./ConnectorError.ts"
import type { EffectClient, Effects } from "./Effects.ts"
import { flows } from "./Flows.ts"
import { byService } from "./Names.ts"
import type { EffectOptions } from "./Options.ts"
import { retarget } from "./Target.ts"
import type { Transport } from "./Transport.ts"

export type { Connector } from "@connector-service/domain/Capability"
export type { Acknowledgement, Delivery, Received, Unverified } from "@connector-service/domain/Delivery"
export type { Event } from "@connector-service/domain/Event"
export * as Money from "@connector-service/domain/Money"
export type { Capture, Payment } from "@connector-service/domain/Payment"
export type { Reason } from "@connector-service/domain/Reason"
export type { Refund } from "@connector-service/domain/Refund"
export { ConnectorError } from "./ConnectorError.ts"
export type {
  ConnectorEffects,
  EffectClient,
  Effects,
  PaymentEffects,
  RefundEffects,
  SettlementEffects,
  WebhookEffects
} from "./Effects.ts"
export type * from "./Inputs.ts"
export type { ClientOptions, EffectOptions } from "./Options.ts"
export type { Retry } from "./Retry.ts"
export { reveal } from "./Reveal.ts"
export type { Target } from "./Target.ts"
export * as Unsettled from "./Unsettled.ts"

/**
 * The service's methods as effects. The layers are `Grpc.layer`, `Rpc.layer` and `InProcess.layer`, each in a module of
 * its own, so that a program holds only the transport it uses. An interrupted write that was handed to its transport goes on: the
 * fiber ends interrupted and nothing says what became of it, so what must be known should not be interrupted.
 */
export class Payments extends Context.Service<Payments, EffectClient>()("@connector-service/sdk/Payments") {}

/** The methods over a transport. */
export const payments = (transport: Transport, defaults: Defaults): EffectClient => {
  const methods = byService(
    (flow) =>
      (input: unknown, options: EffectOptions = {}) =>
        Effect.mapErrorEager(
          call(transport, flows[flow], defaults, input, options),
          (failure) => new ConnectorError(failure)
        )
  )
  return {
    // of the table's own names, which Effects is checked against
    ...(methods as unknown as Effects),
    target: (change) => payments(transport, { ...defaults, target: retarget(defaults.target, change) })
  }
}
