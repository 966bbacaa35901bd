import { catalog } from "@connector-service/connectors/catalog"
import { consequences } from "@connector-service/domain/Consequence"
import { OperationStatus, PaymentStatus } from "@connector-service/domain/Payment"
import { describe, expect, it } from "vitest"
import { vocabulary as adyen } from "./adyen/vocabulary.ts"
import { describeWithSpecs, read } from "./Examples.ts"
import { vocabulary as paypal } from "./paypal/vocabulary.ts"
import { vocabulary as stripe } from "./stripe/vocabulary.ts"
import { keyOf, namesOf, rowsOf, strangers, type Title, type Vocabulary } from "./Vocabulary.ts"

const vocabularies: ReadonlyArray<Vocabulary> = [stripe, adyen, paypal]

interface Table {
  /** The words that its rows are for, each once. */
  readonly names: ReadonlyArray<string>
  /** What an answer is that a row speaks of. */
  readonly means: (name: string) => object
}
const status = (status: string) => ({ status })
const tables: Readonly<Record<Title, Table>> = {
  Payments: { names: PaymentStatus.literals, means: status },
  Captures: { names: OperationStatus.literals, means: status },
  Refunds: { names: OperationStatus.literals, means: status },
  "Next actions": {
    // the members of `NextAction` in proto/payments/v1/types.proto
    names: ["Redirect", "ClientSdk", "Challenge", "Wait", "QrCode", "none"],
    means: (_tag) => ({ status: "REQUIRES_ACTION", nextAction: _tag === "none" ? undefined : { _tag } })
  }
}
// the keys of a record of titles
const titles = Object.keys(tables) as ReadonlyArray<Title>

const groupsOf = (title: Title, id: string) =>
  rowsOf(title).flatMap(({ groups, name }) => (groups[id] ?? []).map((group) => ({ ...group, name })))

/** The words that a column names, by what they are words of. */
const named = (title: Title, id: string): Readonly<Record<string, ReadonlyArray<string>>> => {
  const words = new Map<string, Set<string>>()
  for (const group of groupsOf(title, id).filter(({ words }) => words.length > 0)) {
    words.set(group.kind, new Set([...(words.get(group.kind) ?? []), ...group.words]))
  }
  return Object.fromEntries([...words].map(([kind, all]) => [kind, [...all].sort()]))
}

describe("the page", () => {
  it.each(titles)("%s has a row for each word", (title) => {
    expect(namesOf(title)).toEqual(tables[title].names)
  })
  it("has a row for each reason", () => {
    const names = namesOf("Reasons").map((name) => name.split(",")[0])
    expect(names.toSorted()).toEqual(Object.keys(consequences).toSorted())
  })
  it("has a column for each connector", () => {
    const ids = catalog.map(({ id }) => id).sort()
    expect(vocabularies.map(({ connector }) => connector.id).sort()).toEqual(ids)
    for (const title of titles) {
      for (const { groups } of rowsOf(title)) expect(Object.keys(groups).sort()).toEqual(ids)
    }
  })
})

for (const { columns, connector } of vocabularies) {
  describe(connector.id, () => {
    for (const title of titles) {
      const { published, replies } = columns[title]
      const groups = groupsOf(title, connector.id)

      it(`${title}: every condition has its replies, and the other way about`, () => {
        expect([...new Set(groups.map(keyOf))].sort()).toEqual(Object.keys(replies).sort())
      })

      for (const group of groups) {
        const words = group.words.length > 0 ? group.words : strangers
        for (const word of words) {
          it(`${title}: ${[keyOf(group), `"${word}"`].join(" ").trim()} is ${group.name}`, () => {
            const readings = replies[keyOf(group)]?.(word) ?? []
            expect(readings).not.toEqual([])
            for (const reading of readings) {
              expect(read(connector, reading), reading.flow).toMatchObject(tables[title].means(group.name))
            }
          })
        }
      }

      describeWithSpecs("published words", () => {
        it(`${title}: no other word is named`, () => {
          for (const [kind, words] of Object.entries(named(title, connector.id))) {
            expect(published()[kind]).toEqual(expect.arrayContaining([...words]))
          }
        })
        // of next actions only those are named that can come about
        if (title === "Next actions") return
        it(`${title}: every word is named`, () => {
          const all = Object.entries(published()).map(([kind, words]) => [kind, words.toSorted()])
          expect(named(title, connector.id)).toEqual(Object.fromEntries(all))
        })
      })
    }
  })
}
