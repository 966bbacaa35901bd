import { getCACertificates } from "node:tls"
import { crc32 } from "node:zlib"
import { InvalidSignature, StaleTimestamp } from "@connector-service/domain/Refusal"
import { authorities, certificatesOf, isSignedBy, isTrusted } from "@connector-service/webhooks/Certificate"
import { type Delivery, only, parse, reader, text as textOf } from "@connector-service/webhooks/Delivery"
import { eventOf, moment } from "@connector-service/webhooks/Meaning"
import { any, isFresh } from "@connector-service/webhooks/Signature"
import * as Webhook from "@connector-service/webhooks/Webhook"
import type * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as HttpBody from "effect/http/HttpBody"
import * as Http from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import { toSubject } from "./events.ts"

const nullish = <S extends Schema.Constraint>(schema: S) => Schema.optional(Schema.NullOr(schema))
const text = nullish(Schema.String)

/**
 * A webhook's id, which goes into what is signed, and where it is registered. It is proven by PayPal's certificate:
 * `certificates`, a chain in PEM, or else the one that the delivery names, which is asked for; or by asking PayPal, where
 * `verification` is API.
 */
const Secret = Schema.Struct({
  // the simulator's is WEBHOOK_ID (developer.paypal.com/api/rest/webhooks/rest)
  webhookId: Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_]{1,50}$/, { expected: "a webhook's id" })),
  environment: Schema.Literals(["live", "sandbox"]),
  verification: Schema.optionalKey(Schema.Literals(["CERTIFICATE", "API"])),
  certificates: Schema.optionalKey(
    Schema.String.check(
      Schema.makeFilter((pem: string) => certificatesOf(pem) !== undefined, { expected: "certificates in PEM" })
    )
  )
})
type Secret = typeof Secret.Type

// ── Transmission ─────────────────────────────────────────────────────────────

interface Transmission {
  readonly id: string
  readonly time: string
  readonly sentAt: DateTime.Utc
  readonly signature: string
  readonly certificateUrl: string
  readonly algorithm: string
}

/** The headers, each once; what is joined with bars into the signed text holds none. */
const transmissionOf = (delivery: Delivery): Transmission | undefined => {
  const [id, time, signature, certificateUrl, algorithm] = [
    "transmission-id",
    "transmission-time",
    "transmission-sig",
    "cert-url",
    "auth-algo"
  ].map((name) => only(delivery, `paypal-${name}`) ?? "")
  const sentAt = time === undefined ? undefined : moment(time)
  return sentAt !== undefined &&
    id !== undefined &&
    time !== undefined &&
    signature !== undefined &&
    certificateUrl !== undefined &&
    /^[A-Za-z0-9-]{1,50}$/.test(id) &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(time) &&
    signature.length <= 1000 &&
    certificateUrl.length <= 500 &&
    algorithm === "SHA256withRSA"
    ? { id, time, sentAt, signature, certificateUrl, algorithm }
    : undefined
}

/** A delivery is tried again for three days (developer.paypal.com/api/rest/webhooks/rest). */
const tolerance = { before: Duration.hours(73), after: Duration.minutes(5) }
const aged = ({ sentAt }: Transmission, now: DateTime.Utc): Webhook.Verification =>
  isFresh(sentAt, now, tolerance) ? Webhook.proven : Webhook.refused(new StaleTimestamp())

// ── By certificate ───────────────────────────────────────────────────────────

const hosts: Readonly<Record<Secret["environment"], ReadonlyArray<string>>> = {
  live: ["api.paypal.com", "api-m.paypal.com"],
  sandbox: ["api.sandbox.paypal.com", "api-m.sandbox.paypal.com"]
}
/** In whose name the certificates are (github.com/paypal/PayPal-Java-SDK, SSLUtil.validateCertificateChain). */
const names: Readonly<Record<Secret["environment"], string>> = {
  live: "messageverificationcerts.paypal.com",
  sandbox: "messageverificationcerts.sandbox.paypal.com"
}

/** Nothing of the address is the sender's choice but the certificate's own name. */
const isPinned = ({ certificateUrl }: Transmission, { environment }: Secret): boolean =>
  hosts[environment].some((host) => {
    const folder = `https://${host}/v1/notifications/certs/`
    return certificateUrl.startsWith(folder) && /^[A-Za-z0-9-]{1,100}$/.test(certificateUrl.slice(folder.length))
  })

type Roots = () => ReadonlyArray<string>

/** What is signed: a checksum stands for the body. */
const isSigned = (
  delivery: Delivery,
  { id, signature, time }: Transmission,
  { environment, webhookId }: Secret,
  pem: string,
  roots: Roots,
  now: DateTime.Utc
): boolean => {
  const chain = certificatesOf(pem)
  const own = chain?.[0]
  return (
    chain !== undefined &&
    own?.checkHost(names[environment], { wildcards: false }) !== undefined &&
    isSignedBy(own, "rsa", `${id}|${time}|${webhookId}|${crc32(delivery.body)}`, signature) &&
    isTrusted(chain, authorities(roots()), now)
  )
}

