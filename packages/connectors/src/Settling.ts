import { snake } from "@connector-service/domain/Input"
import {
  Duplicate,
  InvalidField,
  MissingField,
  type Reason,
  UnknownOutcome,
  WrongState
} from "@connector-service/domain/Reason"
import { sentenceOf } from "@connector-service/domain/Sentence"
import type { Found, Settlement, Unsettled } from "@connector-service/domain/Settlement"
import { isOver, statusOf } from "@connector-service/domain/Status"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import {
  address,
  type Call,
  clockSkew,
  compareFound,
  type Input,
  outgoing,
  readAnswer,
  readFailed,
  timeLeft
} from "./Call.ts"
import type { Wait } from "./Policy.ts"
import type { Conflict, Finding } from "./Reply.ts"
import { type Line, sendRead } from "./Sender.ts"
import type { Setback } from "./Setback.ts"

/** Why a look-up was held back or ended without an answer, which says nothing of the write. */
const unanswered: ReadonlySet<Reason["_tag"]> = new Set([
  "CircuitOpen",
  "Overloaded",
  "Unreachable",
  "RateLimited",
  "UnreadableReply"
])
/** Why a look-up was refused, which says as little, whatever the reason would mean by itself. */
const refused: ReadonlySet<Reason["_tag"]> = new Set(["Rejected", "InvalidCredentials", "WrongState", "Duplicate"])

/** What stands in a write's place proves that the write will not come only where nothing can come to it any more. */
const inPlace = (finding: Finding<unknown> | undefined): Found | undefined =>
  finding?._tag === "Others" && isOver(finding.found) ? finding.found : undefined

/** The most pages that are read within a call, where not finding it proves nothing. */
const pagesWithin = 10

/** How far ahead of now a write may be sent for the last time: a caller that lost its service does not know of an earlier end than its call's. */
const longestAhead = Duration.toMillis("25 days")

/** What of a write's times cannot be: by them its look-up would miss it, or come too early to prove anything. */
const impossible = ({ firstSentAt, lastSentAt = firstSentAt }: Unsettled, now: number): InvalidField | undefined => {
  const first = firstSentAt === undefined ? 0 : DateTime.toEpochMillis(firstSentAt)
  const last = lastSentAt === undefined ? now : DateTime.toEpochMillis(lastSentAt)
  if (first > now + clockSkew) return new InvalidField({ field: "unsettled.first_sent_at", rule: "in the past" })
  if (last > now + longestAhead) {
    return new InvalidField({ field: "unsettled.last_sent_at", rule: "at most 25 days ahead" })
  }
  return last < first - clockSkew
    ? new InvalidField({ field: "unsettled.last_sent_at", rule: "not before first_sent_at" })
    : undefined
}

const minute = Duration.minutes(1)
const later = (retryAfter: Duration.Duration): Settlement => ({ _tag: "StillUnknown", retryAfter, awaitWebhook: false })

/** When to ask again after a look-up without an answer: when it says, where it does. */
const laterAfter = (reason: Reason): Settlement =>
  later("retryAfter" in reason && reason.retryAfter !== undefined ? reason.retryAfter : minute)

