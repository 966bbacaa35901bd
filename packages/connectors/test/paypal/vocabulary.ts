import { asArray, lookUp } from "@connector-service/conformance/Json"
import { loadSpec } from "@connector-service/conformance/Specs"
import { paypal } from "@connector-service/connectors/paypal/connector"
import type { Reading } from "../Examples.ts"
import type { Vocabulary } from "../Vocabulary.ts"
import { authorization, capture, open, orderOf, refund, reserved } from "./replies.ts"

const enumOf = (file: string, pointer: string): ReadonlyArray<string> =>
  asArray(lookUp(loadSpec(`paypal/${file}.json`), `#/components/schemas/${pointer}/enum`)).map(String)
const orders = () => enumOf("checkout_orders_v2", "order_status")
/** The words of a transaction, which both files list. */
const published = (schema: string): ReadonlyArray<string> => [
  ...new Set(
    ["checkout_orders_v2", "payments_payment_v2"].flatMap((file) => enumOf(file, `${schema}/properties/status`))
  )
]

const paymentId = "5O190127TN364715T"
const order = (body: object): Reading => ({ flow: "payment.get", body: () => body })
const release = (status: string, state: object): Reading => ({
  flow: "payment.void",
  input: { paymentId, state },
  body: () => authorization({ status })
})
const authorized = (status: string) => [order(reserved({ status })), release(status, {})]
const part = capture({ final_capture: false })
const captureId = "3C679366HH908993F"
const waiting = capture({ id: "9P2", status: "PENDING" })
/** The published file, `authorization_status`. */
const standings = ["CREATED", "CAPTURED", "DENIED", "PARTIALLY_CAPTURED", "VOIDED", "PENDING"]
const captured = (status: string) => [order(reserved({ status }, [part])), release(status, { captureId })]
const taken = (status: string) => [
  order(orderOf({ captures: [capture({ status })] })),
  order(reserved({ status: "CAPTURED" }, [capture({ status })]))
]
const captures = (status: string): ReadonlyArray<Reading> => [
  { flow: "payment.capture", input: { paymentId }, body: () => capture({ status }) }
]
const refunds = (status: string): ReadonlyArray<Reading> =>
  ["refund.create", "refund.get"].map((flow) => ({ flow, input: { paymentId }, body: () => refund({ status }) }))

/** PayPal's columns of the vocabulary. */
export const vocabulary: Vocabulary = {
  connector: paypal,
  columns: {
    Payments: {
      published: () => ({
        order: orders(),
        authorization: published("authorization_status"),
        capture: published("capture_status")
      }),
      replies: {
        "order with nothing in it": (status) => [order(open(status))],
        "order that PayPal completes by itself": (status) => [
          order(open(status, undefined, { processing_instruction: "ORDER_COMPLETE_ON_PAYMENT_APPROVAL" }))
        ],
        authorization: authorized,
        "authorization with a capture that took money": captured,
        "authorization with a final capture that took money": (status) => [order(reserved({ status }, [capture()]))],
        capture: taken,
        "capture of any authorization": (status) => [
          ...standings.map((standing) => order(reserved({ status: standing }, [capture({ status })]))),
          release("VOIDED", { pendingCaptureId: captureId })
        ],
        "capture beside one that is on its way": (status) => [
          order(orderOf({ captures: [capture({ status }), waiting] }))
        ],
        "authorization with a capture that took money and one that is on its way": (status) => [
          order(reserved({ status }, [capture(), waiting])),
          release(status, { captureId, pendingCaptureId: "9P2" })
        ],
        "authorization whose only capture failed": (status) => [
          order(reserved({ status }, [capture({ status: "FAILED" })]))
        ],
        "any other word": (status) => [
          order(open(status)),
          ...authorized(status),
          ...captured(status),
          order(orderOf({ captures: [capture({ status })] })),
          ...standings.map((standing) => order(reserved({ status: standing }, [capture({ status })])))
        ]
      }
    },
    Captures: {
      published: () => ({ "": published("capture_status") }),
      replies: { "": captures, "any other word": captures }
    },
    Refunds: {
      published: () => ({ "": published("refund_status") }),
      replies: { "": refunds, "any other word": refunds }
    },
    "Next actions": {
      published: () => ({ "": orders() }),
      replies: {
        "": (status) => [order(open(status)), order(open(status, "approve"))],
        "with a page (`payer-action`, `approve`)": (status) =>
          ["payer-action", "approve"].map((rel) => order(open(status, rel))),
        "without a page": (status) => [order(open(status))]
      }
    }
  }
}
