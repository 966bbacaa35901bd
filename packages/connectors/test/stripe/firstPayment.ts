import Stripe from "stripe"

const stripe = new Stripe("sk_test_shop")

const method = await stripe.paymentMethods.create({
  type: "card",
  card: { number: "4242424242424242", exp_month: 12, exp_year: 2030, cvc: "123" }
})
const intent = await stripe.paymentIntents.create(
  {
    amount: 1000,
    currency: "eur",
    capture_method: "manual",
    payment_method: method.id,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    confirm: true
  },
  { idempotencyKey: `first-${Date.now()}` }
)
console.log(intent.status, intent.id) // requires_capture pi_…
