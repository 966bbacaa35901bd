import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"

/**
 * What may be printed of a value: no secret, and of a next action, which is for the payer's browser, only its kind.
 * Amounts are decimal strings, times ISO 8601, durations milliseconds.
 */
export const printable = (value: unknown, key = ""): unknown => {
  if (typeof value === "bigint") return value.toString()
  if (typeof value !== "object" || value === null) return value
  if (Redacted.isRedacted(value)) return "<redacted>"
  if (DateTime.isDateTime(value)) return DateTime.formatIso(value)
  if (Duration.isDuration(value)) return Duration.toMillis(value)
  if (Array.isArray(value)) return value.map((item) => printable(item))
  return printableFields(value, key)
}

/** The same of an object's fields. */
export const printableFields = (value: object, key = ""): Readonly<Record<string, unknown>> => {
  const entries = Object.entries(value).filter(([name]) => key !== "nextAction" || name === "_tag")
  return Object.fromEntries(entries.map(([name, field]) => [name, printable(field, name)]))
}

/** The method by which Node's `inspect`, and so `console.log`, prints an object. */
export const inspecting: unique symbol = Symbol.for("nodejs.util.inspect.custom")
/** Node's `inspect`, as that method gets it. */
export type Inspect = (value: unknown, options: object) => string

/** An error as `inspect` prints one: its stack, then its fields, which are fit to be printed. */
export const inspected = (error: Error, fields: object, options: object, inspect: Inspect): string => {
  const { message, name, stack = "" } = error
  const frames = stack.indexOf("\n    at ")
  const heading = message === "" ? name : `${name}: ${message}`
  return `${heading}${frames < 0 ? "" : stack.slice(frames)} ${inspect(fields, { ...options, depth: 6 })}`
}
