import { paypal } from "@connector-service/connectors/paypal/connector"
import {
  ApplePayPaymentDataType,
  CheckoutPaymentIntent,
  Client,
  EciFlag,
  Environment,
  GooglePayAuthenticationMethod,
  GooglePayPaymentMethod,
  OrdersCardVerificationMethod,
  OrdersController,
  type PaymentSource,
  PaymentsController,
  PaypalExperienceUserAction,
  PaypalWalletContextShippingPreference,
  ProcessingInstruction,
  type PurchaseUnitRequest
} from "@paypal/paypal-server-sdk"
import { describeWire, type Pair } from "../Wire.ts"

const clientId = "client-id_made-up"
const clientSecret = "client-secret-made-up"
const oAuthTokenPath = "/v1/oauth2/token"
const token = { access_token: "A21AAmadeup", token_type: "Bearer", expires_in: 31668 }

// the SDK never reaches a network inside captureRequests
const client = () =>
  new Client({
    environment: Environment.Sandbox,
    clientCredentialsAuthCredentials: { oAuthClientId: clientId, oAuthClientSecret: clientSecret }
  })
const orders = () => new OrdersController(client())
const payments = () => new PaymentsController(client())

/** What ours and the SDK's writes say beside their bodies. */
const write = { idempotencyKey: "caller-key" }
const said = { paypalRequestId: "caller-key", prefer: "return=representation" }

const paymentId = "5O190127TN364715T"
const state = { intent: "AUTHORIZE", authorizationId: "0VF52814937998046", captureId: "3C679366HH908993F" }
const returnUrl = "https://shop.example/back?a=1&b=2"
const back = { returnUrl, cancelUrl: returnUrl }
const cryptogram = "AgAAAAAABk4DWZ4C28yUQAAAAAA="
const device = { number: "4012888888881881", expiryMonth: 8, expiryYear: 2030, cryptogram, eci: "05" }
const address = { line1: "Damrak 1", city: "Amsterdam", postalCode: "1012 LG", countryCode: "NL" }
const theirAddress = { addressLine1: "Damrak 1", adminArea2: "Amsterdam", postalCode: "1012 LG", countryCode: "NL" }

const eur = { minorUnits: 1000n, currencyCode: "EUR" }
const input = { ...write, reference: "order-1", amount: eur, captureMethod: "AUTOMATIC" }
const money = (value: string) => ({ currencyCode: "EUR", value })
const unit: PurchaseUnitRequest = { invoiceId: "order-1", customId: "order-1", amount: money("10.00") }
const create = (
  paymentSource: PaymentSource,
  more: object = {},
  purchaseUnit: Partial<PurchaseUnitRequest> = {},
  intent = CheckoutPaymentIntent.Capture
) =>
  orders().createOrder({
    ...said,
    body: { intent, purchaseUnits: [{ ...unit, ...purchaseUnit }], paymentSource, ...more }
  })

