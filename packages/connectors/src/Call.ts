import { equals, type Money } from "@connector-service/domain/Money"
import {
  AmountMismatch,
  amountOf,
  RateLimited,
  type Reason,
  Rejected,
  Unreachable,
  UnreadableReply
} from "@connector-service/domain/Reason"
import type { Found } from "@connector-service/domain/Settlement"
import type { Write } from "@connector-service/domain/Write"
import { Duration, Effect, Result } from "effect"
import { HttpClientRequest } from "effect/http"
import type { Entry, Registered, Target } from "./Registry.ts"
import type { Answer } from "./Sender.ts"
import type { Setback } from "./Setback.ts"

type Request = HttpClientRequest.HttpClientRequest

/** Any call's input, as far as the sender looks into it. Only a write has a reference, and every write has one. */
export interface Input extends Write {
  readonly paymentId?: string
  readonly amount?: Money
  readonly returned?: Readonly<Record<string, string>> | undefined
  readonly state?: Readonly<Record<string, string>> | undefined
  readonly paymentMethod?: { readonly _tag: string; readonly expiryMonth?: number; readonly expiryYear?: number }
}

/** One call on its way through the sender. */
export interface Call {
  readonly target: Target
  readonly registered: Registered
  readonly entry: Entry
  readonly credentials: never
  readonly deadline: number | undefined
}

/** Milliseconds left before the answer is due; undefined without a deadline. */
export const timeLeft = ({ deadline, entry }: Call, now: number): number | undefined =>
  deadline === undefined ? undefined : deadline - now - Duration.toMillis(entry.policy.answerMargin)

/** A request with its processor's address, fixed headers and the account's authorization. */
export const address = ({ credentials, registered, target }: Call, request: Request): Request => {
  const { auth, headers } = registered.connector
  const addressed = HttpClientRequest.prependUrl(request, registered.baseUrl[target.environment])
  return auth(headers === undefined ? addressed : HttpClientRequest.setHeaders(addressed, headers), credentials)
}

/** What a read came to. */
export const readAnswer = (answer: Answer): Effect.Effect<unknown, Reason> =>
  Result.isSuccess(answer)
    ? Effect.succeed(answer.success)
    : Effect.fail(
        answer.failure._tag === "Conflict"
          ? new Rejected({ httpStatus: 409, rawCode: answer.failure.rawCode, rawMessage: "" })
          : answer.failure
      )

/** Why a read came to nothing: it changed nothing, so nothing is unknown. */
export const readFailed = (setback: Setback): Reason =>
  setback._tag === "NotSent" || setback._tag === "TurnedAway"
    ? unprocessed(setback)
    : new UnreadableReply({ httpStatus: setback.httpStatus, description: setback.description })

/** Why a request that the processor surely did not act on came to nothing. */
export const unprocessed = (setback: Setback): Unreachable | RateLimited =>
  setback._tag === "TurnedAway"
    ? new RateLimited({ retryAfter: setback.retryAfter })
    : new Unreachable({ description: setback.description })

/** An answer whose amount is the one asked for, if it says that any was taken or given back. */
export const compare = (
  { entry }: Call,
  asked: Money | undefined,
  value: unknown
): Effect.Effect<unknown, AmountMismatch> => same(asked, entry.row.moved(value), entry.row.found(value), value)

/** The same of what a look-up found: much may have happened to it since, so what counts is the amount it is for. */
export const compareFound = (
  { entry }: Call,
  asked: Money | undefined,
  value: unknown
): Effect.Effect<unknown, AmountMismatch> => {
  const found = entry.row.found(value)
  return same(asked, found && amountOf(found), found, value)
}

const same = (asked: Money | undefined, told: Money | undefined, found: Found | undefined, value: unknown) =>
  asked === undefined || told === undefined || found === undefined || equals(asked, told)
    ? Effect.succeed(value)
    : Effect.fail(new AmountMismatch({ asked, found }))
