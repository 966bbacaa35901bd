import type { IncomingMessage, ServerResponse } from "node:http"
import { Result, Schema } from "effect"
import { ndjson } from "effect/rpc/RpcSerialization"
import { fieldsOf, type Refused, readBody, refuse, tooLarge, Underway } from "./Body.ts"
import { correlate } from "./Correlation.ts"
import { metadataOf } from "./Metadata.ts"
import type { RpcExit, ServeRpc } from "./RpcHandlers.ts"

/** What Effect RPC over HTTP is told by the server. */
export interface RpcOptions {
  readonly maxMessageBytes: number
  /** Whether the server is stopping: connections are not kept then. */
  readonly stopping: () => boolean
  readonly serve: ServeRpc
}

/** The most calls in one body. */
const mostCalls = 100

/** A line of a body: a request of effect/rpc, which always gets its whole answer, whatever else the line asks for. */
const Request = Schema.Struct({
  _tag: Schema.Literal("Request"),
  id: Schema.Union([Schema.String, Schema.Finite]),
  tag: Schema.String,
  payload: Schema.optional(Schema.Unknown),
  headers: Schema.optional(Schema.Array(Schema.Tuple([Schema.String, Schema.String]))),
  isNotification: Schema.optional(Schema.Literal(false))
})
type Request = typeof Request.Type

const readRequests = Schema.decodeUnknownResult(Schema.Array(Request))
const strictUtf8 = new TextDecoder("utf-8", { fatal: true })

/** The requests of a body; undefined where any part of it is something else. */
const requestsOf = (body: Uint8Array): ReadonlyArray<Request> | undefined => {
  const lines = Result.try({
    // what the parser throws repeats the body
    try: (): ReadonlyArray<unknown> => {
      const texts = strictUtf8.decode(body).split("\n")
      return texts.filter((text) => text.trim() !== "").map((text): unknown => JSON.parse(text))
    },
    catch: () => undefined
  })
  const requests = Result.getOrUndefined(Result.flatMap(lines, readRequests))
  if (requests === undefined || requests.length === 0 || requests.length > mostCalls) return undefined
  return new Set(requests.map(({ id }) => String(id))).size === requests.length ? requests : undefined
}

const malformed: Refused = {
  status: 400,
  text: `The body must be newline-delimited JSON in UTF-8: 1 to ${mostCalls} requests of effect/rpc, each with its own id.`
}

const type = /^application\/x-ndjson\s*(?:;|$)/i

/** What is wrong with a request before its body is looked at. */
const refusalOf = ({ headers, method }: IncomingMessage): Refused | undefined => {
  if (method !== "POST") return { status: 405, text: "Effect RPC is called by POST.", headers: { allow: "POST" } }
  if (type.test(headers["content-type"] ?? "") && (headers["content-encoding"] ?? "identity") === "identity")
    return undefined
  return { status: 415, text: `The body must be ${ndjson.contentType}, not encoded.` }
}

/** Effect RPC over HTTP: each body holds calls, and each line of its answer how one of them ended, as soon as it has. */
export class RpcHttp {
  readonly #options: RpcOptions
  readonly #underway = new Underway()

  constructor(options: RpcOptions) {
    this.#options = options
  }

  /** Answers a request over HTTP. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const arrivedAt = Date.now()
    const { maxMessageBytes, stopping } = this.#options
    this.#underway.add(response)
    if (stopping()) response.setHeader("connection", "close")
    const refusal = refusalOf(request)
    if (refusal === undefined) {
      readBody(request, maxMessageBytes, (body) => this.#read(request, response, body, arrivedAt))
    } else {
      request.resume()
      refuse(response, refusal)
    }
  }

  #read(http: IncomingMessage, response: ServerResponse, body: Uint8Array | undefined, arrivedAt: number): void {
    const requests = body && requestsOf(body)
    if (body === undefined) refuse(response, tooLarge(this.#options.maxMessageBytes))
    else if (requests === undefined) refuse(response, malformed)
    else this.#serve(http, response, requests, arrivedAt)
  }

  #serve(http: IncomingMessage, response: ServerResponse, requests: ReadonlyArray<Request>, arrivedAt: number): void {
    const given = fieldsOf(http)
    const [, ...others] = requests
    const parser = ndjson.makeUnsafe()
    let left = requests.length
    const ended = (requestId: Request["id"], exit: RpcExit | undefined) => {
      if (exit === undefined) return response.destroy()
      left -= 1
      const line = parser.encode({ _tag: "Exit", requestId, exit })
      if (left === 0) response.end(line)
      else response.write(line)
    }
    response.setHeader("content-type", ndjson.contentType)
    const cancels = requests.map(({ headers = [], id, payload, tag }) => {
      const metadata = metadataOf([...given, ...headers])
      const header = new Map<string, string>()
      const correlation = correlate(metadata, header)
      // a header speaks of a whole answer, so only of one call
      if (others.length === 0) response.setHeaders(header)
      return this.#options.serve({ tag, payload, metadata, correlation, arrivedAt }, (exit) => ended(id, exit))
    })
    response.once("close", () => {
      for (const cancel of cancels) cancel()
    })
  }

  /** Resolves when nothing runs. What runs for too long is cancelled when its connection is closed. */
  ended(): Promise<void> {
    return this.#underway.ended()
  }
}
