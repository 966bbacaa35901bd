import type { Reason } from "@connector-service/domain/Reason"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { type Exchange, exchangeRead, exchangeWrite, type Progress, type Sharing } from "./Exchange.ts"
import type { Guard } from "./Protection.ts"
import type { Entry, Registered } from "./Registry.ts"
import type { Answer, Conflict, Reply } from "./Reply.ts"
import { givenUp, type Setback, setbackOf } from "./Setback.ts"
import type { Account, Tokens } from "./Tokens.ts"

type Request = HttpClientRequest.HttpClientRequest

/** A request ready to go, and how its reply is read. */
export interface Outgoing {
  readonly registered: Registered
  readonly entry: Pick<Entry, "policy" | "retry" | "limits" | "connectTimeout">
  /** What lets it through, or holds it back. */
  readonly guard: Guard
  readonly request: Request
  /** Whose access token the request needs, and how it is put in; absent where it needs none. */
  readonly account?: (Account & { readonly sign: (token: Redacted.Redacted<string>) => Request }) | undefined
  /** It was sent before, and the processor keeps what that got, faults included. */
  readonly stored?: boolean
  readonly read: (reply: Reply) => Effect.Effect<unknown, Reason | Conflict>
  /** Reads a reply of 400 to 499. */
  readonly rejection: (reply: Reply) => Effect.Effect<never, Reason | Conflict>
}

/** `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3). */
const retryAfter = ({ headers }: Reply, now: number): Duration.Duration | undefined => {
  const text = headers["retry-after"]
  if (text === undefined) return undefined
  const millis = /^\d{1,6}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return millis >= 0 ? Duration.millis(millis) : undefined
}

/** What sending takes: the client, and what everything sent with it shares. */
export interface Line extends Sharing {
  readonly http: HttpClient.HttpClient
  readonly tokens: Tokens
}

/** Request Timeout and Failed Dependency (RFC 9110 section 15.5.9, RFC 4918 section 11.4): what was done is not said. */
const unfinished = new Set([408, 424])

/** What a reply says, or why it says nothing to go by. */
const readReply = (
  { read, registered: { connector }, rejection, stored = false }: Outgoing,
  reply: Reply
): Effect.Effect<Answer, Setback> => {
  const { status } = reply
  /** With the processor's own words on sending again. */
  const setback = (_tag: Setback["_tag"], description = `HTTP ${status}`): Effect.Effect<never, Setback> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Effect.fail({
        _tag,
        description,
        httpStatus: status,
        retryAfter: retryAfter(reply, now),
        maySendAgain: connector.maySendAgain?.(reply),
        stored: stored && _tag === "Faulted"
      })
    )
  if (connector.unprocessed?.(reply) === true) return setback("TurnedAway")
  if (status >= 500 || unfinished.has(status)) return setback("Faulted")
  if (status >= 300 && status < 400) return setback("Unreadable")
  const said = Effect.matchEager(status < 300 ? read(reply) : rejection(reply), {
    onFailure: (reason): Result.Result<unknown, Reason | Conflict> => Result.fail(reason),
    onSuccess: (value): Result.Result<unknown, Reason | Conflict> => Result.succeed(value)
  })
  return Effect.flatMapEager(said, (answer): Effect.Effect<Answer, Setback> => {
    if (Result.isSuccess(answer)) return Effect.succeed(answer)
    const reason = answer.failure
    if (reason._tag === "UnreadableReply") return setback("Unreadable", reason.description)
    return reason._tag === "Conflict" && reason.kind === "InProgress"
      ? setback("InProgress", reason.rawCode)
      : Effect.succeed(answer)
  })
}

/** Sends one request and reads its reply; nothing else in the service sends. */
const post =
  <A>(
    { http }: Line,
    { entry: { connectTimeout } }: Outgoing,
    request: Request,
    read: (reply: Reply) => Effect.Effect<A, Setback>
  ): Exchange<A> =>
  (arrived) =>
    Effect.mapErrorEager(
      Effect.flatMap(connectTimeout(http.execute(request)), ({ headers, status, text }) => {
        if (!Exit.isExit(text)) arrived()
        return Effect.flatMapEager(
          text,
          (text): Effect.Effect<A, Setback | HttpClientError> => read({ status, headers, text })
        )
      }),
      (error) => (error._tag === "HttpClientError" ? setbackOf(error) : error)
    )

/** What of a write may stand still before anything is on the wire, for as long as its caller waits. */
const bounded = (
  { background, timeouts }: Line,
  progress: Progress,
  sending: Effect.Effect<Answer, Setback>
): Effect.Effect<Answer, Setback> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Effect.flatMap(timeouts.within(background.during(sending, progress.writing), progress.until - now), (answer) => {
      if (Option.isSome(answer)) return Effect.succeed(answer.value)
      progress.abandoned = true
      return Effect.fail(givenUp)
    })
  )

