import { Linked, Member } from "@connector-service/connectors/Linked"
import fc from "fast-check"
import { expect, it } from "vitest"

class Numbered extends Member {
  readonly number: number
  constructor(number: number) {
    super()
    this.number = number
  }
}

it("keeps who is there in the order they came, whoever leaves and however often", () => {
  // an array from which members are filtered is what the list must agree with
  const step = fc.oneof(fc.constant({ add: true, at: 0 }), fc.record({ add: fc.constant(false), at: fc.nat(20) }))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const list = new Linked<Numbered>()
      const all: Array<Numbered> = []
      const gone = new Set<number>()
      for (const { add, at } of steps) {
        if (add) all.push(list.add(new Numbered(all.length)))
        const member = all[at]
        if (add || member === undefined) continue
        member.leave()
        gone.add(at)
      }
      const there = all.map(({ number }) => number).filter((number) => !gone.has(number))
      expect(list.values.map(({ number }) => number)).toEqual(there)
      expect(list.first?.number).toBe(there[0])
    })
  )
})

it("lets go of who has left, and takes out nobody of another list", () => {
  const [list, other] = [new Linked<Numbered>(), new Linked<Numbered>()]
  const [first, second] = [list.add(new Numbered(1)), list.add(new Numbered(2))]
  other.remove(first)
  expect(list.first).toBe(first)
  first.leave()
  expect(first).toMatchObject({ list: undefined, before: undefined, after: undefined })
  expect(second.before).toBeUndefined()
})
