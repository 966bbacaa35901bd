import Stripe from "stripe"

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

const stripe = new Stripe("sk_test_unused")

/** A delivery's body and headers, signed by Stripe's own SDK. */
export const signed = (
  payload: string,
  { secret = signingSecret, timestamp = Math.floor(Date.now() / 1000) } = {}
): { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> } => ({
  body: Uint8Array.from(Buffer.from(payload)),
  headers: {
    "content-type": "application/json; charset=utf-8",
    "stripe-signature": stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
  }
})
