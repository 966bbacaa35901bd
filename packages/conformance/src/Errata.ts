import { adyenErrata } from "./errata/adyen.ts"
import { paypalErrata } from "./errata/paypal.ts"
import { stripeErrata } from "./errata/stripe.ts"
import { isObject, type JsonObject, lookUp, tokensOf } from "./Json.ts"
import { loadSpec } from "./Specs.ts"

/**
 * A known defect of a published file, corrected before it is compiled. `schemaPath` is the JSON pointer of one schema in
 * the file. `graft` puts a schema where the file has none, `copyFrom` does so with one the same file publishes
 * elsewhere, `append` adds to a list (an enum, or alternatives), `remove` deletes. `source` says where the truth is published.
 */
export type Erratum = {
  readonly file: string
  readonly schemaPath: string
  readonly change:
    | { readonly graft: JsonObject }
    | { readonly copyFrom: string }
    | { readonly append: string | JsonObject }
    | { readonly remove: true }
  readonly reason: string
  readonly source: string
}

/** Every erratum of every published file. */
export const errata: ReadonlyArray<Erratum> = [...adyenErrata, ...paypalErrata, ...stripeErrata]

const nothing = (erratum: Erratum, why: string): Error =>
  new Error(`Erratum of ${erratum.file} at ${erratum.schemaPath}: ${why}`)

const apply = (document: JsonObject, erratum: Erratum): void => {
  const { change, schemaPath } = erratum
  const name = tokensOf(schemaPath).at(-1)
  const parent = lookUp(document, schemaPath.slice(0, schemaPath.lastIndexOf("/")))
  const here = lookUp(document, schemaPath)
  if (!isObject(parent) || name === undefined) throw nothing(erratum, "its parent is not in the file")
  if ("append" in change) {
    if (!Array.isArray(here)) throw nothing(erratum, "no list is there")
    const appended = JSON.stringify(change.append)
    if (here.some((one) => JSON.stringify(one) === appended)) throw nothing(erratum, "the file already lists the value")
    here.push(structuredClone(change.append))
    return
  }
  if ("remove" in change) {
    if (here === undefined) throw nothing(erratum, "nothing is there to remove")
    delete parent[name]
    return
  }
  if (here !== undefined) throw nothing(erratum, "the file already has a schema there")
  const graft = "graft" in change ? change.graft : lookUp(document, change.copyFrom)
  if (!isObject(graft)) throw nothing(erratum, "the schema to copy is not in the file")
  parent[name] = structuredClone(graft)
}

/** A published file with `list` (all of ours by default) applied to a copy; throws for an erratum that matches nothing. */
export const corrected = (file: string, list: ReadonlyArray<Erratum> = errata): JsonObject => {
  const document = structuredClone(loadSpec(file))
  for (const erratum of list) if (erratum.file === file) apply(document, erratum)
  return document
}

const counted = (words: ReadonlyArray<string>): ReadonlyArray<readonly [word: string, count: number]> =>
  [...Map.groupBy(words, (word) => word)]
    .map(([word, { length }]) => [word, length] as const)
    .toSorted(([, a], [, b]) => b - a)

/** How many errata of `list` (all of ours by default) each published file has, and for which reasons; most first. */
export const errataReport = (list: ReadonlyArray<Erratum> = errata) =>
  counted(list.map(({ file }) => file)).map(([file, count]) => {
    const here = list.filter((erratum) => erratum.file === file)
    const reasons = counted(here.map(({ reason }) => reason)).map(([reason, count]) => ({ reason, count }))
    return { file, count, reasons }
  })
