import { CheckoutAPI, Client, Config, EnvironmentEnum, Types } from "@adyen/api-library"
import { adyen } from "@connector-service/connectors/adyen/connector"
import { describeWire, type Pair } from "../Wire.ts"

const apiKey = "AQE_made_up"
const merchantAccount = "ShopECOM"
const liveUrlPrefix = "1797a841fbb37ca7-Shop"
// the SDK never reaches a network inside captureRequests
const sdkOf = (environment: EnvironmentEnum) =>
  new CheckoutAPI(new Client(new Config({ apiKey, environment, liveEndpointUrlPrefix: liveUrlPrefix })))
const { ModificationsApi: modifications, PaymentsApi: payments } = sdkOf(EnvironmentEnum.TEST)
const live = sdkOf(EnvironmentEnum.LIVE)
/** The SDK adds headers to what it is given, so each call gets its own. */
const once = () => ({ idempotencyKey: "caller-key" })

const {
  AuthenticationData,
  BlikDetails,
  CardDetails,
  GooglePayDetails,
  KlarnaDetails,
  PaymentRefundRequest,
  PaymentRequest,
  SepaDirectDebitDetails,
  ThreeDSecureData,
  ThreeDSRequestData
} = Types.checkout

const eur = { minorUnits: 1000n, currencyCode: "EUR" }
const amount = { currency: "EUR", value: 1000 }
const write = { idempotencyKey: "caller-key" }
const returnUrl = "https://shop.example/back?a=1&b=2"
const authorize = { ...write, reference: "order-1", amount: eur, captureMethod: "AUTOMATIC", returnUrl }
const payment = { merchantAccount, reference: "order-1", amount, captureDelayHours: 0, returnUrl }
const browserInfo = {
  userAgent: "Mozilla/5.0",
  acceptHeader: "text/html",
  language: "nl-NL",
  colorDepth: 24,
  screenHeight: 723,
  screenWidth: 1536,
  timeZoneOffset: -60,
  javaEnabled: false
}
const result = {
  version: "2.2.0",
  cryptogram: "AJkBByEyYgAAAASwgmEodQAAAAA=",
  transactionId: "f879ea1c-aa2c-4441-806d-e30406466d79",
  eci: "05",
  status: "AUTHENTICATED"
}

