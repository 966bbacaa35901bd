/** A table of GitHub's Markdown; a bar inside a cell is escaped. */
export const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => "---"), ...rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")))]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n")

/** Text as code; none where there is none. */
export const code = (text: string): string => (text === "" ? "" : `\`${text}\``)

/** The anchor that GitHub gives a heading. */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9_ -]/g, "")
    .replaceAll(" ", "-")

/** A link to a heading of a page, or of this one. */
export const link = (heading: string, page = ""): string => `[${heading}](${page}#${anchor(heading)})`
