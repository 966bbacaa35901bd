import * as HttpBody from "effect/http/HttpBody"

/** A value of a form body: absent ones are left out, nested ones are written in brackets. */
export type FormValue =
  | string
  | number
  | bigint
  | boolean
  | undefined
  | ReadonlyArray<FormValue>
  | { readonly [key: string]: FormValue }

const plain = /^[A-Za-z0-9_.~-]*$/
/** Most texts of a request need no escaping, and finding that out is cheaper. */
const encoded = (text: string): string => (plain.test(text) ? text : encodeURIComponent(text))

const write = (prefix: string, value: FormValue, pairs: string): string => {
  if (value === undefined) return pairs
  if (typeof value !== "object") return `${pairs}${pairs === "" ? "" : "&"}${prefix}=${encoded(String(value))}`
  // Object.keys of a list are its indexes
  const nested = value as { readonly [key: string]: FormValue }
  return Object.keys(nested).reduce((all, key) => write(`${prefix}[${encoded(key)}]`, nested[key], all), pairs)
}

/** `a=1&b[c]=2&d[0]=3`: nested values in brackets, list items by index. */
export const encode = (fields: { readonly [key: string]: FormValue }): string =>
  Object.keys(fields).reduce((all, key) => write(encoded(key), fields[key], all), "")

/** A form body (application/x-www-form-urlencoded). */
export const form = (fields: { readonly [key: string]: FormValue }): HttpBody.HttpBody =>
  HttpBody.text(encode(fields), "application/x-www-form-urlencoded")
