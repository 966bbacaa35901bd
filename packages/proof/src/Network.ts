import type { Handled, Reply, Twist } from "@connector-service/sandbox/Processor"
import { Context, Effect } from "effect"
import { HttpClient, HttpClientError, type HttpClientRequest, type HttpClientResponse } from "effect/http"
import { bent } from "./Bending.ts"
import { broken } from "./Broken.ts"
import { isWrite, type PlannedFault, phaseOf } from "./Faults.ts"
import type { CallMade, Exchange, History } from "./History.ts"
import { watchSending } from "./Keys.ts"
import type { Processors } from "./Processors.ts"
import { type Routed, route } from "./Route.ts"
import type { World } from "./World.ts"

type Request = HttpClientRequest.HttpClientRequest
type Response = HttpClientResponse.HttpClientResponse
type Told = Effect.Effect<Response, HttpClientError.HttpClientError>

/** The call that an exchange is for: what the sender starts for a call inherits it. */
export const Calling = Context.Reference<CallMade | undefined>("@connector-service/proof/Network/Calling", {
  defaultValue: () => undefined
})

/** How long the client's policies let an exchange take at most, in milliseconds: those of writes as documented. */
export const longestWrite = 80_000
const connectTimeout = 5000

const failing = (request: Request, cause: Error) =>
  Effect.fail(
    new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })
  )

/** A response as the sender uses one: its status, headers and text. */
const response = (request: Request, { headers, status }: Reply, text: Effect.Effect<string, HttpClientError.HttpClientError>) =>
  ({
    request,
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    text
  }) as unknown as Response

/** Everything between the sender and the processors. */
export class Network {
  readonly #world: World
  readonly #history: History
  readonly #processors: Processors
  /** Once it is calm nothing goes wrong any more. */
  calm = false

  constructor(world: World, history: History, processors: Processors) {
    this.#world = world
    this.#history = history
    this.#processors = processors
  }

  /** A client of this network. */
  readonly client = HttpClient.makeWith(
    Effect.flatMap((request: Request) =>
      Effect.withFiber((fiber): Told => {
        const call = fiber.getRef(Calling)
        const routed = route(request)
        return call === undefined || routed === undefined
          ? Effect.die(new Error(`nobody's request: ${request.method} ${request.url}`))
          : this.#exchange(request, call, routed)
      })
    ) as never,
    Effect.succeed
  ) as unknown as HttpClient.HttpClient

  #exchange(request: Request, call: CallMade, routed: Routed): Told {
    return Effect.callback((resume) => {
      const fault = this.calm ? undefined : call.operation.fault(routed.exchanged)
      const exchange: Exchange = {
        call,
        exchanged: routed.exchanged,
        startedAt: this.#world.now,
        key: routed.key,
        body: routed.body,
        fault: fault?.kind,
        handledAt: undefined,
        ended: "open",
        endedAt: 0,
        status: 0
      }
      if (call.replica.dead) return Effect.void
      watchSending(this.#history, exchange, routed.connector)
      call.exchanges.push(exchange)
      this.#history.exchanges.push(exchange)
      const named = () => `${call.operation.name} ${routed.connector} ${routed.exchanged}`
      this.#history.trace(this.#world.now, () => `${named()} sends ${routed.key ?? ""} ${fault?.kind ?? ""}`)
      const end = (ended: Exchange["ended"], told: Told): void => {
        if (exchange.ended !== "open") return
        exchange.ended = ended
        exchange.endedAt = this.#world.now
        this.#history.trace(this.#world.now, () => `${named()} ${ended} ${exchange.status || ""}`)
        if (!call.replica.dead) resume(told)
      }
      new Sending(this.#world, this.#history, this.#processors, request, routed, exchange, fault, end).begin()
      return Effect.sync(() => {
        if (exchange.ended !== "open") return
        exchange.ended = "given up"
        exchange.endedAt = this.#world.now
        this.#history.trace(this.#world.now, () => `${named()} given up`)
        const took = this.#world.now - exchange.startedAt
        if (isWrite(routed.exchanged) && took < longestWrite && !call.replica.dead) {
          this.#history.violated(6, call.operation, `a ${routed.exchanged} on the wire was given up after ${took} ms`)
        }
      })
    })
  }
}

/** One request on its way. */
class Sending {
  readonly #world: World
  readonly #history: History
  readonly #processors: Processors
  readonly #request: Request
  readonly #routed: Routed
  readonly #exchange: Exchange
  readonly #fault: PlannedFault | undefined
  readonly #end: (ended: Exchange["ended"], told: Told) => void

