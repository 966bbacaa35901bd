import { stripe } from "@connector-service/connectors/stripe"
import { Redacted } from "effect"
import { describe, expect, onTestFinished, test } from "vitest"
import * as Grpc from "../src/Client.ts"
import * as InProcess from "../src/InProcess.ts"
import * as Rpc from "../src/Rpc.ts"
import { errorOf } from "./errors.ts"
import { authorize, capture } from "./inputs.ts"

const target = { connector: "stripe", environment: "sandbox", account: "shop", retry: false } as const

// nothing listens at port 1, and nothing that is refused here is sent
const faces: ReadonlyArray<readonly [string, () => Grpc.Client]> = [
  ["gRPC", () => Grpc.connect("127.0.0.1:1", target)],
  ["Effect RPC", () => Rpc.connect("http://127.0.0.1:1", target)],
  ["in process", () => InProcess.inProcess({ ...target, connectors: [stripe], secrets: () => undefined })]
]

// what a plain JavaScript caller can write and TypeScript refuses
const untyped = (value: unknown): never => value as never

describe.each(faces)("over %s", (_, open) => {
  const client = () => {
    const opened = open()
    onTestFinished(() => opened.close())
    return opened
  }

  // the contract, docs/grpc.md: 1 to 64 of the characters A-Z a-z 0-9 . _ -
  test.each(["a".repeat(65), "shop:1", "my shop", "shop/1", "shöp"])(
    "an account that no service has is refused: %s",
    async (account) => {
      const error = await errorOf(client().payment.capture(capture, { target: { account } }))
      const rule = "1 to 64 of the characters A-Z a-z 0-9 . _ -"
      expect(error.reason).toMatchObject({ _tag: "InvalidField", field: "x-account", rule })
    }
  )

  test.each<readonly [string, unknown]>([
    ["a list", [{ secretKey: "sk_test_1" }]],
    ["a list that is redacted", Redacted.make(["sk_test_1"])],
    ["a text that is redacted", Redacted.make("sk_test_1")],
    ["a time", new Date(0)],
    ["a text", "sk_test_1"]
  ])("credentials that are %s are refused", async (_, credentials) => {
    const error = await errorOf(client().payment.capture(capture, { target: { credentials: untyped(credentials) } }))
    expect(error.reason).toMatchObject({ _tag: "InvalidField", field: "x-credentials-bin" })
    expect(error.moneyMoved).toBe("NO")
  })

  test.each<readonly [string, (client: Grpc.Client) => Promise<unknown>, object]>([
    [
      "a name that is not Unicode",
      (c) =>
        c.payment.authorize({ ...authorize, paymentMethod: { ...authorize.paymentMethod, holderName: "Ada \ud800" } }),
      { _tag: "InvalidField", field: "payment_method.card.holder_name", rule: "well-formed Unicode" }
    ],
    [
      "a URL that is not Unicode",
      (c) => c.payment.authorize({ ...authorize, returnUrl: "https://shop.example/\ud800" }),
      { _tag: "InvalidField", field: "return_url", rule: "well-formed Unicode" }
    ],
    [
      "more than a write can have asked for",
      (c) =>
        c.settlement.settle({
          unsettled: {
            flow: "payment.authorize",
            reference: "r",
            attempt: 1,
            amount: { minorUnits: 2n ** 63n, currencyCode: "EUR" }
          }
        }),
      { _tag: "InvalidField", field: "unsettled.amount.minor_units" }
    ],
    ["a connector without a name", (c) => c.connector.get({ id: "" }), { _tag: "MissingField", field: "id" }]
  ])("%s is refused by its field's name", async (_, call, reason) => {
    const error = await errorOf(call(client()))
    expect(error.reason).toMatchObject(reason)
    // of the write that it asks about, an error of Settle tells nothing
    expect(error.moneyMoved).toBe(error.flow === "settlement.settle" ? "UNKNOWN" : "NO")
  })
})
