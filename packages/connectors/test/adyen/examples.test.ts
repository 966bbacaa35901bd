import { checks } from "@connector-service/conformance/Check"
import { asObject, deref, isObject, lookUp } from "@connector-service/conformance/Json"
import { loadSpec, specsAvailable } from "@connector-service/conformance/Specs"
import { adyen } from "@connector-service/connectors/adyen/connector"
import { type AnyFlow, idempotencyOf } from "@connector-service/connectors/Connector"
import { Effect, Redacted } from "effect"
import { describe, expect, it } from "vitest"
import { describeWithSpecs, read } from "../Examples.ts"
import { decoded } from "../Table.ts"

const { payment = {}, refund = {} } = adyen.flows
const modify = "/payments/{paymentPspReference}"

/** Our flows by the operations that they call. */
const flows: ReadonlyMap<string, readonly [name: string, flow: AnyFlow | undefined]> = new Map([
  ["/payments", ["payment.authorize", payment.authorize]],
  ["/payments/details", ["payment.complete", payment.complete]],
  [`${modify}/captures`, ["payment.capture", payment.capture]],
  [`${modify}/cancels`, ["payment.void", payment.void]],
  [`${modify}/reversals`, ["payment.reverse", payment.reverse]],
  [`${modify}/refunds`, ["refund.create", refund.create]],
  ["/cancels", ["payment.void", payment.void]]
])
const paths = [...flows.keys()]
const flowOf = (path: string): string => flows.get(path)?.[0] ?? path
const check = (path: string) => checks({ connector: adyen.id, flow: flowOf(path), kind: "example" })

/** The published file; nothing where it is absent, as the names of tests are made also where they are skipped. */
const file = specsAvailable() ? loadSpec("adyen/CheckoutService-v72.json") : {}
const operation = (path: string) => asObject(asObject(asObject(file.paths)[path]).post)
const examplesOf = (content: unknown): ReadonlyArray<readonly [name: string, value: unknown]> => {
  const all = asObject(lookUp(content, "#/content/application~1json/examples"))
  return Object.entries(all).map(([name, one]) => [name, asObject(deref(file, one, "#").node).value] as const)
}

const usd = (minorUnits: bigint) => ({ minorUnits, currencyCode: "USD" })
const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })
const input = { reference: "order-1", paymentId: "order-1", captureMethod: "AUTOMATIC" }
/** Authorised, and so taken: `captureDelayHours` of 0 was asked. */
const taken = { status: "CAPTURED", rawStatus: "Authorised", final: true, state: {} }
// avsResult 4: not supported; cvcResult 1 and its letter: matches
const checked = { addressLine: "UNAVAILABLE", postalCode: "UNAVAILABLE", cvc: "MATCH", avsCode: "U", cvcCode: "M" }
const waiting = { status: "REQUIRES_ACTION", rawStatus: "RedirectShopper", final: false }
const received = { paymentId: "993617894903480A", status: "PENDING", rawStatus: "received", state: {} }
const captured = {
  ...received,
  captureId: "993617894906488A",
  reference: "YOUR_UNIQUE_REFERENCE",
  paymentStatus: "PENDING"
}

