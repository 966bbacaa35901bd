import type * as Adyen from "@connector-service/connectors/adyen"
import { adyen } from "@connector-service/connectors/adyen"
import type { CatalogId } from "@connector-service/connectors/catalog"
import type * as PayPal from "@connector-service/connectors/paypal"
import type * as Stripe from "@connector-service/connectors/stripe"
import { stripe } from "@connector-service/connectors/stripe"
import type { Payment } from "@connector-service/domain/Payment"
import { type DateTime, type Duration, Effect, type Layer, type Redacted } from "effect"
import { expect, expectTypeOf, test } from "vitest"
import {
  type AuthorizeInput,
  type CallOptions,
  type CaptureInput,
  type Client,
  connect,
  Money,
  type PaymentError,
  type Reason,
  type Result,
  type result,
  reveal,
  type Target
} from "../src/Client.ts"
import type * as Grpc from "../src/Grpc.ts"
import * as InProcess from "../src/InProcess.ts"
import { type ConnectorError, Payments } from "../src/Payments.ts"
import type * as Rpc from "../src/Rpc.ts"
import { authorize, capture, target } from "./inputs.ts"

// these are checked by the compiler; running them shows only that the file loads

type Answer<M extends (...input: never) => unknown> = Awaited<ReturnType<M>>
type PaymentAnswer = Answer<Client["payment"]["authorize"]>

/** Every status has a branch: one that is forgotten does not compile. */
const deliver = (payment: PaymentAnswer): string => {
  switch (payment.status) {
    case "AUTHORIZED":
    case "PARTIALLY_CAPTURED":
    case "CAPTURED":
      return "deliver"
    case "REQUIRES_ACTION":
      switch (payment.nextAction?._tag) {
        case "Redirect":
          return payment.nextAction.url
        case "ClientSdk":
          return reveal(payment.nextAction.clientSecret)
        case "Challenge":
          return payment.nextAction.url ?? payment.nextAction.step
        case "QrCode":
          return payment.nextAction.data
        case "Wait":
        case undefined:
          return "wait"
        default:
          return payment.nextAction satisfies never
      }
    case "PENDING":
    case "UNRECOGNIZED":
      return "wait"
    case "DECLINED":
      return payment.decline?.payerMessage ?? "declined"
    case "VOIDED":
    case "FAILED":
    case "EXPIRED":
      return "over"
    default:
      return payment.status satisfies never
  }
}

/** Every reason has a branch, and in it the reason's own fields. */
const handle = (error: PaymentError): string => {
  const { reason } = error
  switch (reason._tag) {
    case "UnknownOutcome":
    case "KeyExpired":
      return reason.unsettled.reference
    case "AmountMismatch":
      return Money.format(reason.asked)
    case "WrongState":
    case "Duplicate":
      return reason.found?._tag ?? "nothing found"
    case "MissingField":
    case "InvalidField":
      return reason.field
    case "UnknownConnector":
      return reason.known.join()
    case "UnsupportedFlow":
    case "UnsupportedPaymentMethod":
      return reason.supported.join()
    case "Rejected":
      return reason.rawCode
    case "InvalidCredentials":
    case "Unreachable":
    case "UnreadableReply":
    case "Unreadable":
      return reason.description
    case "InvalidSignature":
    case "StaleTimestamp":
    case "UnknownSecret":
      return reason._tag
    case "Overloaded":
    case "CircuitOpen":
    case "RateLimited":
      return String(reason.retryAfter)
    default:
      return reason satisfies never
  }
}

test("inputs are what a caller writes", () => {
  expectTypeOf<AuthorizeInput["amount"]>().toExtend<{ minorUnits: bigint; currencyCode: string }>()
  expectTypeOf(Money.of("10.00", "EUR")).toExtend<AuthorizeInput["amount"]>()
  expectTypeOf<AuthorizeInput["captureMethod"]>().toEqualTypeOf<"AUTOMATIC" | "MANUAL">()
  expectTypeOf<AuthorizeInput["firstSentAt"]>().toEqualTypeOf<Date | DateTime.Utc | undefined>()
  type Card = Extract<AuthorizeInput["paymentMethod"], { readonly _tag: "Card" }>
  expectTypeOf<Card["number"]>().toEqualTypeOf<string | Redacted.Redacted<string>>()
  expectTypeOf<Parameters<Client["payment"]["authorize"]>[0]>().toEqualTypeOf<AuthorizeInput>()
  expectTypeOf<CallOptions["timeout"]>().toEqualTypeOf<number | Duration.Duration | undefined>()

  authorize satisfies AuthorizeInput
  // @ts-expect-error an amount is money, not a number
  ;({ ...authorize, amount: 10 }) satisfies AuthorizeInput
  // @ts-expect-error the capture method is the caller's to choose
  ;({ ...authorize, captureMethod: undefined }) satisfies AuthorizeInput
  // @ts-expect-error a misspelt field
  ;({ ...authorize, statementDescripter: "shop" }) satisfies AuthorizeInput
  // @ts-expect-error a payment method is told by its _tag
  ;({ ...authorize, paymentMethod: { number: "4242424242424242" } }) satisfies AuthorizeInput
  // @ts-expect-error a capture names its payment
  ;({ reference: "r", amount: capture.amount }) satisfies CaptureInput
})

test("an answer's state goes into the next call as it is, and an error's unsettled into settle", () => {
  const next = (payment: PaymentAnswer): CaptureInput => ({ ...capture, state: payment.state })
  const settle = (client: Client, error: PaymentError) =>
    error.reason._tag === "UnknownOutcome" ? client.settlement.settle({ unsettled: error.reason.unsettled }) : undefined
  expectTypeOf<Awaited<ReturnType<typeof settle>>>().toExtend<
    { _tag: "Taken" } | { _tag: "NotTaken" } | { _tag: "StillUnknown" } | undefined
  >()
  expect([next, settle]).toHaveLength(2)
})

