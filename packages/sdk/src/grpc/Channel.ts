import { Client, connectivityState, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js"
import type { Address } from "./Address.ts"

/** One unary call, in bytes. `deadline` is in milliseconds since the epoch; `sent` is called as it is handed to gRPC. */
export interface Call {
  readonly path: string
  readonly message: Uint8Array
  readonly metadata: Metadata
  readonly deadline: number
  readonly signal: AbortSignal
  readonly sent: () => void
}

/**
 * How a call ended. NotSent: it was never handed to gRPC, so the service cannot have seen it. Broken: it was, and ended
 * in a status other than OK.
 */
export type Ended =
  | { readonly _tag: "Answered"; readonly bytes: Buffer }
  | { readonly _tag: "NotSent"; readonly why: string }
  | { readonly _tag: "Broken"; readonly code: status; readonly details: string; readonly trailer: Metadata }

/** A connection to the service, and the only code that sends. */
export interface Channel {
  readonly exchange: (call: Call) => Promise<Ended>
  /** Lets calls in flight end, then closes. Later calls are not sent. */
  readonly close: () => Promise<void>
}

/**
 * No call is ever sent twice: `enable_retries: 0` also switches off gRPC's transparent retries, and service
 * configuration from DNS, which could ask for retries and hedging, is not looked up. Each client has its own connection.
 */
const options = {
  "grpc.enable_retries": 0,
  "grpc.service_config_disable_resolution": 1,
  "grpc.use_local_subchannel_pool": 1,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 0,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 5_000
}

/** The longest a call waits for a connection, in milliseconds. */
const connectLimit = 10_000

const same = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const asIs = (bytes: Buffer): Buffer => bytes

/** What went wrong, out of grpc-js's sentence about it. */
const cause = (details: string): string =>
  /Last error: (?:Error: )?(.+?)\. Resolution note/.exec(details)?.[1] ?? details

type Connection = ReturnType<Client["getChannel"]>

const stateChange = (channel: Connection, from: connectivityState, until: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener("abort", done)
      resolve()
    }
    signal.addEventListener("abort", done)
    channel.watchConnectivityState(from, until, done)
  })

const clientOf = ({ name, secured }: Address): Client => {
  if (secured === undefined) {
    // what is not encrypted goes to the address itself, never to a proxy named in the environment
    return new Client(name, credentials.createInsecure(), { ...options, "grpc.enable_http_proxy": 0 })
  }
  const { certChain, privateKey, rootCerts, serverName } = secured
  return new Client(name, credentials.createSsl(rootCerts, privateKey, certChain), {
    ...options,
    ...(serverName === undefined
      ? {}
      : { "grpc.ssl_target_name_override": serverName, "grpc.default_authority": serverName })
  })
}

/** A client on one channel to `address`. Nothing is sent before the first call. */
export const open = (address: Address): Channel => {
  const client = clientOf(address)
  const channel = client.getChannel()
  const inFlight = new Set<Promise<Ended>>()
  const closing = new AbortController()

  const send = ({ deadline, message, metadata, path, sent, signal }: Call): Promise<Ended> => {
    sent()
    return new Promise<Ended>((resolve) => {
      const abort = () => call.cancel()
      const call = client.makeUnaryRequest(path, same, asIs, message, metadata, { deadline }, (error, bytes) => {
        signal.removeEventListener("abort", abort)
        resolve(error === null && bytes !== undefined ? { _tag: "Answered", bytes } : broken(error))
      })
      signal.addEventListener("abort", abort)
    }).catch(() => broken(null))
  }

  /** What gRPC says of the failure to connect: a health check, which fails at once on a channel without a connection. */
  const failure = (): Promise<string> =>
    send({
      path: "/grpc.health.v1.Health/Check",
      message: new Uint8Array(),
      metadata: new Metadata(),
      deadline: Date.now() + 1_000,
      signal: new AbortController().signal,
      sent: () => {}
    }).then((ended) => (ended._tag === "Broken" ? cause(ended.details) : "no connection"))

  /** Why there is no connection, or undefined when there is one. */
  const unconnected = async ({ deadline, signal }: Call): Promise<string | undefined> => {
    const until = Math.min(deadline, Date.now() + connectLimit)
    for (;;) {
      if (closing.signal.aborted) return "the client is closed"
      if (signal.aborted) return "the caller cancelled it"
      if (Date.now() >= deadline) return "its time limit passed"
      const state = channel.getConnectivityState(true)
      if (state === connectivityState.READY) return undefined
      if (Date.now() >= until) return "no connection in time"
      if (state === connectivityState.TRANSIENT_FAILURE) {
        const why = await failure()
        return channel.getConnectivityState(false) === connectivityState.READY ? undefined : why
      }
      await stateChange(channel, state, until, AbortSignal.any([closing.signal, signal]))
    }
  }

  const exchange = async (call: Call): Promise<Ended> => {
    const why = await unconnected(call)
    return why === undefined ? send(call) : { _tag: "NotSent", why }
  }

  return {
    exchange: (call) => {
      const ended = exchange(call)
      inFlight.add(ended)
      return ended.finally(() => inFlight.delete(ended))
    },
    close: async () => {
      closing.abort()
      await Promise.allSettled(inFlight)
      channel.close()
    }
  }
}

const broken = (error: ServiceError | null): Ended => ({
  _tag: "Broken",
  code: error?.code ?? status.UNKNOWN,
  details: error?.details ?? "no message",
  trailer: error?.metadata ?? new Metadata()
})
