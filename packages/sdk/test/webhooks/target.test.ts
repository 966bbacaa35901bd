import { stripe } from "@connector-service/connectors/stripe"
import { Effect, Redacted } from "effect"
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest"
import { connect } from "../../src/Client.ts"
import { inProcess, type WebhookSecrets } from "../../src/InProcess.ts"
import type { Client } from "../../src/Promises.ts"
import * as Rpc from "../../src/Rpc.ts"
import { errorOf } from "../errors.ts"
import { type Fake, resetWith, startFake } from "../Fake.ts"
import { capture } from "../inputs.ts"
import * as RpcFake from "../rpc/Fake.ts"
import { payload, signed } from "./Suite.ts"

const target = { connector: "stripe", environment: "sandbox", retry: false } as const
const credentials = { secretKey: "sk_test_1" }
const webhookSecrets = [{ signingSecret: Redacted.make("whsec_1") }]
const written = { "x-credentials-bin": credentials, "x-webhook-secrets-bin": [{ signingSecret: "whsec_1" }] }
const delivery = { method: "POST", url: "/", headers: [], body: Buffer.from("{}") }

type Fields = Readonly<Record<string, unknown>>
/** The target of a request, its bytes as the JSON that they are. */
const targetOf = (fields: Fields): Fields => {
  const named = Object.entries(fields).filter(([key]) => /^x-(?!request-id|timeout)/.test(key))
  const json = (value: unknown): unknown => JSON.parse(Buffer.from(String(value), "base64").toString())
  return Object.fromEntries(named.map(([key, value]) => [key, key.endsWith("-bin") ? json(value) : value]))
}

let grpc: Fake
let rpc: Awaited<ReturnType<typeof RpcFake.startFake>>
beforeAll(async () => {
  grpc = await startFake(resetWith(0))
  rpc = await RpcFake.startFake(RpcFake.page(500))
})
afterAll(() => Promise.all([grpc.close(), rpc.close()]))
beforeEach(() => {
  grpc.seen.length = 0
  rpc.seen.length = 0
})

describe.each<readonly [string, () => Client, () => ReadonlyArray<Fields>]>([
  ["gRPC", () => connect(grpc.address, target), () => grpc.seen.map(({ headers }) => targetOf(headers))],
  ["Effect RPC", () => Rpc.connect(rpc.url, target), () => rpc.seen.map(({ fields }) => targetOf(fields))]
])("over %s", (_, open, seen) => {
  const named = { "x-connector": "stripe", "x-environment": "sandbox" }
  const client = () => {
    const opened = open()
    onTestFinished(() => opened.close())
    return opened
  }

  test("webhook secrets go with webhook.receive alone", async () => {
    const own = client().target({ credentials, webhookSecrets })
    await errorOf(own.webhook.receive({ delivery }))
    await errorOf(own.payment.capture(capture))
    await errorOf(own.webhook.identify({ delivery }))
    expect(seen()).toEqual([{ ...named, ...written }, { ...named, "x-credentials-bin": credentials }, named])
  })

  test("an account takes the place of webhook secrets, and they that of an account", async () => {
    const own = client().target({ webhookSecrets })
    await errorOf(own.target({ account: "shop" }).webhook.receive({ delivery }))
    await errorOf(own.target({ account: "shop" }).target({ webhookSecrets }).webhook.receive({ delivery }))
    expect(seen()).toEqual([
      { ...named, "x-account": "shop" },
      { ...named, "x-webhook-secrets-bin": written["x-webhook-secrets-bin"] }
    ])
  })

  test("webhook secrets do not follow to another environment", async () => {
    const other = client().target({ webhookSecrets }).target({ environment: "live" })
    expect((await errorOf(other.webhook.receive({ delivery }))).reason).toEqual(
      expect.objectContaining({ _tag: "MissingField", field: "x-account" })
    )
    expect(seen()).toEqual([])
  })
})

describe("in process", () => {
  const receiving = async (webhookSecretsOf: WebhookSecrets | undefined) => {
    const client = inProcess({ ...target, connectors: [stripe], webhookSecretsOf, account: "shop" })
    onTestFinished(() => client.close())
    const headers = Object.entries(signed(payload))
    return client.webhook.receive({ delivery: { ...delivery, headers, body: Buffer.from(payload) } })
  }
  const found = [{ signingSecret: Redacted.make("whsec_helpers") }]

  test("secrets are found at once, by a Promise, or by an effect", async () => {
    for (const given of [found, Promise.resolve(found), Effect.succeed(found)]) {
      const asked: Array<ReadonlyArray<string>> = []
      const { events } = await receiving((...names) => {
        asked.push(names)
        return given
      })
      expect(events).toMatchObject([{ id: "evt_1" }])
      expect(asked).toEqual([["shop", "stripe"]])
    }
  })

  test("without any, or with what is no list, they are unknown", async () => {
    for (const find of [undefined, () => undefined, () => [], () => ({ signingSecret: "x" }) as never]) {
      expect((await errorOf(receiving(find))).reason._tag).toBe("UnknownSecret")
    }
  })

  test("what fails is not repeated, and may be tried again", async () => {
    const { reason, retryable } = await errorOf(receiving(() => Promise.reject(new Error("whsec_helpers"))))
    expect(reason).toMatchObject({ _tag: "Unreachable", description: "the account's webhook secrets could not be had" })
    expect(retryable).toBe(true)
  })
})
