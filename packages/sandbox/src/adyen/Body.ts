/** A JSON value. */
export type Json = string | number | boolean | null | ReadonlyArray<Json> | Body

/** A JSON object. */
export interface Body {
  readonly [name: string]: Json
}

const isBody = (value: unknown): value is Body => typeof value === "object" && value !== null && !Array.isArray(value)

/** Reads a JSON object; undefined when the text is none. */
export const parseBody = (text: string): Body | undefined => {
  // JSON.parse has no form that reports bad text other than throwing.
  try {
    const parsed: unknown = JSON.parse(text)
    return isBody(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/** Reads a JSON object out of base64; undefined when there is none in it. */
export const parseBase64 = (text: string): Body | undefined => parseBody(Buffer.from(text, "base64").toString("utf8"))

/** The text under a name; undefined when absent, empty or of another kind. */
export const textOf = (body: Body, name: string): string | undefined => {
  const value = Object.hasOwn(body, name) ? body[name] : undefined
  return typeof value === "string" && value !== "" ? value : undefined
}

/** The number under a name. */
export const numberOf = (body: Body, name: string): number | undefined => {
  const value = Object.hasOwn(body, name) ? body[name] : undefined
  return typeof value === "number" ? value : undefined
}

/** Whether the name holds true, or the text "true" as in `additionalData`. */
export const flagOf = (body: Body, name: string): boolean =>
  Object.hasOwn(body, name) && (body[name] === true || body[name] === "true")

const none: Body = {}

/** The object under a name; empty when absent. */
export const bodyOf = (body: Body, name: string): Body => {
  const value = Object.hasOwn(body, name) ? body[name] : undefined
  return isBody(value) ? value : none
}

/** Whether an object was given under the name. */
export const hasBody = (body: Body, name: string): boolean => Object.hasOwn(body, name) && isBody(body[name])
