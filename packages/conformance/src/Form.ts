import { parse } from "qs"
import { asObject, isObject, type JsonObject } from "./Json.ts"

/** Decodes `a[b][0]=c` (form bodies, query strings) to nested values; every leaf is a string. */
export const decodeForm = (text: string): JsonObject =>
  asObject(parse(text, { depth: 32, parameterLimit: 10_000, arrayLimit: 1_000, plainObjects: true }))

/**
 * Places (`/a/b`) where a string was read as a number though it is not one in plain decimal digits: `1e3`, `0x10` and
 * ` 7 ` are numbers to a validator's coercion, and not to a processor.
 */
export const oddNumbers = (sent: unknown, read: unknown, at = ""): ReadonlyArray<string> => {
  if (typeof sent === "string") return typeof read === "number" && !/^-?\d+(\.\d+)?$/.test(sent) ? [at] : []
  if (Array.isArray(sent)) {
    return Array.isArray(read) ? sent.flatMap((item, index) => oddNumbers(item, read[index], `${at}/${index}`)) : []
  }
  if (!isObject(sent) || !isObject(read)) return []
  return Object.keys(sent).flatMap((name) => oddNumbers(sent[name], read[name], `${at}/${name}`))
}
