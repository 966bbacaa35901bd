import { AmountMismatch, UnknownOutcome, Unreachable } from "@connector-service/domain/Reason"
import { judge, type Money, verdict } from "@connector-service/proof/processes/Judge"
import type { Log, Outcome } from "@connector-service/proof/processes/Log"
import { describe, expect, it } from "vitest"
import { ledger, log, operation, payment, refund } from "./told.ts"

const judged = (told: Log, money: Money) => {
  const { double, false: untrue } = verdict(judge(told, money))
  return { double: [...double], false: [...untrue] }
}
const right = { double: [], false: [] }

const authorize = operation("authorize")
const capture = operation("capture")
const unreachable: Outcome = { _tag: "Error", reason: new Unreachable({ description: "ECONNREFUSED" }) }
const unknown: Outcome = {
  _tag: "Error",
  reason: new UnknownOutcome({
    description: "no answer",
    unsettled: {
      flow: "payment.authorize",
      reference: "ref",
      attempt: 1,
      paymentId: undefined,
      amount: undefined,
      firstSentAt: undefined,
      lastSentAt: undefined,
      state: undefined
    }
  })
}
const notTaken: Outcome = { _tag: "Settlement", settlement: { _tag: "NotTaken", evidence: "it is not in the list" } }
const nothing: Outcome = { _tag: "Nothing" }

/** Reserved and told so, which other operations go on from. */
const reserved = [authorize, { at: 0, asked: 10_100, outcome: payment("AUTHORIZED") }] as const
const booked = [{ at: 5, amount: 10_100 }]

describe("what is right", () => {
  it("a payment that was taken once and told as taken, after an answer that was lost", () => {
    const told = log(
      [authorize, { at: 0, asked: 10_100, outcome: unknown }],
      [authorize, { at: 100, asked: 10_100, again: 0, outcome: payment("CAPTURED") }]
    )
    expect(judged(told, ledger({ authorizations: booked, captures: booked }))).toEqual(right)
  })

  it("a payment that began, was taken and was told within one millisecond", () => {
    const told = log([authorize, { at: 5, ends: 5, asked: 10_100, outcome: payment("AUTHORIZED") }])
    expect(judged(told, ledger({ authorizations: booked }))).toEqual(right)
  })

  it("a new attempt after one that took nothing", () => {
    const told = log(
      [authorize, { at: 0, asked: 10_100, outcome: payment("DECLINED", "pay-0") }],
      [authorize, { at: 100, asked: 10_200, attempt: 2, outcome: payment("AUTHORIZED") }]
    )
    expect(judged(told, ledger({ authorizations: [{ at: 105, amount: 10_200 }] }))).toEqual(right)
  })

  it("what PayPal takes at once, of which it books no authorization, and a refund of it", () => {
    const at = (flow: "authorize" | "refund") => operation(flow, { connector: "paypal" })
    const told = log(
      [at("authorize"), { at: 0, asked: 10_100, outcome: payment("CAPTURED") }],
      [at("refund"), { at: 100, asked: 3000, outcome: refund("SUCCEEDED", 3000) }]
    )
    const captures = [{ at: 5, amount: 10_100, processor: "paypal" as const }]
    const refunds = [{ at: 105, amount: 3000, processor: "paypal" as const }]
    expect(judged(told, ledger({ captures, refunds }))).toEqual(right)
  })

  it("what a payer makes Stripe take on its page", () => {
    const told = log(
      [authorize, { at: 0, asked: 10_100, outcome: payment("REQUIRES_ACTION", "pay-1", { final: false }) }],
      [operation("complete"), { at: 100, asked: 10_100, outcome: payment("AUTHORIZED") }]
    )
    expect(judged(told, ledger({ authorizations: [{ at: 50, amount: 10_100, key: null }] }))).toEqual(right)
  })

  it("what a payer makes Stripe take after Complete came to nothing", () => {
    const told = log(
      [authorize, { at: 0, asked: 10_100, outcome: payment("REQUIRES_ACTION", "pay-1", { final: false }) }],
      [operation("complete"), { at: 100, asked: 10_100, outcome: unreachable }]
    )
    expect(judged(told, ledger({ authorizations: [{ at: 150, amount: 10_100, key: null }] }))).toEqual(right)
  })

  it("two refunds of one amount, of which the first is made last", () => {
    const [one, two] = [operation("refund", { suffix: "-1" }), operation("refund", { suffix: "-2" })]
    const told = log(
      reserved,
      [capture, { at: 100, asked: 10_100, outcome: nothing }],
      [one, { at: 200, asked: 3000, outcome: unknown }],
      [two, { at: 300, asked: 3000, outcome: refund("SUCCEEDED", 3000) }]
    )
    const refunds = [
      { at: 305, amount: 3000, reference: two.reference },
      { at: 350, amount: 3000, reference: one.reference }
    ]
    const captures = [{ at: 105, amount: 10_100 }]
    expect(judged(told, ledger({ authorizations: booked, captures, refunds }))).toEqual(right)
  })

  it("two refunds of one amount, each made once", () => {
    const told = log(
      reserved,
      [capture, { at: 100, asked: 10_100, outcome: nothing }],
      [operation("refund", { suffix: "-1" }), { at: 200, asked: 3000, outcome: refund("SUCCEEDED", 3000) }],
      [operation("refund", { suffix: "-2" }), { at: 300, asked: 3000, outcome: refund("SUCCEEDED", 3000) }]
    )
    const refunds = [
      { at: 205, amount: 3000, reference: "ref-0-refund-1" },
      { at: 305, amount: 3000, reference: "ref-0-refund-2" }
    ]
    const captures = [{ at: 105, amount: 10_100 }]
    expect(judged(told, ledger({ authorizations: booked, captures, refunds }))).toEqual(right)
  })

  it("another amount than was asked, told as such", () => {
    const found = { paymentId: "pay-1", status: "AUTHORIZED", rawStatus: "", final: false, state: {} } as const
    const asked = { minorUnits: 10_100n, currencyCode: "EUR" }
    const mismatch = new AmountMismatch({ asked, found: { _tag: "Payment", payment: found } })
    const told = log([authorize, { at: 0, asked: 10_100, outcome: { _tag: "Error", reason: mismatch } }])
    expect(judged(told, ledger({ authorizations: [{ at: 5, amount: 10_095 }] }))).toEqual(right)
  })
})

