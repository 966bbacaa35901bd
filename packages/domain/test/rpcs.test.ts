import type { ConnectorError } from "@connector-service/domain/Reason"
import { type Rpcs, rpcs } from "@connector-service/domain/Rpcs"
import { type RequestOf, type ResponseOf, services } from "@connector-service/domain/Services"
import { Redacted, Schema } from "effect"
import type { Rpc, RpcClient } from "effect/rpc"
import { expect, expectTypeOf, it } from "vitest"

const table = Object.entries(services).flatMap(([service, methods]) =>
  Object.keys(methods).map((method) => `${service}.${method}`)
)

it("there is one for each method of the table", () => {
  expect([...rpcs.requests.keys()]).toEqual(table)
})

it("each has its row's own types, and one error", () => {
  type Of<Tag extends Rpcs["_tag"]> = Rpc.ExtractTag<Rpcs, Tag>
  expectTypeOf<Rpc.Payload<Of<"payment.authorize">>>().toEqualTypeOf<RequestOf<"payment", "authorize">>()
  expectTypeOf<Rpc.Success<Of<"payment.authorize">>>().toEqualTypeOf<ResponseOf<"payment", "authorize">>()
  expectTypeOf<Rpc.Payload<Of<"settlement.settle">>>().toEqualTypeOf<RequestOf<"settlement", "settle">>()
  expectTypeOf<Rpc.Success<Of<"settlement.settle">>>().toEqualTypeOf<ResponseOf<"settlement", "settle">>()
  expectTypeOf<Rpc.Error<Rpcs>>().toEqualTypeOf<ConnectorError>()
  type Client = RpcClient.FromGroup<typeof rpcs>
  expectTypeOf<Parameters<Client["payment.capture"]>[0]>().toEqualTypeOf<RequestOf<"payment", "capture">>()
})

it("a client's request is not judged before it is sent, and its secrets need no labels", () => {
  const request = {
    reference: "not a reference",
    amount: { minorUnits: 0n, currencyCode: "XYZ" },
    captureMethod: "MANUAL",
    paymentMethod: { _tag: "Card", number: Redacted.make("1"), expiryMonth: 13, expiryYear: 1 }
  }
  const schema = rpcs.requests.get("payment.authorize")?.payloadSchema as Schema.Codec<unknown>
  expect(schema.make(request)).toBe(request)
  const encode = Schema.encodeUnknownSync(Schema.toCodecJson(schema), { disableChecks: true })
  expect(encode(request)).toMatchObject({
    amount: { minorUnits: "0", currencyCode: "XYZ" },
    paymentMethod: { number: "1" }
  })
})
