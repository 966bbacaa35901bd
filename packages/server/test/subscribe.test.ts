import {
  WebhookServiceDefinition,
  type WebhookServiceSubscribeRequest,
  type WebhookServiceSubscribeResponse
} from "@connector-service/proto/payments/v1/webhook"
import { Metadata } from "nice-grpc"
import { describe, expect, it, onTestFinished } from "vitest"
import { failure, type Running, run } from "./kit.ts"
import { stripeDelivery, stripeEvent } from "./stripeDeliveries.ts"

const accounts = {
  ACCOUNT_SHOP: JSON.stringify({ stripe: { webhookSecrets: [{ signingSecret: "whsec_shop" }] } }),
  ACCOUNT_OTHER: JSON.stringify({ stripe: { webhookSecrets: [{ signingSecret: "whsec_other" }] } })
}

const serving = async (env: Readonly<Record<string, string>> = {}): Promise<Running> => {
  const running = await run({ EVENT_SINK: "grpc", ...accounts, ...env })
  onTestFinished(() => running.close())
  return running
}

const deliver = async ({ httpPort }: Running, id: string, account = "shop"): Promise<number> => {
  const delivery = stripeDelivery(stripeEvent(id), `whsec_${account}`)
  return (await fetch(`http://127.0.0.1:${httpPort}/webhooks/stripe/${account}`, delivery)).status
}

type Part = NonNullable<WebhookServiceSubscribeRequest["request"]>
const opening = (account?: string): Part => ({ $case: "opening", value: { account } })
const acknowledging = (deliveryNumber: bigint): Part => ({ $case: "acknowledgement", value: { deliveryNumber } })

