import type { Flow as Capability, Idempotency as Promised } from "@connector-service/domain/Capability"
import { snake } from "@connector-service/domain/Input"
import { MissingField, type Reason, UnsupportedPaymentMethod } from "@connector-service/domain/Reason"
import {
  type Kind,
  type RequestOf,
  type ResponseOf,
  type Flows as Table,
  flows as table
} from "@connector-service/domain/Services"
import type { Unsettled } from "@connector-service/domain/Settlement"
import type { Webhook } from "@connector-service/webhooks/Webhook"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import type { AccessToken, Auth } from "./Auth.ts"
import type { PolicyChange } from "./Policy.ts"
import type { ProtectionChange } from "./Protection.ts"
import type { Conflict, Finding, Pure, Reply } from "./Reply.ts"

type Request = HttpClientRequest.HttpClientRequest

/** What a flow's functions are given. */
export interface Call<out Credentials, out Input> {
  readonly input: Input
  readonly credentials: Credentials
  /** What the flow's `before` gave, where it has one and the input needed it. */
  readonly before?: Redacted.Redacted<string> | undefined
}

/** A request that goes before a flow's own and moves no money: it trades what the caller gave for what the flow takes. */
export interface Before<in Credentials, in Input> {
  /** Undefined where this input needs none. */
  readonly request: (call: Call<Credentials, Input>) => Request | undefined
  readonly response: (
    reply: Reply,
    call: Call<Credentials, Input>
  ) => Effect.Effect<Redacted.Redacted<string>, Reason | Conflict>
}

/** How the outcome of a write is found out: a read, and what it means. Strongly consistent, or it proves nothing. */
export interface LookUp<in Credentials, out Output> {
  /** The read, or its next page. */
  readonly request: (call: Call<Credentials, Unsettled>, cursor: string | undefined) => Request
  readonly response: (reply: Reply, call: Call<Credentials, Unsettled>) => Pure<Finding<Output>>
  /** What of the write it cannot do without. */
  readonly requires?: ReadonlyArray<keyof Unsettled>
  /** After how long since the write was last sent its absence proves that it was not taken and will not be; else never. */
  readonly conclusiveAfter?: Duration.Duration
  /** The most pages read before it stays unknown. */
  readonly pages: number
}

/** One flow of one connector: two pure functions, and what must hold before the first is called. */
export interface Flow<in Credentials, in Input, out Output> {
  readonly accepts?: ReadonlyArray<string> | undefined
  readonly requires?: ReadonlyArray<PropertyKey> | undefined
  readonly before?: Before<Credentials, Input> | undefined
  readonly request: (call: Call<Credentials, Input>) => Pure<Request>
  readonly response: (reply: Reply, call: Call<Credentials, Input>) => Effect.Effect<Output, Reason | Conflict>
  /** Absent on a write: only the processor's webhook will tell. */
  readonly settle?: LookUp<Credentials, Output> | undefined
  /**
   * What the endpoint promises about repeated writes, where it is not what the connector says. "none" is nothing;
   * "natural" is no key, and a repeat that can do no more than the first did.
   */
  readonly idempotency?: Idempotency | "none" | "natural" | undefined
  /** What is not the connector's policy for flows of its kind. */
  readonly policy?: PolicyChange | undefined
}

/** A connector's flows: a key that is there is an ability. */
export type Flows<in Credentials> = {
  readonly [S in keyof Table]?: {
    readonly [M in keyof Table[S]]?: Flow<Credentials, RequestOf<S, M>, ResponseOf<S, M>>
  }
}

/** The processor's promise about repeated writes, whole. */
export interface Idempotency extends Required<Promised> {}

/** What a connector says of itself. */
export interface Definition<in Credentials> {
  /** Where the processor is, without a trailing slash; `{name}` stands for that field of the credentials. */
  readonly baseUrl: { readonly live: string; readonly sandbox: string }
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>
  readonly auth: Auth<Credentials>
  /** Where `auth` needs a token that the processor gives: the sender asks for it, keeps it and renews it. */
  readonly accessToken?: AccessToken<Credentials>
  /** Which environment the credentials' form says they are for; undefined where it does not tell. */
  readonly environment?: (credentials: Credentials) => "live" | "sandbox" | undefined
  /** The account's non-secret identity, where credentials tell several apart. */
  readonly account?: (credentials: Credentials) => string
  /** Reads a reply of 400 to 499. */
  readonly rejection: (reply: Reply) => Effect.Effect<never, Reason | Conflict>
  /** Whether the processor documents such a reply as turned away unprocessed. */
  readonly unprocessed?: (reply: Reply) => boolean
  /** The processor's own word on sending again; undefined where it gives none. */
  readonly maySendAgain?: (reply: Reply) => boolean | undefined
  readonly idempotency?: Idempotency
  readonly policy?: { readonly [K in Kind]?: PolicyChange }
  readonly protection?: ProtectionChange
  readonly flows: Flows<Credentials>
  /** How the processor tells by itself what happened. */
  readonly webhook?: Webhook
}

