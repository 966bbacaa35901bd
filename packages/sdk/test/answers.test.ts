import { inspect } from "node:util"
import {
  ConnectorServiceGetResponse,
  ConnectorServiceListResponse,
  FlowKind
} from "@connector-service/proto/payments/v1/connector"
import type { ConnectorError } from "@connector-service/proto/payments/v1/errors"
import {
  PaymentServiceAuthorizeRequest,
  PaymentServiceAuthorizeResponse
} from "@connector-service/proto/payments/v1/payment"
import {
  SettlementServiceSettleRequest,
  SettlementServiceSettleResponse
} from "@connector-service/proto/payments/v1/settlement"
import {
  Capture,
  CaptureMethod,
  OperationStatus,
  Payment,
  PaymentStatus
} from "@connector-service/proto/payments/v1/types"
import { DateTime, Duration, Formatter, Redacted } from "effect"
import { afterEach, beforeEach, expect, test } from "vitest"
import { type Client, connect, type PaymentError, type Reason, result, reveal, Unsettled } from "../src/Client.ts"
import { errorOf } from "./errors.ts"
import { answer, explained, type Fake, hang, startFake, status } from "./Fake.ts"
import { authorize, capture, cardNumber, target } from "./inputs.ts"

let fake: Fake
let client: Client

beforeEach(async () => {
  fake = await startFake(hang)
  client = connect(fake.address, { ...target, retry: false })
})
afterEach(async () => {
  await fake.close()
  await client.close()
})

const authorized = answer(
  PaymentServiceAuthorizeResponse.encode(
    PaymentServiceAuthorizeResponse.fromPartial({
      payment: {
        paymentId: "pi_1",
        status: PaymentStatus.PAYMENT_STATUS_AUTHORIZED,
        rawStatus: "requires_capture",
        final: false,
        amountAuthorized: { minorUnits: 1000n, currencyCode: "EUR" },
        state: { order: "o-1" }
      }
    })
  ).finish()
)

test("a request goes out as its proto message, with its target beside it", async () => {
  fake.become(authorized)
  await client.payment.authorize(authorize, { requestId: "request-1" })
  const [seen] = fake.seen
  expect(seen?.path).toBe("/payments.v1.PaymentService/Authorize")
  expect(seen?.headers).toMatchObject({
    "x-connector": "stripe",
    "x-environment": "sandbox",
    "x-account": "sandbox",
    "x-request-id": "request-1"
  })
  expect(seen?.headers).not.toHaveProperty("x-credentials-bin")
  expect(PaymentServiceAuthorizeRequest.decode(seen?.message ?? Buffer.alloc(0))).toMatchObject({
    reference: "order-1",
    amount: { minorUnits: 1000n, currencyCode: "EUR" },
    captureMethod: CaptureMethod.CAPTURE_METHOD_MANUAL,
    paymentMethod: {
      method: { $case: "card", value: { number: cardNumber, expiryMonth: 12, expiryYear: 2030, cvc: "9786" } }
    }
  })
})

test("an answer is the domain's value", async () => {
  fake.become(authorized)
  const payment = await client.payment.authorize(authorize)
  expect(payment).toMatchObject({
    paymentId: "pi_1",
    status: "AUTHORIZED",
    rawStatus: "requires_capture",
    final: false,
    amountAuthorized: { minorUnits: 1000n, currencyCode: "EUR" },
    state: { order: "o-1" }
  })
})

test("secrets may be Redacted and times Dates", async () => {
  fake.become(authorized)
  await client.payment.authorize({
    ...authorize,
    firstSentAt: new Date("2026-01-02T03:04:05.678Z"),
    paymentMethod: { ...authorize.paymentMethod, number: Redacted.make(cardNumber), cvc: Redacted.make("9786") }
  })
  const message = PaymentServiceAuthorizeRequest.decode(fake.seen[0]?.message ?? Buffer.alloc(0))
  expect(message.firstSentAt).toEqual(new Date("2026-01-02T03:04:05.678Z"))
  expect(message.paymentMethod?.method?.value).toMatchObject({ number: cardNumber, cvc: "9786" })
})

