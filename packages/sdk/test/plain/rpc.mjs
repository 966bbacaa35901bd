import { connect, Money, PaymentError, result } from "@connector-service/sdk/Rpc"

// nothing listens on port 1: RFC 6335 gives it to a service that is not run any more
const client = connect("http://127.0.0.1:1", {
  connector: "stripe",
  environment: "sandbox",
  account: "a",
  retry: false
})
const outcome = await result(client.payment.void({ reference: "r", paymentId: "p" }))
console.log(
  outcome.ok,
  outcome.error instanceof PaymentError,
  outcome.error.reason._tag,
  Money.of("1.00", "EUR").minorUnits
)
await client.close()
