import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { serve } from "@hono/node-server"
import { Hono } from "hono"
import { bodyLimit } from "hono/body-limit"
import { describe, expect, it } from "vitest"
import { webhook as fetched } from "../../src/webhooks/Fetch.ts"
import { webhook } from "../../src/webhooks/Hono.ts"
import { type Application, client, describeHelper, heard, noted, payload, post, type Start, signed } from "./Suite.ts"

const serving = async (fetch: (request: Request) => Response | Promise<Response>): Promise<Application> => {
  const server = serve({ fetch, hostname: "127.0.0.1", port: 0 })
  await once(server, "listening")
  // a server that listens on a port has an address of this kind
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

const hono: Start = (receiver, onEvents, options) => {
  const app = new Hono()
  app.post("/webhooks", webhook(receiver, onEvents, options))
  return serving(app.fetch)
}

describeHelper("Hono", hono)
describeHelper("Request and Response", (receiver, onEvents, options) => serving(fetched(receiver, onEvents, options)))

describe("a webhook's handler for Hono", () => {
  it("says what to do where the body was read before", async () => {
    const { events, failures, onEvents, onFailure } = noted()
    const app = new Hono()
    app.use(async (context, next) => {
      await context.req.json()
      await next()
    })
    app.post("/webhooks", webhook(client, onEvents, { onFailure }))
    const running = await serving(app.fetch)
    expect(await heard(await post(running, payload, signed(payload)))).toMatchObject({ status: 500, body: "" })
    expect(events).toEqual([])
    expect(failures).toEqual([expect.any(TypeError)])
    expect(String(failures[0])).toMatch(/before anything else reads it/)
    await running.close()
  })

  it("goes with Hono's own limit of bodies", async () => {
    const { events, onEvents } = noted()
    const app = new Hono()
    app.use(bodyLimit({ maxSize: 100_000 }))
    app.post("/webhooks", webhook(client, onEvents))
    const running = await serving(app.fetch)
    expect((await post(running, payload, signed(payload))).status).toBe(200)
    expect(events).toHaveLength(1)
    await running.close()
  })
})

describe("a webhook's handler for Request and Response", () => {
  it("answers a body that breaks off, and tells of it", async () => {
    const { failures, onEvents, onFailure } = noted()
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) })
    const request = new Request("https://shop.example/", { method: "POST", body, duplex: "half" } as RequestInit)
    const { status } = await fetched(client, onEvents, { onFailure })(request)
    expect(status).toBe(400)
    expect(String(failures[0])).toMatch(/broke off/)
  })

  it("takes a request without a body, and one whose URL has no path, as they are", async () => {
    const { failures, onEvents, onFailure } = noted()
    const handle = fetched(client, onEvents, { onFailure })
    const response = await handle(new Request("https://shop.example", { method: "POST" }))
    expect(response.status).toBe(400)
    expect(failures).toMatchObject([{ reason: { _tag: "InvalidSignature" } }])
  })
})
