import type { AnyConnector } from "./Connector.ts"

/** A connector by its id, whose code is not loaded yet. */
export interface LazyConnector<out Id extends string = string> {
  readonly id: Id
  readonly load: () => Promise<AnyConnector & { readonly id: Id }>
}
