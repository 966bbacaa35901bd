import { subscribe as codec } from "@connector-service/codec/webhook"
import type { SubscribedEvent } from "@connector-service/domain/Subscription"
import {
  WebhookServiceDefinition,
  type WebhookServiceSubscribeRequest
} from "@connector-service/proto/payments/v1/webhook"
import { createChannel, createClient } from "nice-grpc"
import { fail } from "./Failure.ts"

/** A subscriber of the server's events. */
export interface Listener {
  /** The first event, told already or yet to be, that is as wanted. Rejects with Failure when none comes. */
  readonly told: (isWanted: (told: SubscribedEvent) => boolean) => Promise<SubscribedEvent>
  readonly close: () => void
}

/** What the subscriber sends: the opening, then an acknowledgement of each number that it is given. */
const requests = () => {
  const numbers: Array<bigint> = []
  let wake = () => {}
  const send = async function* (): AsyncGenerator<WebhookServiceSubscribeRequest> {
    yield { request: { $case: "opening", value: {} } }
    for (;;) {
      for (const deliveryNumber of numbers.splice(0)) {
        yield { request: { $case: "acknowledgement", value: { deliveryNumber } } }
      }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const acknowledge = (number: bigint): void => {
    numbers.push(number)
    wake()
  }
  return { send, acknowledge }
}

/** How long an event may take, in milliseconds. */
const patience = 10_000

/** Subscribes at a server's "host:port"; resolves once it is subscribed. */
export const listen = async (address: string): Promise<Listener> => {
  const channel = createChannel(address)
  const closing = new AbortController()
  const { acknowledge, send } = requests()
  const heard: Array<SubscribedEvent> = []
  const hear: Array<() => void> = []
  const isOpen = new Promise<void>((resolve) => {
    const events = createClient(WebhookServiceDefinition, channel).subscribe(send(), {
      signal: closing.signal,
      onHeader: () => resolve()
    })
    const run = async (): Promise<void> => {
      for await (const message of events) {
        heard.push(codec.response.fromProto(message))
        acknowledge(message.deliveryNumber)
        for (const wake of hear.splice(0)) wake()
      }
    }
    // one that breaks off is missed by whoever waits for an event
    run().catch(() => resolve())
  })
  await isOpen
  return {
    told: async (isWanted) => {
      const late = AbortSignal.timeout(patience)
      while (!late.aborted) {
        const found = heard.find(isWanted)
        if (found !== undefined) return found
        await new Promise<void>((resolve) => {
          hear.push(resolve)
          late.addEventListener("abort", () => resolve(), { once: true })
        })
      }
      return fail("The tour ended at WebhookService.Subscribe: an event did not come.")
    },
    close: () => {
      closing.abort()
      channel.close()
    }
  }
}
