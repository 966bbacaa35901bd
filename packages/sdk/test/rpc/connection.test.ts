import type { ServerResponse } from "node:http"
import { setImmediate } from "node:timers/promises"
import { afterEach, beforeEach, expect, test } from "vitest"
import { type Client, connect } from "../../src/Rpc.ts"
import { errorOf } from "../errors.ts"
import { target } from "../inputs.ts"
import { type Fake, startFake, value } from "./Fake.ts"

let fake: Fake
let client: Client

beforeEach(async () => {
  fake = await startFake(value([]))
  client = connect(fake.url, { ...target, timeout: 5_000, retry: false })
})
afterEach(async () => {
  await fake.close()
  await client.close()
})

test("a call does not wait behind another one on a connection that is kept", async () => {
  await client.connector.list()
  expect(fake.connections.size).toBe(1)
  // undici gives a connection back just after its answer
  await setImmediate()
  const waiting: Array<() => void> = []
  const sockets = new Set<unknown>()
  fake.become((response: ServerResponse, seen) => {
    sockets.add(response.socket)
    waiting.push(() => value([])(response, seen))
    // answers only once both have arrived
    if (waiting.length === 2) for (const answer of waiting) answer()
  })
  expect(await Promise.all([client.connector.list(), client.connector.list()])).toEqual([[], []])
  expect(sockets.size).toBe(2)
})

// by itself an idle connection is let go four seconds later
test("closing closes the connections", { timeout: 3_000 }, async () => {
  await client.connector.list()
  const [connection] = fake.connections
  expect(connection?.closed).toBe(false)
  const closed = new Promise((resolve) => connection?.on("close", resolve))
  await client.close()
  await closed
})

/** What ConnectorService.Get answers, with so many characters in it. */
const connectorOf = (characters: number) =>
  value({ id: "stripe", flows: [], credentialsJsonSchema: "x".repeat(characters) })

test("an answer of 8 MiB and more is not read", async () => {
  const mebibyte = 1024 * 1024
  fake.become(connectorOf(8 * mebibyte - 1_000))
  expect((await client.connector.get({ id: "stripe" })).credentialsJsonSchema).toHaveLength(8 * mebibyte - 1_000)
  fake.become(connectorOf(8 * mebibyte))
  expect(await errorOf(client.connector.get({ id: "stripe" }))).toMatchObject({
    moneyMoved: "NO",
    // https://undici.nodejs.org/#/docs/api/Errors
    reason: { _tag: "UnreadableReply", description: "UND_ERR_RES_EXCEEDED_MAX_SIZE" }
  })
})
