import { stripe } from "@connector-service/connectors/stripe"
import type { Event } from "@connector-service/domain/Event"
import Stripe from "stripe"
import { afterAll, beforeEach, describe, expect, it } from "vitest"
import { inProcess } from "../../src/InProcess.ts"
import { PaymentError } from "../../src/PaymentError.ts"
import type { OnEvents, Receiver, WebhookOptions } from "../../src/webhooks/Handling.ts"
import { received } from "../parity/Answers.ts"
import { scripted, takeBuilt, webhookSecrets } from "../parity/Scripted.ts"

const signingSecret = "whsec_helpers"
const target = { environment: "sandbox" } as const
/** Receives what Stripe's own SDK signed. */
export const client = inProcess({
  connectors: [stripe],
  connector: "stripe",
  ...target,
  webhookSecrets: [{ signingSecret }]
})
/** Receives what says in its body what it is: see Scripted.ts. */
const scriptedClient = inProcess({ connectors: [scripted], connector: "scripted", ...target, webhookSecrets })
/** Has no secrets to receive anything with. */
const unfinished = inProcess({ connectors: [stripe], connector: "stripe", ...target })

/** An event as Stripe posts one, two-space indented and not in ASCII: https://docs.stripe.com/api/events/object */
export const payload = JSON.stringify(
  {
    id: "evt_1",
    object: "event",
    created: 1767225600,
    livemode: false,
    type: "payout.paid",
    data: {
      object: { id: "po_1", object: "payout", status: "paid", amount: 1000, currency: "eur", description: "café ☕" }
    }
  },
  null,
  2
)

const official = new Stripe("sk_test_unused")

/** Headers of a delivery, signed by Stripe's own SDK. */
export const signed = (
  payload: string,
  { secret = signingSecret, timestamp = Math.floor(Date.now() / 1000) } = {}
): Record<string, string> => ({
  "content-type": "application/json; charset=utf-8",
  "stripe-signature": official.webhooks.generateTestHeaderString({ payload, secret, timestamp })
})

/** A running application whose `/webhooks` is a helper's. */
export interface Application {
  /** Where it is: "http://127.0.0.1:3000". */
  readonly url: string
  readonly close: () => Promise<void>
}

/** Starts an application of some framework. */
export type Start = (receiver: Receiver, onEvents: OnEvents, options: WebhookOptions) => Promise<Application>

/** Posts to an application. */
export const post = (
  { url }: Application,
  body: NonNullable<RequestInit["body"]>,
  headers: Record<string, string>,
  path = "/webhooks"
): Promise<Response> => fetch(`${url}${path}`, { method: "POST", body, headers, duplex: "half" } as RequestInit)

/** What the processor hears. */
export const heard = async (response: Response) => ({
  status: response.status,
  type: response.headers.get("content-type"),
  body: await response.text()
})
const nothing = (status: number) => ({ status, type: null, body: "" })

/** What the handler and `onFailure` were given. */
export const noted = () => {
  const events: Array<ReadonlyArray<Event>> = []
  const failures: Array<unknown> = []
  return {
    events,
    failures,
    onEvents: async (given: ReadonlyArray<Event>) => void events.push(given),
    onFailure: (error: unknown) => void failures.push(error)
  }
}

