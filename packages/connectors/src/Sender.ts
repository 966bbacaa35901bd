import type { Reason } from "@connector-service/domain/Reason"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { Linked } from "./Linked.ts"
import type { Guard } from "./Protection.ts"
import type { Entry, Registered } from "./Registry.ts"
import type { Conflict, Reply } from "./Reply.ts"
import { givenUp, type Setback, setbackOf } from "./Setback.ts"
import type { Timeouts } from "./Timeouts.ts"
import type { Account, Tokens } from "./Tokens.ts"

type Request = HttpClientRequest.HttpClientRequest

/** What a reply says, once it could be read. */
export type Answer = Result.Result<unknown, Reason | Conflict>

/** A request ready to go, and how its reply is read. */
export interface Outgoing {
  readonly registered: Registered
  readonly entry: Pick<Entry, "policy" | "retry" | "connectTimeout">
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

/** What is known of a write while it is on its way. */
export interface Progress {
  /** The request may be at the processor, or may have been before. */
  reached: boolean
  /** It is on the wire now. */
  onWire: boolean
  /** The caller waits no more: nothing is sent again. */
  abandoned: boolean
  /** Why the last sending came to nothing, while the next one is waited for. */
  last: Setback | undefined
}

const noAnswer = (timeout: Duration.Duration): Setback => ({
  _tag: "NoAnswer",
  description: `no answer within ${Duration.format(timeout)}`,
  httpStatus: 0
})

/** `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3). */
const retryAfter = ({ headers }: Reply, now: number): Duration.Duration | undefined => {
  const text = headers["retry-after"]
  if (text === undefined) return undefined
  const millis = /^\d{1,6}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return millis >= 0 ? Duration.millis(millis) : undefined
}

/** What sending takes: the client, and the time limits of everything sent with it. */
export interface Line {
  readonly http: HttpClient.HttpClient
  readonly timeouts: Timeouts
  readonly tokens: Tokens
}

/** Sends one request and reads its reply; nothing else in the service sends. */
const exchange = (
  { http, timeouts }: Line,
  request: Request,
  { connectTimeout, policy }: Outgoing["entry"]
): Effect.Effect<Reply, Setback> =>
  timeouts.within(
    (arrived) =>
      connectTimeout(http.execute(request)).pipe(
        Effect.flatMap(({ headers, status, text }) => {
          arrived()
          return Effect.map(text, (text): Reply => ({ status, headers, text }))
        }),
        Effect.mapErrorEager(setbackOf)
      ),
    Duration.toMillis(policy.firstByteTimeout),
    Duration.toMillis(policy.timeout),
    (millis) => Effect.fail(noAnswer(Duration.millis(millis)))
  )

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
  return Effect.matchEffect(status < 300 ? read(reply) : rejection(reply), {
    onSuccess: (value) => Effect.succeed(Result.succeed(value)),
    onFailure: (reason): Effect.Effect<Answer, Setback> => {
      if (reason._tag === "UnreadableReply") return setback("Unreadable", reason.description)
      return reason._tag === "Conflict" && reason.kind === "InProgress"
        ? setback("InProgress", reason.rawCode)
        : Effect.succeed(Result.fail(reason))
    }
  })
}

/**
 * One sending, if `begin` still allows it when it comes to that: with the account's token where there is one, and after a
 * 401, which a processor gives before it does anything, once more with a fresh one.
 */
const deliver = (line: Line, outgoing: Outgoing, begin: () => boolean): Effect.Effect<Answer, Setback> => {
  const { account, entry } = outgoing
  const send = <A>(request: Request, read: (reply: Reply) => Effect.Effect<A, Setback>): Effect.Effect<A, Setback> =>
    outgoing.guard(
      Effect.suspend(() => (begin() ? Effect.flatMap(exchange(line, request, entry), read) : Effect.fail(givenUp)))
    )
  if (account === undefined) return send(outgoing.request, (reply) => readReply(outgoing, reply))
  const withToken = (again: boolean): Effect.Effect<Answer, Setback> =>
    Effect.flatMap(line.tokens.get(account), (token): Effect.Effect<Answer, Setback> => {
      if (Result.isFailure(token)) {
        const description = `no access token: ${token.failure._tag}`
        // the refusal of a token is no answer to what would have been sent with it
        return Effect.fail({ _tag: "NotSent", description, httpStatus: 0, reason: token.failure })
      }
      const sent = send(account.sign(token.success), (reply): Effect.Effect<Answer | undefined, Setback> => {
        if (reply.status !== 401) return readReply(outgoing, reply)
        line.tokens.refused(account, token.success)
        return again ? Effect.undefined : readReply(outgoing, reply)
      })
      return Effect.flatMap(sent, (answer) => (answer === undefined ? withToken(false) : Effect.succeed(answer)))
    })
  return withToken(true)
}

