import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { defaultsOf } from "./Options.ts"
import { Payments, payments } from "./Payments.ts"
import { type Client, client } from "./Promises.ts"
import { type Address, address } from "./rpc/Address.ts"
import { transport } from "./rpc/Transport.ts"
import type { ConnectOptions } from "./Tls.ts"
import type { Transport } from "./Transport.ts"

export * from "./Promises.ts"
export type { ConnectOptions, Tls } from "./Tls.ts"

/** The transport, which lasts as long as its scope: closing lets calls in flight end. */
const opened = (at: Address): Effect.Effect<Transport, never, Scope.Scope> =>
  Effect.flatMap(transport(at), (transport) => Effect.acquireRelease(Effect.succeed(transport), ({ close }) => close))

/**
 * Payments by the service at a URL, such as "http://127.0.0.1:8080". It connects with the first call and again whenever
 * a connection is lost; closing lets calls in flight end. Throws a TypeError on a URL that it cannot use.
 */
export const layer = (url: string, { tls, ...options }: ConnectOptions = {}): Layer.Layer<Payments> => {
  const at = address(url, tls)
  return Layer.effect(
    Payments,
    Effect.map(opened(at), (transport) => payments(transport, defaultsOf(options)))
  )
}

/**
 * A client of the service at a URL, such as "http://127.0.0.1:8080". Connects with the first call and again whenever a
 * connection is lost. Throws a TypeError on a URL that it cannot use.
 */
export const connect = (url: string, { tls, ...options }: ConnectOptions = {}): Client => {
  const at = address(url, tls)
  const scope = Scope.makeUnsafe()
  const transport = Effect.runSync(Scope.provide(opened(at), scope))
  return client(transport, defaultsOf(options), () => Effect.runPromise(Scope.close(scope, Exit.void)))
}
