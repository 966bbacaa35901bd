import * as Money from "@connector-service/domain/Money"
import { rpcs } from "@connector-service/domain/Rpcs"
import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { RpcClient, RpcSerialization } from "effect/rpc"

const target = { "x-connector": "stripe", "x-environment": "sandbox", "x-account": "sandbox", "x-timeout-ms": "30000" }
const protocol = RpcClient.layerProtocolHttp({ url: "http://127.0.0.1:8080/rpc" })
const service = Layer.provide(protocol, [RpcSerialization.layerNdjson, FetchHttpClient.layer])

const shop = Effect.gen(function* () {
  const client = yield* RpcClient.make(rpcs)
  const order = `order-${Date.now()}`
  const amount = Money.of("20.00", "EUR")
  const cvc = Redacted.make("123")
  const card = {
    _tag: "Card",
    number: Redacted.make("4242424242424242"),
    expiryMonth: 12,
    expiryYear: 2030,
    cvc
  } as const
  const payment = yield* client["payment.authorize"]({
    reference: order,
    amount,
    captureMethod: "MANUAL",
    paymentMethod: card
  })
  if (payment.status !== "AUTHORIZED") return [payment.status, payment.decline?.payerMessage]

  const { paymentId, state } = payment
  const capture = yield* client["payment.capture"]({ reference: `${order}-capture`, paymentId, state, amount })
  const part = Money.of("5.00", "EUR")
  const back = { reference: `${order}-refund`, paymentId, state: capture.state, amount: part }
  const refund = yield* client["refund.create"](back)
  return [payment.status, capture.status, refund.status]
}).pipe(
  Effect.catchTags({
    ConnectorError: ({ consequence, reason }) => Effect.succeed([reason._tag, consequence.moneyMoved]),
    // not the service's words: after a write, money may have moved
    RpcClientError: () => Effect.succeed(["no answer", "UNKNOWN"])
  }),
  Effect.scoped,
  RpcClient.withHeaders(target),
  Effect.provide(service)
)
console.log((await Effect.runPromise(shop)).join(" "))
