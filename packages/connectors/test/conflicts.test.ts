import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { loadSpec } from "@connector-service/conformance/Specs"
import type { AnyConnector } from "@connector-service/connectors/Connector"
import { Connectors } from "@connector-service/connectors/Connectors"
import { catalog } from "@connector-service/connectors/catalog"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { describeWithSpecs, read } from "./Examples.ts"
import { codesOf, pageOf, recordsOf } from "./Pages.ts"
import { result, targetOf } from "./Sending.ts"
import { type Answer, ended, over, start, stub } from "./Stub.ts"
import { intent, ok, reserved } from "./stripe/replies.ts"
import { decoded } from "./Table.ts"

const page = pageOf("docs/idempotency.md")
const rows = recordsOf(page, "Conflict codes").map((row) => ({
  id: row.connector ?? "",
  codes: codesOf(row.codes ?? ""),
  statuses: (row["HTTP status"] ?? "").split(", ").map(Number),
  kind: codesOf(row["read as"] ?? "")[0] ?? ""
}))
/** Codes that sound alike, by connector. */
const alike: Readonly<Record<string, ReadonlyArray<string>>> = Object.fromEntries(
  recordsOf(page, "Conflict codes", 1).map((row) => [row.connector ?? "", codesOf(row.codes ?? "")])
)

/** PayPal's words of errors that are named by their code and have no details. */
const names = new Set(["DUPLICATE_REQUEST_ID", "RESOURCE_CONFLICT"])

/** An error with a code, as each processor writes it. */
const bodies: Readonly<Record<string, (code: string, status: number) => object>> = {
  // docs.stripe.com/api/errors
  stripe: (code) => ({
    error: code === "idempotency_error" ? { type: code } : { type: "invalid_request_error", code }
  }),
  // the published file of Checkout, ServiceError
  adyen: (errorCode, status) => ({ status, errorCode, message: "made up", errorType: "validation" }),
  // the published files, error: a name, and what is wrong in its details
  paypal: (issue) => (names.has(issue) ? { name: issue } : { name: "UNPROCESSABLE_ENTITY", details: [{ issue }] })
}
const refusalOf = ({ id }: AnyConnector, code: string, status: number): Answer => ({
  status,
  body: bodies[id]?.(code, status)
})
const meaning = (connector: AnyConnector, code: string, status: number): unknown =>
  read(connector, { flow: "", status, body: () => refusalOf(connector, code, status).body })

const eur = { minorUnits: 1000n, currencyCode: "EUR" }
const order = { paymentId: "5O190127TN364715T", state: { authorizationId: "0VF52814937998046" } }
/** A write that can be looked up, where the connector has one, and credentials to make it with. */
const writes: Readonly<
  Record<string, { readonly name: string; readonly input: object; readonly credentials: object }>
> = {
  stripe: {
    name: "payment.capture",
    input: { paymentId: "pi_1", amount: eur },
    credentials: { secretKey: "sk_test_made_up" }
  },
  adyen: {
    name: "payment.capture",
    input: { paymentId: "993617895204576J", amount: eur },
    credentials: { apiKey: "AQE_made_up", merchantAccount: "ShopECOM" }
  },
  paypal: {
    name: "payment.capture",
    input: { ...order, amount: eur },
    credentials: { clientId: "client", clientSecret: "secret" }
  }
}
const token = {
  path: "/v1/oauth2/token",
  answer: { status: 200, body: { access_token: "A21AAmadeup", expires_in: 9000 } }
}

/** How a write ends that is answered with a refusal, and looked up with `found`. */
const endOf = (connector: AnyConnector, refusal: Answer, found: Answer, more: object = {}) => {
  const { credentials = {}, input = {}, name = "" } = writes[connector.id] ?? {}
  const processor = stub(({ method }) => (method === "GET" ? found : refusal), [token])
  return Effect.gen(function* () {
    yield* TestClock.setTime(start)
    const sender = yield* Connectors
    // the input is of this flow: its own schema decoded it
    const given = decoded(name, { reference: "r-1", ...input, ...more }) as never
    const target = targetOf(connector, { credentials })
    const told = result(yield* ended(sender.call(target, "payment", "capture", given)))
    return { ...told, sent: processor.sent }
  }).pipe(Effect.provide(over(processor, [connector])))
}
const silent: Answer = { status: 500 }

for (const connector of catalog) {
  const { id } = connector
  const own = rows.filter((row) => row.id === id)

  describe(`${id}'s conflict codes`, () => {
    const cases = own.flatMap(({ codes, kind, statuses }) =>
      codes.flatMap((code) => statuses.map((status) => [code, status, kind] as const))
    )

    it.each(cases)("%s with a %i is read as %s, and not as a refusal", (code, status, kind) => {
      expect(meaning(connector, code, status)).toMatchObject({ _tag: "Conflict", kind })
    })

    it.effect.each(cases)("%s with a %i is unknown where no look-up tells", ([code, status]) =>
      Effect.gen(function* () {
        const told = yield* endOf(connector, refusalOf(connector, code, status), silent)
        expect(told).toMatchObject({
          reason: { _tag: "UnknownOutcome", unsettled: { reference: "r-1", attempt: 1 } },
          moneyMoved: "UNKNOWN"
        })
      })
    )

    it("any other code with a 409 is in progress", () => {
      expect(meaning(connector, "made_up", 409)).toMatchObject({ _tag: "Conflict", kind: "InProgress" })
    })

    it("what sounds alike is a refusal", () => {
      const told = (alike[id] ?? []).map((code) => meaning(connector, code, 422))
      expect(told).toMatchObject((alike[id] ?? []).map((rawCode) => ({ _tag: "Rejected", rawCode })))
    })
  })
}

