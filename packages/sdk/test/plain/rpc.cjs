const { connect, Money, PaymentError, result } = require("@connector-service/sdk/Rpc")

// nothing listens on port 1: RFC 6335 gives it to a service that is not run any more
const client = connect("http://127.0.0.1:1", {
  connector: "stripe",
  environment: "sandbox",
  account: "a",
  retry: false
})
result(client.payment.void({ reference: "r", paymentId: "p" })).then(async ({ ok, error }) => {
  console.log(ok, error instanceof PaymentError, error.reason._tag, Money.of("1.00", "EUR").minorUnits)
  await client.close()
})
