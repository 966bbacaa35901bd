import type { ErrorObject } from "ajv"
import { AT, LISTED, pointerOf } from "./Dialect.ts"
import { asArray, asString, below, isObject } from "./Json.ts"

/**
 * One disagreement with the published specification. `where` is the place in the message (`body/amount`, `query/limit`,
 * `path`); `schemaPath` the JSON pointer of the rule in the published file. Values are never quoted: they may be secret.
 */
export type Problem = { readonly where: string; readonly schemaPath: string; readonly message: string }

const placeOf = (error: ErrorObject): string => {
  const parent: unknown = error.parentSchema
  const at = isObject(parent) ? asString(parent[AT]) : undefined
  return at ?? error.schemaPath
}

const within = (path: string, root: string): boolean => path === root || path.startsWith(`${root}/`)

/** Where the rules of each alternative of an `anyOf`/`oneOf` are published: in place, and at the target of its `$ref`. */
const alternatives = (choice: ErrorObject): ReadonlyArray<ReadonlyArray<string>> =>
  asArray(choice.schema).map((branch) => {
    if (!isObject(branch)) return []
    const ref = asString(branch.$ref)
    return [asString(branch[AT]), ref && pointerOf(ref)].filter((start) => start !== undefined)
  })

const alternativeOf = (places: ReadonlyArray<ReadonlyArray<string>>, error: ErrorObject, from: number): number =>
  places.findIndex((starts, index) => index >= from && starts.some((start) => within(placeOf(error), start)))

/** The errors of each alternative. They come in the alternatives' order; those of a deeper `$ref` follow their parent's. */
const byAlternative = (
  places: ReadonlyArray<ReadonlyArray<string>>,
  errors: ReadonlyArray<ErrorObject>
): ReadonlyArray<ReadonlyArray<ErrorObject>> => {
  const found: Array<Array<ErrorObject>> = places.map(() => [])
  let current = 0
  for (const error of errors) {
    current = Math.max(current, alternativeOf(places, error, current))
    found[current]?.push(error)
  }
  return found.filter((some) => some.length > 0)
}

/** Of the alternatives that failed, the one nearest to what was sent: its kind and its listed words agree, then the fewest errors. */
const nearest = (
  choice: ErrorObject,
  failed: ReadonlyArray<ReadonlyArray<ErrorObject>>
): ReadonlyArray<ErrorObject> => {
  const otherKind = (error: ErrorObject) =>
    error.instancePath === choice.instancePath && ["type", "enum", "const"].includes(error.keyword)
  const otherTag = (errors: ReadonlyArray<ErrorObject>) =>
    errors.filter((error) => ["enum", "const"].includes(error.keyword)).length
  const alike = failed.filter((errors) => !errors.some(otherKind))
  return alike.toSorted((a, b) => otherTag(a) - otherTag(b) || a.length - b.length)[0] ?? [choice]
}

/** Where the errors of a choice begin: they stand just before it, while a sibling rule of the same schema ends them. */
const beginning = (choice: ErrorObject, before: ReadonlyArray<ErrorObject>): number => {
  const base = placeOf(choice)
  const foreign = before.findLastIndex((one) => {
    const place = placeOf(one)
    const inside = ["anyOf", "oneOf", "allOf", "nullable"].some((keyword) => within(place, below(base, keyword)))
    return !within(one.instancePath, choice.instancePath) || (within(place, base) && !inside)
  })
  return foreign + 1
}

/** Drops what follows from another error: the alternatives not meant, and properties unevaluated because a rule failed. */
const essential = (errors: ReadonlyArray<ErrorObject>): ReadonlyArray<ErrorObject> => {
  const kept: Array<ErrorObject> = []
  for (const error of errors) {
    if (error.keyword !== "anyOf" && error.keyword !== "oneOf") {
      kept.push(error)
      continue
    }
    const own = kept.splice(beginning(error, kept))
    const ambiguous = Array.isArray(error.params.passingSchemas)
    kept.push(...(ambiguous ? [error] : nearest(error, byAlternative(alternatives(error), own))))
  }
  return kept.filter((error) => error.keyword !== "unevaluatedProperties" || !consequence(error, kept))
}

const consequence = (error: ErrorObject, all: ReadonlyArray<ErrorObject>): boolean => {
  const parent: unknown = error.parentSchema
  const names = isObject(parent) ? asArray(parent[LISTED]) : []
  const name: unknown = error.params.unevaluatedProperty
  return (
    names.includes(name) &&
    all.some(
      (other) =>
        within(other.instancePath, error.instancePath) &&
        (other.keyword !== "unevaluatedProperties" || other.instancePath !== error.instancePath)
    )
  )
}

const missing = (error: ErrorObject): string | undefined =>
  asString(error.params.missingProperty ?? error.params.additionalProperty ?? error.params.unevaluatedProperty)

const messageOf = (error: ErrorObject): string => {
  if (error.keyword === "additionalProperties" || error.keyword === "unevaluatedProperties") return "unknown property"
  if (error.keyword === "required") return "required, and missing"
  if (error.keyword === "enum") return `must be one of ${JSON.stringify(error.params.allowedValues)}`
  return error.message ?? error.keyword
}

/** A validator's errors as problems below `root` (`body`, `query`); compiled with `verbose`, from schemas of `dialect`. */
export const problemsOf = (root: string, errors: ReadonlyArray<ErrorObject>): ReadonlyArray<Problem> => {
  const found = essential(errors)
  const problems = (found.length > 0 ? found : errors).map((error) => {
    const name = missing(error)
    const place = `${root}${error.instancePath}`
    return {
      where: name === undefined ? place : below(place, name),
      schemaPath: below(placeOf(error), error.keyword),
      message: messageOf(error)
    }
  })
  const first = new Map(problems.toReversed().map((problem) => [`${problem.where} ${problem.message}`, problem]))
  return problems.filter((problem) => first.get(`${problem.where} ${problem.message}`) === problem)
}