/** A subscriber, over gRPC. */
const subscribe = (running: Running, first: Part | "none" = opening(), metadata = Metadata()) => {
  const parts: Array<Part> = first === "none" ? [] : [first]
  let wake = () => {}
  let ended = first === "none"
  const requests = async function* (): AsyncGenerator<Partial<WebhookServiceSubscribeRequest>> {
    for (;;) {
      for (const request of parts.splice(0)) yield { request }
      if (ended) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const gone = new AbortController()
  let opened: (header: Metadata) => void
  const open = new Promise<Metadata>((resolve) => {
    opened = resolve
  })
  const stream = running
    .client(WebhookServiceDefinition)
    .subscribe(requests(), { signal: gone.signal, metadata, onHeader: (header) => opened(header) })
  const events = stream[Symbol.asyncIterator]()
  // nice-grpc calls at the first fetch
  let fetching = events.next()
  fetching.catch(() => undefined)
  return {
    /** Resolves once the server has opened it. */
    open,
    /** The next event; undefined once the server has ended the stream. */
    next: async (): Promise<WebhookServiceSubscribeResponse | undefined> => {
      const next = await fetching
      if (next.done === true) return undefined
      fetching = events.next()
      fetching.catch(() => undefined)
      return next.value
    },
    send: (part: Part) => {
      parts.push(part)
      wake()
    },
    /** Says that nothing more will be sent. */
    end: () => {
      ended = true
      wake()
    },
    leave: () => gone.abort()
  }
}

describe("a delivery", () => {
  it("is acknowledged once a subscriber has acknowledged its event", async () => {
    const running = await serving()
    const subscriber = subscribe(running)
    await subscriber.open
    const delivered = deliver(running, "evt_1")
    const event = await subscriber.next()
    expect(event).toMatchObject({
      deliveryNumber: 1n,
      connector: "stripe",
      account: "shop",
      event: { id: "evt_1", rawType: "plan.created", environment: "sandbox", subject: { $case: "other" } }
    })
    subscriber.send(acknowledging(1n))
    expect(await delivered).toBe(200)
  })

  it("is not where nobody subscribes, or nobody to its account", async () => {
    const running = await serving()
    expect(await deliver(running, "evt_1")).toBe(503)
    const other = subscribe(running, opening("other"))
    await other.open
    expect(await deliver(running, "evt_2")).toBe(503)
    const delivered = deliver(running, "evt_3", "other")
    expect(await other.next()).toMatchObject({ account: "other", event: { id: "evt_3" } })
    other.send(acknowledging(1n))
    expect(await delivered).toBe(200)
  })

  it("is not where no acknowledgement comes in time; what comes later means nothing, and it is sent again", async () => {
    const running = await serving({ DELIVERY_LIMIT: "300 millis" })
    const subscriber = subscribe(running)
    await subscriber.open
    expect(await deliver(running, "evt_1")).toBe(503)
    expect(await subscriber.next()).toMatchObject({ deliveryNumber: 1n })
    subscriber.send(acknowledging(1n))
    const again = deliver(running, "evt_1")
    expect(await subscriber.next()).toMatchObject({ deliveryNumber: 2n, event: { id: "evt_1" } })
    subscriber.send(acknowledging(2n))
    expect(await again).toBe(200)
  })

  it.each([
    ["goes away", "leave"],
    ["says that it is done", "end"]
  ] as const)("whose subscriber %s is handed to another, or not acknowledged", async (_name, how) => {
    const running = await serving()
    const first = subscribe(running)
    await first.open
    const delivered = deliver(running, "evt_1")
    await first.next()
    const second = subscribe(running)
    await second.open
    first[how]()
    expect(await second.next()).toMatchObject({ deliveryNumber: 1n, event: { id: "evt_1" } })
    second[how]()
    expect(await delivered).toBe(503)
  })
})

describe("a stream", () => {
  it.each<[string, Part | "none", string]>([
    ["that opens nothing", acknowledging(1n), "request"],
    ["that is ended at once", "none", "request"],
    ["to an account that can be none", opening("no such name"), "request.opening.account"]
  ])("%s is refused", async (_name, part, field) => {
    const failed = await failure(subscribe(await serving(), part).next())
    expect(failed).toMatchObject({ status: "INVALID_ARGUMENT", info: { reason: "InvalidField" } })
    expect(failed.badRequest?.fieldViolations.map(({ field }) => field)).toEqual([field])
  })

  it.each<[string, Part]>([
    ["opens twice", opening()],
    ["acknowledges the number 0, which none has", acknowledging(0n)]
  ])("that %s is ended, and its events are another's", async (_name, part) => {
    const running = await serving()
    const subscriber = subscribe(running)
    await subscriber.open
    const delivered = deliver(running, "evt_1")
    await subscriber.next()
    subscriber.send(part)
    expect(await failure(subscriber.next())).toMatchObject({ status: "INVALID_ARGUMENT" })
    expect(await delivered).toBe(503)
  })

  it("gives back the caller's request id", async () => {
    const subscriber = subscribe(await serving(), opening(), Metadata({ "x-request-id": "req-1" }))
    expect((await subscriber.open).get("x-request-id")).toBe("req-1")
  })

  it("ends in order when the subscriber says that it is done", async () => {
    const subscriber = subscribe(await serving())
    await subscriber.open
    subscriber.end()
    expect(await subscriber.next()).toBeUndefined()
  })

  it("is not there where events go elsewhere", async () => {
    const running = await run(accounts)
    onTestFinished(() => running.close())
    expect(await failure(subscribe(running).next())).toMatchObject({ status: "UNIMPLEMENTED" })
  })
})

describe("a server that stops", () => {
  it("has its subscribers acknowledge what they have, then ends their streams", async () => {
    const running = await serving()
    const subscriber = subscribe(running)
    await subscriber.open
    const delivered = deliver(running, "evt_1")
    await subscriber.next()
    const stopped = running.stopServer()
    // new ones are refused before the one that is on its way has ended
    await expect.poll(() => deliver(running, "evt_2").catch(() => 0)).toBe(503)
    subscriber.send(acknowledging(1n))
    expect(await delivered).toBe(200)
    expect(await failure(subscriber.next())).toMatchObject({ status: "UNAVAILABLE", info: { reason: "Unreachable" } })
    await stopped
  })

  it("acknowledges nothing that is not safe when its time has run out", async () => {
    const running = await serving({ SHUTDOWN_TIMEOUT: "100 millis" })
    const subscriber = subscribe(running)
    await subscriber.open
    const delivered = deliver(running, "evt_1").catch(() => "no answer")
    await subscriber.next()
    const ended = failure(subscriber.next())
    await running.stopServer()
    expect([503, "no answer"]).toContain(await delivered)
    expect((await ended).status).toBe("UNAVAILABLE")
  })
})
