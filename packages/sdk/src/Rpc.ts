import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { layered } from "./Layered.ts"
import { defaultsOf } from "./Options.ts"
import type { Payments } from "./Payments.ts"
import { type Client, client } from "./Promises.ts"
import { type Address, address } from "./rpc/Address.ts"
import type { ConnectOptions } from "./Tls.ts"
import type { Transport } from "./Transport.ts"

export * from "./Promises.ts"
export type { ConnectOptions, Tls } from "./Tls.ts"

/** The transport to an address. Its code, which has the client of HTTP in it, is loaded as it is opened. */
const opened = (at: Address): Effect.Effect<Transport, never, Scope.Scope> =>
  Effect.flatMap(
    Effect.promise(() => import("./rpc/Transport.ts")),
    ({ transport }) => transport(at)
  )

/**
 * Payments by the service at a URL, such as "http://127.0.0.1:8080". It connects with the first call and again whenever
 * a connection is lost; closing lets calls in flight end. Throws a TypeError on a URL that it cannot use.
 */
export const layer = (url: string, { tls, ...options }: ConnectOptions = {}): Layer.Layer<Payments> =>
  layered(opened(address(url, tls)), defaultsOf(options))

/**
 * A client of the service at a URL, such as "http://127.0.0.1:8080". Connects with the first call and again whenever a
 * connection is lost. Throws a TypeError on a URL that it cannot use.
 */
export const connect = (url: string, { tls, ...options }: ConnectOptions = {}): Client =>
  client(opened(address(url, tls)), defaultsOf(options))
