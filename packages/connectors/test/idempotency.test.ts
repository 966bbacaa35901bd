import { createHash } from "node:crypto"
import { type AnyConnector, flowsOf, type Idempotency, idempotencyOf } from "@connector-service/connectors/Connector"
import { Connectors } from "@connector-service/connectors/Connectors"
import { catalog } from "@connector-service/connectors/catalog"
import { idempotencyKey } from "@connector-service/connectors/Key"
import { flows } from "@connector-service/domain/Services"
import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Exit, Redacted, Schema } from "effect"
import { blockOf, codesOf, pageOf, recordsOf } from "./Pages.ts"
import { result, targetOf } from "./Sending.ts"
import { over, stub } from "./Stub.ts"
import { decoded } from "./Table.ts"

const page = pageOf("docs/idempotency.md")

/** What a vector says was asked for; what is absent is empty, or the first attempt. */
const Operation = Schema.Struct({
  connector: Schema.String,
  environment: Schema.Literals(["live", "sandbox"]),
  flow: Schema.String,
  reference: Schema.String,
  account: Schema.optionalKey(Schema.String),
  payment_id: Schema.optionalKey(Schema.String),
  attempt: Schema.optionalKey(Schema.Int),
  returned: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
})
type Operation = typeof Operation.Type
const Vector = Schema.Struct({ operation: Operation, bytes: Schema.String, key: Schema.String })
const vectors = Schema.decodeUnknownSync(Schema.Array(Vector))(JSON.parse(blockOf(page, "Vectors", "json")))
const keysOf = (of: (operation: Operation) => boolean) =>
  vectors
    .filter(({ operation }) => of(operation))
    .map(({ key, operation }) => [operation.flow, operation, key] as const)

/** The page's steps, done another way than in the code: base32 as groups of five bits. */
const byThePage = ({ account = "", attempt = 1, payment_id = "", returned = {}, ...of }: Operation) => {
  const written = (texts: ReadonlyArray<string>) =>
    Buffer.concat(
      texts.flatMap((text) => {
        const bytes = Buffer.from(text, "utf8")
        return [Buffer.from(`${bytes.length}:`), bytes]
      })
    ).toString("utf8")
  // without a comparison of its own, sort goes by UTF-16 code units (ECMA-262)
  const names = Object.keys(returned).sort()
  const broughtBack = written(names.flatMap((name) => [name, returned[name] ?? ""]))
  const { connector, environment, flow, reference } = of
  const bytes = written(["v1", connector, environment, account, flow, payment_id, reference, `${attempt}`, broughtBack])
  const digest = createHash("sha256").update(bytes).digest("hex")
  const bits = BigInt(`0x${digest}`).toString(2).padStart(256, "0").padEnd(260, "0")
  const key = (bits.match(/.{5}/g) ?? []).map((five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(five, 2)])
  return { bytes, key: key.join("") }
}

// the keys on the page were computed by docs/examples/key.py
describe("the page's vectors", () => {
  it("are of every connector, and of all that goes in", () => {
    expect(new Set(vectors.map(({ operation }) => operation.connector))).toEqual(new Set(catalog.map(({ id }) => id)))
    const fields = new Set(vectors.flatMap(({ operation }) => Object.keys(operation)))
    expect(fields).toEqual(new Set(Object.keys(Operation.fields)))
  })

  it.each(vectors)("$key, by the page's own words", ({ bytes, key, operation }) => {
    expect(byThePage(operation)).toEqual({ bytes, key })
  })

  it.each(vectors)("$key, by the code", ({ key, operation: { payment_id: paymentId, ...of } }) => {
    expect(idempotencyKey({ account: "", attempt: 1, returned: undefined, ...of, paymentId })).toBe(key)
  })
})

