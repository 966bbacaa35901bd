import { expect, test } from "vitest"
import { connect, result } from "../src/Client.ts"
import { certify, hasOpenssl } from "./certificates.ts"
import { answer, startFake } from "./Fake.ts"
import { authorize, target } from "./inputs.ts"

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
