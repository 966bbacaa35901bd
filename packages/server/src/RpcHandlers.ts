import { input } from "@connector-service/domain/Input"
import { ConnectorError, InvalidField, MissingField, UnsupportedFlow } from "@connector-service/domain/Reason"
import { rpcs } from "@connector-service/domain/Rpcs"
import { type Services, services } from "@connector-service/domain/Services"
import { Cause, Effect, Exit, Result, Schema } from "effect"
import * as Rpc from "effect/rpc/Rpc"
import type { ResponseExitEncoded } from "effect/rpc/RpcMessage"
import { ndjson } from "effect/rpc/RpcSerialization"
import { type Answer, type Answers, defective, errorOf, logDefect } from "./Answers.ts"
import type { Correlation } from "./Correlation.ts"
import type { Metadata } from "./Metadata.ts"

/** A call as Effect RPC carries it. */
export interface RpcCall {
  /** The method's name, `service.method`. */
  readonly tag: string
  readonly payload: unknown
  readonly metadata: Metadata
  readonly correlation: Correlation
  /** When it began to arrive, in milliseconds since the epoch. */
  readonly arrivedAt: number
}

/** How a call ended, as Effect RPC carries it. */
export type RpcExit = ResponseExitEncoded["exit"]

/** Starts a call and gives what cancels it. `ended` gets how it ended; undefined when it was cancelled. */
export type ServeRpc = (call: RpcCall, ended: (exit: RpcExit | undefined) => void) => () => void

interface RpcMethod {
  readonly answer: Answer
  readonly decode: (payload: unknown) => Result.Result<unknown, MissingField | InvalidField>
  readonly encode: (exit: Exit.Exit<unknown, ConnectorError>) => RpcExit
}

const timeoutKey = "x-timeout-ms"

/** When the caller stops waiting; undefined where it does not say. */
const deadlineOf = ({ arrivedAt, metadata }: RpcCall): Result.Result<number | undefined, InvalidField> => {
  const given = metadata.get(timeoutKey)
  if (given === undefined) return Result.succeed(undefined)
  return /^[1-9]\d{0,7}$/.test(given)
    ? Result.succeed(arrivedAt + Number(given))
    : Result.fail(new InvalidField({ field: timeoutKey, rule: "a whole number from 1 to 99999999, given once" }))
}

/** What is wrong with a payload as a whole is said of "payload": it has no name of its own. */
const named = (reason: MissingField | InvalidField): MissingField | InvalidField => {
  if (reason.field !== "") return reason
  const field = "payload"
  return reason._tag === "MissingField" ? new MissingField({ field }) : new InvalidField({ ...reason, field })
}

const encoderOf = (schema: Schema.Top): RpcMethod["encode"] =>
  // a codec of JSON needs no services, and an exit's gives what the protocol carries
  Schema.encodeUnknownSync(ndjson.codecFor(schema) as Schema.Codec<unknown, RpcExit>, { disableChecks: true })

/** Codecs are made when they are first needed: those of all methods would hold up the start. */
const once = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const methodOf = (rpc: Rpc.AnyWithProps, answer: Answer): RpcMethod => {
  // the same reason: a codec of JSON needs no services
  const decode = input(ndjson.codecFor(rpc.payloadSchema) as Schema.Codec<unknown>)
  return {
    answer,
    decode: (payload) => Result.mapError(decode(payload), named),
    encode: encoderOf(Rpc.exitSchema(rpc))
  }
}

/** Every method of the table, by its name. */
const methodsOf = (answers: Answers): ReadonlyMap<string, () => RpcMethod> =>
  new Map(
    Object.entries(services).flatMap(([service, methods]) =>
      Object.keys(methods).flatMap((name) => {
        const tag = `${service}.${name}`
        const rpc = rpcs.requests.get(tag)
        // the keys of the table are its services
        const answer = answers(service as keyof Services, name)
        return rpc === undefined || answer === undefined ? [] : [[tag, once(() => methodOf(rpc, answer))] as const]
      })
    )
  )

/** How a call of a method that there is not is told. */
const encoderOfNone = once(() => encoderOf(Schema.Exit(Schema.Void, ConnectorError, Schema.Defect())))
/** How a mistake in our own code is told: an error in the form of Schema.Defect, of which it says nothing. */
const defect: RpcExit = { _tag: "Failure", cause: [{ _tag: "Die", defect: { name: "Error", message: defective } }] }

/**
 * All methods, as Effect RPC carries their answers. RpcServer is not used: it makes a defect of a payload that does not
 * fit, and tells callers the words of our own defects.
 */
export const bindRpc = Effect.fnUntraced(function* (answers: Answers) {
  const runCallback = Effect.runCallbackWith(yield* Effect.context<never>())
  const methods = methodsOf(answers)

  const unsupported = ({ metadata, tag }: RpcCall): Effect.Effect<never, ConnectorError> =>
    Effect.fail(errorOf(metadata, tag.slice(0, 64), new UnsupportedFlow({ supported: [...methods.keys()] })))

  const answering = (method: RpcMethod, call: RpcCall): Effect.Effect<unknown, ConnectorError> => {
    const { correlation, metadata, payload } = call
    const deadline = deadlineOf(call)
    const request = Result.flatMap(deadline, () => method.decode(payload))
    return method.answer({ metadata, correlation, request, deadline: Result.getOrUndefined(deadline) })
  }

  const exitOf = (call: RpcCall): Effect.Effect<RpcExit> => {
    const method = methods.get(call.tag)?.()
    const encode = method?.encode ?? encoderOfNone()
    return Effect.matchEager(method === undefined ? unsupported(call) : answering(method, call), {
      onFailure: (error) => encode(Exit.fail(error)),
      onSuccess: (value) => encode(Exit.succeed(value))
    })
  }

  const serve: ServeRpc = (call, ended) =>
    runCallback(
      Effect.suspend(() => exitOf(call)),
      {
        onExit: (exit) => {
          if (Exit.isSuccess(exit)) return ended(exit.value)
          if (!Cause.hasDies(exit.cause)) return ended(undefined)
          runCallback(logDefect(call.tag, exit.cause, Result.getOrUndefined(call.correlation.requestId)))
          ended(defect)
        }
      }
    )
  return serve
})