const always = (): boolean => true

/**
 * Runs `once`, and after a setback again as the policy says while it `may`; where the first goes well that costs nothing.
 * A processor that asks for more patience than the policy has is not waited for: the caller is told.
 */
const again = <A>(
  once: Effect.Effect<A, Setback>,
  { policy, retry }: Outgoing["entry"],
  may: (setback: Setback) => boolean | Effect.Effect<boolean>
): Effect.Effect<A, Setback> =>
  Effect.catchEager(once, (first) => {
    let next: Effect.Effect<A, Setback> = Effect.fail(first)
    const sending = Effect.suspend(() => {
      const now = next
      next = once
      return now
    })
    // what this service holds back itself is the caller's to send again
    const over = ({ reason, retryAfter = Duration.zero }: Setback) =>
      reason !== undefined || Duration.isGreaterThan(retryAfter, policy.retry.patience)
    return Effect.retry(sending, { schedule: retry, while: (setback) => !over(setback) && may(setback) })
  })

/** Sends a request that changes nothing, again as its policy says. */
export const sendRead = (line: Line, outgoing: Outgoing): Effect.Effect<Answer, Setback> =>
  again(deliver(line, outgoing, always), outgoing.entry, always)

/**
 * Sends a write. It is sent again, byte for byte, only if the last sending was not written at all, if the processor
 * turned it away unprocessed, or, while `keyIsFresh`, under a key that the processor honours.
 */
export const sendWrite = (
  line: Line,
  outgoing: Outgoing,
  progress: Progress,
  keyIsFresh: (now: number) => boolean
): Effect.Effect<Answer, Setback> => {
  const begin = (): boolean => {
    progress.onWire = !progress.abandoned
    return progress.onWire
  }
  const once = Effect.mapErrorEager(deliver(line, outgoing, begin), (setback) => {
    progress.onWire = false
    progress.last = setback
    if (setback._tag !== "NotSent" && setback._tag !== "TurnedAway") progress.reached = true
    return setback
  })
  return again(once, outgoing.entry, (setback) => {
    if (progress.abandoned || setback.maySendAgain === false) return false
    // nothing is at the processor yet, so there is nothing that a forgotten key could repeat
    return progress.reached ? Effect.map(Clock.currentTimeMillis, keyIsFresh) : true
  })
}

/** A write on its way, for the log. */
export interface Writing {
  readonly connector: string
  readonly flow: string
  readonly reference: string
}

/** Fibers that read replies to their end whether or not their callers still wait. */
export class Background {
  readonly #running = new Linked<{
    readonly fiber: Fiber.Fiber<unknown, unknown>
    readonly write?: Writing | undefined
  }>()

  /** Runs `effect`, which sends `write` where it is there, so that nothing but its own end stops it. */
  run<A, E>(effect: Effect.Effect<A, E>, write?: Writing): Effect.Effect<Fiber.Fiber<A, E>> {
    return Effect.map(Effect.forkDetach(effect, { startImmediately: true }), (fiber) => {
      if (fiber.pollUnsafe() === undefined) {
        const running = this.#running.add({ fiber, write })
        fiber.addObserver(() => this.#running.remove(running))
      }
      return fiber
    })
  }

  /** Ends when nothing runs any more. */
  readonly ended: Effect.Effect<void> = Effect.suspend(() =>
    Fiber.awaitAll(this.#running.values.map(({ fiber }) => fiber))
  ).pipe(Effect.asVoid)

  /** The writes that have not ended. */
  get writes(): ReadonlyArray<Writing> {
    return this.#running.values.flatMap(({ write }) => write ?? [])
  }
}
