import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Calls } from "./Calls.ts"
import { encoded } from "./Friendly.ts"
import type { CallOptions } from "./Options.ts"
import type { Transport } from "./Transport.ts"

/** What a caller wrote, as it is now: he may write on while the call waits. What cannot be copied is refused later. */
const asItIs = <A>(written: A, copy: (written: A) => A): A => {
  try {
    return copy(written)
  } catch {
    return written
  }
}

const copied = ({ target, ...options }: CallOptions): CallOptions =>
  target === undefined ? options : { ...options, target: { ...target } }

/**
 * Calls by a transport. Their code, which has the vocabulary and its schemas in it, and the transport's are loaded from
 * now on; a call that is made before waits for it. Where it cannot be loaded, each call rejects with what the import did.
 */
export const loading = (opened: Effect.Effect<Transport, never, Scope.Scope>): Calls => {
  let loaded: Calls | undefined
  const loads = import("./Calls.ts").then(({ calls }) => {
    loaded = calls(opened)
    return loaded
  })
  // a client that is never called tells nobody
  loads.catch(() => {})
  return {
    call: (flow, defaults, input, options) => {
      if (loaded !== undefined) return loaded.call(flow, defaults, input, options)
      const [since, written, said] = [Date.now(), asItIs(input, encoded), asItIs(options, copied)]
      return loads.then(({ call }) => call(flow, defaults, written, said, since))
    },
    close: () => (loaded === undefined ? loads.then(({ close }) => close()) : loaded.close())
  }
}
