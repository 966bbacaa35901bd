import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { createServer, type Server, type Socket } from "node:net"
import { createServer as createTlsServer } from "node:tls"
import { Worker } from "node:worker_threads"
import { setbackOf } from "@connector-service/connectors/Setback"
import * as UndiciClient from "@connector-service/connectors/UndiciClient"
import { layerUndiciOptions } from "@effect/platform-node/NodeHttpClient"
import { Effect, type Layer } from "effect"
import { HttpBody, HttpClient, HttpClientRequest } from "effect/http"
import { afterEach, describe, expect, it } from "vitest"
import { certify } from "./Certificate.ts"

type Options = Parameters<typeof layerUndiciOptions>[0]

/** The service's own client, and Effect's over the same undici: both must tell the same. */
const clients = { "the service's client": UndiciClient.layer, "Effect's client": layerUndiciOptions } as const

const open: Array<() => void> = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

const listening = async (server: Server): Promise<number> => {
  open.push(() => server.close())
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  // a server that listens on a port has an address of this form
  return (server.address() as AddressInfo).port
}

/** A server that treats every connection so. */
const serving = (treat: (socket: Socket) => void): Promise<number> =>
  listening(
    createServer((socket) => {
      open.push(() => socket.destroy())
      socket.on("error", () => {})
      treat(socket)
    })
  )

/** What the real client's error says of a request to this address. */
const metBy = (layer: (options?: Options) => Layer.Layer<HttpClient.HttpClient>) => (url: string, options?: Options) =>
  Effect.runPromise(
    Effect.flip(
      HttpClient.HttpClient.pipe(
        Effect.flatMap((client) =>
          client.execute(
            HttpClientRequest.post(url, { body: HttpBody.text("a=1", "application/x-www-form-urlencoded") })
          )
        ),
        Effect.flatMap(({ text }) => text),
        Effect.mapError(setbackOf),
        Effect.provide(layer(options))
      )
    )
  )

/** What the service's client reads from this address. */
const answered = (url: string, options?: Options) =>
  Effect.runPromise(
    HttpClient.HttpClient.pipe(
      Effect.flatMap((client) => client.execute(HttpClientRequest.post(url, { body: HttpBody.text("a=1") }))),
      Effect.flatMap(({ headers, status, text }) =>
        Effect.map(text, (body) => ({ status, type: headers["content-type"], body }))
      ),
      Effect.provide(UndiciClient.layer(options))
    )
  )

describe("the service's client", () => {
  const reply = "HTTP/1.1 201 Created\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\ntaken"
  const read = { status: 201, type: "text/plain", body: "taken" }

  // RFC 9110, section 15.2: a client must be able to read one or more of them before the final response
  it.each([
    ["102 Processing", "HTTP/1.1 102 Processing\r\n\r\n"],
    // RFC 8297, section 2
    ["103 Early Hints", "HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload; as=style\r\n\r\n"]
  ])("waits after %s for the response itself", async (_name, informational) => {
    const together = await serving((socket) => socket.once("data", () => socket.end(informational + reply)))
    expect(await answered(`http://127.0.0.1:${together}/`)).toEqual(read)
    const apart = await serving((socket) =>
      socket.once("data", () => socket.write(informational, () => setImmediate(() => socket.end(reply))))
    )
    expect(await answered(`http://127.0.0.1:${apart}/`)).toEqual(read)
  })

  // RFC 9110, sections 15.4.3, 15.4.8 and 15.4.9: a client may follow these of itself
  it.each([302, 307, 308])("follows no %d: the reply is the answer", async (status) => {
    const asked: Array<unknown> = []
    const port = await serving((socket) =>
      socket.once("data", (data) => {
        asked.push(data.toString("latin1").split("\r\n")[0])
        socket.end(`HTTP/1.1 ${status} Elsewhere\r\nlocation: /elsewhere\r\ncontent-length: 5\r\n\r\nthere`)
      })
    )
    expect(await answered(`http://127.0.0.1:${port}/`)).toMatchObject({ status, body: "there" })
    expect(asked).toEqual(["POST / HTTP/1.1"])
  })

  it("speaks HTTP/1.1 to a server that would rather speak HTTP/2", async () => {
    const made = certify("processor.example")
    const spoken: Array<unknown> = []
    // RFC 7301, section 3.2: the server picks by its own preference from what the client offers
    const server = createTlsServer({ ...made, ALPNProtocols: ["h2", "http/1.1"] }, (socket) => {
      open.push(() => socket.destroy())
      socket.on("error", () => {})
      socket.once("data", (data) => {
        spoken.push(socket.alpnProtocol, data.toString("latin1").split("\r\n")[0])
        socket.end(reply)
      })
    })
    const url = `https://127.0.0.1:${await listening(server)}/`
    expect(await answered(url, { connect: { ca: made.cert, servername: "processor.example" } })).toEqual(read)
    expect(spoken).toEqual(["http/1.1", "POST / HTTP/1.1"])
  })
})