// ── By asking ────────────────────────────────────────────────────────────────

const readVerdict = reader(Schema.Struct({ verification_status: Schema.String }))

/**
 * The event goes as it came, as PayPal's checksum is of its bytes; undefined where it is no JSON object, or has anything
 * around it, which would not be asked about.
 */
const question = (delivery: Delivery, sent: Transmission, { webhookId }: Secret) => {
  const event = textOf(delivery)
  const isObject = /^\{[\s\S]*\}$/.test(event ?? "") && parse(event) !== undefined
  const rest = JSON.stringify({
    auth_algo: sent.algorithm,
    cert_url: sent.certificateUrl,
    transmission_id: sent.id,
    transmission_sig: sent.signature,
    transmission_time: sent.time,
    webhook_id: webhookId
  })
  return isObject
    ? Http.post("/v1/notifications/verify-webhook-signature", {
        body: HttpBody.text(`${rest.slice(0, -1)},"webhook_event":${event}}`, "application/json")
      })
    : undefined
}

// ── Definition ───────────────────────────────────────────────────────────────

const verifyWith =
  (roots: Roots): Webhook.Verify<Secret> =>
  (delivery, secrets, now) => {
    const sent = transmissionOf(delivery)
    if (sent === undefined) return Webhook.refused(new InvalidSignature())
    const byApi = ([secret, ...rest]: ReadonlyArray<Secret>): Webhook.Verification => {
      const request = secret && question(delivery, sent, secret)
      return request === undefined
        ? Webhook.refused(new InvalidSignature())
        : {
            _tag: "Asking",
            question: { request, as: "account", lasting: false },
            answered: (answer) =>
              readVerdict(parse(answer))?.verification_status === "SUCCESS" ? aged(sent, now) : byApi(rest)
          }
    }
    const pinned = secrets.filter((secret) => isPinned(sent, secret))
    const asking = pinned.filter(({ verification }) => verification === "API")
    const certified = pinned.filter(({ verification }) => verification !== "API")
    const provenBy = (pem: string | undefined) =>
      any(certified, (secret) => {
        const chain = secret.certificates ?? pem
        return chain !== undefined && isSigned(delivery, sent, secret, chain, roots, now)
      })
    if (provenBy(undefined)) return aged(sent, now)
    return certified.every(({ certificates }) => certificates !== undefined)
      ? byApi(asking)
      : {
          _tag: "Asking",
          question: { request: Http.get(sent.certificateUrl), as: "public", lasting: true },
          answered: (pem) => (provenBy(pem) ? aged(sent, now) : byApi(asking))
        }
  }

const Payee = nullish(Schema.Struct({ merchant_id: text }))
const Frame = Schema.Struct({
  id: Schema.String,
  create_time: Schema.String,
  event_type: Schema.String,
  resource: Schema.optional(Schema.Unknown)
})
const Routed = Schema.Struct({
  resource: Schema.Struct({
    id: text,
    dispute_id: text,
    payout_item_id: text,
    payee: Payee,
    purchase_units: nullish(Schema.Array(Schema.Struct({ payee: Payee }))),
    supplementary_data: nullish(Schema.Struct({ related_ids: nullish(Schema.Struct({ order_id: text })) }))
  })
})
const readFrame = reader(Frame)
const readRouted = reader(Routed)
const bodyOf = (delivery: Delivery) => parse(textOf(delivery))

/** The merchant who is paid; an event of another kind names none. */
const routeOf = (body: unknown) => {
  const { dispute_id, id, payee, payout_item_id, purchase_units, supplementary_data } = readRouted(body)?.resource ?? {}
  return {
    account: payee?.merchant_id ?? purchase_units?.[0]?.payee?.merchant_id ?? undefined,
    objectIds: [id, dispute_id, payout_item_id, supplementary_data?.related_ids?.order_id].flatMap((id) => id ?? [])
  }
}

/** PayPal's webhooks; `roots` are the certificate authorities that may vouch for it, in PEM. */
export const webhookOf = (roots: Roots): Webhook.Webhook =>
  Webhook.make(Secret, {
    acknowledgement: { status: 200 },
    verify: verifyWith(roots),
    events: (delivery) => {
      const body = bodyOf(delivery)
      const frame = readFrame(body)
      const occurredAt = frame && moment(frame.create_time)
      if (frame === undefined || occurredAt === undefined) return undefined
      const { event_type: rawType, id, resource } = frame
      const { account } = routeOf(body)
      const event = eventOf({ id, rawType, occurredAt, account }, toSubject(rawType, resource), body)
      return event && [event]
    },
    route: (delivery) => {
      const body = bodyOf(delivery)
      return readFrame(body) === undefined ? undefined : routeOf(body)
    }
  })

/** PayPal's webhooks, vouched for by the authorities that this process trusts for TLS. */
export const webhook = webhookOf(() => getCACertificates("default"))
