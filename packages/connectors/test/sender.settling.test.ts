import type { AnyConnector } from "@connector-service/connectors/Connector"
import { Connectors } from "@connector-service/connectors/Connectors"
import { stripe } from "@connector-service/connectors/stripe/connector"
import type { Money } from "@connector-service/domain/Money"
import { describe, expect, it } from "@effect/vitest"
import { Clock, DateTime, Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { acme } from "./acme/acme.ts"
import { keyed, lookUp } from "./acme/keyed.ts"
import { calling, charge, outcome, page, refusal, result, targetOf } from "./Sending.ts"
import { broken, ended, inOrder, over, Silence, type Step, type Stub, start, stub } from "./Stub.ts"
import { cardError, error, list, missing, ok, refund, reserved, voided } from "./stripe/replies.ts"

const lost = refusal(500, "x", { "x-again": "no" })
const ours = page([charge({ id: "c_9", reference: "order-9" }).body, charge().body])
const none = page([])

/** A write that is answered `first`, and look-ups that are answered by the rest. */
const then = (first: Step, ...found: readonly [Step, ...ReadonlyArray<Step>]): Stub => {
  const script = inOrder(...found)
  return stub((sent, index) => (sent.method === "POST" ? first : script(sent, index - 1)))
}

describe("within the call", () => {
  it.effect("what was taken is found and answered", () =>
    Effect.gen(function* () {
      const processor = then(lost, ours)
      expect((yield* outcome(processor, keyed)).answer).toMatchObject({ paymentId: "c_1", status: "AUTHORIZED" })
      expect(processor.sent.map(({ method }) => method)).toEqual(["POST", "GET"])
    })
  )

  it.effect("what was taken is found on a later page", () =>
    Effect.gen(function* () {
      const processor = then(lost, page([charge({ id: "c_9", reference: "order-9" }).body], true), ours)
      expect((yield* outcome(processor, keyed)).answer).toMatchObject({ paymentId: "c_1" })
      expect(processor.sent[2]?.url.search).toBe("?after=c_9")
    })
  )

  it.effect("what is not found yet is looked for again, and stays unknown", () =>
    Effect.gen(function* () {
      const processor = then(lost, none)
      const { moneyMoved, reason } = yield* outcome(processor, keyed)
      expect([reason?._tag, moneyMoved]).toEqual(["UnknownOutcome", "UNKNOWN"])
      expect(processor.sent.filter(({ method }) => method === "GET").length).toBe(3)
    })
  )

  it.effect("what is found at another amount is a mismatch: money moved", () =>
    Effect.gen(function* () {
      const processor = then(lost, page([charge({ units: 999 }).body]))
      const { moneyMoved, reason } = yield* outcome(processor, keyed)
      expect([reason?._tag, moneyMoved]).toEqual(["AmountMismatch", "YES"])
    })
  )

  it.effect("a look-up that fails leaves it unknown", () =>
    Effect.gen(function* () {
      for (const broken of [refusal(401, "x"), { status: 200, body: "<html>" }, { status: 503 }]) {
        expect((yield* outcome(then(lost, broken), keyed)).reason?._tag).toBe("UnknownOutcome")
      }
    })
  )
})

describe("a conflict", () => {
  const reasons: ReadonlyArray<readonly [name: string, code: string, found: Step, expected: object]> = [
    ["of state, with this very payment", "done", ours, { answer: { paymentId: "c_1" } }],
    ["of state, with nothing found", "done", none, { reason: { _tag: "WrongState" }, moneyMoved: "NO" }],
    [
      "of key, with what it made",
      "reused",
      ours,
      { reason: { _tag: "Duplicate", found: { _tag: "Payment", payment: { paymentId: "c_1" } } }, moneyMoved: "YES" }
    ],
    ["of key, with nothing found", "reused", none, { reason: { _tag: "Duplicate" }, moneyMoved: "UNKNOWN" }],
    [
      "of key, with a look-up that fails: unknown, and there is something to settle it with",
      "reused",
      lost,
      { reason: { _tag: "UnknownOutcome", unsettled: { reference: "order-1" } }, moneyMoved: "UNKNOWN" }
    ]
  ]
  for (const [name, code, found, expected] of reasons) {
    it.effect(name, () =>
      Effect.gen(function* () {
        const processor = then(refusal(400, code), found)
        expect(yield* outcome(processor, keyed)).toMatchObject(expected)
        expect(processor.sent.filter(({ method }) => method === "POST").length).toBe(1)
      })
    )
  }

  it.effect("of state after a send without an answer is unknown when nothing is found", () =>
    Effect.gen(function* () {
      const processor = stub(({ method }, index) =>
        method === "GET" ? none : index === 0 ? { status: 500 } : refusal(400, "done")
      )
      expect(yield* outcome(processor, keyed)).toMatchObject({ reason: { _tag: "UnknownOutcome" } })
    })
  )
})

/** What Settle says of a write of so many minutes ago. */
const settling = (
  processor: Stub,
  minutes: number,
  {
    connector = keyed,
    credentials = { secret: "made-up-secret" },
    deadline,
    ...unsettled
  }: {
    readonly connector?: AnyConnector
    readonly credentials?: object
    readonly deadline?: number
    readonly flow?: string
    readonly paymentId?: string
    readonly reference?: string
    readonly attempt?: number | undefined
    readonly amount?: Money
    readonly firstSentAt?: DateTime.Utc | undefined
    readonly lastSentAt?: DateTime.Utc | undefined
  } = {}
) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(start)
    const sender = yield* Connectors
    const exit = yield* ended(
      sender.settle(
        targetOf(connector, { credentials }),
        {
          unsettled: {
            flow: "payment.authorize",
            reference: "order-1",
            attempt: 1,
            firstSentAt: DateTime.makeUnsafe(start - minutes * 60_000),
            lastSentAt: DateTime.makeUnsafe(start - minutes * 60_000),
            ...unsettled
          }
        },
        { deadline }
      )
    )
    return { ...result(exit), took: (yield* Clock.currentTimeMillis) - start }
  }).pipe(Effect.provide(over(processor, [connector])))

