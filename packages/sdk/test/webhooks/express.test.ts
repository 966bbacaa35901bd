import { createServer, type Server } from "node:http"
import { type AddressInfo, connect } from "node:net"
import express, { type Express } from "express"
import { describe, expect, it } from "vitest"
import { webhook } from "../../src/webhooks/Express.ts"
import { type Application, client, describeHelper, heard, noted, payload, post, type Start, signed } from "./Suite.ts"

const listening = async (server: Server): Promise<Application> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  // a server that listens on a port has an address of this kind
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      })
  }
}
const application = (prepare: (app: Express) => void): Promise<Application> => {
  const app = express()
  prepare(app)
  return listening(createServer(app))
}

const start: Start = (receiver, onEvents, options) =>
  application((app) => app.post("/webhooks", webhook(receiver, onEvents, options)))

describeHelper("Express", start)
describeHelper("Express, in a router and before a body parser", (receiver, onEvents, options) =>
  application((app) => {
    const router = express.Router()
    router.post("/", webhook(receiver, onEvents, options))
    app.use("/webhooks", router)
    app.use(express.json())
  })
)
describeHelper("Node's own server", (receiver, onEvents, options) =>
  listening(createServer(webhook(receiver, onEvents, options)))
)

it("a body that breaks off ends the handler, which tells of it", async () => {
  const told = Promise.withResolvers<unknown>()
  const running = await start(client, () => undefined, { onFailure: told.resolve })
  const socket = connect(Number(new URL(running.url).port), "127.0.0.1")
  socket.write("POST /webhooks HTTP/1.1\r\nhost: shop.example\r\ncontent-length: 10\r\n\r\n{", () => socket.destroy())
  expect(String(await told.promise)).toMatch(/broke off/)
  await running.close()
})

describe("a webhook's handler for Express, after a body parser", () => {
  const behind = async (parser: ReturnType<typeof express.json>, limit?: number) => {
    const { events, failures, onEvents, onFailure } = noted()
    const running = await application((app) => {
      app.use(parser)
      app.post("/webhooks", webhook(client, onEvents, { limit, onFailure }))
    })
    const answer = await heard(await post(running, payload, signed(payload)))
    await running.close()
    return { answer, events, failures }
  }

  it("says what to do where the body's bytes are gone", async () => {
    const { answer, events, failures } = await behind(express.json())
    expect(answer).toEqual({ status: 500, type: null, body: "" })
    expect(events).toEqual([])
    expect(failures).toEqual([expect.any(TypeError)])
    expect(String(failures[0])).toMatch(/before express\.json\(\)/)
  })

  it("takes the bytes that express.raw() or a parser's verify kept", async () => {
    const kept = express.json({ verify: (request, _response, bytes) => Object.assign(request, { rawBody: bytes }) })
    for (const parser of [express.raw({ type: "*/*" }), kept]) {
      const { answer, events, failures } = await behind(parser)
      expect(failures).toEqual([])
      expect(answer.status).toBe(200)
      expect(events).toHaveLength(1)
    }
  })

  it("takes no longer body than it may, wherever that was kept", async () => {
    const limit = Buffer.byteLength(payload)
    expect((await behind(express.raw({ type: "*/*" }), limit)).answer.status).toBe(200)
    expect((await behind(express.raw({ type: "*/*" }), limit - 1)).answer).toEqual({
      status: 413,
      type: null,
      body: ""
    })
  })

  it("reads what a parser of another kind left alone", async () => {
    expect((await behind(express.urlencoded({ extended: false }))).answer.status).toBe(200)
  })
})
