import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { Connectors } from "@connector-service/connectors/Connectors"
import { Timeouts } from "@connector-service/connectors/Timeouts"
import type { ServerOptions as GrpcOptions } from "@grpc/grpc-js"
import { Context, type Duration, Effect, Layer, Option, type Scope } from "effect"
import { createServer, type Server as GrpcServer } from "nice-grpc"
import { HealthDefinition, HealthServiceImpl } from "nice-grpc-server-health"
import { ServerReflection, ServerReflectionService } from "nice-grpc-server-reflection"
import { type Answers, makeAnswers, stopping } from "./Answers.ts"
import type { Settings } from "./Config.ts"
import { receiving } from "./Deliveries.ts"
import { Door, type Limits } from "./Door.ts"
import { bind } from "./Handlers.ts"
import { Health } from "./Health.ts"
import { type Gate, interceptor } from "./Incoming.ts"
import { Ingress } from "./Ingress.ts"
import { endWhen } from "./Lingering.ts"
import { type ListenError, listenGrpc, listenHttp } from "./Listen.ts"
import { definitions } from "./Methods.ts"
import { gates } from "./Refusing.ts"
import { bindRpc } from "./RpcHandlers.ts"
import { RpcHttp } from "./RpcHttp.ts"
import { Secrets } from "./Secrets.ts"
import { Sink } from "./Sink.ts"
import { bindSubscribe } from "./Subscribing.ts"
import { type Broker, Subscriptions } from "./Subscriptions.ts"

/** The settings that the server itself reads. */
export type Options = Pick<
  Settings,
  | "acceptCallerCredentials"
  | "deliveryLimit"
  | "host"
  | "httpPort"
  | "maxMessageBytes"
  | "port"
  | "requestTimeout"
  | "runningDeliveries"
  | "shutdownTimeout"
> &
  Limits

const serviceNames = Object.values(definitions).map(({ fullName }) => fullName)

const grpcOptions = ({ maxMessageBytes }: Options, gates: ReadonlyMap<string, Gate>): GrpcOptions => ({
  "grpc.max_receive_message_length": maxMessageBytes,
  "grpc.max_concurrent_streams": 1000,
  "grpc.enable_channelz": 0,
  // a peer that is gone without a word is noticed
  "grpc.keepalive_time_ms": 60_000,
  "grpc.keepalive_timeout_ms": 20_000,
  interceptors: [interceptor(gates)]
})

/** What reflection knows; sets of descriptors are joined by putting one after another. */
const descriptors = Effect.tryPromise(() =>
  Promise.all(
    ["descriptors", "health", "reflection"].map((name) =>
      readFile(fileURLToPath(import.meta.resolve(`@connector-service/proto/${name}.binpb`)))
    )
  )
).pipe(Effect.map(Buffer.concat))

/** What reflection lists: the standard services as well, as other servers' reflection does. */
const reflected = [
  ...serviceNames,
  HealthDefinition.fullName,
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection"
]

/** Reflection under its earlier name, which some stock clients still ask for alone; its messages are the same. */
const earlierReflection = {
  serverReflectionInfo: {
    ...ServerReflectionService.serverReflectionInfo,
    path: "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
  }
  // the types know only the present path
} as unknown as typeof ServerReflectionService

/** Reflection whose descriptors are read at its first call: that takes longer than all the rest of starting. */
const reflection = (described: Uint8Array): ReturnType<typeof ServerReflection> => {
  let made: ReturnType<typeof ServerReflection> | undefined
  return {
    serverReflectionInfo: (requests, context) => {
      made ??= ServerReflection(described, reflected)
      return made.serverReflectionInfo(requests, context)
    }
  }
}

interface Serving {
  readonly door: Door
  readonly health: Health
  readonly server: GrpcServer
  readonly rpc: RpcHttp
  readonly ingress: Ingress | undefined
  readonly broker: Broker | undefined
}

