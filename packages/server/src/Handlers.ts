import { Cause, Effect, Exit, Result } from "effect"
import type { MethodDefinition } from "nice-grpc"
import { type CallContext, ServerError, Status } from "nice-grpc-common"
import { type Answer, type Answers, defective, logDefect } from "./Answers.ts"
import { correlate } from "./Correlation.ts"
import type { Incoming } from "./Incoming.ts"
import { definitions, type Method, methodsOf, type Service } from "./Methods.ts"
import { type Failure, failureOf } from "./Status.ts"

type Wire = MethodDefinition<Uint8Array, Incoming<unknown>, Uint8Array, Uint8Array, false, false>

/** A service as nice-grpc takes it. */
export interface Bound {
  readonly definition: { [method: string]: Wire }
  readonly implementation: Readonly<
    Record<string, (request: Incoming<unknown>, context: CallContext) => Promise<Uint8Array>>
  >
}

/** Ends a call that was not answered; a mistake in our own code is INTERNAL without details. */
const errorOf = (cause: Cause.Cause<Failure>, context: CallContext): ServerError => {
  if (Cause.hasDies(cause)) return new ServerError(Status.INTERNAL, defective)
  const failure = cause.reasons.find(Cause.isFailReason)?.error
  if (failure === undefined) return new ServerError(Status.CANCELLED, "The call was cancelled.")
  context.trailer.set("grpc-status-details-bin", failure.details)
  return new ServerError(failure.status, failure.message)
}

/** All services, as gRPC carries their answers. */
export const bind = Effect.fnUntraced(function* (answers: Answers) {
  const runCallback = Effect.runCallbackWith(yield* Effect.context<never>())

  const handler = ({ encode, flow, fromProto }: Method, answer: Answer): Bound["implementation"][string] => {
    const answering = ({ deadline, message }: Incoming<unknown>, { header, metadata }: CallContext) => {
      const correlation = correlate(metadata, header)
      return answer({ metadata, correlation, deadline, request: Result.flatMap(message, fromProto) })
    }
    return (request, context) =>
      new Promise((resolve, reject) => {
        const effect = Effect.suspend(() => answering(request, context)).pipe(
          Effect.mapBothEager({ onFailure: failureOf, onSuccess: encode })
        )
        request.onGone = runCallback(effect, {
          onExit: (exit) => {
            request.onGone = undefined
            if (Exit.isSuccess(exit)) return resolve(exit.value)
            if (Cause.hasDies(exit.cause)) runCallback(logDefect(flow, exit.cause, context.header.get("x-request-id")))
            reject(errorOf(exit.cause, context))
          }
        })
      })
  }

  // Object.keys of a literal gives its own keys
  return (Object.keys(definitions) as Array<Service>).map((service): Bound => {
    const methods = methodsOf(service).flatMap((method) => {
      const answer = answers(service, method.method)
      return answer === undefined ? [] : [{ method, answer }]
    })
    return {
      definition: Object.fromEntries(methods.map(({ method }) => [method.method, wireOf(method)])),
      implementation: Object.fromEntries(methods.map(({ answer, method }) => [method.method, handler(method, answer)]))
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
