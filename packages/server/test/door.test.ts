import { ConnectorServiceDefinition } from "@connector-service/proto/payments/v1/connector"
import { PaymentServiceDefinition } from "@connector-service/proto/payments/v1/payment"
import { PaymentStatus } from "@connector-service/proto/payments/v1/types"
import { Duration } from "effect"
import { createClient } from "nice-grpc"
import { HealthDefinition } from "nice-grpc-server-health"
import { ServerReflectionService } from "nice-grpc-server-reflection"
import { ServerReflectionRequest } from "nice-grpc-server-reflection/lib/proto/grpc/reflection/v1/reflection_pb.js"
import { afterEach, beforeEach, expect, it } from "vitest"
import { type Held, holding } from "./Held.ts"
import { authorize, call, failure, pay, type Running, run } from "./kit.ts"
import { answer, error, headers, payment, use } from "./rpcKit.ts"

const patient = { timeout: 10_000 }
/** One call runs and one waits, for as long as a test takes. */
const tiny = { RUNNING_CALLS: "1", WAITING_CALLS: "1", LONGEST_WAIT: "1 minute", STANDING_WAIT: "1 minute" }

let upstream: Held
let running: Running
const open = async (env: Readonly<Record<string, string>> = {}) => {
  running = await run({ ...tiny, STRIPE_SANDBOX_URL: upstream.url, ...env })
}
beforeEach(async () => {
  upstream = await holding()
})
afterEach(async () => {
  await upstream.close()
  await running.close()
})

/** A call, and how it ended: its answer's status, the reason that there is none, or that its caller has gone. */
interface Sent {
  readonly reference: string
  readonly ended: Promise<string>
  readonly leave: () => void
}
type Send = (reference: string) => Sent

const overGrpc: Send = (reference) => {
  const controller = new AbortController()
  const paid = pay(running, authorize({ reference }), { signal: controller.signal })
  const ended = paid
    .then(
      ({ payment }) => (payment?.status === PaymentStatus.PAYMENT_STATUS_DECLINED ? "DECLINED" : undefined),
      async () => (await failure(paid)).info?.reason
    )
    .catch(() => undefined)
  return { reference, ended: ended.then((end) => end ?? "gone"), leave: () => controller.abort() }
}

const overRpc: Send = (reference) => {
  const controller = new AbortController()
  const paid = use(running, (client) => client["payment.authorize"](payment({ reference })), {
    signal: controller.signal
  })
  const ended = answer(paid).then(
    ({ status }): string => status,
    async () => (await error(paid)).reason._tag
  )
  return { reference, ended: ended.catch(() => "gone"), leave: () => controller.abort() }
}

const entrances: ReadonlyArray<readonly [name: string, send: Send]> = [
  ["gRPC", overGrpc],
  ["Effect RPC", overRpc]
]

/** Fills the door: one call is at the upstream; of two more, whichever comes first waits, and the other is refused. */
const fill = async (send: Send, also: Send = send) => {
  const first = send("running")
  await expect.poll(() => upstream.came, patient).toEqual(["running"])
  const two = [send("one"), also("other")]
  const refused = await Promise.race(two.map(async (sent) => ({ sent, how: await sent.ended })))
  const waiting = two.find((sent) => sent !== refused.sent)
  if (waiting === undefined) throw new Error("both were refused")
  return { first, waiting, how: refused.how }
}

for (const [name, send] of entrances) {
  it(`${name}: who comes when the door is full is refused unsent; who waits has its turn`, async () => {
    await open()
    const { first, how, waiting } = await fill(send)
    expect(how).toBe("Overloaded")
    expect(upstream.came).toEqual(["running"])
    upstream.release("running")
    await expect.poll(() => upstream.came, patient).toEqual(["running", waiting.reference])
    upstream.release(waiting.reference)
    expect(await first.ended).toBe("DECLINED")
    expect(await waiting.ended).toBe("DECLINED")
    expect(upstream.came).toEqual(["running", waiting.reference])
  })

  it(`${name}: who leaves while it waits is never sent, and makes room`, async () => {
    await open()
    const { first, waiting } = await fill(send)
    waiting.leave()
    expect(await waiting.ended).toBe("gone")
    let probes = 0
    // a probe that is not refused has the place of the one that left, and leaves too
    const probe = () => {
      const { ended, leave } = send(`probe-${probes++}`)
      setTimeout(leave, 200)
      return ended
    }
    await expect.poll(probe, patient).toBe("gone")
    upstream.release("running")
    await first.ended
    const last = send("last")
    await expect.poll(() => upstream.came, patient).toContain("last")
    upstream.release("last")
    expect(await last.ended).toBe("DECLINED")
    expect(upstream.came).not.toContain(waiting.reference)
  })
}

