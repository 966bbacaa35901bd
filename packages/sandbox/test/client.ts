import Stripe from "stripe"
import { afterAll, beforeEach } from "vitest"
import { type Sandbox, startSandbox } from "../src/Sandbox.ts"

/** A JSON value that a test reads by path. */
export type Json = { readonly [key: string]: unknown }

/** A reply as the tests look at it; `body` is empty when it is not a JSON object. */
export interface Got {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Json
}

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

/** The value at a dotted path, undefined where there is none. */
export const at = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((here, step) => {
    if (Array.isArray(here)) return here[Number(step)]
    return isJson(here) ? here[step] : undefined
  }, value)

/** The text at a dotted path; empty where there is none. */
export const textAt = (value: unknown, path: string): string => {
  const found = at(value, path)
  return typeof found === "string" ? found : ""
}

/** Form fields; a list of pairs may repeat a name. */
export type Fields = Readonly<Record<string, string>>

/** A client for one API key. */
export interface Client {
  readonly send: (method: string, path: string, fields?: Fields, headers?: Fields) => Promise<Got>
  readonly get: (path: string) => Promise<Got>
  readonly post: (path: string, fields?: Fields, headers?: Fields) => Promise<Got>
}

/** A client that speaks to the sandbox's Stripe as any HTTP client would. */
export const clientOf = (sandbox: Sandbox, key = "sk_test_one"): Client => {
  const send: Client["send"] = async (method, path, fields, headers = {}) => {
    const response = await fetch(`${sandbox.url}/stripe${path}`, {
      method,
      redirect: "manual",
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(fields === undefined ? {} : { body: new URLSearchParams(fields) })
    })
    const text = await response.text()
    const parsed: unknown = text.startsWith("{") ? JSON.parse(text) : undefined
    const { status, headers: received } = response
    return { method, path, status, headers: received, text, body: isJson(parsed) ? parsed : {} }
  }
  return {
    send,
    get: (path) => send("GET", path),
    post: (path, fields = {}, headers = {}) => send("POST", path, fields, headers)
  }
}

/** A sandbox for one test file, emptied before each test. */
export const sandboxForTests = async (): Promise<Sandbox> => {
  const sandbox = await startSandbox()
  beforeEach(() => sandbox.reset())
  afterAll(() => sandbox.close())
  return sandbox
}

/** The official SDK, its requests to api.stripe.com sent to the sandbox instead. */
export const sdkOf = (sandbox: Sandbox, maxNetworkRetries = 0): Stripe =>
  new Stripe("sk_test_sdk", {
    maxNetworkRetries,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient((input: string | URL | Request, init?: RequestInit) =>
      fetch(String(input).replace("https://api.stripe.com", `${sandbox.url}/stripe`), init)
    )
  })

/** The fields of a card payment that is confirmed at once. */
export const cardPayment = (number: string, more: Fields = {}): Fields => ({
  amount: "1000",
  currency: "eur",
  confirm: "true",
  "payment_method_types[]": "card",
  "payment_method_data[type]": "card",
  "payment_method_data[card][number]": number,
  "payment_method_data[card][exp_month]": "12",
  "payment_method_data[card][exp_year]": "2040",
  "payment_method_data[card][cvc]": "123",
  ...more
})

/** The published number that always succeeds (docs.stripe.com/testing). */
export const goodCard = "4242424242424242"

/** Holds the funds for a later capture and answers the payment's id. */
export const authorize = async (client: Client, more: Fields = {}): Promise<string> => {
  const got = await client.post("/v1/payment_intents", cardPayment(goodCard, { capture_method: "manual", ...more }))
  return textAt(got.body, "id")
}

/** Takes a payment and answers its id. */
export const take = async (client: Client, more: Fields = {}): Promise<string> => {
  const got = await client.post("/v1/payment_intents", cardPayment(goodCard, more))
  return textAt(got.body, "id")
}
