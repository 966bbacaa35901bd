import type { AnyConnector } from "@connector-service/connectors/Connector"
import { catalog } from "@connector-service/connectors/catalog"
import { ConnectorError as ConnectorErrorMessage } from "@connector-service/proto/payments/v1/errors"
import { PaymentServiceAuthorizeRequest, PaymentServiceDefinition } from "@connector-service/proto/payments/v1/payment"
import { CaptureMethod, Unsettled as UnsettledMessage } from "@connector-service/proto/payments/v1/types"
import { type Sandbox, startSandbox } from "@connector-service/sandbox/Sandbox"
import { load } from "@connector-service/server/Config"
import { Server } from "@connector-service/server/Server"
import { layer } from "@connector-service/server/Service"
import * as grpc from "@grpc/grpc-js"
import { Effect, Layer, ManagedRuntime } from "effect"
import {
  type CallOptions,
  type Channel,
  type Client,
  ClientError,
  type CompatServiceDefinition,
  createChannel,
  createClientFactory,
  Metadata,
  Status
} from "nice-grpc"
import {
  Any,
  BadRequest,
  type ErrorDetails,
  ErrorInfo,
  errorDetailsClientMiddleware,
  RetryInfo,
  RichClientError
} from "nice-grpc-error-details"

/** A sandbox, a server in front of it, and a channel to the server. */
export interface Running {
  readonly sandbox: Sandbox
  readonly port: number
  readonly httpPort: number
  readonly channel: Channel
  readonly client: <Definition extends CompatServiceDefinition>(definition: Definition) => Client<Definition>
  readonly stopServer: () => Promise<void>
  readonly close: () => Promise<void>
}

/** The environment of a server on free ports whose account `sandbox` is at this sandbox. */
export const environment = (sandbox: Sandbox): Record<string, string> => ({
  PORT: "0",
  HTTP_PORT: "0",
  LOG_LEVEL: "none",
  STRIPE_SANDBOX_URL: `${sandbox.url}/stripe`,
  PAYPAL_SANDBOX_URL: `${sandbox.url}/paypal`,
  ACCOUNT_SANDBOX: JSON.stringify({ stripe: { secretKey: "sk_test_server" } })
})

/** Starts both, with `env` over the usual environment. */
export const run = async (
  env: Readonly<Record<string, string>> = {},
  connectors: ReadonlyArray<AnyConnector> = catalog,
  outer: Layer.Layer<never> = Layer.empty
): Promise<Running> => {
  const sandbox = await startSandbox()
  const all = { ...environment(sandbox), ...env }
  const settings = await Effect.runPromise(load(all, connectors))
  const runtime = ManagedRuntime.make(layer({ settings, connectors, env: all }).pipe(Layer.provide(outer)))
  const { httpPort, port } = await runtime.runPromise(Server)
  const channel = createChannel(`127.0.0.1:${port}`)
  const factory = createClientFactory().use(errorDetailsClientMiddleware)
  return {
    sandbox,
    port,
    httpPort,
    channel,
    client: (definition) => factory.create(definition, channel),
    stopServer: () => runtime.dispose(),
    close: async () => {
      channel.close()
      // a reply that never comes would hold the server until the write's own time limit
      await sandbox.close()
      await runtime.dispose()
    }
  }
}

/** Connectors whose authorizations meet a mistake in our own code. */
export const broken = (message: string): ReadonlyArray<AnyConnector> =>
  catalog.map((connector) => {
    const authorize = connector.flows.payment?.authorize
    if (authorize === undefined) return connector
    const request = () => {
      throw new Error(message)
    }
    return {
      ...connector,
      flows: { ...connector.flows, payment: { ...connector.flows.payment, authorize: { ...authorize, request } } }
    }
  })

/** Metadata of a call to the sandbox's account. */
export const target = (over: Readonly<Record<string, string | Uint8Array | undefined>> = {}): Metadata => {
  const metadata = Metadata()
  const all = { "x-connector": "stripe", "x-environment": "sandbox", "x-account": "sandbox", ...over }
  for (const [key, value] of Object.entries(all)) if (value !== undefined) metadata.set(key, value)
  return metadata
}

/** A payment that the sandbox authorizes: Stripe's own test card. */
export const authorize = (
  over: Parameters<typeof PaymentServiceAuthorizeRequest.create>[0] = {}
): PaymentServiceAuthorizeRequest =>
  PaymentServiceAuthorizeRequest.create({
    reference: "order-1",
    amount: { minorUnits: 1000n, currencyCode: "EUR" },
    captureMethod: CaptureMethod.CAPTURE_METHOD_MANUAL,
    // https://docs.stripe.com/testing
    paymentMethod: {
      method: { $case: "card", value: { number: "4242424242424242", expiryMonth: 12, expiryYear: 2040, cvc: "123" } }
    },
    ...over
  })

