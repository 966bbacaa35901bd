import { createServer, type Server as HttpServer, type ServerOptions } from "node:http"
import { logVerbosity, setLogVerbosity } from "@grpc/grpc-js"
import { Duration, Effect, Schema, type Scope } from "effect"
import type { Server as GrpcServer } from "nice-grpc"
import type { Health } from "./Health.ts"
import type { Ingress } from "./Ingress.ts"
import type { RpcHttp } from "./RpcHttp.ts"

/** A port that cannot be listened on; its message is one line that names the setting to change. */
export class ListenError extends Schema.TaggedError<ListenError>()("ListenError", {
  key: Schema.Literals(["PORT", "HTTP_PORT"]),
  host: Schema.String,
  port: Schema.Int,
  description: Schema.String
}) {
  /** One line. */
  override get message(): string {
    return this.description.includes("EADDRINUSE")
      ? `Port ${this.port} of ${this.host} is taken: set ${this.key} to another one.`
      : `Cannot listen on port ${this.port} of ${this.host} (${this.description}): change HOST or ${this.key}.`
  }
}

interface At {
  readonly host: string
  readonly port: number
}

const paths: ReadonlyMap<string | undefined, (health: Health) => boolean> = new Map<
  string,
  (health: Health) => boolean
>([
  ["/healthz", () => true],
  ["/readyz", (health) => health.ready]
])

/** Effect's client adds the slash. */
const rpcPaths: ReadonlySet<string | undefined> = new Set(["/rpc", "/rpc/"])

/** What HTTP serves. */
export interface Served {
  readonly health: Health
  readonly rpc: RpcHttp
  /** Takes webhooks; absent where events go nowhere. */
  readonly ingress: Ingress | undefined
  /** How long a request may take to arrive. */
  readonly requestTimeout: Duration.Duration
}

/** Node's limits on a request that arrives slowly, or never whole: such a connection is closed. */
const limits = (timeout: Duration.Duration): ServerOptions => {
  const requestTimeout = Math.max(1, Math.ceil(Duration.toMillis(timeout)))
  return {
    requestTimeout,
    headersTimeout: requestTimeout,
    connectionsCheckingInterval: Math.min(1000, requestTimeout)
  }
}

const webhooksPath = "/webhooks/"

const httpServer = ({ health, ingress, requestTimeout, rpc }: Served): HttpServer =>
  createServer(limits(requestTimeout), (request, response) => {
    const path = request.url?.split("?")[0]
    if (rpcPaths.has(path)) return rpc.handle(request, response)
    if (ingress !== undefined && path?.startsWith(webhooksPath)) return ingress.handle(request, response)
    request.resume()
    const answer = (status: number, text: string) =>
      response.writeHead(status, { "content-type": "text/plain" }).end(`${text}\n`)
    const isHealthy = paths.get(path)
    if (isHealthy === undefined) return answer(404, "not found")
    if (request.method !== "GET" && request.method !== "HEAD") return answer(405, "method not allowed")
    return isHealthy(health) ? answer(200, "ok") : answer(503, "not ready")
  })

/** Answers GET /healthz, GET /readyz, POST /rpc and POST /webhooks/<connector>/<account> over HTTP; gives the port. */
export const listenHttp = (served: Served, { host, port }: At): Effect.Effect<number, ListenError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<HttpServer, ListenError>((resume) => {
      const server = httpServer(served)
      server.once("error", ({ message }) =>
        resume(Effect.fail(new ListenError({ key: "HTTP_PORT", host, port, description: message })))
      )
      server.listen(port, host, () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  ).pipe(
    Effect.map((server) => {
      const address = server.address()
      return typeof address === "object" && address !== null ? address.port : port
    })
  )

/** Listens for gRPC; gives the port. */
export const listenGrpc = (server: GrpcServer, { host, port }: At): Effect.Effect<number, ListenError> =>
  Effect.suspend(() => {
    // grpc-js writes lines of its own about a port it cannot have, and ours says it all
    setLogVerbosity(logVerbosity.NONE)
    return Effect.tryPromise({
      try: () => server.listen(`${host.includes(":") ? `[${host}]` : host}:${port}`),
      catch: (error) =>
        new ListenError({
          key: "PORT",
          host,
          port,
          description: error instanceof Error ? error.message : String(error)
        })
    })
  }).pipe(Effect.ensuring(Effect.sync(() => setLogVerbosity(logVerbosity.ERROR))))
