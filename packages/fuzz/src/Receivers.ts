import { webhook as adyen } from "@connector-service/connectors/adyen/webhook"
import { webhookOf } from "@connector-service/connectors/paypal/webhook"
import { webhook as stripe } from "@connector-service/connectors/stripe/webhook"
import type { Seeded } from "@connector-service/proof/Seeded"
import { couriers } from "@connector-service/sandbox/Deliveries"
import { isTree, parseJson } from "@connector-service/sandbox/Json"
import { verificationOf } from "@connector-service/sandbox/paypal/Webhooks"
import type { Question, Webhook } from "@connector-service/webhooks/Webhook"
import { type ConnectorId, secretOf } from "./Deliver.ts"
import { changeText } from "./TextChanges.ts"

/** A connector's webhooks, with the secrets of one account and what its questions are answered with. */
export interface Receiver {
  readonly webhook: Webhook
  readonly secrets: ReadonlyArray<unknown>
  readonly answer: (question: Question, chance: Seeded | undefined) => string
}

/** What receives each processor's webhooks, in the ways that there are. */
export type Receivers = Readonly<Record<ConnectorId, readonly [Receiver, ...ReadonlyArray<Receiver>]>>

const unasked = () => ""

const asText = ({ request: { body } }: Question): string =>
  body._tag === "Uint8Array" ? Buffer.from(body.body).toString() : ""

const { authority = "", certificates = "" } = couriers.get("paypal")?.published?.() ?? {}

/** As a processor would: truly, or now and then (`chance`) with something else than it says. */
const bent = (answer: string, chance: Seeded | undefined): string =>
  chance?.once(4) === true ? changeText(chance, answer) : answer

const byCertificate = { webhookId: secretOf("paypal"), environment: "sandbox" }
const roots = [authority]
const paypal = webhookOf(() => roots)

/** Ours. */
export const receivers: Receivers = {
  stripe: [
    {
      webhook: stripe,
      secrets: [{ signingSecret: "whsec_other" }, { signingSecret: secretOf("stripe") }],
      answer: unasked
    }
  ],
  adyen: [{ webhook: adyen, secrets: [{ hmacKey: secretOf("adyen") }], answer: unasked }],
  paypal: [
    { webhook: paypal, secrets: [{ ...byCertificate, certificates }], answer: unasked },
    { webhook: paypal, secrets: [byCertificate], answer: (_question, chance) => bent(certificates, chance) },
    {
      webhook: paypal,
      secrets: [{ ...byCertificate, verification: "API" }],
      answer: (question, chance) => {
        const text = asText(question)
        const body = parseJson(text)
        const verdict = isTree(body) ? verificationOf(body, text) : "FAILURE"
        return bent(JSON.stringify({ verification_status: verdict }), verdict === "SUCCESS" ? chance : undefined)
      }
    }
  ]
}
