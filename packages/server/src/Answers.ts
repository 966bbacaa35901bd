import { Connectors, type Options, type Proof, type Target as Resolved } from "@connector-service/connectors/Connectors"
import { ofRepeat } from "@connector-service/connectors/Unknown"
import {
  ConnectorError,
  MissingField,
  type Reason,
  UnknownConnector,
  Unreachable
} from "@connector-service/domain/Reason"
import type { RequestOf, Services } from "@connector-service/domain/Services"
import type { SettleRequest } from "@connector-service/domain/Settlement"
import { type Cause, Clock, Context, Effect, Redacted, References, Result, Tracer } from "effect"
import type { Correlation } from "./Correlation.ts"
import type { Door } from "./Door.ts"
import type { Metadata } from "./Metadata.ts"
import { proofOf, Secrets } from "./Secrets.ts"
import { type Receiver, type Rules, readConnector, readReceiver, readTarget, type Target } from "./Target.ts"

/** What the answers are told by the server. */
export interface AnswerOptions {
  readonly acceptCallerCredentials: boolean
  /** What calls of connectors go through. */
  readonly door: Door
  /** Whether the server is stopping, and takes no new calls. */
  readonly stopping: () => boolean
}

/** A call, whatever carried it. */
export interface Call extends Options {
  readonly metadata: Metadata
  readonly correlation: Correlation
  /** The request, or what is wrong with it. */
  readonly request: Result.Result<unknown, Reason>
}

/** What a method does with a call. */
export type Answer = (call: Call) => Effect.Effect<unknown, ConnectorError>

/** The answers, by service and method; undefined for a method that there is not. */
export type Answers = (service: keyof Services, method: string) => Answer | undefined

type Answering = Effect.Effect<unknown, ConnectorError | Reason>
type Run = (call: Call) => Answering

/** What a call is told that comes, or still waits, when the server stops. */
export const stopping = new Unreachable({ description: "this server is stopping" })

/** What a caller is told of a mistake in our own code: of a write it must not pass for "nothing happened". */
export const defective = "The service has a defect: whether a write was made is not known."

/** Tells the log of a mistake in our own code. */
export const logDefect = (
  flow: string,
  cause: Cause.Cause<unknown>,
  requestId: string | undefined
): Effect.Effect<void> => Effect.annotateLogs(Effect.logError(`${flow} met a defect`, cause), { request_id: requestId })

/** A reason as a call of this flow ends with it; it names the connector that the caller named. */
export const errorOf = (metadata: Metadata, flow: string, reason: Reason): ConnectorError =>
  new ConnectorError({ connector: metadata.get("x-connector")?.slice(0, 64) ?? "", flow, reason })

/** What the server itself has against a call; of a repeat, that says nothing of the sending before it. */
const refused = (flow: string, { metadata, request }: Call, reason: Reason): Effect.Effect<never, ConnectorError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    // what carries a call gives its method's request; only that of a write has a first sending
    const told = Result.isSuccess(request) ? ofRepeat(flow, request.success as never, reason, now) : reason
    return Effect.fail(errorOf(metadata, flow, told))
  })

/** What a call's effects run in, besides what all calls' do. */
const contextOf = ({ parent, requestId }: Correlation): Context.Context<never> => {
  const annotated = Context.make(
    References.CurrentLogAnnotations,
    Result.isSuccess(requestId) ? { request_id: requestId.success } : {}
  )
  return parent === undefined ? annotated : Context.add(annotated, Tracer.ParentSpan, parent)
}

