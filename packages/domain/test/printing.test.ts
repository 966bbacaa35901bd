import { inspect } from "node:util"
import { decline } from "@connector-service/domain/Decline"
import type { NextAction } from "@connector-service/domain/NextAction"
import type { Payment } from "@connector-service/domain/Payment"
import { AmountMismatch, ConnectorError, Declined, Duplicate, WrongState } from "@connector-service/domain/Reason"
import { Cause, DateTime, Effect, Exit, Formatter, Logger, Redacted } from "effect"
import { describe, expect, it } from "vitest"

// what lets its bearer go on with the payment in the payer's place
const secret = "pi_1_secret_2"
const actions: ReadonlyArray<NextAction> = [
  { _tag: "ClientSdk", clientSecret: Redacted.make(secret) },
  {
    _tag: "Challenge",
    step: "CHALLENGE",
    fields: { creq: secret },
    token: Redacted.make(secret),
    url: `https://acs.example/${secret}`
  },
  { _tag: "Redirect", method: "POST", url: `https://bank.example/${secret}`, fields: { PaReq: secret } },
  { _tag: "QrCode", data: secret, url: secret, expiresAt: DateTime.makeUnsafe(0) }
]
const payment = (nextAction: NextAction): Payment => ({
  paymentId: "pi_1",
  status: "REQUIRES_ACTION",
  rawStatus: "requires_action",
  final: false,
  amount: { minorUnits: 1000n, currencyCode: "EUR" },
  nextAction,
  state: { order: "o-1" }
})

const reasonsOf = (nextAction: NextAction) => {
  const found = { _tag: "Payment", payment: payment(nextAction) } as const
  return [
    new WrongState({ rawCode: "x", found }),
    new Duplicate({ rawCode: "x", found }),
    new AmountMismatch({ asked: { minorUnits: 1n, currencyCode: "EUR" }, found }),
    new Declined({ decline: decline("DO_NOT_HONOR", { rawCode: "x" }), payment: found.payment })
  ]
}

/** Every way in which a value is printed. */
const printed = (value: object): string =>
  [
    inspect(value, { depth: 20, showHidden: true }),
    inspect({ error: value }, { depth: 20 }),
    JSON.stringify(value),
    String(value),
    Formatter.format(value),
    Formatter.formatJson(value)
  ].join("\n")

const logged = async (value: unknown): Promise<string> => {
  const lines: Array<string> = []
  const loggers = [Logger.formatJson, Logger.formatLogFmt, Logger.formatSimple].map((format) =>
    Logger.map(format, (line) => void lines.push(line))
  )
  await Effect.runPromise(Effect.logError("it went wrong", value).pipe(Effect.provide(Logger.layer(loggers))))
  return lines.join("\n")
}

describe.each(actions)("what is printed of an error holds nothing of a $_tag but its kind", (action) => {
  it.each(reasonsOf(action))("$_tag", async (reason) => {
    const error = new ConnectorError({ connector: "stripe", flow: "payment.capture", reason })
    const cause = Cause.fail(error)
    const all = [
      ...[reason, error, cause, Exit.fail(error), { nested: [error] }].map(printed),
      Cause.pretty(cause),
      await logged(error),
      await logged(cause)
    ].join("\n")
    expect(all).not.toContain(secret)
    expect(all).toContain(action._tag)
  })
})

it("what is printed of an error says what it is and what it holds", () => {
  const [reason] = reasonsOf({ _tag: "ClientSdk", clientSecret: Redacted.make(secret) })
  if (reason === undefined) return expect.fail("there is no reason")
  const error = new ConnectorError({ connector: "stripe", flow: "payment.capture", reason })
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    _tag: "ConnectorError",
    message: error.message,
    connector: "stripe",
    flow: "payment.capture",
    reason: {
      _tag: "WrongState",
      rawCode: "x",
      found: {
        _tag: "Payment",
        payment: {
          ...payment({ _tag: "Wait" }),
          amount: { minorUnits: "1000", currencyCode: "EUR" },
          nextAction: { _tag: "ClientSdk" }
        }
      }
    }
  })
  expect(inspect(error)).toContain("printing.test.ts")
  expect(inspect(error)).toContain("requires_action")
  // it is only printed so
  expect(error.reason).toBe(reason)
  expect(reason).toMatchObject({ found: { payment: { nextAction: { _tag: "ClientSdk" } } } })
})
