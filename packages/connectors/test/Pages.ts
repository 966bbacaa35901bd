import { readFileSync } from "node:fs"

/** A page of the documentation: "docs/vocabulary.md". */
export const pageOf = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")

const cellsOf = (line: string): ReadonlyArray<string> =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim())

/** A table: its head, and its rows' cells. */
export interface Table {
  readonly head: ReadonlyArray<string>
  readonly lines: ReadonlyArray<ReadonlyArray<string>>
}

const sectionOf = (page: string, title: string): string =>
  page.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? ""

/** The tables under a heading. */
export const tablesOf = (page: string, title: string): ReadonlyArray<Table> =>
  sectionOf(page, title)
    .split("\n\n")
    .filter((block) => block.startsWith("|"))
    .map((block) => {
      const [head = [], _rule, ...lines] = block.trim().split("\n").map(cellsOf)
      return { head, lines }
    })

/** The rows of a table under a heading, each cell by its column's name. */
export const recordsOf = (page: string, title: string, index = 0): ReadonlyArray<Readonly<Record<string, string>>> => {
  const { head, lines } = tablesOf(page, title)[index] ?? { head: [], lines: [] }
  return lines.map((cells) => Object.fromEntries(cells.map((cell, at) => [head[at] ?? "", cell])))
}

/** The first block of code in a language under a heading. */
export const blockOf = (page: string, title: string, language: string): string =>
  sectionOf(page, title).match(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m"))?.[1] ?? ""

/** What a cell holds in code: "`a`, `b`". */
export const codesOf = (cell: string): ReadonlyArray<string> =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code)
