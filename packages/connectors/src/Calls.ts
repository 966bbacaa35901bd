import { type EarlierPayment, nothingTaken, type Payment } from "@connector-service/domain/Payment"
import {
  type Declined,
  describe,
  InvalidField,
  KeyExpired,
  type Reason,
  Rejected,
  UnknownOutcome,
  Unreachable,
  UnreadableReply,
  WrongState
} from "@connector-service/domain/Reason"
import { askedOf } from "@connector-service/domain/Services"
import type { Unsettled } from "@connector-service/domain/Settlement"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import {
  type Call,
  clockSkew,
  compare,
  compareFound,
  type Input,
  outgoing,
  readAnswer,
  readFailed,
  timeLeft,
  unprocessed
} from "./Call.ts"
import type { Before } from "./Connector.ts"
import { build, buildBefore, check, isRead } from "./Prepare.ts"
import type { Conflict } from "./Reply.ts"
import { type Answer, type Background, type Line, type Progress, sendRead, sendWrite } from "./Sender.ts"
import type { Setback } from "./Setback.ts"
import { makeSettling } from "./Settling.ts"

type Request = HttpClientRequest.HttpClientRequest
type Secret = Redacted.Redacted<string>

/** The largest state that comes back in an error's details, which travel as headers. */
const mostState = 4096
const portable = (state: Input["state"]): Input["state"] =>
  state !== undefined && JSON.stringify(state).length <= mostState ? state : undefined

/** What there is to settle of a write that began at `began` and was sent at `lastSent` at the latest. */
const unsettledOf = (flow: string, input: Input, began: number, lastSent: number): Unsettled => ({
  flow,
  reference: input.reference,
  attempt: input.attempt ?? 1,
  paymentId: input.paymentId,
  amount: input.amount,
  firstSentAt: input.firstSentAt ?? DateTime.makeUnsafe(began),
  lastSentAt: DateTime.makeUnsafe(lastSent),
  state: portable(input.state)
})

/** What came of a write is unknown, `reason` being all there is to say. */
const leftUnknown = (flow: string, input: Input, now: number, reason: Reason): UnknownOutcome =>
  new UnknownOutcome({ description: describe(reason), unsettled: unsettledOf(flow, input, now, now) })

/** The effect, or `late` where it does not end before the call's deadline. */
const inTime = <A>(
  call: Call,
  now: number,
  effect: Effect.Effect<A, Reason>,
  late: () => Reason
): Effect.Effect<A, Reason> => {
  const left = timeLeft(call, now)
  return left === undefined
    ? effect
    : Effect.timeoutOrElse(effect, { duration: left, orElse: () => Effect.fail(late()) })
}

/** A repeat that the processor would take for a new write: it has forgotten the key, or honours none. */
const keyExpired = ({ entry }: Call, input: Input, now: number): KeyExpired | undefined => {
  if (input.firstSentAt === undefined) return undefined
  const retention = entry.idempotency?.retention
  const age = now - DateTime.toEpochMillis(input.firstSentAt)
  if (entry.repeatable) return undefined
  return retention === undefined || age >= Duration.toMillis(retention) - clockSkew
    ? new KeyExpired({ retention: retention ?? Duration.zero, unsettled: unsettledOf(entry.name, input, now, now) })
    : undefined
}

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
  ofThisSending.has(reason._tag) ? leftUnknown(flow, input, now, reason) : reason

/** Reasons by which this service itself sends nothing. */
const unsent: ReadonlySet<Reason["_tag"]> = new Set([
  "UnknownConnector",
  "UnsupportedFlow",
  "UnsupportedPaymentMethod",
  "MissingField",
  "InvalidField"
])

/**
 * Why the repeat of a write came to nothing. That this sending did nothing says nothing of the one before it, so what
 * would say that no money moved is an unknown outcome; what the processor itself answered under the key stands.
 */
export const ofRepeat = (flow: string, input: Input, reason: Reason, now: number): Reason => {
  // of a time that cannot be, nothing follows
  if (input.firstSentAt === undefined || (reason._tag === "InvalidField" && reason.field === "first_sent_at"))
    return reason
  return unsent.has(reason._tag) || (reason._tag !== "Rejected" && ofThisSending.has(reason._tag))
    ? leftUnknown(flow, input, now, reason)
    : reason
}

/** Whether the processor promises that a repeat gets what the first sending got. */
const answersAgain = ({ entry: { idempotency } }: Call): boolean =>
  idempotency !== undefined && idempotency.storedError !== "UNDOCUMENTED"

