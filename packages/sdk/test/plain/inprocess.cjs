const { stripe } = require("@connector-service/connectors/stripe")
const { inProcess, Money, PaymentError, result } = require("@connector-service/sdk/InProcess")

const client = inProcess({ connectors: [stripe], connector: "stripe", environment: "sandbox", account: "a" })
result(client.payment.void({ reference: "r", paymentId: "p" })).then(async ({ ok, error }) => {
  console.log(ok, error instanceof PaymentError, error.reason._tag, Money.of("1.00", "EUR").minorUnits)
  await client.close()
})
