import { stripe } from "@connector-service/connectors/stripe"
import { inProcess, Money } from "@connector-service/sdk/InProcess"

const payments = inProcess({
  connectors: [stripe],
  connector: "stripe",
  environment: "sandbox",
  account: "shop",
  secrets: (account) => (account === "shop" ? { secretKey: "sk_test_shop" } : undefined),
  // the sandbox of `npm run serve`; leave it out for Stripe's own test mode
  configuration: { baseUrls: { stripe: { sandbox: "http://127.0.0.1:9090/stripe" } } }
})

const payment = await payments.payment.authorize({
  reference: `first-${Date.now()}`,
  amount: Money.of("10.00", "EUR"),
  captureMethod: "MANUAL",
  paymentMethod: { _tag: "Card", number: "4242424242424242", expiryMonth: 12, expiryYear: 2030, cvc: "123" }
})
console.log(payment.status, payment.paymentId) // AUTHORIZED pi_…

await payments.close()
