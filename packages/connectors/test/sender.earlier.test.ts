import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { acme } from "./acme/acme.ts"
import { keyed } from "./acme/keyed.ts"
import { charge, outcome, refusal } from "./Sending.ts"
import { broken, type Step, start, stub } from "./Stub.ts"

const earlierPayment = { paymentId: "c_0" }
const processor = (earlier: Step) =>
  stub(({ method, url }) => (method === "GET" && url.pathname.endsWith("/c_0") ? earlier : charge()))

describe("an authorization that names an earlier payment", () => {
  it.effect("is sent once that one took nothing and can take nothing any more", () =>
    Effect.gen(function* () {
      const acme = processor(charge({ id: "c_0", state: "released" }))
      expect((yield* outcome(acme, keyed, "write", { earlierPayment })).answer).toMatchObject({ paymentId: "c_1" })
      expect(acme.sent.map(({ method }) => method)).toEqual(["GET", "POST"])
    })
  )

  it.effect("is refused unsent where that one was paid after all", () =>
    Effect.gen(function* () {
      const acme = processor(charge({ id: "c_0", state: "paid" }))
      const { reason } = yield* outcome(acme, keyed, "write", { earlierPayment })
      expect(reason).toMatchObject({ _tag: "WrongState", found: { payment: { status: "CAPTURED" } } })
      expect(acme.sent.map(({ method }) => method)).toEqual(["GET"])
    })
  )

  it.effect("is refused unsent while that one can still take money, and says how it stands", () =>
    Effect.gen(function* () {
      const acme = processor(charge({ id: "c_0", state: "held" }))
      const { moneyMoved, reason } = yield* outcome(acme, keyed, "write", { earlierPayment })
      expect(reason).toMatchObject({
        _tag: "WrongState",
        rawCode: "held",
        found: { payment: { paymentId: "c_0", final: false } }
      })
      expect(moneyMoved).toBe("NO")
      expect(acme.sent.map(({ method }) => method)).toEqual(["GET"])
    })
  )

  for (const [name, step, expected] of [
    ["cannot be reached", broken.refused, "Unreachable"],
    ["cannot be read", { status: 500 }, "UnreadableReply"],
    ["is not there", refusal(404, "none"), "Rejected"]
  ] as const) {
    it.effect(`is refused unsent where that one ${name}`, () =>
      Effect.gen(function* () {
        const acme = processor(step)
        const { moneyMoved, reason } = yield* outcome(acme, keyed, "write", { earlierPayment })
        expect([reason?._tag, moneyMoved]).toEqual([expected, "NO"])
        expect(acme.sent.every(({ method }) => method === "GET")).toBe(true)
      })
    )
  }

  it.effect("is refused where the processor cannot be asked", () =>
    Effect.gen(function* () {
      const { get: _, ...payment } = acme.flows.payment ?? {}
      const mute = { ...acme, flows: { payment } }
      const silent = processor(charge())
      const { moneyMoved, reason } = yield* outcome(silent, mute, "write", { earlierPayment })
      expect(reason).toMatchObject({ _tag: "InvalidField", field: "earlier_payment" })
      expect(moneyMoved).toBe("NO")
      expect(silent.sent).toEqual([])
    })
  )

  it.effect("that is a repeat stays unknown where the earlier one cannot be read, or can still take money", () =>
    Effect.gen(function* () {
      for (const step of [{ status: 500 }, refusal(404, "none"), charge({ id: "c_0", state: "held" })]) {
        const input = { earlierPayment, firstSentAt: new Date(start - 60_000) }
        const { moneyMoved, reason } = yield* outcome(processor(step), keyed, "write", input)
        expect([reason?._tag, moneyMoved]).toEqual(["UnknownOutcome", "UNKNOWN"])
      }
    })
  )
})
