import { readFileSync } from "node:fs"
import { isDeepStrictEqual } from "node:util"
import { decodeForm } from "@connector-service/conformance/Form"
import { input } from "@connector-service/domain/Input"
import type { Reason } from "@connector-service/domain/Reason"
import { type Flows, flows } from "@connector-service/domain/Services"
import { Result, type Schema } from "effect"
import { expect } from "vitest"
import type { Answer, Sent } from "./Stub.ts"

/** A request as a processor should get it; `body` and `query` decoded. */
export interface Sends {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** The path after the connector's address. */
  readonly path: string
  readonly query?: object
  /** Headers that must be there, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  readonly contentType?: string
  readonly body?: unknown
}

/** A reply to the request and what a caller is told: a part of the answer, or of the reason with its `_tag`. */
export interface Read {
  readonly name?: string
  readonly reply: Answer
  /** What later look-ups are answered, the last one repeated; without it they fail. */
  readonly lookUp?: Answer | ReadonlyArray<Answer>
  readonly as: { readonly _tag?: Reason["_tag"]; readonly [field: string]: unknown }
  /** Why the reply is not one that the processor publishes. */
  readonly unpublished?: string
}

/** One input, what is sent for it, and what replies mean. */
export interface Case<Input> {
  readonly name?: string
  readonly input: Input
  /** What goes before it, and the reply that lets it go on. */
  readonly before?: { readonly sends: Sends; readonly reply: Answer }
  readonly sends: Sends
  readonly reads?: ReadonlyArray<Read>
}

type Name = { [S in keyof Flows]: `${S}.${keyof Flows[S] & string}` }[keyof Flows]
type Encoded<Row> = Row extends { readonly request: infer R extends Schema.Constraint } ? R["Encoded"] : never
type EncodedOf<N extends Name> = N extends `${infer S extends keyof Flows}.${infer M}`
  ? M extends keyof Flows[S]
    ? Encoded<Flows[S][M]>
    : never
  : never

/** A connector's test: a list of cases for each flow it has. */
export type Table = { readonly [N in Name]?: ReadonlyArray<Case<EncodedOf<N>>> }

/** What inputs of flows have in common, as far as tests look. */
export interface Inputs extends Readonly<Record<PropertyKey, unknown>> {
  readonly reference?: string
  readonly attempt?: number
  readonly idempotencyKey?: string
  readonly paymentId?: string
}

/** The cases of a flow. */
export const inputOf = (table: Table, name: string): ReadonlyArray<Case<object>> =>
  // a flow's name is one of the table's keys or of none
  (table as Readonly<Record<string, ReadonlyArray<Case<object>>>>)[name] ?? []

/** Within a part of an answer, an object of these fields and no others. */
export const toEqual = (whole: object): unknown =>
  expect.toSatisfy((told) => isDeepStrictEqual({ ...told }, whole), JSON.stringify(whole))

/** An input as its flow's own schema decodes it; throws the reason when it does not. */
export const decoded = (name: string, encoded: object | undefined): Inputs => {
  const [service = "", method = ""] = name.split(".")
  // flows are looked up by name, each with its own request
  const table = flows as unknown as Readonly<
    Record<string, Readonly<Record<string, { readonly request: Schema.ConstraintDecoder<unknown> }>>>
  >
  const row = table[service]?.[method]
  if (row === undefined) throw new Error(`no flow ${name}`)
  // every request is a struct
  return Result.getOrThrowWith(input(row.request)(encoded), (reason) => reason) as Inputs
}

/** A request's query, headers and body as its recipient decodes them. */
export const encodedBy = ({ body, headers, url }: Sent) => {
  const contentType = headers["content-type"]
  const value =
    body === ""
      ? undefined
      : contentType === "application/x-www-form-urlencoded"
        ? plain(decodeForm(body))
        : JSON.parse(body)
  return { headers, contentType, query: plain(decodeForm(url.search.slice(1))), body: value as unknown }
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** A hand-made reply of `replies/<connector>`, with fields replaced. */
export const replies =
  (connector: string) =>
  (name: string, over: object = {}): object => ({
    ...JSON.parse(readFileSync(new URL(`replies/${connector}/${name}.json`, import.meta.url), "utf8")),
    ...over
  })
