import Stripe from "stripe"

const library = new Stripe("sk_test_unused")

/** An event as Stripe posts it (docs.stripe.com/api/events/object), of a type that means nothing to the flows. */
export const stripeEvent = (id: string): string =>
  JSON.stringify({
    id,
    object: "event",
    created: 1_686_089_970,
    livemode: false,
    type: "plan.created",
    data: { object: { id: "plan_1" } }
  })

/** A delivery as Stripe's own library signs it, now or at another moment, in seconds since the epoch. */
export const stripeDelivery = (
  payload: string,
  secret: string,
  at?: number
): { readonly method: "POST"; readonly headers: Record<string, string>; readonly body: string } => ({
  method: "POST",
  headers: {
    // https://docs.stripe.com/webhooks: the type that its deliveries have
    "content-type": "application/json; charset=utf-8",
    "stripe-signature": library.webhooks.generateTestHeaderString({
      payload,
      secret,
      ...(at !== undefined && { timestamp: at })
    })
  },
  body: payload
})