test("a decline is an answer, never a reason", () => {
  expectTypeOf<Extract<Reason, { readonly _tag: "Declined" }>>().toEqualTypeOf<never>()
  expectTypeOf<Result<string>>().toEqualTypeOf<
    { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: PaymentError }
  >()
  expectTypeOf<ReturnType<typeof result<PaymentAnswer>>>().toEqualTypeOf<Promise<Result<PaymentAnswer>>>()
  expect([deliver, handle]).toHaveLength(2)
})

test("a target is a connector, an environment and an account or credentials", () => {
  expectTypeOf(connect).toBeCallableWith("127.0.0.1:50051", target)
  expectTypeOf(connect).toBeCallableWith("payments.example:443", { tls: { rootCerts: "PEM" } })
  expectTypeOf(connect).toBeCallableWith("127.0.0.1:50051", {
    connector: "stripe",
    environment: "live",
    credentials: { secretKey: "sk" }
  })
  // @ts-expect-error live or sandbox
  expectTypeOf(connect).toBeCallableWith("127.0.0.1:50051", { environment: "test" })
})

test("a connector's id is one of the catalog's, or any that a service may have besides", () => {
  expectTypeOf<CatalogId>().toEqualTypeOf<"adyen" | "paypal" | "stripe">()
  // an editor completes the literals of a union that plain string has not swallowed
  expectTypeOf<Target["connector"]>().not.toEqualTypeOf<string>()
  expectTypeOf<CatalogId>().toExtend<Target["connector"]>()
  expectTypeOf<string>().toExtend<Target["connector"]>()
})

test("in process the connector is one of those given", () => {
  const calls = [
    () => InProcess.inProcess({ connectors: [stripe, adyen], connector: "adyen" }),
    () => InProcess.layer({ connectors: [stripe, adyen], connector: "stripe" }),
    () => InProcess.layer({ connectors: [stripe] }),
    // @ts-expect-error the program does not hold it
    () => InProcess.inProcess({ connectors: [stripe], connector: "adyen" }),
    // @ts-expect-error a misspelt one
    () => InProcess.layer({ connectors: [stripe, adyen], connector: "strip" })
  ]
  // checked, and not called
  expect(calls).toHaveLength(5)
  const several = (connectors: InProcess.InProcessOptions["connectors"], connector: string) =>
    InProcess.layer({ connectors, connector })
  expectTypeOf(several).returns.toEqualTypeOf<Layer.Layer<Payments>>()
})

test("a connector's credentials have a type", () => {
  type Secret = Redacted.Redacted<string>
  expectTypeOf<Stripe.Credentials>().toEqualTypeOf<{ readonly secretKey: Secret; readonly account?: string }>()
  expectTypeOf<Adyen.Credentials>().toEqualTypeOf<{
    readonly apiKey: Secret
    readonly merchantAccount: string
    readonly liveUrlPrefix?: string
  }>()
  expectTypeOf<PayPal.Credentials>().toExtend<Target["credentials"]>()
})

test("both transports have the same two forms", () => {
  expectTypeOf<typeof connect>().returns.toEqualTypeOf<InProcess.Client>()
  expectTypeOf<typeof Rpc.connect>().toEqualTypeOf<typeof connect>()
  expectTypeOf<typeof InProcess.inProcess>().returns.toEqualTypeOf<Client>()
  expectTypeOf<typeof Grpc.layer>().returns.toEqualTypeOf<Layer.Layer<Payments>>()
  expectTypeOf<typeof Rpc.layer>().toEqualTypeOf<typeof Grpc.layer>()
  expectTypeOf<typeof InProcess.layer>().returns.toEqualTypeOf<Layer.Layer<Payments>>()
  expectTypeOf(InProcess.inProcess).toBeCallableWith({
    connectors: [stripe],
    connector: "stripe",
    environment: "sandbox",
    account: "shop",
    secrets: (account) => ({ secretKey: account })
  })
  // @ts-expect-error the connectors must be given
  expectTypeOf(InProcess.inProcess).toBeCallableWith({ connector: "stripe" })
  expectTypeOf<CallOptions["signal"]>().toEqualTypeOf<AbortSignal | undefined>()
})

test("an effect fails with the domain's own error, whose reasons are caught by their tags", () => {
  const pay = Effect.gen(function* () {
    const { payment } = yield* Payments
    expectTypeOf(payment.authorize).parameter(0).toEqualTypeOf<AuthorizeInput>()
    expectTypeOf(payment.authorize).returns.toEqualTypeOf<Effect.Effect<Payment, ConnectorError>>()
    // @ts-expect-error who waits for an effect stops it by interruption
    payment.authorize(authorize, { signal: AbortSignal.abort() })
    return yield* payment.authorize(authorize)
  })
  expectTypeOf(pay).toEqualTypeOf<Effect.Effect<Payment, ConnectorError, Payments>>()
  const settled = pay.pipe(
    Effect.catchReason("ConnectorError", "UnknownOutcome", ({ unsettled }) =>
      Effect.flatMap(Payments, ({ settlement }) => settlement.settle({ unsettled }))
    )
  )
  expectTypeOf<Effect.Success<typeof settled>>().toExtend<
    Payment | { _tag: "Taken" } | { _tag: "NotTaken" } | { _tag: "StillUnknown" }
  >()
  expect(Effect.isEffect(settled)).toBe(true)
})
