import { execFile } from "node:child_process"
import { promises as dns } from "node:dns"
import { createServer, connect as dial, type Socket } from "node:net"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { connect } from "../src/Client.ts"
import { errorOf } from "./errors.ts"
import { type Fake, hang, startFake, status } from "./Fake.ts"
import { capture, target } from "./inputs.ts"

const run = promisify(execFile)

let fake: Fake
beforeEach(async () => {
  fake = await startFake(hang)
})
afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await fake.close()
})

/** Passes bytes on between its callers and a port, until it is told to stop. */
const startRelay = async (port: number) => {
  const sockets: Array<Socket> = []
  const server = createServer((near) => {
    const far = dial(port, "127.0.0.1")
    for (const socket of [near, far]) sockets.push(socket.on("error", () => {}))
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const bound = server.address()
  return {
    address: `127.0.0.1:${typeof bound === "object" && bound !== null ? bound.port : 0}`,
    /** Says nothing any more, and does not hang up either. */
    silence: () => {
      for (const socket of sockets) socket.unpipe()
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      })
  }
}

test("a service that falls silent is asked after 30 s, and given up 10 s later", async () => {
  const relay = await startRelay(Number(fake.address.split(":")[1]))
  const client = connect(relay.address, { ...target, retry: false })
  const arrived = fake.next()
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
  // the call's own time limit is 90 s
  const call = errorOf(client.payment.capture(capture))
  await arrived
  relay.silence()
  await vi.advanceTimersByTimeAsync(30_000)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await call).toMatchObject({
    moneyMoved: "UNKNOWN",
    reason: { _tag: "UnknownOutcome", description: expect.stringMatching(/^UNAVAILABLE/) }
  })
  await relay.close()
  await client.close()
})

test("no service configuration, which could ask for repeats, is looked up in the DNS", async () => {
  fake.become(status(14))
  const lookup = vi.spyOn(dns, "lookup")
  // where it is: https://github.com/grpc/proposal/blob/master/A2-service-configs-in-dns.md
  const resolveTxt = vi.spyOn(dns, "resolveTxt").mockResolvedValue([])
  const client = connect(fake.address.replace("127.0.0.1", "localhost"), { ...target, retry: false })
  await errorOf(client.payment.capture(capture))
  expect(fake.seen).toHaveLength(1)
  expect(lookup).toHaveBeenCalled()
  expect(resolveTxt).not.toHaveBeenCalled()
  await client.close()
})

test("an unprotected call goes straight to its address, whatever proxy the environment names", async () => {
  fake.become(status(14))
  const program = `
    import { connect, result } from "@connector-service/sdk/Client"
    const client = connect("${fake.address}", { connector: "stripe", environment: "sandbox", account: "sandbox", retry: false })
    const { error } = await result(client.payment.get({ paymentId: "pi_1" }))
    console.log(error.reason._tag)
    await client.close()`
  // nothing listens there: RFC 6335 gives port 1 to a service that is not run any more
  const proxy = "http://127.0.0.1:1"
  const args = ["--conditions=@connector-service/source", "--input-type=module", "-e", program]
  const { stdout } = await run(process.execPath, args, {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    env: { ...process.env, grpc_proxy: proxy, https_proxy: proxy, http_proxy: proxy, no_grpc_proxy: "", no_proxy: "" }
  })
  expect(stdout.trim()).toBe("UnreadableReply")
  expect(fake.seen).toHaveLength(1)
})
