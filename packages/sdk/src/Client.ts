import { address } from "./grpc/Address.ts"
import { opened } from "./grpc/Opened.ts"
import { defaultsOf } from "./Options.ts"
import { type Client, client } from "./Promises.ts"
import type { ConnectOptions } from "./Tls.ts"

export * from "./Promises.ts"
export type { ConnectOptions, Tls } from "./Tls.ts"

/**
 * A client of the service at "host:port", "[::1]:port" or "unix:/path". Connects with the first call and again whenever
 * the connection is lost. Throws a TypeError on an address that it cannot use.
 */
export const connect = (name: string, { tls, ...options }: ConnectOptions = {}): Client =>
  client(opened(address(name, tls)), defaultsOf(options))
