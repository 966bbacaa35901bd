import { Seeded } from "@connector-service/proof/Seeded"
import { makeAdyen } from "@connector-service/sandbox/adyen/Adyen"
import type { Happened, Tell } from "@connector-service/sandbox/Happened"
import { Later } from "@connector-service/sandbox/Later"
import { Ledger } from "@connector-service/sandbox/Ledger"
import { type Call, type Processor, straight } from "@connector-service/sandbox/Processor"
import { makePayPal } from "@connector-service/sandbox/paypal/PayPal"
import { within } from "@connector-service/sandbox/Surroundings"
import { makeStripe } from "@connector-service/sandbox/stripe/Stripe"
import { type ConnectorId, connectors, deliver, type Genuine, now, secretOf } from "./Deliver.ts"
import { others } from "./Others.ts"

const card = {
  "payment_method_data[type]": "card",
  "payment_method_data[card][exp_month]": "12",
  "payment_method_data[card][exp_year]": "2040",
  "payment_method_data[card][cvc]": "123",
  "payment_method_types[]": "card"
}
const form = (number: string, more: Readonly<Record<string, string>> = {}) => ({
  amount: "1000",
  currency: "eur",
  confirm: "true",
  "metadata[reference]": "order-7",
  ...card,
  "payment_method_data[card][number]": number,
  ...more
})

const merchantAccount = "SandboxShop"
const euros = { amount: { currency: "EUR", value: 1000 } }
const scheme = (holderName: string) => ({
  merchantAccount,
  ...euros,
  reference: "order-7",
  returnUrl: "https://shop.example/back",
  additionalData: { manualCapture: "true" },
  paymentMethod: {
    type: "scheme",
    number: "4111111111111111",
    expiryMonth: "03",
    expiryYear: "2030",
    cvc: "737",
    holderName
  }
})
const order = (intent: string, name: string) => ({
  intent,
  purchase_units: [
    { amount: { currency_code: "EUR", value: "10.00" }, invoice_id: `${intent}-${name}`, custom_id: "7" }
  ],
  payment_source: { card: { number: "4012888888881881", expiry: "2040-12", security_code: "123", name } }
})

type Send = (path: string, body: object) => unknown

/** The text at a dotted path of a reply; empty where there is none. */
const textAt = (value: unknown, path: string): string => {
  const found = path
    .split(".")
    .reduce<unknown>(
      (here, step) => (here instanceof Object ? new Map(Object.entries(here)).get(step) : undefined),
      value
    )
  return typeof found === "string" ? found : ""
}

/** What happens at each processor, so that it has something to tell. */
const stories: Readonly<Record<ConnectorId, (send: Send) => void>> = {
  stripe: (send) => {
    const hold = () => textAt(send("/v1/payment_intents", form("4242424242424242", { capture_method: "manual" })), "id")
    send(`/v1/payment_intents/${hold()}/capture`, { amount_to_capture: "600" })
    send(`/v1/payment_intents/${hold()}/cancel`, {})
    send("/v1/payment_intents", form("4000000000000002"))
    send("/v1/payment_intents", form("4000002760003184", { return_url: "https://shop.example/back" }))
    send("/v1/refunds", { payment_intent: textAt(send("/v1/payment_intents", form("4242424242424242")), "id") })
  },
  adyen: (send) => {
    const hold = () => textAt(send("/v72/payments", scheme("Ada Lovelace")), "pspReference")
    const modify = (id: string, what: string) =>
      send(`/v72/payments/${id}/${what}`, { merchantAccount, reference: `${what}-1`, ...(what.endsWith("s") && euros) })
    const id = hold()
    modify(id, "captures")
    modify(id, "refunds")
    modify(id, "captures")
    send(`/v72/payments/${hold()}/cancels`, { merchantAccount, reference: "cancel:1" })
    send(`/v72/payments/${hold()}/reversals`, { merchantAccount })
    send("/v72/payments", scheme("DECLINED"))
  },
  paypal: (send) => {
    const authorization = "purchase_units.0.payments.authorizations.0.id"
    const hold = (name: string) => textAt(send("/v2/checkout/orders", order("AUTHORIZE", name)), authorization)
    send(`/v2/payments/authorizations/${hold("Ada")}/void`, {})
    const capture = textAt(send(`/v2/payments/authorizations/${hold("Eve")}/capture`, {}), "id")
    send(`/v2/payments/captures/${capture}/refund`, { amount: { currency_code: "EUR", value: "2.50" } })
    send("/v2/checkout/orders", order("CAPTURE", "Ada"))
    send("/v2/checkout/orders", order("CAPTURE", "CCREJECT-REFUSED"))
  }
}

const makers: Readonly<Record<ConnectorId, (ledger: Ledger, tell: Tell) => Processor>> = {
  stripe: makeStripe,
  adyen: makeAdyen,
  paypal: makePayPal
}

const answer = (processor: Processor, call: Omit<Call, "origin" | "query" | "method">): unknown => {
  const handled = processor.handle({ ...call, method: "POST", query: "", origin: "https://sandbox.example" }, straight)
  if (handled instanceof Later || handled.reply.body === "") return undefined
  return JSON.parse(handled.reply.body)
}

const senders: Readonly<Record<ConnectorId, (processor: Processor) => Send>> = {
  stripe: (processor) => (path, body) =>
    answer(processor, {
      path,
      headers: { authorization: "Bearer sk_test_fuzz", "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(Object.entries(body)).toString()
    }),
  adyen: (processor) => (path, body) =>
    answer(processor, { path, headers: { "x-api-key": "AQEfuzzing" }, body: JSON.stringify(body) }),
  paypal: (processor) => {
    const basic = { authorization: `Basic ${btoa("fuzz:secret")}` }
    const token = textAt(
      answer(processor, { path: "/v1/oauth2/token", headers: basic, body: "grant_type=client_credentials" }),
      "access_token"
    )
    let keys = 0
    return (path, body) => {
      keys += 1
      const headers = {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "paypal-request-id": `key-${keys}`,
        prefer: "return=representation"
      }
      return answer(processor, { path, headers, body: JSON.stringify(body) })
    }
  }
}

const told = (connector: ConnectorId): ReadonlyArray<Happened> => {
  const all: Array<Happened> = []
  const chance = new Seeded(connector)
  within({ now: () => now, byte: () => chance.bits() & 0xff, later: () => {} }, () =>
    stories[connector](
      senders[connector](
        makers[connector](new Ledger(), (_processor, make) => {
          all.push(make())
        })
      )
    )
  )
  return all
}

/** Deliveries of all processors: what the sandbox tells, and what it has no occasion to. */
export const genuine = (): ReadonlyArray<Genuine> => [
  ...connectors.flatMap((connector) =>
    told(connector).map(({ body, type }) => ({
      connector,
      type,
      delivery: deliver(connector, body(secretOf(connector)))
    }))
  ),
  ...others()
]
