import { Control } from "@connector-service/proof/processes/Control"
import { type Sandbox, startSandbox } from "@connector-service/sandbox/Sandbox"
import { afterAll, beforeAll, expect, it } from "vitest"

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const ask = (path: string, key: string) =>
  fetch(`${sandbox.url}${path}`, { method: "POST", headers: { "idempotency-key": key } }).catch(() => undefined)

it("counts each fault once, and knows how each write was answered last", async () => {
  const control = new Control(sandbox.url)
  await control.fault({ kind: "502_before", path: "/stripe/", count: 1 })
  await control.fault({ kind: "503_before", path: "/adyen/", count: 2 })
  await ask("/stripe/v1/refunds", "one")
  await control.ledger()
  expect([...control.struck]).toEqual([["502_before stripe", 1]])
  await ask("/adyen/v72/payments", "two")
  await control.ledger()
  await control.ledger()
  expect([...control.struck]).toEqual([
    ["502_before stripe", 1],
    ["503_before adyen", 1]
  ])
  expect([...control.answers]).toEqual([
    ["one", 502],
    ["two", 503]
  ])
  expect(await control.waiting()).toEqual([{ kind: "503_before", path: "/adyen/", count: 1 }])
  await control.calm()
  expect(await control.waiting()).toEqual([])
})
