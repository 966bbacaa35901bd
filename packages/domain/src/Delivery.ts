import * as Schema from "effect/Schema"
import { Event } from "./Event.ts"
import { line, wellFormed } from "./Text.ts"

const Text = Schema.String.check(wellFormed)

/**
 * A webhook as it arrived: `url` is path and query, as sent; `headers` in the order they came, a name may come several
 * times. Signatures are over the exact bytes of `body`.
 */
export const Delivery = Schema.Struct({
  method: line(32),
  url: line(16_384),
  headers: Schema.Array(Schema.Tuple([Text, Text])),
  body: Schema.Uint8Array
})
/** A webhook as it arrived. Signatures are over these exact bytes. */
export interface Delivery extends Schema.Schema.Type<typeof Delivery> {}

/** The delivery to identify. */
export const IdentifyRequest = Schema.Struct({ delivery: Delivery })
/** The delivery to identify. */
export interface IdentifyRequest extends Schema.Schema.Type<typeof IdentifyRequest> {}

/**
 * Which account (as the processor names it, where all that was delivered names the same) and objects (by the processor's
 * ids) a delivery claims to be about. Nobody vouches for it: only good for finding the secrets.
 */
export const Unverified = Schema.TaggedStruct("Unverified", {
  account: Schema.optional(Schema.String),
  objectIds: Schema.Array(Schema.String)
})
/** Which account and objects a delivery claims to be about. Nobody vouches for it: only good for finding the secrets. */
export interface Unverified extends Schema.Schema.Type<typeof Unverified> {}

/** The delivery to verify and read. */
export const ReceiveRequest = Schema.Struct({ delivery: Delivery })
/** The delivery to verify and read. */
export interface ReceiveRequest extends Schema.Schema.Type<typeof ReceiveRequest> {}

/** What the processor wants to hear, so that it does not send the delivery again. */
export const Acknowledgement = Schema.Struct({
  status: Schema.Int,
  contentType: Schema.optional(Schema.String),
  body: Schema.optional(Schema.String)
})
/** What the processor wants to hear, so that it does not send the delivery again. */
export interface Acknowledgement extends Schema.Schema.Type<typeof Acknowledgement> {}

/** A delivery that is proven: what it means, and what to answer once that is in safe hands. */
export const Received = Schema.TaggedStruct("Received", {
  events: Schema.Array(Event),
  acknowledgement: Acknowledgement
})
/** A delivery that is proven: what it means, and what to answer once that is in safe hands. */
export interface Received extends Schema.Schema.Type<typeof Received> {}
