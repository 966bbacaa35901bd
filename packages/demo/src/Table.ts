import { styleText } from "node:util"

/** One call and what came of it. */
export interface Row {
  readonly connector: string
  readonly flow: string
  readonly status: string
  readonly rawStatus: string
  /** The processor's id. */
  readonly id: string
  readonly milliseconds: number
}

type Colour = "green" | "yellow" | "red"

/** What a status says of the money, at a glance. */
const colours: Readonly<Record<string, Colour>> = {
  AUTHORIZED: "green",
  CAPTURED: "green",
  PARTIALLY_CAPTURED: "green",
  SUCCEEDED: "green",
  Taken: "green",
  PENDING: "yellow",
  REQUIRES_ACTION: "yellow",
  "DECLINED (soft)": "yellow",
  "DECLINED (hard)": "red"
}

// Together with the spaces between them, 105 columns.
const widths = [9, 17, 18, 25, 27, 4] as const

const line = (cells: readonly [string, string, string, string, string, string], colour?: Colour): string =>
  cells
    .map((cell, index) => {
      const width = widths[index] ?? 0
      const padded = index === 5 ? cell.padStart(width) : cell.padEnd(width)
      return index === 2 && colour !== undefined ? styleText(colour, padded) : padded
    })
    .join(" ")

/** The names of the columns. */
export const heading: string = styleText(
  "bold",
  line(["connector", "flow", "status", "raw status", "processor's id", "ms"])
)

/** A row, in 105 columns; coloured on a terminal that takes colours. */
export const row = ({ connector, flow, id, milliseconds, rawStatus, status }: Row): string =>
  line(
    [connector, flow, status, rawStatus || "-", id || "-", Math.round(milliseconds).toString()],
    colours[status] ?? "red"
  )

/** What a group of rows is about. */
export const title = (text: string): string => `\n${styleText("bold", text)}`

/** A remark on the row above it. */
export const remark = (text: string): string => styleText("dim", `          ${text}`)