/** Made-up credentials of an account. */
const credentials: Readonly<Record<string, (operation: Operation) => object>> = {
  stripe: ({ account, environment }) => ({
    secretKey: `sk_${environment === "live" ? "live" : "test"}_made_up`,
    ...(account && { account })
  }),
  adyen: ({ account = "ShopECOM", environment }) => ({
    apiKey: "AQE_made_up",
    merchantAccount: account,
    ...(environment === "live" && { liveUrlPrefix: "1797a841fbb37ca7-ShopBV" })
  }),
  paypal: ({ account = "client" }) => ({ clientId: account, clientSecret: "secret" })
}
const eur = { minorUnits: 1000n, currencyCode: "EUR" }
const device = {
  number: "4242424242424242",
  expiryMonth: 12,
  expiryYear: 2040,
  cryptogram: "AgAAAAAABk4DWZ4C28yUQAAAAAA="
}
/** What an operation needs beside what goes into its key. */
const rest: Readonly<Record<string, object>> = {
  "payment.authorize": {
    amount: eur,
    captureMethod: "MANUAL",
    returnUrl: "https://shop.example/back",
    paymentMethod: { _tag: "Card", number: "4242424242424242", expiryMonth: 12, expiryYear: 2040, cvc: "123" }
  },
  "payment.authorize.before": {
    amount: eur,
    captureMethod: "MANUAL",
    paymentMethod: { _tag: "ApplePayDecrypted", ...device }
  },
  "payment.capture": { amount: eur, state: { authorizationId: "0VF52814937998046" } },
  "payment.complete": { state: { intent: "CAPTURE" } },
  "payment.void": { state: { authorizationId: "0VF52814937998046" } },
  "payment.reverse": {},
  "refund.create": { amount: eur, state: { captureId: "3C679366HH908993F" } }
}

/** The header that a flow's first request has, or why there is none. */
const prepared = (connector: AnyConnector, operation: Operation, more: object = {}) => {
  const { attempt, flow, payment_id: paymentId, reference, returned } = operation
  const processor = stub(() => ({ status: 500 }))
  return Effect.gen(function* () {
    const sender = yield* Connectors
    const [service, method] = flow.split(".")
    const name = `${service}.${method}`
    const given = { reference, attempt, paymentId, returned, ...rest[flow], ...more }
    const target = targetOf(connector, {
      environment: operation.environment,
      credentials: credentials[connector.id]?.(operation) ?? {}
    })
    // the input is of this flow: its own schema decoded it
    const input = decoded(name, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
    const exit = yield* Effect.exit(sender.prepare(target, service as "payment", method as "get", input as never))
    return Exit.isSuccess(exit)
      ? { method: Redacted.value(exit.value).method, headers: { ...Redacted.value(exit.value).headers } }
      : result(exit)
  }).pipe(Effect.provide(over(processor, [connector])))
}
const byId = (id: string): AnyConnector => {
  const connector = catalog.find((connector) => connector.id === id)
  if (connector === undefined) throw new Error(`no connector ${id}`)
  return connector
}

describe("what is sent", () => {
  it.effect.each(keysOf(({ reference, returned = {} }) => reference !== "my-own-key" && !("😀" in returned)))(
    "%s has the page's key",
    ([, operation, key]) =>
      Effect.gen(function* () {
        const told = yield* prepared(byId(operation.connector), operation)
        const { header = "" } = byId(operation.connector).idempotency ?? {}
        expect(told).toMatchObject({ headers: { [header]: key } })
      })
  )

  it.effect.each(keysOf(({ reference }) => reference === "my-own-key"))(
    "%s has a key that follows from the caller's own",
    ([, operation, key]) =>
      Effect.gen(function* () {
        const more = { reference: "order-1", idempotencyKey: "my-own-key" }
        expect(yield* prepared(byId(operation.connector), operation, more)).toMatchObject({
          headers: { "idempotency-key": key }
        })
      })
  )
})

const rows = recordsOf(page, "What the processors promise").map((row) => ({ ...row, flows: codesOf(row.flows ?? "") }))
/** The page's words of what a definition says. */
const words: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  scope: {
    ACCOUNT: "account",
    ACCOUNT_AND_OPERATION: "account and operation",
    COMPANY_AND_REGION: "company account and region"
  },
  otherContent: { REFUSED: "refused", FIRST_ANSWER: "the first answer" },
  concurrent: { REFUSED: "refused", MAY_BE_REFUSED: "may be refused" },
  storedError: {
    REPLAYED: "the same error",
    REPLAYED_UNLESS_TRANSIENT: "the same error, unless it was transient",
    UNDOCUMENTED: "not documented"
  }
}
const said = (promised: Idempotency, what: "scope" | "otherContent" | "concurrent" | "storedError") =>
  words[what]?.[String(promised[what])] ?? `no word of ${what}`
/** Where a processor's own documents are. */
const hosts: Readonly<Record<string, string>> = {
  stripe: "docs.stripe.com",
  adyen: "docs.adyen.com",
  paypal: "developer.paypal.com"
}