/** What is the same of every helper. */
export const describeHelper = (name: string, start: Start): void => {
  describe(`a webhook's handler for ${name}`, () => {
    const running: Array<Application> = []
    const started = async (...given: Parameters<Start>) => {
      const application = await start(...given)
      running.push(application)
      return application
    }
    beforeEach(() => void takeBuilt())
    afterAll(() => Promise.all(running.map(({ close }) => close())))

    it("hands on the events of what Stripe's SDK signed, and acknowledges it", async () => {
      const { events, failures, onEvents, onFailure } = noted()
      const application = await started(client, onEvents, { onFailure })
      expect(await heard(await post(application, payload, signed(payload)))).toEqual(nothing(200))
      expect(failures).toEqual([])
      expect(events).toMatchObject([
        [{ _tag: "Payout", id: "evt_1", payout: { payoutId: "po_1", status: "SUCCEEDED" } }]
      ])
    })

    it("acknowledges only once the events are in safe hands", async () => {
      const safe = Promise.withResolvers<void>()
      const handed = Promise.withResolvers<void>()
      const application = await started(
        client,
        () => {
          handed.resolve()
          return safe.promise
        },
        { onFailure: () => undefined }
      )
      let answered = false
      const response = post(application, payload, signed(payload)).then((response) => {
        answered = true
        return response
      })
      await handed.promise
      // a whole exchange with the same server passes in which the answer could have come
      await (await post(application, "{}", {})).text()
      expect(answered).toBe(false)
      safe.resolve()
      expect((await response).status).toBe(200)
    })

    it("says no more than that it failed where the events could not be handed on, and takes them again", async () => {
      const { failures, onFailure } = noted()
      const problems = [() => Promise.reject(new Error("the database is away")), () => JSON.parse("{"), () => undefined]
      const application = await started(client, () => problems.shift()?.(), { onFailure })
      const sent = () => post(application, payload, signed(payload)).then(heard)
      expect(await sent()).toEqual(nothing(500))
      expect(await sent()).toEqual(nothing(500))
      expect(failures).toMatchObject([{ message: "the database is away" }, { name: "SyntaxError" }])
      expect(await sent()).toEqual(nothing(200))
    })

    it("says no more than that it refuses what nothing proves", async () => {
      const { events, failures, onEvents, onFailure } = noted()
      const application = await started(client, onEvents, { onFailure })
      const changed = payload.replace("1000", "9999")
      // https://docs.stripe.com/webhooks#verify-manually: five minutes
      const old = signed(payload, { timestamp: Math.floor(Date.now() / 1000) - 301 })
      expect(await heard(await post(application, changed, signed(payload)))).toEqual(nothing(400))
      expect(await heard(await post(application, payload, {}))).toEqual(nothing(400))
      expect(await heard(await post(application, payload, signed(payload, { secret: "whsec_evil" })))).toEqual(
        nothing(400)
      )
      expect(await heard(await post(application, payload, old))).toEqual(nothing(400))
      expect(await heard(await post(application, "[]", signed("[]")))).toEqual(nothing(400))
      expect(events).toEqual([])
      expect(failures.map((error) => (error instanceof PaymentError ? error.reason._tag : error))).toEqual([
        "InvalidSignature",
        "InvalidSignature",
        "InvalidSignature",
        "StaleTimestamp",
        "Unreadable"
      ])
    })

    it("is to be sent again what could not be received for a reason of its own", async () => {
      const { failures, onEvents, onFailure } = noted()
      const application = await started(unfinished, onEvents, { onFailure })
      expect(await heard(await post(application, payload, signed(payload)))).toEqual(nothing(500))
      expect(failures).toMatchObject([{ reason: { _tag: "MissingField", field: "x-account" } }])
    })

    it("gives every byte, the path as it was sent, and every header", async () => {
      const { events, onEvents } = noted()
      const application = await started(scriptedClient, onEvents, {})
      const body = Uint8Array.from([...Buffer.from("all"), 0xff, 0x00])
      const response = await post(
        application,
        body,
        { "X-Signature": "wh-new", "content-type": "application/json" },
        "/webhooks?shop=1&x=%20"
      )
      // the acknowledgement that Scripted.ts asks for
      expect(await heard(response)).toEqual({ status: 202, type: "text/plain", body: "[accepted]" })
      expect(events).toEqual([received.events])
      const [built] = takeBuilt() as ReadonlyArray<{ delivery: { headers: ReadonlyArray<readonly [string, string]> } }>
      expect(built).toMatchObject({ delivery: { method: "POST", url: "/webhooks?shop=1&x=%20" } })
      expect(Buffer.from((built as unknown as { delivery: { body: Uint8Array } }).delivery.body)).toEqual(
        Buffer.from(body)
      )
      const fields = built?.delivery.headers.map(([name, value]) => [name.toLowerCase(), value])
      expect(fields).toContainEqual(["content-type", "application/json"])
      expect(fields).toContainEqual(["x-signature", "wh-new"])
    })

    it("reads a body that comes in pieces without a length, whatever its type", async () => {
      const { events, onEvents } = noted()
      const application = await started(client, onEvents, {})
      for (const type of [
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/octet-stream"
      ]) {
        const pieces = new ReadableStream({
          start: (controller) => {
            for (const byte of Buffer.from(payload)) controller.enqueue(Uint8Array.of(byte))
            controller.close()
          }
        })
        expect((await post(application, pieces, { ...signed(payload), "content-type": type })).status).toBe(200)
      }
      expect(events).toHaveLength(4)
    })

    it("reads no longer body than it may, with or without a length", async () => {
      const { events, failures, onEvents, onFailure } = noted()
      const limit = Buffer.byteLength(payload)
      const application = await started(client, onEvents, { limit, onFailure })
      expect((await post(application, payload, signed(payload))).status).toBe(200)
      const longer = `${payload} `
      expect(await heard(await post(application, longer, signed(longer)))).toEqual(nothing(413))
      const piece = new ReadableStream({
        start: (controller) => {
          controller.enqueue(Buffer.from(longer))
          controller.close()
        }
      })
      expect(await heard(await post(application, piece, signed(longer)))).toEqual(nothing(413))
      expect(events).toHaveLength(1)
      expect(failures).toHaveLength(2)
    })

    it("is not stopped by what is told of a failure", async () => {
      const application = await started(client, () => undefined, {
        onFailure: () => {
          throw new Error("the log is away")
        }
      })
      expect(await heard(await post(application, payload, {}))).toEqual(nothing(400))
      expect((await post(application, payload, signed(payload))).status).toBe(200)
    })
  })
}
