import type { Reason } from "@connector-service/domain/Reason"
import { Clock, Duration, Effect, Fiber, type Option, Result } from "effect"
import type { HttpClient, HttpClientRequest } from "effect/http"
import type { Entry, Registered } from "./Registry.ts"
import type { Conflict, Reply } from "./Reply.ts"
import { type Setback, setbackOf } from "./Setback.ts"
import type { Timeouts } from "./Timeouts.ts"

type Request = HttpClientRequest.HttpClientRequest

/** What a reply says, once it could be read. */
export type Answer = Result.Result<unknown, Reason | Conflict>

/** A request ready to go, and how its reply is read. */
export interface Outgoing {
  readonly registered: Registered
  readonly entry: Pick<Entry, "policy" | "retry">
  readonly request: Request
  readonly read: (reply: Reply) => Effect.Effect<unknown, Reason | Conflict>
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
}

/** Sends one request and reads its reply; nothing else in the service sends. */
const exchange = (
  { http, timeouts }: Line,
  request: Request,
  timeout: Duration.Duration
): Effect.Effect<Reply, Setback> =>
  timeouts.within(
    http.execute(request).pipe(
      Effect.flatMap(({ headers, status, text }) => Effect.map(text, (text): Reply => ({ status, headers, text }))),
      Effect.mapErrorEager(setbackOf)
    ),
    Duration.toMillis(timeout),
    () => Effect.fail(noAnswer(timeout))
  )

/** What a reply says, or why it says nothing to go by. */
const readReply = ({ read, registered: { connector } }: Outgoing, reply: Reply): Effect.Effect<Answer, Setback> => {
  const { status } = reply
  if (connector.unprocessed?.(reply) === true) {
    return Effect.map(Clock.currentTimeMillis, (now) => retryAfter(reply, now)).pipe(
      Effect.flatMap((retryAfter) =>
        Effect.fail({ _tag: "TurnedAway", description: `HTTP ${status}`, httpStatus: status, retryAfter } as const)
      )
    )
  }
  if (status >= 500 || (status >= 300 && status < 400)) {
    return Effect.fail({
      _tag: status >= 500 ? "Faulted" : "Unreadable",
      description: `HTTP ${status}`,
      httpStatus: status,
      maySendAgain: connector.maySendAgain?.(reply)
    })
  }
  return Effect.matchEffect(status < 300 ? read(reply) : connector.rejection(reply), {
    onSuccess: (value) => Effect.succeed(Result.succeed(value)),
    onFailure: (reason): Effect.Effect<Answer, Setback> => {
      if (reason._tag === "UnreadableReply") {
        return Effect.fail({ _tag: "Unreadable", description: reason.description, httpStatus: reason.httpStatus })
      }
      return reason._tag === "Conflict" && reason.kind === "InProgress"
        ? Effect.fail({ _tag: "InProgress", description: reason.rawCode, httpStatus: status })
        : Effect.succeed(Result.fail(reason))
    }
  })
}

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
    const tooLong = ({ retryAfter = Duration.zero }: Setback) =>
      Duration.isGreaterThan(retryAfter, policy.retry.patience)
    return Effect.retry(sending, { schedule: retry, while: (setback) => !tooLong(setback) && may(setback) })
  })

/** Sends a request that changes nothing, again as its policy says. */
export const sendRead = (line: Line, outgoing: Outgoing): Effect.Effect<Answer, Setback> =>
  again(
    Effect.flatMap(exchange(line, outgoing.request, outgoing.entry.policy.timeout), (reply) =>
      readReply(outgoing, reply)
    ),
    outgoing.entry,
    () => true
  )

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
  const once = Effect.suspend((): Effect.Effect<Answer, Setback> => {
    if (progress.abandoned) return Effect.fail({ _tag: "NotSent", description: "given up", httpStatus: 0 })
    progress.onWire = true
    return exchange(line, outgoing.request, outgoing.entry.policy.timeout).pipe(
      Effect.flatMap((reply) => readReply(outgoing, reply)),
      Effect.mapErrorEager((setback) => {
        progress.onWire = false
        progress.last = setback
        if (setback._tag !== "NotSent" && setback._tag !== "TurnedAway") progress.reached = true
        return setback
      })
    )
  })
  return again(once, outgoing.entry, (setback) => {
    if (progress.abandoned || setback.maySendAgain === false) return false
    // nothing is at the processor yet, so there is nothing that a forgotten key could repeat
    return progress.reached ? Effect.map(Clock.currentTimeMillis, keyIsFresh) : true
  })
}

/** Fibers that read replies to their end whether or not their callers still wait. */
export class Background {
  readonly #running = new Set<Fiber.Fiber<unknown, unknown>>()

  /** Runs `effect` so that nothing but its own end stops it. */
  readonly run = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<Fiber.Fiber<A, E>> =>
    Effect.map(Effect.forkDetach(effect, { startImmediately: true }), (fiber) => {
      if (fiber.pollUnsafe() === undefined) {
        this.#running.add(fiber)
        fiber.addObserver(() => this.#running.delete(fiber))
      }
      return fiber
    })

  /** Ends when nothing runs any more. */
  readonly ended: Effect.Effect<void> = Effect.suspend(() => Fiber.awaitAll(this.#running)).pipe(Effect.asVoid)

  /** How many run now. */
  get size(): number {
    return this.#running.size
  }
}

/** Waits for a fiber until `millis` have passed, without stopping it then. */
export const waitFor = <A, E>(
  fiber: Fiber.Fiber<A, E>,
  millis: number | undefined
): Effect.Effect<Option.Option<A>, E> => {
  const joined = Fiber.join(fiber)
  return millis === undefined ? Effect.asSome(joined) : Effect.timeoutOption(joined, millis)
}
