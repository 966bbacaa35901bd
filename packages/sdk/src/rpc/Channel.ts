import { Readable } from "node:stream"
import * as Effect from "effect/Effect"
import type * as Undici from "undici"
// undici itself also loads fetch, WebSocket, caches and mocks
import Agent from "undici/lib/dispatcher/agent.js"
import type { Address } from "./Address.ts"

/** One HTTP request. `sent` is called just before its first byte is written to a connection. */
export interface Call {
  readonly headers: Readonly<Record<string, string>>
  /** Makes the body, once there is a connection to write it to: what it says of time left is then still true. */
  readonly body: () => string
  readonly sent: () => void
}

/** A whole reply. */
export interface Reply {
  readonly status: number
  readonly type: string
  readonly text: string
}

/** Connections to the service, and the only code that sends. */
export interface Channel {
  /** Fails with why no whole reply came, in a few words. */
  readonly exchange: (call: Call) => Effect.Effect<Reply, string>
  /** Closes all connections. */
  readonly close: Effect.Effect<void>
}

/** HTTP/1.1, one request at a time on a connection: undici then sends none a second time. */
const options: Undici.Agent.Options = {
  allowH2: false,
  pipelining: 1,
  keepAliveTimeout: 10_000,
  maxResponseSize: 8 * 1024 * 1024
}

/** The longest a call waits for a connection, in milliseconds. */
const connectLimit = 10_000

/** The call's own time limit holds, not undici's. */
const unlimited = { headersTimeout: 0, bodyTimeout: 0 }

/** A stream that holds all of its text once it is first looked into, so that undici still knows its length. */
const once = (text: () => string): Readable =>
  new Readable({
    read() {
      this.push(text())
      this.push(null)
    }
  })

/** An error's code; its sentence may hold a part of the request. */
const words = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string"
    ? cause.code
    : "the connection failed"

const exchange = (dispatcher: Undici.Dispatcher, { origin, path }: Address, { body, headers, sent }: Call) =>
  Effect.callback<Reply, string>((resume) => {
    let connection: Undici.Dispatcher.DispatchController | undefined
    let given: Error | undefined
    let status = 0
    let type = ""
    const chunks: Array<Buffer> = []
    dispatcher.dispatch(
      { origin, path, method: "POST", headers, body: once(body), ...unlimited },
      {
        onRequestStart: (controller) => {
          if (given !== undefined) return controller.abort(given)
          connection = controller
          sent()
        },
        onResponseStart: (_controller, code, received) => {
          status = code
          type = String(received["content-type"] ?? "")
        },
        onResponseData: (_controller, chunk) => void chunks.push(chunk),
        onResponseEnd: () => resume(Effect.succeed({ status, type, text: Buffer.concat(chunks).toString("utf8") })),
        onResponseError: (_controller, cause) => resume(Effect.fail(words(cause)))
      }
    )
    return Effect.sync(() => {
      given = new Error("given up")
      connection?.abort(given)
    })
  })

/** Connects with the first call, keeps connections for the next ones, and makes new ones whenever they are lost. */
export const open = (address: Address): Channel => {
  const agent = new Agent({ ...options, connect: { ...address.secured, timeout: connectLimit } })
  return {
    exchange: (call) => exchange(agent, address, call),
    close: Effect.promise(() => agent.destroy())
  }
}
