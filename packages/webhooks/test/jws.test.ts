import { constants, createHmac, createPublicKey, createSecretKey, generateKeyPairSync, sign } from "node:crypto"
import { type JwsAlgorithm, type JwsKey, payloadOf } from "@connector-service/webhooks/Jws"
import { describe, expect, it } from "vitest"

// RFC 7515, appendix A.1.1 and A.3.1: the same payload, signed by a secret and by a key on a curve
const claims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
const bySecret = `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${claims}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`
const byCurve = `eyJhbGciOiJFUzI1NiJ9.${claims}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`
const k = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
const x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
const y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
const secret: JwsKey = { algorithm: "HS256", key: createSecretKey(Buffer.from(k, "base64url")) }
const curve: JwsKey = {
  algorithm: "ES256",
  key: createPublicKey({ format: "jwk", key: { kty: "EC", crv: "P-256", x, y } })
}
const payload = Buffer.from(claims, "base64url")

const url = (text: string | Uint8Array): string => Buffer.from(text).toString("base64url")
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 })
const rs: JwsKey = { algorithm: "RS256", key: rsa.publicKey }
const ps: JwsKey = { algorithm: "PS256", key: rsa.publicKey }
/** As RFC 7518, sections 3.3 and 3.5, say how RSA signs, by OpenSSL. */
const byRsa = (alg: JwsAlgorithm, header: object = {}): string => {
  const signed = `${url(JSON.stringify({ alg, ...header }))}.${claims}`
  const options =
    alg === "PS256" ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}
  return `${signed}.${url(sign("sha256", Buffer.from(signed), { key: rsa.privateKey, ...options }))}`
}

describe("a JWS", () => {
  it.each([
    ["HS256", bySecret, secret],
    ["ES256", byCurve, curve],
    ["RS256", byRsa("RS256"), rs],
    ["PS256", byRsa("PS256"), ps]
  ] as const)("by %s gives what it signs, whichever of several keys made it", (_alg, jws, key) => {
    expect(payloadOf(jws, [secret, curve, rs, ps])).toEqual(payload)
    expect(payloadOf(jws, [key])).toEqual(payload)
    expect(
      payloadOf(
        jws,
        [secret, curve, rs, ps].filter((other) => other !== key)
      )
    ).toBeUndefined()
    expect(payloadOf(jws, [])).toBeUndefined()
  })

  it.each([
    ["HS256", bySecret, secret],
    ["ES256", byCurve, curve]
  ] as const)("by %s is refused with any one character changed", (_alg, jws, key) => {
    for (let at = 0; at < jws.length; at++) {
      for (const other of "A9_-.~") {
        if (jws[at] === other) continue
        expect(payloadOf(`${jws.slice(0, at)}${other}${jws.slice(at + 1)}`, [key])).toBeUndefined()
      }
    }
  })

  it("that is detached signs the body, and no other one", () => {
    const [header, , signature] = bySecret.split(".")
    const detached = `${header}..${signature}`
    expect(payloadOf(detached, [secret], payload)).toEqual(payload)
    expect(payloadOf(detached, [secret], Buffer.concat([payload, Buffer.from(" ")]))).toBeUndefined()
    expect(payloadOf(detached, [secret])).toBeUndefined()
    // what it has inside is what it signs
    expect(payloadOf(bySecret, [secret], Buffer.from("another"))).toEqual(payload)
  })

  it("does not choose how it is proven", () => {
    // the attacks that RFC 8725, sections 2.1 and 3.1, describe: no signature, and a public key taken for a secret
    expect(payloadOf(`${url('{"alg":"none"}')}.${claims}.`, [secret, curve, rs])).toBeUndefined()
    const signed = `${url('{"alg":"HS256"}')}.${claims}`
    const pem = rsa.publicKey.export({ format: "pem", type: "spki" })
    const forged = `${signed}.${createHmac("sha256", pem).update(signed).digest("base64url")}`
    expect(payloadOf(forged, [rs, { algorithm: "HS256", key: rsa.publicKey }])).toBeUndefined()
    expect(payloadOf(byRsa("RS256", { alg: "PS256" }), [rs, ps])).toBeUndefined()
    expect(payloadOf(byRsa("RS256"), [{ algorithm: "ES256", key: rsa.publicKey }])).toBeUndefined()
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" })
    expect(payloadOf(byCurve, [{ algorithm: "ES256", key: publicKey }])).toBeUndefined()
  })

  it("that wants more to be understood is refused (RFC 7515, section 4.1.11)", () => {
    expect(payloadOf(byRsa("RS256", { crit: ["exp"], exp: 1 }), [rs])).toBeUndefined()
    for (const text of ["", "a", "..", "a.b", `${byRsa("RS256")}.a`, `${url("[]")}.${claims}.`, `é.${claims}.é`]) {
      expect(payloadOf(text, [secret, curve, rs])).toBeUndefined()
    }
  })
})
