import { stripeDelivery } from "./stripeDeliveries.ts"

/** The webhook secret of the sandbox's account, beside one that goes out of use. */
export const signingSecret = "whsec_server"
const credentials = { secretKey: "sk_test_server" }

/** An environment whose account `sandbox` has webhook secrets, and `mute` has nothing else. */
export const webhookAccount = {
  ACCOUNT_SANDBOX: JSON.stringify({
    stripe: { ...credentials, webhookSecrets: [{ signingSecret: "whsec_old" }, { signingSecret }] },
    paypal: { clientId: "client", clientSecret: "secret" }
  }),
  ACCOUNT_MUTE: JSON.stringify({ stripe: { webhookSecrets: [{ signingSecret }] } })
}

/** An event as Stripe posts one: https://docs.stripe.com/api/events/object, https://docs.stripe.com/api/payouts/object */
export const payload = JSON.stringify({
  id: "evt_1",
  object: "event",
  account: "acct_1",
  created: 1767225600,
  livemode: false,
  type: "payout.paid",
  data: { object: { id: "po_1", object: "payout", status: "paid", amount: 1000, currency: "eur" } }
})

/** A delivery's body in bytes and its headers, signed by Stripe's own SDK. */
export const signed = (
  payload: string,
  { secret = signingSecret, timestamp }: { readonly secret?: string; readonly timestamp?: number } = {}
): { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> } => {
  const { body, headers } = stripeDelivery(payload, secret, timestamp)
  return { headers, body: Uint8Array.from(Buffer.from(body)) }
}