/** With five minutes for a clock that is behind ours. */
const conclusive = Duration.toMinutes(lookUp.conclusiveAfter) + 5

describe("Settle", () => {
  it.effect("says taken when it is there, whenever it was sent", () =>
    Effect.gen(function* () {
      for (const minutes of [0, 1, 10_000]) {
        const processor = stub(() => ours)
        expect((yield* settling(processor, minutes)).answer).toMatchObject({
          _tag: "Taken",
          found: { _tag: "Payment", payment: { paymentId: "c_1", status: "AUTHORIZED" } }
        })
        expect(processor.sent.every(({ method }) => method === "GET")).toBe(true)
      }
    })
  )

  it.effect("says not taken only when absence proves it", () =>
    Effect.gen(function* () {
      expect(
        (yield* settling(
          stub(() => none),
          conclusive
        )).answer
      ).toMatchObject({ _tag: "NotTaken" })
      expect(
        (yield* settling(
          stub(() => none),
          conclusive - 0.5
        )).answer
      ).toMatchObject({
        _tag: "StillUnknown",
        awaitWebhook: false
      })
    })
  )

  it.effect("says when to ask again: no later than when absence would prove it", () =>
    Effect.gen(function* () {
      const { answer } = yield* settling(
        stub(() => none),
        conclusive - 0.5
      )
      expect(answer).toMatchObject({ retryAfter: { value: { millis: 30_000 } } })
    })
  )

  it.effect("reads no more than its pages, and then knows nothing", () =>
    Effect.gen(function* () {
      const processor = stub(() => page([charge({ id: "c_9", reference: "order-9" }).body], true))
      expect((yield* settling(processor, 10_000)).answer).toMatchObject({ _tag: "StillUnknown" })
      expect(processor.sent.length).toBe(lookUp.pages)
    })
  )

  it.effect("says that only the webhook will tell where nothing can be looked up", () =>
    Effect.gen(function* () {
      const processor = stub(() => ours)
      const { answer } = yield* settling(processor, 10_000, { connector: acme })
      expect(answer).toMatchObject({ _tag: "StillUnknown", awaitWebhook: true })
      expect(processor.sent).toEqual([])
    })
  )

  it.effect("is for writes of flows that there are", () =>
    Effect.gen(function* () {
      const processor = stub(() => ours)
      const of = (flow: string) => Effect.map(settling(processor, 1, { flow }), ({ reason }) => reason)
      expect(yield* of("payment.get")).toMatchObject({ _tag: "InvalidField", field: "unsettled.flow" })
      expect(yield* of("payment.capture")).toMatchObject({ _tag: "UnsupportedFlow" })
      expect(yield* of("payment.constructor")).toMatchObject({ _tag: "UnsupportedFlow" })
      expect(processor.sent).toEqual([])
    })
  )

  it.effect("counts from the last sending, and proves nothing of one that may be just now", () =>
    Effect.gen(function* () {
      for (const lastSentAt of [DateTime.makeUnsafe(start - 60_000), undefined]) {
        const { answer } = yield* settling(
          stub(() => none),
          10_000,
          { lastSentAt }
        )
        expect(answer).toMatchObject({ _tag: "StillUnknown", awaitWebhook: false })
      }
    })
  )

  it.effect(
    "takes a call that may still run, as a caller that lost its service has it, and proves nothing by absence",
    () =>
      Effect.gen(function* () {
        // a client's time limit, and with it the end of its call, may be days away: what a timer holds (2^31-1 ms)
        const lastSentAt = DateTime.makeUnsafe(start + 2_147_483_647)
        const found = yield* settling(
          stub(() => ours),
          1,
          { lastSentAt }
        )
        expect(found.answer).toMatchObject({ _tag: "Taken" })
        const absent = yield* settling(
          stub(() => none),
          10_000,
          { lastSentAt }
        )
        expect(absent.answer).toMatchObject({ _tag: "StillUnknown", retryAfter: { value: { millis: 60_000 } } })
      })
  )

  it.effect("stays unknown where the look-up is held back, and says when to ask again", () =>
    Effect.gen(function* () {
      const breaker = { size: 1, threshold: 1, open: Duration.seconds(10), longest: Duration.seconds(15) }
      const guarded = { ...keyed, protection: { breaker }, policy: { read: { retry: { times: 0 } } } }
      const processor = stub(() => broken.refused)
      yield* TestClock.setTime(start)
      const unsettled = { flow: "payment.authorize", reference: "order-1" }
      const settled = Effect.gen(function* () {
        const sender = yield* Connectors
        const settle = sender.settle(targetOf(guarded), { unsettled })
        return [result(yield* ended(settle)), result(yield* ended(settle))]
      }).pipe(Effect.provide(over(processor, [guarded])))
      const still = { _tag: "StillUnknown", awaitWebhook: false }
      expect(yield* settled).toMatchObject([
        { answer: { ...still, retryAfter: { value: { millis: 60_000 } } } },
        { answer: { ...still, retryAfter: { value: { millis: 10_000 } } } }
      ])
      expect(processor.sent.length).toBe(1)
    })
  )

  it.effect("takes no times that cannot be: by them a look-up would miss the write, or prove nothing", () =>
    Effect.gen(function* () {
      const hours = (number: number) => DateTime.makeUnsafe(start + number * 3_600_000)
      const times: ReadonlyArray<readonly [field: string, times: object]> = [
        ["unsettled.first_sent_at", { firstSentAt: hours(1), lastSentAt: hours(1) }],
        ["unsettled.last_sent_at", { firstSentAt: hours(-1), lastSentAt: hours(26 * 24) }],
        ["unsettled.last_sent_at", { firstSentAt: hours(-1), lastSentAt: hours(-2) }]
      ]
      for (const [field, unsettled] of times) {
        const processor = stub(() => none)
        expect((yield* settling(processor, 0, unsettled)).reason).toMatchObject({ _tag: "InvalidField", field })
        expect(processor.sent).toEqual([])
      }
    })
  )

  it.effect("tells another amount than was asked", () =>
    Effect.gen(function* () {
      const { moneyMoved, reason } = yield* settling(
        stub(() => ours),
        1,
        { amount: { minorUnits: 999n, currencyCode: "EUR" } }
      )
      expect(reason).toMatchObject({ _tag: "AmountMismatch", found: { payment: { paymentId: "c_1" } } })
      expect(moneyMoved).toBe("YES")
    })
  )

  it.effect("knows nothing when it could not ask, and says whose credentials were refused", () =>
    Effect.gen(function* () {
      for (const step of [{ status: 500 }, { status: 429 }, broken.refused, broken.reset]) {
        const { answer } = yield* settling(
          stub(() => step),
          10_000
        )
        expect(answer).toMatchObject({ _tag: "StillUnknown", awaitWebhook: false })
      }
      expect(
        yield* settling(
          stub(() => refusal(401, "x")),
          10_000
        )
      ).toMatchObject({
        reason: { _tag: "UnknownOutcome", description: expect.stringContaining("credentials") },
        moneyMoved: "UNKNOWN"
      })
    })
  )

  it.effect("answers before the deadline", () =>
    Effect.gen(function* () {
      const { answer } = yield* settling(
        stub(() => new Silence()),
        1,
        { deadline: start + 10_000 }
      )
      expect(answer).toMatchObject({ _tag: "StillUnknown", awaitWebhook: false })
    })
  )
})

