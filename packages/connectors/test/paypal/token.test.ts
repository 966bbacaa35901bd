import { paypal } from "@connector-service/connectors/paypal/connector"
import { Client, Environment, OrdersController } from "@paypal/paypal-server-sdk"
import { describeWire } from "../Wire.ts"

const clientId = "client-id_made-up"
const clientSecret = "client-secret-made-up"
const id = "5O190127TN364715T"

// The token is refused, so that its request is the only one of either side.
describeWire(
  {
    connector: paypal,
    credentials: () => ({ clientId, clientSecret }),
    answer: () => ({
      status: 401,
      body: { error: "invalid_client", error_description: "Client Authentication failed" }
    }),
    mayDiffer: { accept: "the SDK names JSON; PayPal gives nothing else" }
  },
  {
    "an access token": {
      flow: "payment.get",
      about: "POST /v1/oauth2/token",
      input: { paymentId: id },
      sdk: () =>
        new OrdersController(
          new Client({
            environment: Environment.Sandbox,
            clientCredentialsAuthCredentials: { oAuthClientId: clientId, oAuthClientSecret: clientSecret }
          })
        ).getOrder({ id })
    }
  }
)