const authorizations: Readonly<Record<string, { readonly input: object } & Pick<Pair, "sdk">>> = {
  "a card, with everything": {
    input: {
      ...input,
      attempt: 2,
      orderReference: "basket-1",
      captureMethod: "MANUAL",
      paymentMethod: {
        _tag: "Card",
        number: "4012888888881881",
        expiryMonth: 8,
        expiryYear: 2030,
        cvc: "737",
        holderName: "Ada Lovelace"
      },
      returnUrl,
      billingAddress: address,
      shipping: { name: "Ada Lovelace", address },
      description: "Notes & engine = 100 % æther ☕",
      statementDescriptor: "ENGINE NOTES",
      threeDSecureRequest: "ALWAYS",
      lineItems: [
        {
          name: "Hat",
          quantity: 2,
          sku: "HAT",
          unitAmount: { minorUnits: 500n, currencyCode: "EUR" },
          unitTax: { minorUnits: 87n, currencyCode: "EUR" }
        }
      ]
    },
    sdk: () =>
      create(
        {
          card: {
            name: "Ada Lovelace",
            number: "4012888888881881",
            expiry: "2030-08",
            securityCode: "737",
            billingAddress: theirAddress,
            attributes: { verification: { method: OrdersCardVerificationMethod.ScaAlways } },
            experienceContext: back
          }
        },
        {},
        {
          invoiceId: "order-1/2",
          customId: "basket-1",
          description: "Notes & engine = 100 % æther ☕",
          softDescriptor: "ENGINE NOTES",
          amount: { ...money("10.00"), breakdown: { itemTotal: money("8.26"), taxTotal: money("1.74") } },
          items: [{ name: "Hat", quantity: "2", sku: "HAT", unitAmount: money("4.13"), tax: money("0.87") }],
          shipping: { name: { fullName: "Ada Lovelace" }, address: theirAddress }
        },
        CheckoutPaymentIntent.Authorize
      )
  },
  "a network token": {
    input: { ...input, paymentMethod: { _tag: "NetworkToken", ...device } },
    sdk: () =>
      create({
        card: {
          networkToken: {
            number: "4012888888881881",
            expiry: "2030-08",
            cryptogram,
            eciFlag: EciFlag.FullyAuthenticatedTransaction
          }
        }
      })
  },
  "a saved card": {
    input: { ...input, paymentMethod: { _tag: "SavedPaymentMethod", id: "8kk8451t" } },
    sdk: () => create({ card: { vaultId: "8kk8451t" } })
  },
  "Apple Pay": {
    input: { ...input, paymentMethod: { _tag: "ApplePayDecrypted", ...device } },
    sdk: () =>
      create({
        applePay: {
          decryptedToken: {
            transactionAmount: money("10.00"),
            tokenizedCard: { number: "4012888888881881", expiry: "2030-08" },
            paymentDataType: ApplePayPaymentDataType.Enum3Dsecure,
            paymentData: { cryptogram, eciIndicator: "05" }
          }
        }
      })
  },
  "Google Pay": {
    input: { ...input, paymentMethod: { _tag: "GooglePayDecrypted", ...device } },
    sdk: () =>
      create({
        googlePay: {
          decryptedToken: {
            paymentMethod: GooglePayPaymentMethod.Card,
            authenticationMethod: GooglePayAuthenticationMethod.Cryptogram3Ds,
            card: { number: "4012888888881881", expiry: "2030-08" },
            cryptogram,
            eciIndicator: "05"
          }
        }
      })
  },
  PayPal: {
    input: {
      ...input,
      returnUrl,
      locale: "nl-NL",
      customer: { givenName: "Ada", familyName: "Lovelace", email: "ada@example.com" },
      paymentMethod: { _tag: "Paypal" }
    },
    sdk: () =>
      create({
        paypal: {
          emailAddress: "ada@example.com",
          name: { givenName: "Ada", surname: "Lovelace" },
          experienceContext: {
            ...back,
            locale: "nl-NL",
            userAction: PaypalExperienceUserAction.PayNow,
            shippingPreference: PaypalWalletContextShippingPreference.NoShipping
          }
        }
      })
  },
  BLIK: {
    input: {
      ...input,
      returnUrl,
      customer: { name: "Ada Lovelace", email: "ada@example.com" },
      billingAddress: { countryCode: "PL" },
      paymentMethod: { _tag: "Blik", code: "777123" }
    },
    sdk: () =>
      create(
        {
          blik: {
            name: "Ada Lovelace",
            countryCode: "PL",
            email: "ada@example.com",
            level0: { authCode: "777123" },
            experienceContext: back
          }
        },
        { processingInstruction: ProcessingInstruction.OrderCompleteOnPaymentApproval }
      )
  },
  ...Object.fromEntries(
    (["ideal", "bancontact"] as const).map((name) => [
      name,
      {
        input: {
          ...input,
          returnUrl,
          customer: { name: "Ada Lovelace" },
          billingAddress: { countryCode: "NL" },
          paymentMethod: { _tag: name === "ideal" ? "Ideal" : "Bancontact" }
        },
        sdk: () =>
          create(
            { [name]: { name: "Ada Lovelace", countryCode: "NL", experienceContext: back } },
            { processingInstruction: ProcessingInstruction.OrderCompleteOnPaymentApproval }
          )
      }
    ])
  )
}

const pairs: Readonly<Record<string, Pair>> = {
  ...Object.fromEntries(
    Object.entries(authorizations).map(([name, pair]) => [name, { ...pair, flow: "payment.authorize" }])
  ),
  "a completion that captures": {
    flow: "payment.complete",
    input: { ...write, reference: "complete-1", paymentId, state: { intent: "CAPTURE" } },
    sdk: () => orders().captureOrder({ ...said, id: paymentId, body: {} })
  },
  "a completion that reserves": {
    flow: "payment.complete",
    input: { ...write, reference: "complete-1", paymentId, state },
    sdk: () => orders().authorizeOrder({ ...said, id: paymentId, body: {} })
  },
  "a look at a payment": {
    flow: "payment.get",
    input: { paymentId },
    sdk: () => orders().getOrder({ id: paymentId })
  },
  "a capture": {
    flow: "payment.capture",
    input: { ...write, reference: "capture-1", paymentId, amount: eur, statementDescriptor: "PART ONE", state },
    sdk: () =>
      payments().captureAuthorizedPayment({
        ...said,
        authorizationId: state.authorizationId,
        body: { amount: money("10.00"), invoiceId: "capture-1", finalCapture: false, softDescriptor: "PART ONE" }
      })
  },
  "a void": {
    flow: "payment.void",
    input: { ...write, reference: "void-1", paymentId, state },
    sdk: () => payments().voidPayment({ authorizationId: state.authorizationId, prefer: said.prefer })
  },
  "a refund": {
    flow: "refund.create",
    input: { ...write, reference: "refund-1", paymentId, amount: eur, state },
    sdk: () =>
      payments().refundCapturedPayment({
        ...said,
        captureId: state.captureId,
        body: { amount: money("10.00"), invoiceId: "refund-1", customId: "refund-1" }
      })
  },
  "a look at a refund": {
    flow: "refund.get",
    input: { refundId: "1JU08902781691411" },
    sdk: () => payments().getRefund({ refundId: "1JU08902781691411" })
  },
  ...Object.fromEntries(
    ["payment.capture", "payment.void", "payment.complete", "refund.create"].map((flow) => [
      `looking for a ${flow}`,
      { flow, lost: { reference: "order-1", paymentId }, sdk: () => orders().getOrder({ id: paymentId }) }
    ])
  )
}

describeWire(
  {
    connector: paypal,
    credentials: () => ({ clientId, clientSecret }),
    answer: ({ pathname }) =>
      pathname === oAuthTokenPath
        ? { status: 200, body: token }
        : { status: 400, body: { name: "INVALID_REQUEST", message: "" } },
    mayDiffer: { accept: "the SDK names JSON; PayPal gives nothing else" }
  },
  pairs
)
