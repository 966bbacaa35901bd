import { address, type Tls } from "./Address.ts"
import { call } from "./Call.ts"
import type { CallOptions, Methods } from "./Methods.ts"
import { routes } from "./Routes.ts"
import { retarget, type Target } from "./Target.ts"
import { type Transport, transport } from "./Transport.ts"

export * as Money from "@connector-service/domain/Money"
export type { Tls } from "./Address.ts"
export type * from "./Inputs.ts"
export type {
  CallOptions,
  ConnectorMethods,
  Methods,
  PaymentMethods,
  RefundMethods,
  SettlementMethods
} from "./Methods.ts"
export { PaymentError, type Reason } from "./PaymentError.ts"
export { type Result, result } from "./Result.ts"
export type { Target } from "./Target.ts"
export * as Unsettled from "./Unsettled.ts"

/** The service's methods for one target. Safe to share: it keeps nothing between calls but its connection. */
export interface Client extends Methods, AsyncDisposable {
  /** A client for another target on the same connection; what is not given stays. */
  readonly target: (change: Partial<Target>) => Client
  /** Lets calls in flight end, then closes the connection, which clients made with `target` share. */
  readonly close: () => Promise<void>
}

/** How to connect, and the target of calls that name none. */
export interface ConnectOptions extends Partial<Target> {
  /**
   * `true` trusts the system's authorities, `false` sends everything unencrypted. Must be given unless the address is a
   * loopback address, which is unencrypted if absent.
   */
  readonly tls?: boolean | Tls | undefined
}

const clientOf = (connection: Transport, target: Partial<Target>): Client => {
  const methods = Object.fromEntries(
    Object.entries(routes).map(([service, byName]) => [
      service,
      Object.fromEntries(
        Object.entries(byName).map(([name, route]) => [
          name,
          (input: unknown, options: CallOptions = {}) => call(connection, route, target, input, options)
        ])
      )
    ])
  )
  return {
    // made from the table of flows, which Methods is checked against
    ...(methods as unknown as Methods),
    target: (change) => clientOf(connection, retarget(target, change)),
    close: connection.close,
    [Symbol.asyncDispose]: connection.close
  }
}

/**
 * A client of the service at "host:port", "[::1]:port" or "unix:/path". Connects with the first call and again whenever
 * the connection is lost. Throws a TypeError on an address that it cannot use.
 */
export const connect = (name: string, { tls, ...target }: ConnectOptions = {}): Client =>
  clientOf(transport(address(name, tls)), target)
