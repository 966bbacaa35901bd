import * as Effect from "effect/Effect"
import { address } from "./grpc/Address.ts"
import { transport } from "./grpc/Transport.ts"
import { defaultsOf } from "./Options.ts"
import { type Client, client } from "./Promises.ts"
import type { ConnectOptions } from "./Tls.ts"

export * from "./Promises.ts"
export type { ConnectOptions, Tls } from "./Tls.ts"

/**
 * A client of the service at "host:port", "[::1]:port" or "unix:/path". Connects with the first call and again whenever
 * the connection is lost. Throws a TypeError on an address that it cannot use.
 */
export const connect = (name: string, { tls, ...options }: ConnectOptions = {}): Client => {
  const opened = transport(address(name, tls))
  return client(opened, defaultsOf(options), () => Effect.runPromise(opened.close))
}
