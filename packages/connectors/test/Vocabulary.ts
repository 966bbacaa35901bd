import type { AnyConnector } from "@connector-service/connectors/Connector"
import type { Reading } from "./Examples.ts"
import { pageOf, tablesOf } from "./Pages.ts"

/** The tables of `docs/vocabulary.md` that hold raw words. */
export type Title = "Payments" | "Captures" | "Refunds" | "Next actions"

/** Raw words of a cell: what they are words of, where that is said, and the condition under which they mean the row's. */
export interface Group {
  readonly kind: string
  readonly words: ReadonlyArray<string>
  readonly condition: string
}

/** A row's own word, and the groups in each connector's column. */
export interface Row {
  readonly name: string
  readonly groups: Readonly<Record<string, ReadonlyArray<Group>>>
}

/** What holds a connector's column: replies with a word by kind and condition, and the published words by kind. */
export interface Column {
  readonly replies: Readonly<Record<string, (word: string) => ReadonlyArray<Reading>>>
  /** Read from the published files when asked for, as they may be absent. */
  readonly published: () => Readonly<Record<string, ReadonlyArray<string>>>
}

/** A connector's columns. */
export interface Vocabulary {
  readonly connector: AnyConnector
  readonly columns: Readonly<Record<Title, Column>>
}

const page = pageOf("docs/vocabulary.md")

const groupOf = (text: string): Group => {
  const [, kind = "", words = "", condition = ""] = /^(?:([a-z]+) (?=`))?((?:`\w+`(?:, )?)*) ?(.*)$/.exec(text) ?? []
  return { kind, words: [...words.matchAll(/\w+/g)].map(([word]) => word), condition }
}

/** The first cells of all tables under a heading. */
export const namesOf = (title: string): ReadonlyArray<string> =>
  tablesOf(page, title).flatMap(({ lines }) => lines.map(([first = ""]) => first))

/** The rows of the table under a heading. */
export const rowsOf = (title: Title): ReadonlyArray<Row> => {
  const [{ head, lines } = { head: [], lines: [] }] = tablesOf(page, title)
  return lines.map(([name = "", ...cells]) => ({
    name,
    groups: Object.fromEntries(
      cells.map((cell, index) => [head[index + 1] ?? "", cell === "–" ? [] : cell.split("; ").map(groupOf)])
    )
  }))
}

/** A group's key among the replies. */
export const keyOf = ({ condition, kind }: Group): string => [kind, condition].filter((part) => part !== "").join(" ")

/** Words that no processor has; names of every object among them. */
export const strangers = ["no_such_word", "NO_SUCH_WORD", "constructor", "__proto__", ""]
