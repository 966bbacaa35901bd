import type { Money } from "@connector-service/domain/Money"
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"

/**
 * What a caller writes for a domain value: a secret as plain text or Redacted, a time as a Date or as an answer gave it.
 */
export type Friendly<T> = T extends string | number | bigint | boolean | undefined
  ? T
  : T extends Uint8Array
    ? Uint8Array
    : T extends Redacted.Redacted<infer Secret>
      ? Secret | Redacted.Redacted<Secret>
      : T extends DateTime.Utc
        ? Date | DateTime.Utc
        : T extends Money
          ? Money
          : T extends object
            ? { readonly [K in keyof T]: Friendly<T[K]> }
            : T

const isPlain = (value: object): value is Readonly<Record<string, unknown>> => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** Objects that schemas take as they are. */
const isLeaf = (value: object): boolean => value instanceof Date || value instanceof Uint8Array

/**
 * The same value as the schemas encode it: secrets unwrapped, times as Date. A copy, but for objects of classes of the
 * caller's own, of which `onForeign` is told.
 */
export const encoded = (value: unknown, onForeign?: () => void): unknown => {
  if (typeof value !== "object" || value === null || isLeaf(value)) return value
  if (Array.isArray(value)) return value.map((item) => encoded(item, onForeign))
  if (Redacted.isRedacted(value)) return Redacted.value(value)
  if (DateTime.isDateTime(value)) return DateTime.toDateUtc(value)
  if (!isPlain(value)) {
    onForeign?.()
    return value
  }
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const field = encoded(value[key], onForeign)
    // set plainly, a key of this name would be the copy's prototype
    if (key === "__proto__") Object.defineProperty(copy, key, { value: field, enumerable: true })
    else copy[key] = field
  }
  return copy
}
