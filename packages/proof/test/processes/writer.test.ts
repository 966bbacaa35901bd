import type { Payment } from "@connector-service/domain/Payment"
import { AmountMismatch, Duplicate, type Reason, Rejected, Unreachable } from "@connector-service/domain/Reason"
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

/** What is sent, where calls are answered so one after the other. */
const sending = (...answers: ReadonlyArray<() => Promise<Payment>>) => {
  const sent: Array<Named> = []
  const run = { seed: "writer", log, breaks: false, calm: true, over: false }
  const writer = new Writer(run, new Seeded("writer"), [client, client], {
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
