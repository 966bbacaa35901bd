import { fastify } from "fastify"
import { describe, expect, it } from "vitest"
import { webhook } from "../../src/webhooks/Fastify.ts"
import { client, describeHelper, heard, noted, payload, post, type Start, signed } from "./Suite.ts"

const start: Start = async (receiver, onEvents, options) => {
  const app = fastify()
  app.register(webhook(receiver, onEvents, options), { prefix: "/webhooks" })
  app.post("/orders", async (request) => ({ parsed: request.body }))
  return { url: await app.listen({ host: "127.0.0.1", port: 0 }), close: () => app.close() }
}

describeHelper("Fastify", start)

describe("a webhook's plugin for Fastify", () => {
  it("leaves the parsing of all other routes as it was", async () => {
    const running = await start(client, () => undefined, {})
    const response = await post(running, '{ "a": 1 }', { "content-type": "application/json" }, "/orders")
    expect(await response.json()).toEqual({ parsed: { a: 1 } })
    await running.close()
  })

  it("says what to do where something else parsed the body", async () => {
    const { events, failures, onEvents, onFailure } = noted()
    const app = fastify()
    app.register(
      async (scope) => {
        await webhook(client, onEvents, { onFailure })(scope)
        scope.addHook("preHandler", async (request) => {
          request.body = JSON.parse(String(request.body))
        })
      },
      { prefix: "/webhooks" }
    )
    const url = await app.listen({ host: "127.0.0.1", port: 0 })
    const running = { url, close: () => app.close() }
    expect(await heard(await post(running, payload, signed(payload)))).toMatchObject({ status: 500, body: "" })
    expect(events).toEqual([])
    expect(String(failures[0])).toMatch(/fastify-plugin/)
    await running.close()
  })
})
