import { type Delivery, Payments } from "@connector-service/sdk/Payments"
import { Effect } from "effect"

/** What to answer to the processor, once its events are logged. */
export const received = Effect.fn("received")(function* (delivery: Delivery) {
  const { webhook } = (yield* Payments).target({ connector: "stripe", account: "my-shop" })
  return yield* webhook.receive({ delivery }).pipe(
    Effect.tap(({ events }) => Effect.log(events.map(({ _tag, id }) => `${_tag} ${id}`))),
    Effect.map(({ acknowledgement }) => acknowledgement),
    Effect.catch(({ consequence, reason }) =>
      Effect.as(Effect.logWarning(reason._tag), { status: consequence.retryable ? 500 : 400 })
    )
  )
})