/** An exchange with the processor, held to whatever the request is: `progress` is a write's. */
const exchanged = <A extends Answer | undefined>(
  line: Line,
  { entry: { limits }, guard }: Outgoing,
  progress: Progress | undefined,
  run: Exchange<A>
): Effect.Effect<A, Setback> => {
  const sending =
    progress === undefined ? exchangeRead(line, guard, limits, run) : exchangeWrite(line, guard, limits, run, progress)
  return guard.turn === undefined ? sending : Effect.andThen(guard.turn, sending)
}

/**
 * One sending: with the account's token where there is one, and after a 401, which a processor gives before it does
 * anything, once more with a fresh one.
 */
const deliver = (line: Line, outgoing: Outgoing, progress?: Progress): Effect.Effect<Answer, Setback> => {
  const { account, request } = outgoing
  if (account === undefined) {
    return exchanged(
      line,
      outgoing,
      progress,
      post(line, outgoing, request, (reply) => readReply(outgoing, reply))
    )
  }
  const withToken = (again: boolean): Effect.Effect<Answer, Setback> =>
    Effect.flatMap(line.tokens.get(account), (token): Effect.Effect<Answer, Setback> => {
      if (Result.isFailure(token)) {
        const description = `no access token: ${token.failure._tag}`
        // the refusal of a token is no answer to what would have been sent with it
        return Effect.fail({ _tag: "NotSent", description, httpStatus: 0, reason: token.failure })
      }
      const read = (reply: Reply): Effect.Effect<Answer | undefined, Setback> => {
        if (reply.status !== 401) return readReply(outgoing, reply)
        line.tokens.refused(account, token.success)
        return again ? Effect.undefined : readReply(outgoing, reply)
      }
      const sent = exchanged(line, outgoing, progress, post(line, outgoing, account.sign(token.success), read))
      return Effect.flatMap(sent, (answer) => {
        if (answer !== undefined) return Effect.succeed(answer)
        return progress === undefined ? withToken(false) : bounded(line, progress, withToken(false))
      })
    })
  return withToken(true)
}

const always = (): boolean => true

/**
 * After a setback runs `once` again, as the policy says and while it `may`. A processor that asks for more patience than
 * the policy has is not waited for: the caller is told.
 */
const again = (
  first: Setback,
  once: Effect.Effect<Answer, Setback>,
  { policy, retry }: Outgoing["entry"],
  may: (setback: Setback) => boolean | Effect.Effect<boolean>
): Effect.Effect<Answer, Setback> => {
  let next: Effect.Effect<Answer, Setback> = Effect.fail(first)
  const sending = Effect.suspend(() => {
    const now = next
    next = once
    return now
  })
  // what this service holds back itself is the caller's to send again
  const over = ({ reason, retryAfter = Duration.zero }: Setback) =>
    reason !== undefined || Duration.isGreaterThan(retryAfter, policy.retry.patience)
  return Effect.retry(sending, { schedule: retry, while: (setback) => !over(setback) && may(setback) })
}

/** Sends a request that changes nothing, again as its policy says. */
export const sendRead = (line: Line, outgoing: Outgoing): Effect.Effect<Answer, Setback> => {
  const once = deliver(line, outgoing)
  return Effect.catchEager(once, (first) => again(first, once, outgoing.entry, always))
}

/** Keeps what a sending that came to nothing says of the write. */
const noted = (progress: Progress, setback: Setback): Setback => {
  if (setback === givenUp) return setback
  progress.onWire = false
  progress.last = setback
  if (setback._tag !== "NotSent" && setback._tag !== "TurnedAway") progress.reached = true
  return setback
}

/**
 * Sends a write. It is sent again, byte for byte, only if the last sending was not written at all, if the processor
 * turned it away unprocessed, or, while `keyIsFresh`, under a key that the processor honours.
 */
export const sendWrite = (
  line: Line,
  outgoing: Outgoing,
  progress: Progress,
  now: number,
  keyIsFresh: (now: number) => boolean
): Effect.Effect<Answer, Setback> => {
  const { account, entry, guard } = outgoing
  const sending = deliver(line, outgoing, progress)
  const mayWait = guard.turn !== undefined || (account !== undefined && !line.tokens.has(account, now))
  return Effect.catchEager(mayWait ? bounded(line, progress, sending) : sending, (first) => {
    const once = Effect.mapErrorEager(sending, (setback) => noted(progress, setback))
    const may = (setback: Setback) => {
      if (progress.abandoned || setback.maySendAgain === false) return false
      // nothing is at the processor yet, so there is nothing that a forgotten key could repeat
      return progress.reached ? Effect.map(Clock.currentTimeMillis, keyIsFresh) : true
    }
    return bounded(line, progress, again(noted(progress, first), once, entry, may))
  })
}
