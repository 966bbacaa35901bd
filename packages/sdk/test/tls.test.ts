import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { connect, result } from "../src/Client.ts"
import { answer, startFake } from "./Fake.ts"
import { authorize, target } from "./inputs.ts"

/** A certificate for a name, signed by itself: https://docs.openssl.org/master/man1/openssl-req/ */
const certify = (name: string) => {
  const folder = mkdtempSync(join(tmpdir(), "sdk-tls-"))
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")]
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`]
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", key, "-out", cert, ...subject],
    { stdio: "ignore" }
  )
  const made = { key: readFileSync(key), cert: readFileSync(cert) }
  rmSync(folder, { recursive: true })
  return made
}

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0

test.skipIf(!hasOpenssl)("a server is trusted by its certificate and name, and told nothing otherwise", async () => {
  const made = certify("payments.test")
  const fake = await startFake(answer(new Uint8Array()), made)

  const trusting = connect(fake.address, { tls: { rootCerts: made.cert, serverName: "payments.test" } })
  expect(await trusting.connector.list()).toEqual([])
  expect(fake.seen).toHaveLength(1)
  await trusting.close()

  const wary = [
    { rootCerts: made.cert, serverName: "other.test" },
    { rootCerts: certify("payments.test").cert, serverName: "payments.test" },
    { serverName: "payments.test" }
  ]
  for (const tls of wary) {
    const client = connect(fake.address, { ...target, tls })
    const outcome = await result(client.payment.authorize(authorize))
    expect(outcome).toMatchObject({ ok: false, error: { moneyMoved: "NO", reason: { _tag: "Unreachable" } } })
    await client.close()
  }
  expect(fake.seen).toHaveLength(1)
  await fake.close()
})
