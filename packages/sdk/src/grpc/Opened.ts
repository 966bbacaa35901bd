import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Transport } from "../Transport.ts"
import type { Address } from "./Address.ts"

/** The transport to an address. Its code, which has gRPC and all messages in it, is loaded as it is opened. */
export const opened = (address: Address): Effect.Effect<Transport, never, Scope.Scope> =>
  Effect.flatMap(
    Effect.promise(() => import("./Transport.ts")),
    ({ transport }) => transport(address)
  )
