import { Effect, Inspectable, Layer, Result } from "effect"
import {
  Headers,
  HttpClient,
  HttpClientError,
  type HttpClientRequest,
  HttpClientResponse,
  HttpIncomingMessage,
  Url
} from "effect/http"
import { Agent, type Dispatcher } from "undici"

type Request = HttpClientRequest.HttpClientRequest

/** A response whose body is one text, read to its end. What the sender does not ask for is made when it is asked for. */
class Answer extends Inspectable.Class {
  readonly [HttpIncomingMessage.TypeId]: typeof HttpIncomingMessage.TypeId = HttpIncomingMessage.TypeId
  readonly [HttpClientResponse.TypeId]: typeof HttpClientResponse.TypeId = HttpClientResponse.TypeId
  readonly request: Request
  readonly status: number
  readonly #fields: Headers.Input
  readonly #body: string

  constructor(request: Request, status: number, fields: Headers.Input, body: string) {
    super()
    this.request = request
    this.status = status
    this.#fields = fields
    this.#body = body
  }

  get headers(): Headers.Headers {
    return Headers.fromInput(this.#fields)
  }

  get text(): Effect.Effect<string> {
    return Effect.succeed(this.#body)
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

const send = (dispatcher: Dispatcher, request: Request): Effect.Effect<Answer, HttpClientError.HttpClientError> => {
  const to = where(request)
  if (Result.isFailure(to)) {
    const reason = new HttpClientError.InvalidUrlError({ request, cause: to.failure })
    return Effect.fail(new HttpClientError.HttpClientError({ reason }))
  }
  const { body, headers, method } = request
  if (body._tag !== "Empty" && body._tag !== "Uint8Array") {
    const reason = new HttpClientError.EncodeError({ request, description: `a ${body._tag} body is not sent` })
    return Effect.fail(new HttpClientError.HttpClientError({ reason }))
  }
  return Effect.callback((resume) => {
    let connection: Dispatcher.DispatchController | undefined
    let given: Error | undefined
    let status = 0
    let fields: Headers.Input = {}
    const chunks: Array<Buffer> = []
    const options: Dispatcher.DispatchOptions = {
      ...to.success,
      ...unlimited,
      method,
      headers,
      body: body._tag === "Empty" ? null : body.body
    }
    dispatcher.dispatch(options, {
      onRequestStart: (controller) => {
        connection = controller
        if (given !== undefined) controller.abort(given)
      },
      onResponseStart: (_controller, code, received) => {
        // an informational response comes before the one that counts (RFC 9110 section 15.2)
        if (code < 200) return
        status = code
        // undici's values are texts or lists of texts, as this input's are
        fields = received as Headers.Input
      },
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd: () => {
        const [first] = chunks
        const bytes = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)
        resume(Effect.succeed(new Answer(request, status, fields, bytes.toString("utf8"))))
      },
      onResponseError: (_controller, cause) => {
        const reason = new HttpClientError.TransportError({ request, cause })
        resume(Effect.fail(new HttpClientError.HttpClientError({ reason })))
      }
    })
    return Effect.sync(() => {
      given = new Error("given up")
      connection?.abort(given)
    })
  })
}

/** HTTP/1.1, whose errors say whether a request was written, one request at a time on a connection, replies with an end. */
const defaults: Agent.Options = {
  allowH2: false,
  pipelining: 1,
  connect: { timeout: 5000 },
  keepAliveTimeout: 10_000,
  maxResponseSize: 8 * 1024 * 1024
}

/**
 * A client for requests and replies of one text: no span, no URL object, no AbortController and no stream for each, which
 * halves what a call costs. Its errors have undici's own as their cause. `options` add to, or replace, the defaults.
 */
export const layer = (options: Agent.Options = {}): Layer.Layer<HttpClient.HttpClient> =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.map(
      Effect.acquireRelease(
        Effect.sync(() => new Agent({ ...defaults, ...options })),
        (agent) => Effect.promise(() => agent.destroy())
      ),
      (agent) =>
        // what is sent has only what the sender asks of a response: its status, headers and text
        HttpClient.makeWith(
          Effect.flatMap((request: Request) => send(agent, request) as never),
          Effect.succeed
        ) as unknown as HttpClient.HttpClient
    )
  )
