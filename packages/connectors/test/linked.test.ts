import { Linked } from "@connector-service/connectors/Linked"
import fc from "fast-check"
import { expect, it } from "vitest"

it("keeps what is there in the order it came, whoever leaves and however often", () => {
  // an array from which members are filtered is what the list must agree with
  const step = fc.oneof(fc.constant({ add: true, at: 0 }), fc.record({ add: fc.constant(false), at: fc.nat(20) }))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const list = new Linked<number>()
      const places: Array<ReturnType<typeof list.add>> = []
      const gone = new Set<number>()
      for (const { add, at } of steps) {
        if (add) places.push(list.add(places.length))
        const place = places[at]
        if (add || place === undefined) continue
        list.remove(place)
        gone.add(at)
      }
      const there = places.map((_, index) => index).filter((index) => !gone.has(index))
      expect(list.values).toEqual(there)
      expect(list.first?.value).toBe(there[0])
    })
  )
})

it("lets go of what has left", () => {
  const list = new Linked<object>()
  const [first, second] = [list.add({}), list.add({})]
  list.remove(first)
  expect(first).toEqual({ value: undefined, before: undefined, after: undefined })
  expect(second.before).toBeUndefined()
})