describe("double", () => {
  it("the attempt was raised while the first one was unknown, and both were taken", () => {
    const told = log(
      [authorize, { at: 0, asked: 10_100, outcome: unknown }],
      [authorize, { at: 100, asked: 10_200, attempt: 2, outcome: payment("AUTHORIZED", "pay-2") }]
    )
    const authorizations = [
      { at: 5, amount: 10_100 },
      { at: 105, amount: 10_200, payment: "pay-2" }
    ]
    expect(judged(told, ledger({ authorizations }))).toEqual({ double: [authorize.name], false: [] })
  })

  it("the same call again made a second payment", () => {
    const told = log(
      [authorize, { at: 0, asked: 10_100, outcome: unknown }],
      [authorize, { at: 100, asked: 10_100, again: 0, outcome: payment("AUTHORIZED", "pay-2") }]
    )
    const authorizations = [
      { at: 5, amount: 10_100 },
      { at: 105, amount: 10_100, payment: "pay-2" }
    ]
    expect(judged(told, ledger({ authorizations }))).toEqual({ double: [authorize.name], false: [] })
  })

  it("a refund was made twice, also where another one has the same amount", () => {
    const [one, two] = [operation("refund", { suffix: "-1" }), operation("refund", { suffix: "-2" })]
    const told = log(
      reserved,
      [capture, { at: 100, asked: 10_100, outcome: nothing }],
      [one, { at: 200, asked: 3000, outcome: refund("SUCCEEDED", 3000) }],
      [two, { at: 300, asked: 3000, outcome: refund("SUCCEEDED", 3000) }]
    )
    const refunds = [
      { at: 205, amount: 3000, reference: one.reference },
      { at: 206, amount: 3000, reference: one.reference },
      { at: 305, amount: 3000, reference: two.reference }
    ]
    const captures = [{ at: 105, amount: 10_100 }]
    const all = { authorizations: booked, captures, refunds }
    expect(judged(told, ledger(all))).toEqual({ double: [one.name], false: [] })
  })

  it("more was given back than was captured", () => {
    const told = log(
      reserved,
      [capture, { at: 100, asked: 5000, outcome: nothing }],
      [operation("refund"), { at: 200, asked: 6000, outcome: nothing }]
    )
    const all = {
      authorizations: booked,
      captures: [{ at: 105, amount: 5000 }],
      refunds: [{ at: 205, amount: 6000 }]
    }
    expect(judged(told, ledger(all))).toEqual({ double: [authorize.name], false: [] })
  })

  it("money was taken before anybody asked for it", () => {
    const told = log([authorize, { at: 20, asked: 10_100, outcome: payment("AUTHORIZED") }])
    expect(judged(told, ledger({ authorizations: booked })).double).toEqual(["nobody's stripe pay-1"])
  })

  it("money was taken that nobody asked for", () => {
    const authorizations = [...booked, { at: 50, amount: 77_700, payment: "pay-9" }]
    expect(judged(log(reserved), ledger({ authorizations })).double).toEqual(["nobody's stripe pay-9"])
    const captures = [{ at: 50, amount: 10_000 }]
    expect(judged(log(reserved), ledger({ authorizations: booked, captures })).double).toEqual([
      "nobody's stripe pay-1"
    ])
  })
})

