import * as errors from "@connector-service/codec/errors"
import * as R from "@connector-service/domain/Reason"
import { ConnectorError, Fault, MoneyMoved } from "@connector-service/proto/payments/v1/errors"
import { Payment } from "@connector-service/proto/payments/v1/types"
import { DateTime } from "effect"
import { describe, expect, it } from "vitest"
import { descriptor } from "./Descriptors.ts"

const unsettled = {
  flow: "payment.authorize",
  reference: "order-1",
  attempt: 1,
  firstSentAt: DateTime.makeUnsafe("2026-01-02T03:04:05.678Z")
}
const errorOf = (reason: R.Reason) => new R.ConnectorError({ connector: "stripe", flow: "payment.authorize", reason })
const sent = (reason: R.Reason) =>
  ConnectorError.decode(ConnectorError.encode(errors.toProto(errorOf(reason))).finish())

describe("an error", () => {
  it("says beside its reason whether money moved, as the reason does", () => {
    // DESIGN section 7: UnknownOutcome leaves it unknown, AmountMismatch is money that moved
    expect(sent(new R.UnknownOutcome({ description: "cut", unsettled }))).toMatchObject({
      connector: "stripe",
      flow: "payment.authorize",
      moneyMoved: MoneyMoved.MONEY_MOVED_UNKNOWN,
      retryable: false,
      fault: Fault.FAULT_NETWORK,
      reason: { $case: "unknownOutcome", value: { unsettled: { reference: "order-1", attempt: 1 } } }
    })
    expect(sent(new R.Unreachable({ description: "ECONNREFUSED" }))).toMatchObject({
      moneyMoved: MoneyMoved.MONEY_MOVED_NO,
      retryable: true
    })
  })

  it("comes back as the same class with the same sentence", () => {
    const back = errors.fromProto(sent(new R.UnknownOutcome({ description: "cut", unsettled })))
    expect(back).toBeInstanceOf(R.ConnectorError)
    expect(back?.reason).toBeInstanceOf(R.UnknownOutcome)
    expect(back?.message).toBe(errorOf(new R.UnknownOutcome({ description: "cut", unsettled })).message)
  })

  it("has a case in the proto for every reason but Declined, which is an answer", () => {
    const cases = descriptor("ConnectorError").oneofs[0]?.fields.map(({ localName }) => localName) ?? []
    const tags = R.Reason.members.map((member) => member.fields._tag.schema.literal).filter((tag) => tag !== "Declined")
    expect(cases.map((name) => name.charAt(0).toUpperCase() + name.slice(1)).sort()).toEqual([...tags].sort())
  })
})

describe("an error that cannot be read", () => {
  const base = errors.toProto(errorOf(new R.MissingField({ field: "amount" })))

  it("is none where it has no reason, or one that is not known", () => {
    expect(errors.fromProto({ ...base, reason: undefined })).toBeUndefined()
    // field 99, a message without content: a reason that a newer service knows (https://protobuf.dev/programming-guides/encoding/)
    const bytes = Uint8Array.of(...ConnectorError.encode({ ...base, reason: undefined }).finish(), 0x9a, 0x06, 0x00)
    expect(errors.fromProto(ConnectorError.decode(bytes))).toBeUndefined()
  })

  it("is none where what the reason is about is absent", () => {
    const about = (reason: ConnectorError["reason"]) => errors.fromProto({ ...base, reason })
    expect(about({ $case: "unknownOutcome", value: { description: "", unsettled: undefined } })).toBeUndefined()
    expect(about({ $case: "keyExpired", value: { retention: undefined, unsettled: undefined } })).toBeUndefined()
    expect(about({ $case: "amountMismatch", value: { asked: undefined, found: undefined } })).toBeUndefined()
  })

  it("is read where the other version's values break this one's rules", () => {
    const payment = Payment.create({ amount: { minorUnits: 1n, currencyCode: "QQQ" } })
    const asked = { minorUnits: 2n, currencyCode: "QQQ" }
    const error = errors.fromProto({
      ...base,
      reason: { $case: "amountMismatch", value: { asked, found: { value: { $case: "payment", value: payment } } } }
    })
    expect(error?.reason).toMatchObject({ _tag: "AmountMismatch", asked })
  })
})
