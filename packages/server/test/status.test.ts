import * as R from "@connector-service/domain/Reason"
import { InvalidSignature, StaleTimestamp, UnknownSecret, Unreadable } from "@connector-service/domain/Refusal"
import { ConnectorError as ConnectorErrorMessage } from "@connector-service/proto/payments/v1/errors"
import { Unsettled as UnsettledMessage } from "@connector-service/proto/payments/v1/types"
import { failureOf, statuses } from "@connector-service/server/Status"
import { DateTime, Duration } from "effect"
import { Status } from "nice-grpc"
import type { ErrorDetails } from "nice-grpc-error-details"
import { describe, expect, it } from "vitest"
import { decoded } from "./kit.ts"

const unsettled = {
  flow: "payment.authorize",
  reference: "order-1",
  attempt: 2,
  amount: { minorUnits: 1000n, currencyCode: "EUR" },
  firstSentAt: DateTime.makeUnsafe(0)
}
const found: R.Reason = new R.AmountMismatch({
  asked: { minorUnits: 1000n, currencyCode: "EUR" },
  found: { _tag: "Payment", payment: { paymentId: "p", status: "CAPTURED", rawStatus: "done", final: true, state: {} } }
})

/** Every reason that a caller can get, the status it has, and the standard details beside ErrorInfo. */
const table: ReadonlyArray<readonly [R.Reason, keyof typeof Status, details?: ReadonlyArray<string>]> = [
  [new R.UnknownConnector({ known: ["a"] }), "NOT_FOUND"],
  [new R.UnsupportedFlow({ supported: ["payment.get"] }), "UNIMPLEMENTED"],
  [new R.UnsupportedPaymentMethod({ paymentMethod: "Card", supported: [] }), "INVALID_ARGUMENT", ["BadRequest"]],
  [new R.MissingField({ field: "amount" }), "INVALID_ARGUMENT", ["BadRequest"]],
  [new R.InvalidField({ field: "amount", rule: "more than zero" }), "INVALID_ARGUMENT", ["BadRequest"]],
  [new R.InvalidCredentials({ description: "x", refusedByProcessor: true }), "UNAUTHENTICATED"],
  [new R.Overloaded({ retryAfter: Duration.millis(1500) }), "RESOURCE_EXHAUSTED", ["RetryInfo"]],
  [new R.CircuitOpen({ retryAfter: Duration.millis(1500) }), "UNAVAILABLE", ["RetryInfo"]],
  [new R.Unreachable({ description: "ECONNREFUSED" }), "UNAVAILABLE"],
  [new R.RateLimited({ retryAfter: Duration.millis(1500) }), "RESOURCE_EXHAUSTED", ["RetryInfo"]],
  [new R.RateLimited({}), "RESOURCE_EXHAUSTED"],
  [new R.Rejected({ httpStatus: 400, rawCode: "c", rawMessage: "m" }), "FAILED_PRECONDITION"],
  [new R.WrongState({ rawCode: "c" }), "FAILED_PRECONDITION"],
  [new R.Duplicate({ rawCode: "c" }), "ALREADY_EXISTS"],
  [new R.KeyExpired({ retention: Duration.hours(24), unsettled }), "UNKNOWN", ["Unsettled"]],
  [new R.UnknownOutcome({ description: "no answer", unsettled }), "UNKNOWN", ["Unsettled"]],
  [found, "DATA_LOSS"],
  [new R.UnreadableReply({ httpStatus: 0, description: "x" }), "UNAVAILABLE"],
  [new InvalidSignature(), "UNAUTHENTICATED"],
  [new StaleTimestamp(), "FAILED_PRECONDITION"],
  [new UnknownSecret(), "FAILED_PRECONDITION"],
  [new Unreadable({ description: "x" }), "INVALID_ARGUMENT"]
]

const errorOf = (reason: R.Reason) => new R.ConnectorError({ connector: "acme", flow: "payment.authorize", reason })

/** The details, decoded by a stock decoder. */
const extraOf = async ({ details, message, status }: ReturnType<typeof failureOf>) => {
  const { code, extra } = await decoded(status, message, details)
  expect(code).toBe(status)
  return extra
}

const nameOf = (detail: ErrorDetails): string =>
  "typeUrl" in detail ? detail.typeUrl.replace(/^type\.googleapis\.com\//, "") : detail.$type

describe("statuses and details", () => {
  it.each(table.map(([reason, status, details]) => [reason._tag, reason, status, details ?? []] as const))(
    "%s",
    async (tag, reason, status, details) => {
      const error = errorOf(reason)
      const failure = failureOf(error)
      expect(Status[failure.status]).toBe(status)
      expect(failure.message).toBe(`${error.message} ${error.consequence.nextStep}`)
      const extra = await extraOf(failure)
      const names = extra.map(nameOf)
      expect(names.slice(0, 2)).toEqual(["payments.v1.ConnectorError", "google.rpc.ErrorInfo"])
      expect(names.slice(2).map((name) => name.split(".").at(-1))).toEqual(details)
      expect(extra[1]).toMatchObject({
        reason: tag,
        domain: "payments.v1",
        metadata: {
          connector: "acme",
          flow: "payment.authorize",
          money_moved: error.consequence.moneyMoved,
          retryable: String(error.consequence.retryable),
          fault: error.consequence.fault,
          next_step: error.consequence.nextStep
        }
      })
    }
  )

  it("has a status for every reason and one that no caller gets", () => {
    expect(Object.keys(statuses).sort()).toEqual([...new Set(table.map(([{ _tag }]) => _tag)), "Declined"].sort())
  })

  it("a delay keeps its milliseconds", async () => {
    const extra = await extraOf(failureOf(errorOf(new R.RateLimited({ retryAfter: Duration.millis(1500) }))))
    expect(extra.at(-1)).toMatchObject({ retryDelay: { seconds: 1, nanos: 500_000_000 } })
  })
})

describe("whatever a processor writes", () => {
  it("a message with half a character can be sent", () => {
    const { message } = failureOf(errorOf(new R.Rejected({ httpStatus: 400, rawCode: "c", rawMessage: "\ud800" })))
    expect(() => encodeURI(message)).not.toThrow()
  })

  it("a long one leaves room in 8 KiB of metadata, which C core and Java read by default", async () => {
    const failure = failureOf(errorOf(new R.Rejected({ httpStatus: 400, rawCode: "c", rawMessage: "é".repeat(1000) })))
    const size = encodeURI(failure.message).length + Math.ceil((failure.details.length * 4) / 3)
    expect(size).toBeLessThan(8 * 1024)
    expect((await extraOf(failure)).map(nameOf)).toContain("payments.v1.ConnectorError")
  })

  it("a long state leaves out what is told twice", async () => {
    const state = { order: "x".repeat(3000) }
    const failure = failureOf(errorOf(new R.UnknownOutcome({ description: "x", unsettled: { ...unsettled, state } })))
    const extra = await extraOf(failure)
    expect(extra.map(nameOf)).not.toContain("payments.v1.Unsettled")
    const [own] = extra
    const message = own !== undefined && "typeUrl" in own ? ConnectorErrorMessage.decode(own.value) : undefined
    const value = message?.reason?.$case === "unknownOutcome" ? message.reason.value.unsettled : undefined
    expect(value).toEqual(UnsettledMessage.fromPartial({ ...unsettled, firstSentAt: new Date(0), state }))
  })
})
