import type { IncomingMessage, ServerResponse } from "node:http"
import type { Acknowledgement, Delivery, Received } from "@connector-service/domain/Delivery"
import type { ConnectorError, Reason } from "@connector-service/domain/Reason"
import { Cause, Clock, Duration, Effect, Exit } from "effect"
import { fieldsOf, type Refused, readBody, refuse, Underway } from "./Body.ts"
import { NotSafe, type Sink } from "./Sink.ts"

/** Whose delivery it is, by its path. */
export interface Whose {
  readonly connector: string
  readonly account: string
}

/** What the ingress is told by the server. */
export interface IngressOptions {
  readonly maxMessageBytes: number
  /** The most deliveries worked on at once. */
  readonly runningDeliveries: number
  /** Whether the server is stopping, and takes no new deliveries. */
  readonly stopping: () => boolean
  /** How long after its arrival a delivery is answered. */
  readonly deliveryLimit: Duration.Duration
  /** Proves a delivery with the account's secrets, and reads it, before the deadline in milliseconds since the epoch. */
  readonly receive: (whose: Whose, delivery: Delivery, deadline: number) => Effect.Effect<Received, ConnectorError>
  readonly sink: Sink["Service"]
}

/** The most events of one delivery that are told at once. */
const atOnce = 8

const path = /^\/webhooks\/([a-z0-9-]{1,64})\/([A-Za-z0-9._-]{1,64})$/

/** Whose delivery a path is for; undefined where it is nobody's. */
const whoseOf = (url: string): Whose | undefined => {
  const [, connector, account] = path.exec(url.split("?")[0] ?? "") ?? []
  return connector === undefined || account === undefined ? undefined : { connector, account }
}

/** What nobody is told more of who may be a forger: neither why, nor whether there is such an account. */
const unproven: Refused = { status: 400 }
/** The processor is to send it again. */
const again: Refused = { status: 503 }

const type = /^application\/json\s*(?:;|$)/i

/** What is wrong with a request before its body is looked at; the same for every connector and account. */
const refusalOf = ({ headers, method }: IncomingMessage): Refused | undefined => {
  if (method !== "POST") return { status: 405, headers: { allow: "POST" } }
  const isPlain = (headers["content-encoding"] ?? "identity") === "identity"
  return type.test(headers["content-type"] ?? "") && isPlain ? undefined : { status: 415 }
}

const late = new NotSafe({ description: "it was not safe in the time that the processor waits" })

const acknowledge = (response: ServerResponse, { body = "", contentType, status }: Acknowledgement): void =>
  void response
    .writeHead(status, {
      ...(contentType !== undefined && { "content-type": contentType }),
      "content-length": Buffer.byteLength(body)
    })
    .end(body)

/** What says that a delivery is not proven, or not for anybody here. */
const refusals: ReadonlySet<string> = new Set<Reason["_tag"]>([
  "InvalidSignature",
  "StaleTimestamp",
  "UnknownSecret",
  "Unreadable",
  "UnknownConnector",
  "UnsupportedFlow"
])

/** Why a delivery is not acknowledged. */
const whyOf = (error: ConnectorError | NotSafe): Reason | NotSafe => (error._tag === "NotSafe" ? error : error.reason)

/** The same in words, which repeat nothing of the delivery and no secret. */
const told = (why: Reason | NotSafe): string =>
  "description" in why && why.description !== undefined ? `${why._tag}: ${why.description}` : why._tag

/** Takes processors' deliveries over HTTP, and acknowledges each once all of its events are in safe hands. */
export class Ingress {
  readonly #options: IngressOptions
  readonly #run: ReturnType<typeof Effect.runCallbackWith<never>>
  readonly #underway = new Underway()
  #running = 0

  constructor(options: IngressOptions, run: ReturnType<typeof Effect.runCallbackWith<never>>) {
    this.#options = options
    this.#run = run
  }

  /** Answers a request over HTTP. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const { stopping } = this.#options
    this.#underway.add(response)
    const isStopping = stopping()
    if (isStopping) response.setHeader("connection", "close")
    const refusal = refusalOf(request) ?? (isStopping ? again : undefined)
    if (refusal === undefined) {
      this.#read(request, response, Date.now())
    } else {
      request.resume()
      refuse(response, refusal)
    }
  }

  /** Resolves when nothing is worked on. */
  ended(): Promise<void> {
    return this.#underway.ended()
  }

  #read(request: IncomingMessage, response: ServerResponse, arrivedAt: number): void {
    const { maxMessageBytes, runningDeliveries } = this.#options
    const { url = "" } = request
    const whose = whoseOf(url)
    readBody(request, maxMessageBytes, (body) => {
      if (body === undefined) refuse(response, { status: 413 })
      else if (whose === undefined) refuse(response, unproven)
      else if (this.#running >= runningDeliveries) refuse(response, again)
      else this.#work(response, whose, { method: "POST", url, headers: fieldsOf(request), body }, arrivedAt)
    })
  }

  #work(response: ServerResponse, whose: Whose, delivery: Delivery, arrivedAt: number): void {
    this.#running += 1
    const cancel = this.#run(this.#answer(whose, delivery, arrivedAt), {
      onExit: (exit) => {
        this.#running -= 1
        if (Exit.isSuccess(exit)) exit.value(response)
        else if (Cause.hasDies(exit.cause)) this.#defect(response, exit.cause, whose)
      }
    })
    response.once("close", () => cancel())
  }

  #defect(response: ServerResponse, cause: Cause.Cause<never>, whose: Whose): void {
    this.#run(Effect.annotateLogs(Effect.logError("A webhook met a defect", cause), { ...whose }))
    refuse(response, { status: 500 })
  }

  /** Never fails: gives how to answer. */
  #answer(whose: Whose, delivery: Delivery, arrivedAt: number): Effect.Effect<(response: ServerResponse) => void> {
    const { deliveryLimit, receive, sink } = this.#options
    const deadline = arrivedAt + Duration.toMillis(deliveryLimit)
    const taking = Effect.flatMap(receive(whose, delivery, deadline), ({ acknowledgement, events }) =>
      Effect.as(
        Effect.forEach(events, (event) => sink.take({ ...whose, event }), { concurrency: atOnce, discard: true }),
        acknowledgement
      )
    )
    const inTime = Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Effect.timeoutOrElse(taking, { duration: Math.max(0, deadline - now), orElse: () => Effect.fail(late) })
    )
    return Effect.matchEffect(inTime, {
      onSuccess: (acknowledgement) =>
        Effect.succeed((response: ServerResponse) => acknowledge(response, acknowledgement)),
      onFailure: (error) => {
        const why = whyOf(error)
        const answer = (response: ServerResponse) => refuse(response, refusals.has(why._tag) ? unproven : again)
        return Effect.as(
          Effect.annotateLogs(Effect.logWarning(`A webhook was not acknowledged: ${told(why)}`), { ...whose }),
          answer
        )
      }
    })
  }
}