test("a deadline is always sent: 90 s for writes and 20 s for reads unless the call says otherwise", async () => {
  fake.become(status(14))
  await errorOf(client.payment.capture(capture))
  await errorOf(client.payment.get({ paymentId: "pi_1" }))
  await errorOf(client.payment.get({ paymentId: "pi_1" }, { timeout: 5_000 }))
  await errorOf(client.payment.get({ paymentId: "pi_1" }, { timeout: Duration.seconds(7) }))
  // grpc-timeout is an integer with its unit: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
  const units: Readonly<Record<string, number>> = { m: 1, S: 1_000, M: 60_000 }
  const sent = fake.seen.map(({ headers }) => {
    const [, amount, unit] = /^(\d+)([mSM])$/.exec(String(headers["grpc-timeout"])) ?? []
    return Number(amount) * (units[unit ?? ""] ?? Number.NaN)
  })
  for (const [index, limit] of [90_000, 20_000, 5_000, 7_000].entries()) {
    expect(sent[index]).toBeLessThanOrEqual(limit)
    expect(sent[index]).toBeGreaterThan(0)
  }
  expect(sent[0]).toBeGreaterThan(20_000)
  expect(sent[1]).toBeGreaterThan(7_000)
})

test("the service's own account of an error is the error, whatever the status", async () => {
  const unsettled = {
    flow: "payment.capture",
    reference: "r",
    attempt: 2,
    firstSentAt: new Date(0),
    lastSentAt: undefined,
    state: {}
  }
  const cases: ReadonlyArray<
    readonly [NonNullable<ConnectorError["reason"]>, Reason["_tag"], PaymentError["moneyMoved"], boolean]
  > = [
    [{ $case: "unreachable", value: { description: "ECONNREFUSED" } }, "Unreachable", "NO", true],
    [{ $case: "rateLimited", value: { retryAfter: { seconds: 2n, nanos: 0 } } }, "RateLimited", "NO", true],
    [
      { $case: "rejected", value: { httpStatus: 400, rawCode: "amount_too_small", rawMessage: "Too small" } },
      "Rejected",
      "NO",
      false
    ],
    [{ $case: "wrongState", value: { rawCode: "unexpected_state", found: undefined } }, "WrongState", "NO", false],
    [{ $case: "duplicate", value: { rawCode: "idempotency_error", found: undefined } }, "Duplicate", "UNKNOWN", false],
    [{ $case: "unknownOutcome", value: { description: "502", unsettled } }, "UnknownOutcome", "UNKNOWN", false],
    [
      {
        $case: "amountMismatch",
        value: {
          asked: { minorUnits: 1000n, currencyCode: "EUR" },
          found: {
            value: {
              $case: "capture",
              value: Capture.fromPartial({
                paymentId: "pi_1",
                status: OperationStatus.OPERATION_STATUS_SUCCEEDED
              })
            }
          }
        }
      },
      "AmountMismatch",
      "YES",
      false
    ]
  ]
  for (const [reason, tag, moneyMoved, retryable] of cases) {
    fake.become(explained(13, reason))
    const error = await errorOf(client.payment.capture(capture))
    expect(error).toMatchObject({
      reason: { _tag: tag },
      moneyMoved,
      retryable,
      connector: "stripe",
      flow: "payment.capture"
    })
    expect(error.nextStep).toMatch(/\.$/)
  }
})

test("an unknown outcome can be kept as text, read back and settled", async () => {
  fake.become(status(14))
  const error = await errorOf(client.payment.capture(capture))
  if (error.reason._tag !== "UnknownOutcome") throw new Error("expected UnknownOutcome")
  const kept = Unsettled.stringify(error.reason.unsettled)
  expect(Unsettled.parse(kept)).toEqual(error.reason.unsettled)

  fake.become(
    answer(
      SettlementServiceSettleResponse.encode({
        settlement: { $case: "notTaken", value: { evidence: "no such capture" } }
      }).finish()
    )
  )
  const settlement = await client.settlement.settle({ unsettled: Unsettled.parse(kept) })
  expect(settlement).toEqual({ _tag: "NotTaken", evidence: "no such capture" })
  expect(SettlementServiceSettleRequest.decode(fake.seen[1]?.message ?? Buffer.alloc(0)).unsettled).toMatchObject({
    flow: "payment.capture",
    reference: "capture-1",
    attempt: 3,
    paymentId: "pi_123",
    amount: { minorUnits: 500n, currencyCode: "EUR" },
    firstSentAt: error.reason.unsettled.firstSentAt && DateTime.toDateUtc(error.reason.unsettled.firstSentAt),
    state: { order: "o-1" }
  })
})

