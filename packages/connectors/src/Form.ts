import { HttpBody } from "effect/http"

/** A value of a form body: absent ones are left out, nested ones are written in brackets. */
export type FormValue =
  | string
  | number
  | bigint
  | boolean
  | undefined
  | ReadonlyArray<FormValue>
  | { readonly [key: string]: FormValue }

const write = (prefix: string, value: FormValue, pairs: Array<string>): void => {
  if (value === undefined) return
  if (typeof value !== "object") {
    pairs.push(`${prefix}=${encodeURIComponent(String(value))}`)
  } else {
    for (const [key, inner] of Object.entries(value)) write(`${prefix}[${encodeURIComponent(key)}]`, inner, pairs)
  }
}

/** `a=1&b[c]=2&d[0]=3`: nested values in brackets, list items by index. */
export const encode = (fields: { readonly [key: string]: FormValue }): string => {
  const pairs: Array<string> = []
  for (const [key, value] of Object.entries(fields)) write(encodeURIComponent(key), value, pairs)
  return pairs.join("&")
}

/** A form body (application/x-www-form-urlencoded). */
export const form = (fields: { readonly [key: string]: FormValue }): HttpBody.HttpBody =>
  HttpBody.text(encode(fields), "application/x-www-form-urlencoded")
