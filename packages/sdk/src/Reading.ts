import { judge, refused } from "@connector-service/codec/Judge"
import { input } from "@connector-service/domain/Input"
import { InvalidField, type MissingField } from "@connector-service/domain/Reason"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { encoded } from "./Friendly.ts"

/** A copy cannot be made of what holds itself or throws as it is read, whose words are the caller's own. */
const uncopied = () =>
  new InvalidField({ field: "request", rule: "plain values that can be read and do not hold themselves" })

const copied = (written: unknown, onForeign?: () => void): Result.Result<unknown, InvalidField> =>
  Result.try({
    try: () => encoded(written ?? {}, onForeign),
    catch: uncopied
  })

/** A reader of what a caller wrote: the domain's value, or the field at fault by the service's own name for it. */
export const reading = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const judged = judge(schema.ast)
  const decode = input(schema)
  return (written: unknown): Result.Result<S["Type"], MissingField | InvalidField> => {
    let foreign = false
    const copy = copied(written, () => {
      foreign = true
    })
    if (Result.isFailure(copy)) return Result.fail(copy.failure)
    // a judge decodes in place, so it gets only what was made here
    const value = foreign ? refused : judged(copy.success)
    // the judge gives what the schema's decoder does, which is the schema's type
    if (value !== refused) return Result.succeed(value as S["Type"])
    return Result.flatMap(copied(written), decode)
  }
}
