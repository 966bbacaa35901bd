import { connect, Money } from "@connector-service/sdk/Rpc"

const payments = connect("http://127.0.0.1:8080", { connector: "stripe", environment: "sandbox", account: "sandbox" })

const payment = await payments.payment.authorize({
  reference: `first-${Date.now()}`,
  amount: Money.of("10.00", "EUR"),
  captureMethod: "MANUAL",
  paymentMethod: { _tag: "Card", number: "4242424242424242", expiryMonth: 12, expiryYear: 2030, cvc: "123" }
})
console.log(payment.status, payment.paymentId) // AUTHORIZED pi_…

await payments.close()
