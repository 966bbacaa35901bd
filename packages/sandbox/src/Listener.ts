import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo, Socket } from "node:net"

/** Answers one request whose body has been read to its end. */
export type OnRequest = (request: IncomingMessage, body: string, response: ServerResponse) => void

const largestBody = 1_048_576

const read = (request: IncomingMessage, response: ServerResponse, onRequest: OnRequest): void => {
  const pieces: Array<Buffer> = []
  let size = 0
  request.on("data", (piece: Buffer) => {
    size += piece.length
    if (size <= largestBody) pieces.push(piece)
  })
  request.on("end", () => {
    if (size > largestBody) response.writeHead(413, { Connection: "close" }).end()
    else onRequest(request, pieces.length === 0 ? "" : Buffer.concat(pieces).toString("utf8"), response)
  })
}

/** An HTTP server on one address that can stop listening for a while and come back on the same port. */
export class Listener {
  readonly #server: Server
  readonly #host: string
  readonly #sockets = new Set<Socket>()
  #port: number
  #reopening: NodeJS.Timeout | undefined

  constructor(host: string, port: number, onRequest: OnRequest) {
    this.#host = host
    this.#port = port
    this.#server = createServer((request, response) => read(request, response, onRequest))
    // Longer than any client keeps an idle connection, so that the only broken connections are the ones asked for.
    this.#server.keepAliveTimeout = 120_000
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket)
      socket.on("close", () => this.#sockets.delete(socket))
    })
  }

  /** The port in use; once listening, never 0. */
  get port(): number {
    return this.#port
  }

  /** Starts listening; rejects with Node's own error (EADDRINUSE …) when it cannot. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject)
      this.#server.listen(this.#port, this.#host, () => {
        this.#server.off("error", reject)
        // A TCP server's address is an AddressInfo once it listens.
        this.#port = (this.#server.address() as AddressInfo).port
        resolve()
      })
    })
  }

  /** Refuses connections for a while: closes the port and every connection but `spare`, then listens again. */
  refuse(milliseconds: number, spare: Socket | null): void {
    clearTimeout(this.#reopening)
    this.#server.close()
    for (const socket of this.#sockets) {
      if (socket !== spare) socket.destroy()
    }
    this.#reopening = setTimeout(() => {
      this.#reopening = undefined
      this.open().catch((error: unknown) => process.stderr.write(`sandbox: cannot listen again: ${String(error)}\n`))
    }, milliseconds)
  }

  /** Stops for good and breaks the connections that hang. */
  close(): Promise<void> {
    clearTimeout(this.#reopening)
    this.#reopening = undefined
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      for (const socket of this.#sockets) socket.destroy()
    })
  }
}