  constructor(
    world: World,
    history: History,
    processors: Processors,
    request: Request,
    routed: Routed,
    exchange: Exchange,
    fault: PlannedFault | undefined,
    end: (ended: Exchange["ended"], told: Told) => void
  ) {
    this.#world = world
    this.#history = history
    this.#processors = processors
    this.#request = request
    this.#routed = routed
    this.#exchange = exchange
    this.#fault = fault
    this.#end = end
  }

  begin(): void {
    const { kind, size } = this.#fault ?? { kind: undefined, size: 0 }
    const { host } = this.#routed
    const place = { host, address: "192.0.2.1", port: 443 }
    switch (kind) {
      case "name not resolved":
        return this.#notSent(broken.unresolved(place, size < 0.5 ? "ENOTFOUND" : "EAI_AGAIN"))
      case "connection refused":
        return this.#notSent(broken.refused(place))
      case "TLS failure":
        return this.#notSent(size < 0.5 ? broken.expired() : broken.selfSigned())
      case "connect timeout":
        return this.#notSent(broken.connectTimeout(place, connectTimeout), connectTimeout)
      case "late":
        this.#strike()
        if (size < 0.5) this.#break(broken.reset())
        this.#world.later(size * 75_000, () => this.#deliver({}, () => {}))
        return
      default:
        this.#world.later(this.#latency(), () => this.#arrive())
    }
  }

  #latency(): number {
    return this.#world.chance.whole(1, 60)
  }

  #strike(): void {
    if (this.#fault === undefined) return
    this.#history.strike(this.#routed.connector, this.#routed.exchanged, this.#fault.kind)
    if (isWrite(this.#routed.exchanged)) this.#history.faultsOnWrites += 1
  }

  #notSent(cause: Error, after = this.#latency()): void {
    this.#strike()
    this.#world.later(after, () => this.#end("not sent", failing(this.#request, cause)))
  }

  #break(cause: Error): void {
    this.#world.later(this.#latency(), () => this.#end("no answer", failing(this.#request, cause)))
  }