for (const [name, layer] of Object.entries(clients)) {
  const met = metBy(layer)
  describe(`an error of ${name}: nothing was written`, () => {
    it("a refused connection", async () => {
      const server = createServer()
      const port = await listening(server)
      server.close()
      await once(server, "close")
      expect(await met(`http://127.0.0.1:${port}/`)).toMatchObject({ _tag: "NotSent", description: "ECONNREFUSED" })
    })

    it("a refused connection at every address of a name", async () => {
      const server = createServer()
      const port = await listening(server)
      server.close()
      await once(server, "close")
      expect(await met(`http://localhost:${port}/`)).toMatchObject({ _tag: "NotSent", description: "ECONNREFUSED" })
    })

    it("a name that is not found", async () => {
      // RFC 6761, section 6.4: .invalid never resolves; without any name server the look-up fails for now
      const { _tag, description } = await met("http://processor.invalid/")
      expect(_tag).toBe("NotSent")
      expect(["ENOTFOUND", "EAI_AGAIN"]).toContain(description)
    })

    it("no connection in time", async () => {
      // a listener that accepts nothing, its queue filled by others, leaves a further connection unanswered
      const worker = new Worker(
        `const { parentPort } = require("node:worker_threads")
       const server = require("node:net").createServer()
       server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
         parentPort.postMessage(server.address().port)
         Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
       })`,
        { eval: true }
      )
      open.push(() => void worker.terminate())
      const [port] = await once(worker, "message")
      const { connect } = await import("node:net")
      for (let others = 0; others < 8; others++) {
        const socket = connect(port, "127.0.0.1")
        socket.on("error", () => {})
        open.push(() => socket.destroy())
      }
      const told = await met(`http://127.0.0.1:${port}/`, { connect: { timeout: 200 } })
      expect(told).toMatchObject({ _tag: "NotSent", description: "UND_ERR_CONNECT_TIMEOUT" })
    })

    const secure = async (name: string, notAfter?: Date) => {
      const made = certify(name, notAfter)
      const server = createTlsServer(made, (socket) => socket.on("error", () => {}))
      server.on("tlsClientError", () => {})
      return { url: `https://127.0.0.1:${await listening(server)}/`, cert: made.cert }
    }

    it("a certificate that nobody trusts", async () => {
      const { url } = await secure("processor.example")
      expect(await met(url)).toMatchObject({ _tag: "NotSent", description: "DEPTH_ZERO_SELF_SIGNED_CERT" })
    })

    it("a certificate for another name", async () => {
      const { cert, url } = await secure("processor.example")
      const told = await met(url, { connect: { ca: cert, servername: "other.example" } })
      expect(told).toMatchObject({ _tag: "NotSent", description: "ERR_TLS_CERT_ALTNAME_INVALID" })
    })

    it("a certificate that has expired", async () => {
      const { cert, url } = await secure("processor.example", new Date("2021-01-01"))
      const told = await met(url, { connect: { ca: cert, servername: "processor.example" } })
      expect(told).toMatchObject({ _tag: "NotSent", description: "CERT_HAS_EXPIRED" })
    })

    it("an address that is none", async () => {
      expect(await met("http://")).toMatchObject({ _tag: "NotSent" })
    })
  })

  describe(`an error of ${name}: something may have been written`, () => {
    const head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n"
    const treatments: Readonly<Record<string, (socket: Socket) => void>> = {
      "a reset before anything is read": (socket) => socket.resetAndDestroy(),
      "a reset once the request is read": (socket) => socket.once("data", () => socket.resetAndDestroy()),
      "an end before anything is read": (socket) => socket.end(),
      "an end once the request is read": (socket) => socket.once("data", () => socket.end()),
      "half a head": (socket) => socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-le")),
      "a reply cut short": (socket) => socket.once("data", () => socket.end(`${head}{"id":"`)),
      "a reply reset short": (socket) => socket.once("data", () => socket.write(head, () => socket.resetAndDestroy())),
      // undici breaks off at a 100 that nobody asked for with an Expect header
      "a 100 before the reply": (socket) =>
        socket.once("data", () => socket.end(`HTTP/1.1 100 Continue\r\n\r\n${head}`)),
      "a reply in another protocol": (socket) => socket.once("data", () => socket.end("220 mail.example ESMTP\r\n"))
    }
    for (const [name, treat] of Object.entries(treatments)) {
      it(name, async () => {
        const told = await met(`http://127.0.0.1:${await serving(treat)}/`)
        expect(told).toMatchObject({ _tag: "NoAnswer", httpStatus: 0 })
      })
    }
  })
}
