import { Connectors, type Options, type Target as Resolved } from "@connector-service/connectors/Connectors"
import { ConnectorError, type Reason, UnknownConnector, Unreachable } from "@connector-service/domain/Reason"
import type { RequestOf } from "@connector-service/domain/Services"
import type { SettleRequest } from "@connector-service/domain/Settlement"
import { Cause, Context, Effect, Exit, Redacted, References, Result, Tracer } from "effect"
import type { MethodDefinition } from "nice-grpc"
import { type CallContext, ServerError, Status } from "nice-grpc-common"
import { type Correlation, correlate } from "./Correlation.ts"
import type { Incoming } from "./Incoming.ts"
import { definitions, type Method, methodsOf, type Service } from "./Methods.ts"
import { Secrets } from "./Secrets.ts"
import { type Failure, failureOf } from "./Status.ts"
import { type Rules, readTarget, type Target } from "./Target.ts"

/** What the handlers are told by the server. */
export interface HandlerOptions {
  readonly acceptCallerCredentials: boolean
  /** Whether the server is stopping, and takes no new calls. */
  readonly stopping: () => boolean
}

type Wire = MethodDefinition<Uint8Array, Incoming<unknown>, Uint8Array, Uint8Array, false, false>

/** A service as nice-grpc takes it. */
export interface Bound {
  readonly definition: { [method: string]: Wire }
  readonly implementation: Readonly<
    Record<string, (request: Incoming<unknown>, context: CallContext) => Promise<Uint8Array>>
  >
}

type Answer = Effect.Effect<unknown, ConnectorError | Reason>
/** What a method does with its decoded request. */
type Run = (metadata: CallContext["metadata"], input: Result.Result<unknown, Reason>, options: Options) => Answer

const stopping = new Unreachable({ description: "this server is stopping" })

/** What the caller named, as far as an error repeats it. */
const connectorNamed = (metadata: CallContext["metadata"]): string => metadata.get("x-connector")?.slice(0, 64) ?? ""

/**
 * Ends a call that was not answered. A mistake in our own code is INTERNAL without details, which of a write says nothing:
 * it must not pass for "nothing happened".
 */
const errorOf = (cause: Cause.Cause<Failure>, context: CallContext): ServerError => {
  if (Cause.hasDies(cause)) {
    return new ServerError(Status.INTERNAL, "The service has a defect: whether a write was made is not known.")
  }
  const failure = cause.reasons.find(Cause.isFailReason)?.error
  if (failure === undefined) return new ServerError(Status.CANCELLED, "The call was cancelled.")
  context.trailer.set("grpc-status-details-bin", failure.details)
  return new ServerError(failure.status, failure.message)
}

/** What a call's effects run in, besides what all calls' do. */
const contextOf = ({ parent, requestId }: Correlation): Context.Context<never> => {
  const annotated = Context.make(
    References.CurrentLogAnnotations,
    Result.isSuccess(requestId) ? { request_id: requestId.success } : {}
  )
  return parent === undefined ? annotated : Context.add(annotated, Tracer.ParentSpan, parent)
}

