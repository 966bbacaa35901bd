import type { AnyConnector } from "@connector-service/connectors/Connector"
import { type Configuration, Connectors } from "@connector-service/connectors/Connectors"
import { Clock, Data, Effect, Fiber, Layer } from "effect"
import { HttpClient, HttpClientError, type HttpClientRequest, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"

/** What a processor answers: a `body` that is not text is written as JSON. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** A client's error with the fields of Node's and undici's own. */
export class Broken extends Data.TaggedClass("Broken")<{ readonly cause: object }> {}
/** The head of a reply whose body breaks off. */
export class Cut extends Data.TaggedClass("Cut")<{ readonly status: number }> {}
/** No answer, ever. */
export class Silence extends Data.TaggedClass("Silence") {}

/** One step of a script. */
export type Step = Answer | Broken | Cut | Silence

/** A request as it left, and the test clock's milliseconds at that moment. */
export interface Sent {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly at: number
}

const nodeError = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more })
const refused = nodeError("ECONNREFUSED", { syscall: "connect" })
const reset = nodeError("ECONNRESET", { syscall: "read" })
/** Errors as Node and undici give them (nodejs.org/api/errors.html, undici's docs/docs/api/Errors.md). */
export const broken = {
  refused: new Broken({ cause: refused }),
  everywhere: new Broken({ cause: nodeError("ECONNREFUSED", { errors: [refused, refused] }) }),
  somewhere: new Broken({ cause: nodeError("ECONNREFUSED", { errors: [refused, reset] }) }),
  unresolved: new Broken({ cause: nodeError("ENOTFOUND", { syscall: "getaddrinfo" }) }),
  connectTimeout: new Broken({ cause: nodeError("UND_ERR_CONNECT_TIMEOUT") }),
  reset: new Broken({ cause: reset }),
  readTimeout: new Broken({ cause: nodeError("ETIMEDOUT", { syscall: "read" }) }),
  writeUnreachable: new Broken({ cause: nodeError("EHOSTUNREACH", { syscall: "write" }) }),
  unreachable: new Broken({ cause: nodeError("EHOSTUNREACH", { syscall: "connect" }) }),
  closed: new Broken({ cause: nodeError("UND_ERR_SOCKET") }),
  nameless: new Broken({ cause: new Error("no code") })
}

/** The text of an answer's body. */
export const textOf = (body: unknown): string =>
  body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body)

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): string =>
  body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : ""

const withoutBody = new Set([204, 205, 304])

const respond = (request: HttpClientRequest.HttpClientRequest, step: Answer | Cut) => {
  const { headers, status } = "_tag" in step ? { headers: {}, status: step.status } : step
  const text = "_tag" in step ? "" : textOf(step.body)
  const response = HttpClientResponse.fromWeb(
    request,
    new Response(withoutBody.has(status) ? null : text, { status, ...(headers && { headers }) })
  )
  // read at once, so that only the test clock decides when anything happens
  Object.defineProperty(response, "text", {
    value:
      "_tag" in step
        ? Effect.fail(
            new HttpClientError.HttpClientError({
              reason: new HttpClientError.DecodeError({ request, response, cause: nodeError("UND_ERR_SOCKET") })
            })
          )
        : Effect.succeed(text)
  })
  return response
}

/** A processor made of a script: the request's number, from 0, chooses the step. */
export interface Stub {
  readonly sent: Array<Sent>
  /** What went to `asides`. */
  readonly beside: Array<Sent>
  readonly client: HttpClient.HttpClient
  /** How many requests were given up before their answer. */
  readonly aborted: () => number
}

/** What a processor answers at a path beside the one that is tested: where it gives tokens, or trades. */
export interface Aside {
  readonly path: string
  readonly answer: Answer
}

/** An HTTP client that answers by `script` and reaches no network. What goes to `asides` is answered there. */
export const stub = (
  script: (sent: Sent, index: number) => Step | Effect.Effect<Step>,
  asides: ReadonlyArray<Aside> = []
): Stub => {
  const sent: Array<Sent> = []
  const beside: Array<Sent> = []
  let aborted = 0
  const client = HttpClient.make((request, url) =>
    Effect.gen(function* () {
      const aside = asides.find(({ path }) => path === url.pathname)
      const one = {
        method: request.method,
        url,
        headers: { ...request.headers },
        body: bodyOf(request),
        at: yield* Clock.currentTimeMillis
      }
      if (aside !== undefined) {
        beside.push(one)
        return respond(request, aside.answer)
      }
      const step = script(one, sent.push(one) - 1)
      const taken = Effect.isEffect(step) ? yield* step : step
      if (taken instanceof Silence) return yield* Effect.never
      if (taken instanceof Broken) {
        const reason = new HttpClientError.TransportError({ request, cause: taken.cause })
        return yield* new HttpClientError.HttpClientError({ reason })
      }
      return respond(request, taken)
    }).pipe(
      Effect.onInterrupt(() =>
        Effect.sync(() => {
          aborted += 1
        })
      )
    )
  )
  return { sent, beside, client, aborted: () => aborted }
}

/** A script of these steps in order; the last one is repeated. */
export const inOrder =
  (...steps: readonly [Step, ...ReadonlyArray<Step>]) =>
  (_: Sent, index: number): Step =>
    steps[Math.min(index, steps.length - 1)] ?? steps[0]

/** The sender over a stub. */
export const over = (
  { client }: Stub,
  connectors: ReadonlyArray<AnyConnector>,
  configuration?: Configuration
): Layer.Layer<Connectors> =>
  Layer.provide(Connectors.layer(connectors, configuration), Layer.succeed(HttpClient.HttpClient, client))

/** When tests' time begins. */
export const start = Date.UTC(2026, 0, 15, 12)

/** How an effect ends when as much time passes as it waits for, 30 minutes at most. */
export const ended = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect, { startImmediately: true })
    for (let minute = 0; minute < 30 && fiber.pollUnsafe() === undefined; minute++) yield* TestClock.adjust("1 minute")
    return yield* Fiber.await(fiber)
  })
