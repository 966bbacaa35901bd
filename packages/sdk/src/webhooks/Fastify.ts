import type { IncomingMessage } from "node:http"
import {
  answer,
  type Body,
  type OnEvents,
  pairs,
  type Receiver,
  tell,
  usualLimit,
  type WebhookOptions
} from "./Handling.ts"

export type { OnEvents, Receiver, WebhookOptions } from "./Handling.ts"

interface Incoming {
  readonly raw: IncomingMessage
  readonly body: unknown
}

interface Reply {
  code(status: number): Reply
  header(name: string, value: string): Reply
  send(body?: string): Reply
}

/** What is used of a Fastify instance. */
interface Instance {
  removeAllContentTypeParsers(): void
  addContentTypeParser(
    type: string,
    options: { readonly parseAs: "buffer"; readonly bodyLimit: number },
    parser: (request: unknown, body: Buffer, done: (error: Error | null, body?: Buffer) => void) => void
  ): unknown
  setErrorHandler(handler: (error: unknown, request: unknown, reply: Reply) => void): unknown
  post(path: string, handler: (request: Incoming, reply: Reply) => Promise<unknown>): unknown
}

/** Fastify's own word on a request that it could not read: its body is too long, or broke off. */
const statusOf = (error: unknown): number =>
  error instanceof Error && "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500

const advice = "Register this plugin as it is, without fastify-plugin, so that its own parser reads the body."

const bodyOf = ({ body }: Incoming): Body =>
  body instanceof Uint8Array
    ? { _tag: "Read", bytes: body }
    : body === undefined || body === null
      ? { _tag: "Read", bytes: new Uint8Array() }
      : { _tag: "Gone", advice }

/**
 * A plugin for Fastify: `app.register(webhook(client, keep), { prefix: "/webhooks/stripe" })`. Its route alone reads bodies
 * as bytes; those of the rest of the application are parsed as before.
 */
export const webhook =
  (receiver: Receiver, onEvents: OnEvents, options: WebhookOptions = {}) =>
  async (instance: Instance): Promise<void> => {
    const bodyLimit = options.limit ?? usualLimit
    instance.removeAllContentTypeParsers()
    instance.addContentTypeParser("*", { parseAs: "buffer", bodyLimit }, (_, body, done) => done(null, body))
    instance.setErrorHandler((error, _, reply) => {
      tell(error, options)
      reply.code(statusOf(error)).send()
    })
    instance.post("/", async (request, reply) => {
      const { method = "", rawHeaders, url = "" } = request.raw
      const head = { method, url, headers: pairs(rawHeaders) }
      const { body, contentType, status } = await answer(receiver, onEvents, options, head, bodyOf(request))
      if (contentType !== undefined) reply.header("content-type", contentType)
      return reply.code(status).send(body)
    })
  }
