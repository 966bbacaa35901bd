import type { IncomingMessage, ServerResponse } from "node:http"
import {
  type Answer,
  answer,
  type Body,
  type OnEvents,
  pairs,
  type Receiver,
  usualLimit,
  type WebhookOptions
} from "./Handling.ts"

export type { OnEvents, Receiver, WebhookOptions } from "./Handling.ts"

/** What is used of Express' request: Node's own, and what Express and body parsers put beside it. */
interface Incoming extends IncomingMessage {
  readonly originalUrl?: string
  readonly body?: unknown
  readonly rawBody?: unknown
}

const advice =
  'Register this route before express.json() and other body parsers, or parse its body with express.raw({ type: "*/*" }).'

/** The bytes of a body that was read before, where they were kept. */
const kept = ({ body, rawBody }: Incoming, limit: number): Body => {
  const bytes = rawBody instanceof Uint8Array ? rawBody : body
  if (!(bytes instanceof Uint8Array)) return { _tag: "Gone", advice }
  return bytes.length > limit ? { _tag: "TooLong" } : { _tag: "Read", bytes }
}

const read = (request: IncomingMessage, limit: number): Promise<Body> =>
  new Promise((resolve) => {
    const chunks: Array<Buffer> = []
    let size = 0
    request.on("data", (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else resolve({ _tag: "TooLong" })
    })
    request.once("end", () => resolve({ _tag: "Read", bytes: Buffer.concat(chunks) }))
    for (const ended of ["close", "error"]) request.once(ended, () => resolve({ _tag: "Cut" }))
  })

const write = (response: ServerResponse, { body, contentType, status }: Answer): void => {
  response.statusCode = status
  if (contentType !== undefined) response.setHeader("content-type", contentType)
  // what is still on its way of a body that is too long is not waited for
  if (status === 413) response.setHeader("connection", "close")
  response.end(body)
}

/**
 * A handler for Express, and for Node's own server: `app.post("/webhooks/stripe", webhook(client, keep))`, before any body
 * parser.
 */
export const webhook =
  (receiver: Receiver, onEvents: OnEvents, options: WebhookOptions = {}) =>
  async (request: Incoming, response: ServerResponse): Promise<void> => {
    const { method = "", originalUrl, rawHeaders, url = "" } = request
    const limit = options.limit ?? usualLimit
    const body = request.readableDidRead ? kept(request, limit) : await read(request, limit)
    const head = { method, url: originalUrl ?? url, headers: pairs(rawHeaders) }
    write(response, await answer(receiver, onEvents, options, head, body))
  }