  /** The processor gets it. */
  #deliver(twist: Partial<Twist>, use: (handled: Handled) => void): void {
    const { connector, exchanged } = this.#routed
    this.#processors.act(connector, this.#exchange, this.#routed, twist, (handled) => {
      this.#exchange.handledAt ??= this.#world.now
      this.#history.trace(this.#world.now, () => `${connector} ${exchanged} ${handled.reply.status} ${handled.replayed}`)
      if (exchanged === "authorize") this.#nameThePayment(handled.reply)
      if (handled.replayed && handled.reply.status >= 500) {
        this.#history.strike(connector, exchanged, "500 replayed")
      }
      use(handled)
    })
  }

  /** Which payment this authorization made, as its reply says, whoever reads that. */
  #nameThePayment({ body }: Reply): void {
    const json = body.startsWith("{") ? JSON.parse(body) : {}
    const id: unknown = json.error?.payment_intent?.id ?? json.pspReference ?? json.id
    const { attempt, operation } = this.#exchange.call
    if (typeof id === "string" && !this.#history.payments.has(id)) this.#history.payments.set(id, { operation, attempt })
  }

  #arrive(): void {
    const { kind, size } = this.#fault ?? { kind: undefined, size: 0 }
    const processor = this.#processors.of(this.#routed.connector)
    const call = { ...this.#routed, origin: "" }
    if (this.#fault !== undefined && phaseOf(this.#fault.kind) === "before" && kind !== "busy") this.#strike()
    switch (kind) {
      case "reset before":
        return this.#break(size < 0.5 ? broken.reset() : broken.closed({ host: "", address: "192.0.2.1", port: 443 }))
      case "hang before":
        return
      case "429":
        return this.#answer(processor.rateLimited(call, undefined))
      case "429 Retry-After":
        return this.#answer(processor.rateLimited(call, Math.floor(size * 20)))
      case "500 before":
        return this.#answer(processor.serverError(call))
      case "4xx before":
      case "502 before":
      case "503 before":
        return this.#answer(processor.serverError(call))
      case "token expired":
        this.#processors.act("paypal", undefined, { ...call, method: "POST", path: "/_test/revoke" }, {}, () => {})
        return this.#deliver({}, ({ reply }) => this.#answer(reply))
      case "twice":
        this.#strike()
        this.#deliver({ delayMilliseconds: Math.floor(size * 400) }, ({ reply }) => {
          if (size < 0.5) this.#answer(reply)
        })
        this.#world.later(this.#latency() * 10, () =>
          this.#deliver({}, ({ reply }) => {
            if (size >= 0.5) this.#answer(reply)
          })
        )
        return
      default:
        return this.#deliver(this.#twist(), ({ reply }) => this.#handled(reply))
    }
  }

  #twist(): Partial<Twist> {
    const { kind, size } = this.#fault ?? { kind: undefined, size: 0 }
    switch (kind) {
      case "500 after":
      case "500 replayed":
        return { failAfter: true }
      case "wrong amount":
        return { amountOff: -1 - Math.floor(size * 5) }
      case "busy":
        this.#strike()
        return { delayMilliseconds: 1 + Math.floor(size * 20_000) }
      default:
        return {}
    }
  }

  /** The processor has acted and given this reply. */
  #handled(reply: Reply): void {
    const { kind, size } = this.#fault ?? { kind: undefined, size: 0 }
    if (this.#fault !== undefined && phaseOf(this.#fault.kind) === "after" && kind !== "500 replayed" && kind !== "key expired") {
      this.#strike()
    }
    switch (kind) {
      case "reset after":
      case "key expired":
        return this.#break(broken.reset())
      case "hang after":
        return
      case "cut":
        this.#strike()
        return this.#cut(reply, size)
      case "slow":
        this.#strike()
        return this.#slow(reply, size * 160_000)
      default:
        return this.#answer(reply)
    }
  }

  #cut(reply: Reply, size: number): void {
    const closed = broken.closed({ host: "", address: "192.0.2.1", port: 443 })
    const cause = failing(this.#request, this.#world.chance.once(2) ? closed : broken.reset())
    // in the head, or in the body after it
    const told: Told = size < 0.2 ? cause : Effect.succeed(response(this.#request, reply, cause))
    this.#world.later(this.#latency(), () => this.#end("no answer", told))
  }

  #slow(reply: Reply, millis: number): void {
    this.#exchange.status = reply.status
    const text: Effect.Effect<string> = Effect.callback((resume) => {
      const stop = this.#world.later(millis, () => resume(Effect.succeed(reply.body)))
      return Effect.sync(stop)
    })
    this.#world.later(this.#latency(), () => this.#end("answered", Effect.succeed(response(this.#request, reply, text))))
  }

  #answer(given: Reply): void {
    const fault = this.#fault
    const other = fault === undefined ? undefined : bent(fault, given, this.#world.now)
    if (other !== undefined && fault !== undefined && phaseOf(fault.kind) === "reply") this.#strike()
    const reply = other ?? given
    const { connector } = this.#routed
    this.#exchange.status = reply.status
    // what each processor documents of a 429: see the connectors' `unprocessed`
    const turnedAway = reply.status === 429 && connector !== "adyen"
    const ended = reply.status === 401 ? "unauthorized" : turnedAway ? "turned away" : "answered"
    const told = Effect.succeed(response(this.#request, reply, Effect.succeed(reply.body)))
    this.#world.later(this.#latency(), () => this.#end(ended, told))
  }
}
