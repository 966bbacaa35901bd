import { createHmac, timingSafeEqual } from "node:crypto"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { type Delivery, header } from "./Delivery.ts"

/** The delivery is not proven to come from the processor. */
export class InvalidSignature extends Schema.TaggedError<InvalidSignature>()("InvalidSignature", {}) {}

/** The signature is older, or younger, than the tolerance allows. */
export class StaleTimestamp extends Schema.TaggedError<StaleTimestamp>()("StaleTimestamp", {}) {}

/** Proves a delivery with any of several secrets, since two are active while one replaces the other. */
export type Verify = (
  delivery: Delivery,
  secrets: ReadonlyArray<Redacted.Redacted<string>>
) => Effect.Effect<void, InvalidSignature | StaleTimestamp>

/** Compares without telling by its time where two differ. */
const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)

/**
 * An HMAC-SHA256 in hex over `<timestamp>.<body>`, in a header of `t=<seconds>,v1=<signature>` pairs where `v1` may come
 * several times. The signature is checked before the timestamp, so that a forger learns nothing of our clock.
 */
export const timestampedHmac =
  (options: { readonly header: string; readonly tolerance: Duration.Duration }): Verify =>
  (delivery, secrets) =>
    Effect.flatMap(Clock.currentTimeMillis, (now): Effect.Effect<void, InvalidSignature | StaleTimestamp> => {
      const values = header(delivery, options.header)
      const pairs =
        values.length === 1
          ? values
              .join()
              .split(",")
              .map((pair) => pair.trim().split("=", 2))
          : []
      const [timestamp, ...more] = pairs.flatMap(([key, value]) => (key === "t" ? [value ?? ""] : []))
      if (timestamp === undefined || more.length > 0 || !/^\d{1,12}$/.test(timestamp)) {
        return Effect.fail(new InvalidSignature())
      }
      const given = pairs.flatMap(([key, value]) =>
        key === "v1" && value !== undefined && /^[0-9a-f]{64}$/.test(value) ? [Buffer.from(value, "hex")] : []
      )
      const proven = secrets.some((secret) => {
        const expected = createHmac("sha256", Redacted.value(secret))
          .update(`${timestamp}.`)
          .update(delivery.body)
          .digest()
        return given.some((signature) => same(signature, expected))
      })
      if (!proven) return Effect.fail(new InvalidSignature())
      return Math.abs(now - Number(timestamp) * 1000) <= Duration.toMillis(options.tolerance)
        ? Effect.void
        : Effect.fail(new StaleTimestamp())
    })
