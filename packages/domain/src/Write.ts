import * as Schema from "effect/Schema"
import { Reference } from "./Text.ts"

/** The number of an attempt. */
export const Attempt = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 }, { expected: "1 or more" }))

/**
 * What every write carries. `reference` is the caller's id of this one operation; `attempt` (1 if absent) is raised
 * only after an answer that says money did not move; `firstSentAt` is when this reference and attempt was first sent;
 * `idempotencyKey` replaces the key derived from them.
 */
export const write = {
  reference: Reference,
  attempt: Schema.optional(Attempt),
  firstSentAt: Schema.optional(Schema.DateTimeUtcFromDate),
  idempotencyKey: Schema.optional(
    Schema.String.check(Schema.isPattern(/^[\x21-\x7e]{1,255}$/, { expected: "1 to 255 visible ASCII characters" }))
  )
}

/** What every write carries. */
export type Write = Schema.Struct.Type<typeof write>
