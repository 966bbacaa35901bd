import type { Call, Handled, Processor, Reply, Twist } from "@connector-service/sandbox/Processor"
import { Effect } from "effect"
import { HttpClientError, type HttpClientRequest, type HttpClientResponse } from "effect/http"
import { bent, declined, hasMore, lagging } from "./Bending.ts"
import { broken } from "./Broken.ts"
import { type FaultKind, isWrite, type PlannedFault } from "./Faults.ts"
import type { Exchange, History } from "./History.ts"
import type { Processors } from "./Processors.ts"
import { refusalOf } from "./Refusals.ts"
import type { Routed } from "./Route.ts"
import type { World } from "./World.ts"

type Request = HttpClientRequest.HttpClientRequest
type Broken = HttpClientError.HttpClientError

/** What a client is told of an exchange. */
export type Told = Effect.Effect<HttpClientResponse.HttpClientResponse, Broken>

/** How long the client waits for a connection, in milliseconds, as the service's policies have it. */
const connectTimeout = 5000

const failing = (request: Request, cause: Error): Effect.Effect<never, Broken> =>
  Effect.fail(new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) }))

/** A response as the sender uses one: its status, headers and text. */
const response = (request: Request, { headers, status }: Reply, text: Effect.Effect<string, Broken>) =>
  ({
    request,
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    text
  }) as unknown as HttpClientResponse.HttpClientResponse

type Act = (sending: Sending, size: number) => void
type Acts = Readonly<Partial<Record<FaultKind, Act>>>

/** Faults that strike before anything is sent, or as soon as it is. */
const atOnce: Acts = {
  "name not resolved": (it, size) => it.notSent(broken.unresolved(it.place, size < 0.5 ? "ENOTFOUND" : "EAI_AGAIN")),
  "connection refused": (it) => it.notSent(broken.refused(it.place)),
  "TLS failure": (it, size) => it.notSent(size < 0.5 ? broken.expired() : broken.selfSigned()),
  "connect timeout": (it) => it.notSent(broken.connectTimeout(it.place, connectTimeout), connectTimeout),
  late: (it, size) => {
    it.strike()
    if (size < 0.5) it.breakOff(broken.reset())
    it.later(size * it.latest, () => it.deliver({}, () => {}))
  }
}

/** Credentials that no processor knows. */
const nobody = { authorization: "Bearer nobody", "x-api-key": "" }

/** Faults that strike when the request is at the processor. */
const onArrival: Acts = {
  "reset before": (it, size) => it.breakOff(size < 0.5 ? broken.reset() : broken.closed(it.place)),
  "hang before": () => {},
  "429": (it) => it.answer(it.processor.rateLimited(it.call, undefined)),
  "429 Retry-After": (it, size) => it.answer(it.processor.rateLimited(it.call, Math.floor(size * 20))),
  "4xx before": (it) => it.answer(it.processor.serverError(it.call)),
  "500 before": (it) => it.answer(it.processor.serverError(it.call)),
  "502 before": (it) => it.answer(it.processor.serverError(it.call)),
  "503 before": (it) => it.answer(it.processor.serverError(it.call)),
  "credentials refused": (it) => it.deliverAs(nobody, ({ reply }) => it.answer(reply)),
  declined: (it) => {
    // what has the same key gets the latest status of the first one
    if (it.isKnown) it.deliver({}, ({ reply }) => it.answer(reply))
    else it.answer(declined)
  },
  "token expired": (it) => {
    it.revoke()
    it.deliver({}, ({ reply }) => it.answer(reply))
  },
  busy: (it, size) => it.deliver({ delayMilliseconds: 1 + Math.floor(size * 20_000) }, ({ reply }) => it.answer(reply)),
  twice: (it, size) => {
    it.deliver({ delayMilliseconds: Math.floor(size * 400) }, ({ reply }) => {
      if (size < 0.5) it.answer(reply)
    })
    it.later(10, () =>
      it.deliver({}, ({ reply }) => {
        if (size >= 0.5) it.answer(reply)
      })
    )
  }
}

/** Faults that bend what the processor does. */
const twists: Readonly<Partial<Record<FaultKind, (size: number) => Partial<Twist>>>> = {
  "500 after": () => ({ failAfter: true }),
  "500 replayed": () => ({ failAfter: true }),
  // the worse of them also lose the answer that would tell
  "wrong amount": (size) => ({ amountOff: -1 - Math.floor(size * 5), failAfter: size > 0.6 })
}

