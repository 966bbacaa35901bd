import type { Client, Delivery, Received } from "@connector-service/sdk/Client"

/** `accounts` has your name of each account by the processor's. */
export const receive = async (
  client: Client,
  accounts: ReadonlyMap<string, string>,
  delivery: Delivery
): Promise<Received> => {
  const { account: claimed = "" } = await client.webhook.identify({ delivery })
  // only a claim, which the secrets of the account then prove, or not
  return client.target({ account: accounts.get(claimed) ?? "unknown" }).webhook.receive({ delivery })
}
