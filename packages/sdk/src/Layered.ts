import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { Defaults } from "./Call.ts"
import type { Payments } from "./Payments.ts"
import type { Transport } from "./Transport.ts"

/** Payments by a transport. The vocabulary and its schemas are loaded as the layer is built. */
export const layered = (
  opened: Effect.Effect<Transport, never, Scope.Scope>,
  defaults: Defaults
): Layer.Layer<Payments> =>
  Layer.unwrap(
    Effect.map(
      Effect.promise(() => import("./Payments.ts")),
      ({ Payments, payments }) =>
        Layer.effect(
          Payments,
          Effect.map(opened, (transport) => payments(transport, defaults))
        )
    )
  )
