import { createHash, createHmac, createSecretKey, timingSafeEqual } from "node:crypto"
import { InvalidSignature, StaleTimestamp } from "@connector-service/domain/Refusal"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import { type Delivery, only } from "./Delivery.ts"
import { proven, refused, type Verify } from "./Webhook.ts"

/** Compares without telling by its time where two differ. How long a signature is, is no secret. */
export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)

/** The same of texts whose length is a secret too. */
export const sameText = (a: string, b: string): boolean =>
  same(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest())

/** Whether any holds; looks at all of them, so that time does not tell which. */
export const any = <A>(all: ReadonlyArray<A>, holds: (one: A) => boolean): boolean =>
  all.reduce((found, one) => holds(one) || found, false)

/** A hash function of an HMAC. */
export type Algorithm = "sha1" | "sha256" | "sha512"
/** How a signature is written. */
export type Encoding = "hex" | "base64"

/**
 * An HMAC over parts that follow each other, as text; hexadecimal in lower case. Node 24 takes 14 µs for one by a key that
 * is bytes, and 5 where they are made a key object first.
 */
export const hmac = (
  { algorithm, encoding }: { readonly algorithm: Algorithm; readonly encoding: Encoding },
  key: Uint8Array,
  ...parts: ReadonlyArray<string | Uint8Array>
): string =>
  parts.reduce((hash, part) => hash.update(part), createHmac(algorithm, createSecretKey(key))).digest(encoding)

/** Whether a signature is exactly this text: no other spelling of the same bytes is let through. */
export const isSignature = (given: string | undefined, expected: string): boolean =>
  given !== undefined && same(Buffer.from(given), Buffer.from(expected))

/** An HMAC of the body in a header. */
export const hmacHeader =
  <Secret>(options: {
    readonly header: string
    readonly algorithm: Algorithm
    readonly encoding: Encoding
    readonly key: (secret: Secret) => Uint8Array
  }): Verify<Secret> =>
  (delivery, secrets) => {
    const given = only(delivery, options.header)
    return any(secrets, (secret) => isSignature(given, hmac(options, options.key(secret), delivery.body)))
      ? proven
      : refused()
  }

/** Whether a moment is within the tolerance of now, before it and after it. */
export const isFresh = (
  at: DateTime.Utc,
  now: DateTime.Utc,
  { before, after }: { readonly before: Duration.Duration; readonly after: Duration.Duration }
): boolean => {
  const age = DateTime.toEpochMillis(now) - DateTime.toEpochMillis(at)
  return age <= Duration.toMillis(before) && age >= -Duration.toMillis(after)
}

/** The pairs of `a=b,c=d`; what has no equals sign is left out. */
const pairsOf = (value: string): ReadonlyArray<readonly [key: string, value: string]> =>
  value.split(",").flatMap((part) => {
    const at = part.indexOf("=")
    return at < 0 ? [] : [[part.slice(0, at).trim(), part.slice(at + 1).trim()] as const]
  })

/**
 * An HMAC-SHA256 in hex over `<timestamp>.<body>`, in a header of `t=<seconds>,v1=<signature>` pairs where `v1` may come
 * several times. The signature is checked before the timestamp, so that a forger learns nothing of our clock.
 */
export const timestampedHmac =
  <Secret>(options: {
    readonly header: string
    readonly tolerance: Duration.Duration
    readonly key: (secret: Secret) => Redacted.Redacted<string>
  }): Verify<Secret> =>
  (delivery, secrets, now) => {
    const value = only(delivery, options.header)
    const pairs = value === undefined ? [] : pairsOf(value)
    const [timestamp, ...more] = pairs.flatMap(([key, value]) => (key === "t" ? [value] : []))
    if (timestamp === undefined || more.length > 0 || !/^\d{1,12}$/.test(timestamp)) return refused()
    const given = pairs.flatMap(([key, value]) => (key === "v1" ? [value] : []))
    const isProven = any(secrets, (secret) => {
      const key = Buffer.from(Redacted.value(options.key(secret)))
      const expected = hmac({ algorithm: "sha256", encoding: "hex" }, key, `${timestamp}.`, delivery.body)
      return any(given, (signature) => isSignature(signature, expected))
    })
    if (!isProven) return refused(new InvalidSignature())
    const { tolerance } = options
    return isFresh(DateTime.makeUnsafe(Number(timestamp) * 1000), now, { before: tolerance, after: tolerance })
      ? proven
      : refused(new StaleTimestamp())
  }

/** Whether `Authorization: Basic …` (RFC 7617) names this user with this password. */
export const isBasic = (delivery: Delivery, user: string, password: Redacted.Redacted<string>): boolean => {
  const [, given] = /^basic +([A-Za-z0-9+/=]+)$/i.exec(only(delivery, "authorization") ?? "") ?? []
  const expected = Buffer.from(`${user}:${Redacted.value(password)}`).toString("base64")
  return given !== undefined && sameText(given, expected)
}
