import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import {
  WebhookServiceDefinition,
  type WebhookServiceSubscribeRequest
} from "@connector-service/proto/payments/v1/webhook"
import { createChannel, createClient } from "nice-grpc"
import { expect, it, onTestFinished } from "vitest"
import { stripeDelivery, stripeEvent } from "./stripeDeliveries.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

/** A server that writes events to its standard output, which nobody reads until asked to. */
const serving = async (env: Readonly<Record<string, string>> = {}) => {
  const child = spawn(process.execPath, ["--conditions=@connector-service/source", main], {
    env: {
      PATH: process.env.PATH,
      PORT: "0",
      HTTP_PORT: "0",
      EVENT_SINK: "stdout",
      ACCOUNT_SHOP: JSON.stringify({ stripe: { webhookSecrets: [{ signingSecret: "whsec_shop" }] } }),
      ...env
    },
    stdio: ["ignore", "pipe", "pipe"]
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  let out = ""
  let log = ""
  child.stderr.on("data", (data) => (log += data))
  const listening = /HTTP on (127\.0\.0\.1:\d+)\./
  await expect.poll(() => log, { timeout: 20_000 }).toMatch(listening)
  const http = `http://${listening.exec(log)?.[1]}`
  return {
    http,
    grpc: /gRPC on (127\.0\.0\.1:\d+)[.,]/.exec(log)?.[1] ?? "",
    deliver: (payload: string) =>
      fetch(`${http}/webhooks/stripe/shop`, stripeDelivery(payload, "whsec_shop")).then(({ status }) => status),
    read: () => child.stdout.on("data", (data) => (out += data)),
    out: () => out,
    log: () => log
  }
}

it("events are all that is on standard output, a line each, and the log is elsewhere", async () => {
  const { deliver, log, out, read } = await serving({ LOG_FORMAT: "pretty" })
  read()
  expect(await deliver(stripeEvent("evt_1"))).toBe(200)
  expect(await deliver("{}")).toBe(400)
  expect(await deliver(stripeEvent("evt_2"))).toBe(200)
  await expect.poll(() => out().split("\n").length).toBe(3)
  const lines = out().trimEnd().split("\n")
  expect(lines.map((line) => JSON.parse(line).id)).toEqual(["evt_1", "evt_2"])
  expect(log()).toContain("A webhook was not acknowledged: Unreadable")
}, 30_000)

it("where events go to subscribers or else here, here are those that nobody subscribes to", async () => {
  const { deliver, grpc, out, read } = await serving({ EVENT_SINK: "grpc-or-stdout" })
  read()
  expect(await deliver(stripeEvent("evt_1"))).toBe(200)
  const channel = createChannel(grpc)
  onTestFinished(() => channel.close())
  let acknowledge = (_deliveryNumber: bigint): void => {}
  const acknowledged = new Promise<bigint>((resolve) => {
    acknowledge = resolve
  })
  const requests = async function* (): AsyncGenerator<Partial<WebhookServiceSubscribeRequest>> {
    yield { request: { $case: "opening", value: { account: undefined } } }
    yield { request: { $case: "acknowledgement", value: { deliveryNumber: await acknowledged } } }
    await new Promise(() => {})
  }
  const gone = new AbortController()
  const opened = Promise.withResolvers<void>()
  const stream = createClient(WebhookServiceDefinition, channel).subscribe(requests(), {
    signal: gone.signal,
    onHeader: () => opened.resolve()
  })
  const first = stream[Symbol.asyncIterator]().next()
  await opened.promise
  const delivered = deliver(stripeEvent("evt_2"))
  const { value } = await first
  expect(value.event.id).toBe("evt_2")
  acknowledge(value.deliveryNumber)
  expect(await delivered).toBe(200)
  gone.abort()
  await expect.poll(() => deliver(stripeEvent("evt_3"))).toBe(200)
  await expect.poll(out).toContain("evt_3")
  expect(out()).not.toContain("evt_2")
}, 30_000)

it("where nobody reads them, nothing is acknowledged that is still in the process, and the rest goes on", async () => {
  const { deliver, http, out, read } = await serving({ DELIVERY_LIMIT: "300 millis" })
  const large = (id: string) => JSON.stringify({ ...JSON.parse(stripeEvent(id)), padding: "x".repeat(200_000) })
  const answers: Array<readonly [string, number]> = []
  // until what lies between the processes is full
  while (!answers.some(([, status]) => status === 503)) {
    const id = `evt_${answers.length}`
    answers.push([id, await deliver(large(id))])
  }
  expect((await fetch(`${http}/healthz`)).status).toBe(200)
  expect(await deliver(stripeEvent("evt_small"))).toBe(503)
  read()
  await expect.poll(() => deliver(stripeEvent("evt_last"))).toBe(200)
  await expect.poll(out).toContain("evt_last")
  const written = new Set(
    out()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).id)
  )
  for (const [id, status] of answers) if (status === 200) expect(written).toContain(id)
  // nobody waited for it when its turn came
  expect(written).not.toContain("evt_small")
}, 30_000)
