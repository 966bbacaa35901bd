import { expired } from "@connector-service/domain/Card"
import { snake } from "@connector-service/domain/Input"
import {
  describe,
  InvalidField,
  KeyExpired,
  type Reason,
  UnknownOutcome,
  UnreadableReply
} from "@connector-service/domain/Reason"
import type { Unsettled } from "@connector-service/domain/Settlement"
import { Clock, DateTime, Duration, Effect, type Exit, Metric, Option, Result } from "effect"
import { HttpClientRequest } from "effect/http"
import {
  address,
  type Call,
  compare,
  type Input,
  outgoing,
  readAnswer,
  readFailed,
  timeLeft,
  unprocessed
} from "./Call.ts"
import { idempotencyKey } from "./Key.ts"
import { type Answer, type Background, type Line, type Progress, sendRead, sendWrite, waitFor } from "./Sender.ts"
import type { Setback } from "./Setback.ts"
import { makeSettling } from "./Settling.ts"

type Request = HttpClientRequest.HttpClientRequest

/** How far the caller's clock may be ahead of ours. */
const skew = Duration.toMillis("5 minutes")

/** What every call is held to before anything is built. */
const check = (call: Call, input: Input, now: number): InvalidField | undefined => {
  const { answerMargin, leastTime } = call.entry.policy
  const { expiryMonth, expiryYear, _tag = "" } = input.paymentMethod ?? {}
  if (expiryYear !== undefined && expiryMonth !== undefined && expired({ expiryMonth, expiryYear }, now)) {
    return new InvalidField({
      field: `payment_method.${snake(_tag)}.expiry_year`,
      rule: "that of a card that has not expired"
    })
  }
  if (input.firstSentAt !== undefined && DateTime.toEpochMillis(input.firstSentAt) > now + skew) {
    return new InvalidField({ field: "first_sent_at", rule: "in the past" })
  }
  const left = timeLeft(call, now)
  return left !== undefined && left < Duration.toMillis(leastTime)
    ? new InvalidField({
        field: "deadline",
        rule: `at least ${Duration.format(Duration.sum(leastTime, answerMargin))} away`
      })
    : undefined
}