describe("false", () => {
  const isFalse = { double: [], false: [authorize.name] }

  it("told as reserved what was not", () => {
    expect(judged(log(reserved), ledger({}))).toEqual(isFalse)
  })

  it("told as reserved what was reserved only later", () => {
    expect(judged(log(reserved), ledger({ authorizations: [{ at: 11, amount: 10_100 }] }))).toEqual(isFalse)
  })

  it("told as asked for what was taken in another amount", () => {
    expect(judged(log(reserved), ledger({ authorizations: [{ at: 5, amount: 10_095 }] }))).toEqual(isFalse)
  })

  it("told as declined what was taken", () => {
    const told = log([authorize, { at: 0, asked: 10_100, outcome: payment("DECLINED", "") }])
    expect(judged(told, ledger({ authorizations: booked }))).toEqual(isFalse)
  })

  it("told as not sent what the processor took, also later", () => {
    const told = log([authorize, { at: 0, asked: 10_100, outcome: unreachable }])
    expect(judged(told, ledger({ authorizations: [{ at: 5000, amount: 10_100 }] }))).toEqual(isFalse)
  })

  it("settled as not taken what was taken", () => {
    const told = log(
      [authorize, { at: 0, asked: 10_100, outcome: unknown }],
      [authorize, { at: 100, asked: 10_100, settles: true, outcome: notTaken }]
    )
    expect(judged(told, ledger({ authorizations: booked }))).toEqual(isFalse)
    expect(judged(told, ledger({}))).toEqual(right)
  })

  it("settled as taken what was not", () => {
    const found = { paymentId: "pay-1", status: "AUTHORIZED", rawStatus: "", final: false, state: {} } as const
    const taken: Outcome = {
      _tag: "Settlement",
      settlement: { _tag: "Taken", found: { _tag: "Payment", payment: found } }
    }
    const told = log([authorize, { at: 0, asked: 10_100, settles: true, outcome: taken }])
    expect(judged(told, ledger({}))).toEqual(isFalse)
  })

  it("told as given back where only the other refund of that amount was", () => {
    const [one, two] = [operation("refund", { suffix: "-1" }), operation("refund", { suffix: "-2" })]
    const told = log(
      reserved,
      [capture, { at: 100, asked: 10_100, outcome: nothing }],
      [one, { at: 200, asked: 3000, outcome: refund("SUCCEEDED", 3000) }],
      [two, { at: 300, asked: 3000, outcome: refund("SUCCEEDED", 3000) }]
    )
    const all = {
      authorizations: booked,
      captures: [{ at: 105, amount: 10_100 }],
      refunds: [{ at: 205, amount: 3000, reference: one.reference }]
    }
    expect(judged(told, ledger(all))).toEqual({ double: [], false: [two.name] })
  })

  it("told as released what was not", () => {
    const release = operation("void")
    const told = log(reserved, [release, { at: 100, outcome: payment("VOIDED") }])
    expect(judged(told, ledger({ authorizations: booked }))).toEqual({ double: [], false: [release.name] })
    const voids = [{ at: 105, amount: 10_100 }]
    expect(judged(told, ledger({ authorizations: booked, voids }))).toEqual(right)
  })

  it("of a question that was not answered nothing is held against anybody", () => {
    const told = log(
      [authorize, { at: 0, asked: 10_100, outcome: unknown }],
      [authorize, { at: 100, asked: 10_100, settles: true, outcome: unreachable }]
    )
    expect(judged(told, ledger({ authorizations: booked }))).toEqual(right)
  })
})
