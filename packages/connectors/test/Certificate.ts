import { generateKeyPairSync, sign } from "node:crypto"

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

// RFC 5758, section 3.2: ecdsa-with-SHA256; RFC 5280, appendix A: id-at-commonName, id-ce-subjectAltName
const ecdsaWithSha256 = sequence(der(0x06, bytes("2a8648ce3d040302")))
const commonName = der(0x06, bytes("550403"))
const subjectAltName = der(0x06, bytes("551d11"))

/** A certificate for a name, signed by its own key (RFC 5280, section 4.1), as PEM. */
export const certify = (
  name: string,
  notAfter = new Date("2099-01-01")
): { readonly key: string; readonly cert: string } => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const subject = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name)))))
  const names = sequence(der(0x82, Buffer.from(name)))
  const certificate = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    subject,
    sequence(time(new Date("2020-01-01")), time(notAfter)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(sequence(subjectAltName, der(0x04, names))))
  )
  const signature = der(0x03, Buffer.from([0]), sign("sha256", certificate, privateKey))
  const base64 = sequence(certificate, ecdsaWithSha256, signature)
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n")
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`
  }
}
