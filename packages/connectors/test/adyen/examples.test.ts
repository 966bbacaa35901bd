import { checks } from "@connector-service/conformance/Check"
import { asObject, deref, isObject, lookUp } from "@connector-service/conformance/Json"
import { loadSpec, specsAvailable } from "@connector-service/conformance/Specs"
import { adyen } from "@connector-service/connectors/adyen/connector"
import { type AnyFlow, idempotencyOf } from "@connector-service/connectors/Connector"
import { Redacted } from "effect"
import { describe, expect, it } from "vitest"
import { describeWithSpecs, type Like, read, sentBy } from "../Examples.ts"
import { revealed } from "../Revealed.ts"

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
const input = {
  reference: "order-1",
  paymentId: "order-1",
  captureMethod: "AUTOMATIC",
  paymentMethod: { _tag: "Card" }
}
/** What was paid with, where it is no card and that counts. */
const debits = new Set(["/payments 200 on-demand-top-up-from-transfer-instrument"])
const inputOf = (title: string) => (debits.has(title) ? { ...input, paymentMethod: { _tag: "SepaDebit" } } : input)
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
    nextAction: {
      _tag: "Challenge",
      step: "FINGERPRINT",
      fields: {},
      token: Redacted.make("eyJ0aHJlZURTTWV0aG9kTm90aWZpY...")
    },
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
  // a direct debit: the payer's bank is still to be asked
  "/payments 200 on-demand-top-up-from-transfer-instrument": {
    paymentId: "QFQTPCQ8HXSKGK82",
    status: "PENDING",
    rawStatus: "Authorised",
    final: false,
    state: { captureMethod: "AUTOMATIC" }
  },
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
      const told = read(adyen, { flow: flowOf(path), input: inputOf(title), status: Number(status), body: () => value })
      if (refused === undefined) expect(revealed(told)).toEqual(revealed(meanings[title]))
      else expect(told).toMatchObject(refused)
    })
  }
})