describe("what the processors promise", () => {
  const writes = catalog.flatMap((connector) =>
    flowsOf(connector)
      .filter(({ kind }) => kind === "write")
      .map(({ flow, kind, name }) => ({ connector, name, promised: idempotencyOf(connector, kind, flow) }))
  )
  const rowOf = ({ connector, name }: (typeof writes)[number]): Readonly<Record<string, unknown>> =>
    rows.find((row) => "connector" in row && row.connector === connector.id && row.flows.includes(name)) ?? {}

  it("has each write once", () => {
    const listed = recordsOf(page, "What the processors promise").flatMap(({ connector, flows = "" }) =>
      codesOf(flows).map((flow) => `${connector} ${flow}`)
    )
    expect(listed.toSorted()).toEqual(writes.map(({ connector, name }) => `${connector.id} ${name}`).toSorted())
  })

  it.each(writes)("$connector.id $name, as its definition says", (write) => {
    const { promised } = write
    const row = rowOf(write)
    expect(row).toMatchObject(
      promised === undefined
        ? { header: "none", remembered: "", "longest key": "" }
        : {
            header: `\`${promised.header}\``,
            "longest key": String(promised.maxLength),
            "keys are one space by": said(promised, "scope"),
            "other content": said(promised, "otherContent"),
            "while it runs": said(promised, "concurrent"),
            "after an error": said(promised, "storedError")
          }
    )
    const [, amount, unit] = /^(\d+) (hours|days)$/.exec(String(row.remembered)) ?? []
    const days = unit === "days" ? Number(amount) : Number(amount) / 24
    if (promised !== undefined) expect(Duration.toDays(promised.retention)).toBe(days)
    const documents = [...String(row.document).matchAll(/\]\(https:\/\/([^/]+)\//g)].map(([, host]) => host)
    expect(new Set(documents)).toEqual(new Set([hosts[write.connector.id]]))
  })

  it.each(writes)("a key of ours is not too long for $connector.id $name", ({ promised }) => {
    expect(promised?.maxLength ?? 52).toBeGreaterThanOrEqual(52)
  })

  const operationOf = ({ connector, name: flow }: (typeof writes)[number]): Operation => ({
    connector: connector.id,
    environment: "sandbox",
    flow,
    reference: "r-1",
    ...(flow !== "payment.authorize" && { payment_id: "5O190127TN364715T" }),
    ...(flow === "payment.complete" && connector.id === "adyen" && { returned: { redirectResult: "X6XtfGC3" } })
  })
  const longest = (length: number) => ({ idempotencyKey: "~".repeat(length) })

  it.effect.each(writes)("the caller's own key, at $connector.id $name", (write) =>
    Effect.gen(function* () {
      const { connector, promised } = write
      const operation = operationOf(write)
      const told = yield* prepared(connector, operation, longest(promised?.maxLength ?? 255))
      // a question, or a write that takes none
      if (promised === undefined || ("method" in told && told.method === "GET")) {
        expect(
          Object.keys("headers" in told ? (told.headers ?? {}) : {}).filter((name) => /idemp|request-id/.test(name))
        ).toEqual([])
        return
      }
      expect(told).toMatchObject({ headers: { [promised.header]: "~".repeat(promised.maxLength) } })
      // more than 255 are refused by the message's own rule
      if (promised.maxLength === 255) return
      expect(yield* prepared(connector, operation, longest(promised.maxLength + 1))).toMatchObject({
        reason: { _tag: "InvalidField", field: "idempotency_key", rule: `at most ${promised.maxLength} characters` },
        moneyMoved: "NO"
      })
    })
  )

  // the contract, types.proto: 1 to 255 visible ASCII characters
  it.each(["", "a b", "é", "a\n", "\u007f", "x".repeat(256)])("no message takes the key %j", (idempotencyKey) => {
    for (const [name, input] of Object.entries(rest).filter(([name]) => !name.endsWith("before"))) {
      const [service = "", method = ""] = name.split(".")
      expect(Object.keys(flows)).toContain(service)
      const whole = { reference: "r-1", ...(method !== "authorize" && { paymentId: "pi_1" }), ...input }
      expect(() => decoded(name, whole)).not.toThrow()
      expect(() => decoded(name, { ...whole, idempotencyKey })).toThrow()
    }
  })
})
