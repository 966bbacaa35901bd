import * as enums from "@connector-service/codec/enums"
import { describe, expect, it } from "vitest"
import { files, wordOf } from "./Descriptors.ts"

const all = files.flatMap((file) => file.enums)
// one test serves all tables, whose words it takes from the descriptors
const tables = Object.entries(enums) as unknown as ReadonlyArray<[string, enums.Enumeration<string, number>]>

it("has a table for every enum of the proto, and no other", () => {
  const names = tables.map(([name]) => name.charAt(0).toUpperCase() + name.slice(1))
  expect(names.sort()).toEqual(all.map(({ name }) => name).sort())
})

describe.each(tables)("%s", (name, table) => {
  const desc = all.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
  const values = desc?.values ?? []

  it("has a word for each number and a number for each word", () => {
    expect(values.length).toBeGreaterThan(1)
    for (const { number } of values) {
      const word = desc && wordOf(desc, number)
      expect(table.fromProto(number)).toBe(word)
      expect(table.given(number)).toBe(word)
      expect(table.toProto(word)).toBe(number)
    }
  })

  it("keeps a number it does not know from passing for a word", () => {
    const other = values.some((value) => value.name.endsWith("_UNRECOGNIZED")) ? "UNRECOGNIZED" : undefined
    for (const number of [-1, 99, 2 ** 31 - 1]) {
      expect(table.fromProto(number)).toBe(other)
      expect(table.given(number)).toBe(number)
    }
  })
})
