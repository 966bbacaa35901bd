import * as Grpc from "@connector-service/sdk/Grpc"
import { Money, Payments } from "@connector-service/sdk/Payments"
import { Console, Effect } from "effect"

const program = Effect.gen(function* () {
  const { payment, settlement } = yield* Payments
  return yield* payment
    .authorize({
      reference: `first-${Date.now()}`,
      amount: Money.of("10.00", "EUR"),
      captureMethod: "MANUAL",
      paymentMethod: { _tag: "Card", number: "4242424242424242", expiryMonth: 12, expiryYear: 2030, cvc: "123" }
    })
    .pipe(
      Effect.map(({ paymentId, status }) => `${status} ${paymentId}`),
      Effect.catchReason("ConnectorError", "UnknownOutcome", ({ unsettled }) =>
        Effect.map(settlement.settle({ unsettled }), ({ _tag }) => _tag)
      )
    )
})

const payments = Grpc.layer("127.0.0.1:50051", { connector: "stripe", environment: "sandbox", account: "sandbox" })
await program.pipe(Effect.flatMap(Console.log), Effect.provide(payments), Effect.runPromise) // AUTHORIZED pi_…
