import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { acme } from "./acme/acme.ts"
import { keyed } from "./acme/keyed.ts"
import { charge, outcome, refusal } from "./Sending.ts"
import { broken, Cut, inOrder, Silence, type Step, start, stub } from "./Stub.ts"

const hours = (count: number) => new Date(start - count * 3_600_000)

/** What one setback, met every time, comes to: how often it is sent, and what the caller is told. */
interface Row {
  readonly read: readonly [sends: number, reason: string]
  readonly keyedWrite: readonly [sends: number, reason: string]
  readonly plainWrite: readonly [sends: number, reason: string]
}

// DESIGN, section 6, rule 2. Each policy allows three sends.
const notWritten: Row = { read: [3, "Unreachable"], keyedWrite: [3, "Unreachable"], plainWrite: [3, "Unreachable"] }
const unknown: Row = {
  read: [3, "UnreadableReply"],
  keyedWrite: [3, "UnknownOutcome"],
  plainWrite: [1, "UnknownOutcome"]
}
const turnedAway: Row = {
  read: [3, "RateLimited"],
  keyedWrite: [3, "RateLimited"],
  plainWrite: [1, "UnknownOutcome"]
}
const answered = (reason: string): Row => ({ read: [1, reason], keyedWrite: [1, reason], plainWrite: [1, reason] })

const setbacks: Readonly<Record<string, readonly [Step, Row]>> = {
  "a refused connection": [broken.refused, notWritten],
  "a name that is not found": [broken.unresolved, notWritten],
  "connections refused at every address": [broken.everywhere, notWritten],
  "connections refused at one address and broken at another": [broken.somewhere, unknown],
  "a host that cannot be reached": [broken.unreachable, notWritten],
  "a live connection on which nothing more comes": [broken.readTimeout, unknown],
  "a host that becomes unreachable while it is written to": [broken.writeUnreachable, unknown],
  "no connection in time": [broken.connectTimeout, notWritten],
  "a connection that breaks": [broken.reset, unknown],
  "a connection that the other side closes": [broken.closed, unknown],
  "an error without a code": [broken.nameless, unknown],
  "no answer": [new Silence(), unknown],
  "a cut reply": [new Cut({ status: 200 }), unknown],
  "a reply in another language": [{ status: 200, body: "<html>" }, unknown],
  "a refusal in another language": [{ status: 400, body: "<html>" }, unknown],
  "a redirect": [{ status: 302, headers: { location: "https://elsewhere.example" } }, unknown],
  "a redirect that looks like a refusal": [refusal(307, "bad"), unknown],
  // RFC 9110 section 15.4.9: Permanent Redirect, the last of its kind, which keeps the method
  "a redirect for good": [refusal(308, "bad", { location: "https://elsewhere.example" }), unknown],
  "500": [{ status: 500, body: { code: "broken" } }, unknown],
  "502": [{ status: 502 }, unknown],
  "503": [{ status: 503 }, unknown],
  // RFC 9110 section 15.5.9, RFC 4918 section 11.4
  "408": [{ status: 408 }, unknown],
  "424": [{ status: 424 }, unknown],
  "a refusal": [refusal(400, "bad"), answered("Rejected")]
}