/** Finding out what became of a write. It only reads. */
export const makeSettling = (line: Line) => {
  /** One look-up, through its pages; undefined when they do not end or the connector has no look-up. */
  const find = Effect.fnUntraced(function* (
    call: Call,
    unsettled: Unsettled,
    pages = Number.POSITIVE_INFINITY
  ): Effect.fn.Return<Finding<unknown> | undefined, Reason> {
    const lookUp = call.entry.flow.settle
    if (lookUp === undefined) return undefined
    const given = { input: unsettled, credentials: call.credentials }
    let cursor: string | undefined
    for (let page = 0; page < Math.min(lookUp.pages, pages); page++) {
      const answer = yield* Effect.mapError(
        sendRead(
          line,
          outgoing(line, call, address(call, lookUp.request(given, cursor)), "read", call.registered.lookUp, (reply) =>
            lookUp.response(reply, given)
          )
        ),
        readFailed
      )
      // what the look-up's own reader gave is what its type says
      const finding = (yield* readAnswer(answer)) as Finding<unknown>
      if (finding._tag !== "More") return finding
      cursor = finding.cursor
    }
    return undefined
  })

  /** The same within a call: nothing found yet is looked for again, and what goes wrong leaves it unknown. */
  const findWithin = Effect.fnUntraced(function* (call: Call, unsettled: Unsettled, again: boolean) {
    const looking = find(call, unsettled, pagesWithin).pipe(
      Effect.orElseSucceed(() => undefined),
      Effect.filterOrFail(
        (finding) => !again || finding?._tag !== "Absent",
        (): Wait => ({})
      ),
      Effect.retry({ schedule: call.entry.settle }),
      Effect.orElseSucceed(() => undefined)
    )
    const left = timeLeft(call, yield* Clock.currentTimeMillis)
    return Option.getOrUndefined(yield* line.timeouts.within(looking, left))
  })

  /** Settles an unknown outcome within the call that has it. */
  const settleUnknown = Effect.fnUntraced(function* (
    call: Call,
    input: Input,
    unsettled: Unsettled,
    { description }: Pick<Setback, "description">
  ): Effect.fn.Return<unknown, Reason> {
    const finding = yield* findWithin(call, unsettled, true)
    if (finding?._tag === "Ours") return yield* compareFound(call, input.amount, finding.value)
    const found = inPlace(finding)
    return yield* found === undefined
      ? new UnknownOutcome({ description, unsettled })
      : new WrongState({ rawCode: description, found })
  })

  /** Looks up what the processor says was there before: this very write, another one, or what has the same key. */
  const settleConflict = Effect.fnUntraced(function* (
    call: Call,
    input: Input,
    unsettled: Unsettled,
    { kind, rawCode }: Conflict,
    reached: boolean
  ): Effect.fn.Return<unknown, Reason> {
    const finding = yield* findWithin(call, unsettled, false)
    if (finding === undefined) return yield* new UnknownOutcome({ description: rawCode, unsettled })
    const found = finding._tag === "Ours" ? call.entry.row.found(finding.value) : inPlace(finding)
    // what stands there under another reference was not made under this key
    if (kind === "Key" && finding._tag !== "Others") return yield* new Duplicate({ rawCode, found })
    if (finding._tag === "Ours") return yield* compareFound(call, input.amount, finding.value)
    return yield* found === undefined && (reached || finding._tag === "Others")
      ? new UnknownOutcome({ description: rawCode, unsettled })
      : new WrongState({ rawCode, found })
  })

  /** What became of a write, as far as the processor can tell by now. A processor that cannot be asked tells nothing. */
  const settle = Effect.fnUntraced(function* (call: Call, unsettled: Unsettled): Effect.fn.Return<Settlement, Reason> {
    if (call.entry.kind === "read") return yield* new InvalidField({ field: "unsettled.flow", rule: "that of a write" })
    const lookUp = call.entry.flow.settle
    if (lookUp === undefined) return { _tag: "StillUnknown", awaitWebhook: true }
    const missing = lookUp.requires?.find((field) => unsettled[field] === undefined)
    if (missing !== undefined) return yield* new MissingField({ field: `unsettled.${snake(missing)}` })
    const now = yield* Clock.currentTimeMillis
    const wrong = impossible(unsettled, now)
    if (wrong !== undefined) return yield* wrong
    const left = timeLeft(call, now)
    const asking = find(call, unsettled).pipe(
      Effect.mapError((reason) =>
        refused.has(reason._tag) ? new UnknownOutcome({ description: sentenceOf(reason), unsettled }) : reason
      ),
      Effect.map((finding) => ({ finding, held: undefined })),
      Effect.catchIf(
        ({ _tag }) => unanswered.has(_tag),
        (held) => Effect.succeed({ finding: undefined, held })
      )
    )
    const asked =
      left === undefined ? yield* asking : Option.getOrUndefined(yield* Effect.timeoutOption(asking, Math.max(0, left)))
    if (asked?.held !== undefined) return laterAfter(asked.held)
    const finding = asked?.finding
    if (finding?._tag === "Ours") {
      const found = call.entry.row.found(yield* compareFound(call, unsettled.amount, finding.value))
      if (found !== undefined) return { _tag: "Taken", found }
    }
    const other = inPlace(finding)
    if (other !== undefined) {
      return { _tag: "NotTaken", evidence: `a look-up found it ${statusOf(other)} by another call` }
    }
    if (finding?._tag !== "Absent" || lookUp.conclusiveAfter === undefined) return later(minute)
    // by a clock that is behind ours it was sent later than it says
    const age = unsettled.lastSentAt === undefined ? 0 : now - DateTime.toEpochMillis(unsettled.lastSentAt) - clockSkew
    const wait = Duration.toMillis(lookUp.conclusiveAfter) - age
    return wait > 0
      ? later(Duration.min(Duration.millis(wait), minute))
      : {
          _tag: "NotTaken",
          evidence: `a look-up ${Duration.format(Duration.millis(age))} after it was last sent did not find it`
        }
  })

  return { settle, settleConflict, settleUnknown }
}
