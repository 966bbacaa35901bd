import type { AnyConnector } from "./Connector.ts"

/** A connector by its id, whose code is not loaded yet. */
export interface LazyConnector<out Id extends string = string> {
  readonly id: Id
  readonly load: () => Promise<AnyConnector & { readonly id: Id }>
}

/** The connector itself, loaded where it is not yet. */
export const loaded = async (connector: AnyConnector | LazyConnector): Promise<AnyConnector> =>
  "load" in connector ? connector.load() : connector
