import { sign } from "node:crypto"
import { authorities, certificatesOf, isSignedBy, isTrusted } from "@connector-service/webhooks/Certificate"
import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import { type Certified, issue } from "../../connectors/test/Certificate.ts"

const root = issue("root.example", { authority: true })
const middle = issue("middle.example", { authority: true, by: root, kind: "rsa" })
const leaf = issue("leaf.example", { by: middle, kind: "rsa" })
const now = DateTime.makeUnsafe("2026-01-01T00:00:00Z")

const chainOf = (...chain: ReadonlyArray<Certified>) =>
  certificatesOf(chain.map(({ cert }) => cert).join("")) ?? assert.fail("unreadable")
const rootsOf = (...roots: ReadonlyArray<Certified>) => authorities(roots.map(({ cert }) => cert))
const trusted = (chain: ReadonlyArray<Certified>, at = now, roots = [root]) =>
  isTrusted(chainOf(...chain), rootsOf(...roots), at)

describe("a chain of certificates", () => {
  it("is trusted where it leads to a root, whatever the order of the issuers and with the root in it or not", () => {
    assert.isTrue(trusted([leaf, middle]))
    assert.isTrue(trusted([leaf, root, middle]))
    assert.isTrue(trusted([middle]))
  })

  it("is not trusted where an issuer is missing, is another, or is nobody's root", () => {
    const namesake = issue("middle.example", { authority: true, kind: "rsa" })
    assert.isFalse(trusted([leaf]))
    assert.isFalse(trusted([leaf, namesake]))
    assert.isFalse(trusted([leaf, middle], now, [namesake]))
    assert.isFalse(trusted([leaf, middle], now, []))
    assert.isFalse(trusted([root], now, [namesake]))
  })

  it("is not trusted where an issuer is no authority", () => {
    const impostor = issue("victim.example", { by: leaf })
    assert.isFalse(trusted([impostor, leaf, middle]))
  })

  it("is not trusted before or after the time of any of them", () => {
    assert.isFalse(trusted([leaf, middle], DateTime.makeUnsafe("2019-12-31T23:59:59Z")))
    assert.isFalse(trusted([leaf, middle], DateTime.makeUnsafe("2099-01-02T00:00:00Z")))
    const short = issue("middle.example", { authority: true, by: root, kind: "rsa", notAfter: new Date("2025-01-01") })
    assert.isFalse(trusted([issue("leaf.example", { by: short }), short]))
  })

  it("cannot be read from anything but certificates", () => {
    for (const text of ["", "hello", leaf.cert.replace(/[A-Z]/, "-"), leaf.cert.slice(0, 200), leaf.cert.repeat(11)]) {
      assert.isUndefined(certificatesOf(text))
    }
    assert.isUndefined(certificatesOf(`${leaf.cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`))
  })
})

describe("a signature by a certificate's key", () => {
  const [certificate] = chainOf(leaf)
  const [elliptic] = chainOf(root)
  const base64 = (by: Certified) => sign("sha256", Buffer.from("hello"), by.privateKey).toString("base64")

  it("is taken, by RSA and by ECDSA", () => {
    assert(certificate !== undefined && elliptic !== undefined)
    assert.isTrue(isSignedBy(certificate, "rsa", "hello", base64(leaf)))
    assert.isTrue(isSignedBy(elliptic, "ec", "hello", base64(root)))
  })

  it("is not taken over anything else, by anyone else, by another scheme, or in another spelling", () => {
    assert(certificate !== undefined)
    const good = base64(leaf)
    assert.isFalse(isSignedBy(certificate, "rsa", "hello!", good))
    assert.isFalse(isSignedBy(certificate, "rsa", "hello", base64(middle)))
    assert.isFalse(isSignedBy(certificate, "ec", "hello", good))
    for (const other of [
      "",
      `${good} `,
      `${good}\n`,
      good.replace(/=+$/, ""),
      good.replaceAll("+", "-").replaceAll("/", "_")
    ]) {
      assert.strictEqual(isSignedBy(certificate, "rsa", "hello", other), other === good)
    }
  })
})
