import type { FormTree } from "../Form.ts"
import { invalid, Refusal } from "./Refusal.ts"

/** A checked parameter; null is an empty string that asks to unset the field. */
export type Value = string | number | boolean | null | ReadonlyArray<string> | Params

/** Checked parameters by name. */
export interface Params {
  readonly [name: string]: Value
}

/** What a parameter may hold. `clearable` means that an empty string unsets it. */
export type Shape =
  | { readonly is: "text"; readonly most: number; readonly clearable: boolean }
  | { readonly is: "integer"; readonly least: number }
  | { readonly is: "flag" }
  | { readonly is: "choice"; readonly of: ReadonlyArray<string>; readonly clearable: boolean }
  | { readonly is: "list" }
  | { readonly is: "metadata" }
  | { readonly is: "open" }
  | { readonly is: "hash"; readonly fields: Fields; readonly needs: ReadonlyArray<string>; readonly clearable: boolean }

/** The parameters that an endpoint or a hash knows. */
export type Fields = Readonly<Record<string, Shape>>

export const text = (most = 5000): Shape => ({ is: "text", most, clearable: false })
export const clearableText = (most = 5000): Shape => ({ is: "text", most, clearable: true })
export const integer = (least = Number.MIN_SAFE_INTEGER): Shape => ({ is: "integer", least })
export const flag: Shape = { is: "flag" }
export const list: Shape = { is: "list" }
export const metadata: Shape = { is: "metadata" }
/** A part whose inside this sandbox does not look at. */
export const open: Shape = { is: "open" }
export const choice = (...of: ReadonlyArray<string>): Shape => ({ is: "choice", of, clearable: false })
export const clearableChoice = (...of: ReadonlyArray<string>): Shape => ({ is: "choice", of, clearable: true })
export const hash = (fields: Fields, needs: ReadonlyArray<string> = []): Shape => ({
  is: "hash",
  fields,
  needs,
  clearable: false
})
export const clearableHash = (fields: Fields, needs: ReadonlyArray<string> = []): Shape => ({
  is: "hash",
  fields,
  needs,
  clearable: true
})

const empty = (name: string): Refusal =>
  invalid(`The parameter ${name} may not be empty.`, { code: "parameter_invalid_empty", param: name })

const scalar = (shape: Shape, input: string, name: string): Value | Refusal => {
  if (input === "") {
    const clears = shape.is === "metadata" || ("clearable" in shape && shape.clearable)
    if (clears) return null
    return shape.is === "open" ? "" : empty(name)
  }
  switch (shape.is) {
    case "text":
      return input.length <= shape.most
        ? input
        : invalid(`The parameter ${name} may have at most ${shape.most} characters.`, { param: name })
    case "integer": {
      const whole = /^-?\d{1,15}$/.test(input) ? Number(input) : Number.NaN
      return whole >= shape.least
        ? whole
        : invalid(
            `The parameter ${name} must be a whole number${shape.least > 0 ? ` of at least ${shape.least}` : ""}.`,
            {
              code: "parameter_invalid_integer",
              param: name
            }
          )
    }
    case "flag":
      return input === "true" || input === "false"
        ? input === "true"
        : invalid(`The parameter ${name} must be true or false.`, { param: name })
    case "choice":
      return shape.of.includes(input)
        ? input
        : invalid(`The parameter ${name} must be one of: ${shape.of.join(", ")}.`, { param: name })
    case "open":
      return input
    default:
      return invalid(`The parameter ${name} must have named parts.`, { param: name })
  }
}

const checkMetadata = (tree: FormTree, name: string): Params | Refusal => {
  const pairs: Record<string, Value> = {}
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value !== "string") return invalid("Metadata cannot be nested.", { param: name })
    if (key.length > 40) return invalid("A metadata key may have at most 40 characters.", { param: name })
    if (value.length > 500) return invalid("A metadata value may have at most 500 characters.", { param: name })
    pairs[key] = value
  }
  return Object.keys(pairs).length > 50 ? invalid("There may be at most 50 metadata keys.", { param: name }) : pairs
}

const branch = (shape: Shape, tree: FormTree, name: string): Value | Refusal => {
  switch (shape.is) {
    case "hash":
      return check(tree, shape.fields, shape.needs, name)
    case "metadata":
      return checkMetadata(tree, name)
    case "list": {
      const items = Object.values(tree).filter((item) => typeof item === "string")
      return items.length === Object.keys(tree).length
        ? items
        : invalid(`The parameter ${name} must be a list.`, { param: name })
    }
    case "open":
      return openTree(tree)
    default:
      return invalid(`The parameter ${name} cannot have named parts.`, { param: name })
  }
}

const openTree = (tree: FormTree): Params =>
  Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [key, typeof value === "string" ? value : openTree(value)])
  )

/** Checks a decoded form against the parameters an endpoint knows and needs. */
export const check = (tree: FormTree, fields: Fields, needs: ReadonlyArray<string>, within = ""): Params | Refusal => {
  const nameOf = (key: string): string => (within === "" ? key : `${within}[${key}]`)
  const params: Record<string, Value> = {}
  for (const [key, input] of Object.entries(tree)) {
    const name = nameOf(key)
    const shape = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (shape === undefined)
      return invalid(`The parameter ${name} is unknown.`, { code: "parameter_unknown", param: name })
    const value = typeof input === "string" ? scalar(shape, input, name) : branch(shape, input, name)
    if (value instanceof Refusal) return value
    params[key] = value
  }
  for (const key of needs) {
    if (params[key] !== undefined) continue
    const name = nameOf(key)
    return invalid(`The parameter ${name} is missing.`, { code: "parameter_missing", param: name })
  }
  return params
}

/** The text under a name; undefined when absent or of another kind. */
export const textOf = (params: Params, name: string): string | undefined => {
  const value = params[name]
  return typeof value === "string" ? value : undefined
}

/** The number under a name. */
export const numberOf = (params: Params, name: string): number | undefined => {
  const value = params[name]
  return typeof value === "number" ? value : undefined
}

/** The flag under a name. */
export const flagOf = (params: Params, name: string): boolean | undefined => {
  const value = params[name]
  return typeof value === "boolean" ? value : undefined
}

/** The list under a name. */
export const listOf = (params: Params, name: string): ReadonlyArray<string> | undefined => {
  const value = params[name]
  return Array.isArray(value) ? value : undefined
}

const isParams = (value: Value | undefined): value is Params =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const none: Params = {}

/** The hash under a name; empty when absent. */
export const hashOf = (params: Params, name: string): Params => {
  const value = params[name]
  return isParams(value) ? value : none
}

/** Whether a hash was given under the name. */
export const hasHash = (params: Params, name: string): boolean => isParams(params[name])
