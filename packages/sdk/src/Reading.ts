import { judge, refused } from "@connector-service/codec/Judge"
import { input } from "@connector-service/domain/Input"
import type { InvalidField, MissingField } from "@connector-service/domain/Reason"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { encoded } from "./Friendly.ts"

/** A reader of what a caller wrote: the domain's value, or the field at fault by the service's own name for it. */
export const reading = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const judged = judge(schema.ast)
  const decode = input(schema)
  return (written: unknown): Result.Result<S["Type"], MissingField | InvalidField> => {
    let foreign = false
    const copy = encoded(written ?? {}, () => {
      foreign = true
    })
    // a judge decodes in place, so it gets only what was made here
    const value = foreign ? refused : judged(copy)
    // the judge gives what the schema's decoder does, which is the schema's type
    if (value !== refused) return Result.succeed(value as S["Type"])
    return decode(encoded(written ?? {}))
  }
}
