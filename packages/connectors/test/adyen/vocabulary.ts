import { asArray, lookUp } from "@connector-service/conformance/Json"
import { loadSpec } from "@connector-service/conformance/Specs"
import { adyen } from "@connector-service/connectors/adyen/connector"
import type { Reading } from "../Examples.ts"
import type { Vocabulary } from "../Vocabulary.ts"
import { authorised, received } from "./replies.ts"

/** What the published enumerations of these fields list together. */
const published = (...fields: ReadonlyArray<string>): ReadonlyArray<string> => {
  const file = loadSpec("adyen/CheckoutService-v72.json")
  const all = fields.flatMap((field) => asArray(lookUp(file, `#/components/schemas/${field}/enum`)).map(String))
  return [...new Set(all)]
}

const authorize = (captureMethod: string, _tag: string) => ({
  flow: "payment.authorize",
  input: { reference: "order-1", captureMethod, paymentMethod: { _tag } }
})
const payment =
  (over: object, captureMethod = "AUTOMATIC") =>
  (resultCode: string): ReadonlyArray<Reading> =>
    [
      authorize(captureMethod, "Card"),
      { flow: "payment.complete", input: { paymentId: "order-1", state: { captureMethod } } }
    ].map((call) => ({ ...call, body: () => authorised({ resultCode, ...over }) }))

const modification =
  (...flows: ReadonlyArray<string>) =>
  (status: string): ReadonlyArray<Reading> =>
    flows.map((flow) => ({ flow, input: { paymentId: "1" }, status: 201, body: () => received({ status }).body }))
const released = modification("payment.void", "payment.reverse")
const captures = modification("payment.capture")
const refunds = modification("refund.create")

/** An action with the fields of every type. */
const action = (type: string): ReadonlyArray<Reading> =>
  payment({
    action: { type, url: "https://example.com", method: "GET", subtype: "challenge", token: "e30=", qrCodeData: "0" }
  })("RedirectShopper")

/** Adyen's columns of the vocabulary. */
export const vocabulary: Vocabulary = {
  connector: adyen,
  columns: {
    Payments: {
      published: () => ({
        "": published("PaymentResponse/properties/resultCode", "PaymentDetailsResponse/properties/resultCode"),
        modification: published(
          "PaymentCancelResponse/properties/status",
          "StandalonePaymentCancelResponse/properties/status",
          "PaymentReversalResponse/properties/status"
        )
      }),
      replies: {
        "": payment({}),
        "with an action": payment({ action: { type: "await" } }),
        "without an action": payment({}),
        "with automatic capture": payment({}),
        "with manual capture": payment({}, "MANUAL"),
        "of a direct debit with automatic capture": (resultCode) => [
          { ...authorize("AUTOMATIC", "SepaDebit"), body: () => authorised({ resultCode }) }
        ],
        "with manual capture and the amount": payment({ amount: { currency: "EUR", value: 900 } }, "MANUAL"),
        "with automatic capture and the amount": payment({ amount: { currency: "EUR", value: 900 } }),
        "without the amount": payment({ amount: undefined }),
        modification: released,
        "any other word": (word) => [...payment({})(word), ...released(word)]
      }
    },
    Captures: {
      published: () => ({ "": published("PaymentCaptureResponse/properties/status") }),
      replies: { "": captures, "any other word": captures }
    },
    Refunds: {
      published: () => ({ "": published("PaymentRefundResponse/properties/status") }),
      replies: { "": refunds, "any other word": refunds }
    },
    "Next actions": {
      published: () => ({
        "": published(
          ...["Await", "BankTransfer", "DelegatedAuthentication", "NativeRedirect", "QrCode", "Redirect", "SDK"].map(
            (name) => `Checkout${name}Action/properties/type`
          ),
          "CheckoutThreeDS2Action/properties/type",
          "CheckoutVoucherAction/properties/type"
        )
      }),
      replies: { "": action, "any other word": action }
    }
  }
}
