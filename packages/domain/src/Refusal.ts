import * as Schema from "effect/Schema"

/** The delivery is not proven to come from the processor. */
export class InvalidSignature extends Schema.TaggedError<InvalidSignature>()("InvalidSignature", {}) {}

/** The signature is genuine, and older, or younger, than the tolerance allows. */
export class StaleTimestamp extends Schema.TaggedError<StaleTimestamp>()("StaleTimestamp", {}) {}

/** There is no secret to prove a delivery with, or one is not of the connector's form. */
export class UnknownSecret extends Schema.TaggedError<UnknownSecret>()("UnknownSecret", {}) {}

/** The delivery is proven, or was not to be, and its frame is not what the processor documents. */
export class Unreadable extends Schema.TaggedError<Unreadable>()("Unreadable", { description: Schema.String }) {}

/** Every reason a webhook may be refused for. */
export const Refusal = Schema.Union([InvalidSignature, StaleTimestamp, UnknownSecret, Unreadable])
/** Every reason a webhook may be refused for, told apart by `_tag`. */
export type Refusal = typeof Refusal.Type