/** Every published reply of our operations by path, status and name, and what it is to a caller, whole. */
const meanings: Readonly<Record<string, object>> = {
  // its token is cut short, so only Adyen's library could read it; there is no id yet
  "/payments 200 card-3d-secure-2-web": {
    paymentId: "order-1",
    status: "REQUIRES_ACTION",
    rawStatus: "IdentifyShopper",
    final: false,
    nextAction: { _tag: "Challenge", step: "FINGERPRINT", fields: {}, token: "eyJ0aHJlZURTTWV0aG9kTm90aWZpY..." },
    state: {
      captureMethod: "AUTOMATIC",
      paymentReference: "order-1",
      paymentData: "Ab02b4c0!BQABAgCuZFJrQOjSsl\\/zt+..."
    }
  },
  "/payments 200 card-3d-secure-redirect": {
    ...waiting,
    paymentId: "JLCMPCQ8HXSKGK82",
    reference: "Your order number",
    nextAction: {
      _tag: "Redirect",
      method: "GET",
      url: "https://checkoutshopper-test.adyen.com/checkoutshopper/threeDS/redirect...",
      fields: {}
    },
    state: { captureMethod: "AUTOMATIC" }
  },
  "/payments 200 card-direct": {
    ...taken,
    paymentId: "993617895204576J",
    reference: "string",
    cardChecks: checked
  },
  "/payments 200 card-securedfields": {
    ...taken,
    paymentId: "993617895215577D",
    reference: "string",
    cardChecks: checked
  },
  "/payments 200 enableOneClick-SF": {
    ...taken,
    paymentId: "993617895195570C",
    reference: "string",
    cardChecks: checked,
    paymentMethodId: "M5N7TQ4TG5PFWR50"
  },
  "/payments 200 ideal": {
    ...waiting,
    paymentId: "order-1",
    nextAction: {
      _tag: "Redirect",
      method: "GET",
      url: expect.stringMatching(/^https:\/\/test\.adyen\.com\/hpp\/checkout\.shtml\?u=redirectIdeal&p=/),
      fields: {}
    },
    state: { captureMethod: "AUTOMATIC", paymentReference: "order-1" }
  },
  "/payments 200 on-demand-top-up-from-transfer-instrument": { ...taken, paymentId: "QFQTPCQ8HXSKGK82" },
  "/payments 200 on-demand-top-up-visa": { ...taken, paymentId: "WNV97K8PPLC52VT5" },
  "/payments 200 split-balanceplatform": {
    ...taken,
    paymentId: "PPKFQ89R6QRXGN82",
    reference: "YOUR_ORDER_NUMBER",
    amount: usd(40000n),
    amountAuthorized: usd(40000n),
    amountCaptured: usd(40000n),
    // avsResult 5: no data provided
    cardChecks: { addressLine: "UNCHECKED", postalCode: "UNCHECKED", cvc: "MATCH", cvcCode: "M" },
    networkTransactionId: "777718270854480"
  },
  "/payments 200 subscription-first-transaction": {
    ...taken,
    paymentId: "993617895199574A",
    reference: "string",
    cardChecks: checked,
    paymentMethodId: "M5N7TQ4TG5PFWR50"
  },
  // nothing was handed back of how it is captured, so nothing more is said than that it is authorised
  "/payments/details 200 00.redirect": {
    paymentId: "V4HZ4RBFJGXXGN82",
    status: "AUTHORIZED",
    rawStatus: "Authorised",
    final: false,
    state: {}
  },
  [`${modify}/captures 201 capture`]: { ...captured, amount: eur(2000n) },
  [`${modify}/captures 201 split-balanceplatform`]: { ...captured, amount: usd(2000n) },
  [`${modify}/captures 201 split-classic`]: { ...captured, amount: usd(2000n) },
  [`${modify}/cancels 201 cancel-with-psp-reference`]: { ...received, final: false },
  [`${modify}/reversals 201 reversal`]: { ...received, final: false },
  [`${modify}/refunds 201 refund`]: {
    ...received,
    refundId: "993617894906488A",
    reference: "YOUR_UNIQUE_REFERENCE",
    amount: eur(2500n)
  },
  // by the merchant's own reference: Adyen gives the payment no id here
  "/cancels 201 cancel-with-own-reference": { ...received, paymentId: "order-1", final: false }
}

/** The published refusals, which all our operations share. */
const refusals: Readonly<Record<string, object>> = {
  400: { _tag: "Rejected", httpStatus: 400, rawCode: "702", rawMessage: 'Unexpected input: ", expected: }' },
  401: { _tag: "InvalidCredentials", description: "HTTP Status Response - Unauthorized", refusedByProcessor: true },
  403: { _tag: "InvalidCredentials", description: "Invalid Merchant Account", refusedByProcessor: true },
  422: { _tag: "Rejected", httpStatus: 422, rawCode: "14_030", rawMessage: "Return URL is missing." }
}

