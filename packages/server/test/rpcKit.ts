import { ConnectorError } from "@connector-service/domain/Reason"
import { rpcs } from "@connector-service/domain/Rpcs"
import type { RequestOf } from "@connector-service/domain/Services"
import { Cause, Effect, Exit, Layer, Redacted } from "effect"
import { FetchHttpClient, type Headers } from "effect/http"
import { RpcClient, type RpcClientError, RpcSerialization } from "effect/rpc"
import type { Running } from "./kit.ts"

/** Effect's own client of the group. */
export type Client = RpcClient.FromGroup<typeof rpcs, RpcClientError.RpcClientError>

/** Headers of a call to the sandbox's account. */
export const headers = (over: Readonly<Record<string, string | undefined>> = {}): Record<string, string> => {
  const all = { "x-connector": "stripe", "x-environment": "sandbox", "x-account": "sandbox", ...over }
  return Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
}

type At = Pick<Running, "httpPort">
type Options = Omit<Parameters<typeof RpcClient.layerProtocolHttp>[0], "url"> & {
  readonly headers?: Headers.Input
  readonly signal?: AbortSignal
}

/** Uses Effect's own client over real sockets: the body's headers are `headers`. */
export const use = <A, E>(
  { httpPort }: At,
  calls: (client: Client) => Effect.Effect<A, E>,
  { headers: given = headers(), signal, ...options }: Options = {}
): Promise<Exit.Exit<A, E>> => {
  const protocol = RpcClient.layerProtocolHttp({ url: `http://127.0.0.1:${httpPort}/rpc`, ...options }).pipe(
    Layer.provide([RpcSerialization.layerNdjson, FetchHttpClient.layer])
  )
  const using = RpcClient.make(rpcs).pipe(Effect.flatMap(calls), Effect.scoped, RpcClient.withHeaders(given))
  return Effect.runPromiseExit(Effect.provide(using, protocol), signal && { signal })
}

/** The value of a call that must be answered. */
export const answer = async <A>(call: Promise<Exit.Exit<A, unknown>>): Promise<A> => {
  const exit = await call
  if (Exit.isSuccess(exit)) return exit.value
  throw new TypeError("the call failed", { cause: Cause.squash(exit.cause) })
}

/** The error of a call that must fail with one, and not with a defect. */
export const error = async (call: Promise<Exit.Exit<unknown, unknown>>): Promise<ConnectorError> => {
  const exit = await call
  const [reason, ...others] = Exit.isFailure(exit) ? exit.cause.reasons : []
  if (reason !== undefined && others.length === 0 && Cause.isFailReason(reason)) {
    if (reason.error instanceof ConnectorError) return reason.error
  }
  throw new TypeError("the call did not fail with ConnectorError", { cause: exit })
}

/** A payment that the sandbox authorizes: Stripe's own test card, https://docs.stripe.com/testing */
export const payment = (over: Partial<RequestOf<"payment", "authorize">> = {}): RequestOf<"payment", "authorize"> => ({
  reference: "order-1",
  amount: { minorUnits: 1000n, currencyCode: "EUR" },
  captureMethod: "MANUAL",
  paymentMethod: card("4242424242424242"),
  ...over
})

/** A card with this number. */
export const card = (number: string, over: object = {}): RequestOf<"payment", "authorize">["paymentMethod"] => ({
  _tag: "Card",
  number: Redacted.make(number),
  expiryMonth: 12,
  expiryYear: 2040,
  cvc: Redacted.make("123"),
  ...over
})

/** A line of a body. */
export const line = (over: object = {}): string =>
  `${JSON.stringify({ _tag: "Request", id: "1", tag: "connector.list", payload: {}, headers: Object.entries(headers()), ...over })}\n`

/** Sends a body as it is. */
export const post = (
  { httpPort }: At,
  body: NonNullable<RequestInit["body"]>,
  init: Omit<RequestInit, "body"> = {}
): Promise<Response> =>
  fetch(`http://127.0.0.1:${httpPort}/rpc`, {
    method: "POST",
    body,
    ...init,
    headers: { "content-type": "application/x-ndjson", ...init.headers }
  })

/** What a line of an answer says. */
export interface Ended {
  readonly requestId: string | number
  readonly exit: {
    readonly _tag: string
    readonly value?: unknown
    readonly cause?: ReadonlyArray<{ readonly _tag: string; readonly error?: unknown; readonly defect?: unknown }>
  }
}

/** The lines of an answer. */
export const lines = async (response: Response): Promise<ReadonlyArray<Ended>> =>
  (await response.text())
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text))
