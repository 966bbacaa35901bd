import { expired } from "@connector-service/domain/Card"
import { equals, type Money } from "@connector-service/domain/Money"
import {
  AmountMismatch,
  Duplicate,
  InvalidField,
  KeyExpired,
  RateLimited,
  type Reason,
  Rejected,
  statusOf,
  UnknownOutcome,
  Unreachable,
  UnreadableReply,
  WrongState
} from "@connector-service/domain/Reason"
import type { Settlement, Unsettled } from "@connector-service/domain/Settlement"
import type { Write } from "@connector-service/domain/Write"
import { Clock, DateTime, Duration, Effect, type Exit, Metric, Option, Result } from "effect"
import { type HttpClient, HttpClientRequest } from "effect/http"
import { idempotencyKey } from "./Key.ts"
import type { Wait } from "./Policy.ts"
import type { Entry, Registered, Target } from "./Registry.ts"
import type { Conflict, Finding } from "./Reply.ts"
import { type Answer, type Background, type Outgoing, type Progress, sendRead, sendWrite, waitFor } from "./Sender.ts"
import type { Setback } from "./Setback.ts"

/** Every write, whatever else it holds. */
export interface WriteInput extends Write {
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

const abandoned = Metric.counter("connector_writes_abandoned", {
  description: "Writes read to their end after their caller had gone",
  incremental: true
})

/** A call's own idempotency key, or the caller's in its place. */
const withKey = (
  { credentials, entry, registered: { connector }, target }: Call,
  input: WriteInput,
  request: HttpClientRequest.HttpClientRequest
): Effect.Effect<HttpClientRequest.HttpClientRequest, InvalidField> => {
  const { idempotency } = connector
  if (idempotency === undefined) return Effect.succeed(request)
  if (input.idempotencyKey !== undefined && input.idempotencyKey.length > idempotency.maxLength) {
    return Effect.fail(
      new InvalidField({ field: "idempotency_key", rule: `at most ${idempotency.maxLength} characters` })
    )
  }
  const key =
    input.idempotencyKey ??
    idempotencyKey({
      connector: connector.id,
      environment: target.environment,
      account: connector.account?.(credentials) ?? "",
      flow: entry.name,
      paymentId: input.paymentId,
      reference: input.reference,
      attempt: input.attempt ?? 1,
      returned: input.returned
    })
  return Effect.succeed(HttpClientRequest.setHeader(request, idempotency.header, key))
}

/** A write's answer that came after its caller had gone. */
const readToItsEnd = (
  { connector }: Target,
  { flow, reference }: Unsettled,
  exit: Exit.Exit<Answer, Setback>
): Effect.Effect<void> => {
  const result =
    exit._tag === "Failure"
      ? "no answer"
      : Result.match(exit.value, { onFailure: ({ _tag }) => _tag, onSuccess: () => "answered" })
  return Metric.update(Metric.withAttributes(abandoned, { connector, flow, result }), 1).pipe(
    Effect.andThen(
      Effect.annotateLogs(Effect.logWarning("a write ended after its caller had gone"), {
        connector,
        flow,
        reference,
        result
      })
    )
  )
}

const readFailed = (setback: Setback): Reason =>
  setback._tag === "NotSent"
    ? new Unreachable({ description: setback.description })
    : setback._tag === "TurnedAway"
      ? new RateLimited({ retryAfter: setback.retryAfter })
      : new UnreadableReply({ httpStatus: setback.httpStatus, description: setback.description })

/** What a call does, in order: build, key, send, read, compare, and settle what stayed unknown. */
export const makeCalls = (http: HttpClient.HttpClient, background: Background) => {
  /** Time left before the answer is due; undefined without a deadline. */
  const remaining = ({ deadline, entry }: Call, now: number): number | undefined =>
    deadline === undefined ? undefined : deadline - now - Duration.toMillis(entry.policy.answerMargin)

  const address = ({ credentials, registered, target }: Call, request: HttpClientRequest.HttpClientRequest) => {
    const { auth, headers } = registered.connector
    const addressed = HttpClientRequest.prependUrl(request, registered.baseUrl[target.environment])
    return auth(headers === undefined ? addressed : HttpClientRequest.setHeaders(addressed, headers), credentials)
  }

  const bounded = <A>(call: Call, now: number, effect: Effect.Effect<A, Reason>): Effect.Effect<A, Reason> => {
    const left = remaining(call, now)
    return left === undefined
      ? effect
      : Effect.timeoutOrElse(effect, {
          duration: left,
          orElse: () =>
            Effect.fail(new UnreadableReply({ httpStatus: 0, description: "no answer before the deadline" }))
        })
  }

  const read = (outgoing: Outgoing): Effect.Effect<unknown, Reason> =>
    Effect.matchEffect(sendRead(http, outgoing), {
      onFailure: (setback) => Effect.fail(readFailed(setback)),
      onSuccess: (answer) =>
        Result.isSuccess(answer)
          ? Effect.succeed(answer.success)
          : Effect.fail(
              answer.failure._tag === "Conflict"
                ? new Rejected({ httpStatus: 409, rawCode: answer.failure.rawCode, rawMessage: "" })
                : answer.failure
            )
    })

  /** One look-up, through its pages. */
  const find = Effect.fnUntraced(function* (call: Call, unsettled: Unsettled) {
    const lookUp = call.entry.flow.settle
    if (lookUp === undefined) return undefined
    const given = { input: unsettled, credentials: call.credentials }
    let cursor: string | undefined
    for (let page = 0; page < lookUp.pages; page++) {
      // what a look-up reads is a finding, as its type says
      const finding = (yield* read({
        registered: call.registered,
        entry: call.entry.lookUp,
        request: address(call, lookUp.request(given, cursor)),
        read: (reply) => lookUp.response(reply, given)
      })) as Finding<unknown>
      if (finding._tag !== "More") return finding
      cursor = finding.cursor
    }
    return undefined
  })

  const compare = (call: Call, input: WriteInput, value: unknown): Effect.Effect<unknown, AmountMismatch> => {
    const { found, moved } = call.entry.row
    const took = moved(value)
    const what = found(value)
    return input.amount === undefined || took === undefined || what === undefined || equals(input.amount, took)
      ? Effect.succeed(value)
      : Effect.fail(new AmountMismatch({ asked: input.amount, found: what }))
  }

  /** Looks an unknown outcome or a conflict up within the call; what cannot be found out stays unknown. */
  const resolve = Effect.fnUntraced(function* (
    call: Call,
    input: WriteInput,
    unsettled: Unsettled,
    reached: boolean,
    why: Setback | Conflict
  ): Effect.fn.Return<unknown, Reason> {
    const description = why._tag === "Conflict" ? why.rawCode : why.description
    const unknown = new UnknownOutcome({ description, unsettled })
    const conflict = why._tag === "Conflict" ? why : undefined
    const looking = find(call, unsettled).pipe(
      Effect.orElseSucceed(() => undefined),
      Effect.filterOrFail(
        (finding) => finding?._tag !== "Absent" || conflict !== undefined,
        (): Wait => ({})
      ),
      Effect.retry({ schedule: call.entry.settle }),
      Effect.orElseSucceed(() => undefined)
    )
    const left = remaining(call, yield* Clock.currentTimeMillis)
    const finding =
      left === undefined ? yield* looking : Option.getOrUndefined(yield* Effect.timeoutOption(looking, left))
    if (finding?._tag === "Ours") {
      const found = call.entry.row.found(finding.value)
      return conflict?.kind === "Key"
        ? yield* new Duplicate({ rawCode: conflict.rawCode, found })
        : yield* compare(call, input, finding.value)
    }
    if (finding?._tag === "Others")
      return yield* new WrongState({ rawCode: conflict?.rawCode ?? "", found: finding.found })
    if (conflict?.kind === "State" && !reached) return yield* new WrongState({ rawCode: conflict.rawCode })
    if (conflict?.kind === "Key") return yield* new Duplicate({ rawCode: conflict.rawCode })
    return yield* unknown
  })

  const write = Effect.fnUntraced(function* (
    call: Call,
    input: WriteInput,
    request: HttpClientRequest.HttpClientRequest,
    now: number
  ): Effect.fn.Return<unknown, Reason> {
    const { entry, registered, target } = call
    const { idempotency } = registered.connector
    const firstSent = input.firstSentAt === undefined ? now : DateTime.toEpochMillis(input.firstSentAt)
    const unsettled = (): Unsettled => ({
      flow: entry.name,
      reference: input.reference,
      attempt: input.attempt ?? 1,
      paymentId: input.paymentId,
      amount: input.amount,
      firstSentAt: DateTime.makeUnsafe(firstSent),
      state: input.state
    })
    const retention = idempotency === undefined ? 0 : Duration.toMillis(idempotency.retention)
    if (idempotency !== undefined && now - firstSent >= retention) {
      return yield* new KeyExpired({ retention: idempotency.retention, unsettled: unsettled() })
    }
    const keyed = yield* withKey(call, input, address(call, request))
    // a repeat of a call that may have reached the processor is as unknown as that one
    const progress: Progress = { reached: input.firstSentAt !== undefined, onWire: false, abandoned: false }
    const fiber = yield* background.run(
      sendWrite(
        http,
        {
          registered,
          entry,
          request: keyed,
          read: (reply) => entry.flow.response(reply, { input, credentials: call.credentials } as never)
        },
        progress,
        (now) => idempotency !== undefined && now - firstSent < retention / 2
      ).pipe(Effect.onExit((exit) => (progress.abandoned ? readToItsEnd(target, unsettled(), exit) : Effect.void)))
    )
    const waited = yield* Effect.result(waitFor(fiber, remaining(call, now))).pipe(
      Effect.onInterrupt(() =>
        Effect.sync(() => {
          progress.abandoned = true
        })
      )
    )
    if (Result.isFailure(waited)) {
      if (progress.reached) return yield* resolve(call, input, unsettled(), true, waited.failure)
      return yield* waited.failure._tag === "TurnedAway"
        ? new RateLimited({ retryAfter: waited.failure.retryAfter })
        : new Unreachable({ description: waited.failure.description })
    }
    if (Option.isNone(waited.success)) {
      progress.abandoned = true
      return yield* progress.onWire || progress.reached
        ? new UnknownOutcome({ description: "no answer before the deadline", unsettled: unsettled() })
        : new Unreachable({ description: "not before the deadline" })
    }
    const answer = waited.success.value
    if (Result.isSuccess(answer)) return yield* compare(call, input, answer.success)
    const reason = answer.failure
    if (reason._tag === "Conflict") return yield* resolve(call, input, unsettled(), progress.reached, reason)
    if (reason._tag === "InvalidCredentials" && progress.reached) {
      return yield* new UnknownOutcome({
        description: "the processor refused the credentials of a repeat",
        unsettled: unsettled()
      })
    }
    return yield* reason
  })

  const call = Effect.fnUntraced(function* (call: Call, input: WriteInput): Effect.fn.Return<unknown, Reason> {
    const { entry } = call
    const now = yield* Clock.currentTimeMillis
    const { paymentMethod } = input
    if (
      paymentMethod?.expiryYear !== undefined &&
      paymentMethod.expiryMonth !== undefined &&
      expired({ expiryMonth: paymentMethod.expiryMonth, expiryYear: paymentMethod.expiryYear }, now)
    ) {
      return yield* new InvalidField({
        field: "payment_method.card.expiry_year",
        rule: "that of a card that has not expired"
      })
    }
    const left = remaining(call, now)
    const least = Duration.toMillis(entry.policy.leastTime)
    if (left !== undefined && left < least) {
      const rule = `at least ${least + Duration.toMillis(entry.policy.answerMargin)} ms away`
      return yield* new InvalidField({ field: "deadline", rule })
    }
    const given = { input, credentials: call.credentials } as never
    const request = yield* entry.flow.request(given)
    const answered =
      request.method === "GET"
        ? bounded(
            call,
            now,
            read({ ...call, request: address(call, request), read: (reply) => entry.flow.response(reply, given) })
          )
        : write(call, input, request, now)
    return yield* Effect.catchTag(answered, "Declined", (declined) => {
      const answer = entry.row.declined(declined, input as never)
      return answer === undefined ? Effect.fail(declined) : Effect.succeed(answer)
    })
  })

  const settle = Effect.fnUntraced(function* (call: Call, unsettled: Unsettled): Effect.fn.Return<Settlement, Reason> {
    const lookUp = call.entry.flow.settle
    if (lookUp === undefined) return { _tag: "StillUnknown", awaitWebhook: true }
    const now = yield* Clock.currentTimeMillis
    const finding = yield* bounded(call, now, find(call, unsettled))
    if (finding?._tag === "Ours") {
      const found = call.entry.row.found(finding.value)
      if (found !== undefined) return { _tag: "Taken", found }
    }
    if (finding?._tag === "Others")
      return { _tag: "NotTaken", evidence: `a look-up found it ${statusOf(finding.found)} by another call` }
    const conclusive = DateTime.toEpochMillis(unsettled.firstSentAt) + Duration.toMillis(lookUp.conclusiveAfter)
    if (finding?._tag === "Absent" && now >= conclusive) {
      return {
        _tag: "NotTaken",
        evidence: `a look-up ${Duration.format(Duration.millis(now - DateTime.toEpochMillis(unsettled.firstSentAt)))} after it was first sent did not find it`
      }
    }
    const wait = finding?._tag === "Absent" ? Math.max(1000, Math.min(conclusive - now, 60_000)) : 60_000
    return { _tag: "StillUnknown", retryAfter: Duration.millis(wait), awaitWebhook: false }
  })

  return { call, settle }
}