/** Error codes that the official SDK's types list for a payment intent. */
const ofStripe = (): ReadonlyArray<string> => {
  const entry = createRequire(import.meta.url).resolve("stripe")
  const types = readFileSync(join(dirname(entry), "../esm/resources/PaymentIntents.d.ts"), "utf8")
  const [, union = ""] = /namespace LastPaymentError \{\s+type Code = ([^;]+);/.exec(types) ?? []
  return [...union.matchAll(/'(\w+)'/g)].map(([, code = ""]) => code)
}

/** Every `issue` in the published files of what is sent to PayPal. */
const ofPaypal = (): ReadonlyArray<string> => {
  const issues = (value: unknown): ReadonlyArray<string> => {
    if (typeof value !== "object" || value === null) return []
    const own = "issue" in value && typeof value.issue === "object" ? [value.issue] : []
    const listed = own.flatMap((issue) => (issue !== null && "enum" in issue ? [issue.enum].flat().map(String) : []))
    return [...listed, ...Object.values(value).flatMap(issues)]
  }
  return [
    ...new Set(["checkout_orders_v2", "payments_payment_v2"].flatMap((file) => issues(loadSpec(`paypal/${file}.json`))))
  ]
}

/** What codes of these groups are called. */
const telling =
  /already|previously|previous_request|in_progress|(?:key|token)_in_use|idempot|lock_timeout|voided|duplicate|fully|completed|confirmed|pending(?!_account)|exists|unexpected_state|invalid_state|not_refundable|status_transition/i

const published = (id: string, list: () => ReadonlyArray<string>) => {
  const connector = catalog.find((connector) => connector.id === id)
  const onPage = rows.filter((row) => row.id === id).flatMap(({ codes }) => codes)

  it("that are read as conflicts are on the page", () => {
    const read = list().filter((code) => {
      const told = connector && meaning(connector, code, 422)
      return typeof told === "object" && told !== null && "_tag" in told && told._tag === "Conflict"
    })
    expect(read.length).toBeGreaterThan(8)
    expect(onPage).toEqual(expect.arrayContaining(read))
  })

  it("that are called like one are on the page, as one or as a refusal", () => {
    const named = list().filter((code) => telling.test(code))
    expect(named.length).toBeGreaterThan(8)
    expect([...onPage, ...(alike[id] ?? [])]).toEqual(expect.arrayContaining(named))
  })
}

describe("Stripe's codes", () => published("stripe", ofStripe))
describeWithSpecs("PayPal's issues", () => published("paypal", ofPaypal))

describe("what a conflict becomes", () => {
  const stripe = catalog.find(({ id }) => id === "stripe")
  const codes: Readonly<Record<string, string>> = {
    Key: "idempotency_error",
    State: "charge_already_captured",
    InProgress: "idempotency_key_in_use"
  }
  const capture = (reference: string) => intent({ metadata: { capture_reference: reference, capture_attempt: "1" } })
  const lookUps: ReadonlyArray<readonly [column: string, found: Answer]> = [
    ["then by the look-up: this very write", ok(capture("r-1"))],
    ["another has ended it", ok(capture("another"))],
    ["nothing there", ok(reserved())],
    ["it does not tell, or there is none", silent]
  ]
  const cells = recordsOf(page, "What a conflict becomes").flatMap((row) =>
    lookUps.map(([column, found]) => ({ kind: codesOf(row["read as"] ?? "")[0] ?? "", column, found, row }))
  )

  it("has a row for each kind", () => {
    expect(new Set(cells.map(({ kind }) => kind))).toEqual(new Set(Object.keys(codes)))
  })

  it.effect.each(cells)("$kind, $column", ({ column, found, kind, row }) =>
    Effect.gen(function* () {
      if (stripe === undefined) return expect.unreachable()
      const told = yield* endOf(stripe, refusalOf(stripe, codes[kind] ?? "", 400), found)
      const posts = told.sent.filter(({ method }) => method === "POST")
      expect(posts.length).toBe(row.first?.startsWith("sent again") ? 3 : 1)
      expect(new Set(posts.map(({ headers }) => headers["idempotency-key"])).size).toBe(1)
      const [reason] = codesOf(row[column] ?? "")
      if (reason === undefined) expect(told).toMatchObject({ answer: { status: "SUCCEEDED", reference: "r-1" } })
      else expect(told.reason?._tag).toBe(reason)
    })
  )

  it.effect("State, nothing there, of a repeat is unknown", () =>
    Effect.gen(function* () {
      if (stripe === undefined) return expect.unreachable()
      const more = { firstSentAt: new Date(start - 60_000) }
      const told = yield* endOf(stripe, refusalOf(stripe, "charge_already_captured", 400), ok(reserved()), more)
      expect(told).toMatchObject({ reason: { _tag: "UnknownOutcome" }, moneyMoved: "UNKNOWN" })
    })
  )
})
