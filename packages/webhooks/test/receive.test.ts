import type { Event } from "@connector-service/domain/Event"
import { parse, text } from "@connector-service/webhooks/Delivery"
import { hmacHeader } from "@connector-service/webhooks/Signature"
import * as Webhook from "@connector-service/webhooks/Webhook"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Redacted, Schema } from "effect"
import * as Http from "effect/http/HttpClientRequest"

const now = DateTime.makeUnsafe("2026-01-01T00:00:00Z")
const Secret = Schema.Struct({ key: Schema.RedactedFromValue(Schema.String) })
const event: Event = { _tag: "Other", id: "1", rawType: "thing", occurredAt: now, raw: "{}" }

const definition: Webhook.Definition<typeof Secret.Type> = {
  acknowledgement: { status: 202, body: "thanks" },
  verify: hmacHeader({
    header: "x-sig",
    algorithm: "sha256",
    encoding: "hex",
    key: ({ key }) => Buffer.from(Redacted.value(key))
  }),
  events: (delivery) => (parse(text(delivery)) === undefined ? undefined : [event]),
  route: (delivery) => (parse(text(delivery)) === undefined ? undefined : { account: "shop", objectIds: ["1"] })
}
const webhook = Webhook.make(Secret, definition)

const body = "Hi There"
// RFC 4231, section 4.2: test case 1, whose key is this text
const key = "\u000b".repeat(20)
const signature = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
const delivery = { method: "POST", url: "/", headers: [["X-Sig", signature]] as const, body: Buffer.from(body) }

const outcome = (secrets: ReadonlyArray<unknown>, given = delivery, of = webhook) =>
  Effect.match(Webhook.receive(of, given, secrets, now), {
    onFailure: ({ _tag }) => _tag,
    onSuccess: (reception) => reception
  })

describe("receive", () => {
  it.effect("gives what a proven delivery means, and the answer it wants", () =>
    Effect.gen(function* () {
      const readable = Webhook.make(Secret, { ...definition, events: () => [event] })
      assert.deepStrictEqual(yield* outcome([{ key }], delivery, readable), {
        _tag: "Received",
        events: [event],
        acknowledgement: { status: 202, body: "thanks" }
      })
    })
  )

  it.effect("refuses with what is wrong", () =>
    Effect.gen(function* () {
      // proven, and no JSON
      assert.strictEqual(yield* outcome([{ key }]), "Unreadable")
      assert.strictEqual(yield* outcome([{ key: "another" }]), "InvalidSignature")
      assert.strictEqual(yield* outcome([]), "UnknownSecret")
      assert.strictEqual(yield* outcome([{ token: key }]), "UnknownSecret")
      assert.strictEqual(yield* outcome([{ key }, { token: key }]), "UnknownSecret")
    })
  )

  it.effect("reads a secret once for each object that holds it", () =>
    Effect.gen(function* () {
      let read = 0
      const counted = Schema.String.check(
        Schema.makeFilter(() => {
          read += 1
          return true
        })
      )
      const counting = Webhook.make(Schema.Struct({ key: Schema.RedactedFromValue(counted) }), definition)
      const secrets = [{ key: "another" }, { key: "a third" }]
      assert.strictEqual(yield* outcome(secrets, delivery, counting), "InvalidSignature")
      const once = read
      assert.isAtLeast(once, 2)
      assert.strictEqual(yield* outcome([...secrets], delivery, counting), "InvalidSignature")
      assert.strictEqual(read, once)
      assert.strictEqual(yield* outcome([{ key: "another" }], delivery, counting), "InvalidSignature")
      assert.isAbove(read, once)
    })
  )

  it.effect("reads nothing of a delivery that is not proven", () =>
    Effect.gen(function* () {
      const read: Array<string> = []
      const watched = Webhook.make(Secret, {
        ...definition,
        events: () => {
          read.push("events")
          return []
        }
      })
      assert.strictEqual(yield* outcome([{ key: "another" }], delivery, watched), "InvalidSignature")
      assert.deepStrictEqual(read, [])
    })
  )

  it.effect("hands a question back, and goes on with its answer", () =>
    Effect.gen(function* () {
      const question = { request: Http.get("https://ca.example/"), as: "public", lasting: true } as const
      const asking = Webhook.make(Secret, {
        ...definition,
        events: () => [event],
        verify: () => ({
          _tag: "Asking",
          question,
          answered: (first) => ({
            _tag: "Asking",
            question: { ...question, as: "account" },
            answered: (second) => (first === "one" && second === "two" ? Webhook.proven : Webhook.refused())
          })
        })
      })
      const received = (answers: Array<string>) =>
        Webhook.receive(asking, delivery, [{ key }], now).pipe(
          Effect.flatMap((reception) =>
            Webhook.answered(reception, () => {
              const answer = answers.shift()
              return answer === undefined ? Effect.fail("silence" as const) : Effect.succeed(answer)
            })
          ),
          Effect.match({
            onFailure: (why) => (typeof why === "string" ? why : why._tag),
            onSuccess: ({ _tag }) => _tag
          })
        )
      assert.strictEqual(yield* received(["one", "two"]), "Received")
      assert.strictEqual(yield* received(["one", "three"]), "InvalidSignature")
      assert.strictEqual(yield* received(["one"]), "silence")
    })
  )
})

describe("identify", () => {
  it.effect("reads the routing reference without a secret, and says that it is unverified", () =>
    Effect.gen(function* () {
      const given = { ...delivery, headers: [], body: Buffer.from("{}") }
      assert.deepStrictEqual(yield* Webhook.identify(webhook, given), {
        _tag: "Unverified",
        account: "shop",
        objectIds: ["1"]
      })
      const { _tag } = yield* Effect.flip(Webhook.identify(webhook, delivery))
      assert.strictEqual(_tag, "Unreadable")
    })
  )
})
