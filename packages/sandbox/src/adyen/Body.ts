import { isTree, parseJson, type Tree } from "../Json.ts"

/** A JSON object. */
export type Body = Tree

/** Reads a JSON object; undefined when the text is none. */
export const parseBody = (text: string): Body | undefined => {
  const parsed = parseJson(text)
  return isTree(parsed) ? parsed : undefined
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
  return isTree(value) ? value : none
}

/** Whether an object was given under the name. */
export const hasBody = (body: Body, name: string): boolean => Object.hasOwn(body, name) && isTree(body[name])
