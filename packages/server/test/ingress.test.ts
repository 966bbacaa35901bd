import { connect } from "node:net"
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest"
import { item, key, signedBatch } from "../../connectors/test/adyen/notifications.ts"
import { type Running, run } from "./kit.ts"
import { type Answer, type Post, receiver, receiving } from "./receiver.ts"
import { stripeDelivery, stripeEvent } from "./stripeDeliveries.ts"

afterEach(() => {
  vi.restoreAllMocks()
})

const accounts = {
  ACCOUNT_SHOP: JSON.stringify({
    stripe: {
      secretKey: "sk_test_shop",
      webhookSecrets: [{ signingSecret: "whsec_old" }, { signingSecret: "whsec_new" }]
    },
    adyen: { webhookSecrets: [{ hmacKey: key }] }
  }),
  ACCOUNT_OTHER: JSON.stringify({ stripe: { webhookSecrets: [{ signingSecret: "whsec_other" }] } }),
  ACCOUNT_BARE: JSON.stringify({ stripe: { secretKey: "sk_test_bare" } })
}

/** A server whose events are posted to this address. */
const serving = async (url: string, env: Readonly<Record<string, string>> = {}): Promise<Running> => {
  const running = await run({
    EVENT_SINK: "http",
    EVENT_URL: url,
    EVENT_SECRETS: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    ...accounts,
    ...env
  })
  onTestFinished(() => running.close())
  return running
}

const at = ({ httpPort }: Running, path = "stripe/shop") => `http://127.0.0.1:${httpPort}/webhooks/${path}`
const deliver = (
  running: Running,
  path?: string,
  delivery: RequestInit = stripeDelivery(stripeEvent("evt_1"), "whsec_new")
) => fetch(at(running, path), delivery)

/** All of an answer but what every answer has. */
const shown = async (response: Response) => {
  const { date: _date, ...headers } = Object.fromEntries(response.headers)
  return { status: response.status, headers, body: await response.text() }
}
const refusal = {
  status: 400,
  headers: { connection: "keep-alive", "content-length": "0", "keep-alive": expect.any(String) },
  body: ""
}

const idOf = ({ body }: Post): string => JSON.parse(body).id
const now = () => Math.floor(Date.now() / 1000)

describe("a delivery is acknowledged", () => {
  it("in the processor's own words, once its event is in safe hands", async () => {
    const { posts, url } = await receiver()
    const running = await serving(url)
    expect(await shown(await deliver(running))).toMatchObject({ status: 200, body: "" })
    expect(posts.map(idOf)).toEqual(["evt_1"])
    expect(JSON.parse(posts[0]?.body ?? "")).toMatchObject({ source: "/webhooks/stripe/shop", account: "shop" })
    // docs.adyen.com/development-resources/webhooks/handle-webhook-events
    const { body, headers } = signedBatch(item())
    const accepted = await deliver(running, "adyen/shop", {
      method: "POST",
      headers: Object.fromEntries(headers),
      body
    })
    expect(await shown(accepted)).toMatchObject({
      status: 200,
      headers: { "content-type": "text/plain" },
      body: "[accepted]"
    })
    expect(posts.map(idOf)).toEqual(["evt_1", "QFQTPCQ8HXSKGK82:AUTHORISATION:true"])
  })

  it("with each of an account's secrets, while one replaces the other", async () => {
    const { posts, url } = await receiver()
    const running = await serving(url)
    for (const secret of ["whsec_old", "whsec_new"]) {
      const response = await deliver(running, "stripe/shop", stripeDelivery(stripeEvent(`evt_${secret}`), secret))
      expect(response.status).toBe(200)
    }
    expect(posts.map(idOf)).toEqual(["evt_whsec_old", "evt_whsec_new"])
  })

  it("whatever stands in its query", async () => {
    const { url } = await receiver()
    expect((await deliver(await serving(url), "stripe/shop?shop=1")).status).toBe(200)
  })

  it("after another attempt, if that succeeds in the time that the processor waits", async () => {
    const { posts, url } = await receiver(500, "break", 200)
    expect((await deliver(await serving(url))).status).toBe(200)
    expect(posts.map(idOf)).toEqual(["evt_1", "evt_1", "evt_1"])
  })
})

