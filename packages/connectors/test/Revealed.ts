import { Redacted } from "effect"

const isPlain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value))

/** A value with its secrets said, so that two of them can be compared: to vitest one secret is like another. */
export const revealed = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value
  if (Redacted.isRedacted(value)) return `redacted ${Redacted.value(value)}`
  if (Array.isArray(value)) return value.map(revealed)
  return isPlain(value)
    ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, revealed(field)]))
    : value
}
