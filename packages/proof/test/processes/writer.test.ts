import type { Payment } from "@connector-service/domain/Payment"
import {
  AmountMismatch,
  Duplicate,
  type Reason,
  Rejected,
  UnknownOutcome,
  Unreachable
} from "@connector-service/domain/Reason"
import type { Settlement } from "@connector-service/domain/Settlement"
import type { Operation } from "@connector-service/proof/History"
import type { Log } from "@connector-service/proof/processes/Log"
import { type Named, Writer } from "@connector-service/proof/processes/Writer"
import { Seeded } from "@connector-service/proof/Seeded"
import { type Client, connect, PaymentError } from "@connector-service/sdk/Client"
import { DateTime } from "effect"
import { afterAll, beforeEach, describe, expect, it } from "vitest"
import { operation } from "./told.ts"

// nothing is ever called there: what is sent is answered here
const client: Client = connect("127.0.0.1:1", { connector: "stripe", environment: "sandbox", account: "sandbox" })
afterAll(() => client.close())

const log: Log = { calls: [], told: [] }
beforeEach(() => {
  log.calls.length = 0
  log.told.length = 0
})

const authorize: Operation = operation("authorize")
const payment = (status: Payment["status"]): Payment => ({
  paymentId: "pay-1",
  status,
  rawStatus: status,
  final: true,
  state: {}
})
const rejecting = (reason: Exclude<Reason, { readonly _tag: "Declined" }>) =>
  Promise.reject(new PaymentError({ connector: "stripe", flow: "payment.authorize", requestId: "id", reason }))

const unreachable = () => rejecting(new Unreachable({ description: "ECONNREFUSED" }))
const rejected = () => rejecting(new Rejected({ httpStatus: 400, rawCode: "bad", rawMessage: "" }))
/** Of which nobody knows: it has nothing to settle. */
const duplicate = () => rejecting(new Duplicate({ rawCode: "used" }))
const declined = () => Promise.resolve(payment("DECLINED"))
const captured = () => Promise.resolve(payment("CAPTURED"))

const unsettled = {
  flow: "payment.authorize",
  reference: authorize.reference,
  attempt: 1,
  paymentId: undefined,
  amount: undefined,
  firstSentAt: undefined,
  lastSentAt: undefined,
  state: undefined
}
const unknown = () => rejecting(new UnknownOutcome({ description: "no answer", unsettled }))

interface Given {
  readonly breaks?: boolean
  /** What Settle answers, whenever it is asked. */
  readonly settles?: Settlement
}

/** What is sent, where calls are answered so one after the other. */
const sending = (...answers: ReadonlyArray<() => Promise<Payment>>) => sendingTo({}, ...answers)
const sendingTo = ({ breaks = false, settles }: Given, ...answers: ReadonlyArray<() => Promise<Payment>>) => {
  const sent: Array<Named> = []
  const run = { seed: "writer", log, breaks, calm: true, over: false }
  const answering = {
    ...client,
    settlement: { settle: () => (settles === undefined ? unknown() : Promise.resolve(settles)) }
  }
  const writer = new Writer(run, new Seeded("writer"), [answering, answering], {
    operation: authorize,
    keyed: {},
    asked: (attempt) => 10_000 + attempt * 100,
    send: (_, named) => {
      const answer = answers[sent.length]
      sent.push(named)
      return answer === undefined ? captured() : answer()
    }
  })
  return { sent, writer }
}