const pairs: Readonly<Record<string, Pair>> = {
  "a card, with everything": {
    flow: "payment.authorize",
    input: {
      ...authorize,
      orderReference: "basket-1",
      captureMethod: "MANUAL",
      paymentMethod: {
        _tag: "Card",
        number: "4111111111111111",
        expiryMonth: 3,
        expiryYear: 2030,
        cvc: "737",
        holderName: "Ada Lovelace ☕"
      },
      customer: { id: "shopper-1", email: "ada@example.com", givenName: "Ada", familyName: "Lovelace" },
      billingAddress: { line1: "Damrak 1", city: "Amsterdam", postalCode: "1012 LG", countryCode: "NL" },
      statementDescriptor: "ENGINE NOTES",
      metadata: { note: "a&b=c+d e" },
      locale: "nl-NL",
      threeDSecureRequest: "ALWAYS",
      browser: { ...browserInfo, ipAddress: "192.0.2.1" }
    },
    sdk: () =>
      payments.payments(
        {
          merchantAccount,
          reference: "order-1",
          merchantOrderReference: "basket-1",
          amount,
          returnUrl,
          additionalData: { manualCapture: "true" },
          paymentMethod: {
            type: CardDetails.TypeEnum.Scheme,
            number: "4111111111111111",
            expiryMonth: "03",
            expiryYear: "2030",
            cvc: "737",
            holderName: "Ada Lovelace ☕"
          },
          shopperReference: "shopper-1",
          shopperEmail: "ada@example.com",
          shopperName: { firstName: "Ada", lastName: "Lovelace" },
          billingAddress: {
            street: "Damrak",
            houseNumberOrName: "1",
            city: "Amsterdam",
            postalCode: "1012 LG",
            country: "NL"
          },
          countryCode: "NL",
          shopperStatement: "ENGINE NOTES",
          metadata: { note: "a&b=c+d e" },
          shopperLocale: "nl-NL",
          authenticationData: {
            attemptAuthentication: AuthenticationData.AttemptAuthenticationEnum.Always,
            threeDSRequestData: { nativeThreeDS: ThreeDSRequestData.NativeThreeDSEnum.Preferred }
          },
          threeDS2RequestData: { notificationURL: returnUrl },
          channel: PaymentRequest.ChannelEnum.Web,
          origin: "https://shop.example",
          browserInfo,
          shopperIP: "192.0.2.1"
        },
        once()
      )
  },
  "a saved payment method, authenticated elsewhere": {
    flow: "payment.authorize",
    input: {
      ...authorize,
      paymentMethod: { _tag: "SavedPaymentMethod", id: "8416038790273850" },
      customer: { id: "shopper-1" },
      threeDSecureResult: result
    },
    sdk: () =>
      payments.payments(
        {
          ...payment,
          paymentMethod: { type: CardDetails.TypeEnum.Scheme, storedPaymentMethodId: "8416038790273850" },
          shopperReference: "shopper-1",
          shopperInteraction: PaymentRequest.ShopperInteractionEnum.ContAuth,
          recurringProcessingModel: PaymentRequest.RecurringProcessingModelEnum.CardOnFile,
          mpiData: {
            cavv: "AJkBByEyYgAAAASwgmEodQAAAAA=",
            dsTransID: "f879ea1c-aa2c-4441-806d-e30406466d79",
            eci: "05",
            threeDSVersion: "2.2.0",
            directoryResponse: ThreeDSecureData.DirectoryResponseEnum.Y,
            authenticationResponse: ThreeDSecureData.AuthenticationResponseEnum.Y
          }
        },
        once()
      )
  },
  "a network token": {
    flow: "payment.authorize",
    input: {
      ...authorize,
      paymentMethod: {
        _tag: "NetworkToken",
        number: "5555555555554444",
        expiryMonth: 12,
        expiryYear: 2031,
        cryptogram: "AgAAAAAABk4DWZ4C28yUQAAAAAA=",
        eci: "07"
      }
    },
    sdk: () =>
      payments.payments(
        {
          ...payment,
          paymentMethod: {
            type: CardDetails.TypeEnum.NetworkToken,
            number: "5555555555554444",
            expiryMonth: "12",
            expiryYear: "2031"
          },
          mpiData: { tokenAuthenticationVerificationValue: "AgAAAAAABk4DWZ4C28yUQAAAAAA=", eci: "07" }
        },
        once()
      )
  },
  "Apple Pay, decrypted": {
    flow: "payment.authorize",
    input: {
      ...authorize,
      captureMethod: "MANUAL",
      paymentMethod: {
        _tag: "ApplePayDecrypted",
        number: "4111111111111111",
        expiryMonth: 12,
        expiryYear: 2031,
        cryptogram: "YwAAAAAABaYcCMX/OhNRQAAAAAA=",
        eci: "07"
      }
    },
    sdk: () =>
      payments.payments(
        {
          merchantAccount,
          reference: "order-1",
          amount,
          returnUrl,
          additionalData: { manualCapture: "true", "paymentdatasource.type": "applepay" },
          paymentMethod: {
            type: CardDetails.TypeEnum.Scheme,
            number: "4111111111111111",
            expiryMonth: "12",
            expiryYear: "2031",
            brand: "applepay"
          },
          mpiData: {
            cavv: "YwAAAAAABaYcCMX/OhNRQAAAAAA=",
            eci: "07",
            directoryResponse: ThreeDSecureData.DirectoryResponseEnum.Y,
            authenticationResponse: ThreeDSecureData.AuthenticationResponseEnum.Y
          }
        },
        once()
      )
  },
  "Google Pay, live": {
    flow: "payment.authorize",
    environment: "live",
    input: { ...authorize, paymentMethod: { _tag: "GooglePay", token: '{"signature":"made-up"}' } },
    sdk: () =>
      live.PaymentsApi.payments(
        {
          ...payment,
          paymentMethod: { type: GooglePayDetails.TypeEnum.Googlepay, googlePayToken: '{"signature":"made-up"}' }
        },
        once()
      )
  },
  BLIK: {
    flow: "payment.authorize",
    input: { ...authorize, paymentMethod: { _tag: "Blik", code: "777123" } },
    sdk: () =>
      payments.payments({ ...payment, paymentMethod: { type: BlikDetails.TypeEnum.Blik, blikCode: "777123" } }, once())
  },
  "a SEPA direct debit": {
    flow: "payment.authorize",
    input: {
      ...authorize,
      paymentMethod: { _tag: "SepaDebit", iban: "NL13TEST0123456789", holderName: "A. Klaassen" }
    },
    sdk: () =>
      payments.payments(
        {
          ...payment,
          paymentMethod: {
            type: SepaDirectDebitDetails.TypeEnum.Sepadirectdebit,
            iban: "NL13TEST0123456789",
            ownerName: "A. Klaassen"
          }
        },
        once()
      )
  },
  Klarna: {
    flow: "payment.authorize",
    input: {
      ...authorize,
      paymentMethod: { _tag: "Klarna" },
      lineItems: [
        {
          name: "Socks",
          quantity: 2,
          unitAmount: { minorUnits: 500n, currencyCode: "EUR" },
          unitTax: { minorUnits: 87n, currencyCode: "EUR" },
          taxRate: 2100,
          sku: "s-1"
        }
      ]
    },
    sdk: () =>
      payments.payments(
        {
          ...payment,
          paymentMethod: { type: KlarnaDetails.TypeEnum.Klarna },
          lineItems: [
            {
              id: "s-1",
              description: "Socks",
              quantity: 2,
              amountIncludingTax: 500,
              amountExcludingTax: 413,
              taxAmount: 87,
              taxPercentage: 2100
            }
          ]
        },
        once()
      )
  },
  "the details after a redirect": {
    flow: "payment.complete",
    input: { ...write, reference: "c-1", paymentId: "order-1", returned: { redirectResult: "X6XtfGC3!Y" } },
    sdk: () => payments.paymentsDetails({ details: { redirectResult: "X6XtfGC3!Y" } }, once())
  },
  "the details after a fingerprint": {
    flow: "payment.complete",
    input: {
      ...write,
      reference: "c-1",
      paymentId: "order-1",
      returned: { threeDSCompInd: "Y" },
      state: { paymentData: "Ab02b4c0!data" }
    },
    sdk: () =>
      payments.paymentsDetails(
        // the name that the SDK gives to threeds2.fingerprint
        { details: { threeds2_fingerprint: "eyJ0aHJlZURTQ29tcEluZCI6IlkifQ==" }, paymentData: "Ab02b4c0!data" },
        once()
      )
  },
  "a capture": {
    flow: "payment.capture",
    input: { ...write, reference: "capture-1", paymentId: "993617895204576J", amount: eur },
    sdk: () =>
      modifications.captureAuthorisedPayment(
        "993617895204576J",
        { merchantAccount, reference: "capture-1", amount },
        once()
      )
  },
  "a void": {
    flow: "payment.void",
    input: { ...write, reference: "void-1", paymentId: "993617895204576J" },
    sdk: () =>
      modifications.cancelAuthorisedPaymentByPspReference(
        "993617895204576J",
        { merchantAccount, reference: "void-1" },
        once()
      )
  },
  "a void by reference": {
    flow: "payment.void",
    input: { ...write, reference: "void-1", paymentId: "order-1", state: { paymentReference: "order-1" } },
    sdk: () =>
      modifications.cancelAuthorisedPayment(
        { merchantAccount, reference: "void-1", paymentReference: "order-1" },
        once()
      )
  },
  "a reversal": {
    flow: "payment.reverse",
    input: { ...write, reference: "reverse-1", paymentId: "993617895204576J" },
    sdk: () =>
      modifications.refundOrCancelPayment("993617895204576J", { merchantAccount, reference: "reverse-1" }, once())
  },
  "a refund, live": {
    flow: "refund.create",
    environment: "live",
    input: {
      ...write,
      reference: "refund-1",
      paymentId: "993617895204576J",
      amount: eur,
      reason: "REQUESTED_BY_CUSTOMER"
    },
    sdk: () =>
      live.ModificationsApi.refundCapturedPayment(
        "993617895204576J",
        {
          merchantAccount,
          reference: "refund-1",
          amount,
          merchantRefundReason: PaymentRefundRequest.MerchantRefundReasonEnum.CustomerRequest
        },
        once()
      )
  }
}

describeWire(
  {
    connector: adyen,
    credentials: (environment) => ({ apiKey, merchantAccount, ...(environment === "live" && { liveUrlPrefix }) }),
    // the published example of a refusal
    answer: () => ({ status: 422, body: { errorCode: "14_030" } }),
    mayDiffer: {
      "accept-charset": "the SDK names UTF-8; JSON is nothing else",
      "adyen-library-name": "the SDK names itself",
      "adyen-library-version": "the SDK names itself",
      "cache-control": "the SDK's own; nothing caches a POST",
      "transfer-encoding": "the SDK's own, where it does not count the body's length"
    }
  },
  pairs
)
