import { create, type DescMessage, toBinary } from "@bufbuild/protobuf"
import { TimestampSchema } from "@bufbuild/protobuf/wkt"
import { codecs } from "@connector-service/codec/codecs"
import { ConnectorServiceGetRequest } from "@connector-service/proto/payments/v1/connector"
import {
  PaymentServiceAuthorizeRequest,
  PaymentServiceCaptureRequest,
  PaymentServiceCompleteRequest,
  PaymentServiceGetRequest,
  PaymentServiceVoidRequest
} from "@connector-service/proto/payments/v1/payment"
import { RefundServiceCreateRequest, RefundServiceGetRequest } from "@connector-service/proto/payments/v1/refund"
import { SettlementServiceSettleRequest } from "@connector-service/proto/payments/v1/settlement"
import { CaptureMethod, Card, type PaymentMethod, ThreeDSecureResult } from "@connector-service/proto/payments/v1/types"
import { Redacted, Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { descriptor, messageOf } from "./Descriptors.ts"
import { methods } from "./Methods.ts"

// a published test number: https://docs.stripe.com/testing#cards
const number = "4242424242424242"
const card = { number, expiryMonth: 12, expiryYear: 2030, cvc: "123" }
const byCard = (value: Partial<Card>): PaymentMethod => ({ method: { $case: "card", value: Card.create(value) } })
const amount = { minorUnits: 1000n, currencyCode: "EUR" }
const full = PaymentServiceAuthorizeRequest.create({
  reference: "order-1",
  amount,
  paymentMethod: byCard(card),
  captureMethod: CaptureMethod.CAPTURE_METHOD_MANUAL
})
type Authorize = PaymentServiceAuthorizeRequest
const authorize = (change: Partial<Authorize>) =>
  codecs.payment.authorize.request.fromProto(
    PaymentServiceAuthorizeRequest.decode(PaymentServiceAuthorizeRequest.encode({ ...full, ...change }).finish())
  )

const problem = (result: Result.Result<unknown, unknown>): unknown =>
  Result.match(result, {
    onSuccess: () => "no problem",
    // the reasons are errors, whose stack is not what is compared
    onFailure: (failure) => ({ ...(failure as object) })
  })

const missing = (field: string) => ({ _tag: "MissingField", field })
const invalid = (field: string, rule: string) => ({ _tag: "InvalidField", field, rule })

describe("payment.authorize", () => {
  it("takes a minimal request and leaves out what was not given", () => {
    const request = Result.getOrThrow(authorize({}))
    expect(request).toMatchObject({ reference: "order-1", amount, captureMethod: "MANUAL" })
    expect(request.metadata).toBeUndefined()
    expect(request.state).toBeUndefined()
    expect(request.threeDSecureRequest).toBeUndefined()
  })

  it("redacts the number and the code from the moment they are read", () => {
    const request = Result.getOrThrow(authorize({}))
    const { paymentMethod } = request
    if (paymentMethod._tag !== "Card") return expect.unreachable()
    expect(Redacted.value(paymentMethod.number)).toBe(number)
    expect(paymentMethod.cvc && Redacted.value(paymentMethod.cvc)).toBe("123")
    expect(`${paymentMethod.number} ${paymentMethod.cvc}`).toBe("<redacted:card number> <redacted:cvc>")
  })

  // which fields are required is said by the comments of payment.proto and types.proto
  it.each<[string, Partial<Authorize>]>([
    ["reference", { reference: "" }],
    ["amount", { amount: undefined }],
    ["amount.currency_code", { amount: { minorUnits: 1n, currencyCode: "" } }],
    ["payment_method", { paymentMethod: undefined }],
    ["payment_method", { paymentMethod: { method: undefined } }],
    ["payment_method.card.number", { paymentMethod: byCard({ ...card, number: "" }) }],
    ["payment_method.card.expiry_month", { paymentMethod: byCard({ ...card, expiryMonth: 0 }) }],
    ["payment_method.card.expiry_year", { paymentMethod: byCard({ ...card, expiryYear: 0 }) }],
    [
      "payment_method.network_token.number",
      {
        paymentMethod: {
          method: { $case: "networkToken", value: { number: "", expiryMonth: 1, expiryYear: 2030 } }
        }
      }
    ],
    [
      "payment_method.saved_payment_method.id",
      { paymentMethod: { method: { $case: "savedPaymentMethod", value: { id: "" } } } }
    ],
    ["capture_method", { captureMethod: CaptureMethod.CAPTURE_METHOD_UNSPECIFIED }],
    ["shipping.name", { shipping: { name: "", address: {} } }],
    ["shipping.address", { shipping: { name: "A", address: undefined } }],
    ["three_d_secure_result.version", { threeDSecureResult: ThreeDSecureResult.create({}) }]
  ])("misses %s", (field, change) => {
    expect(problem(authorize(change))).toEqual(missing(field))
  })

  it.each<[string, string, Partial<Authorize>]>([
    [
      "payment_method.card.number",
      "a number that passes the Luhn check",
      { paymentMethod: byCard({ ...card, number: "4242424242424241" }) }
    ],
    ["payment_method.card.cvc", "3 or 4 digits", { paymentMethod: byCard({ ...card, cvc: "12" }) }],
    ["payment_method.card.expiry_month", "1 to 12", { paymentMethod: byCard({ ...card, expiryMonth: 13 }) }],
    ["amount.minor_units", "more than zero", { amount: { minorUnits: 0n, currencyCode: "EUR" } }],
    [
      "billing_address.country_code",
      "an ISO 3166-1 alpha-2 code in upper case, such as NL",
      { billingAddress: { countryCode: "nl" } }
    ]
  ])("refuses %s that is not %s", (field, rule, change) => {
    expect(problem(authorize(change))).toEqual(invalid(field, rule))
  })

  it("refuses a first_sent_at that no Date holds", () => {
    const desc = descriptor("PaymentServiceAuthorizeRequest")
    // one second more than the last one (ECMA-262, 21.4.1.1)
    const firstSentAt = create(TimestampSchema, { seconds: 8_640_000_000_001n })
    const bytes = toBinary(desc, create(desc, { reference: "a", firstSentAt }))
    const result = codecs.payment.authorize.request.fromProto(PaymentServiceAuthorizeRequest.decode(bytes))
    expect(problem(result)).toEqual(invalid("first_sent_at", "a valid timestamp"))
  })

  it("never repeats a refused value", () => {
    const refused = problem(authorize({ paymentMethod: byCard({ ...card, number: "4242424242424241" }) }))
    expect(JSON.stringify(refused)).not.toContain("4242")
  })

  it("takes an empty address in shipping: each of its fields is optional", () => {
    expect(Result.isSuccess(authorize({ shipping: { name: "A", address: {} } }))).toBe(true)
  })

  it("does not change the message", () => {
    const message = PaymentServiceAuthorizeRequest.create({ ...full, metadata: { a: "b" }, state: { c: "d" } })
    const before = PaymentServiceAuthorizeRequest.encode(message).finish()
    codecs.payment.authorize.request.fromProto(message)
    expect(PaymentServiceAuthorizeRequest.encode(message).finish()).toEqual(before)
  })

  it("unwraps the number and the code only where a request is written", () => {
    const request = Result.getOrThrow(authorize({}))
    const message = codecs.payment.authorize.request.toProto(request)
    expect(message.paymentMethod?.method).toMatchObject({ $case: "card", value: { number, cvc: "123" } })
  })
})

// an open enum's unknown number reaches the reader as it is: https://protobuf.dev/programming-guides/enum/
const unknown = 99 as never
describe("an enum's number that this service does not know", () => {
  it.each<[string, string, Partial<Authorize>]>([
    ["capture_method", "one of AUTOMATIC, MANUAL", { captureMethod: unknown }],
    ["capture_method", "one of AUTOMATIC, MANUAL", { captureMethod: CaptureMethod.UNRECOGNIZED }],
    ["three_d_secure_request", "one of IF_REQUIRED, ALWAYS, CHALLENGE", { threeDSecureRequest: unknown }],
    [
      "three_d_secure_result.status",
      "one of AUTHENTICATED, ATTEMPTED, NOT_AUTHENTICATED, UNAVAILABLE, REJECTED, INFORMATIONAL, CHALLENGE",
      {
        threeDSecureResult: {
          version: "2.2.0",
          cryptogram: "AAABBEg0VhI0VniQEjRWAAAAAAA=",
          transactionId: "a",
          status: unknown
        }
      }
    ]
  ])("is refused in %s as not %s", (field, rule, change) => {
    expect(problem(authorize(change))).toEqual(invalid(field, rule))
  })

  it("is refused in a reason", () => {
    const release = PaymentServiceVoidRequest.create({ reference: "v", paymentId: "pi_1", reason: unknown })
    expect(problem(codecs.payment.void.request.fromProto(release))).toEqual(
      invalid("reason", "one of REQUESTED_BY_CUSTOMER, DUPLICATE, FRAUDULENT, ABANDONED")
    )
    const refund = RefundServiceCreateRequest.create({ reference: "r", paymentId: "pi_1", amount, reason: unknown })
    expect(problem(codecs.refund.create.request.fromProto(refund))).toEqual(
      invalid("reason", "one of REQUESTED_BY_CUSTOMER, DUPLICATE, FRAUDULENT")
    )
  })
})

describe("what other methods miss", () => {
  const { payment, refund, settlement, connector } = codecs
  const unsettled = {
    flow: "payment.authorize",
    reference: "a",
    attempt: 1,
    firstSentAt: new Date(0),
    lastSentAt: undefined,
    state: {}
  }
  it.each([
    ["payment_id", payment.capture.request.fromProto(PaymentServiceCaptureRequest.create({ reference: "c", amount }))],
    ["payment_id", payment.void.request.fromProto(PaymentServiceVoidRequest.create({ reference: "c" }))],
    ["payment_id", payment.get.request.fromProto(PaymentServiceGetRequest.create())],
    ["reference", payment.complete.request.fromProto(PaymentServiceCompleteRequest.create({ paymentId: "a" }))],
    [
      "amount",
      refund.create.request.fromProto(RefundServiceCreateRequest.create({ reference: "c", paymentId: "pi_1" }))
    ],
    ["refund_id", refund.get.request.fromProto(RefundServiceGetRequest.create())],
    ["unsettled", settlement.settle.request.fromProto(SettlementServiceSettleRequest.create())],
    ["unsettled.flow", settlement.settle.request.fromProto({ unsettled: { ...unsettled, flow: "" } })],
    ["id", connector.get.request.fromProto(ConnectorServiceGetRequest.create())]
  ])("is %s", (field, result) => {
    expect(problem(result)).toEqual(missing(field))
  })

  it("is not an unsettled write's attempt: it is the first one, as types.proto says", () => {
    const request = settlement.settle.request.fromProto({ unsettled: { ...unsettled, attempt: 0 } })
    expect(Result.getOrThrow(request).unsettled.attempt).toBeUndefined()
  })
})

const resolves = (desc: DescMessage, [name, ...rest]: ReadonlyArray<string>): boolean => {
  const field = desc.fields.find((field) => field.name === name)
  if (field === undefined) return false
  return rest.length === 0 || (field.fieldKind === "message" && resolves(field.message, rest))
}

describe.each(methods)("$name", ({ codec, desc, generated }) => {
  it("names a refused field as the proto does", () => {
    fc.assert(
      // an answer's texts are any, and so break a request's rules
      fc.property(messageOf(desc.request, { of: "answer", fields: "some" }), (message) => {
        const result = codec.request.fromProto(generated.request.decode(toBinary(desc.request, message)))
        if (Result.isSuccess(result)) return
        const { field } = result.failure as { readonly field: string }
        expect(resolves(desc.request, field.split(".")), field).toBe(true)
      })
    )
  })
})