/** docs/errors.md: what a client does about each word on money. */
describe("a client that keeps the rules", () => {
  it("goes on with an answer", async () => {
    const { sent, writer } = sending(captured)
    expect(await writer.toItsEnd(5)).toEqual({ _tag: "Answered", value: payment("CAPTURED") })
    expect(sent).toEqual([{ reference: authorize.reference, attempt: 1, firstSentAt: undefined }])
    expect(log.calls.map(({ asked }) => asked)).toEqual([10_100])
    expect(log.told.map(({ outcome }) => outcome._tag)).toEqual(["Answer"])
  })

  it("sends the same call again, with the time of the first, after it does not know", async () => {
    const { sent, writer } = sending(duplicate)
    expect(await writer.toItsEnd(1)).toEqual({ _tag: "Open" })
    expect(writer.isOpen).toBe(true)
    expect((await writer.toItsEnd(5))._tag).toBe("Answered")
    expect(writer.isOpen).toBe(false)
    const [first, again] = sent
    expect(again).toMatchObject({ reference: first?.reference, attempt: 1 })
    expect(again?.firstSentAt).toEqual(DateTime.makeUnsafe(log.calls[0]?.startedAt ?? 0))
  })

  it("sends the same call again after nothing was sent", async () => {
    const { sent, writer } = sending(unreachable, unreachable)
    expect((await writer.toItsEnd(5))._tag).toBe("Answered")
    expect(sent.map(({ attempt }) => attempt)).toEqual([1, 1, 1])
  })

  it("does not send what was refused again", async () => {
    const { sent, writer } = sending(rejected)
    expect(await writer.toItsEnd(5)).toEqual({ _tag: "NotMoved" })
    expect(sent.length).toBe(1)
  })

  it("raises the attempt after a decline that is final, three attempts at most", async () => {
    const { sent, writer } = sending(declined)
    expect((await writer.toItsEnd(5))._tag).toBe("Answered")
    expect(sent.map(({ attempt }) => attempt)).toEqual([1, 2])
    expect(sent[1]?.firstSentAt).toBeUndefined()
    const never = sending(declined, declined, declined, declined)
    expect(await never.writer.toItsEnd(5)).toEqual({ _tag: "NotMoved" })
    expect(never.sent.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
  })

  it("asks what became of it, and goes on with what was taken", async () => {
    const found = { _tag: "Payment", payment: payment("CAPTURED") } as const
    const { sent, writer } = sendingTo({ settles: { _tag: "Taken", found } }, unknown)
    expect(await writer.toItsEnd(5)).toEqual({ _tag: "Answered", value: found.payment })
    expect(sent.length).toBe(1)
    expect(log.told.map(({ outcome }) => outcome._tag)).toEqual(["Error", "Settlement"])
    expect(log.calls.map(({ settles }) => settles)).toEqual([false, true])
  })

  it("raises the attempt of what was not taken", async () => {
    const { sent, writer } = sendingTo({ settles: { _tag: "NotTaken", evidence: "it is not there" } }, unknown)
    expect((await writer.toItsEnd(5))._tag).toBe("Answered")
    expect(sent.map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  it("sends the same call again where the processor cannot be asked, and does not raise the attempt", async () => {
    const { sent, writer } = sendingTo({ settles: { _tag: "StillUnknown", awaitWebhook: true } }, unknown, unknown)
    expect((await writer.toItsEnd(5))._tag).toBe("Answered")
    expect(sent.map(({ attempt }) => attempt)).toEqual([1, 1, 1])
    expect(sent.slice(1).map(({ firstSentAt }) => firstSentAt)).not.toContain(undefined)
  })

  it("raises the attempt of what is unknown only where it is to break the rules", async () => {
    const { sent, writer } = sendingTo({ breaks: true }, unknown)
    expect((await writer.toItsEnd(5))._tag).toBe("Answered")
    expect(sent.map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  it("leaves alone what was found under the reference, also while nobody knows whether it will move money", async () => {
    const asked = { minorUnits: 10_100n, currencyCode: "EUR" }
    for (const status of ["CAPTURED", "PENDING"] as const) {
      const found = { _tag: "Payment", payment: payment(status) } as const
      for (const reason of [new Duplicate({ rawCode: "used", found }), new AmountMismatch({ asked, found })]) {
        const { sent, writer } = sending(() => rejecting(reason))
        expect(await writer.toItsEnd(5)).toEqual({ _tag: "Found" })
        expect(writer.isOpen).toBe(false)
        expect(sent.length).toBe(1)
      }
    }
  })
})
