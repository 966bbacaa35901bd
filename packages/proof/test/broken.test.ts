import { once } from "node:events"
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net"
import { createServer as createTlsServer } from "node:tls"
import { Worker } from "node:worker_threads"
import * as UndiciClient from "@connector-service/connectors/UndiciClient"
import { broken } from "@connector-service/proof/Broken"
import { Effect } from "effect"
import { HttpBody, HttpClient, type HttpClientError, HttpClientRequest } from "effect/http"
import { afterEach, describe, expect, it } from "vitest"
import { certify } from "../../connectors/test/Certificate.ts"

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

const serving = (treat: (socket: Socket) => void): Promise<number> =>
  listening(
    createServer((socket) => {
      open.push(() => socket.destroy())
      socket.on("error", () => {})
      treat(socket)
    })
  )

/** The error that the service's own client gives for a request to this address. */
const met = (url: string, connect: object = {}): Promise<HttpClientError.HttpClientError> =>
  Effect.runPromise(
    Effect.flip(
      HttpClient.HttpClient.pipe(
        Effect.flatMap((client) => client.execute(HttpClientRequest.post(url, { body: HttpBody.text("a=1") }))),
        Effect.flatMap(({ text }) => text),
        Effect.provide(UndiciClient.layer({ connect }))
      )
    ) as Effect.Effect<HttpClientError.HttpClientError>
  )

/** What differs from one connection to the next: this side's port, and how much went over it. */
const varying = new Set(["localAddress", "localPort", "bytesRead", "bytesWritten"])

/** Every field of an error but where in the code it was made. */
const fieldsOf = (error: unknown): unknown => {
  if (typeof error !== "object" || error === null) return error
  const names = [...new Set([...Object.getOwnPropertyNames(error), "name", "message"])].filter(
    (name) => name !== "stack"
  )
  return {
    is: error.constructor.name,
    ...Object.fromEntries(
      names.sort().map((name) => {
        const value: unknown = Reflect.get(error, name)
        return [name, varying.has(name) ? typeof value : fieldsOf(value)]
      })
    )
  }
}

/** Compares the whole error, and what it was about. */
const same = ({ reason }: HttpClientError.HttpClientError, simulated: Error): void => {
  expect(reason._tag).toBe("TransportError")
  expect(fieldsOf("cause" in reason ? reason.cause : undefined)).toEqual(fieldsOf(simulated))
}

const at = (port: number) => ({ host: "127.0.0.1", address: "127.0.0.1", port })

describe("a simulated fault is, field by field, what a real socket makes", () => {
  it("a name that is not resolved", async () => {
    // RFC 6761, section 6.4: .invalid never resolves; without any name server the look-up fails for now
    const error = await met("http://processor.invalid/")
    const cause = "cause" in error.reason ? error.reason.cause : undefined
    const code = (cause as { readonly code?: string }).code === "EAI_AGAIN" ? "EAI_AGAIN" : "ENOTFOUND"
    same(error, broken.unresolved({ ...at(80), host: "processor.invalid" }, code))
  })

  it("a refused connection", async () => {
    const server = createServer()
    const port = await listening(server)
    server.close()
    await once(server, "close")
    same(await met(`http://127.0.0.1:${port}/`), broken.refused(at(port)))
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
    for (let others = 0; others < 8; others++) {
      const socket = connect(port, "127.0.0.1")
      socket.on("error", () => {})
      open.push(() => socket.destroy())
    }
    same(await met(`http://127.0.0.1:${port}/`, { timeout: 200 }), broken.connectTimeout(at(port), 200))
  })

  const secure = async (notAfter?: Date) => {
    const made = certify("processor.example", notAfter)
    const server = createTlsServer(made, (socket) => socket.on("error", () => {}))
    server.on("tlsClientError", () => {})
    return { url: `https://127.0.0.1:${await listening(server)}/`, ca: made.cert, servername: "processor.example" }
  }

  it("a certificate that nobody trusts", async () => {
    const { url } = await secure()
    same(await met(url), broken.selfSigned())
  })

  it("a certificate that has expired", async () => {
    const { ca, servername, url } = await secure(new Date("2021-01-01"))
    same(await met(url, { ca, servername }), broken.expired())
  })

  it("a reset before and after the request is read, and in the reply", async () => {
    const head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n"
    const treatments: ReadonlyArray<(socket: Socket) => void> = [
      (socket) => socket.once("data", () => socket.resetAndDestroy()),
      (socket) => socket.once("data", () => socket.write(`${head}{"id":"`, () => socket.resetAndDestroy()))
    ]
    for (const treat of treatments) same(await met(`http://127.0.0.1:${await serving(treat)}/`), broken.reset())
  })

  it("a connection that ends before the reply, in its head, and anywhere in its body", async () => {
    const body = JSON.stringify({ id: "pi_1", status: "succeeded" })
    const reply = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    const inHead = [0, 1, 9, reply.length - body.length - 1]
    const inBody = Array.from({ length: body.length }, (_, byte) => reply.length - body.length + byte)
    for (const bytes of [...inHead, ...inBody]) {
      const port = await serving((socket) => socket.once("data", () => socket.end(reply.slice(0, bytes))))
      same(await met(`http://127.0.0.1:${port}/`), broken.closed(at(port)))
    }
  })
})
