import type { Connector as Abilities } from "@connector-service/domain/Capability"
import type { Delivery, Received, Unverified } from "@connector-service/domain/Delivery"
import { ConnectorError, type Reason } from "@connector-service/domain/Reason"
import type { Flows, RequestOf, ResponseOf } from "@connector-service/domain/Services"
import type { Settlement, SettleRequest } from "@connector-service/domain/Settlement"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { identity } from "effect/Function"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Tracer from "effect/Tracer"
import { leftBehind } from "./Abandoned.ts"
import { Background } from "./Background.ts"
import type { Call, Input } from "./Call.ts"
import { makeCalls } from "./Calls.ts"
import type { Configuration } from "./Configuration.ts"
import type { AnyConnector } from "./Connector.ts"
import { prepare } from "./Prepare.ts"
import { admitted, rates } from "./Protection.ts"
import { makeReceiving, type Proof } from "./Receiving.ts"
import { makeRegistry, type Registry, type Target } from "./Registry.ts"
import { Timeouts } from "./Timeouts.ts"
import { Tokens } from "./Tokens.ts"
import { ofRepeat } from "./Unknown.ts"

export type { Configuration } from "./Configuration.ts"
export type { Proof } from "./Receiving.ts"
export type { Target } from "./Registry.ts"

/** How a call is bounded. */
export interface Options {
  /** When the caller stops waiting, in milliseconds since the epoch. */
  readonly deadline?: number | undefined
}

const calls = Metric.counter("connector_calls", {
  description: "Calls by connector, flow and how they ended",
  incremental: true
})
/** The call's own span is enough, and our trace is no business of the processor's. */
const unseen = Effect.provideService(HttpClient.TracerDisabledWhen, () => true)

const counted = (counter: Metric.Counter<number>): Effect.Effect<void> =>
  Effect.withFiber(({ context }) => {
    counter.updateUnsafe(1, context)
    return Effect.void
  })

/** Counts calls to the registered connectors; any other name is the caller's and would make a series of its own. */
const counter = (registry: Registry) => {
  const counters = new Map<string, Metric.Counter<number>>()
  return (connector: string, flow: string, exit: Exit.Exit<unknown, ConnectorError>): Effect.Effect<void> => {
    const outcome = Exit.isSuccess(exit)
      ? "answered"
      : Option.match(Exit.findErrorOption(exit), { onNone: () => "interrupted", onSome: ({ reason }) => reason._tag })
    const key = `${connector} ${flow} ${outcome}`
    const known = counters.get(key)
    if (known !== undefined) return counted(known)
    if (outcome === "UnsupportedFlow" || Result.isFailure(registry.connector(connector))) return Effect.void
    const fresh = Metric.withAttributes(calls, { connector, flow, outcome })
    counters.set(key, fresh)
    return counted(fresh)
  }
}

const now = (fiber: Fiber.Fiber<unknown, unknown>): number => fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
const earlier = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)