describe("a delivery that is not proven is refused without a word, the same whatever is wrong", () => {
  const genuine = () => stripeDelivery(stripeEvent("evt_1"), "whsec_new")
  it.each([
    ["a forged one", "stripe/shop", () => stripeDelivery(stripeEvent("evt_1"), "whsec_forged")],
    [
      "one that another account's secret signed",
      "stripe/shop",
      () => stripeDelivery(stripeEvent("evt_1"), "whsec_other")
    ],
    [
      "one without a signature",
      "stripe/shop",
      () => ({ ...genuine(), headers: { "content-type": "application/json" } })
    ],
    ["one whose body was changed", "stripe/shop", () => ({ ...genuine(), body: stripeEvent("evt_2") })],
    [
      "a genuine one that is stale",
      "stripe/shop",
      () => stripeDelivery(stripeEvent("evt_1"), "whsec_new", now() - 301)
    ],
    ["a genuine one that cannot be read", "stripe/shop", () => stripeDelivery("{}", "whsec_new")],
    ["an account without secrets", "stripe/bare", genuine],
    ["an account that there is not", "stripe/nobody", genuine],
    ["a connector that the account does not have", "paypal/shop", genuine],
    ["a connector that there is not", "nobody/shop", genuine],
    ["an account that has no such name", "stripe/sh%20op", genuine],
    ["a path that goes on", "stripe/shop/more", genuine],
    ["a path without an account", "stripe", genuine],
    ["a path without a connector", "", genuine]
  ])("%s", async (_name, path, delivery) => {
    const { posts, url } = await receiver()
    expect(await shown(await deliver(await serving(url), path, delivery()))).toEqual(refusal)
    expect(posts).toEqual([])
  })
})

describe("a request that is no delivery is refused", () => {
  it.each(["stripe/shop", "nobody/nobody"])("by its method, type or encoding, the same at %s", async (path) => {
    const { posts, url } = await receiver()
    const running = await serving(url)
    const { body, headers } = stripeDelivery(stripeEvent("evt_1"), "whsec_new")
    for (const method of ["GET", "PUT", "DELETE", "OPTIONS"]) {
      const response = await fetch(at(running, path), { method, headers })
      expect([response.status, response.headers.get("allow"), await response.text()]).toEqual([405, "POST", ""])
    }
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""]) {
      const response = await deliver(running, path, {
        method: "POST",
        body,
        headers: { ...headers, "content-type": type }
      })
      expect([response.status, await response.text()]).toEqual([415, ""])
    }
    const encoded = await deliver(running, path, {
      method: "POST",
      body,
      headers: { ...headers, "content-encoding": "gzip" }
    })
    expect([encoded.status, await encoded.text()]).toEqual([415, ""])
    expect(posts).toEqual([])
  })

  it("by its size, but not one of the largest", async () => {
    const { posts, url } = await receiver()
    const running = await serving(url, { MAX_MESSAGE_BYTES: "2048" })
    const large = (size: number) => stripeDelivery(stripeEvent("evt_1").padEnd(size), "whsec_new")
    expect((await deliver(running, "stripe/shop", large(2049))).status).toBe(413)
    expect(posts).toEqual([])
    expect((await deliver(running, "stripe/shop", large(2048))).status).toBe(200)
  })

  it.each([
    ["the rest of its body", `content-length: 100\r\n\r\n{`],
    ["the rest of its head", `content-le`]
  ])("if it does not send %s", async (_name, rest) => {
    const { posts, url } = await receiver()
    const running = await serving(url, { REQUEST_TIMEOUT: "300 millis" })
    const answer = await new Promise<string>((resolve) => {
      let received = ""
      const head = "POST /webhooks/stripe/shop HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
      const socket = connect(running.httpPort, "127.0.0.1", () => void socket.write(head + rest))
      socket.on("data", (data) => (received += data))
      socket.on("close", () => resolve(received))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(posts).toEqual([])
  })
})

