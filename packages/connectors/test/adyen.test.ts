import { adyenApi } from "@connector-service/conformance/OpenApi"
import { adyen } from "@connector-service/connectors/adyen/connector"
import { authorize } from "./adyen/authorize.ts"
import { complete } from "./adyen/complete.ts"
import { capture, giveBack, release, undo } from "./adyen/later.ts"
import { describeConnector } from "./kit.ts"

describeConnector(
  adyen,
  {
    // made up
    credentials: { apiKey: "AQE_made_up_for_tests", merchantAccount: "ShopECOM" },
    published: adyenApi
  },
  {
    "payment.authorize": authorize,
    "payment.capture": capture,
    "payment.void": release,
    "payment.reverse": undo,
    "payment.complete": complete,
    "refund.create": giveBack
  }
)
