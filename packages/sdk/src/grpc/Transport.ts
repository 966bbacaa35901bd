import { InvalidField } from "@connector-service/domain/Reason"
import { Metadata } from "@grpc/grpc-js"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { headersOf } from "../Headers.ts"
import type { Outgoing, Transport, Unanswered } from "../Transport.ts"
import type { Address } from "./Address.ts"
import { type Channel, type Ended, open } from "./Channel.ts"
import { explained, unexplained } from "./Details.ts"
import { type Route, routes } from "./Routes.ts"

/** What the proto's messages cannot hold. */
const unheld: Unanswered = {
  _tag: "Told",
  reason: new InvalidField({ field: "request", rule: "within the ranges of the proto's types" })
}

/** What goes beside a call, as gRPC's metadata. */
const metadata = (outgoing: Outgoing): Result.Result<Metadata, Unanswered> =>
  Result.map(headersOf(outgoing), ({ bytes, texts }) => {
    const metadata = new Metadata()
    metadata.set("x-request-id", outgoing.requestId)
    for (const [name, value] of Object.entries(texts)) metadata.set(name, value)
    for (const [name, json] of bytes) metadata.set(name, json)
    return metadata
  })

const message = (route: Route, request: unknown): Result.Result<Uint8Array, Unanswered> =>
  Result.try({
    try: () => route.encode(request),
    catch: () => unheld
  })

/** The domain's answer, or why there is none. */
const read = (route: Route, ended: Ended): Result.Result<unknown, Unanswered> => {
  switch (ended._tag) {
    case "NotSent":
      return Result.fail(ended)
    case "Broken": {
      const error = explained(ended.trailer)
      return Result.fail(
        error === undefined
          ? { _tag: "Broken", description: unexplained(ended.code, ended.details) }
          : { _tag: "Told", reason: error.reason }
      )
    }
    case "Answered":
      return Result.try({
        try: () => route.decode(ended.bytes),
        catch: (): Unanswered => ({ _tag: "Broken", description: "an answer that cannot be read" })
      })
  }
}

const exchange = (channel: Channel, outgoing: Outgoing): Effect.Effect<unknown, Unanswered> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const route = routes.get(outgoing.flow)
    if (route === undefined) return Effect.die(new Error(`${outgoing.flow.name} has no route`))
    const bytes = message(route, outgoing.request)
    if (Result.isFailure(bytes)) return Effect.fail(bytes.failure)
    const named = metadata(outgoing)
    if (Result.isFailure(named)) return Effect.fail(named.failure)
    return Effect.callback((resume, signal) => {
      const call = {
        path: route.path,
        message: bytes.success,
        metadata: named.success,
        // gRPC has its own clock
        deadline: Date.now() + outgoing.deadline - now,
        signal,
        sent: outgoing.sent
      }
      channel.exchange(call).then((ended) => resume(Effect.fromResult(read(route, ended))))
    })
  })

/** Calls over gRPC on one channel to `address`. Connects with the first call and again whenever the connection is lost. */
export const transport = (address: Address): Effect.Effect<Transport, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => open(address)),
      (channel) => Effect.promise(channel.close)
    ),
    (channel) => ({ exchange: (outgoing) => exchange(channel, outgoing) })
  )