/** A span, if anyone looks at spans: one that nobody sees costs a seventh of what a call costs us, and its stack trace more. */
const seen = (name: string, connector: string) => {
  const spanned = Effect.withSpan(name, { attributes: { connector } }, { captureStackTrace: false })
  return <A, E>(self: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.withFiber((fiber) => (fiber.getRef(Tracer.Tracer) === Tracer.nativeTracer ? self : spanned(self)))
}

/** The registry, and the only code that sends. */
export class Connectors extends Context.Service<
  Connectors,
  {
    /** Carries out one flow. */
    readonly call: <S extends keyof Flows, M extends keyof Flows[S] & string>(
      target: Target,
      service: S,
      method: M,
      input: RequestOf<S, M>,
      options?: Options
    ) => Effect.Effect<ResponseOf<S, M>, ConnectorError>
    /** The first request that `call` would send, not sent: to test, or to show. It holds secrets, but no access token. */
    readonly prepare: <S extends keyof Flows, M extends keyof Flows[S] & string>(
      target: Target,
      service: S,
      method: M,
      input: RequestOf<S, M>
    ) => Effect.Effect<Redacted.Redacted<HttpClientRequest.HttpClientRequest>, ConnectorError>
    /** Finds out what became of a write whose outcome is unknown. It only reads. */
    readonly settle: (
      target: Target,
      request: SettleRequest,
      options?: Options
    ) => Effect.Effect<Settlement, ConnectorError>
    /** Which account and objects a delivery claims to be about. Nobody vouches for it. */
    readonly identify: (connector: string, delivery: Delivery) => Effect.Effect<Unverified, ConnectorError>
    /** Verifies a delivery, asking the processor where only that tells, and reads it. It changes nothing. */
    readonly receive: (
      target: Omit<Target, "credentials">,
      delivery: Delivery,
      proof: Proof,
      options?: Options
    ) => Effect.Effect<Received, ConnectorError>
    /**
     * Ends every wait for a write's outcome: its caller is told that it is unknown. For a service whose time to stop has
     * run out; what is on the wire is read on until the layer closes.
     */
    readonly stop: Effect.Effect<void>
    /** What all connectors can do, by id. */
    readonly list: ReadonlyArray<Abilities>
    /** What one connector can do. */
    readonly get: (id: string) => Effect.Effect<Abilities, ConnectorError>
  }
>()("@connector-service/connectors/Connectors") {
  /** The sender over these connectors. Closing it waits for writes that are still on the wire. */
  static readonly layer = (
    connectors: ReadonlyArray<AnyConnector>,
    configuration: Configuration = {}
  ): Layer.Layer<Connectors, never, HttpClient.HttpClient> =>
    Layer.effect(
      Connectors,
      Effect.gen(function* () {
        const http = HttpClient.transformResponse(yield* HttpClient.HttpClient, unseen)
        const registry = yield* makeRegistry(connectors, configuration)
        const background = new Background()
        const timeouts = new Timeouts()
        yield* Effect.addFinalizer(() => {
          const patience = timeouts.over ? Duration.zero : (configuration.shutdownTimeout ?? Duration.seconds(80))
          return Effect.flatMap(Effect.timeoutOption(background.ended, patience), () => leftBehind(background))
        })
        const line = { http, timeouts, background, tokens: new Tokens(background) }
        const { call, settle } = makeCalls(line)
        const { identify, receive } = makeReceiving(line)
        const count = counter(registry)
        const limit = configuration.callLimit && Duration.toMillis(configuration.callLimit)

        const deadlineOf = (options: Options | undefined, fiber: Fiber.Fiber<unknown, unknown>) =>
          earlier(options?.deadline, limit && now(fiber) + limit)

        /** Resolves the target, then runs; every reason leaves as a ConnectorError. */
        const resolved = <A>(
          target: Target,
          flow: string,
          options: Options | undefined,
          run: (call: Call) => Effect.Effect<A, Reason>,
          told: { readonly flow: string; readonly as: (reason: Reason, now: number) => Reason } = { flow, as: identity }
        ): Effect.Effect<A, ConnectorError> =>
          Effect.withFiber((fiber) => {
            const bound = Result.flatMap(registry.connector(target.connector), (registered) =>
              Result.flatMap(registry.entry(registered, flow), (entry) =>
                Result.map(
                  registered.credentials(target.credentials, target.environment),
                  (credentials): Call => ({
                    target,
                    registered,
                    entry,
                    credentials,
                    account: registered.account(target.environment, target.credentials),
                    deadline: deadlineOf(options, fiber)
                  })
                )
              )
            )
            if (Result.isFailure(bound)) return Effect.fail(bound.failure)
            const { account, registered } = bound.success
            return admitted(registered.guards, account, run(bound.success))
          }).pipe(
            Effect.catchEager((reason) =>
              Effect.flatMap(Clock.currentTimeMillis, (now) =>
                Effect.fail(
                  new ConnectorError({ connector: target.connector, flow: told.flow, reason: told.as(reason, now) })
                )
              )
            )
          )
        /** Counted, under a span. */
        const observed = <A>(
          target: Pick<Target, "connector">,
          method: string,
          effect: Effect.Effect<A, ConnectorError>
        ) => Effect.onExit(effect, (exit) => count(target.connector, method, exit)).pipe(seen(method, target.connector))

        return Connectors.of({
          call: (target, service, method, input, options) => {
            const flow = `${service}.${method}`
            // the row's own request and response: see Entry.row
            const run = (bound: Call) => call(bound, input as Input) as Effect.Effect<never, Reason>
            const as = (reason: Reason, now: number) => ofRepeat(flow, input as Input, reason, now)
            return observed(target, flow, resolved(target, flow, options, run, { flow, as }))
          },
          prepare: (target, service, method, input) =>
            resolved(target, `${service}.${method}`, undefined, (bound) =>
              Effect.flatMap(Clock.currentTimeMillis, (now) =>
                Effect.map(prepare(bound, input as Input, now), (request) => Redacted.make(request))
              )
            ),
          settle: (target, { unsettled }, options) =>
            observed(
              target,
              "settlement.settle",
              resolved(target, unsettled.flow, options, (bound) => settle(bound, unsettled), {
                flow: "settlement.settle",
                as: identity
              })
            ),
          identify: (connector, delivery) =>
            Effect.mapError(
              Effect.flatMap(Effect.fromResult(registry.connector(connector)), (registered) =>
                identify(registered, delivery)
              ),
              (reason) => new ConnectorError({ connector, flow: "webhook.identify", reason })
            ),
          receive: (target, delivery, proof, options) => {
            const { connector } = target
            const flow = "webhook.receive"
            const receiving = Effect.withFiber((fiber: Fiber.Fiber<unknown, unknown>) =>
              Effect.flatMap(Effect.fromResult(registry.connector(connector)), (registered) =>
                receive(registered, target, delivery, proof, deadlineOf(options, fiber))
              )
            )
            return observed(
              target,
              flow,
              Effect.mapError(receiving, (reason) => new ConnectorError({ connector, flow, reason }))
            )
          },
          stop: Effect.sync(() => timeouts.endWaits()),
          list: registry.all,
          get: (id) =>
            Effect.mapError(
              Effect.fromResult(Result.map(registry.connector(id), ({ abilities }) => abilities)),
              (reason) => new ConnectorError({ connector: id, flow: "connector.get", reason })
            )
        })
      })
    ).pipe(Layer.provide(rates))
}
