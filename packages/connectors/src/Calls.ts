import type { EarlierPayment, Payment } from "@connector-service/domain/Payment"
import {
  InvalidField,
  type Reason,
  UnknownOutcome,
  Unreachable,
  UnreadableReply,
  WrongState
} from "@connector-service/domain/Reason"
import { sentenceOf } from "@connector-service/domain/Sentence"
import { askedOf } from "@connector-service/domain/Services"
import { nothingTaken } from "@connector-service/domain/Status"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import {
  type Call,
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
import type { Progress } from "./Exchange.ts"
import { build, buildBefore, check, isRead } from "./Prepare.ts"
import type { Conflict, Reply } from "./Reply.ts"
import { type Line, sendRead, sendWrite } from "./Sender.ts"
import type { Setback } from "./Setback.ts"
import { makeSettling } from "./Settling.ts"
import { answersAgain, keyExpired, leftUnknown, notTold, unsettledOf } from "./Unknown.ts"

type Request = HttpClientRequest.HttpClientRequest
type Secret = Redacted.Redacted<string>

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

/** What a call does, in order: check, build, key, send, read, compare, and settle what stayed unknown. */
export const makeCalls = (line: Line) => {
  const { settle, settleConflict, settleUnknown } = makeSettling(line)

  /** A request that changes nothing, whatever its flow is for. */
  const read = (call: Call, input: Input, request: Request, now: number): Effect.Effect<unknown, Reason> => {
    const given = { input, credentials: call.credentials } as never
    const { entry } = call
    const reading = Effect.matchEffect(
      sendRead(
        line,
        outgoing(line, call, request, "read", entry, (reply) => entry.flow.response(reply, given))
      ),
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
      sendRead(
        line,
        outgoing(line, call, request, "read", call.registered.lookUp, (reply) => response(reply, given))
      ),
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
    // what an earlier call under another reference went on with is not told by the refusal of this one, nor is what an
    // earlier sending did where the processor does not promise its answer again
    const isRejected = reason._tag === "Rejected"
    const tellsLess = progress.reached && !answersAgain(call) && (isRejected || reason._tag === "Declined")
    if (tellsLess || (isRejected && call.entry.row.resumes)) {
      return yield* settleUnknown(call, input, unsettled, { description: sentenceOf(reason) })
    }
    // a refusal of the credentials says nothing of what was sent with them before
    if (reason._tag === "InvalidCredentials" && progress.reached) return yield* unknown("the credentials were refused")
    return yield* reason
  })

  const write = (call: Call, input: Input, request: Request, now: number): Effect.Effect<unknown, Reason> => {
    const { account, entry, registered, target } = call
    const { flow, idempotency, name } = entry
    // a caller's clock may be ahead of ours
    const firstSent = input.firstSentAt === undefined ? now : Math.min(now, DateTime.toEpochMillis(input.firstSentAt))
    // what this very write did when it was sent before is as unknown as what it does now
    const reached = input.firstSentAt !== undefined
    const progress: Progress = {
      writing: { connector: target.connector, flow: name, reference: input.reference },
      until: now + (timeLeft(call, now) ?? Number.POSITIVE_INFINITY),
      guards: registered.guards,
      account,
      reached,
      onWire: false,
      abandoned: false,
      last: undefined
    }
    const given = { input, credentials: call.credentials } as never
    const stored = reached && idempotency?.storedError === "REPLAYED"
    const read = (reply: Reply) => flow.response(reply, given)
    const sending = outgoing(line, call, request, "write", entry, read, stored)
    const without = (waited: Parameters<typeof withoutAnswer>[4]) => withoutAnswer(call, input, now, progress, waited)
    return Effect.matchEffect(
      sendWrite(line, sending, progress, now, (now) => now - firstSent < entry.millis.halfRetention),
      {
        onFailure: (setback) => without(progress.abandoned ? Result.succeed(undefined) : Result.fail(setback)),
        onSuccess: (answer): Effect.Effect<unknown, Reason> =>
          Result.isSuccess(answer)
            ? compare(call, input.amount, answer.success)
            : without(Result.succeed(answer.failure))
      }
    )
  }

  /** The flow's own request, sent. */
  const carryOut = (
    call: Call,
    input: Input,
    before: Secret | undefined,
    now: number
  ): Effect.Effect<unknown, Reason> => {
    const wrong = check(call, input, now)
    if (wrong !== undefined) return Effect.fail(wrong)
    return Effect.flatMapEager(build(call, input, before), (request): Effect.Effect<unknown, Reason> => {
      if (isRead(request)) return read(call, input, request, now)
      const expired = keyExpired(call, input, now)
      return expired === undefined ? write(call, input, request, now) : Effect.fail(expired)
    })
  }

  /** Ends the call unless the earlier payment that its caller named has come to its end and took nothing. */
  const ended = Effect.fnUntraced(function* (
    call: Call,
    earlier: EarlierPayment,
    now: number
  ): Effect.fn.Return<void, Reason> {
    const entry = call.registered.entries.get("payment.get")
    if (entry === undefined) {
      return yield* new InvalidField({
        field: "earlier_payment",
        rule: "absent: this processor cannot be asked about payments"
      })
    }
    // a question has no reference, and none is looked for in it
    const payment = (yield* carryOut({ ...call, entry }, earlier as unknown as Input, undefined, now)) as Payment
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
  const askAndSend = Effect.fnUntraced(function* (
    call: Call,
    input: Input,
    began: number
  ): Effect.fn.Return<unknown, Reason> {
    if (input.earlierPayment !== undefined) yield* asked(call, input, ended(call, input.earlierPayment, began))
    const { before } = call.entry.flow
    const first = before && buildBefore(call, input)
    const now = yield* Clock.currentTimeMillis
    if (before === undefined || first === undefined) return yield* carryOut(call, input, undefined, now)
    const wrong = check(call, input, now) ?? keyExpired(call, input, now)
    if (wrong !== undefined) return yield* wrong
    const secret = yield* asked(call, input, ask(call, input, first, before, now))
    return yield* carryOut(call, input, secret, yield* Clock.currentTimeMillis)
  })

  /** Carries out one flow. */
  const call = (call: Call, given: Input, now: number): Effect.Effect<unknown, Reason> => {
    // what goes on with a payment is held to what that was asked for
    const asked = call.entry.row.resumes && given.amount === undefined ? askedOf(given.state) : undefined
    const input = asked === undefined ? given : { ...given, amount: asked }
    return input.earlierPayment === undefined && call.entry.flow.before === undefined
      ? carryOut(call, input, undefined, now)
      : askAndSend(call, input, now)
  }

  return { call, settle }
}
