import { webhook } from "@connector-service/connectors/stripe/webhook"
import type { Event } from "@connector-service/domain/Event"
import { answered, receive } from "@connector-service/webhooks/Webhook"
import { DateTime, Effect } from "effect"

// all that are active: two while one replaces the other
const secrets = [{ signingSecret: "whsec_old" }, { signingSecret: "whsec_new" }]

/** Takes a delivery as it came: bytes that were parsed and written anew are no longer those that were signed. */
export const handle = async (request: Request, keep: (events: ReadonlyArray<Event>) => Promise<void>) => {
  const { headers, method, url } = request
  const delivery = { method, url, headers: [...headers], body: new Uint8Array(await request.arrayBuffer()) }
  const received = receive(webhook, delivery, secrets, DateTime.nowUnsafe()).pipe(
    // only PayPal's need a question to be asked
    Effect.flatMap((reception) => answered(reception, () => Effect.die("a question"))),
    Effect.tap(({ events }) => Effect.promise(() => keep(events))),
    Effect.match({
      onSuccess: ({ acknowledgement: { body, status } }) => new Response(body ?? null, { status }),
      // no word of why: it may be a forger who asks
      onFailure: () => new Response(null, { status: 400 })
    })
  )
  return Effect.runPromise(received)
}
