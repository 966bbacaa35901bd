import { paypalApi } from "@connector-service/conformance/OpenApi"
import { paypal } from "@connector-service/connectors/paypal/connector"
import { describeConnector } from "./kit.ts"
import { authorize } from "./paypal/authorize.ts"
import { capture, complete, read, release } from "./paypal/later.ts"
import { giveBack, readRefund } from "./paypal/refunds.ts"

describeConnector(
  paypal,
  {
    // made up
    credentials: { clientId: "client-id_made-up", clientSecret: "client-secret-made-up" },
    // developer.paypal.com/api/rest/authentication
    tokens: {
      path: "/v1/oauth2/token",
      answer: {
        status: 200,
        body: {
          scope: "https://uri.paypal.com/services/payments/payment",
          access_token: "A21AAmadeup",
          token_type: "Bearer",
          app_id: "APP-80W284485P519543T",
          expires_in: 31668,
          nonce: "2026-01-15T12:00:00Zmadeup"
        }
      }
    },
    published: paypalApi
  },
  {
    "payment.authorize": authorize,
    "payment.capture": capture,
    "payment.void": release,
    "payment.get": read,
    "payment.complete": complete,
    "refund.create": giveBack,
    "refund.get": readRefund
  }
)
