import { eventOf } from "@connector-service/webhooks/Meaning"
import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"

const occurrence = { id: "1", rawType: "thing.happened", occurredAt: DateTime.makeUnsafe(0) }
const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth))

describe("an event that means nothing to us", () => {
  it("is kept as its text", () => {
    assert.deepStrictEqual(eventOf(occurrence, undefined, nested(3)), {
      _tag: "Other",
      ...occurrence,
      problem: undefined,
      raw: "[[[]]]"
    })
  })

  it("is nothing where it is nested too deep to be written, and breaks nothing", () => {
    assert.isUndefined(eventOf(occurrence, undefined, nested(200_000)))
    assert.isUndefined(eventOf(occurrence, "Unread", nested(200_000)))
  })
})
