import * as Grpc from "@connector-service/sdk/Grpc"
import { type AuthorizeInput, type ConnectorError, Money, Payments, Unsettled } from "@connector-service/sdk/Payments"
import { Console, Duration, Effect } from "effect"

const settle = Effect.fnUntraced(function* (
  unsettled: Unsettled.Unsettled,
  asks = 5
): Effect.fn.Return<string, ConnectorError, Payments> {
  const { settlement } = yield* Payments
  const answer = yield* settlement.settle({ unsettled })
  switch (answer._tag) {
    case "Taken": // as it is now: its status may also be DECLINED or FAILED
      return answer.found._tag === "Payment" ? `taken: ${answer.found.payment.status}` : `taken: ${answer.found._tag}`
    case "NotTaken":
      return `not taken (${answer.evidence}): a new attempt is safe`
    case "StillUnknown": {
      const { retryAfter } = answer // absent where asking again does not help: the processor's webhook will tell
      if (asks === 1 || retryAfter === undefined) return `still unknown, to be kept: ${Unsettled.stringify(unsettled)}`
      yield* Effect.sleep(retryAfter)
      return yield* settle(unsettled, asks - 1)
    }
  }
})

const pay = Effect.fnUntraced(function* (order: AuthorizeInput) {
  const { payment } = yield* Payments
  return yield* payment.authorize(order, { timeout: Duration.seconds(10) }).pipe(
    Effect.map(({ decline, paymentId, status }) =>
      decline === undefined ? `${status} ${paymentId}` : `${status}: ${decline.code}, ${decline.action}`
    ),
    Effect.catchReasons("ConnectorError", {
      UnknownOutcome: ({ unsettled }) => settle(unsettled),
      KeyExpired: ({ unsettled }) => settle(unsettled)
    }),
    // what is left: no money moved, or AmountMismatch or Duplicate, of which the consequence tells
    Effect.catchTag("ConnectorError", ({ consequence, reason }) =>
      Effect.succeed(`${reason._tag}, money moved: ${consequence.moneyMoved}. ${consequence.nextStep}`)
    )
  )
})

const payments = Grpc.layer("127.0.0.1:50051", { connector: "stripe", environment: "sandbox", account: "sandbox" })
await pay({
  reference: `order-${Date.now()}`,
  amount: Money.of("10.00", "EUR"),
  captureMethod: "MANUAL",
  paymentMethod: { _tag: "Card", number: "4242424242424242", expiryMonth: 12, expiryYear: 2030, cvc: "123" }
}).pipe(Effect.flatMap(Console.log), Effect.provide(payments), Effect.runPromise) // AUTHORIZED pi_…
