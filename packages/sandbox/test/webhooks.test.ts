import { describe, expect, test } from "vitest"
import { couriers } from "../src/Deliveries.ts"
import { at, authorize, cardPayment, clientOf, goodCard, sandboxForTests, take } from "./client.ts"
import { deliveriesOnce, deliverTo, receiverForTests } from "./Receiver.ts"

const sandbox = await sandboxForTests()
const receiver = await receiverForTests(sandbox)
const client = clientOf(sandbox)

const control = async (method: string, path: string, body?: unknown): Promise<readonly [number, unknown]> => {
  const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }
  const response = await fetch(`${sandbox.url}/_sandbox/${path}`, { method, ...sent })
  return [response.status, await response.json()]
}

const idOf = ({ body }: { readonly body: string }): unknown => at(JSON.parse(body), "id")
const typeOf = ({ body }: { readonly body: string }): unknown => at(JSON.parse(body), "type")

describe("deliveries", () => {
  test("go nowhere until somebody listens", async () => {
    await take(client)
    expect(sandbox.deliveries()).toEqual([])
  })

  test("come in their order, and are told with their tries and whether they were acknowledged", async () => {
    await deliverTo(sandbox, receiver, "stripe")
    await take(client)
    const arrived = await receiver.after(3)
    const types = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
    expect(arrived.map(typeOf)).toEqual(types)
    await deliveriesOnce(sandbox, (all) => all.every(({ acknowledged }) => acknowledged))
    const [status, told] = await control("GET", "deliveries")
    expect(status).toBe(200)
    expect(told).toEqual(
      types.map((type, place) => ({
        id: arrived.map(idOf)[place],
        processor: "stripe",
        type,
        url: receiver.url,
        tries: 1,
        status: 200,
        acknowledged: true,
        next_try: null
      }))
    )
  })

  test("are tried again, the same event each time, until they are acknowledged with a 2xx", async () => {
    await deliverTo(sandbox, receiver, "stripe")
    receiver.answers.push(500, 302, 204)
    await client.post("/v1/payment_intents", { amount: "500", currency: "usd" })
    const arrived = await receiver.after(3)
    expect(new Set(arrived.map(idOf)).size).toBe(1)
    const [delivery] = await deliveriesOnce(sandbox, ([one]) => one?.acknowledged === true)
    expect(delivery).toMatchObject({ tries: 3, status: 204, next_try: null })
  })

  test("are given up after as many tries as the processor makes", async () => {
    await deliverTo(sandbox, receiver, "stripe")
    receiver.answers.push(500, 500, 500, 500)
    await client.post("/v1/payment_intents", { amount: "500", currency: "usd" })
    // docs.stripe.com/webhooks: a sandbox's events are retried three times
    await receiver.after(4)
    const [delivery] = await deliveriesOnce(sandbox, ([one]) => one?.tries === 4)
    expect(delivery).toMatchObject({ status: 500, acknowledged: false, next_try: null })
  })

  test("wait as long as the processor does, times the scale", async () => {
    await deliverTo(sandbox, receiver, "stripe", { time_scale: 0.5 })
    receiver.answers.push(500)
    const before = Date.now()
    await client.post("/v1/payment_intents", { amount: "500", currency: "usd" })
    const [delivery] = await deliveriesOnce(sandbox, ([one]) => one?.next_try != null)
    const wait = (couriers.get("stripe")?.waits[0] ?? 0) / 2
    expect(Date.parse(delivery?.next_try ?? "")).toBeGreaterThanOrEqual(before + wait)
    expect(Date.parse(delivery?.next_try ?? "")).toBeLessThanOrEqual(Date.now() + wait)
  })

  test("are unanswered where nobody is there", async () => {
    await sandbox.addEndpoints({ processor: "stripe", url: "http://127.0.0.1:1/hooks" })
    await client.post("/v1/payment_intents", { amount: "500", currency: "usd" })
    const [delivery] = await deliveriesOnce(sandbox, ([one]) => one?.tries === 1)
    expect(delivery).toMatchObject({ status: null, acknowledged: false, next_try: expect.any(String) })
  })

  test("go to each of several endpoints, each signed with its own secret", async () => {
    await deliverTo(sandbox, receiver, "stripe")
    await deliverTo(sandbox, receiver, "stripe", { secret: "whsec_other" })
    await client.post("/v1/payment_intents", { amount: "500", currency: "usd" })
    const [one, other] = await receiver.after(2)
    expect(one?.body).toBe(other?.body)
    expect(one?.headers["stripe-signature"]).not.toBe(other?.headers["stripe-signature"])
  })

  test("show an object as it was then, whatever becomes of it", async () => {
    await deliverTo(sandbox, receiver, "stripe")
    receiver.answers.push(500)
    const id = await authorize(client)
    await client.post(`/v1/payment_intents/${id}/cancel`)
    const arrived = await receiver.after(5)
    const created = arrived.filter((one) => typeOf(one) === "payment_intent.created")
    expect(created.map(({ body }) => at(JSON.parse(body), "data.object.status"))).toEqual([
      "requires_confirmation",
      "requires_confirmation"
    ])
  })

  test("can be asked for again by their event's id", async () => {
    await deliverTo(sandbox, receiver, "stripe")
    await client.post("/v1/payment_intents", { amount: "500", currency: "usd" })
    const [first] = await receiver.after(1)
    const id = first && idOf(first)
    expect(await control("POST", "deliveries", { id })).toEqual([200, { id }])
    expect((await receiver.after(2)).map(idOf)).toEqual([id, id])
    for (const unknown of [{ id: "evt_none" }, {}, "nope"]) {
      expect(await control("POST", "deliveries", unknown)).toEqual([
        404,
        { error: expect.stringContaining("deliveries") }
      ])
    }
  })

  test("are forgotten by a reset, which keeps the endpoints", async () => {
    await deliverTo(sandbox, receiver, "stripe", { time_scale: 1 })
    receiver.answers.push(500)
    await client.post("/v1/payment_intents", { amount: "500", currency: "usd" })
    await deliveriesOnce(sandbox, ([one]) => one?.tries === 1)
    await control("POST", "reset")
    expect(sandbox.deliveries()).toEqual([])
    expect(sandbox.endpoints()).toMatchObject([{ url: receiver.url }])
  })
})

