import { connect, Money, type Payment } from "@connector-service/sdk/Client"

const payments = connect("127.0.0.1:50051", { connector: "stripe", environment: "sandbox", account: "sandbox" })
const order = `order-${Date.now()}`
const amount = Money.of("20.00", "EUR")

/** What a shop does with the payer's browser; here we press the button on the sandbox's page ourselves. */
const sendPayerTo = async (url: string): Promise<Record<string, string>> => {
  const page = await fetch(url, { method: "POST", body: "outcome=complete", redirect: "manual" })
  const back = new URL(page.headers.get("location") ?? "")
  return Object.fromEntries(back.searchParams)
}

const ship = async (payment: Payment): Promise<void> => {
  const { paymentId, state } = payment
  const capture = await payments.payment.capture({ reference: `${order}-capture`, paymentId, state, amount })
  console.log("capture", capture.status) // SUCCEEDED; where the processor only received it, PENDING

  const part = Money.of("5.00", "EUR")
  const refund = await payments.refund.create({
    reference: `${order}-refund`,
    paymentId,
    state: capture.state,
    amount: part
  })
  console.log("refund", refund.status, Money.format(part))
}

let payment = await payments.payment.authorize({
  reference: order,
  amount,
  captureMethod: "MANUAL",
  returnUrl: "https://shop.example/return",
  // a test card of Stripe that always wants 3-D Secure
  paymentMethod: { _tag: "Card", number: "4000002760003184", expiryMonth: 12, expiryYear: 2030, cvc: "123" }
})
if (payment.status === "REQUIRES_ACTION" && payment.nextAction?._tag === "Redirect") {
  const returned = await sendPayerTo(payment.nextAction.url)
  const { paymentId, state } = payment
  payment = await payments.payment.complete({ reference: `${order}-complete`, paymentId, state, amount, returned })
}
switch (payment.status) {
  case "AUTHORIZED":
    await ship(payment)
    break
  case "DECLINED":
    console.log(payment.decline?.payerMessage)
    break
  default: // PENDING and UNRECOGNIZED: ask again with payment.get, and ship nothing
    console.log(payment.status, payment.rawStatus)
}
await payments.close()