/** Faults that strike when the processor has acted. */
const afterwards: Readonly<Partial<Record<FaultKind, (sending: Sending, reply: Reply, size: number) => void>>> = {
  "reset after": (it) => it.breakOff(broken.reset()),
  "key expired": (it) => it.breakOff(broken.reset()),
  "half of the key's time": (it) => {
    it.strike()
    it.breakOff(broken.reset())
  },
  "hang after": () => {},
  cut: (it, reply, size) => it.cut(reply, size),
  slow: (it, reply, size) => it.slow(reply, size * 160_000)
}

/** Faults that are counted elsewhere: when a stored error is replayed, when a key is used past its time. */
const countedLater: ReadonlySet<FaultKind> = new Set(["500 replayed", "half of the key's time", "key expired"])
/** Faults that are counted when there was something to bend. */
const countedWhenBent: ReadonlySet<FaultKind> = new Set(["html", "unlisted status", "lag"])

/** One request on its way. */
export class Sending {
  readonly place: { readonly host: string; readonly address: string; readonly port: number }
  readonly #world: World
  readonly #history: History
  readonly #processors: Processors
  readonly #request: Request
  readonly #routed: Routed
  readonly #exchange: Exchange
  readonly #fault: PlannedFault | undefined
  readonly #end: (ended: Exchange["ended"], told: Told) => void

  constructor(
    around: { readonly world: World; readonly history: History; readonly processors: Processors },
    request: Request,
    routed: Routed,
    exchange: Exchange,
    fault: PlannedFault | undefined,
    end: (ended: Exchange["ended"], told: Told) => void
  ) {
    this.#world = around.world
    this.#history = around.history
    this.#processors = around.processors
    this.#request = request
    this.#routed = routed
    this.#exchange = exchange
    this.#fault = fault
    this.#end = end
    // RFC 5737: an address of documentation
    this.place = { host: routed.host, address: "192.0.2.1", port: 443 }
  }

  /**
   * The longest that a request is on its way which its client has given up, in milliseconds. Stripe's clients wait 80
   * seconds (github.com/stripe/stripe-node); PayPal promises nothing, so it may be much longer there.
   */
  get latest(): number {
    return this.#routed.connector === "stripe" ? 75_000 : 1_800_000
  }

  get processor(): Processor {
    return this.#processors.of(this.#routed.connector)
  }

