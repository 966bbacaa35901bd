import { asArray, asObject, asString, lookUp } from "@connector-service/conformance/Json"
import { loadSpec } from "@connector-service/conformance/Specs"
import { stripe } from "@connector-service/connectors/stripe/connector"
import type { Reading } from "../Examples.ts"
import type { Vocabulary } from "../Vocabulary.ts"
import { intent, refund } from "./replies.ts"

const schemas = (pointer: string): unknown =>
  lookUp(loadSpec("stripe/spec3-2023-09-12.json"), `#/components/schemas/${pointer}`)
const statuses = () => ({ "": asArray(schemas("payment_intent/properties/status/enum")).map(String) })

type Flow = "payment.get" | "payment.capture"
const intents =
  (flow: Flow, ...overs: ReadonlyArray<object>) =>
  (status: string): ReadonlyArray<Reading> =>
    overs.map((over) => ({ flow, body: () => intent({ status, latest_charge: null, ...over }) }))

const nothing = { amount_received: 0, amount_capturable: 1000 }
const action = (type: string): ReadonlyArray<Reading> => {
  const next_action = { type, [type]: type === "redirect_to_url" ? { url: "https://hooks.stripe.com/r" } : {} }
  return intents("payment.get", { ...nothing, next_action })("requires_action")
}
const refunds = (status: string | null): ReadonlyArray<Reading> =>
  ["refund.create", "refund.get"].map((flow) => ({ flow, body: () => refund({ status }) }))

/** Stripe's columns of the vocabulary. */
export const vocabulary: Vocabulary = {
  connector: stripe,
  columns: {
    Payments: {
      published: statuses,
      replies: {
        "": (status) => intents("payment.get", status === "succeeded" ? {} : nothing)(status),
        "without an error": intents("payment.get", nothing),
        "with an error": intents("payment.get", {
          ...nothing,
          last_payment_error: { type: "card_error", code: "card_declined", decline_code: "do_not_honor" }
        }),
        "with an amount received": intents("payment.get", { amount_received: 400, amount_capturable: 600 }),
        "for having run out (`automatic`, `expired`)": intents(
          "payment.get",
          { ...nothing, cancellation_reason: "automatic" },
          { ...nothing, cancellation_reason: "expired" }
        ),
        "any other word": intents("payment.get", nothing)
      }
    },
    Captures: {
      published: statuses,
      replies: {
        "": (status) => intents("payment.capture", status === "succeeded" ? {} : nothing)(status),
        "with an amount received": intents("payment.capture", { amount_received: 400, amount_capturable: 600 }),
        "with nothing received": intents("payment.capture", nothing),
        "any other word": intents("payment.capture", {})
      }
    },
    Refunds: {
      // no enumeration: the words are in the field's description
      published: () => {
        const text = asString(schemas("refund/properties/status/description")) ?? ""
        return { "": [...new Set([...text.matchAll(/`(\w+)`/g)].map(([, word = ""]) => word))] }
      },
      replies: { "": refunds, "any other word": (status) => [...refunds(status), ...refunds(null)] }
    },
    "Next actions": {
      // BLIK's is younger than the published file; it is in the official SDK's types, PaymentIntent.NextAction
      published: () => ({
        "": [...Object.keys(asObject(schemas("payment_intent_next_action/properties"))), "blik_authorize"]
      }),
      replies: { "": action, "any other word": (type) => [...action(type), ...action("boleto_display_details")] }
    }
  }
}
