import { stripe } from "@connector-service/connectors/stripe"
import { inProcess, Money, PaymentError, result } from "@connector-service/sdk/InProcess"

const client = inProcess({ connectors: [stripe], connector: "stripe", environment: "sandbox", account: "a" })
const outcome = await result(client.payment.void({ reference: "r", paymentId: "p" }))
console.log(
  outcome.ok,
  outcome.error instanceof PaymentError,
  outcome.error.reason._tag,
  Money.of("1.00", "EUR").minorUnits
)
await client.close()