/** A processor's integration, as a value. */
export interface Connector<in out Credentials, out Id extends string = string> extends Definition<Credentials> {
  readonly id: Id
  readonly credentials: Schema.ConstraintDecoder<Credentials>
}

/** A connector of any credentials: its functions take only what its own `credentials` decoded. */
export interface AnyConnector extends Definition<never> {
  readonly id: string
  readonly credentials: Schema.ConstraintDecoder<unknown>
}

/** `credentials` comes before the definition so that flows infer it. */
export const make = <Credentials, const Id extends string>(
  id: Id,
  credentials: Schema.ConstraintDecoder<Credentials>,
  definition: Definition<Credentials>
): Connector<Credentials, Id> => ({ ...definition, id, credentials })

type Tag<Input> = Input extends { readonly paymentMethod: { readonly _tag: infer T extends string } } ? T : never

type Narrow<Input, M, R> = Omit<Input, "paymentMethod" | (R & keyof Input)> &
  (Input extends { readonly paymentMethod: infer P }
    ? { readonly paymentMethod: Extract<P, { readonly _tag: M }> }
    : unknown) & { readonly [K in R & keyof Input]-?: Exclude<Input[K], undefined> }

/** A flow whose builder sees only the payment methods it accepts, and as present the fields it requires. */
export const flow = <C, I, O, const M extends Tag<I> = Tag<I>, const R extends keyof I = never>(spec: {
  readonly accepts?: ReadonlyArray<M>
  readonly requires?: ReadonlyArray<R>
  readonly before?: Before<C, I>
  readonly request: (call: Call<C, Narrow<I, M, R>>) => Request | Pure<Request>
  readonly response: (reply: Reply, call: Call<C, I>) => Effect.Effect<O, Reason | Conflict>
  readonly settle?: LookUp<C, O>
  readonly idempotency?: Idempotency | "none" | "natural"
  readonly policy?: PolicyChange
}): Flow<C, I, O> => ({
  ...spec,
  request: (call) => {
    // every input with a payment method holds it under this name
    const input = call.input as Readonly<Record<PropertyKey, unknown>> & {
      readonly paymentMethod?: { readonly _tag: M }
    }
    const paymentMethod = input.paymentMethod?._tag
    if (paymentMethod !== undefined && spec.accepts?.includes(paymentMethod) === false) {
      return Effect.fail(
        new UnsupportedPaymentMethod({ paymentMethod: snake(paymentMethod), supported: spec.accepts.map(snake) })
      )
    }
    const field = spec.requires?.find((field) => input[field] === undefined)
    if (field !== undefined) return Effect.fail(new MissingField({ field: snake(String(field)) }))
    // the two checks above are what Narrow says
    const request = spec.request(call as Call<C, Narrow<I, M, R>>)
    return Effect.isEffect(request) ? request : Effect.succeed(request)
  }
})

/** A flow of unknown types, as the registry holds it. */
export interface AnyFlow extends Flow<never, never, unknown> {}

/** Every flow of a connector with its name, `service.method`, and kind. */
export const flowsOf = (
  connector: AnyConnector
): ReadonlyArray<{
  readonly name: string
  readonly service: keyof Table
  readonly method: string
  readonly kind: Kind
  readonly flow: AnyFlow
}> =>
  Object.entries(table).flatMap(([service, methods]) =>
    Object.entries(methods).flatMap(([method, { kind }]) => {
      // the registry looks flows up by name; what it found it calls only with the row's own request
      const of = connector.flows as Readonly<Record<string, Readonly<Record<string, AnyFlow | undefined>> | undefined>>
      const flow = of[service]?.[method]
      return flow === undefined
        ? []
        : [{ name: `${service}.${method}`, service: service as keyof Table, method, kind, flow }]
    })
  )

/** What a flow's endpoint promises about repeated writes. */
export const idempotencyOf = (connector: AnyConnector, kind: Kind, flow: AnyFlow): Idempotency | undefined => {
  const { idempotency = connector.idempotency } = flow
  return kind === "read" || typeof idempotency === "string" ? undefined : idempotency
}

/** What a connector can do is what its definition holds. */
export const capabilities = (
  connector: AnyConnector
): ReadonlyArray<Pick<Capability, "name" | "kind" | "paymentMethods" | "requiredFields" | "settling">> =>
  flowsOf(connector).map(({ flow, kind, name }) => ({
    name,
    kind: kind === "write" ? "WRITE" : "READ",
    paymentMethods: (flow.accepts ?? []).map(snake),
    requiredFields: (flow.requires ?? []).map((field) => snake(String(field))),
    settling:
      kind === "read"
        ? undefined
        : flow.settle !== undefined
          ? flow.settle.pages > 1
            ? "LIST"
            : "LOOK_UP"
          : idempotencyOf(connector, kind, flow) === undefined
            ? "AWAIT_WEBHOOK"
            : "REPLAY"
  }))
