import type { Sandbox } from "../../src/Sandbox.ts"
import { at, type Got, type Json, textAt } from "../client.ts"

/** A client for one API key. */
export interface Client {
  readonly post: (path: string, body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Got>
  readonly pay: (more?: Json, headers?: Readonly<Record<string, string>>) => Promise<Got>
  /** Opens a page that a reply points to. */
  readonly open: (url: string) => Promise<Got>
  /** Sends a page's form. */
  readonly submit: (url: string, fields: Readonly<Record<string, string>>) => Promise<Got>
}

const gotFrom = async (method: string, path: string, response: Response): Promise<Got> => {
  const text = await response.text()
  const { status, headers } = response
  // A JSON text that opens with a brace is an object.
  const body = text.startsWith("{") ? (JSON.parse(text) as Json) : {}
  return { method, path, status, headers, text, body }
}

/** docs.adyen.com, test card numbers: every test card has this expiry date and security code. */
export const card = (number = "4111111111111111", more: Json = {}): Json => ({
  type: "scheme",
  number,
  expiryMonth: "03",
  expiryYear: "2030",
  cvc: "737",
  holderName: "P. Ayer",
  ...more
})

/** A payment of 10 euros. */
export const payment = (more: Json = {}): Json => ({
  merchantAccount: "TestAccountECOM",
  amount: { currency: "EUR", value: 1000 },
  reference: "order-7",
  returnUrl: "https://shop.example/back?cart=7",
  paymentMethod: card(),
  ...more
})

/** docs.adyen.com/payment-methods/blik: in the test environment a code begins with 777. */
export const blik: Json = {
  amount: { currency: "PLN", value: 1000 },
  paymentMethod: { type: "blik", blikCode: "777123" }
}

/** Held for a later capture. */
export const manual = { additionalData: { manualCapture: "true" } } as const

/** A front end that shows 3-D Secure itself (the published example "card-3d-secure-2-web"). */
export const native = {
  channel: "Web",
  origin: "https://shop.example",
  browserInfo: {
    userAgent: "Mozilla/5.0",
    acceptHeader: "*/*",
    language: "nl-NL",
    colorDepth: 24,
    screenHeight: 723,
    screenWidth: 1536,
    timeZoneOffset: 0,
    javaEnabled: true
  },
  authenticationData: { threeDSRequestData: { nativeThreeDS: "preferred" } }
} as const

/** A client that speaks to the sandbox's Adyen as any HTTP client would. */
export const clientOf = (sandbox: Sandbox, apiKey = "AQEtestkey"): Client => {
  const post: Client["post"] = async (path, body, headers = {}) =>
    gotFrom(
      "POST",
      path,
      await fetch(`${sandbox.url}/adyen/v72${path}`, {
        method: "POST",
        headers: { "x-api-key": apiKey, "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body)
      })
    )
  return {
    post,
    pay: (more = {}, headers = {}) => post("/payments", payment(more), headers),
    open: async (url) => gotFrom("GET", url, await fetch(url, { redirect: "manual" })),
    submit: async (url, fields) =>
      gotFrom("POST", url, await fetch(url, { method: "POST", redirect: "manual", body: new URLSearchParams(fields) }))
  }
}

/** Pays and answers the payment's reference. */
export const take = async (client: Client, more: Json = {}): Promise<string> =>
  textAt((await client.pay(more)).body, "pspReference")

/** A modification of a payment. */
export const modify = (client: Client, id: string, what: string, more: Json = {}): Promise<Got> =>
  client.post(`/payments/${id}/${what}`, { merchantAccount: "TestAccountECOM", reference: `${what}-1`, ...more })

/** An amount in euro cents. */
export const euros = (value: number): Json => ({ amount: { currency: "EUR", value } })

/** Chooses on the page that a reply's action opens, and answers what comes back with the payer. */
export const visit = async (client: Client, got: Got, choice: string): Promise<string> => {
  const back = await client.submit(textAt(got.body, "action.url"), { choice })
  return new URL(back.headers.get("location") ?? "none:").searchParams.get("redirectResult") ?? ""
}

/** Hands in what the payer brought back. */
export const details = (client: Client, values: Json, more: Json = {}): Promise<Got> =>
  client.post("/payments/details", { details: values, ...more })

/** JSON in base64, as components hand it over. */
export const base64 = (value: Json): string => Buffer.from(JSON.stringify(value)).toString("base64")

/** The JSON that a base64 text holds. */
export const unbase64 = (text: string): unknown => JSON.parse(Buffer.from(text, "base64").toString("utf8"))

/** The hidden fields of a page's form. */
export const fieldsOf = (page: Got): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...page.text.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value])
  )

const formAction = (page: Got): string => /action="([^"]+)"/.exec(page.text)?.[1] ?? ""

/** Reports a browser's fingerprint and answers the challenge that follows, or the payment where none does. */
export const identify = (client: Client, started: Got): Promise<Got> =>
  details(client, {
    threeDSResult: base64({
      threeDSCompInd: "Y",
      authorisationToken: at(started.body, "action.authorisationToken")
    })
  })

/** The creq form of a challenge, as a browser posts it to the ACS. */
export const openChallenge = (client: Client, challenged: Got): Promise<Got> => {
  const token = unbase64(textAt(challenged.body, "action.token"))
  const creq = base64({
    threeDSServerTransID: at(token, "threeDSServerTransID"),
    acsTransID: at(token, "acsTransID"),
    messageType: "CReq",
    messageVersion: at(token, "messageVersion"),
    challengeWindowSize: "05"
  })
  return client.submit(textAt(token, "acsURL"), { creq })
}

/** Chooses on the ACS's page; answers the notification's address and fields. */
export const answerChallenge = async (client: Client, challenged: Got, choice: string) => {
  const shown = await openChallenge(client, challenged)
  const url = textAt(unbase64(textAt(challenged.body, "action.token")), "acsURL")
  const done = await client.submit(url, { ...fieldsOf(shown), choice })
  const cres = unbase64(fieldsOf(done).cres ?? "")
  return { shown, done, cres, notify: formAction(done) }
}

/** Hands in a challenge's result. */
export const finishChallenge = (client: Client, challenged: Got, transStatus: string): Promise<Got> =>
  details(client, {
    threeDSResult: base64({ transStatus, authorisationToken: at(challenged.body, "action.authorisationToken") })
  })
