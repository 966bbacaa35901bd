import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as Url from "effect/http/Url"
import * as Inspectable from "effect/Inspectable"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type * as Undici from "undici"
// undici itself also loads fetch, WebSocket, caches and mocks
import Agent from "undici/lib/dispatcher/agent.js"
import { ConnectTimeout, defaultConnectTimeout } from "./Timeouts.ts"

type Request = HttpClientRequest.HttpClientRequest

type Text = Effect.Effect<string, HttpClientError.HttpClientError>

/** A body on its way: its text or what broke it off, and who waits for that. */
class Body {
  #end: Text | undefined
  #waiting: ((end: Text) => void) | undefined
  readonly chunks: Array<Buffer> = []

  ended(end: Text): void {
    this.#end = end
    this.#waiting?.(end)
  }

  text(giveUp: () => void): Text {
    return (
      this.#end ??
      Effect.callback((resume) => {
        if (this.#end !== undefined) return resume(this.#end)
        this.#waiting = resume
        return Effect.sync(giveUp)
      })
    )
  }
}

/** A response whose body is one text. What the sender does not ask for is made when it is asked for. */
class Answer extends Inspectable.Class {
  readonly [HttpIncomingMessage.TypeId]: typeof HttpIncomingMessage.TypeId = HttpIncomingMessage.TypeId
  readonly [HttpClientResponse.TypeId]: typeof HttpClientResponse.TypeId = HttpClientResponse.TypeId
  readonly request: Request
  readonly status: number
  readonly #fields: Headers.Input
  readonly #text: () => Text

  constructor(request: Request, status: number, fields: Headers.Input, text: () => Text) {
    super()
    this.request = request
    this.status = status
    this.#fields = fields
    this.#text = text
  }

  get headers(): Headers.Headers {
    return Headers.fromInput(this.#fields)
  }

  get text(): Text {
    return this.#text()
  }

  toJSON(): unknown {
    return { _id: "Answer", status: this.status }
  }
}

const origin = /^https?:\/\/[^/?#]+/

/** Where a request goes; its URL is taken apart only where it has parameters to add. */
const where = (request: Request): Result.Result<{ readonly origin: string; readonly path: string }, unknown> => {
  const { url, urlParams } = request
  const known = urlParams.params.length === 0 ? origin.exec(url)?.[0] : undefined
  if (known !== undefined) return Result.succeed({ origin: known, path: url.slice(known.length) || "/" })
  return Result.map(Url.make(url, urlParams, undefined), ({ origin, pathname, search }) => ({
    origin,
    path: pathname + search
  }))
}

/** The policy's own time limits hold, not undici's. */
const unlimited = { headersTimeout: 0, bodyTimeout: 0 }

const send = (
  dispatcher: Undici.Dispatcher,
  request: Request
): Effect.Effect<Answer, HttpClientError.HttpClientError> => {
  const to = where(request)
  if (Result.isFailure(to)) {
    const reason = new HttpClientError.InvalidUrlError({ request, cause: to.failure })
    return Effect.fail(new HttpClientError.HttpClientError({ reason }))
  }
  const { body: sent, headers, method } = request
  if (sent._tag !== "Empty" && sent._tag !== "Uint8Array") {
    const reason = new HttpClientError.EncodeError({ request, description: `a ${sent._tag} body is not sent` })
    return Effect.fail(new HttpClientError.HttpClientError({ reason }))
  }
  return Effect.callback((resume) => {
    let connection: Undici.Dispatcher.DispatchController | undefined
    let given: Error | undefined
    let head = false
    const body = new Body()
    const giveUp = (): void => {
      given = new Error("given up")
      connection?.abort(given)
    }
    const options: Undici.Dispatcher.DispatchOptions = {
      ...to.success,
      ...unlimited,
      method,
      headers,
      body: sent._tag === "Empty" ? null : sent.body
    }
    dispatcher.dispatch(options, {
      onRequestStart: (controller) => {
        connection = controller
        if (given !== undefined) controller.abort(given)
      },
      onResponseStart: (_controller, code, received) => {
        // an informational response comes before the one that counts (RFC 9110 section 15.2)
        if (code < 200) return
        head = true
        // undici's values are texts or lists of texts, as this input's are
        const fields = received as Headers.Input
        const answer = new Answer(request, code, fields, () => body.text(giveUp))
        // most bodies come with their head, and are then told of together: waking a caller twice costs 15 µs
        queueMicrotask(() => resume(Effect.succeed(answer)))
      },
      onResponseData: (_controller, chunk) => void body.chunks.push(chunk),
      onResponseEnd: () => {
        const [first] = body.chunks
        const bytes = body.chunks.length === 1 && first !== undefined ? first : Buffer.concat(body.chunks)
        body.ended(Effect.succeed(bytes.toString("utf8")))
      },
      onResponseError: (_controller, cause) => {
        const reason = new HttpClientError.TransportError({ request, cause })
        const broken = Effect.fail(new HttpClientError.HttpClientError({ reason }))
        if (head) body.ended(broken)
        else resume(broken)
      }
    })
    return Effect.sync(giveUp)
  })
}

/** HTTP/1.1, whose errors say whether a request was written, one request at a time on a connection, replies with an end. */
const defaults: Undici.Agent.Options = {
  allowH2: false,
  pipelining: 1,
  connect: { timeout: defaultConnectTimeout },
  keepAliveTimeout: 10_000,
  maxResponseSize: 8 * 1024 * 1024
}

/** The agents of one client: one for each time limit of connecting. */
class Agents {
  readonly #options: Undici.Agent.Options
  readonly #others = new Map<number, Agent>()
  readonly #usual: Agent

  constructor(options: Undici.Agent.Options) {
    this.#options = { ...defaults, ...options }
    this.#usual = new Agent(this.#options)
  }

  of(connectTimeout: number): Agent {
    if (connectTimeout === defaultConnectTimeout) return this.#usual
    const known = this.#others.get(connectTimeout)
    if (known !== undefined) return known
    const { connect } = this.#options
    const made = new Agent({
      ...this.#options,
      connect: { ...(typeof connect === "object" ? connect : {}), timeout: connectTimeout }
    })
    this.#others.set(connectTimeout, made)
    return made
  }

  destroy(): Promise<unknown> {
    return Promise.all([this.#usual, ...this.#others.values()].map((agent) => agent.destroy()))
  }
}

/**
 * A client for requests and replies of one text: no span, no URL object, no AbortController and no stream for each, which
 * halves what a call costs. Its errors have undici's own as their cause. `options` add to, or replace, the defaults.
 */
export const layer = (options: Undici.Agent.Options = {}): Layer.Layer<HttpClient.HttpClient> =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.map(
      Effect.acquireRelease(
        Effect.sync(() => new Agents(options)),
        (agents) => Effect.promise(() => agents.destroy())
      ),
      (agents) =>
        // what is sent has only what the sender asks of a response: its status, headers and text
        HttpClient.makeWith(
          Effect.flatMap(
            (request: Request) =>
              Effect.withFiber((fiber) => send(agents.of(fiber.getRef(ConnectTimeout)), request)) as never
          ),
          Effect.succeed
        ) as unknown as HttpClient.HttpClient
    )
  )