describeWithSpecs("published replies", () => {
  const all = paths.flatMap((path) =>
    Object.entries(asObject(operation(path).responses)).flatMap(([status, response]) =>
      examplesOf(response).map(([name, value]) => ({ path, status, value, title: `${path} ${status} ${name}` }))
    )
  )

  it("are these, of our operations", () => {
    const answers = all.filter(({ status }) => status.startsWith("2")).map(({ title }) => title)
    expect(answers.toSorted()).toEqual(Object.keys(meanings).toSorted())
    const others = new Set(all.filter(({ status }) => !status.startsWith("2")).map(({ status }) => status))
    // a 500 is not read: the sender takes every one as an outcome that is unknown
    expect([...others].toSorted()).toEqual([...Object.keys(refusals), "500"])
  })

  for (const { path, status, title, value } of all) {
    if (status.startsWith("5")) continue
    it(title, check(path), () => {
      const refused = refusals[status]
      const told = read(adyen, { flow: flowOf(path), input, status: Number(status), body: () => value })
      if (refused === undefined) expect(told).toEqual(meanings[title])
      else expect(told).toMatchObject(refused)
    })
  }
})

/** The merchant account that the examples name. */
const credentials = {
  apiKey: Redacted.make("AQE_made_up"),
  merchantAccount: "YOUR_MERCHANT_ACCOUNT"
}
const sentFor = (path: string, own: object): unknown => {
  const [name = "", flow] = flows.get(path) ?? []
  if (flow === undefined) throw new Error(`no flow ${name}`)
  // the input is of this flow: its own schema decoded it
  const request = Effect.runSync(flow.request({ input: decoded(name, own), credentials } as never))
  return request.body._tag === "Uint8Array" ? JSON.parse(new TextDecoder().decode(request.body.body)) : undefined
}

const order = {
  reference: "order-1",
  amount: usd(1000n),
  captureMethod: "AUTOMATIC",
  returnUrl: "https://shop.example/"
}
const card = {
  _tag: "Card",
  number: "4111111111111111",
  expiryMonth: 3,
  expiryYear: 2030,
  holderName: "John Smith",
  cvc: "737"
}
const modification = { reference: "order-1", paymentId: "993617894903480A" }

/**
 * The published requests that our input can say, and that input. The others encrypt the card in the browser, store it,
 * split it between accounts, or hold what is cut short; `paywithgoogle` is the older name of `googlepay`.
 */
const requests: Readonly<Record<string, object>> = {
  "/payments card-direct": { ...order, paymentMethod: card },
  "/payments ideal": { ...order, amount: eur(1000n), paymentMethod: { _tag: "Ideal" } },
  "/payments/details 00.redirect": { ...modification, returned: { redirectResult: "X6XtfGC3!Y..." } },
  "/payments/details 3d-secure-2-native": {
    ...modification,
    returned: { threeDSResult: "eyJ0cmFuc1N0YXR1cyI6IlkifQ==" }
  },
  [`${modify}/captures capture`]: { ...modification, amount: eur(2000n) },
  [`${modify}/cancels cancel-with-psp-reference`]: modification,
  [`${modify}/reversals reversal`]: modification,
  [`${modify}/refunds refund`]: { ...modification, amount: eur(2500n) },
  "/cancels cancel-with-own-reference": {
    ...modification,
    state: { paymentReference: "YOUR_UNIQUE_REFERENCE_FOR_THE_PAYMENT" }
  }
}

describeWithSpecs("published requests", () => {
  for (const path of paths) {
    for (const [name, example] of examplesOf(operation(path).requestBody)) {
      const own = requests[`${path} ${name}`]
      if (own === undefined) continue
      it(`${path} ${name} is what we send`, check(path), () => {
        if (!isObject(example)) throw new Error("the example is no object")
        // a reference of ours has no spaces, and an address of ours is one; always said here is when it is captured
        const { reference, returnUrl } = example
        expect({ ...asObject(sentFor(path, own)) }).toEqual({
          ...example,
          ...(reference !== undefined && { reference: "order-1" }),
          ...(returnUrl !== undefined && { returnUrl: "https://shop.example/", captureDelayHours: 0 })
        })
      })
    }
  }

  it("are all found", () => {
    const names = paths.flatMap((path) => examplesOf(operation(path).requestBody).map(([name]) => `${path} ${name}`))
    expect(Object.keys(requests).filter((name) => !names.includes(name))).toEqual([])
  })
})

describe("what the endpoints promise about repeated writes", () => {
  it("is the same for each: the published parameter Idempotency-Key, with a maximum of 64 characters", () => {
    for (const path of paths) {
      const flow = flows.get(path)?.[1]
      expect(flow && idempotencyOf(adyen, "write", flow)).toMatchObject({ header: "idempotency-key", maxLength: 64 })
    }
  })
})