describe("what is sent again", () => {
  for (const [name, [step, row]] of Object.entries(setbacks)) {
    const kinds = [
      ["a read", "read", keyed, row.read],
      ["a write under a key", "write", keyed, row.keyedWrite],
      ["a write without a key", "write", acme, row.plainWrite]
    ] as const
    for (const [what, kind, connector, [sends, reason]] of kinds) {
      it.effect(`${name}, met by ${what}: ${sends === 1 ? "once" : `${sends} times`}, then ${reason}`, () =>
        Effect.gen(function* () {
          const processor = stub(({ method }) => (kind === "write" && method === "GET" ? { status: 500 } : step))
          const { moneyMoved, reason: told } = yield* outcome(processor, connector, kind)
          expect(told?._tag).toBe(reason)
          expect(moneyMoved).toBe(reason === "UnknownOutcome" ? "UNKNOWN" : "NO")
          const sent = processor.sent.filter(({ method }) => (kind === "write") === (method === "POST"))
          expect(sent.length).toBe(sends)
          const [first] = sent
          // the very same bytes, under the very same key, to the very same place
          for (const { body, headers, url } of sent) {
            expect([body, headers["x-key"], url.href]).toEqual([first?.body, first?.headers["x-key"], first?.url.href])
          }
        })
      )
    }
  }

  it.effect("what is documented as unprocessed, by the processors that say so", () =>
    Effect.gen(function* () {
      for (const [kind, connector, [sends, reason]] of [
        ["read", keyed, turnedAway.read],
        ["write", keyed, turnedAway.keyedWrite],
        ["write", acme, turnedAway.plainWrite]
      ] as const) {
        const processor = stub(() => ({ status: 429 }))
        const told = yield* outcome(processor, connector, kind)
        expect([processor.sent.length, told.reason?._tag]).toEqual([sends, reason])
      }
    })
  )

  it.effect("not a write that the processor says not to send again", () =>
    Effect.gen(function* () {
      const processor = stub(({ method }) =>
        method === "GET" ? { status: 500 } : { ...refusal(500, "x"), headers: { "x-again": "no" } }
      )
      expect((yield* outcome(processor, keyed)).reason?._tag).toBe("UnknownOutcome")
      expect(processor.sent.filter(({ method }) => method === "POST").length).toBe(1)
    })
  )

  it.effect("a write under a key that still runs, until it has ended", () =>
    Effect.gen(function* () {
      const processor = stub(inOrder(refusal(409, "running"), refusal(409, "running"), charge()))
      expect((yield* outcome(processor, keyed)).answer).toMatchObject({ paymentId: "c_1", status: "AUTHORIZED" })
      expect(processor.sent.length).toBe(3)
    })
  )

  it.effect("a write to its success, and then no more", () =>
    Effect.gen(function* () {
      const processor = stub(inOrder(broken.refused, { status: 500 }, charge()))
      expect((yield* outcome(processor, keyed)).answer).toMatchObject({ paymentId: "c_1" })
      expect(processor.sent.length).toBe(3)
    })
  )
})

describe("when it is sent again", () => {
  const gaps = (at: ReadonlyArray<number>) => at.slice(1).map((time, index) => time - (at[index] ?? 0))

  it.effect("after a delay that may be short and is never long", () =>
    Effect.gen(function* () {
      const processor = stub(() => broken.refused)
      yield* outcome(processor, keyed)
      const [first = -1, second = -1] = gaps(processor.sent.map(({ at }) => at))
      expect(first).toBeGreaterThanOrEqual(0)
      expect(first).toBeLessThanOrEqual(200)
      expect(second).toBeLessThanOrEqual(400)
    })
  )

  it.effect("never before the processor's Retry-After, in seconds", () =>
    Effect.gen(function* () {
      const processor = stub(inOrder({ status: 429, headers: { "retry-after": "7" } }, charge()))
      expect((yield* outcome(processor, keyed)).answer).toMatchObject({ paymentId: "c_1" })
      expect(gaps(processor.sent.map(({ at }) => at))).toEqual([7000])
    })
  )

  it.effect("nor before its Retry-After as a date", () =>
    Effect.gen(function* () {
      const date = new Date(start + 9_000).toUTCString()
      const processor = stub(inOrder({ status: 429, headers: { "retry-after": date } }, charge()))
      expect((yield* outcome(processor, keyed)).answer).toMatchObject({ paymentId: "c_1" })
      expect(gaps(processor.sent.map(({ at }) => at))).toEqual([9_000])
    })
  )

  it.effect("no sooner than a fault's Retry-After says", () =>
    Effect.gen(function* () {
      const processor = stub(inOrder({ status: 503, headers: { "retry-after": "7" } }, charge()))
      expect((yield* outcome(processor, keyed)).answer).toMatchObject({ paymentId: "c_1" })
      expect(gaps(processor.sent.map(({ at }) => at))).toEqual([7000])
    })
  )

  it.effect("not against the processor's own word, also where it turned the request away", () =>
    Effect.gen(function* () {
      const processor = stub(() => ({ status: 429, headers: { "x-again": "no" } }))
      expect((yield* outcome(processor, keyed)).reason).toMatchObject({ _tag: "RateLimited" })
      expect(processor.sent.length).toBe(1)
    })
  )

  it.effect("a Retry-After longer than the policy's patience is the caller's to wait", () =>
    Effect.gen(function* () {
      const processor = stub(inOrder({ status: 429, headers: { "retry-after": "11" } }, charge()))
      const { moneyMoved, reason } = yield* outcome(processor, keyed)
      expect(reason).toMatchObject({ _tag: "RateLimited", retryAfter: { value: { millis: 11_000 } } })
      expect([moneyMoved, processor.sent.length]).toEqual(["NO", 1])
    })
  )

  it.effect("not past half of what the key is kept, once a sending may have arrived, however it was turned away", () =>
    Effect.gen(function* () {
      const late = { status: 429, headers: { "retry-after": "9" } }
      const processor = stub(({ method }) => (method === "GET" ? { status: 500 } : late))
      const { reason } = yield* outcome(processor, keyed, "write", { firstSentAt: hours(12) })
      expect(reason?._tag).toBe("UnknownOutcome")
      expect(processor.sent.filter(({ method }) => method === "POST").length).toBe(1)
    })
  )

  it.effect("a Retry-After that is none is no reason to wait", () =>
    Effect.gen(function* () {
      const processor = stub(inOrder({ status: 429, headers: { "retry-after": "soon" } }, charge()))
      expect((yield* outcome(processor, keyed)).answer).toMatchObject({ paymentId: "c_1" })
    })
  )

  it.effect("the last Retry-After is the caller's to keep", () =>
    Effect.gen(function* () {
      const processor = stub(() => ({ status: 429, headers: { "retry-after": "7" } }))
      const { reason } = yield* outcome(processor, keyed)
      expect(reason).toMatchObject({ _tag: "RateLimited", retryAfter: { value: { millis: 7000 } } })
    })
  )
})