describe("a delivery is not acknowledged, so that its processor sends it again", () => {
  it.each<[string, Answer]>([
    ["answers with an error", 500],
    ["refuses", 400],
    ["does not answer", "nothing"],
    ["breaks off", "break"]
  ])("where the receiver %s for as long as the processor waits", async (_name, answer) => {
    const { posts, url } = await receiving(() => answer)
    const running = await serving(url, { DELIVERY_LIMIT: "600 millis" })
    expect(await shown(await deliver(running))).toMatchObject({ status: 503, body: "" })
    expect(posts.length).toBeGreaterThan(0)
  })

  it("where nobody receives", async () => {
    const running = await serving("http://127.0.0.1:1/hooks", { DELIVERY_LIMIT: "300 millis" })
    expect((await deliver(running)).status).toBe(503)
  })

  it("where one of its events is not in safe hands; sent again, each has the id that it had", async () => {
    let healthy = false
    const failing = "CAPTURE"
    const { posts, url } = await receiving((post) => (!healthy && idOf(post).includes(failing) ? 500 : 200))
    const running = await serving(url, { DELIVERY_LIMIT: "600 millis" })
    const { body, headers } = signedBatch(
      item(),
      item({ eventCode: failing, pspReference: "KHQC5N7G84BLNK43" }),
      item({ eventCode: "REFUND" })
    )
    const send = () => deliver(running, "adyen/shop", { method: "POST", headers: Object.fromEntries(headers), body })
    const idsOf = (all: ReadonlyArray<Post>) => new Set(all.map(({ headers }) => headers["webhook-id"]))

    expect((await send()).status).toBe(503)
    const before = [...posts]
    expect(new Set(before.map(idOf))).toContain("QFQTPCQ8HXSKGK82:AUTHORISATION:true")
    healthy = true
    expect((await send()).status).toBe(200)
    expect(idsOf(posts).size).toBe(3)
    expect(idsOf(posts.slice(before.length))).toEqual(idsOf(before))
  })

  it("where as many are worked on as may be", async () => {
    const held = await receiving(({ body }) => (body.includes("evt_first") ? "nothing" : 200))
    const running = await serving(held.url, { RUNNING_DELIVERIES: "1", DELIVERY_LIMIT: "1 second" })
    const first = deliver(running, "stripe/shop", stripeDelivery(stripeEvent("evt_first"), "whsec_new"))
    await held.came(1)
    expect((await deliver(running)).status).toBe(503)
    expect((await first).status).toBe(503)
    expect((await deliver(running)).status).toBe(200)
  })

  it("where its processor has gone: it is worked on no more", async () => {
    const held = await receiver("nothing")
    const running = await serving(held.url, { RUNNING_DELIVERIES: "1" })
    const gone = new AbortController()
    const first = deliver(running, "stripe/shop", {
      ...stripeDelivery(stripeEvent("evt_first"), "whsec_new"),
      signal: gone.signal
    })
    await held.came(1)
    gone.abort()
    await expect(first).rejects.toThrow()
    await expect.poll(async () => (await deliver(running)).status).toBe(200)
  })
})

describe("the log", () => {
  const logged = () => {
    const lines: Array<string> = []
    vi.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)))
    return lines
  }

  it("says why a delivery was refused, and holds nothing of it, and no secret", async () => {
    const lines = logged()
    const { url } = await receiver()
    const running = await serving(url, { LOG_LEVEL: "warn" })
    const { body, headers } = stripeDelivery(stripeEvent("evt_secretive"), "whsec_forged")
    await deliver(running, "stripe/shop?token=of-the-query", { method: "POST", body, headers })
    await deliver(running, "stripe/nobody")
    await deliver(running, "stripe/not%0aa-name")
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: "WARN",
        message: "A webhook was not acknowledged: InvalidSignature",
        annotations: { connector: "stripe", account: "shop" }
      },
      {
        level: "WARN",
        message: "A webhook was not acknowledged: UnknownSecret",
        annotations: { connector: "stripe", account: "nobody" }
      }
    ])
    for (const text of ["evt_secretive", "whsec_", "of-the-query", headers["stripe-signature"], "not%0a"]) {
      expect(lines.join()).not.toContain(text)
    }
  })

  it("says what each attempt to post an event came to", async () => {
    const lines = logged()
    const { url } = await receiver(503)
    const running = await serving(url, { LOG_LEVEL: "info" })
    expect((await deliver(running)).status).toBe(200)
    const attempts = lines.filter((line) => line.includes("An event was not taken"))
    expect(attempts.map((line) => JSON.parse(line).message)).toEqual([
      "An event was not taken: the receiver answered 503"
    ])
    expect(attempts.join()).not.toMatch(/hooks|whsec_|evt_1/)
  })

  it("says why an event is not in safe hands, and not where that is", async () => {
    const lines = logged()
    const { url } = await receiving(() => 503)
    const running = await serving(url, { LOG_LEVEL: "warn", DELIVERY_LIMIT: "300 millis" })
    await deliver(running)
    expect(JSON.parse(lines[0] ?? "{}")).toMatchObject({
      message: expect.stringMatching(/^A webhook was not acknowledged: NotSafe: /)
    })
    expect(lines.join()).not.toMatch(/hooks|whsec_/)
  })
})

describe("where events go nowhere", () => {
  it("there is no such path", async () => {
    const running = await run(accounts)
    onTestFinished(() => running.close())
    expect((await deliver(running)).status).toBe(404)
  })

  it.each([
    ["EVENT_URL", { EVENT_SECRETS: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }],
    ["EVENT_SECRETS", { EVENT_URL: "http://127.0.0.1:1/" }]
  ])("for want of %s, the server does not start", async (key, env) => {
    await expect(run({ EVENT_SINK: "http", ...env })).rejects.toThrow(`${key} must be given where EVENT_SINK is http.`)
  })

  it.each(["none", "grpc", "stdout"])("nor where a receiver is named and EVENT_SINK is %s", async (EVENT_SINK) => {
    const env = { EVENT_SINK, EVENT_URL: "http://127.0.0.1:1/" }
    await expect(run(env)).rejects.toThrow("EVENT_SINK must be http where EVENT_URL is given.")
  })
})
