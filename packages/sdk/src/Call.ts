import { InvalidField, type MissingField } from "@connector-service/domain/Reason"
import { Duration, Result } from "effect"
import type { CallOptions } from "./Methods.ts"
import * as Outcome from "./Outcome.ts"
import { PaymentError, type Reason } from "./PaymentError.ts"
import type { Route } from "./Routes.ts"
import { metadataOf, retarget, type Target } from "./Target.ts"
import type { Ended, Transport } from "./Transport.ts"

/** How long a call may take where its options do not say, in milliseconds. */
const timeouts = { write: 90_000, read: 20_000 } as const

/** What a timer can hold, in milliseconds: 24 days. */
const longest = 2_147_483_647

const millisOf = (timeout: unknown, otherwise: number): Result.Result<number, InvalidField> => {
  const millis = timeout === undefined ? otherwise : Duration.isDuration(timeout) ? Duration.toMillis(timeout) : timeout
  return typeof millis === "number" && millis > 0 && millis <= longest
    ? Result.succeed(Math.ceil(millis))
    : Result.fail(new InvalidField({ field: "timeout", rule: `more than 0 and at most ${longest} milliseconds` }))
}

const bytesOf = (route: Route, request: unknown): Result.Result<Uint8Array, InvalidField> => {
  try {
    return Result.succeed(route.encode(request))
  } catch {
    return Result.fail(new InvalidField({ field: "request", rule: "within the ranges of the proto's types" }))
  }
}

const signalOf = (signal: unknown): Result.Result<AbortSignal | undefined, InvalidField> =>
  signal === undefined || signal instanceof AbortSignal
    ? Result.succeed(signal)
    : Result.fail(new InvalidField({ field: "signal", rule: "an AbortSignal" }))

const cancelled = (ended: Extract<Ended, { readonly _tag: "Broken" }>, options: CallOptions): string =>
  options.signal?.aborted === true ? "the caller cancelled it" : Outcome.unexplained(ended.code, ended.details)

/** Calls a method once, and never again. Rejects with PaymentError only. */
export const call = async (
  transport: Transport,
  route: Route,
  base: Partial<Target>,
  given: unknown,
  options: CallOptions
): Promise<unknown> => {
  const target = options.target === undefined ? base : retarget(base, options.target)
  const requestId = options.requestId ?? crypto.randomUUID()
  const fail = (reason: Reason, sentence?: string): never => {
    throw new PaymentError({ connector: target.connector ?? "", flow: route.flow, requestId, reason, sentence })
  }
  const valid = <A>(result: Result.Result<A, MissingField | InvalidField>): A =>
    Result.isSuccess(result) ? result.success : fail(result.failure)

  const metadata = valid(metadataOf(route.needsTarget ? target : undefined, requestId))
  const request = valid(route.read(given))
  const message = valid(bytesOf(route, request))
  const deadline = Date.now() + valid(millisOf(options.timeout, timeouts[route.kind]))
  const signal = valid(signalOf(options.signal))

  // the schemas of all writes hold what Write does
  const write = route.kind === "write" ? (request as Outcome.Write) : undefined
  const failed = (sentAt: number, description: string): never =>
    write === undefined
      ? fail(Outcome.readFailed(description), `No answer came that can be read (${description}).`)
      : fail(Outcome.unknown(route.flow, write, sentAt, Math.max(deadline, Date.now()), description))

  const ended = await transport.exchange({ path: route.path, message, metadata, deadline, signal })
  switch (ended._tag) {
    case "NotSent":
      // this one was not sent, but the caller says that an earlier one was, and of that nothing is known
      if (write?.firstSentAt !== undefined) return failed(Date.now(), `not sent again: ${ended.why}`)
      return fail(Outcome.notSent(ended.why), `The service was not reached (${ended.why}); nothing was sent.`)
    case "Broken": {
      const error = Outcome.explained(ended.trailer)
      return error === undefined
        ? failed(ended.sentAt, cancelled(ended, options))
        : // the proto has no Declined
          fail(error.reason as Reason)
    }
    case "Answered": {
      try {
        return route.decode(ended.bytes)
      } catch {
        return failed(ended.sentAt, "an answer that cannot be read")
      }
    }
  }
}