it("all entrances are one door", async () => {
  await open()
  expect((await fill(overRpc, overGrpc)).how).toBe("Overloaded")
  expect(await overGrpc("grpc").ended).toBe("Overloaded")
  expect(await overRpc("rpc").ended).toBe("Overloaded")
  expect(upstream.came).toEqual(["running"])
})

it("a refused call is told so in full: no money moved, and when to come again", async () => {
  await open()
  await fill(overGrpc)
  const refused = await failure(pay(running, authorize({ reference: "refused" })))
  // google.rpc.ErrorInfo and RetryInfo, as a stock decoder reads them
  expect(refused).toMatchObject({
    status: "RESOURCE_EXHAUSTED",
    info: {
      reason: "Overloaded",
      domain: "payments.v1",
      metadata: { connector: "stripe", flow: "payment.authorize", money_moved: "NO", retryable: "true" }
    },
    error: { reason: { $case: "overloaded" } }
  })
  const { nanos = 0, seconds = 0 } = refused.retryInfo?.retryDelay ?? {}
  expect(seconds * 1000 + nanos / 1e6).toBeGreaterThanOrEqual(500)
  expect(seconds * 1000 + nanos / 1e6).toBeLessThan(1500)
  const { consequence, reason } = await error(use(running, (client) => client["payment.authorize"](payment())))
  expect(consequence).toMatchObject({ moneyMoved: "NO", retryable: true, fault: "SERVICE" })
  expect(reason._tag === "Overloaded" && Duration.toMillis(reason.retryAfter)).toBeGreaterThanOrEqual(500)
})

it("a refused repeat says nothing of the sending before it", async () => {
  await open()
  await fill(overGrpc)
  const repeat = authorize({ reference: "repeat", firstSentAt: new Date(Date.now() - 60_000) })
  expect(await failure(pay(running, repeat))).toMatchObject({
    status: "UNKNOWN",
    info: { reason: "UnknownOutcome", metadata: { money_moved: "UNKNOWN" } }
  })
  expect(upstream.came).toEqual(["running"])
})

it("who would wait past its deadline is refused at once, though there is room to wait", async () => {
  await open()
  void overGrpc("running")
  await expect.poll(() => upstream.came, patient).toEqual(["running"])
  const { authorize: method } = PaymentServiceDefinition.methods
  const path = "/payments.v1.PaymentService/Authorize"
  const hurried = call(running, path, method, authorize({ reference: "hurried" }), { deadline: 30_000 })
  expect(await failure(hurried)).toMatchObject({ status: "RESOURCE_EXHAUSTED", info: { reason: "Overloaded" } })
  const within = { headers: headers({ "x-timeout-ms": "30000" }) }
  const refused = use(running, (client) => client["payment.authorize"](payment({ reference: "hurried" })), within)
  expect((await error(refused)).reason._tag).toBe("Overloaded")
  expect(upstream.came).toEqual(["running"])
})

it("who waits is let in in the order of arrival", async () => {
  await open({ WAITING_CALLS: "3" })
  const references = ["running", "first", "second", "third"]
  // one connection keeps the order, so when the last is refused the others wait
  const sent = references.map((reference) => overGrpc(reference))
  expect(await overGrpc("refused").ended).toBe("Overloaded")
  for (const [index, reference] of references.entries()) {
    await expect.poll(() => upstream.came, patient).toEqual(references.slice(0, index + 1))
    upstream.release(reference)
    expect(await sent[index]?.ended).toBe("DECLINED")
  }
})

it("health, reflection and ConnectorService answer while the door is full", async () => {
  await open()
  await fill(overGrpc)
  const health = createClient(HealthDefinition, running.channel)
  expect(await health.check({ service: "" })).toMatchObject({ status: 1 })
  expect((await fetch(`http://127.0.0.1:${running.httpPort}/readyz`)).status).toBe(200)
  const { connectors } = await running.client(ConnectorServiceDefinition).list({})
  expect(connectors.map(({ id }) => id)).toContain("stripe")
  expect(await answer(use(running, (client) => client["connector.get"]({ id: "stripe" })))).toMatchObject({
    id: "stripe"
  })
  const reflection = createClient(ServerReflectionService, running.channel)
  const questions = (async function* () {
    yield new ServerReflectionRequest().setListServices("*")
  })()
  for await (const listed of reflection.serverReflectionInfo(questions)) {
    expect(listed.getListServicesResponse()?.getServiceList()).not.toEqual([])
    break
  }
  expect(upstream.came).toEqual(["running"])
})

it("a server that stops refuses who waits and lets who runs end", async () => {
  await open()
  const { first, waiting } = await fill(overGrpc)
  const stopped = running.stopServer()
  expect(await waiting.ended).toBe("Unreachable")
  upstream.release("running")
  expect(await first.ended).toBe("DECLINED")
  await stopped
  expect(upstream.came).toEqual(["running"])
})
