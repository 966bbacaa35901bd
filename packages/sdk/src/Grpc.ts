import type * as Layer from "effect/Layer"
import { address } from "./grpc/Address.ts"
import { opened } from "./grpc/Opened.ts"
import { layered } from "./Layered.ts"
import { defaultsOf } from "./Options.ts"
import type { Payments } from "./Payments.ts"
import type { ConnectOptions } from "./Tls.ts"

export type { ConnectOptions, Tls } from "./Tls.ts"

/**
 * Payments by the service at "host:port", "[::1]:port" or "unix:/path". It connects with the first call and again
 * whenever the connection is lost; closing lets calls in flight end. Throws a TypeError on an address it cannot use.
 */
export const layer = (name: string, { tls, ...options }: ConnectOptions = {}): Layer.Layer<Payments> =>
  layered(opened(address(name, tls)), defaultsOf(options))
