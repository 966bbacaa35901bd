import { load } from "@connector-service/server/Config"
import { Server } from "@connector-service/server/Server"
import { layer as serverLayer } from "@connector-service/server/Service"
import { Cause, DateTime, Duration, Effect, Exit, ManagedRuntime, Redacted } from "effect"
import { connect } from "../../src/Client.ts"
import * as Grpc from "../../src/Grpc.ts"
import * as InProcess from "../../src/InProcess.ts"
import type { CallOptions, ClientOptions } from "../../src/Options.ts"
import { PaymentError } from "../../src/PaymentError.ts"
import { ConnectorError, Payments } from "../../src/Payments.ts"
import type { Client } from "../../src/Promises.ts"
import * as Rpc from "../../src/Rpc.ts"
import { connectors, secret, webhookSecrets } from "./Scripted.ts"

/** One call: a flow's name, its input and what goes beside it. */
export interface Asked {
  readonly flow: string
  readonly input: unknown
  readonly options?: CallOptions
}

/** How a call ended, in plain values. */
export type Outcome = Readonly<Record<string, unknown>>

/** One way to call the connectors. */
export interface Face {
  readonly call: (asked: Asked) => Promise<Outcome>
  readonly close: () => Promise<void>
}

/**
 * A value without classes, and nothing that is undefined. A secret says that it is one. A time is its own text, unless it lies within the
 * call, which no two faces make at the same time.
 */
export const plain = (value: unknown, callBegan = Number.POSITIVE_INFINITY): unknown => {
  if (typeof value === "bigint") return `${value}n`
  if (typeof value !== "object" || value === null) return value
  if (Redacted.isRedacted(value)) return `redacted ${Redacted.value(value)}`
  if (DateTime.isDateTime(value)) {
    const millis = DateTime.toEpochMillis(value)
    return callBegan <= millis && millis <= Date.now() ? "during the call" : DateTime.formatIso(value)
  }
  if (Duration.isDuration(value)) return `${Duration.toMillis(value)} ms`
  if (Array.isArray(value)) return value.map((item) => plain(item, callBegan))
  const entries = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(entries.map(([name, field]) => [name, plain(field, callBegan)]))
}

/** How a call that began at `began` ended. */
const ending = (began: number) => ({
  answered: (value: unknown): Outcome => ({ value: plain(value, began) }),
  failed: (error: unknown): Outcome => {
    if (error instanceof PaymentError) {
      const { connector, fault, flow, message, moneyMoved, nextStep, reason, retryable } = error
      const consequence = { fault, moneyMoved, nextStep, retryable }
      return { connector, flow, message, consequence, reason: plain(reason, began) }
    }
    if (error instanceof ConnectorError) {
      const { connector, consequence, flow, message, reason } = error
      return { connector, flow, message: `${flow}: ${message}`, consequence, reason: plain(reason, began) }
    }
    throw error
  }
})

type Method = (input: unknown, options?: object) => unknown

/** A client's method by its flow's name; what it gives depends on the client's form. */
const method = (client: object, flow: string): Method => {
  const [service = "", name = ""] = flow.split(".")
  const services = client as Readonly<Record<string, Readonly<Record<string, Method>>>>
  return services[service]?.[name] ?? (() => Promise.reject(new Error(`no ${flow}`)))
}

const ofPromises = (client: Client, close: () => Promise<void>): Face => ({
  call: ({ flow, input, options }) => {
    const { answered, failed } = ending(Date.now())
    return Promise.resolve(method(client, flow)(input, options)).then(answered, failed)
  },
  close: async () => {
    await client.close()
    await close()
  }
})

const ofEffects = (runtime: ManagedRuntime.ManagedRuntime<Payments, never>, close: () => Promise<void>): Face => ({
  call: async ({ flow, input, options }) => {
    const { answered, failed } = ending(Date.now())
    const payments = await runtime.runPromise(Payments)
    // every method of Payments gives an effect of this kind
    const effect = method(payments, flow)(input, options) as Effect.Effect<unknown, ConnectorError>
    const exit = await runtime.runPromiseExit(effect)
    return Exit.isSuccess(exit) ? answered(exit.value) : failed(Cause.squash(exit.cause))
  },
  close: async () => {
    await runtime.dispose()
    await close()
  }
})

const target: ClientOptions = { connector: "scripted", environment: "sandbox", account: "shop" }
/** Nothing listens there: RFC 6335 gives port 1 to a service that is not run any more. */
const nowhere = "http://127.0.0.1:1"

/** A server in this process, whose connectors are at `url`. */
const startServer = async (url: string) => {
  const env = {
    PORT: "0",
    HTTP_PORT: "0",
    LOG_LEVEL: "none",
    SCRIPTED_SANDBOX_URL: url,
    FEW_SANDBOX_URL: url,
    GONE_SANDBOX_URL: nowhere,
    ACCOUNT_SHOP: JSON.stringify({ scripted: { secret, webhookSecrets }, few: { secret }, gone: { secret } })
  }
  const settings = await Effect.runPromise(load(env, connectors))
  const runtime = ManagedRuntime.make(serverLayer({ settings, connectors, env }))
  const { httpPort, port } = await runtime.runPromise(Server)
  return {
    address: `127.0.0.1:${port}`,
    httpAddress: `http://127.0.0.1:${httpPort}`,
    close: () => runtime.dispose()
  }
}

const inProcess = (url: string): InProcess.InProcessOptions => ({
  ...target,
  connectors,
  secrets: (account) => (account === "shop" ? { secret } : undefined),
  webhookSecretsOf: (account) => (account === "shop" ? webhookSecrets : undefined),
  configuration: {
    baseUrls: { scripted: { sandbox: url }, few: { sandbox: url }, gone: { sandbox: nowhere } },
    // the server's own default, which ConnectorService tells
    answerMargin: Duration.millis(250)
  }
})

const nothing = () => Promise.resolve()

/** Every way to call connectors that are at `url`: each transport in both forms. */
export const faces: Readonly<Record<string, (url: string) => Promise<Face>>> = {
  "gRPC, as Promises": async (url) => {
    const { address, close } = await startServer(url)
    return ofPromises(connect(address, target), close)
  },
  "gRPC, as effects": async (url) => {
    const { address, close } = await startServer(url)
    return ofEffects(ManagedRuntime.make(Grpc.layer(address, target)), close)
  },
  "Effect RPC, as Promises": async (url) => {
    const { close, httpAddress } = await startServer(url)
    return ofPromises(Rpc.connect(httpAddress, target), close)
  },
  "Effect RPC, as effects": async (url) => {
    const { close, httpAddress } = await startServer(url)
    return ofEffects(ManagedRuntime.make(Rpc.layer(httpAddress, target)), close)
  },
  "in process, as Promises": async (url) => ofPromises(InProcess.inProcess(inProcess(url)), nothing),
  "in process, as effects": async (url) => ofEffects(ManagedRuntime.make(InProcess.layer(inProcess(url))), nothing)
}
