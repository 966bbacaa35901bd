import { createPublicKey, sign, verify } from "node:crypto"
import { crc32 } from "node:zlib"
import { type Certified, issue } from "../Certificate.ts"
import { type Courier, type Happened, hour } from "../Happened.ts"
import { type Tree, textOf } from "../Json.ts"
import { randomDigits, randomText } from "../Random.ts"
import { isoNow, now } from "../Surroundings.ts"

/** A kind of resource, as the published examples name it, and the version of its API. */
export type ResourceType = "authorization" | "capture" | "checkout-order" | "refund"

/** An event about a resource as it is now (`event` of `notifications_webhooks_v1.json`). */
export const eventOf = (type: string, resourceType: ResourceType, resource: object, summary: string): Happened => {
  const id = `WH-${randomText(17).toUpperCase()}-${randomText(17).toUpperCase()}`
  const body = JSON.stringify({
    id,
    event_version: "1.0",
    create_time: isoNow(),
    resource_type: resourceType,
    resource_version: "2.0",
    event_type: type,
    summary,
    resource,
    links: []
  })
  return { id, type, body: () => body }
}

interface Signer {
  readonly root: Certified
  readonly own: Certified
  readonly chain: string
  readonly address: string
}

const monthMilliseconds = 30 * 24 * hour

const makeSigner = (): Signer => {
  const notAfter = new Date(now() + 12 * monthMilliseconds)
  const root = issue("Sandbox Root", { authority: true, notAfter })
  const middle = issue("Sandbox Authority", { authority: true, by: root, kind: "rsa", notAfter })
  const own = issue("messageverificationcerts.sandbox.paypal.com", { by: middle, kind: "rsa", notAfter })
  return {
    root,
    own,
    chain: own.cert + middle.cert,
    // Where PayPal's sandbox has its own; this one is to be had below this sandbox's address, under the same path.
    address:
      `https://api.sandbox.paypal.com/v1/notifications/certs/CERT-${randomText(8)}-${randomDigits(8)}`.toLowerCase()
  }
}

// Made when somebody listens: RSA keys take a while.
let made: Signer | undefined
const signer = (): Signer => {
  made ??= makeSigner()
  return made
}

const algorithm = "SHA256withRSA"

/**
 * developer.paypal.com/api/rest/webhooks/rest: "transmissionId|timeStamp|webhookId|crc32" signed by RSA with SHA-256;
 * up to 25 more tries over three days until a 2xx comes (the intervals are not published).
 */
export const courier: Courier = {
  secret: "SANDBOXWEBHOOK001",
  form: /^[A-Za-z0-9]{1,50}$/,
  says: "a webhook's id",
  waits: Array.from({ length: 25 }, () => (3 * 24 * hour) / 25),
  headers: (webhookId, body, { first, id }) => {
    const { address, own } = signer()
    const time = `${new Date(first).toISOString().slice(0, 19)}Z`
    const signed = Buffer.from(`${id}|${time}|${webhookId}|${crc32(body)}`)
    return {
      "Content-Type": "application/json",
      "Paypal-Auth-Algo": algorithm,
      "Paypal-Auth-Version": "v2",
      "Paypal-Cert-Url": address,
      "Paypal-Transmission-Id": id,
      "Paypal-Transmission-Sig": sign("sha256", signed, own.privateKey).toString("base64"),
      "Paypal-Transmission-Time": time
    }
  },
  published: () => ({ certificates: signer().chain, authority: signer().root.cert })
}

/** The certificate chain under a path of `/v1/notifications/certs/`; undefined where there is none. */
export const certificatesAt = (path: string): string | undefined =>
  signer().address.endsWith(path) ? signer().chain : undefined

const space = /[\s]*/y
const key = /"((?:[^"\\]|\\.)*)"\s*:/y
const scalar = /"(?:[^"\\]|\\.)*"|[^\s,{}[\]"]+/y
const inside = /"(?:[^"\\]|\\.)*"|[{}[\]]|[^"{}[\]]+/y

const match = (pattern: RegExp, text: string, at: number): string => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ""
}

const valueAt = (text: string, at: number): string => {
  if (text[at] !== "{" && text[at] !== "[") return match(scalar, text, at)
  let depth = 0
  let end = at
  do {
    const part = match(inside, text, end)
    if (part === "") return ""
    if (part === "{" || part === "[") depth += 1
    if (part === "}" || part === "]") depth -= 1
    end += part.length
  } while (depth > 0)
  return text.slice(at, end)
}

/** The text of a field of a JSON object as it was written: PayPal's checksum is of an event's own bytes. */
export const writtenAs = (text: string, name: string): string | undefined => {
  let at = match(space, text, 0).length + 1
  for (;;) {
    at += match(space, text, at).length
    const found = match(key, text, at)
    if (found === "") return undefined
    at += found.length
    at += match(space, text, at).length
    const value = valueAt(text, at)
    if (found.startsWith(`"${name}"`)) return value
    at += value.length
    at += match(space, text, at).length + 1
  }
}

/** `POST /v1/notifications/verify-webhook-signature`: whether this sandbox signed the event for the webhook. */
export const verificationOf = (body: Tree, text: string): "FAILURE" | "SUCCESS" => {
  const { address, own } = signer()
  const event = writtenAs(text, "webhook_event") ?? ""
  const signed = ["transmission_id", "transmission_time", "webhook_id"].map((name) => textOf(body, name) ?? "")
  const isGenuine =
    textOf(body, "cert_url") === address &&
    textOf(body, "auth_algo") === algorithm &&
    verify(
      "sha256",
      Buffer.from([...signed, crc32(event)].join("|")),
      createPublicKey(own.cert),
      Buffer.from(textOf(body, "transmission_sig") ?? "", "base64")
    )
  return isGenuine ? "SUCCESS" : "FAILURE"
}
