import { generateKeyPairSync, type KeyObject, sign } from "node:crypto"

/** One element of ASN.1's distinguished encoding (ITU-T X.690, section 8.1). */
const der = (tag: number, ...parts: ReadonlyArray<Uint8Array>): Buffer => {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
const sequence = (...parts: ReadonlyArray<Uint8Array>) => der(0x30, ...parts)
const bytes = (hex: string) => Buffer.from(hex, "hex")
const time = (when: Date) => der(0x18, Buffer.from(`${when.toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`))

// RFC 5758, section 3.2: ecdsa-with-SHA256; RFC 8017, appendix A.2.4: sha256WithRSAEncryption
const algorithms = {
  ec: sequence(der(0x06, bytes("2a8648ce3d040302"))),
  rsa: sequence(der(0x06, bytes("2a864886f70d01010b")), der(0x05))
}
// RFC 5280, appendix A: id-at-commonName, id-ce-subjectAltName, id-ce-basicConstraints
const commonName = der(0x06, bytes("550403"))
const subjectAltName = der(0x06, bytes("551d11"))
const basicConstraints = der(0x06, bytes("551d13"))
const isTrue = der(0x01, bytes("ff"))

type Kind = keyof typeof algorithms

/** A certificate as PEM, and its private key. */
export interface Certified {
  readonly name: string
  readonly kind: Kind
  readonly privateKey: KeyObject
  readonly cert: string
}

const pair = (kind: Kind) =>
  kind === "ec"
    ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : generateKeyPairSync("rsa", { modulusLength: 2048 })

const subject = (name: string) => sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name)))))

/** A certificate for a name (RFC 5280, section 4.1), signed by an issuer, or else by its own key. */
export const issue = (
  name: string,
  {
    authority = false,
    by,
    kind = "ec",
    notAfter = new Date("2099-01-01")
  }: {
    readonly kind?: Kind
    readonly authority?: boolean
    readonly notAfter?: Date
    readonly by?: Certified
  } = {}
): Certified => {
  const { privateKey, publicKey } = pair(kind)
  const signer = by ?? { name, kind, privateKey }
  const algorithm = algorithms[signer.kind]
  const names = sequence(der(0x82, Buffer.from(name)))
  const certificate = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    subject(signer.name),
    sequence(time(new Date("2020-01-01")), time(notAfter)),
    subject(name),
    publicKey.export({ type: "spki", format: "der" }),
    der(
      0xa3,
      sequence(
        sequence(subjectAltName, der(0x04, names)),
        ...(authority ? [sequence(basicConstraints, isTrue, der(0x04, sequence(isTrue)))] : [])
      )
    )
  )
  const signature = der(0x03, Buffer.from([0]), sign("sha256", certificate, signer.privateKey))
  const base64 = sequence(certificate, algorithm, signature)
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n")
  return { name, kind, privateKey, cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n` }
}

/** A certificate for a name, signed by its own key, both as PEM. */
export const certify = (name: string, notAfter?: Date): { readonly key: string; readonly cert: string } => {
  const { cert, privateKey } = issue(name, notAfter === undefined ? {} : { notAfter })
  return { key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), cert }
}