describe("Settle at Stripe", () => {
  const credentials = { secretKey: "sk_test_made_up" }
  const of = (reply: Step, minutes: number, unsettled: object) => {
    const processor = stub(() => reply)
    return Effect.map(settling(processor, minutes, { connector: stripe, credentials, ...unsettled }), (told) => ({
      ...told,
      asked: processor.sent.map(({ method, url }) => `${method} ${url.pathname}`)
    }))
  }

  it.effect("a payment is looked for in the list of payments made since", () =>
    Effect.gen(function* () {
      const processor = stub(() => ok(list([])))
      yield* settling(processor, 60, { connector: stripe, credentials })
      const query = processor.sent[0]?.url.searchParams
      // docs.stripe.com/api/payment_intents/list: seconds since the epoch; a caller's clock may be of any time zone (UTC−12 to +14)
      const hours = (name: string) => (Number(query?.get(name)) * 1000 - (start - 60 * 60_000)) / 3_600_000
      expect(hours("created[gte]")).toBeLessThanOrEqual(-14)
      expect(hours("created[lte]")).toBeGreaterThanOrEqual(14)
    })
  )

  it.effect("a payment is found by its reference alone, whenever that was, and is never absent", () =>
    Effect.gen(function* () {
      const alone = { attempt: undefined, firstSentAt: undefined, lastSentAt: undefined }
      const processor = stub(() => ok(list([reserved()])))
      const told = yield* settling(processor, 0, { connector: stripe, credentials, ...alone })
      expect(told.answer).toMatchObject({ _tag: "Taken", found: { payment: { status: "AUTHORIZED" } } })
      expect(
        [...(processor.sent[0]?.url.searchParams.keys() ?? [])].filter((key) => key.startsWith("created"))
      ).toEqual([])
      expect((yield* of(ok(list([])), 0, alone)).answer).toMatchObject({ _tag: "StillUnknown" })
    })
  )

  it.effect("a payment is not taken only when its list cannot lag any more", () =>
    Effect.gen(function* () {
      // docs.stripe.com/search#data-freshness: up to an hour behind
      expect((yield* of(ok(list([])), 59, {})).answer).toMatchObject({ _tag: "StillUnknown" })
      expect((yield* of(ok(list([])), 71, {})).answer).toMatchObject({ _tag: "NotTaken" })
    })
  )

  it.effect("a capture is told by its reference, and not by its amount", () =>
    Effect.gen(function* () {
      const capture = { flow: "payment.capture", paymentId: "pi_1", reference: "capture-1" }
      const captured = (reference: string) =>
        ok(reserved({ status: "succeeded", metadata: { capture_reference: reference, capture_attempt: "1" } }))
      expect((yield* of(captured("capture-1"), 1, capture)).answer).toMatchObject({ _tag: "Taken" })
      expect((yield* of(captured("capture-2"), 1, capture)).answer).toMatchObject({ _tag: "NotTaken" })
      expect((yield* of(ok(reserved()), 1, capture)).answer).toMatchObject({ _tag: "StillUnknown" })
      expect((yield* of(ok(reserved()), 9, capture)).answer).toMatchObject({ _tag: "NotTaken" })
    })
  )

  it.effect("a capture is as unknown as before where its payment may still change, whatever its status", () =>
    Effect.gen(function* () {
      const capture = { flow: "payment.capture", paymentId: "pi_1", reference: "capture-1" }
      for (const status of ["processing", "requires_action", "brand_new_status"]) {
        const told = yield* of(ok(reserved({ status, amount_received: 1000, metadata: {} })), 10_000, capture)
        expect(told.answer).toMatchObject({ _tag: "StillUnknown" })
      }
    })
  )

  it.effect("a look-up that is refused leaves it unknown: it says nothing of the money", () =>
    Effect.gen(function* () {
      const capture = { flow: "payment.capture", paymentId: "pi_1", reference: "capture-1" }
      for (const refused of [missing, error(403, {}), error(400, { code: "payment_intent_unexpected_state" })]) {
        const { moneyMoved, reason } = yield* of(refused, 10_000, capture)
        expect([reason?._tag, moneyMoved]).toEqual(["UnknownOutcome", "UNKNOWN"])
      }
    })
  )

  it.effect("a payment that still waits for the payer was not gone on with", () =>
    Effect.gen(function* () {
      const complete = { flow: "payment.complete", paymentId: "pi_1", reference: "complete-1" }
      const waiting = reserved({ status: "requires_action" })
      expect((yield* of(ok(waiting), 10_000, complete)).answer).toMatchObject({ _tag: "StillUnknown" })
      expect((yield* of(ok(reserved()), 1, complete)).answer).toMatchObject({ _tag: "Taken" })
    })
  )

  it.effect("what a forgotten key leaves to settle comes to an end", () =>
    Effect.gen(function* () {
      const old = { firstSentAt: new Date(start - 48 * 3_600_000) }
      const { reason } = yield* outcome(
        stub(() => ok(list([]))),
        keyed,
        "write",
        old
      )
      if (reason?._tag !== "KeyExpired") return expect(reason?._tag).toBe("KeyExpired")
      const { lastSentAt } = reason.unsettled
      expect(lastSentAt && DateTime.toEpochMillis(lastSentAt)).toBe(start)
    })
  )

  it.effect("a void is taken only when the payment is voided", () =>
    Effect.gen(function* () {
      const release = { flow: "payment.void", paymentId: "pi_1", reference: "void-1" }
      expect((yield* of(ok(voided()), 1, release)).answer).toMatchObject({
        _tag: "Taken",
        found: { payment: { status: "VOIDED" } }
      })
      // DESIGN, section 6, rule 4: only by reading that it is voided, however long ago it was sent
      expect((yield* of(ok(reserved()), 10_000, release)).answer).toMatchObject({ _tag: "StillUnknown" })
      const { answer, asked } = yield* of(ok(reserved({ status: "succeeded" })), 1, release)
      expect(answer).toMatchObject({ _tag: "NotTaken" })
      expect(asked).toEqual(["GET /v1/payment_intents/pi_1"])
    })
  )

  it.effect("a refund is not looked for without its payment", () =>
    Effect.gen(function* () {
      const { asked, reason } = yield* of(ok(list([])), 90, { flow: "refund.create", reference: "refund-1" })
      expect(reason).toMatchObject({ _tag: "MissingField", field: "unsettled.payment_id" })
      expect(asked).toEqual([])
    })
  )

  it.effect("a refund is told by its reference and attempt among those of its payment", () =>
    Effect.gen(function* () {
      const give = { flow: "refund.create", paymentId: "pi_1", reference: "refund-1" }
      const { answer, asked } = yield* of(ok(list([refund()], false, "/v1/refunds")), 1, give)
      expect(answer).toMatchObject({ _tag: "Taken", found: { _tag: "Refund", refund: { refundId: "re_1" } } })
      expect(asked).toEqual(["GET /v1/refunds"])
      const second = refund({ metadata: { reference: "refund-1", attempt: "2" } })
      expect((yield* of(ok(list([second], false, "/v1/refunds")), 90, give)).answer).toMatchObject({ _tag: "NotTaken" })
    })
  )
})

