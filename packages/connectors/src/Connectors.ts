import type { Connector as Abilities } from "@connector-service/domain/Capability"
import type { Delivery, Received, Unverified } from "@connector-service/domain/Delivery"
import type { ConnectorError } from "@connector-service/domain/Reason"
import type { Flows, RequestOf, ResponseOf } from "@connector-service/domain/Services"
import type { Settlement, SettleRequest } from "@connector-service/domain/Settlement"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { leftBehind } from "./Abandoned.ts"
import { Background } from "./Background.ts"
import { makeCalls } from "./Calls.ts"
import type { Configuration } from "./Configuration.ts"
import type { AnyConnector } from "./Connector.ts"
import { makeFront } from "./Front.ts"
import { rates } from "./Protection.ts"
import { makeReceiving, type Proof } from "./Receiving.ts"
import { makeRegistry, type Target } from "./Registry.ts"
import { Timeouts } from "./Timeouts.ts"
import { Tokens } from "./Tokens.ts"

export type { Configuration } from "./Configuration.ts"
export type { Proof } from "./Receiving.ts"
export type { Target } from "./Registry.ts"

/** How a call is bounded. */
export interface Options {
  /** When the caller stops waiting, in milliseconds since the epoch. */
  readonly deadline?: number | undefined
}

/** A client that neither traces nor tells: the call's own span is enough, and our trace is no business of the processor's. */
export const unseen = (client: HttpClient.HttpClient): HttpClient.HttpClient =>
  HttpClient.transformResponse(
    client,
    Effect.provideService(HttpClient.TracerDisabledWhen, () => true)
  )

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
        const http = unseen(yield* HttpClient.HttpClient)
        const registry = yield* makeRegistry(connectors, configuration)
        const background = new Background()
        const timeouts = new Timeouts()
        yield* Effect.addFinalizer(() => {
          const patience = timeouts.over ? Duration.zero : (configuration.shutdownTimeout ?? Duration.seconds(80))
          return Effect.flatMap(Effect.timeoutOption(background.ended, patience), () => leftBehind(background))
        })
        const line = { http, timeouts, background, tokens: new Tokens(background) }
        return Connectors.of(
          makeFront(registry, configuration.callLimit, {
            enter: ({ account, registered }) => registered.guards.enter(account),
            leave: ({ account, registered }) => registered.guards.leave(account),
            ...makeCalls(line),
            ...makeReceiving(line),
            stop: Effect.sync(() => {
              timeouts.endWaits()
              background.endWaits()
            })
          })
        )
      })
    ).pipe(Layer.provide(rates))
}
