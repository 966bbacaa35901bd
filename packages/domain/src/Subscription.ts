import * as Schema from "effect/Schema"
import { Event } from "./Event.ts"
import { AccountName } from "./Text.ts"

const DeliveryNumber = Schema.BigInt.check(
  Schema.makeFilter((number: bigint) => number > 0n, { expected: "the number that an event was sent with" })
)

/**
 * What a subscriber sends: the Opening first, with the account whose events are wanted (absent for all), and then an
 * Acknowledgement for each event that is in safe hands.
 */
export const SubscribeRequest = Schema.Struct({
  request: Schema.Union([
    Schema.TaggedStruct("Opening", { account: Schema.optional(AccountName) }),
    Schema.TaggedStruct("Acknowledgement", { deliveryNumber: DeliveryNumber })
  ])
})
/** What a subscriber sends. */
export interface SubscribeRequest extends Schema.Schema.Type<typeof SubscribeRequest> {}

/** An event for a subscriber: `account` is the name of the one whose secret proved it. */
export const SubscribedEvent = Schema.Struct({
  deliveryNumber: Schema.BigInt,
  connector: Schema.String,
  account: Schema.String,
  event: Event
})
/** An event for a subscriber. */
export interface SubscribedEvent extends Schema.Schema.Type<typeof SubscribedEvent> {}
