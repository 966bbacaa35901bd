import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { trading } from "./acme/tokened.ts"
import { calling, charge, outcome, refusal, result } from "./Sending.ts"
import { broken, ended, over, type Sent, Silence, type Step, start, stub } from "./Stub.ts"

const saved = { paymentMethod: { _tag: "SavedPaymentMethod", id: "pm_1" } }
const isTrade = ({ url }: Sent): boolean => url.pathname.includes("/trades/")
const dueIn = (millis: number) => ({ options: { deadline: start + millis } })
const processor = (trade: Step) => stub((sent) => (isTrade(sent) ? trade : charge()))
const traded: Step = { status: 200, body: { traded: "tok_1" } }

describe("a request that goes before a flow's own", () => {
  it.effect("gives what the flow's own sends, each under a key of its own, the same every time", () =>
    Effect.gen(function* () {
      const acme = processor(traded)
      expect(yield* outcome(acme, trading, "write", saved)).toMatchObject({ answer: { paymentId: "c_1" } })
      expect(yield* outcome(acme, trading, "write", saved)).toMatchObject({ answer: { paymentId: "c_1" } })
      const [trade, write, ...again] = acme.sent
      expect(trade?.url.pathname).toBe("/v2/trades/pm_1")
      expect(JSON.parse(write?.body ?? "")).toEqual({ reference: "order-1", units: 1000, traded: "tok_1" })
      expect(trade?.headers["x-key"]).not.toBe(write?.headers["x-key"])
      expect(again.map(({ headers }) => headers["x-key"])).toEqual([trade?.headers["x-key"], write?.headers["x-key"]])
    })
  )

  it.effect("is left out where the input needs none", () =>
    Effect.gen(function* () {
      const acme = processor(traded)
      yield* outcome(acme, trading)
      expect(acme.sent.map(({ url }) => url.pathname)).toEqual(["/v2/charges"])
    })
  )

  for (const [name, trade, reason] of [
    ["a refusal", refusal(400, "bad"), "Rejected"],
    ["a conflict", refusal(409, "reused"), "Rejected"],
    ["refused credentials", refusal(401, "who"), "InvalidCredentials"],
    ["a connection that breaks", broken.reset, "Unreachable"],
    ["a fault", { status: 500 }, "Unreachable"],
    ["no answer", new Silence(), "Unreachable"],
    ["a page", { status: 200, body: "<html>" }, "Unreachable"],
    ["too many requests", { status: 429 }, "RateLimited"]
  ] as const) {
    it.effect(`that ends in ${name} ends the call, and no money moved`, () =>
      Effect.gen(function* () {
        const acme = processor(trade)
        const told = yield* outcome(acme, trading, "write", saved)
        expect([told.reason?._tag, told.moneyMoved]).toEqual([reason, "NO"])
        expect(acme.sent.every(isTrade)).toBe(true)
      })
    )
  }

  it.effect("that comes to nothing says nothing of an earlier sending of the write", () =>
    Effect.gen(function* () {
      const firstSentAt = new Date(start - 60_000)
      for (const trade of [refusal(400, "bad"), refusal(402, "no"), broken.reset]) {
        const told = yield* outcome(processor(trade), trading, "write", { ...saved, firstSentAt })
        expect([told.reason?._tag, told.moneyMoved]).toEqual(["UnknownOutcome", "UNKNOWN"])
      }
    })
  )

  it.effect("that is declined is a declined payment", () =>
    Effect.gen(function* () {
      const told = yield* outcome(processor(refusal(402, "no")), trading, "write", saved)
      expect(told).toMatchObject({ answer: { status: "DECLINED", final: true } })
    })
  )

  it.effect("is answered before the caller's deadline", () =>
    Effect.gen(function* () {
      const input = { ...saved, ...dueIn(2000) }
      const told = yield* outcome(processor(new Silence()), trading, "write", input)
      expect([told.reason?._tag, told.moneyMoved]).toEqual(["Unreachable", "NO"])
    })
  )

  it.effect("takes of the caller's time, and what it leaves is all that the flow's own has", () =>
    Effect.gen(function* () {
      const slow = Effect.delay(Effect.succeed(traded), "1 second")
      const acme = stub((sent): Step | Effect.Effect<Step> => (isTrade(sent) ? slow : new Silence()))
      const call = Effect.gen(function* () {
        const told = result(yield* Effect.exit(calling(trading, "write", { ...saved, ...dueIn(2000) })))
        return { ...told, took: (yield* Clock.currentTimeMillis) - start }
      })
      yield* TestClock.setTime(start)
      // the sender closes only once the write has ended
      const told = yield* Effect.tap(Effect.flatten(ended(call)), TestClock.adjust("10 minutes")).pipe(
        Effect.provide(over(acme, [trading]))
      )
      expect(told).toMatchObject({ reason: { _tag: "UnknownOutcome" }, took: 1750 })
    })
  )

  it.effect("that leaves too little time ends the call unsent", () =>
    Effect.gen(function* () {
      const slow = Effect.delay(Effect.succeed(traded), "1720 millis")
      const acme = stub((sent) => (isTrade(sent) ? slow : charge()))
      const told = yield* outcome(acme, trading, "write", { ...saved, ...dueIn(2000) })
      expect(told).toMatchObject({ reason: { _tag: "InvalidField", field: "deadline" }, moneyMoved: "NO" })
      expect(acme.sent.every(isTrade)).toBe(true)
    })
  )

  it.effect("is not sent for a repeat whose key is forgotten", () =>
    Effect.gen(function* () {
      const acme = processor(traded)
      const told = yield* outcome(acme, trading, "write", { ...saved, firstSentAt: new Date(start - 25 * 3_600_000) })
      expect([told.reason?._tag, told.moneyMoved]).toEqual(["KeyExpired", "UNKNOWN"])
      expect(acme.sent).toEqual([])
    })
  )

  it.effect("that comes to nothing on a repeat leaves the write as unknown as it was", () =>
    Effect.gen(function* () {
      const input = { ...saved, firstSentAt: new Date(start - 3_600_000) }
      const told = yield* outcome(processor({ status: 500 }), trading, "write", input)
      expect([told.reason?._tag, told.moneyMoved]).toEqual(["UnknownOutcome", "UNKNOWN"])
    })
  )
})
