import type { Delivery } from "@connector-service/domain/Delivery"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { enable } from "effect/schema/SchemaJITCompiler"

export type { Delivery } from "@connector-service/domain/Delivery"

/** Every value of a header, whatever the case of its name (RFC 9110 section 5.1). */
export const header = ({ headers }: Delivery, name: string): ReadonlyArray<string> => {
  const wanted = name.toLowerCase()
  return headers.flatMap(([given, value]) => (given.toLowerCase() === wanted ? [value] : []))
}

/** The value of a header that came once; undefined where it came not at all or several times. */
export const only = (delivery: Delivery, name: string): string | undefined => {
  const [value, ...more] = header(delivery, name)
  return more.length > 0 ? undefined : value
}

/** Every value of a name in the query. */
export const query = ({ url }: Delivery, name: string): ReadonlyArray<string> => {
  const at = url.indexOf("?")
  return at < 0 ? [] : new URLSearchParams(url.slice(at + 1)).getAll(name)
}

/** The body as text; undefined where it is not UTF-8. */
export const text = ({ body }: Delivery): string | undefined =>
  Result.getOrUndefined(Result.try(() => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body)))

/** A JSON text as a value; undefined where it is none. */
export const parse = (json: string | undefined): unknown =>
  json === undefined ? undefined : Result.getOrUndefined(Result.try((): unknown => JSON.parse(json)))

/** Reads a value against a schema that holds only the fields we use; undefined where it does not fit. */
export const reader = <A>(schema: Schema.ConstraintDecoder<A>) => {
  enable(schema.ast)
  const decode = Schema.decodeUnknownResult(schema)
  return (value: unknown): A | undefined => Result.getOrUndefined(decode(value))
}