/** A write with its idempotency key, or the caller's in its place. */
const withKey = ({ credentials, entry, registered: { connector }, target }: Call, input: Input, request: Request) => {
  const { idempotency } = entry
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

/** A request that changes nothing at the processor, whatever its flow is for, needs no key and no settling. */
const isRead = ({ method }: Request): boolean => method === "GET"

/** The request of a call, complete to the last header, and not sent. */
export const prepare = (call: Call, input: Input, now: number): Effect.Effect<Request, Reason> => {
  const wrong = check(call, input, now)
  if (wrong !== undefined) return Effect.fail(wrong)
  // the flow's own input and the credentials that its own schema decoded
  const built = call.entry.flow.request({ input, credentials: call.credentials } as never)
  return Effect.flatMap(built, (request) => {
    const addressed = address(call, request)
    return isRead(request) ? Effect.succeed(addressed) : withKey(call, input, addressed)
  })
}

/** The largest state that comes back in an error's details, which travel as headers. */
const mostState = 4096
const portable = (state: Input["state"]): Input["state"] =>
  state !== undefined && JSON.stringify(state).length <= mostState ? state : undefined

/** What there is to settle of a write that began at `began`; `lastSent` is left out where it was sent by an earlier call. */
const unsettledOf = (flow: string, input: Input, began: number, lastSent?: number): Unsettled => ({
  flow,
  reference: input.reference,
  attempt: input.attempt ?? 1,
  paymentId: input.paymentId,
  amount: input.amount,
  firstSentAt: input.firstSentAt ?? DateTime.makeUnsafe(began),
  lastSentAt: lastSent === undefined ? undefined : DateTime.makeUnsafe(lastSent),
  state: portable(input.state)
})

/** Reasons that say only that this very sending came to nothing. */
const ofThisSending: ReadonlySet<Reason["_tag"]> = new Set([
  "InvalidCredentials",
  "Overloaded",
  "CircuitOpen",
  "Unreachable",
  "RateLimited",
  "UnreadableReply",
  "Rejected"
])

/** A question in a write's place that came to nothing: what the payer did meanwhile is unknown. */
const notTold = (flow: string, input: Input, now: number, reason: Reason): Reason =>
  ofThisSending.has(reason._tag)
    ? new UnknownOutcome({ description: describe(reason), unsettled: unsettledOf(flow, input, now, now) })
    : reason

/**
 * Why the repeat of a write came to nothing. That this sending did nothing says nothing of the one before it, so what
 * would say that no money moved is an unknown outcome; what the processor itself answered under the key stands.
 */
export const ofRepeat = (flow: string, input: Input, reason: Reason): Reason => {
  const here = reason._tag === "InvalidField" && (reason.field === "deadline" || reason.field.endsWith("expiry_year"))
  return input.firstSentAt !== undefined && (here || (reason._tag !== "Rejected" && ofThisSending.has(reason._tag)))
    ? new UnknownOutcome({ description: describe(reason), unsettled: unsettledOf(flow, input, 0) })
    : reason
}

const abandoned = Metric.counter("connector_writes_abandoned", {
  description: "Writes read to their end after their caller had gone",
  incremental: true
})

/** Counts and logs how a write ended whose caller had gone. */
const readToItsEnd = (call: Call, { reference }: Input, exit: Exit.Exit<Answer, Setback>): Effect.Effect<void> => {
  const { entry, target } = call
  const result =
    exit._tag === "Failure"
      ? "no answer"
      : Result.match(exit.value, { onFailure: ({ _tag }) => _tag, onSuccess: () => "answered" })
  const attributes = { connector: target.connector, flow: entry.name, result }
  return Effect.logWarning("a write ended after its caller had gone").pipe(
    Effect.annotateLogs({ ...attributes, reference }),
    Effect.andThen(Metric.update(Metric.withAttributes(abandoned, attributes), 1))
  )
}

/** What a call does, in order: check, build, key, send, read, compare, and settle what stayed unknown. */
export const makeCalls = (line: Line, background: Background) => {
  const { settle, settleConflict, settleUnknown } = makeSettling(line)

  /** A request that changes nothing, whatever its flow is for. */
  const read = (call: Call, input: Input, request: Request, now: number): Effect.Effect<unknown, Reason> => {
    const given = { input, credentials: call.credentials } as never
    const { entry } = call
    const reading = Effect.matchEffect(
      sendRead(line, {
        ...outgoing(line, call, request),
        entry,
        read: (reply) => entry.flow.response(reply, given)
      }),
      { onFailure: (setback) => Effect.fail(readFailed(setback)), onSuccess: readAnswer }
    )
    const left = timeLeft(call, now)
    const inTime =
      left === undefined
        ? reading
        : Effect.timeoutOrElse(reading, {
            duration: left,
            orElse: () =>
              Effect.fail(new UnreadableReply({ httpStatus: 0, description: "no answer before the deadline" }))
          })
    return entry.kind === "read" ? inTime : Effect.mapError(inTime, (reason) => notTold(entry.name, input, now, reason))
  }

  /** Sends a write in the background and waits for it no longer than the caller does. */
  const sendAndWait = (
    call: Call,
    input: Input,
    request: Request,
    now: number,
    firstSent: number,
    progress: Progress
  ) => {
    const { entry } = call
    const { idempotency } = entry
    const half = idempotency === undefined ? 0 : Duration.toMillis(idempotency.retention) / 2
    const given = { input, credentials: call.credentials } as never
    const sending = sendWrite(
      line,
      { ...outgoing(line, call, request), entry, read: (reply) => entry.flow.response(reply, given) },
      progress,
      (now) => now - firstSent < half
    ).pipe(Effect.onExit((exit) => (progress.abandoned ? readToItsEnd(call, input, exit) : Effect.void)))
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(background.run(sending), (fiber) =>
        restore(waitFor(fiber, timeLeft(call, now))).pipe(
          Effect.onInterrupt(() =>
            Effect.sync(() => {
              progress.abandoned = true
            })
          )
        )
      )
    )
  }

  const write = Effect.fnUntraced(function* (
    call: Call,
    input: Input,
    request: Request,
    now: number
  ): Effect.fn.Return<unknown, Reason> {
    const { idempotency } = call.entry
    const firstSent = input.firstSentAt === undefined ? now : DateTime.toEpochMillis(input.firstSentAt)
    // where the processor honours no key, the repeat of a write would be a second one at once
    const retention = idempotency?.retention
    const forgotten = retention === undefined || now - firstSent >= Duration.toMillis(retention)
    if (input.firstSentAt !== undefined && forgotten) {
      return yield* new KeyExpired({
        retention: retention ?? Duration.zero,
        unsettled: unsettledOf(call.entry.name, input, now)
      })
    }
    // what this very write did when it was sent before is as unknown as what it does now
    const reached = input.firstSentAt !== undefined
    const progress: Progress = { reached, onWire: false, abandoned: false, last: undefined }
    const waited = yield* Effect.result(sendAndWait(call, input, request, now, firstSent, progress))
    const answer = Result.isSuccess(waited) ? Option.getOrUndefined(waited.success) : undefined
    if (answer !== undefined && Result.isSuccess(answer)) return yield* compare(call, input.amount, answer.success)

    const unsettled = unsettledOf(call.entry.name, input, now, yield* Clock.currentTimeMillis)
    const unknown = (description: string) => new UnknownOutcome({ description, unsettled })
    if (Result.isFailure(waited)) {
      return yield* progress.reached
        ? settleUnknown(call, input, unsettled, waited.failure)
        : Effect.fail(unprocessed(waited.failure))
    }
    if (answer === undefined) {
      progress.abandoned = true
      return yield* progress.onWire || progress.reached
        ? unknown("no answer before the deadline")
        : unprocessed(progress.last ?? { _tag: "NotSent", description: "not before the deadline", httpStatus: 0 })
    }
    const reason = answer.failure
    if (reason._tag === "Conflict") return yield* settleConflict(call, input, unsettled, reason, progress.reached)
    // a refusal of the credentials says nothing of what was sent with them before
    if (reason._tag === "InvalidCredentials" && progress.reached) return yield* unknown("the credentials were refused")
    return yield* reason
  })

  const call = Effect.fnUntraced(function* (call: Call, input: Input): Effect.fn.Return<unknown, Reason> {
    const now = yield* Clock.currentTimeMillis
    const request = yield* prepare(call, input, now)
    const answer = isRead(request) ? read(call, input, request, now) : write(call, input, request, now)
    return yield* Effect.catchTag(answer, "Declined", (declined) => {
      const value = call.entry.row.declined(declined, input)
      return value === undefined ? Effect.fail(declined) : Effect.succeed(value)
    })
  })

  return { call, settle }
}
