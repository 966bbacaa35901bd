import { InvalidSignature } from "@connector-service/domain/Refusal"
import { make, proven, refused } from "@connector-service/webhooks/Webhook"
import { Schema } from "effect"
import { describe, expect, test } from "vitest"
import { draw, judge } from "../src/Judge.ts"
import { receivers } from "../src/Receivers.ts"
import { runShare, seedOf } from "../src/Run.ts"

const share = { seed: "test", deliveries: 20_000, first: 0, step: 1 }

describe("deliveries that are changed in every way", () => {
  const outcome = runShare(share)

  test("break nothing, take no long time, and are never taken for what the processor signed", () => {
    expect(outcome.reports).toEqual([])
    expect(outcome.defects).toBe(0)
  }, 300_000)

  test("reach every part: they are taken, refused for their signature, and refused for what they hold", () => {
    for (const connector of ["stripe", "adyen", "paypal"]) {
      for (const made of [
        "as sent: Received",
        "changed: Received",
        "changed: InvalidSignature",
        "signed anew: Received",
        "signed anew: Unreadable"
      ]) {
        expect(outcome.counts[`${connector}, ${made}`], `${connector}, ${made}`).toBeGreaterThan(0)
      }
    }
  })

  test("are the same for the same seed", () => {
    const few = { ...share, deliveries: 500 }
    expect(runShare(few).counts).toEqual(runShare(few).counts)
    expect(draw("test-7").delivery.body).toEqual(draw("test-7").delivery.body)
    expect(runShare({ ...few, seed: "other" }).counts).not.toEqual(runShare(few).counts)
  })

  test("are shared out without a gap", () => {
    const few = { ...share, deliveries: 501 }
    const halves = [0, 1].map((first) => runShare({ ...few, first, step: 2 }))
    const sum = halves.flatMap(({ counts }) => Object.values(counts)).reduce((all, count) => all + count, 0)
    expect(sum).toBe(501)
  })
})

describe("what is wrong is noticed", () => {
  const secret = Schema.Struct({})
  const event = { _tag: "Other", id: "1", rawType: "x", occurredAt: "yesterday", raw: "{}" }
  const receiver = (definition: Partial<Parameters<typeof make<object>>[1]>) => ({
    webhook: make(secret, {
      acknowledgement: { status: 200 },
      verify: () => proven,
      events: () => undefined,
      route: () => undefined,
      ...definition
    }),
    secrets: [{}],
    answer: () => ""
  })
  const defectsOf = (definition: Parameters<typeof receiver>[0]) => {
    const by = { ...receivers, stripe: [receiver(definition)] as const }
    const seeds = Array.from({ length: 400 }, (_, place) => seedOf("broken", place))
    const drawn = seeds.map((seed) => draw(seed, by)).filter(({ sample }) => sample.connector === "stripe")
    return new Set(drawn.map((one) => judge(one).defect?.split(":")[0]))
  }

  test("a reader that breaks", () => {
    expect(
      defectsOf({
        events: () => {
          throw new RangeError("deep")
        }
      })
    ).toEqual(new Set(["receive"]))
    expect(
      defectsOf({
        verify: () => refused(new InvalidSignature()),
        route: () => {
          throw new RangeError("deep")
        }
      })
    ).toContain("identify")
  })

  test("what takes what was changed", () => {
    expect(defectsOf({ events: () => [] })).toContain("taken for genuine, though changed")
  })

  test("what refuses what is genuine", () => {
    const found = defectsOf({ verify: () => refused(new InvalidSignature()) })
    expect(found).toContain("what was sent was refused")
    expect(found).toContain("what was signed was refused")
  })

  test("an event that is none, none at all, and another acknowledgement", () => {
    // an event of another form than its type says
    expect(defectsOf({ events: () => [event as never] })).toContain("an event that is none")
    expect(defectsOf({ events: () => [] })).toContain("received without an event")
    expect(defectsOf({ acknowledgement: { status: 500 }, events: () => [event as never] })).toContain(
      "acknowledged otherwise than the processor wants"
    )
  })

  test("a route that is no text", () => {
    // an account of another form than its type says
    expect(defectsOf({ route: () => ({ account: 7 as never, objectIds: [] }) })).toContain("a route that is no text")
  })

  test("what takes long, each time", () => {
    expect(judge(draw("slow"), -1).defect).toMatch(/^took \d+ ms of a processor$/)
  })
})