describe("a decline where the flow has no declined answer", () => {
  it.effect("is a rejection of the request", () =>
    Effect.gen(function* () {
      const credentials = { secretKey: "sk_test_made_up" }
      const target = targetOf(stripe, { credentials })
      const processor = stub(() => cardError({ decline_code: "do_not_honor" }))
      yield* TestClock.setTime(start)
      const told = yield* Effect.gen(function* () {
        const sender = yield* Connectors
        return yield* Effect.all([
          Effect.exit(sender.call(target, "payment", "void", { reference: "void-1", paymentId: "pi_1" })),
          Effect.exit(sender.call(target, "payment", "get", { paymentId: "pi_1" }))
        ])
      }).pipe(Effect.provide(over(processor, [stripe])))
      for (const one of told.map(result)) {
        expect(one).toMatchObject({
          reason: { _tag: "Rejected", httpStatus: 402, rawCode: "do_not_honor" },
          moneyMoved: "NO"
        })
      }
    })
  )
})

describe("a call that needs no settling", () => {
  it.effect("sends no look-up", () =>
    Effect.gen(function* () {
      const processor = stub(() => charge())
      yield* TestClock.setTime(start)
      yield* Effect.provide(calling(keyed, "write"), over(processor, [keyed]))
      expect(processor.sent.length).toBe(1)
    })
  )
})
