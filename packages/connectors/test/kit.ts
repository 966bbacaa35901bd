import { checks } from "@connector-service/conformance/Check"
import type { OpenApi } from "@connector-service/conformance/OpenApi"
import { specsAvailable, specsDir } from "@connector-service/conformance/Specs"
import { type AnyConnector, flowsOf, idempotencyOf } from "@connector-service/connectors/Connector"
import { Connectors, type Target } from "@connector-service/connectors/Connectors"
import { snake } from "@connector-service/domain/Input"
import { type PaymentMethod, paymentMethodTags } from "@connector-service/domain/PaymentMethod"
import type { ConnectorError } from "@connector-service/domain/Reason"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Metric, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { revealed } from "./Revealed.ts"
import {
  type Answer,
  type Aside,
  ended,
  over,
  type Sent,
  type Step,
  type Stub,
  start,
  stub as stubOf,
  textOf
} from "./Stub.ts"

import { type Case, decoded, encodedBy, type Inputs, inputOf, type Sends, type Table } from "./Table.ts"
import { looksOf, secretsIn, shown, watch } from "./Watch.ts"

/** What the suite needs beside a connector's table. */
export interface Setting {
  /** Credentials as the connector's schema encodes them. */
  readonly credentials: object
  readonly environment?: Target["environment"]
  /** Where it is with these credentials, if its address names fields of them. */
  readonly baseUrl?: string
  /** Where it gives access tokens, if it does. */
  readonly tokens?: Aside
  /** The checker of the processor's published specification, where there is one. */
  readonly published?: () => Pick<OpenApi, "checkRequest" | "checkReply">
}

type Row = ReturnType<typeof flowsOf>[number]
type One = Case<object>
type Ending = Exit.Exit<unknown, ConnectorError>

/** Replies that no processor documents. */
const garbage: ReadonlyArray<Answer> = [
  ...[200, 201, 400, 402, 404, 409, 422].flatMap((status) =>
    ["", "<html><body>Sorry</body></html>", "null", "[]", "{}", '"ok"', '{"id":"x","stat', "\u0000"].map((body) => ({
      status,
      body
    }))
  ),
  { status: 204 },
  { status: 302, headers: { location: "https://elsewhere.example/" }, body: "" },
  { status: 304 },
  ...[500, 502, 503, 504, 520].flatMap((status) =>
    ["", "{}", "<html>Bad gateway</html>"].map((body) => ({ status, body }))
  )
]

/** A payment method of each kind, for connectors that take it or must refuse it. */
const expiry = { expiryMonth: 12, expiryYear: 2040 }
const paymentMethods: { readonly [Tag in PaymentMethod["_tag"]]: object } = {
  // docs.stripe.com/testing
  Card: { number: "4242424242424242", ...expiry, cvc: "737" },
  NetworkToken: { number: "5555555555554444", ...expiry, cryptogram: "AgAAAAAAAIR8CQrXcIhbQAAAAAA=" },
  SavedPaymentMethod: { id: "pm_kit" },
  // developer.apple.com, "Payment token format reference": the outer fields
  ApplePay: { paymentData: '{"version":"EC_v1","data":"kit","signature":"kit","header":{"transactionId":"kit"}}' },
  ApplePayDecrypted: { number: "4242424242424242", ...expiry, cryptogram: "AgAAAAAAAIR8CQrXcIhbQAAAAAA=" },
  GooglePay: { token: '{"id":"tok_kit","object":"token"}' },
  GooglePayDecrypted: { number: "4242424242424242", ...expiry, cryptogram: "AgAAAAAAAIR8CQrXcIhbQAAAAAA=" },
  Paypal: {},
  Ideal: {},
  // docs.adyen.com, "Test card numbers": Bancontact
  Bancontact: { card: { number: "6703444444444449", expiryMonth: 3, expiryYear: 2030, holderName: "Ada Lovelace" } },
  // docs.stripe.com/testing: SEPA Direct Debit
  SepaDebit: { iban: "AT611904300234573201", holderName: "Ada Lovelace" },
  Klarna: {},
  Blik: { code: "777123" }
}