/** What a client sees of a failed call, its details decoded by stock decoders. */
export interface Failed {
  readonly status: string
  readonly message: string
  readonly info: ErrorInfo | undefined
  readonly badRequest: BadRequest | undefined
  readonly retryInfo: RetryInfo | undefined
  readonly error: ConnectorErrorMessage | undefined
  readonly unsettled: UnsettledMessage | undefined
}

const failedOf = (code: Status, message: string, extra: ReadonlyArray<ErrorDetails>): Failed => {
  const any = (type: string) =>
    extra.find((detail): detail is Any => detail.$type === Any.$type && detail.typeUrl.endsWith(`/${type}`))?.value
  const own = any("payments.v1.ConnectorError")
  const unsettled = any("payments.v1.Unsettled")
  return {
    status: Status[code],
    message,
    info: extra.find((detail): detail is ErrorInfo => detail.$type === ErrorInfo.$type),
    badRequest: extra.find((detail): detail is BadRequest => detail.$type === BadRequest.$type),
    retryInfo: extra.find((detail): detail is RetryInfo => detail.$type === RetryInfo.$type),
    error: own === undefined ? undefined : ConnectorErrorMessage.decode(own),
    unsettled: unsettled === undefined ? undefined : UnsettledMessage.decode(unsettled)
  }
}

/** Awaits a call that must fail. */
export const failure = async (call: Promise<unknown>): Promise<Failed> => {
  const error = await call.then(
    () => new TypeError("the call was answered"),
    (error: unknown) => error
  )
  if (error instanceof RichClientError) return failedOf(error.code, error.details, error.extra)
  if (error instanceof ClientError) return failedOf(error.code, error.details, [])
  throw error
}

/** The details of a status, as nice-grpc's own client middleware decodes them. */
export const decoded = async (code: Status, message: string, details: Uint8Array): Promise<RichClientError> => {
  const calls = errorDetailsClientMiddleware(
    {
      method: { path: "/", requestStream: false, responseStream: false, options: {} },
      requestStream: false,
      request: {},
      responseStream: false,
      // biome-ignore lint/correctness/useYield: a call that fails gives nothing first
      next: async function* (_request, options) {
        options.onTrailer?.(Metadata({ "grpc-status-details-bin": details }))
        throw new ClientError("/", code, message)
      }
    },
    {}
  )
  const error = await calls.next().catch((error: unknown) => error)
  if (error instanceof RichClientError) return error
  throw new Error("no details", { cause: error })
}

interface MessageType<Message> {
  readonly encode: (message: Message) => { readonly finish: () => Uint8Array }
  readonly decode: (bytes: Uint8Array) => Message
}

/**
 * Calls a method with grpc-js alone, which sends the deadline along; nice-grpc's deadline middleware only stops waiting.
 * The deadline is in milliseconds from now.
 */
export const call = <Request, Response>(
  { port }: Pick<Running, "port">,
  path: string,
  {
    requestType,
    responseType
  }: { readonly requestType: MessageType<Request>; readonly responseType: MessageType<Response> },
  request: Request,
  {
    deadline,
    metadata = target(),
    signal
  }: { readonly deadline?: number; readonly metadata?: Metadata; readonly signal?: AbortSignal } = {}
): Promise<Response> => {
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1
  })
  const headers = new grpc.Metadata()
  for (const [key, values] of metadata)
    for (const value of values) headers.add(key, typeof value === "string" ? value : Buffer.from(value))
  return new Promise<Response>((resolve, reject) => {
    const sent = client.makeUnaryRequest(
      path,
      (message: Request) => Buffer.from(requestType.encode(message).finish()),
      responseType.decode,
      request,
      headers,
      deadline === undefined ? {} : { deadline: Date.now() + deadline },
      (error, value) => {
        client.close()
        if (value !== undefined) return resolve(value)
        const details = error?.metadata.get("grpc-status-details-bin")[0]
        // grpc-js numbers statuses as nice-grpc does
        const code = (error?.code ?? Status.UNKNOWN) as Status
        if (!(details instanceof Uint8Array)) return reject(new ClientError(path, code, error?.details ?? ""))
        decoded(code, error?.details ?? "", details).then(reject, reject)
      }
    )
    signal?.addEventListener("abort", () => sent.cancel())
  })
}

/** Authorizes with these options. */
export const pay = (running: Running, request: PaymentServiceAuthorizeRequest, options?: CallOptions) =>
  running.client(PaymentServiceDefinition).authorize(request, { metadata: target(), ...options })
