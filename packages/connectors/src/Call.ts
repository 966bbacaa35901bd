import { equals, type Money } from "@connector-service/domain/Money"
import type { EarlierPayment } from "@connector-service/domain/Payment"
import {
  AmountMismatch,
  RateLimited,
  type Reason,
  Rejected,
  Unreachable,
  UnreadableReply
} from "@connector-service/domain/Reason"
import type { Kind } from "@connector-service/domain/Services"
import type { Found } from "@connector-service/domain/Settlement"
import { amountOf } from "@connector-service/domain/Settlement"
import { movedNothing } from "@connector-service/domain/Status"
import type { Write } from "@connector-service/domain/Write"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { AccessToken, Token } from "./Auth.ts"
import type { Guard } from "./Protection.ts"
import type { Entry, Registered, Target } from "./Registry.ts"
import type { Answer, Conflict } from "./Reply.ts"
import { type Line, type Outgoing, sendRead } from "./Sender.ts"
import type { Setback } from "./Setback.ts"

type Request = HttpClientRequest.HttpClientRequest

/** Any call's input, as far as the sender looks into it. Only a write has a reference, and every write has one. */
export interface Input extends Write {
  readonly paymentId?: string
  readonly amount?: Money
  readonly returned?: Readonly<Record<string, string>> | undefined
  readonly earlierPayment?: EarlierPayment | undefined
  readonly state?: Readonly<Record<string, string>> | undefined
  readonly paymentMethod?: { readonly _tag: string; readonly expiryMonth?: number; readonly expiryYear?: number }
}

/** Whose call it is, and where it goes. */
export interface Caller {
  readonly target: Target
  readonly registered: Registered
  readonly credentials: never
  /** See Registered. */
  readonly account: string
}

/** One call on its way through the sender. */
export interface Call extends Caller {
  readonly entry: Entry
  readonly deadline: number | undefined
}

/** How far the caller's clock may be from ours, in milliseconds. */
export const clockSkew = Duration.toMillis("5 minutes")

/** Milliseconds left before the answer is due; undefined without a deadline. */
export const timeLeft = ({ deadline, entry }: Call, now: number): number | undefined =>
  deadline === undefined ? undefined : deadline - now - entry.millis.answerMargin

/** A request with its processor's address and fixed headers. */
const place = ({ credentials, registered, target }: Caller, request: Request): Request => {
  const { headers } = registered.connector
  const placed = HttpClientRequest.prependUrl(request, registered.baseUrl(target.environment, credentials))
  return headers === undefined ? placed : HttpClientRequest.setHeaders(placed, headers)
}

/** The same with the account's authorization, as far as it needs no access token. */
export const address = (call: Caller, request: Request): Request =>
  call.registered.connector.auth(place(call, request), call.credentials)

/** A failed fetch of a token means that nothing was sent with it. */
const tokenless = (setback: Setback): Setback =>
  setback._tag === "TurnedAway"
    ? setback
    : { ...setback, _tag: "NotSent", description: `no access token: ${setback.description}` }

const fetchToken = (line: Line, call: Caller, { rejection, request, response }: AccessToken<never>) =>
  sendRead(line, {
    registered: call.registered,
    entry: call.registered.lookUp,
    guard: guard(call, "read"),
    request: place(call, request(call.credentials)),
    read: (reply) => response(reply, call.credentials),
    rejection
  }).pipe(
    Effect.mapError(tokenless),
    // what the token's own reader gave; a conflict is no answer to a question
    Effect.map((answer) => Result.mapError(answer as Result.Result<Token, Reason | Conflict>, refusal))
  )

const refusal = (reason: Reason | Conflict): Reason =>
  reason._tag === "Conflict" ? new Rejected({ httpStatus: 409, rawCode: reason.rawCode, rawMessage: "" }) : reason

const guard = ({ account, registered, target }: Caller, kind: Kind): Guard =>
  registered.guard(target.environment, kind, account)

/**
 * How a call's request goes through the sender, and how its reply is read; `kind` says whether it changes anything, and
 * `stored` whether it was sent before to a processor that keeps what that got.
 */
export const outgoing = (
  line: Line,
  call: Caller,
  request: Request,
  kind: Kind,
  entry: Outgoing["entry"],
  read: Outgoing["read"],
  stored = false
): Outgoing => {
  const { accessToken, auth, id, rejection } = call.registered.connector
  return {
    registered: call.registered,
    entry,
    guard: guard(call, kind),
    request,
    account: accessToken && {
      key: `${id} ${call.account}`,
      fetch: fetchToken(line, call, accessToken),
      sign: (token: Redacted.Redacted<string>) => auth(request, call.credentials, token)
    },
    stored,
    read,
    rejection
  }
}

/** What a read came to. */
export const readAnswer = (answer: Answer): Effect.Effect<unknown, Reason> =>
  Result.isSuccess(answer) ? Effect.succeed(answer.success) : Effect.fail(refusal(answer.failure))

/** Why a read came to nothing: it changed nothing, so nothing is unknown. */
export const readFailed = (setback: Setback): Reason =>
  setback._tag === "NotSent" || setback._tag === "TurnedAway"
    ? unprocessed(setback)
    : new UnreadableReply({ httpStatus: setback.httpStatus, description: setback.description })

/** Why a request that the processor surely did not act on came to nothing. */
export const unprocessed = (setback: Setback): Reason =>
  setback.reason ??
  (setback._tag === "TurnedAway"
    ? new RateLimited({ retryAfter: setback.retryAfter })
    : new Unreachable({ description: setback.description }))

/** An answer whose amount is the one asked for, if it says that any was taken or given back. */
export const compare = (
  { entry }: Call,
  asked: Money | undefined,
  value: unknown
): Effect.Effect<unknown, AmountMismatch> => same(entry, asked, entry.row.moved(value), entry.row.found(value), value)

/**
 * The same of what a look-up found: much may have happened to it since, so what counts is the amount it is for, unless it
 * took nothing.
 */
export const compareFound = (
  { entry }: Call,
  asked: Money | undefined,
  value: unknown
): Effect.Effect<unknown, AmountMismatch> => {
  const found = entry.row.found(value)
  return same(entry, asked, found === undefined || movedNothing(found) ? undefined : amountOf(found), found, value)
}

const same = (
  { row }: Entry,
  asked: Money | undefined,
  told: Money | undefined,
  found: Found | undefined,
  value: unknown
) => {
  if (asked === undefined) return Effect.succeed(value)
  return told === undefined || found === undefined || equals(asked, told)
    ? Effect.succeed(row.remember(value, asked))
    : Effect.fail(new AmountMismatch({ asked, found }))
}