/** A refusal of the issuer where the flow has no such answer: it was not done. */
const notDone = ({ decline: { rawCode, rawMessage = "" } }: Declined): Rejected =>
  new Rejected({ httpStatus: 402, rawCode, rawMessage })

/** Writes whose callers had gone, by how they ended. */
export const abandoned = Metric.counter("connector_writes_abandoned", {
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
        ...outgoing(line, call, request, "read"),
        entry,
        read: (reply) => entry.flow.response(reply, given)
      }),
      { onFailure: (setback) => Effect.fail(readFailed(setback)), onSuccess: readAnswer }
    )
    const late = () => new UnreadableReply({ httpStatus: 0, description: "no answer before the deadline" })
    const told = inTime(call, now, reading, late)
    if (entry.kind === "read") return told
    return told.pipe(
      Effect.flatMap((value) => compareFound(call, input.amount, value)),
      Effect.mapError((reason) => notTold(entry.name, input, now, reason))
    )
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
      { ...outgoing(line, call, request, "write"), entry, read: (reply) => entry.flow.response(reply, given) },
      progress,
      (now) => now - firstSent < half
    ).pipe(Effect.onExit((exit) => (progress.abandoned ? readToItsEnd(call, input, exit) : Effect.void)))
    const writing = { connector: call.target.connector, flow: entry.name, reference: input.reference }
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(background.run(sending, writing), (fiber) => {
        // without an exit of the fiber there is no answer, and with one no interruption
        const gone = (waited: Exit.Exit<Option.Option<Answer>, Setback>) =>
          Exit.isSuccess(waited) ? Option.isNone(waited.value) : Exit.hasInterrupts(waited)
        return Effect.onExit(restore(line.timeouts.wait(fiber, timeLeft(call, now))), (waited) => {
          if (gone(waited)) {
            progress.abandoned = true
            const { account, registered } = call
            registered.guards.stay(account)
            fiber.addObserver(() => registered.guards.leave(account))
          }
          return Effect.void
        })
      })
    )
  }

  /** What goes before the flow's own request gave; whatever becomes of it, nothing of the write itself was sent. */
  const ask = (
    call: Call,
    input: Input,
    request: Request,
    { response }: Before<never, never>,
    now: number
  ): Effect.Effect<Secret, Reason> => {
    const given = { input, credentials: call.credentials } as never
    const asking = Effect.matchEffect(
      sendRead(line, {
        ...outgoing(line, call, request, "read"),
        entry: call.entry.lookUp,
        read: (reply) => response(reply, given)
      }),
      {
        onFailure: (setback) =>
          Effect.fail(unprocessed({ ...setback, description: `before the payment: ${setback.description}` })),
        // what this very reader gave
        onSuccess: (answer) => readAnswer(answer) as Effect.Effect<Secret, Reason>
      }
    )
    const late = () => new Unreachable({ description: "before the payment: no answer before the deadline" })
    return inTime(call, now, asking, late)
  }

  /** What becomes of a write whose sending ended, or whose caller stopped waiting, without the answer that was asked for. */
  const withoutAnswer = Effect.fnUntraced(function* (
    call: Call,
    input: Input,
    now: number,
    progress: Progress,
    waited: Result.Result<Reason | Conflict | undefined, Setback>
  ): Effect.fn.Return<unknown, Reason> {
    const unsettled = unsettledOf(call.entry.name, input, now, yield* Clock.currentTimeMillis)
    const unknown = (description: string) => new UnknownOutcome({ description, unsettled })
    if (Result.isFailure(waited)) {
      return yield* progress.reached
        ? settleUnknown(call, input, unsettled, waited.failure)
        : Effect.fail(unprocessed(waited.failure))
    }
    const reason = waited.success
    if (reason === undefined) {
      const end = line.timeouts.over ? "the service stopped" : "the deadline"
      return yield* progress.onWire || progress.reached
        ? unknown(`no answer before ${end}`)
        : unprocessed(progress.last ?? { _tag: "NotSent", description: `not before ${end}`, httpStatus: 0 })
    }
    if (reason._tag === "Conflict") return yield* settleConflict(call, input, unsettled, reason, progress.reached)
    // what an earlier call under another reference went on with is not told by the refusal of this one, nor what an
    // earlier sending did where the processor does not promise its answer again
    if (reason._tag === "Rejected" && (call.entry.row.resumes || (progress.reached && !answersAgain(call)))) {
      return yield* settleUnknown(call, input, unsettled, { description: describe(reason) })
    }
    // a refusal of the credentials says nothing of what was sent with them before
    if (reason._tag === "InvalidCredentials" && progress.reached) return yield* unknown("the credentials were refused")
    return yield* reason
  })

  const write = (call: Call, input: Input, request: Request, now: number): Effect.Effect<unknown, Reason> => {
    const firstSent = input.firstSentAt === undefined ? now : DateTime.toEpochMillis(input.firstSentAt)
    // what this very write did when it was sent before is as unknown as what it does now
    const reached = input.firstSentAt !== undefined
    const progress: Progress = { reached, onWire: false, abandoned: false, last: undefined }
    const without = (waited: Parameters<typeof withoutAnswer>[4]) => withoutAnswer(call, input, now, progress, waited)
    return Effect.matchEffect(sendAndWait(call, input, request, now, firstSent, progress), {
      onFailure: (setback) => without(Result.fail(setback)),
      onSuccess: (answer): Effect.Effect<unknown, Reason> => {
        if (Option.isNone(answer)) return without(Result.succeed(undefined))
        return Result.isSuccess(answer.value)
          ? compare(call, input.amount, answer.value.success)
          : without(Result.succeed(answer.value.failure))
      }
    })
  }

  /** The flow's own request, sent. */
  const carryOut = (call: Call, input: Input, before: Secret | undefined): Effect.Effect<unknown, Reason> =>
    Effect.flatMap(Clock.currentTimeMillis, (now): Effect.Effect<unknown, Reason> => {
      const wrong = check(call, input, now)
      if (wrong !== undefined) return Effect.fail(wrong)
      return Effect.flatMap(build(call, input, before), (request): Effect.Effect<unknown, Reason> => {
        if (isRead(request)) return read(call, input, request, now)
        const expired = keyExpired(call, input, now)
        return expired === undefined ? write(call, input, request, now) : Effect.fail(expired)
      })
    })

  /** Ends the call unless the earlier payment that its caller named has come to its end and took nothing. */
  const ended = Effect.fnUntraced(function* (call: Call, earlier: EarlierPayment): Effect.fn.Return<void, Reason> {
    const entry = call.registered.entries.get("payment.get")
    if (entry === undefined) {
      return yield* new InvalidField({
        field: "earlier_payment",
        rule: "absent: this processor cannot be asked about payments"
      })
    }
    // a question has no reference, and none is looked for in it
    const payment = (yield* carryOut({ ...call, entry }, earlier as unknown as Input, undefined)) as Payment
    if (payment.final && nothingTaken.has(payment.status)) return
    return yield* new WrongState({ rawCode: payment.rawStatus, found: { _tag: "Payment", payment } })
  })

  /** What is asked before a write is sent. That it came to nothing says nothing of an earlier sending of the write. */
  const asked = <A>(call: Call, input: Input, asking: Effect.Effect<A, Reason>): Effect.Effect<A, Reason> =>
    input.firstSentAt === undefined
      ? asking
      : Effect.catch(asking, (reason) =>
          Effect.flatMap(Clock.currentTimeMillis, (now) =>
            Effect.fail(reason._tag === "UnknownOutcome" ? reason : leftUnknown(call.entry.name, input, now, reason))
          )
        )

  /** A call with something to ask first. */
  const askAndSend = Effect.fnUntraced(function* (call: Call, input: Input): Effect.fn.Return<unknown, Reason> {
    if (input.earlierPayment !== undefined) yield* asked(call, input, ended(call, input.earlierPayment))
    const { before } = call.entry.flow
    const first = before && buildBefore(call, input)
    if (before === undefined || first === undefined) return yield* carryOut(call, input, undefined)
    const now = yield* Clock.currentTimeMillis
    const wrong = check(call, input, now) ?? keyExpired(call, input, now)
    if (wrong !== undefined) return yield* wrong
    return yield* carryOut(call, input, yield* asked(call, input, ask(call, input, first, before, now)))
  })

  const send = (call: Call, input: Input): Effect.Effect<unknown, Reason> =>
    input.earlierPayment === undefined && call.entry.flow.before === undefined
      ? carryOut(call, input, undefined)
      : askAndSend(call, input)

  const call = (call: Call, given: Input): Effect.Effect<unknown, Reason> => {
    // what goes on with a payment is held to what that was asked for
    const asked = call.entry.row.resumes && given.amount === undefined ? askedOf(given.state) : undefined
    const input = asked === undefined ? given : { ...given, amount: asked }
    return Effect.catchTag(send(call, input), "Declined", (declined) => {
      const value = call.entry.row.declined(declined, input)
      return value === undefined ? Effect.fail(notDone(declined)) : Effect.succeed(value)
    })
  }

  return { call, settle }
}
