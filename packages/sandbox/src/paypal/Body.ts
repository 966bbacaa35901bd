import { isTree, type Json, type Tree } from "../Json.ts"
import { type Detail, invalid, Refusal } from "./Refusal.ts"

/** What a field of a body may hold. */
export type Shape =
  | { readonly is: "text"; readonly least: number; readonly most: number; readonly pattern: RegExp | undefined }
  | { readonly is: "choice"; readonly of: ReadonlyArray<string> }
  | { readonly is: "flag" }
  | { readonly is: "list"; readonly of: Shape; readonly least: number; readonly most: number }
  | { readonly is: "tree"; readonly fields: Fields; readonly needs: ReadonlyArray<string> }
  | { readonly is: "open" }

/** The fields that a body or a part of it knows. PayPal passes over others: its own published example sends one. */
export type Fields = Readonly<Record<string, Shape>>

export const text = (most = 20_000, least = 0, pattern?: RegExp): Shape => ({ is: "text", least, most, pattern })
export const choice = (...of: ReadonlyArray<string>): Shape => ({ is: "choice", of })
export const flag: Shape = { is: "flag" }
/** An object whose inside this sandbox does not look at. */
export const open: Shape = { is: "open" }
export const list = (of: Shape, least: number, most: number): Shape => ({ is: "list", of, least, most })
export const tree = (fields: Fields, needs: ReadonlyArray<string> = []): Shape => ({ is: "tree", fields, needs })

/** An amount with its currency, and whatever else may stand beside them. */
export const amount = (beside: Fields = {}): Shape =>
  tree({ currency_code: text(3, 3), value: text(32, 1, /^((-?[0-9]+)|(-?([0-9]+)?[.][0-9]+))$/), ...beside }, [
    "currency_code",
    "value"
  ])

type Report = (issue: string, at: string, value?: Json) => undefined

const readTree = (fields: Fields, needs: ReadonlyArray<string>, value: Tree, at: string, report: Report): Tree => {
  const read: Record<string, Json> = {}
  for (const [name, shape] of Object.entries(fields)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined
    if (given !== undefined) {
      const part = readValue(shape, given, `${at}/${name}`, report)
      if (part !== undefined) read[name] = part
    } else if (needs.includes(name)) {
      report("MISSING_REQUIRED_PARAMETER", `${at}/${name}`)
    }
  }
  return read
}

const readText = (shape: Shape & { readonly is: "text" }, value: Json, at: string, report: Report) => {
  if (typeof value !== "string") return report("INVALID_PARAMETER_SYNTAX", at)
  if (value.length < shape.least || value.length > shape.most) return report("INVALID_STRING_LENGTH", at, value)
  return shape.pattern?.test(value) === false ? report("INVALID_PARAMETER_SYNTAX", at, value) : value
}

const readList = (shape: Shape & { readonly is: "list" }, value: Json, at: string, report: Report) => {
  if (!Array.isArray(value)) return report("INVALID_PARAMETER_SYNTAX", at)
  if (value.length < shape.least) return report("INVALID_ARRAY_MIN_ITEMS", at)
  if (value.length > shape.most) return report("INVALID_ARRAY_MAX_ITEMS", at)
  return value.flatMap((item, place) => readValue(shape.of, item, `${at}/${place}`, report) ?? [])
}

const readValue = (shape: Shape, value: Json, at: string, report: Report): Json | undefined => {
  switch (shape.is) {
    case "text":
      return readText(shape, value, at, report)
    case "choice":
      return typeof value === "string" && shape.of.includes(value)
        ? value
        : report("INVALID_PARAMETER_VALUE", at, value)
    case "flag":
      return typeof value === "boolean" ? value : report("INVALID_PARAMETER_SYNTAX", at, value)
    case "list":
      return readList(shape, value, at, report)
    case "tree":
      return isTree(value)
        ? readTree(shape.fields, shape.needs, value, at, report)
        : report("INVALID_PARAMETER_SYNTAX", at)
    case "open":
      return isTree(value) ? value : report("INVALID_PARAMETER_SYNTAX", at)
  }
}

/** Checks a body against the fields an endpoint knows and needs; answers the known ones, or all that is wrong. */
export const checkBody = (body: Json, fields: Fields, needs: ReadonlyArray<string>): Tree | Refusal => {
  if (!isTree(body)) return invalid({ issue: "INVALID_PARAMETER_SYNTAX", field: "/", location: "body" })
  const details: Array<Detail> = []
  const read = readTree(fields, needs, body, "", (issue, field, value) => {
    details.push({ issue, field, location: "body", ...(typeof value === "string" ? { value } : {}) })
    return undefined
  })
  return details.length === 0 ? read : new Refusal(400, details)
}