test("what the service can do is asked without a target", async () => {
  const flow = {
    name: "payment.get",
    kind: FlowKind.FLOW_KIND_READ,
    policy: { timeout: { seconds: 30n, nanos: 0 }, maxSends: 2 }
  }
  const connector = { id: "stripe", flows: [flow], credentialsJsonSchema: "{}" }
  const bare = connect(fake.address)
  fake.become(
    answer(
      ConnectorServiceListResponse.encode(
        ConnectorServiceListResponse.fromPartial({ connectors: [connector] })
      ).finish()
    )
  )
  expect(await bare.connector.list()).toMatchObject([{ id: "stripe", flows: [{ name: "payment.get", kind: "READ" }] }])
  fake.become(answer(new Uint8Array()))
  expect(await bare.connector.list()).toEqual([])
  fake.become(
    answer(ConnectorServiceGetResponse.encode(ConnectorServiceGetResponse.fromPartial({ connector })).finish())
  )
  expect(await client.connector.get({ id: "stripe" })).toMatchObject({ id: "stripe" })
  for (const { headers } of fake.seen) {
    expect(headers).not.toHaveProperty("x-connector")
    expect(headers).not.toHaveProperty("x-account")
  }
  await bare.close()
})

test("no secret is printed of an error or a client", async () => {
  const credentials = { secretKey: "sk_test_abcdef" }
  const keyed = client.target({ credentials })
  // a new UUID could by chance hold the code
  const requestId = "request"
  const wrongNumber = "4242424242424241"
  const withCard = (change: object) =>
    keyed.payment.authorize({ ...authorize, paymentMethod: { ...authorize.paymentMethod, ...change } }, { requestId })
  fake.become(status(14))
  const errors = [
    await errorOf(keyed.payment.authorize(authorize, { requestId })),
    await errorOf(withCard({ number: wrongNumber })),
    await errorOf(withCard({ cvc: "97865" })),
    await errorOf(keyed.payment.authorize(authorize, { requestId, target: { account: "both", credentials } }))
  ]
  fake.become(
    explained(9, {
      $case: "wrongState",
      value: {
        rawCode: "unexpected_state",
        found: {
          value: {
            $case: "payment",
            value: Payment.fromPartial({
              paymentId: "pi_1",
              status: PaymentStatus.PAYMENT_STATUS_REQUIRES_ACTION,
              amount: { minorUnits: 1000n, currencyCode: "EUR" },
              nextAction: { action: { $case: "clientSdk", value: { clientSecret: "pi_1_secret_x" } } }
            })
          }
        }
      }
    })
  )
  errors.push(await errorOf(keyed.payment.capture(capture, { requestId })))
  const printed = [
    ...errors.flatMap((error) => [
      error.message,
      String(error.stack),
      JSON.stringify(error),
      inspect(error, { depth: null, showHidden: true })
    ]),
    inspect(keyed, { depth: null, showHidden: true }),
    JSON.stringify(keyed)
  ]
  for (const text of printed) {
    for (const secret of [cardNumber, wrongNumber, "9786", "sk_test_abcdef", "pi_1_secret_x"])
      expect(text).not.toContain(secret)
  }
  expect(inspect(errors[0])).toContain("UnknownOutcome")
  expect(JSON.parse(JSON.stringify(errors[0])).reason.unsettled.amount).toEqual({
    minorUnits: "1000",
    currencyCode: "EUR"
  })
})

test("a secret of an answer is printed as its label, and revealed where it is wanted", async () => {
  const secrets = { clientSdk: "pi_1_secret_2", challenge: "eyJ0aHJlZURT" }
  const actions = {
    clientSdk: { $case: "clientSdk", value: { clientSecret: secrets.clientSdk } },
    challenge: { $case: "challenge", value: { step: 1, fields: {}, token: secrets.challenge } }
  } as const
  for (const [name, action] of Object.entries(actions)) {
    const payment = { paymentId: "pi_1", status: PaymentStatus.PAYMENT_STATUS_REQUIRES_ACTION, nextAction: { action } }
    fake.become(
      answer(PaymentServiceAuthorizeResponse.encode(PaymentServiceAuthorizeResponse.fromPartial({ payment })).finish())
    )
    const { nextAction } = await client.payment.authorize(authorize)
    const printed = [inspect(nextAction), JSON.stringify(nextAction), String(nextAction), Formatter.format(nextAction)]
    for (const secret of Object.values(secrets)) expect(printed.join()).not.toContain(secret)
    const revealed =
      nextAction?._tag === "ClientSdk"
        ? reveal(nextAction.clientSecret)
        : nextAction?._tag === "Challenge" && nextAction.token && reveal(nextAction.token)
    expect(revealed).toBe(secrets[name as keyof typeof secrets])
  }
})

test("a client closes itself at the end of its block", async () => {
  let escaped: Client
  {
    await using scoped = connect(fake.address, target)
    escaped = scoped
  }
  const error = await errorOf(escaped.payment.capture(capture))
  expect(error.reason).toMatchObject({ _tag: "Unreachable", description: "the client is closed" })
})

test("result gives other failures back as they are", async () => {
  await expect(result(Promise.reject(new RangeError("not ours")))).rejects.toThrow(RangeError)
})