/** Lets running calls end, for as long as `timeout`; waiting ones are refused, and new ones meanwhile. */
const stop = (
  { broker, door, health, ingress, rpc, server }: Serving,
  connectors: Connectors["Service"],
  timeout: Duration.Duration
): Effect.Effect<void> =>
  Effect.suspend(() => {
    health.stop()
    door.stop(stopping)
    // subscribers are needed until the last delivery is in safe hands
    const delivered = Promise.resolve(ingress?.ended()).then(() => broker?.close())
    const all = Promise.all([server.shutdown(), rpc.ended(), delivered])
    const ended = (within: Duration.Input) =>
      Effect.tryPromise(() => all).pipe(Effect.ignore, Effect.interruptible, Effect.timeoutOption(within))
    return ended(timeout).pipe(
      Effect.flatMap(
        Option.match({
          onSome: () => Effect.void,
          onNone: () =>
            Effect.logWarning("Some calls were still running when the time to stop ran out.").pipe(
              Effect.andThen(connectors.stop),
              // as long as it takes to tell their callers
              Effect.andThen(ended("1 second"))
            )
        })
      ),
      Effect.andThen(Effect.sync(() => server.forceShutdown()))
    )
  })

const grpcServer = Effect.fnUntraced(function* (
  options: Options,
  health: Health,
  answers: Answers,
  gates: ReadonlyMap<string, Gate>,
  broker: Broker | undefined
) {
  const server = createServer(grpcOptions(options, gates))
  const bound = yield* bind(answers)
  for (const { definition, implementation } of bound) server.add(definition, implementation)
  if (broker !== undefined) {
    const { definition, implementation } = bindSubscribe(broker)
    server.add(definition, implementation)
  }
  const lingering = endWhen(health.stopping)
  server.with(lingering).add(HealthDefinition, HealthServiceImpl(health.state))
  const described = yield* Effect.option(descriptors)
  if (Option.isSome(described)) {
    const reflecting = reflection(described.value)
    server.with(lingering).add(ServerReflectionService, reflecting)
    server.with(lingering).add(earlierReflection, reflecting)
  } else {
    yield* Effect.logWarning("The service descriptors were not found: reflection is off.")
  }
  return server
})

/** What takes webhooks; undefined where events go nowhere. */
const makeIngress = Effect.fnUntraced(function* (
  { deliveryLimit, maxMessageBytes, runningDeliveries }: Options,
  connectors: Connectors["Service"],
  stopping: () => boolean
) {
  const sink = Option.getOrUndefined(yield* Effect.serviceOption(Sink))
  if (sink === undefined) return undefined
  const receive = receiving(connectors, yield* Secrets)
  const runCallback = Effect.runCallbackWith(yield* Effect.context<never>())
  const options = { deliveryLimit, maxMessageBytes, runningDeliveries, receive, sink, stopping }
  return new Ingress(options, runCallback)
})

/** A running server. */
export class Server extends Context.Service<
  Server,
  {
    readonly host: string
    /** gRPC's port. */
    readonly port: number
    /** HTTP's port. */
    readonly httpPort: number
  }
>()("@connector-service/server/Server") {
  /** Serves until its scope closes; then it says so to health's watchers, refuses new calls, and lets running ones end. */
  static readonly layer = (options: Options): Layer.Layer<Server, ListenError, Connectors | Secrets> =>
    Layer.effect(Server, Server.#make(options))

  static readonly #make = Effect.fnUntraced(function* (
    options: Options
  ): Effect.fn.Return<Server["Service"], ListenError, Connectors | Secrets | Scope.Scope> {
    const { acceptCallerCredentials, host, maxMessageBytes, requestTimeout, shutdownTimeout } = options
    const connectors = yield* Connectors
    const health = new Health(serviceNames)
    const isStopping = () => health.stopping.aborted
    const door = new Door(options, new Timeouts())
    const ids = connectors.list.map(({ id }) => id)
    const answers = yield* makeAnswers({ acceptCallerCredentials, door, stopping: isStopping })
    const rpc = new RpcHttp({ maxMessageBytes, stopping: isStopping, serve: yield* bindRpc(answers) })
    const ingress = yield* makeIngress(options, connectors, isStopping)
    const httpPort = yield* listenHttp({ health, ingress, rpc, requestTimeout }, { host, port: options.httpPort })
    const broker = Option.getOrUndefined(yield* Effect.serviceOption(Subscriptions))
    const server = yield* grpcServer(options, health, answers, gates(door, ids), broker)
    const port = yield* Effect.acquireRelease(listenGrpc(server, { host, port: options.port }), () =>
      stop({ broker, door, health, ingress, rpc, server }, connectors, shutdownTimeout)
    )
    health.serve()
    yield* Effect.logInfo(`Listening: gRPC on ${host}:${port}, HTTP on ${host}:${httpPort}.`)
    return { host, port, httpPort }
  })
}
