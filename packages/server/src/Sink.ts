import type { SubscribedEvent } from "@connector-service/domain/Subscription"
import { Context, type Effect, Schema } from "effect"

/** An event of a proven delivery: whose processor told it, and the account whose secret proved it. */
export type Told = Omit<SubscribedEvent, "deliveryNumber">

/** An event is not in safe hands, and nobody may be told that it is. Its description names no secret. */
export class NotSafe extends Schema.TaggedError<NotSafe>()("NotSafe", { description: Schema.String }) {}

/** Where events go. */
export class Sink extends Context.Service<
  Sink,
  {
    /**
     * Succeeds only once the event is in safe hands: its processor is told so then, and does not send it again. It may
     * take any time; whoever waits no longer interrupts it.
     */
    readonly take: (told: Told) => Effect.Effect<void, NotSafe>
  }
>()("@connector-service/server/Sink") {}
