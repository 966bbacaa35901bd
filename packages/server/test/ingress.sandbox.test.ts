import { expect, it, onTestFinished } from "vitest"
import { authorize, pay, run, target } from "./kit.ts"
import { receiver } from "./receiver.ts"

const asked = { verification: "API" }
const ofSandbox = { webhookId: "SANDBOXWEBHOOK001", environment: "sandbox", ...asked }
const ofLive = { webhookId: "LIVEWEBHOOK001", environment: "live", ...asked }

// which of an account's environments a delivery is from, its address does not say
it.each([
  ["the secret", [ofSandbox], 200],
  ["one of several secrets", [{ ...ofSandbox, webhookId: "OLDWEBHOOK001" }, ofSandbox], 200],
  ["the secret of one environment of two", [ofLive, ofSandbox], 200],
  ["no secret of any environment", [ofLive, { ...ofSandbox, webhookId: "OLDWEBHOOK001" }], 400],
  ["no secret of its environment", [ofLive], 400]
])(
  "a delivery of PayPal's is proven with %s, by asking in the account's name",
  async (_name, webhookSecrets, status) => {
    const { posts, url } = await receiver()
    const credentials = { clientId: "sandbox-client", clientSecret: "sandbox-secret" }
    const running = await run({
      EVENT_SINK: "http",
      EVENT_URL: url,
      EVENT_SECRETS: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      ACCOUNT_SHOP: JSON.stringify({ paypal: { ...credentials, webhookSecrets } })
    })
    onTestFinished(() => running.close())
    const { httpPort, sandbox } = running
    await sandbox.addEndpoints({ processor: "paypal", url: `http://127.0.0.1:${httpPort}/webhooks/paypal/shop` })
    await pay(running, authorize(), { metadata: target({ "x-connector": "paypal", "x-account": "shop" }) })
    await expect.poll(() => sandbox.deliveries()[0]?.status).toBe(status)
    const questions = sandbox.ledger().requests.filter(({ path }) => path.endsWith("/verify-webhook-signature"))
    expect(questions.length).toBe(webhookSecrets.filter(({ environment }) => environment === "sandbox").length)
    expect(posts.map(({ body }) => JSON.parse(body).data.rawType)).toEqual(
      status === 200 ? ["PAYMENT.AUTHORIZATION.CREATED"] : []
    )
  }
)