/** Binds every method to the sender. What no call changes is done here, once. */
export const makeAnswers = Effect.fnUntraced(function* (
  options: AnswerOptions
): Effect.fn.Return<Answers, never, Connectors | Secrets> {
  const connectors = yield* Connectors
  const secrets = yield* Secrets

  const ids = new Set(connectors.list.map(({ id }) => id))
  const rules: Rules = {
    unknown: (id) => (ids.has(id) ? undefined : new UnknownConnector({ known: [...ids] })),
    acceptCallerCredentials: options.acceptCallerCredentials
  }

  const resolved = (
    { connector, credentials, environment }: Target,
    run: (target: Resolved) => Answering
  ): Answering =>
    Redacted.isRedacted(credentials)
      ? run({ connector, environment, credentials: Redacted.value(credentials) })
      : Effect.flatMap(secrets.resolve(credentials.account, connector), (found) =>
          run({ connector, environment, credentials: Redacted.value(found) })
        )

  /** A method that has a target: what is wrong with the target is said before what is wrong with the request. */
  const targeted =
    (run: (target: Resolved, request: unknown, options: Options) => Answering): Run =>
    ({ deadline, metadata, request }) => {
      const target = readTarget(metadata, rules)
      if (Result.isFailure(target)) return Effect.fail(target.failure)
      if (Result.isFailure(request)) return Effect.fail(request.failure)
      const running = resolved(target.success, (target) => run(target, request.success, { deadline }))
      return options.door.through(running, deadline)
    }

  const untargeted =
    (run: (request: unknown) => Answering): Run =>
    ({ request }) =>
      Result.isFailure(request) ? Effect.fail(request.failure) : run(request.success)

  const proofBy = ({ connector, proof }: Receiver): Proof => {
    if ("account" in proof) return proofOf(secrets, proof.account, connector)
    const { credentials, webhookSecrets } = proof
    return {
      secrets: Effect.succeed(Redacted.value(webhookSecrets)),
      credentials:
        credentials === undefined
          ? Effect.fail(new MissingField({ field: "x-credentials-bin" }))
          : Effect.succeed(Redacted.value(credentials))
    }
  }

  const webhookMethods: Readonly<Record<string, Run>> = {
    identify: ({ metadata, request }) =>
      Effect.flatMap(
        Effect.fromResult(
          Result.flatMap(readConnector(metadata, rules), (connector) =>
            Result.map(request, (request) => ({ connector, request }))
          )
        ),
        ({ connector, request }) =>
          // what carries webhook.identify gives its request
          connectors.identify(connector, (request as RequestOf<"webhook", "identify">).delivery)
      ),
    receive: ({ deadline, metadata, request }) => {
      const receiver = readReceiver(metadata, rules)
      if (Result.isFailure(receiver)) return Effect.fail(receiver.failure)
      if (Result.isFailure(request)) return Effect.fail(request.failure)
      // what carries webhook.receive gives its request
      const { delivery } = request.success as RequestOf<"webhook", "receive">
      const running = connectors.receive(receiver.success, delivery, proofBy(receiver.success), { deadline })
      return options.door.through(running, deadline)
    }
  }

  const connectorMethods: Readonly<Record<string, Run>> = {
    list: untargeted(() => Effect.succeed(connectors.list)),
    // what carries connector.get gives its request
    get: untargeted((request) => connectors.get((request as RequestOf<"connector", "get">).id))
  }

  const flowOf =
    (service: "payment" | "refund") =>
    (method: string): Run =>
      targeted((target, request, options) =>
        // the method is one of the service's, and what carries it gives its request
        connectors.call(target, service, method as never, request as never, options)
      )

  const runs: { readonly [S in keyof Services]: (method: string) => Run | undefined } = {
    payment: flowOf("payment"),
    refund: flowOf("refund"),
    // what carries settlement.settle gives its request
    settlement: () =>
      targeted((target, request, options) => connectors.settle(target, request as SettleRequest, options)),
    webhook: (method) => webhookMethods[method],
    connector: (method) => connectorMethods[method]
  }

  return (service, method) => {
    const flow = `${service}.${method}`
    const run = runs[service](method)
    return (
      run &&
      ((call) => {
        const { correlation, request } = call
        const answering = options.stopping()
          ? Effect.fail(stopping)
          : run({ ...call, request: Result.andThen(correlation.requestId, request) })
        return answering.pipe(
          Effect.catchEager((reason) =>
            reason._tag === "ConnectorError" ? Effect.fail(reason) : refused(flow, call, reason)
          ),
          Effect.provideContext(contextOf(correlation))
        )
      })
    )
  }
})
