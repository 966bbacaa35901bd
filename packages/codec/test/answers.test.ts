import { codecs } from "@connector-service/codec/codecs"
import { PaymentServiceCaptureResponse, PaymentServiceGetResponse } from "@connector-service/proto/payments/v1/payment"
import { SettlementServiceSettleResponse } from "@connector-service/proto/payments/v1/settlement"
import { Capture, Decline, type Payment, PaymentStatus } from "@connector-service/proto/payments/v1/types"
import { Duration } from "effect"
import { describe, expect, it } from "vitest"

// an open enum's unknown number reaches the reader as it is: https://protobuf.dev/programming-guides/enum/
const unknown = 99 as never
const paymentOf = (payment: Partial<Payment> | undefined) => {
  const message = PaymentServiceGetResponse.create({ payment })
  return codecs.payment.get.response.fromProto(
    PaymentServiceGetResponse.decode(PaymentServiceGetResponse.encode(message).finish())
  )
}

describe("an answer of a newer service", () => {
  it("is UNRECOGNIZED where its status is not known or not said", () => {
    expect(paymentOf({ status: unknown }).status).toBe("UNRECOGNIZED")
    expect(paymentOf({ status: PaymentStatus.PAYMENT_STATUS_UNSPECIFIED }).status).toBe("UNRECOGNIZED")
    expect(paymentOf({ status: PaymentStatus.UNRECOGNIZED }).status).toBe("UNRECOGNIZED")
    const capture = Capture.create({ status: unknown, paymentStatus: unknown })
    expect(
      codecs.payment.capture.response.fromProto(
        PaymentServiceCaptureResponse.decode(PaymentServiceCaptureResponse.encode({ capture }).finish())
      )
    ).toMatchObject({ status: "UNRECOGNIZED", paymentStatus: "UNRECOGNIZED" })
  })

  it("leaves out a check's result that is not known", () => {
    expect(paymentOf({ cardChecks: { cvc: unknown, avsCode: "Y" } }).cardChecks).toEqual({ avsCode: "Y" })
  })

  it("says of a decline whose kind and action are not known what its code means", () => {
    const decline = Decline.create({ code: unknown, kind: unknown, action: unknown, rawCode: "x" })
    expect(paymentOf({ decline }).decline).toMatchObject({
      code: "UNRECOGNIZED",
      kind: "SOFT",
      action: "OTHER_PAYMENT_METHOD",
      rawCode: "x"
    })
  })

  it("has no next action where its kind is not known", () => {
    expect(paymentOf({ nextAction: { action: undefined } }).nextAction).toBeUndefined()
  })

  it("never says that a payment it does not carry is final", () => {
    expect(paymentOf(undefined)).toMatchObject({ status: "UNRECOGNIZED", final: false })
  })
})

describe("a settlement", () => {
  const read = (message: SettlementServiceSettleResponse) =>
    codecs.settlement.settle.response.fromProto(
      SettlementServiceSettleResponse.decode(SettlementServiceSettleResponse.encode(message).finish())
    )

  it("stays unknown where it says nothing that can be read", () => {
    expect(read({ settlement: undefined })._tag).toBe("StillUnknown")
    expect(read({ settlement: { $case: "taken", value: { found: undefined } } })._tag).toBe("StillUnknown")
    expect(read({ settlement: { $case: "taken", value: { found: { value: undefined } } } })._tag).toBe("StillUnknown")
  })

  it("keeps absent apart from zero in when to ask again", () => {
    const { fromProto, toProto } = codecs.settlement.settle.response
    const still = (retryAfter: Duration.Duration | undefined) => {
      const read = fromProto(toProto({ _tag: "StillUnknown", retryAfter, awaitWebhook: true }))
      return read._tag === "StillUnknown" ? read.retryAfter : expect.unreachable()
    }
    expect(still(undefined)).toBeUndefined()
    expect(still(Duration.zero)).toEqual(Duration.zero)
    expect(still(Duration.millis(1500))).toEqual(Duration.millis(1500))
    expect(still(Duration.nanos(1n))).toEqual(Duration.nanos(1n))
  })
})

describe("an answer's own parts", () => {
  it("keeps an empty state as one", () => {
    expect(paymentOf({ state: {} }).state).toEqual({})
  })

  it("writes a duration as seconds and nanoseconds of one sign, at most 10,000 years", () => {
    // google/protobuf/duration.proto: -315,576,000,000 to +315,576,000,000 seconds; nanos has the sign of seconds
    const written = (retryAfter: Duration.Duration) =>
      codecs.settlement.settle.response.toProto({ _tag: "StillUnknown", retryAfter, awaitWebhook: false })
    const still = (retryAfter: object) => ({
      settlement: { $case: "stillUnknown", value: { retryAfter, awaitWebhook: false } }
    })
    expect(written(Duration.millis(2500))).toEqual(still({ seconds: 2n, nanos: 500_000_000 }))
    expect(written(Duration.infinity)).toEqual(still({ seconds: 315_576_000_000n, nanos: 0 }))
  })
})
