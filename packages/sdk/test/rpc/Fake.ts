import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http"
import { createServer as createSecureServer } from "node:https"
import type { Socket } from "node:net"

/** A request as the wire brought it: its body is one line of JSON, a request of effect/rpc (RpcMessage.RequestEncoded). */
export interface Seen {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly id: number
  readonly tag: string
  readonly payload: unknown
  /** The headers of the call, which the body carries. */
  readonly fields: Readonly<Record<string, string>>
}

/** What the server does with a request. */
export type Behaviour = (response: ServerResponse, seen: Seen) => void

/** How a call ended, as effect/rpc writes it (RpcMessage.ResponseExitEncoded). */
export const exitLine = (requestId: string | number, exit: unknown): string =>
  `${JSON.stringify({ _tag: "Exit", requestId, exit })}\n`

const ndjson = "application/x-ndjson"

/** Answers with a body, as the service does unless told otherwise. */
export const body =
  (text: string | ((seen: Seen) => string), type = ndjson, status = 200): Behaviour =>
  (response, seen) =>
    response.writeHead(status, { "content-type": type }).end(typeof text === "string" ? text : text(seen))

/** Answers with how the call ended. */
export const exit = (ended: unknown): Behaviour => body(({ id }) => exitLine(id, ended))

/** Answers with a value as its schema writes it. */
export const value = (encoded: unknown): Behaviour => exit({ _tag: "Success", value: encoded })

/** Fails with reasons of a cause (RpcMessage.ResponseExitEncoded). */
export const failure = (...cause: ReadonlyArray<unknown>): Behaviour => exit({ _tag: "Failure", cause })

/** Fails with the service's own account of why. */
export const told = (reason: object): Behaviour =>
  failure({ _tag: "Fail", error: { _tag: "ConnectorError", connector: "stripe", flow: "payment.capture", reason } })

/** A web server's page. */
export const page = (status: number, text = "<html>Something is wrong</html>"): Behaviour =>
  body(text, "text/html", status)

/** Begins an answer and cuts the connection. */
export const cutAfter =
  (text: (seen: Seen) => string): Behaviour =>
  (response, seen) => {
    response.writeHead(200, { "content-type": ndjson })
    response.write(text(seen), () => response.destroy())
  }

/** Closes the connection without a word. */
export const cut: Behaviour = (response) => response.destroy()

/** Resets the connection: TCP's RST in place of its FIN. */
export const reset: Behaviour = (response) => response.socket?.resetAndDestroy()

/** Never answers. */
export const hang: Behaviour = () => {}

interface Line {
  readonly id: number
  readonly tag: string
  readonly payload: unknown
  readonly headers: ReadonlyArray<readonly [string, string]>
}

/** A service made by hand on node:http, so that it can also misbehave. */
export const startFake = async (behaviour: Behaviour, tls?: { readonly key: Buffer; readonly cert: Buffer }) => {
  const seen: Array<Seen> = []
  const connections = new Set<Socket>()
  let behave = behaviour
  let arrived = () => {}
  const server = tls === undefined ? createServer() : createSecureServer(tls)
  server.on("request", (request, response) => {
    connections.add(request.socket)
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const { headers, id, payload, tag }: Line = JSON.parse(Buffer.concat(chunks).toString())
      const path = `${request.method} ${request.url}`
      const one = { path, headers: request.headers, id, tag, payload, fields: Object.fromEntries(headers) }
      seen.push(one)
      arrived()
      behave(response, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const bound = server.address()
  const port = typeof bound === "object" && bound !== null ? bound.port : 0
  return {
    port,
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    seen,
    /** The connections that requests came by. */
    connections,
    /** Does something else from now on. */
    become: (next: Behaviour) => {
      behave = next
    },
    /** Resolves when the next request has come in whole. */
    next: () =>
      new Promise<void>((resolve) => {
        arrived = resolve
      }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}
/** A running service made by hand. */
export type Fake = Awaited<ReturnType<typeof startFake>>
