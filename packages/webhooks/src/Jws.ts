import { constants, createHmac, type KeyObject, verify } from "node:crypto"
import * as Predicate from "effect/Predicate"
import { parse } from "./Delivery.ts"
import { same } from "./Signature.ts"

/** How a JWS is signed (RFC 7518, section 3.1). */
export type JwsAlgorithm = "HS256" | "RS256" | "PS256" | "ES256"

/** A key that is trusted, and the one algorithm it is used with: what a JWS says of itself chooses none. */
export interface JwsKey {
  readonly algorithm: JwsAlgorithm
  readonly key: KeyObject
}

const isEllipticCurve = ({ asymmetricKeyDetails, asymmetricKeyType }: KeyObject): boolean =>
  asymmetricKeyType === "ec" && asymmetricKeyDetails?.namedCurve === "prime256v1"

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }

/** Whether a key of the algorithm's kind made a signature. */
const holds: Readonly<Record<JwsAlgorithm, (key: KeyObject, signed: Buffer, signature: Buffer) => boolean>> = {
  HS256: (key, signed, signature) =>
    key.type === "secret" && same(signature, createHmac("sha256", key).update(signed).digest()),
  RS256: (key, signed, signature) => key.asymmetricKeyType === "rsa" && verify("sha256", signed, key, signature),
  PS256: (key, signed, signature) =>
    key.asymmetricKeyType === "rsa" && verify("sha256", signed, { key, ...pss }, signature),
  ES256: (key, signed, signature) =>
    isEllipticCurve(key) && verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, signature)
}

/** The bytes of a text in base64url without padding; undefined for any other spelling of them. */
const bytesOf = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, "base64url")
  return bytes.toString("base64url") === text ? bytes : undefined
}

/** The algorithm that a header names; undefined where it wants more to be understood, which nothing here does. */
const algorithmOf = (header: Buffer | undefined): unknown => {
  const read = parse(header?.toString("utf8"))
  return Predicate.isObject(read) && "alg" in read && !("crit" in read) ? read.alg : undefined
}

/**
 * What a JWS in compact form signs (RFC 7515, section 7.1), if any of the keys made its signature. A detached one
 * (appendix F) signs `body`, and without a body nothing.
 */
export const payloadOf = (jws: string, keys: ReadonlyArray<JwsKey>, body?: Uint8Array): Uint8Array | undefined => {
  const [header = "", inside = "", end = "", ...more] = jws.split(".")
  const payload = inside === "" ? body : bytesOf(inside)
  const signature = bytesOf(end)
  if (payload === undefined || signature === undefined || more.length > 0) return undefined
  const named = algorithmOf(bytesOf(header))
  const signed = Buffer.from(`${header}.${Buffer.from(payload).toString("base64url")}`)
  const isProven = keys.some(({ algorithm, key }) => algorithm === named && holds[algorithm](key, signed, signature))
  return isProven ? payload : undefined
}
