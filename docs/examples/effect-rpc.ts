import { rpcs } from "@connector-service/domain/Rpcs"
import { Effect, Layer, Redacted, Schedule } from "effect"
import { FetchHttpClient } from "effect/http"
import { RpcClient, RpcSerialization } from "effect/rpc"

const target = { "x-connector": "stripe", "x-environment": "sandbox", "x-account": "sandbox", "x-timeout-ms": "10000" }
const protocol = RpcClient.layerProtocolHttp({ url: "http://127.0.0.1:8080/rpc" })
const service = Layer.provide(protocol, [RpcSerialization.layerNdjson, FetchHttpClient.layer])
const backoff = Schedule.max([Schedule.exponential("200 millis"), Schedule.recurs(3)])

const program = Effect.gen(function* () {
  const client = yield* RpcClient.make(rpcs)
  const card = { _tag: "Card", number: Redacted.make("4242424242424242"), expiryMonth: 12, expiryYear: 2030 } as const
  const amount = { minorUnits: 1000n, currencyCode: "EUR" }
  const order = { reference: `order-${Date.now()}`, amount, captureMethod: "MANUAL", paymentMethod: card } as const
  return yield* client["payment.authorize"](order).pipe(
    Effect.retry({ while: (error) => "consequence" in error && error.consequence.retryable, schedule: backoff }),
    Effect.catchReasons("ConnectorError", {
      UnknownOutcome: ({ unsettled }) => client["settlement.settle"]({ unsettled }),
      InvalidField: ({ field, rule }) => Effect.succeed(`${field} must be ${rule}`)
    })
  )
}).pipe(Effect.scoped, RpcClient.withHeaders(target), Effect.provide(service))
console.log(await Effect.runPromise(program))
