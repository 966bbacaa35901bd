import { describe, expect, test } from "vitest"
import { sandboxForTests } from "../client.ts"
import { clientOf, euros, manual, modify, take } from "./client.ts"

const sandbox = await sandboxForTests()
const client = clientOf(sandbox)
const path = "/adyen/v72/payments"
const key = { "idempotency-key": "k" }
const taken = (): number => sandbox.ledger().captures.length

describe("faults", () => {
  // docs.adyen.com/development-resources/api-idempotency: transient-error says that the same key may be used again.
  test.each([
    ["500_before", 500, "true", 0, 200],
    ["502_before", 502, null, 0, 200],
    ["503_before", 503, null, 0, 200],
    ["500_after", 500, null, 1, 500],
    ["502_after", 502, null, 1, 200],
    ["503_after", 503, null, 1, 200],
    ["html", 200, null, 1, 200]
  ] as const)("%s", async (kind, status, transient, captures, again) => {
    await sandbox.setFaults({ kind, path, count: 1 })
    const got = await client.pay({}, key)
    expect([got.status, got.headers.get("transient-error"), taken()]).toEqual([status, transient, captures])
    expect((await client.pay({}, key)).status).toBe(again)
    expect(taken()).toBe(1)
  })

  test("429 takes nothing and keeps nothing", async () => {
    await sandbox.setFaults({ kind: "429", path, count: 1, retry_after: 7 })
    const got = await client.pay({}, key)
    expect([got.status, got.headers.get("retry-after"), taken()]).toEqual([429, "7", 0])
    expect((await client.pay({}, key)).status).toBe(200)
  })

  test("reset_after takes the money, and the key gives its answer", async () => {
    await sandbox.setFaults({ kind: "reset_after", path, count: 1 })
    await expect(client.pay({}, key)).rejects.toThrow()
    expect(taken()).toBe(1)
    expect((await client.pay({}, key)).body).toMatchObject({ resultCode: "Authorised" })
    expect(taken()).toBe(1)
  })

  // docs.adyen.com/development-resources/api-idempotency: 704 while the first request runs.
  test("delay keeps a call executing, and its key in use", async () => {
    await sandbox.setFaults({ kind: "delay", path, count: 1, milliseconds: 500 })
    const both = await Promise.all([client.pay({}, key), client.pay({}, key)])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 422])
    const refused = both.find(({ status }) => status === 422)
    expect(refused?.body).toMatchObject({ errorCode: "704", message: "request already processed or in progress" })
    expect(refused?.headers.get("transient-error")).toBe("true")
    expect(taken()).toBe(1)
  })

  test("wrong_amount takes another amount than was asked for, in the reply and in the ledger", async () => {
    await sandbox.setFaults({ kind: "wrong_amount", path, count: 1, by: -100 })
    const got = await client.pay()
    expect(got.body).toMatchObject({ amount: { currency: "EUR", value: 900 } })
    expect(sandbox.ledger().captures).toMatchObject([{ amount: 900, id: got.body.pspReference }])
  })

  test("wrong_amount on a capture and on a refund", async () => {
    const id = await take(client, manual)
    for (const [what, ledger] of [
      ["captures", () => sandbox.ledger().captures],
      ["refunds", () => sandbox.ledger().refunds]
    ] as const) {
      await sandbox.setFaults({ kind: "wrong_amount", path: `/${what}$`, count: 1, by: 5 })
      expect((await modify(client, id, what, euros(500))).body).toMatchObject({ amount: { value: 505 } })
      expect(ledger()).toMatchObject([{ amount: 505 }])
    }
  })
})
