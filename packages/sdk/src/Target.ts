import type { CatalogId } from "@connector-service/connectors/catalog"

/** Where a call goes: a connector, an environment, and exactly one of `account` and `credentials`. */
export interface Target {
  /** The connector's id: one of the catalog's, or of a connector that the service or the program has besides. */
  // an editor completes literals only beside a string that does not swallow them
  readonly connector: CatalogId | (string & Record<never, never>)
  /** Whether real money moves. */
  readonly environment: "live" | "sandbox"
  /** The name of an account whose credentials the service keeps; in process, what `secrets` is asked for. */
  readonly account?: string | undefined
  /** The connector's own credentials, as `client.connector.get` describes them; texts may be Redacted. */
  readonly credentials?: object | undefined
  /**
   * In place of an account, all secrets that prove its webhooks now, as `client.connector.get` describes them; only
   * `webhook.receive` takes them.
   */
  readonly webhookSecrets?: ReadonlyArray<object> | undefined
}

/**
 * A target with some parts replaced. An account replaces credentials and webhook secrets and the other way about; these
 * do not follow to another connector or environment.
 */
export const retarget = (target: Partial<Target>, change: Partial<Target>): Partial<Target> => {
  const { account, credentials, webhookSecrets } = change
  const merged = { ...target, ...change }
  const brought = credentials !== undefined || webhookSecrets !== undefined
  if (account !== undefined && !brought) return { ...merged, credentials, webhookSecrets }
  const own = account === undefined && brought ? { ...merged, account } : merged
  return merged.connector === target.connector && merged.environment === target.environment
    ? own
    : { ...own, credentials, webhookSecrets }
}
