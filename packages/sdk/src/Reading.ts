import { input } from "@connector-service/domain/Input"
import type { InvalidField, MissingField } from "@connector-service/domain/Reason"
import type { Result, Schema } from "effect"
import { encoded } from "./Friendly.ts"

/** A reader of what a caller wrote: the domain's value, or the field at fault by the service's own name for it. */
export const reading = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const read = input(schema)
  return (written: unknown): Result.Result<S["Type"], MissingField | InvalidField> => read(encoded(written ?? {}))
}
