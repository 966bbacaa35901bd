import { verify, X509Certificate } from "node:crypto"
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"

const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g
/** Longer chains and larger files are nobody's. */
const mostCertificates = 10
const mostText = 100_000

const read = (pem: string): X509Certificate | undefined =>
  Result.getOrUndefined(Result.try(() => new X509Certificate(pem)))

/** The certificates of a PEM text, in its order; undefined where there is none, or one that cannot be read. */
export const certificatesOf = (pem: string): ReadonlyArray<X509Certificate> | undefined => {
  if (pem.length > mostText) return undefined
  const blocks = pem.match(block) ?? []
  const certificates = blocks.flatMap((one) => read(one) ?? [])
  return blocks.length > 0 && blocks.length <= mostCertificates && certificates.length === blocks.length
    ? certificates
    : undefined
}

const isCurrent = ({ validFromDate, validToDate }: X509Certificate, now: number): boolean =>
  validFromDate.getTime() <= now && now <= validToDate.getTime()

/** Node throws on keys that it does not know. */
const holds = (test: () => boolean): boolean => Result.getOrElse(Result.try(test), () => false)

const isIssuer = (issuer: X509Certificate, of: X509Certificate): boolean =>
  issuer.ca && of.checkIssued(issuer) && holds(() => of.verify(issuer.publicKey))

/**
 * Whether a chain's first certificate leads to one of the roots by issuers of the chain, all of them valid now and all but
 * the first one certificate authorities (RFC 5280 section 6; revocation and name constraints are not looked at).
 */
export const isTrusted = (
  chain: ReadonlyArray<X509Certificate>,
  roots: ReadonlyArray<X509Certificate>,
  now: DateTime.Utc
): boolean => {
  const at = DateTime.toEpochMillis(now)
  const current = chain.filter((certificate) => isCurrent(certificate, at))
  const trusted = roots.filter((root) => isCurrent(root, at))
  // step by step away from the first, each certificate looked at once, so that no chain takes long
  const leads = (reached: ReadonlyArray<X509Certificate>, rest: ReadonlyArray<X509Certificate>): boolean => {
    const isReached = (issuer: X509Certificate) => reached.some((certificate) => isIssuer(issuer, certificate))
    const next = rest.filter(isReached)
    return (
      trusted.some(isReached) ||
      (next.length > 0 &&
        leads(
          next,
          rest.filter((one) => !next.includes(one))
        ))
    )
  }
  const [first] = chain
  return first !== undefined && current[0] === first && leads([first], current.slice(1))
}

/** Certificates from PEM texts, read once for each list. */
export const authorities = (() => {
  const known = new WeakMap<ReadonlyArray<string>, ReadonlyArray<X509Certificate>>()
  return (pems: ReadonlyArray<string>): ReadonlyArray<X509Certificate> => {
    const seen = known.get(pems)
    if (seen !== undefined) return seen
    const fresh = pems.flatMap((pem) => read(pem) ?? [])
    known.set(pems, fresh)
    return fresh
  }
})()

/** The kind of key that a signature scheme wants: RSA by PKCS #1 v1.5, or ECDSA in DER. */
export type Scheme = "rsa" | "ec"

const base64 = /^[A-Za-z0-9+/]+={0,2}$/

/** Whether a certificate's key made this SHA-256 signature, written in base64 and in no other spelling of it. */
export const isSignedBy = (
  certificate: X509Certificate,
  scheme: Scheme,
  message: string | Uint8Array,
  signature: string
): boolean => {
  const bytes = Buffer.from(signature, "base64")
  return (
    base64.test(signature) &&
    bytes.toString("base64") === signature &&
    holds(() => {
      const { publicKey } = certificate
      return publicKey.asymmetricKeyType === scheme && verify("sha256", Buffer.from(message), publicKey, bytes)
    })
  )
}
