import type { AnyConnector } from "@connector-service/connectors/Connector"
import { Event } from "@connector-service/domain/Event"
import type { Delivery } from "@connector-service/webhooks/Delivery"
import { identify } from "@connector-service/webhooks/Webhook"
import { Effect, Schema } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { posted, type Receiver, receive } from "./Deliveries.ts"

/** What the suite needs of a connector's webhooks. */
export interface Setting {
  readonly receiver: Receiver
  /** The body of a genuine delivery of one event, or what of it is written by `sign`. */
  readonly body: unknown
  /** A delivery as the processor would sign it, whatever its body. */
  readonly sign: (body: unknown) => Delivery
}

type Path = ReadonlyArray<string>
const pathsOf = (value: unknown): ReadonlyArray<Path> =>
  typeof value === "object" && value !== null
    ? [[], ...Object.entries(value).flatMap(([key, child]) => pathsOf(child).map((path) => [key, ...path]))]
    : [[]]

const replaced = (value: unknown, [key, ...rest]: Path, by: unknown): unknown =>
  key === undefined
    ? by
    : // a path leads through objects alone
      { ...(value as object), [key]: replaced((value as Readonly<Record<string, unknown>>)[key], rest, by) }

const strange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    ...[-0, -1, 0.5, 2 ** 53, 1e300, -1e300, "", "null", "constructor", "__proto__", "\ud800", "é:é", [], {}],
    ...["x".repeat(20_000), "9".repeat(400), "1e5", "10.001", "2021-13-45T99:99:99Z", true, null]
  )
)

/** What is the same of every connector's webhooks. */
export const describeWebhook = ({ id, webhook }: AnyConnector, { body, receiver, sign }: Setting): void => {
  describe(`${id}: any webhook`, () => {
    it("is of the connector", () => {
      expect(webhook).toBeDefined()
      expect(receiver.webhook?.acknowledgement).toEqual(webhook?.acknowledgement)
      expect(webhook?.acknowledgement.status).toBeGreaterThanOrEqual(200)
      expect(webhook?.acknowledgement.status).toBeLessThan(300)
    })

    it("is the same event each time it is sent", () => {
      const first = receive(receiver, sign(body))
      expect(first).toHaveLength(1)
      expect(receive(receiver, sign(body))).toEqual(first)
    })

    it("is refused without a secret, or with one that is none", () => {
      for (const secrets of [[], [null], [{}], ["secret"], [[]], [...receiver.secrets, {}]]) {
        expect(receive({ ...receiver, secrets }, sign(body))).toBe("UnknownSecret")
      }
    })

    it("is an event of the contract's form, or a refusal, whatever the processor writes in it", () => {
      const isEvent = Schema.is(Event)
      fc.assert(
        fc.property(fc.constantFrom(...pathsOf(body)), strange, (path, by) => {
          const delivery = sign(replaced(body, path, by))
          const outcome = receive(receiver, delivery)
          if (typeof outcome === "string") expect(outcome).toMatch(/^(?:Unreadable|InvalidSignature)$/)
          else expect(outcome.filter((event) => !isEvent(event))).toEqual([])
          const route = Effect.result(identify(receiver.webhook ?? expect.fail(), delivery))
          expect(Effect.runSync(route)._tag).toMatch(/^(?:Success|Failure)$/)
        }),
        { numRuns: 2000 }
      )
    })

    it("is refused where it is only bytes", () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), fc.dictionary(fc.string(), fc.string()), (bytes, headers) => {
          expect(receive(receiver, posted(bytes, headers))).toBe("InvalidSignature")
        }),
        { numRuns: 500 }
      )
    })
  })
}