describe("a reset", () => {
  test("takes back what waits to be sent", async () => {
    await deliverTo(sandbox, receiver, "stripe")
    // of the payment's three events the first has gone out, and the next waits for its answer
    receiver.meanwhile.push(() => sandbox.reset())
    await take(client)
    await receiver.after(1)
    await client.post("/v1/payment_intents", { amount: "500", currency: "usd" })
    await deliveriesOnce(sandbox, ([one]) => one?.acknowledged === true)
    expect(receiver.arrived.map(typeOf)).toEqual(["payment_intent.created", "payment_intent.created"])
  })
})

describe("faults of deliveries", () => {
  const bend = (kind: string, path: string, more: object = {}) =>
    control("POST", "faults", { kind, path, count: 1, ...more })

  test("one comes twice", async () => {
    await deliverTo(sandbox, receiver, "stripe")
    await bend("delivery_twice", "/stripe/charge.succeeded")
    await take(client)
    expect((await receiver.after(4)).map(typeOf)).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "charge.succeeded",
      "payment_intent.succeeded"
    ])
    expect(new Set(receiver.arrived.map(idOf)).size).toBe(3)
  })

  test("one comes after the next", async () => {
    await deliverTo(sandbox, receiver, "stripe")
    await bend("delivery_swapped", "/stripe/charge.succeeded")
    await take(client)
    expect((await receiver.after(3)).map(typeOf)).toEqual([
      "payment_intent.created",
      "payment_intent.succeeded",
      "charge.succeeded"
    ])
  })

  test("one comes late", async () => {
    await deliverTo(sandbox, receiver, "stripe")
    await bend("delivery_late", "/stripe/payment_intent.created", { milliseconds: 3_600_000 })
    await take(client)
    expect((await receiver.after(2)).map(typeOf)).toEqual(["charge.succeeded", "payment_intent.succeeded"])
    const [late] = sandbox.deliveries()
    expect(late).toMatchObject({ type: "payment_intent.created", tries: 0, next_try: expect.any(String) })
  })

  test("a late one comes", async () => {
    await deliverTo(sandbox, receiver, "stripe")
    await bend("delivery_late", "/stripe", { milliseconds: 1 })
    await client.post("/v1/payment_intents", { amount: "500", currency: "usd" })
    expect(await receiver.after(1)).toHaveLength(1)
  })

  test("are listed with the others, change no reply, and are cleared with them", async () => {
    const twice = { kind: "delivery_twice", path: "/stripe", count: 1 }
    const page = { kind: "html", path: "/adyen", count: 1 }
    await control("POST", "faults", [twice, page])
    expect(await control("GET", "faults")).toEqual([200, [page, twice]])
    expect((await client.post("/v1/payment_intents", cardPayment(goodCard))).status).toBe(200)
    expect(await control("GET", "faults")).toEqual([200, [page, twice]])
    expect(await control("DELETE", "faults")).toEqual([200, []])
    expect(await control("GET", "faults")).toEqual([200, []])
  })
})

describe("endpoints", () => {
  test("are added, listed with what they were left out, and taken away", async () => {
    const url = "https://shop.example/hooks"
    const added = await control("POST", "webhooks", [
      { processor: "stripe", url },
      { processor: "adyen", url, secret: "AB".repeat(32), time_scale: 0.001 }
    ])
    const listed = [
      { processor: "stripe", url, secret: "whsec_sandbox", time_scale: 1 },
      { processor: "adyen", url, secret: "AB".repeat(32), time_scale: 0.001 }
    ]
    expect(added).toEqual([200, listed])
    expect(await control("GET", "webhooks")).toEqual([200, listed])
    expect(await control("DELETE", "webhooks")).toEqual([200, []])
    await take(client)
    expect(sandbox.deliveries()).toEqual([])
  })

  test.each([
    ["no JSON", "nope"],
    ["no object", "7"],
    ["no processor", { url: "http://a" }],
    ["an unknown processor", { processor: "acme", url: "http://a" }],
    ["no address", { processor: "stripe" }],
    ["an address that is none", { processor: "stripe", url: "http://" }],
    ["an address of another scheme", { processor: "stripe", url: "ftp://a" }],
    ["a secret of another form", { processor: "stripe", url: "http://a", secret: "secret" }],
    ["a key that is not hexadecimal", { processor: "adyen", url: "http://a", secret: "xyz" }],
    ["a scale below nothing", { processor: "stripe", url: "http://a", time_scale: -1 }],
    ["an unknown field", { processor: "stripe", url: "http://a", colour: "red" }],
    ["one good one and one bad", [{ processor: "stripe", url: "http://a" }, { processor: "paypal" }]]
  ])("with %s are refused with a sentence", async (_name, body) => {
    expect(await control("POST", "webhooks", body)).toEqual([400, { error: expect.stringMatching(/^["A-Z].*\.$/) }])
    expect(await control("GET", "webhooks")).toEqual([200, []])
  })

  test("the same is refused in process", async () => {
    await expect(sandbox.addEndpoints({ processor: "acme", url: "http://a" })).rejects.toThrow("processor")
  })
})
