import { connect, Money } from "@connector-service/sdk/Client"

const payments = connect("127.0.0.1:50051", { connector: "stripe", environment: "sandbox", account: "sandbox" })

const payment = await payments.payment.authorize({
  reference: `first-${Date.now()}`,
  amount: Money.of("10.00", "EUR"),
  captureMethod: "MANUAL",
  paymentMethod: { _tag: "Card", number: "4242424242424242", expiryMonth: 12, expiryYear: 2030, cvc: "123" }
})
console.log(payment.status, payment.paymentId) // AUTHORIZED pi_…

await payments.close()