describe("a write that was sent before", () => {
  const kinds = { refused: broken.refused, turnedAway: { status: 429 } }
  for (const [name, step] of Object.entries(kinds)) {
    it.effect(`and met no answer stays unknown when the next is ${name}`, () =>
      Effect.gen(function* () {
        const processor = stub((sent, index) =>
          sent.method === "GET" ? { status: 500 } : index === 0 ? broken.reset : step
        )
        const { moneyMoved, reason } = yield* outcome(processor, keyed)
        expect([reason?._tag, moneyMoved]).toEqual(["UnknownOutcome", "UNKNOWN"])
      })
    )

    it.effect(`by an earlier call stays unknown when it is ${name}`, () =>
      Effect.gen(function* () {
        const processor = stub(({ method }) => (method === "GET" ? { status: 500 } : step))
        const firstSentAt = hours(1)
        const { reason } = yield* outcome(processor, keyed, "write", { firstSentAt })
        expect(reason).toMatchObject({ _tag: "UnknownOutcome" })
        if (reason?._tag === "UnknownOutcome")
          expect(reason.unsettled.firstSentAt?.epochMilliseconds).toBe(+firstSentAt)
      })
    )
  }

  it.effect("stays unknown when its key is then refused", () =>
    Effect.gen(function* () {
      const processor = stub((sent, index) =>
        sent.method === "GET" ? { status: 500 } : index === 0 ? broken.reset : refusal(401, "bad_key")
      )
      expect((yield* outcome(processor, keyed)).reason?._tag).toBe("UnknownOutcome")
    })
  )

  it.effect("is sent again within half the time that keys are kept, and not after it", () =>
    Effect.gen(function* () {
      const sends = Effect.fnUntraced(function* (step: Step, age: number) {
        const processor = stub(({ method }) => (method === "GET" ? { status: 500 } : step))
        const { reason } = yield* outcome(processor, keyed, "write", { firstSentAt: hours(age) })
        return [processor.sent.filter(({ method }) => method === "POST").length, reason?._tag]
      })
      expect(yield* sends(broken.reset, 11.9)).toEqual([3, "UnknownOutcome"])
      expect(yield* sends(broken.reset, 12)).toEqual([1, "UnknownOutcome"])
      expect(yield* sends(broken.refused, 12)).toEqual([1, "UnknownOutcome"])
      expect(yield* sends(broken.reset, 23.9)).toEqual([1, "UnknownOutcome"])
    })
  )

  it.effect("stays unknown when the repeat is refused before it is sent", () =>
    Effect.gen(function* () {
      const processor = stub(() => charge())
      const repeats = {
        "too little time": { options: { deadline: start + 100 } },
        "a card that has expired meanwhile": {
          // docs.stripe.com/testing
          paymentMethod: { _tag: "Card", number: "4242424242424242", expiryMonth: 1, expiryYear: 2024, cvc: "737" }
        },
        "a payment method that is not taken": { paymentMethod: { _tag: "Klarna" } },
        "a key that is too long": { idempotencyKey: "k".repeat(61) },
        "credentials of another form": { target: { credentials: {} } }
      }
      for (const repeat of Object.values(repeats)) {
        const told = yield* outcome(processor, keyed, "write", { firstSentAt: hours(1), ...repeat })
        expect([told.reason?._tag, told.moneyMoved]).toEqual(["UnknownOutcome", "UNKNOWN"])
        expect((yield* outcome(processor, keyed, "write", repeat)).moneyMoved).toBe("NO")
      }
      expect(processor.sent).toEqual([])
    })
  )

  it.effect(
    "is refused where the processor promises its answer again, and else stays unknown until it is looked up",
    () =>
      Effect.gen(function* () {
        const promise = {
          header: "x-key",
          retention: Duration.hours(24),
          maxLength: 60,
          scope: "ACCOUNT",
          otherContent: "FIRST_ANSWER",
          concurrent: "MAY_BE_REFUSED",
          storedError: "UNDOCUMENTED"
        } as const
        const silent = { ...keyed, idempotency: promise }
        const told = (connector: typeof keyed, step: Step) =>
          Effect.map(
            outcome(
              stub(({ method }) => (method === "GET" ? { status: 500 } : step)),
              connector,
              "write",
              { firstSentAt: hours(1) }
            ),
            ({ moneyMoved, reason }) => [reason?._tag, moneyMoved]
          )
        expect(yield* told(keyed, refusal(404, "gone"))).toEqual(["Rejected", "NO"])
        expect(yield* told(silent, refusal(404, "gone"))).toEqual(["UnknownOutcome", "UNKNOWN"])
        // a decline is an answer, and of this sending alone where the first one may still take the money
        expect(yield* told(keyed, refusal(402, "declined"))).toEqual([undefined, undefined])
        expect(yield* told(silent, refusal(402, "declined"))).toEqual(["UnknownOutcome", "UNKNOWN"])
      })
  )

  it.effect("is not sent once its key is forgotten", () =>
    Effect.gen(function* () {
      const processor = stub(() => charge())
      const { moneyMoved, reason } = yield* outcome(processor, keyed, "write", { firstSentAt: hours(24), attempt: 3 })
      expect(processor.sent).toEqual([])
      expect(moneyMoved).toBe("UNKNOWN")
      expect(reason).toMatchObject({
        _tag: "KeyExpired",
        unsettled: { flow: "payment.authorize", reference: "order-1", attempt: 3 }
      })
    })
  )

  it.effect("without a key is sent once, also by a caller whose clock is ahead", () =>
    Effect.gen(function* () {
      // a repeat that can do no more than the first did, such as a void of PayPal's
      const { authorize } = keyed.flows.payment ?? {}
      if (authorize === undefined) return expect(authorize).toBeDefined()
      const natural = { ...keyed, flows: { payment: { authorize: { ...authorize, idempotency: "natural" as const } } } }
      for (const firstSentAt of [hours(1), new Date(start), new Date(start + 60_000)]) {
        const processor = stub(({ method }) => (method === "GET" ? { status: 500 } : broken.reset))
        const { reason } = yield* outcome(processor, natural, "write", { firstSentAt })
        expect(reason?._tag).toBe("UnknownOutcome")
        expect(processor.sent.filter(({ method }) => method === "POST").length).toBe(1)
      }
    })
  )

  it.effect("is not sent again where the processor knows no keys", () =>
    Effect.gen(function* () {
      const processor = stub(() => charge())
      // also by a caller whose clock is a minute ahead
      for (const firstSentAt of [hours(1), new Date(start), new Date(start + 60_000)]) {
        const { moneyMoved, reason } = yield* outcome(processor, acme, "write", { firstSentAt })
        expect(processor.sent).toEqual([])
        expect([reason?._tag, moneyMoved]).toEqual(["KeyExpired", "UNKNOWN"])
      }
    })
  )

  it.effect("cannot have been sent in the future", () =>
    Effect.gen(function* () {
      const processor = stub(() => charge())
      const { reason } = yield* outcome(processor, keyed, "write", { firstSentAt: hours(-1) })
      expect(processor.sent).toEqual([])
      expect(reason).toMatchObject({ _tag: "InvalidField", field: "first_sent_at" })
    })
  )
})