/** The merchant account that the examples name. */
const credentials = {
  apiKey: Redacted.make("AQE_made_up"),
  merchantAccount: "YOUR_MERCHANT_ACCOUNT"
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

const shop = { returnUrl: "https://shop.example/", captureDelayHours: 0 }
const encrypted = "the card was encrypted in the browser by Adyen's library"
const split = "money is split between accounts"
const stargatan = { line1: "Stargatan 1", city: "Ankeborg", postalCode: "12345", countryCode: "SE" }
const sek = (minorUnits: bigint) => ({ minorUnits, currencyCode: "SEK" })

/** Every published request at our paths: the like input, or why none of ours says it. */
const requests: Readonly<Record<string, Like | string>> = {
  "/payments applepay": "the token is cut short, and so is no text in base64 of what we take",
  "/payments card-3d-secure-2-web": encrypted,
  "/payments card-3d-secure-redirect": {
    input: {
      ...order,
      paymentMethod: { ...card, number: "4212345678901237" },
      browser: {
        userAgent: "Mozilla/5.0 (X11; U; Linux i686; en-US; rv:1.9) Gecko/2008052912 Firefox/3.0",
        acceptHeader: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        javaEnabled: true,
        colorDepth: 10,
        screenHeight: 2000,
        screenWidth: 3000,
        timeZoneOffset: 5,
        language: "en"
      }
    },
    because: "where the browser is known, we ask for native 3-D Secure and not for a redirect",
    instead: {
      authenticationData: { threeDSRequestData: { nativeThreeDS: "preferred" } },
      threeDS2RequestData: { notificationURL: "https://shop.example/" },
      channel: "Web",
      origin: "https://shop.example"
    }
  },
  "/payments card-direct": { input: { ...order, paymentMethod: card } },
  "/payments card-securedfields": encrypted,
  "/payments enableOneClick-SF": encrypted,
  "/payments googlepay": {
    input: {
      ...order,
      paymentMethod: { _tag: "GooglePay", token: "==Payload as retrieved from Google Pay response==" }
    },
    because: "`paywithgoogle` is the older name; GooglePayDetails.type lists both",
    instead: {
      merchantAccount: "YOUR_MERCHANT_ACCOUNT",
      paymentMethod: { type: "googlepay", googlePayToken: "==Payload as retrieved from Google Pay response==" }
    }
  },
  "/payments ideal": { input: { ...order, amount: eur(1000n), paymentMethod: { _tag: "Ideal" } } },
  "/payments klarna": {
    input: {
      ...order,
      amount: sek(1000n),
      paymentMethod: { _tag: "Klarna" },
      locale: "en-US",
      customer: {
        id: "YOUR_UNIQUE_SHOPPER_ID_IOfW3k9G2PvXFu2j",
        givenName: "Testperson-se",
        familyName: "Approved",
        email: "youremail@email.com",
        phone: "+46840839298"
      },
      billingAddress: stargatan,
      shipping: { name: "Testperson-se Approved", address: stargatan },
      lineItems: [
        { name: "Shoes", sku: "Item #1", quantity: 1, unitAmount: sek(400n), unitTax: sek(69n), taxRate: 2100 },
        { name: "Socks", sku: "Item #2", quantity: 2, unitAmount: sek(300n), unitTax: sek(52n), taxRate: 2100 }
      ]
    },
    because: "our locales have a hyphen, our telephone numbers no spaces, our things no pages or pictures",
    instead: {
      shopperLocale: "en-US",
      telephoneNumber: "+46840839298",
      lineItems: [
        {
          id: "Item #1",
          description: "Shoes",
          quantity: 1,
          amountIncludingTax: 400,
          amountExcludingTax: 331,
          taxAmount: 69,
          taxPercentage: 2100
        },
        {
          id: "Item #2",
          description: "Socks",
          quantity: 2,
          amountIncludingTax: 300,
          amountExcludingTax: 248,
          taxAmount: 52,
          taxPercentage: 2100
        }
      ]
    }
  },
  "/payments on-demand-top-up-from-transfer-instrument": split,
  "/payments on-demand-top-up-visa": split,
  "/payments oneclick-securedfields": encrypted,
  "/payments split-balanceplatform": split,
  "/payments split-classic": split,
  "/payments subscription-first-transaction": encrypted,
  "/payments subscription-payment": {
    input: {
      ...order,
      paymentMethod: { _tag: "SavedPaymentMethod", id: "M5N7TQ4TG5PFWR50" },
      customer: { id: "YOUR_SHOPPER_REFERENCE" }
    },
    because: "a saved card is charged as one on file, not as a subscription",
    instead: { recurringProcessingModel: "CardOnFile" }
  },
  "/payments/details 00.redirect": { input: { ...modification, returned: { redirectResult: "X6XtfGC3!Y..." } } },
  "/payments/details 3d-secure-2-native": {
    input: { ...modification, returned: { threeDSResult: "eyJ0cmFuc1N0YXR1cyI6IlkifQ==" } }
  },
  [`${modify}/captures capture`]: { input: { ...modification, amount: eur(2000n) } },
  [`${modify}/captures split-balanceplatform`]: split,
  [`${modify}/captures split-classic`]: split,
  [`${modify}/cancels cancel-with-psp-reference`]: { input: modification },
  [`${modify}/reversals reversal`]: { input: modification },
  [`${modify}/refunds refund`]: { input: { ...modification, amount: eur(2500n) } },
  "/cancels cancel-with-own-reference": {
    input: { ...modification, state: { paymentReference: "YOUR_UNIQUE_REFERENCE_FOR_THE_PAYMENT" } }
  }
}

describeWithSpecs("published requests", () => {
  const all = paths.flatMap((path) =>
    examplesOf(operation(path).requestBody).map(([name, example]) => ({ path, title: `${path} ${name}`, example }))
  )

  it("are these, at our paths", () => {
    expect(all.map(({ title }) => title).toSorted()).toEqual(Object.keys(requests).toSorted())
  })

  for (const { example, path, title } of all) {
    const like = requests[title]
    // that each is listed is held above
    if (like === undefined || typeof like === "string") continue
    const { because, input, instead } = like
    it([`${title} is what we send`, because].filter((part) => part !== undefined).join(", but "), check(path), () => {
      if (!isObject(example)) throw new Error("the example is no object")
      // a reference of ours has no spaces, and an address of ours is one; always said here is when it is captured
      const { reference, returnUrl } = example
      expect(sentBy(adyen, flowOf(path), input, credentials)).toEqual({
        ...example,
        ...(reference !== undefined && { reference: "order-1" }),
        ...(returnUrl !== undefined && shop),
        ...instead
      })
    })
  }
})

describe("what the endpoints promise about repeated writes", () => {
  it("is the same for each: the published parameter Idempotency-Key, with a maximum of 64 characters", () => {
    for (const path of paths) {
      const flow = flows.get(path)?.[1]
      expect(flow && idempotencyOf(adyen, "write", flow)).toMatchObject({ header: "idempotency-key", maxLength: 64 })
    }
  })
})