  get call(): Call {
    return { ...this.#routed, origin: "" }
  }

  /** Whether the processor has had a request under this key. */
  get isKnown(): boolean {
    return this.#processors.keys.has(this.#routed.key ?? "")
  }

  begin(): void {
    const act = this.#fault && atOnce[this.#fault.kind]
    if (act === undefined) this.later(1, () => this.#arrive())
    else act(this, this.#fault?.size ?? 0)
  }

  #arrive(): void {
    const { kind, size } = this.#fault ?? { size: 0 }
    const act = kind && onArrival[kind]
    if (act !== undefined) {
      this.strike()
      act(this, size)
    } else this.deliver((kind && twists[kind]?.(size)) ?? {}, ({ reply }) => this.#handled(reply))
  }

  #handled(reply: Reply): void {
    const { kind, size } = this.#fault ?? { size: 0 }
    if (kind !== undefined && !countedLater.has(kind) && !countedWhenBent.has(kind)) this.strike()
    const act = kind && afterwards[kind]
    if (act === undefined) this.answer(reply)
    else act(this, reply, size)
  }

  /** Does something after a few milliseconds more than these. */
  later(millis: number, act: () => void): void {
    this.#world.later(millis + this.#world.chance.whole(1, 60), act)
  }

  /** Counts the fault. */
  strike(): void {
    if (this.#fault === undefined) return
    this.#history.strike(this.#routed.connector, this.#routed.exchanged, this.#fault.kind)
    if (isWrite(this.#routed.exchanged)) this.#history.faultsOnWrites += 1
  }

  notSent(cause: Error, after = 0): void {
    this.strike()
    this.later(after, () => this.#end("not sent", failing(this.#request, cause)))
  }

  breakOff(cause: Error): void {
    this.later(0, () => this.#end("no answer", failing(this.#request, cause)))
  }

  /** Every token is forgotten. */
  revoke(): void {
    this.#processors.act("paypal", undefined, { ...this.#routed, method: "POST", path: "/_test/revoke" }, {}, () => {})
  }

  /** The processor gets it. */
  deliver(twist: Partial<Twist>, use: (handled: Handled) => void, routed = this.#routed): void {
    const { connector, exchanged, key } = routed
    if (key !== undefined) this.#processors.keys.add(key)
    this.#processors.act(connector, this.#exchange, this.#paged(routed), twist, (handled) => {
      const { replayed, reply } = handled
      this.#exchange.handledAt ??= this.#world.now
      this.#history.trace(this.#world.now, () => `${connector} ${exchanged} ${reply.status} ${replayed}`)
      if (exchanged === "authorize") this.#nameThePayment(reply)
      if (replayed && reply.status >= 500) this.#history.strike(connector, exchanged, "500 replayed")
      use(handled)
    })
  }

  /** Pages of a list are as short as can be, now and then, and on the first is what somebody else began just now. */
  #paged(routed: Routed): Routed {
    if (routed.exchanged !== "list" || this.#processors.lag > 0 || this.#world.chance.once(4)) return routed
    if (routed.path.endsWith("/payment_intents") && !routed.query.includes("starting_after")) {
      const headers = { ...routed.headers, "content-type": "application/x-www-form-urlencoded" }
      const begun = { ...routed, method: "POST", query: "", body: "amount=100&currency=eur", headers }
      this.#processors.act("stripe", undefined, begun, {}, () => {})
    }
    return { ...routed, query: routed.query.replace("limit=100", "limit=1") }
  }

  /** The processor gets it under other headers. */
  deliverAs(headers: Readonly<Record<string, string>>, use: (handled: Handled) => void): void {
    this.deliver({}, use, { ...this.#routed, headers: { ...this.#routed.headers, ...headers } })
  }

  /** Which payment this authorization made, as its reply says, whoever reads that. */
  #nameThePayment({ body }: Reply): void {
    const json = body.startsWith("{") ? JSON.parse(body) : {}
    const id: unknown = json.error?.payment_intent?.id ?? json.pspReference ?? json.id
    if (typeof id === "string") this.#history.made(id, this.#exchange.call)
  }

  cut(reply: Reply, size: number): void {
    const cause = failing(this.#request, this.#world.chance.once(2) ? broken.closed(this.place) : broken.reset())
    // in the head, or in the body after it
    const told: Told = size < 0.2 ? cause : Effect.succeed(response(this.#request, reply, cause))
    this.later(0, () => this.#end("no answer", told))
  }

  slow(reply: Reply, millis: number): void {
    this.#exchange.status = reply.status
    const text: Effect.Effect<string> = Effect.callback((resume) => {
      const stop = this.#world.later(millis, () => {
        // only now is it known what it says
        this.#exchange.ended = this.#endOf(reply)
        resume(Effect.succeed(reply.body))
      })
      return Effect.sync(stop)
    })
    this.later(0, () => this.#end("answered", Effect.succeed(response(this.#request, reply, text))))
  }

  #endOf({ status }: Reply): Exchange["ended"] {
    if (status === 401) return "unauthorized"
    // what each processor documents of a 429: see the connectors' `unprocessed`
    return status === 429 && this.#routed.connector !== "adyen" ? "turned away" : "answered"
  }

  answer(given: Reply): void {
    const fault = this.#fault
    if (fault?.kind === "lag") this.#processors.lag = 0.4 + 0.6 * fault.size
    this.#exchange.lagged = this.#processors.lag > 0
    this.#exchange.goesOn = hasMore(given)
    const listed = this.#routed.exchanged === "list" ? lagging(given, this.#processors.lag, this.#world.now) : undefined
    const other = (fault && bent(fault, given)) ?? listed
    if (fault !== undefined && other !== undefined && countedWhenBent.has(fault.kind)) this.strike()
    const reply = other ?? given
    this.#exchange.status = reply.status
    this.#exchange.refusal = refusalOf(reply)
    const told = Effect.succeed(response(this.#request, reply, Effect.succeed(reply.body)))
    this.later(0, () => this.#end(this.#endOf(reply), told))
  }
}
