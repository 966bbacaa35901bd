import {
  WebhookServiceDefinition,
  type WebhookServiceSubscribeRequest
} from "@connector-service/proto/payments/v1/webhook"
import { createChannel, createClient } from "nice-grpc"
import { keep } from "./keep.ts"

const [, , address = "", file = ""] = process.argv

/** Subscribes, and keeps each event before it acknowledges it, until the server is gone. */
const subscribe = async (): Promise<void> => {
  const acknowledgements: Array<bigint> = []
  let wake = () => {}
  const requests = async function* (): AsyncGenerator<Partial<WebhookServiceSubscribeRequest>> {
    yield { request: { $case: "opening", value: { account: undefined } } }
    for (;;) {
      for (const deliveryNumber of acknowledgements.splice(0)) {
        yield { request: { $case: "acknowledgement", value: { deliveryNumber } } }
      }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  // a channel that has been used waits for longer and longer before it connects again
  const channel = createChannel(address)
  const events = createClient(WebhookServiceDefinition, channel).subscribe(requests(), {
    onHeader: () => console.log("ready")
  })
  for await (const { deliveryNumber, event } of events) {
    keep(file, `${event?.id} ${event?.id}`)
    acknowledgements.push(deliveryNumber)
    wake()
  }
}

for (;;) {
  await subscribe().catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, 20))
}
