import { Context, Effect } from "effect"
import { HttpClient, type HttpClientRequest } from "effect/http"
import { isWrite } from "./Faults.ts"
import type { CallMade, Exchange, History } from "./History.ts"
import { watchSending } from "./Keys.ts"
import type { Processors } from "./Processors.ts"
import { type Routed, route } from "./Route.ts"
import { Sending, type Told } from "./Sending.ts"
import type { World } from "./World.ts"

type Request = HttpClientRequest.HttpClientRequest

/** The call that an exchange is for: what the sender starts for a call inherits it. */
export const Calling = Context.Reference<CallMade | undefined>("@connector-service/proof/Network/Calling", {
  defaultValue: () => undefined
})

/** How long an exchange may take at most, in milliseconds, by the policies in force unless a configuration says otherwise. */
export const longestExchange = 80_000
/** Everything between the sender and the processors. */
export class Network {
  readonly #world: World
  readonly #history: History
  readonly #around: { readonly world: World; readonly history: History; readonly processors: Processors }
  /** Once it is calm nothing goes wrong any more. */
  calm = false

  constructor(world: World, history: History, processors: Processors) {
    this.#world = world
    this.#history = history
    this.#around = { world, history, processors }
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

  /** Invariant 6: nothing is waited for without end. */
  #inTime({ call, endedAt, exchanged, startedAt }: Exchange): void {
    const took = endedAt - startedAt
    if (took <= longestExchange || call.replica.dead) return
    this.#history.violated(6, call.operation, `a ${exchanged} was waited for ${took} ms`)
  }

  #exchange(request: Request, call: CallMade, routed: Routed): Told {
    return Effect.callback((resume) => {
      const fault = this.calm ? undefined : call.operation.fault(routed.exchanged)
      const exchange: Exchange = {
        call,
        exchanged: routed.exchanged,
        startedAt: this.#world.now,
        host: routed.host,
        key: routed.key,
        body: routed.body,
        fault: fault?.kind,
        handledAt: undefined,
        lagged: false,
        goesOn: false,
        ended: "open",
        endedAt: 0,
        status: 0,
        refusal: undefined
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
        this.#inTime(exchange)
        if (!call.replica.dead) resume(told)
      }
      new Sending(this.#around, request, routed, exchange, fault, end).begin()
      return Effect.sync(() => {
        if (exchange.ended !== "open") return
        exchange.ended = "given up"
        exchange.endedAt = this.#world.now
        this.#history.trace(this.#world.now, () => `${named()} given up`)
        this.#inTime(exchange)
        const took = this.#world.now - exchange.startedAt
        if (isWrite(routed.exchanged) && took < longestExchange && !call.replica.dead) {
          this.#history.violated(6, call.operation, `a ${routed.exchanged} on the wire was given up after ${took} ms`)
        }
      })
    })
  }
}
