import type * as Settlement from "@connector-service/domain/Settlement"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/** What `client.settlement.settle` takes. */
export type Unsettled = Settlement.Unsettled

/** The value that a part of the JSON means; undefined where it is of another form. */
type Reader<A> = (json: unknown) => A | undefined

const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === "object" && json !== null && !Array.isArray(json)

const string: Reader<string> = (json) => (typeof json === "string" ? json : undefined)
const number: Reader<number> = (json) => (typeof json === "number" ? json : undefined)
const time: Reader<DateTime.Utc> = (json) =>
  typeof json === "string" ? Option.getOrUndefined(DateTime.make(json)) : undefined

const amount: Reader<NonNullable<Unsettled["amount"]>> = (json) => {
  if (!isObject(json)) return undefined
  const { currencyCode, minorUnits } = json
  return typeof currencyCode === "string" && typeof minorUnits === "string" && /^\d+$/.test(minorUnits)
    ? { minorUnits: BigInt(minorUnits), currencyCode }
    : undefined
}

const isTexts = (json: unknown): json is Readonly<Record<string, string>> =>
  isObject(json) && Object.values(json).every((text) => typeof text === "string")
const texts: Reader<Readonly<Record<string, string>>> = (json) => (isTexts(json) ? json : undefined)

// by hand, so that an import need not load the schemas; settle checks each part by its rule
const readers: { readonly [K in keyof Unsettled]-?: Reader<NonNullable<Unsettled[K]>> } = {
  flow: string,
  reference: string,
  attempt: number,
  paymentId: string,
  amount,
  firstSentAt: time,
  lastSentAt: time,
  state: texts
}
const required: ReadonlySet<string> = new Set(["flow", "reference"] satisfies ReadonlyArray<keyof Unsettled>)

/** From the JSON text that `stringify` gave. Throws a TypeError, or JSON's SyntaxError, on any other. */
export const parse = (text: string): Unsettled => {
  const json: unknown = JSON.parse(text)
  if (!isObject(json)) throw new TypeError("Unsettled.parse: expected the text that Unsettled.stringify gave.")
  const read = Object.entries(readers).flatMap(([field, reader]) => {
    const part = json[field]
    if (part === undefined && !required.has(field)) return []
    const value = reader(part)
    if (value === undefined) {
      throw new TypeError(`Unsettled.parse: ${field} is not as Unsettled.stringify writes it.`)
    }
    return [[field, value] as const]
  })
  // each by its own reader
  return Object.fromEntries(read) as unknown as Unsettled
}

/** As JSON text, to be kept until it is settled. Throws a TypeError on what could not be read back. */
export const stringify = (unsettled: Unsettled): string => {
  const text = JSON.stringify(unsettled, (_key, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value
  )
  parse(text)
  return text
}
