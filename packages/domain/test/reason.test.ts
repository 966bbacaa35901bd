import { consequenceOf, consequences } from "@connector-service/domain/Consequence"
import { decline } from "@connector-service/domain/Decline"
import * as R from "@connector-service/domain/Reason"
import { InvalidSignature, StaleTimestamp, UnknownSecret, Unreadable } from "@connector-service/domain/Refusal"
import { sentenceOf } from "@connector-service/domain/Sentence"
import type { Found, Unsettled } from "@connector-service/domain/Settlement"
import { DateTime, Duration } from "effect"
import { describe, expect, it } from "vitest"

const amount = { minorUnits: 1000n, currencyCode: "EUR" }
const unsettled: Unsettled = {
  flow: "payment.capture",
  reference: "capture-1",
  attempt: 1,
  paymentId: "pi_1",
  amount,
  firstSentAt: DateTime.makeUnsafe(0)
}
const paymentFound = (status: "CAPTURED" | "DECLINED" | "PENDING" | "UNRECOGNIZED" | "VOIDED"): Found => ({
  _tag: "Payment",
  payment: { paymentId: "pi_1", status, rawStatus: "raw", final: true, state: {} }
})
const retryAfter = Duration.seconds(1)

/** One of each, with DESIGN section 7's answers: did money move, may the same call be sent again, whose fault is it. */
const reasons: ReadonlyArray<readonly [reason: R.Reason, moneyMoved: string, retryable: boolean, fault: string]> = [
  [new R.UnknownConnector({ known: ["stripe"] }), "NO", false, "CALLER"],
  [new R.UnsupportedFlow({ supported: ["payment.get"] }), "NO", false, "CALLER"],
  [new R.UnsupportedPaymentMethod({ paymentMethod: "card", supported: ["network_token"] }), "NO", false, "CALLER"],
  [new R.MissingField({ field: "amount" }), "NO", false, "CALLER"],
  [new R.InvalidField({ field: "amount.minor_units", rule: "more than zero" }), "NO", false, "CALLER"],
  [new R.InvalidCredentials({ description: "no such key", refusedByProcessor: true }), "NO", false, "CALLER"],
  [new R.InvalidCredentials({ description: "not of its form", refusedByProcessor: false }), "NO", false, "CALLER"],
  [new R.Overloaded({ retryAfter }), "NO", true, "SERVICE"],
  [new R.CircuitOpen({ retryAfter }), "NO", true, "PROCESSOR"],
  [new R.Unreachable({ description: "ECONNREFUSED" }), "NO", true, "NETWORK"],
  [new R.RateLimited({ retryAfter }), "NO", true, "PROCESSOR"],
  [new R.Declined({ decline: decline("LOST_CARD", { rawCode: "lost_card" }) }), "NO", false, "CALLER"],
  [new R.Rejected({ httpStatus: 400, rawCode: "bad", rawMessage: "Bad" }), "NO", false, "CALLER"],
  [new R.WrongState({ rawCode: "done", found: paymentFound("CAPTURED") }), "NO", false, "CALLER"],
  [new R.Duplicate({ rawCode: "used" }), "UNKNOWN", false, "CALLER"],
  [new R.KeyExpired({ retention: Duration.hours(24), unsettled }), "UNKNOWN", false, "CALLER"],
  [new R.UnknownOutcome({ description: "HTTP 500", unsettled }), "UNKNOWN", false, "NETWORK"],
  [new R.AmountMismatch({ asked: amount, found: paymentFound("CAPTURED") }), "YES", false, "PROCESSOR"],
  [new R.UnreadableReply({ httpStatus: 502, description: "HTTP 502" }), "NO", true, "PROCESSOR"],
  // a webhook moves nothing, and the very same delivery is refused each time
  [new InvalidSignature(), "NO", false, "CALLER"],
  [new StaleTimestamp(), "NO", false, "CALLER"],
  [new UnknownSecret(), "NO", false, "CALLER"],
  [new Unreadable({ description: "not JSON" }), "NO", false, "PROCESSOR"]
]

describe("a reason", () => {
  it("is one of those above", () => {
    expect([...new Set(reasons.map(([{ _tag }]) => _tag))].toSorted()).toEqual(Object.keys(consequences).toSorted())
  })

  it.each(reasons)("%s says what it means", (reason, moneyMoved, retryable, fault) => {
    const { nextStep, ...consequence } = consequenceOf(reason)
    expect(consequence).toEqual({ moneyMoved, retryable, fault })
    expect(nextStep).toMatch(/^[A-Z].*\.$/)
  })

  it.each(reasons)("%s says in a sentence what it is", (reason) => {
    expect(sentenceOf(reason).trim()).toMatch(/^.{10,}/)
    const error = new R.ConnectorError({ connector: "stripe", flow: "payment.capture", reason })
    expect(error.message).toBe(sentenceOf(reason))
    expect(error.consequence).toEqual(consequenceOf(reason))
    // DESIGN, section 6: only NOT_TAKEN says that a write was not taken, never that Settle could not ask
    const settling = new R.ConnectorError({ connector: "stripe", flow: "settlement.settle", reason })
    expect(settling.consequence.moneyMoved).not.toBe("NO")
    expect({ ...error.consequence, moneyMoved: settling.consequence.moneyMoved }).toEqual(settling.consequence)
    expect(error).toBeInstanceOf(Error)
  })

  it("may be sent again as it is only when nothing moved", () => {
    for (const [reason] of reasons) {
      const { moneyMoved, retryable } = consequenceOf(reason)
      if (retryable) expect(moneyMoved).toBe("NO")
    }
  })

  it.each([
    ["CAPTURED", "YES"],
    ["DECLINED", "NO"],
    ["VOIDED", "NO"],
    ["PENDING", "UNKNOWN"],
    ["UNRECOGNIZED", "UNKNOWN"]
  ] as const)("that finds a duplicate or another amount, %s: money moved %s", (status, moneyMoved) => {
    const found = paymentFound(status)
    for (const reason of [
      new R.Duplicate({ rawCode: "used", found }),
      new R.AmountMismatch({ asked: amount, found })
    ]) {
      expect(consequenceOf(reason).moneyMoved).toBe(moneyMoved)
      expect(sentenceOf(reason)).toContain(status)
    }
  })
})
