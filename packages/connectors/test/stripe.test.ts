import { stripeApi } from "@connector-service/conformance/OpenApi"
import { stripe } from "@connector-service/connectors/stripe/connector"
import { describeConnector } from "./kit.ts"
import { authorize } from "./stripe/authorize.ts"
import { capture, complete, read, release } from "./stripe/later.ts"
import { giveBack, readRefund } from "./stripe/refunds.ts"

describeConnector(
  stripe,
  {
    // made up; the form is that of docs.stripe.com/keys
    credentials: { secretKey: "sk_test_made_up_for_tests", account: "acct_madeup1" },
    published: stripeApi
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
