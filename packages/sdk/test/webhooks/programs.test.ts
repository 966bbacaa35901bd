import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { stripe } from "@connector-service/connectors/stripe"
import { serve } from "@hono/node-server"
import { ManagedRuntime } from "effect"
import { afterAll, describe, expect, it, vi } from "vitest"
import * as InProcess from "../../src/InProcess.ts"
import type { OnEvents } from "../../src/webhooks/Handling.ts"
import { received } from "./programs/effect.ts"
import { shop as express } from "./programs/express.ts"
import { shop as fastify } from "./programs/fastify.ts"
import { shop as fetched } from "./programs/fetch.ts"
import { shop as hono } from "./programs/hono.ts"
import { receive } from "./programs/platform.ts"
import { payload, post, signed } from "./Suite.ts"

const options: InProcess.InProcessOptions = {
  connectors: [stripe],
  connector: "stripe",
  environment: "sandbox",
  webhookSecretsOf: (account) => (account === "my-shop" ? [{ signingSecret: "whsec_helpers" }] : undefined)
}
const client = InProcess.inProcess(options)
afterAll(() => client.close())

type Close = () => unknown
const closing: Array<Close> = []
afterAll(() => Promise.all(closing.map((close) => close())))
const listening = async (server: {
  readonly address: () => AddressInfo | string | null
  readonly close: Close
}): Promise<string> => {
  closing.push(() => server.close())
  // a server that listens on a port has an address of this kind
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const served = async (fetch: Parameters<typeof serve>[0]["fetch"]) => {
  const server = serve({ fetch, hostname: "127.0.0.1", port: 0 })
  await once(server, "listening")
  return listening(server)
}

const programs: Readonly<Record<string, (keep: OnEvents) => Promise<string>>> = {
  Express: async (keep) => {
    const server = createServer(express(client, keep)).listen(0, "127.0.0.1")
    await once(server, "listening")
    return listening(server)
  },
  Fastify: async (keep) => {
    const app = fastify(client, keep)
    closing.push(() => app.close())
    return app.listen({ host: "127.0.0.1", port: 0 })
  },
  Hono: (keep) => served(hono(client, keep).fetch),
  "Request and Response": (keep) => served(fetched(client, keep))
}

describe("docs/webhooks.md", () => {
  it.each(Object.entries(programs))("%s takes what Stripe's SDK signed", async (_name, start) => {
    const ids: Array<string> = []
    const printed = vi.spyOn(console, "error").mockReturnValue()
    const url = await start((events) => void ids.push(...events.map(({ id }) => id)))
    const application = { url, close: () => Promise.resolve() }
    expect((await post(application, payload, signed(payload), "/webhooks/stripe")).status).toBe(200)
    expect((await post(application, payload, {}, "/webhooks/stripe")).status).toBe(400)
    expect(ids).toEqual(["evt_1"])
    // where nothing else is to be told of a failure, the console is
    expect(printed.mock.calls).toMatchObject([[{ reason: { _tag: "InvalidSignature" } }]])
    printed.mockRestore()
  })

  const delivery = (body: string) => ({
    method: "POST",
    url: "/webhooks/stripe",
    headers: Object.entries(signed(body)),
    body: Buffer.from(body)
  })

  it("the platform finds the account that a delivery claims, whose secrets then prove it", async () => {
    const ofAccount = (account: string) => delivery(JSON.stringify({ ...JSON.parse(payload), account }))
    const accounts = new Map([["acct_1", "my-shop"]])
    expect(await receive(client, accounts, ofAccount("acct_1"))).toMatchObject({ events: [{ account: "acct_1" }] })
    await expect(receive(client, accounts, ofAccount("acct_2"))).rejects.toMatchObject({
      reason: { _tag: "UnknownSecret" }
    })
  })

  it("the Effect program answers as the handlers do", async () => {
    const runtime = ManagedRuntime.make(InProcess.layer(options))
    closing.push(() => runtime.dispose())
    expect(await runtime.runPromise(received(delivery(payload)))).toEqual({ status: 200 })
    const evil = { ...delivery(payload), body: Buffer.from(`${payload} `) }
    expect(await runtime.runPromise(received(evil))).toEqual({ status: 400 })
  })
})