/** Binds all services to the sender. What no call changes is done here, once. */
export const bind = Effect.fnUntraced(function* (options: HandlerOptions) {
  const connectors = yield* Connectors
  const secrets = yield* Secrets
  const runCallback = Effect.runCallbackWith(yield* Effect.context<never>())

  const ids = new Set(connectors.list.map(({ id }) => id))
  const rules: Rules = {
    unknown: (id) => (ids.has(id) ? undefined : new UnknownConnector({ known: [...ids] })),
    acceptCallerCredentials: options.acceptCallerCredentials
  }

  const resolved = ({ connector, credentials, environment }: Target, call: (target: Resolved) => Answer): Answer =>
    Redacted.isRedacted(credentials)
      ? call({ connector, environment, credentials: Redacted.value(credentials) })
      : Effect.flatMap(secrets.resolve(credentials.account, connector), (found) =>
          call({ connector, environment, credentials: Redacted.value(found) })
        )

  /** A method that has a target: what is wrong with the target is said before what is wrong with the message. */
  const targeted =
    (call: (target: Resolved, input: unknown, options: Options) => Answer): Run =>
    (metadata, input, options) => {
      const target = readTarget(metadata, rules)
      if (Result.isFailure(target)) return Effect.fail(target.failure)
      if (Result.isFailure(input)) return Effect.fail(input.failure)
      return resolved(target.success, (target) => call(target, input.success, options))
    }

  const untargeted =
    (call: (input: unknown) => Answer): Run =>
    (_metadata, input) =>
      Result.isFailure(input) ? Effect.fail(input.failure) : call(input.success)

  const connectorMethods: Readonly<Record<string, Run>> = {
    list: untargeted(() => Effect.succeed(connectors.list)),
    // the codec of connector.get gives its request
    get: untargeted((input) => connectors.get((input as RequestOf<"connector", "get">).id))
  }

  const flowOf =
    (service: "payment" | "refund") =>
    (method: string): Run =>
      targeted((target, input, options) =>
        // the method is one of the service's, and its codec gives its request
        connectors.call(target, service, method as never, input as never, options)
      )

  const runs: { readonly [S in Service]: (method: string) => Run | undefined } = {
    payment: flowOf("payment"),
    refund: flowOf("refund"),
    // the codec of settlement.settle gives its request
    settlement: () => targeted((target, input, options) => connectors.settle(target, input as SettleRequest, options)),
    connector: (method) => connectorMethods[method]
  }

  const handler = ({ encode, flow, fromProto }: Method, run: Run): Bound["implementation"][string] => {
    const answer = (request: Incoming<unknown>, { header, metadata }: CallContext): Answer => {
      const correlation = correlate(metadata, header)
      if (options.stopping()) return Effect.fail(stopping)
      const input = Result.andThen(correlation.requestId, Result.flatMap(request.message, fromProto))
      return Effect.provideContext(run(metadata, input, { deadline: request.deadline }), contextOf(correlation))
    }
    const toFailure = (reason: ConnectorError | Reason, { metadata }: CallContext): Failure =>
      failureOf(
        reason._tag === "ConnectorError"
          ? reason
          : new ConnectorError({ connector: connectorNamed(metadata), flow, reason })
      )
    const logDefect = (cause: Cause.Cause<unknown>, { header }: CallContext): Effect.Effect<void> =>
      Effect.annotateLogs(Effect.logError(`${flow} met a defect`, cause), { request_id: header.get("x-request-id") })

    return (request, context) =>
      new Promise((resolve, reject) => {
        const effect = Effect.suspend(() => answer(request, context)).pipe(
          Effect.mapBothEager({ onFailure: (reason) => toFailure(reason, context), onSuccess: encode })
        )
        request.onGone = runCallback(effect, {
          onExit: (exit) => {
            request.onGone = undefined
            if (Exit.isSuccess(exit)) return resolve(exit.value)
            if (Cause.hasDies(exit.cause)) runCallback(logDefect(exit.cause, context))
            reject(errorOf(exit.cause, context))
          }
        })
      })
  }

  // Object.keys of a literal gives its own keys
  return (Object.keys(definitions) as Array<Service>).map((service): Bound => {
    const methods = methodsOf(service).flatMap((method) => {
      const run = runs[service](method.method)
      return run === undefined ? [] : [{ method, run }]
    })
    return {
      definition: Object.fromEntries(methods.map(({ method }) => [method.method, wireOf(method)])),
      implementation: Object.fromEntries(methods.map(({ method, run }) => [method.method, handler(method, run)]))
    }
  })
})

/** Answers are encoded by the handler, where a mistake in it is caught and logged. */
const wireOf = ({ decode, path }: Method): Wire => ({
  path,
  requestStream: false,
  responseStream: false,
  requestDeserialize: decode,
  requestSerialize: (bytes) => bytes,
  responseSerialize: (bytes) => bytes,
  responseDeserialize: (bytes) => bytes,
  options: {}
})