const address = { line1: "Damrak 1", city: "Amsterdam", postalCode: "1012 LG", countryCode: "NL" }
/** Whatever any payment method may want beside itself. */
const particulars = (amount: unknown) => ({
  returnUrl: "https://shop.example/back",
  customer: { name: "Ada Lovelace", givenName: "Ada", familyName: "Lovelace", email: "ada@example.com" },
  billingAddress: address,
  shipping: { name: "Ada Lovelace", address },
  locale: "nl-NL",
  lineItems: [{ name: "Hat", quantity: 1, unitAmount: amount }]
})

const available = specsAvailable()
if (!available) console.warn(`Skipped: no published specifications in ${specsDir()} (set SPECS_DIR)`)

/**
 * The suite of every connector: what it asks of one is that its table holds, that it is safe when the processor is not,
 * and that nothing secret leaves it but towards the processor.
 */
export const describeConnector = (connector: AnyConnector, setting: Setting, table: Table): void => {
  const { credentials, environment = "sandbox", published, tokens } = setting
  const at = (path: string): string => `${setting.baseUrl ?? connector.baseUrl[environment]}${path}`
  const stub = (script: Parameters<typeof stubOf>[0], before?: One["before"]): Stub =>
    stubOf(script, [
      ...(tokens === undefined ? [] : [tokens]),
      ...(before === undefined ? [] : [{ path: new URL(at(before.sends.path)).pathname, answer: before.reply }])
    ])
  const target: Target = { connector: connector.id, environment, credentials }
  const rows = flowsOf(connector)

  const call = ({ method, service }: Row, input: unknown) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(start)
      const sender = yield* Connectors
      // the input is of this flow: its own schema decoded it
      return yield* ended(sender.call(target, service as "payment", method as "get", input as never))
    })
  const run = (row: Row, input: unknown, processor: Stub) =>
    Effect.provide(call(row, input), over(processor, [connector])) as Effect.Effect<Ending>
  /** What is sent for an input, and what goes before it; what follows on the faults that both meet is left out. */
  const sentBy = (row: Row, { before }: One, input: unknown) =>
    Effect.gen(function* () {
      const processor = stub(() => ({ status: 500 }), before)
      const ending = yield* run(row, input, processor)
      const [first] = processor.sent
      if (first === undefined) throw new Error(`nothing was sent: ${String(failureOf(ending))}`)
      const beside = processor.beside.filter(({ url }) => url.pathname !== tokens?.path)
      expect(beside.length).toBe(before === undefined ? 0 : 1)
      return { first, before: beside[0] }
    })
  /** Both of them with what they should be. */
  const pairsOf = (row: Row, one: One) =>
    Effect.map(sentBy(row, one, decoded(row.name, one.input)), ({ before, first }) =>
      before === undefined || one.before === undefined
        ? [{ sent: first, sends: one.sends }]
        : [
            { sent: before, sends: one.before.sends },
            { sent: first, sends: one.sends }
          ]
    )
  const cases = rows.flatMap((row) =>
    inputOf(table, row.name).map((one, index) => ({
      row,
      one,
      title: `${row.name}: ${one.name ?? `case ${index + 1}`}`
    }))
  )
  const firstOf = (row: Row) => inputOf(table, row.name)[0]

  describe(`${connector.id}: table`, () => {
    it("has a case for every flow, and no other", () => {
      expect(Object.keys(table).toSorted()).toEqual(rows.map(({ name }) => name).toSorted())
      expect(rows.filter((row) => firstOf(row) === undefined).map(({ name }) => name)).toEqual([])
    })

    for (const { row, one, title } of cases) {
      it.effect(`${title} is sent exactly so`, () =>
        Effect.gen(function* () {
          for (const { sends, sent } of yield* pairsOf(row, one)) expectSent(sent, sends, at(sends.path))
        })
      )

      for (const [index, read] of (one.reads ?? []).entries()) {
        const { as, lookUp, reply } = read
        it.effect(`${title}: ${read.name ?? `${reply.status} (${index + 1})`} means what the table says`, () =>
          Effect.gen(function* () {
            const answers = [lookUp ?? { status: 500 }].flat()
            const script = (_: Sent, index: number): Step =>
              index === 0 ? reply : (answers[Math.min(index, answers.length) - 1] ?? reply)
            const ending = yield* run(row, decoded(row.name, one.input), stub(script, one.before))
            const seen = Exit.isSuccess(ending) ? ending.value : failureOf(ending)?.reason
            expect(revealed(seen)).toMatchObject(revealed(as) as object)
            const isReason = seen instanceof Error
            expect(isReason).toBe("_tag" in as)
          })
        )
      }
    }
  })

  describe(`${connector.id}: garbage`, () => {
    for (const row of rows) {
      for (const answer of garbage) {
        const shape = JSON.stringify(answer.body ?? null)
        it.effect(`${row.name}: ${answer.status} ${shape} settles nothing`, () =>
          Effect.gen(function* () {
            const processor = stub(() => answer)
            const input = decoded(row.name, firstOf(row)?.input)
            const ending = yield* run(row, input, processor)
            const reason = failureOf(ending)?.reason
            const [first] = processor.sent
            expect(first?.method).toBeDefined()
            expect(reason?._tag).toBe(row.kind === "read" ? "UnreadableReply" : "UnknownOutcome")
            if (reason?._tag === "UnknownOutcome") {
              expect(failureOf(ending)?.consequence).toMatchObject({ moneyMoved: "UNKNOWN", retryable: false })
              expect(reason.unsettled).toMatchObject(wanted(row, input))
            }
          })
        )
      }
    }
  })

  describe(`${connector.id}: input`, () => {
    for (const row of rows) {
      for (const field of row.flow.requires ?? []) {
        it.effect(`${row.name} without ${String(field)} is refused, and nothing is sent`, () =>
          Effect.gen(function* () {
            const { [field]: _, ...rest } = decoded(row.name, firstOf(row)?.input)
            const processor = stub(() => ({ status: 500 }))
            const reason = failureOf(yield* run(row, rest, processor))?.reason
            expect(reason).toMatchObject({ _tag: "MissingField", field: snake(String(field)) })
            expect(processor.sent).toEqual([])
          })
        )
      }
      if (row.flow.accepts === undefined) continue
      for (const tag of paymentMethodTags) {
        const accepted = row.flow.accepts.includes(tag)
        it.effect(`${row.name} ${accepted ? "takes" : "refuses"} ${tag}`, () =>
          Effect.gen(function* () {
            const base = firstOf(row)?.input
            const input = decoded(row.name, {
              ...base,
              ...particulars(base && "amount" in base ? base.amount : undefined),
              paymentMethod: { _tag: tag, ...paymentMethods[tag] }
            })
            const processor = stub(() => ({ status: 500 }))
            const reason = failureOf(yield* run(row, input, processor))?.reason
            expect(processor.sent.length > 0).toBe(accepted)
            if (!accepted) {
              expect(reason).toMatchObject({
                _tag: "UnsupportedPaymentMethod",
                paymentMethod: snake(tag),
                supported: row.flow.accepts?.map(snake)
              })
            }
          })
        )
      }
    }
  })

  describe(`${connector.id}: idempotency key`, () => {
    for (const { row, one, title } of cases) {
      const header = idempotencyOf(connector, row.kind, row.flow)?.header
      it.effect(`${title} ${header === undefined || one.sends.method === "GET" ? "has none" : "has one"}`, () =>
        Effect.gen(function* () {
          const input = decoded(row.name, one.input)
          const headerOf = (sent: Sent | undefined) => (header === undefined ? undefined : sent?.headers[header])
          const keysOf = (input: unknown) =>
            Effect.map(sentBy(row, one, input), ({ before, first }) => ({
              key: headerOf(first),
              before: headerOf(before)
            }))
          const keyOf = (input: unknown) => Effect.map(keysOf(input), ({ key }) => key)
          const { before, key } = yield* keysOf(input)
          if (header !== undefined && one.before !== undefined) {
            expect(before).toMatch(/^[A-Z2-7]{52}$/)
            expect(before).not.toBe(key)
            expect((yield* keysOf(input)).before).toBe(before)
            expect((yield* keysOf({ ...input, attempt: (input.attempt ?? 1) + 1 })).before).not.toBe(before)
          }
          if (header === undefined || one.sends.method === "GET") return expect(key).toBeUndefined()
          if (input.idempotencyKey !== undefined) return expect(key).toBe(input.idempotencyKey)
          expect(key).toMatch(/^[A-Z2-7]{52}$/)
          expect(yield* keyOf(input)).toBe(key)
          expect(yield* keyOf({ ...input, attempt: (input.attempt ?? 1) + 1 })).not.toBe(key)
          expect(yield* keyOf({ ...input, reference: `${input.reference}x` })).not.toBe(key)
        })
      )
    }
  })

  describe(`${connector.id}: secrets`, () => {
    for (const { row, one, title } of cases) {
      it.effect(`${title} shows none`, () =>
        Effect.gen(function* () {
          const input = decoded(row.name, one.input)
          const secrets = [
            ...secretsIn(Schema.decodeUnknownSync(connector.credentials)(credentials)),
            ...secretsIn(input)
          ]
          expect(secrets.length).toBeGreaterThan(0)
          const watched = watch()
          const looks = [looksOf(input)]
          const replies = [...(one.reads ?? []).map(({ reply }) => reply), ...garbage.slice(0, 3), { status: 502 }]
          for (const reply of replies) {
            const ending = yield* Effect.provide(
              run(
                row,
                input,
                stub(() => reply, one.before)
              ),
              watched.layer
            )
            looks.push(looksOf(failureOf(ending) ?? Option.getOrUndefined(Exit.getSuccess(ending))))
          }
          expect(watched.spans.length).toBeGreaterThan(0)
          expect(shown(watched.text(yield* Metric.snapshot), secrets)).toEqual([])
          expect(shown(looks.join("\n"), secrets)).toEqual([])
        })
      )
    }
  })

  if (published === undefined) return
  const check = (flow: string, kind: "request" | "reply") => checks({ connector: connector.id, flow, kind })
  describe.skipIf(!available)(`${connector.id}: published specification`, () => {
    for (const { row, one, title } of cases) {
      it.effect(
        `${title} agrees with it`,
        () =>
          Effect.gen(function* () {
            for (const { sent } of yield* pairsOf(row, one)) {
              const { body, headers, method, url } = sent
              const request = {
                method,
                url: `${url.pathname}${url.search}`,
                contentType: headers["content-type"],
                body
              }
              expect(published().checkRequest(request)).toEqual([])
            }
            if (one.before === undefined) return
            const { reply, sends } = one.before
            const { method, path } = sends
            const answered = { method, path, status: reply.status, body: textOf(reply.body) }
            expect(published().checkReply(answered)).toEqual([])
          }),
        check(row.name, "request")
      )
      for (const [index, { reply, unpublished, name }] of (one.reads ?? []).entries()) {
        // one without a body is from something between the processor and us
        if (unpublished !== undefined || reply.body === undefined) continue
        const { method, path } = one.sends
        it(`${title}: ${name ?? `${reply.status} (${index + 1})`} agrees with it`, check(row.name, "reply"), () => {
          const problems = published().checkReply({ method, path, status: reply.status, body: textOf(reply.body) })
          expect(problems).toEqual([])
        })
      }
    }
  })
}

const failureOf = (ending: Ending): ConnectorError | undefined => Option.getOrUndefined(Exit.findErrorOption(ending))

const expectSent = (sent: Sent, sends: Sends, address: string): void => {
  const { body, contentType, headers, query } = encodedBy(sent)
  expect({ method: sent.method, path: `${sent.url.origin}${sent.url.pathname}`, query, body }).toEqual({
    method: sends.method,
    path: address,
    query: sends.query ?? {},
    body: sends.body
  })
  expect(headers).toMatchObject(sends.headers ?? {})
  expect(contentType).toBe(sends.contentType)
}

/** What must be in a caller's hands to settle a write later. */
const wanted = ({ name }: Row, { amount, attempt = 1, paymentId, reference, state }: Inputs) => ({
  flow: name,
  reference,
  attempt,
  amount,
  paymentId,
  state
})
