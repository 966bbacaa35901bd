import Stripe from "stripe"
import { type CapturedRequest, captureRequests } from "../src/Interceptor.ts"

/** Stripe's official SDK with a made-up key; it never reaches a network inside `captureRequests`. */
export const stripe = new Stripe("sk_test_made_up", { maxNetworkRetries: 0, telemetry: false })

/** The one request that a call of the SDK sends. */
export const sent = async (call: () => Promise<unknown>): Promise<CapturedRequest> => {
  const requests = await captureRequests(call, () => ({ status: 200, body: { object: "list", data: [] } }))
  const [request] = requests
  if (request === undefined || requests.length !== 1) throw new Error(`${requests.length} requests were sent, not one`)
  return request
}
