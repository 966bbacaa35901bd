import { Event, type Occurrence, type Subject } from "@connector-service/domain/Event"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { enable } from "effect/schema/SchemaJITCompiler"
import { reader } from "./Delivery.ts"

/**
 * What an event is about, from the processor's object; undefined where it is none of ours. `Unread`: the object is not
 * what the processor documents.
 */
export type Meaning = (resource: unknown) => Subject | undefined | "Unread"

/** Reads an object against `schema`, which holds only the fields we use, then says what it means. */
export const meaning = <A>(
  schema: Schema.ConstraintDecoder<A>,
  meaning: (resource: A) => Subject | undefined
): Meaning => {
  const read = reader(schema)
  return (resource) => {
    const value = read(resource)
    return value === undefined ? "Unread" : meaning(value)
  }
}

enable(Event.ast)
const isEvent = Schema.is(Event)

/** A value that JSON gave, as its text; undefined where it is nested too deep to be written. */
const written = (value: unknown): string | undefined => Result.getOrUndefined(Result.try(() => JSON.stringify(value)))

/**
 * An event. One that no flow has a meaning for, or that cannot be read as what it is, or would not be of the contract's
 * form, is `Other`: it is never dropped. Undefined only where it is nested so deep that nothing can be made of it.
 */
export const eventOf = (occurrence: Occurrence, subject: ReturnType<Meaning>, raw: unknown): Event | undefined => {
  const event = subject === undefined || subject === "Unread" ? undefined : { ...occurrence, ...subject }
  if (event !== undefined && isEvent(event)) return event
  const problem = subject && "what it is about is not what the processor documents"
  const text = written(raw)
  return text === undefined ? undefined : { _tag: "Other", ...occurrence, problem, raw: text }
}

/** A moment of a processor's, as milliseconds since 1970 or as text with its offset; undefined where it is none. */
export const moment = (at: number | string): DateTime.Utc | undefined =>
  Option.getOrUndefined(Option.map(DateTime.make(at), DateTime.toUtc))
