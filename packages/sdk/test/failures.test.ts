import { inspect } from "node:util"
import { ConnectorError as DomainError } from "@connector-service/domain/Reason"
import { Effect, type Layer } from "effect"
import { describe, expect, onTestFinished, test } from "vitest"
import * as Client from "../src/Client.ts"
import * as Grpc from "../src/Grpc.ts"
import { type AuthorizeInput, ConnectorError, Payments } from "../src/Payments.ts"
import * as Rpc from "../src/Rpc.ts"
import { errorOf } from "./errors.ts"
import { authorize } from "./inputs.ts"

const target = { connector: "stripe", environment: "sandbox", account: "shop", retry: false } as const
const requestId = "request-1"

const failed = (layer: Layer.Layer<Payments>, input: AuthorizeInput = authorize): Promise<ConnectorError> =>
  Effect.runPromise(
    Payments.use(({ payment }) => payment.authorize(input, { requestId })).pipe(Effect.flip, Effect.provide(layer))
  )

// nothing listens at port 1
describe.each<readonly [string, Layer.Layer<Payments>, () => Client.Client]>([
  ["gRPC", Grpc.layer("127.0.0.1:1", target), () => Client.connect("127.0.0.1:1", target)],
  ["Effect RPC", Rpc.layer("http://127.0.0.1:1", target), () => Rpc.connect("http://127.0.0.1:1", target)]
])("over %s", (_, layer, open) => {
  test("an effect's error says what a promise's does", async () => {
    const client = open()
    onTestFinished(() => client.close())
    const error = await failed(layer)
    const told = await errorOf(client.payment.authorize(authorize, { requestId }))
    expect(error.reason._tag).toBe("Unreachable")
    expect(error.message).toMatch(/^The service was not reached \(.+\); nothing was sent\.$/)
    expect(told.message).toBe(`payment.authorize: ${error.message}`)
    expect([error.requestId, told.requestId]).toEqual([requestId, requestId])
  })

  test("and the reason's own sentence where there is no other", async () => {
    const error = await failed(layer, { ...authorize, reference: "order 1" })
    expect(error.message).toMatch(/^reference must be /)
    expect(error.requestId).toBe(requestId)
  })
})

test("it is the domain's error, and is printed with its request id", async () => {
  const error = await failed(Grpc.layer("127.0.0.1:1", target))
  expect(error).toBeInstanceOf(DomainError)
  expect(error).toBeInstanceOf(ConnectorError)
  expect(error).toMatchObject({ _tag: "ConnectorError", name: "ConnectorError", connector: "stripe" })
  expect(error.consequence).toMatchObject({ moneyMoved: "NO", retryable: true })
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    _tag: "ConnectorError",
    message: error.message,
    connector: "stripe",
    flow: "payment.authorize",
    requestId,
    reason: { _tag: "Unreachable", description: expect.any(String) }
  })
  for (const text of [inspect(error), String(error)]) expect(text).toContain("The service was not reached")
  expect(inspect(error)).toContain(requestId)
})
