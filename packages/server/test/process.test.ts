import { type ChildProcess, spawn } from "node:child_process"
import { createServer, type Server } from "node:net"
import { fileURLToPath } from "node:url"
import { PaymentServiceDefinition } from "@connector-service/proto/payments/v1/payment"
import { PaymentStatus } from "@connector-service/proto/payments/v1/types"
import { type Sandbox, startSandbox } from "@connector-service/sandbox/Sandbox"
import { createChannel, createClient, createClientFactory } from "nice-grpc"
import { errorDetailsClientMiddleware } from "nice-grpc-error-details"
import { HealthDefinition } from "nice-grpc-server-health"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { authorize, environment, failure, target } from "./kit.ts"
import { answer, error, payment, use } from "./rpcKit.ts"

const patient = { timeout: 20_000 }
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))
const children = new Set<ChildProcess>()

interface Child {
  readonly kill: (signal: NodeJS.Signals) => void
  readonly stdout: () => string
  readonly stderr: () => string
  readonly exited: Promise<number | NodeJS.Signals | null>
}

const start = (env: Readonly<Record<string, string>>, ...args: ReadonlyArray<string>): Child => {
  const child = spawn(process.execPath, ["--conditions=@connector-service/source", main, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"]
  })
  children.add(child)
  let out = ""
  let err = ""
  child.stdout.on("data", (data) => (out += data))
  child.stderr.on("data", (data) => (err += data))
  return {
    kill: (signal) => void child.kill(signal),
    stdout: () => out,
    stderr: () => err,
    exited: new Promise((resolve) => {
      child.on("close", (code, signal) => {
        children.delete(child)
        resolve(code ?? signal)
      })
    })
  }
}

/** gRPC's and HTTP's ports, from the line that says that it listens. */
const listening = async (child: Child): Promise<readonly [grpc: number, http: number]> => {
  const line = /gRPC on 127\.0\.0\.1:(\d+), HTTP on 127\.0\.0\.1:(\d+)/
  await expect.poll(child.stdout, patient).toMatch(line)
  const [, grpc, http] = line.exec(child.stdout()) ?? []
  return [Number(grpc), Number(http)]
}

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterEach(() => {
  for (const child of children) child.kill("SIGKILL")
  sandbox.reset()
})
afterAll(() => sandbox.close())

/** Ports that are taken until the test ends. */
const taken = async (): Promise<{ readonly port: number; readonly server: Server }> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  if (typeof address !== "object" || address === null) throw new Error("no port")
  return { port: address.port, server }
}

const intents = "/stripe/v1/payment_intents"
/** The sandbox has the request and works on it. */
const atProcessor = async () => {
  const faults = await fetch(`${sandbox.url}/_sandbox/faults`)
  return faults.json()
}

describe("starting", { timeout: 30_000 }, () => {
  it("--help and --version", async () => {
    const help = start({}, "--help")
    const version = start({}, "--version")
    const wrong = start({}, "--helo")
    expect(await help.exited).toBe(0)
    expect(help.stdout()).toContain("PORT=50051")
    expect(help.stdout()).toContain("STRIPE_SANDBOX_URL=")
    expect(await version.exited).toBe(0)
    expect(version.stdout()).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(await wrong.exited).toBe(1)
    expect(wrong.stderr()).toMatch(/^[^\n]*--helo[^\n]*\n$/)
  })

  it("a wrong setting is one line, and exit 1", async () => {
    const env = { ...environment(sandbox), LOG_LEVEL: "info" }
    const wrong = [start({ ...env, PORT: "abc" }), start({ ...env, ACCOUNT_MAIN: "{sk_test_secret" })]
    expect(await Promise.all(wrong.map(({ exited }) => exited))).toEqual([1, 1])
    expect(wrong.map(({ stderr }) => stderr())).toEqual([
      expect.stringMatching(/^PORT must be [^\n]+\n$/),
      expect.stringMatching(/^ACCOUNT_MAIN must be [^\n]+\n$/)
    ])
    expect(wrong.map(({ stderr, stdout }) => stdout() + stderr()).join()).not.toContain("sk_test_secret")
  })

  it("a port that is taken is one line that names it and its setting, and exit 1", async () => {
    const { port, server } = await taken()
    const env = environment(sandbox)
    const children = [start({ ...env, PORT: `${port}` }), start({ ...env, HTTP_PORT: `${port}` })]
    expect(await Promise.all(children.map(({ exited }) => exited))).toEqual([1, 1])
    expect(children.map(({ stderr }) => stderr())).toEqual([
      `Port ${port} of 127.0.0.1 is taken: set PORT to another one.\n`,
      `Port ${port} of 127.0.0.1 is taken: set HTTP_PORT to another one.\n`
    ])
    server.close()
  })
})

describe("stopping", { timeout: 30_000 }, () => {
  it("SIGTERM lets the running call end, refuses new ones, and exits 0", async () => {
    const child = start({ ...environment(sandbox), LOG_LEVEL: "info" })
    const [port, httpPort] = await listening(child)
    const channel = createChannel(`127.0.0.1:${port}`)
    const payments = createClient(PaymentServiceDefinition, channel)

    const seen: Array<number> = []
    const watching = (async () => {
      for await (const { status } of createClient(HealthDefinition, channel).watch({ service: "" })) seen.push(status)
    })().catch(() => undefined)
    await expect.poll(() => seen, patient).toEqual([1])

    await sandbox.setFaults({ kind: "delay", path: intents, method: "POST", count: 1, milliseconds: 2500 })
    const paid = payments.authorize(authorize({ reference: "running" }), { metadata: target() })
    await expect.poll(atProcessor, patient).toEqual([])
    child.kill("SIGTERM")
    await watching
    expect(seen).toEqual([1, 2])
    expect((await fetch(`http://127.0.0.1:${httpPort}/readyz`)).status).toBe(503)
    expect((await fetch(`http://127.0.0.1:${httpPort}/healthz`)).status).toBe(200)
    const refused = failure(payments.authorize(authorize({ reference: "late" }), { metadata: target() }))
    expect((await refused).status).toBe("UNAVAILABLE")

    expect(await paid).toMatchObject({
      payment: { status: PaymentStatus.PAYMENT_STATUS_AUTHORIZED, reference: "running" }
    })
    expect(await child.exited).toBe(0)
    expect(sandbox.ledger().authorizations).toHaveLength(1)
    channel.close()
  })

  it("SIGTERM lets the running call over Effect RPC end, refuses new ones, and exits 0", async () => {
    const child = start({ ...environment(sandbox), LOG_LEVEL: "info" })
    const [, httpPort] = await listening(child)
    const authorizing = (reference: string) =>
      use({ httpPort }, (client) => client["payment.authorize"](payment({ reference })))
    await sandbox.setFaults({ kind: "delay", path: intents, method: "POST", count: 1, milliseconds: 2500 })
    const paid = authorizing("running")
    await expect.poll(atProcessor, patient).toEqual([])
    child.kill("SIGTERM")
    await expect.poll(async () => (await fetch(`http://127.0.0.1:${httpPort}/readyz`)).status, patient).toBe(503)
    const { consequence, reason } = await error(authorizing("late"))
    expect({ ...consequence, ...reason }).toMatchObject({ _tag: "Unreachable", moneyMoved: "NO", retryable: true })
    expect(await answer(paid)).toMatchObject({ status: "AUTHORIZED", reference: "running" })
    expect(await child.exited).toBe(0)
    expect(sandbox.ledger().authorizations).toHaveLength(1)
  })

  it("a write that outlasts the time to stop is told as unknown, with what settles it", async () => {
    const child = start({ ...environment(sandbox), SHUTDOWN_TIMEOUT: "1 second", LOG_LEVEL: "info" })
    const [port] = await listening(child)
    const channel = createChannel(`127.0.0.1:${port}`)
    await sandbox.setFaults({ kind: "hang_before", path: intents, method: "POST", count: 1 })
    const lost = failure(
      createClientFactory()
        .use(errorDetailsClientMiddleware)
        .create(PaymentServiceDefinition, channel)
        .authorize(authorize({ reference: "outlasts" }), {
          metadata: target()
        })
    )
    await expect.poll(atProcessor, patient).toEqual([])
    child.kill("SIGTERM")
    expect(await lost).toMatchObject({
      status: "UNKNOWN",
      info: { reason: "UnknownOutcome" },
      unsettled: { reference: "outlasts" }
    })
    expect(await child.exited).toBe(0)
    expect(child.stdout() + child.stderr()).toMatch(/still on the wire.*outlasts|outlasts.*still on the wire/)
    channel.close()
  })

  it("a second signal ends it at once", async () => {
    const child = start({ ...environment(sandbox), LOG_LEVEL: "info" })
    const [port, httpPort] = await listening(child)
    const channel = createChannel(`127.0.0.1:${port}`)
    await sandbox.setFaults({ kind: "hang_before", path: intents, method: "POST", count: 1 })
    const paid = createClient(PaymentServiceDefinition, channel).authorize(authorize(), { metadata: target() })
    paid.catch(() => undefined)
    await expect.poll(atProcessor, patient).toEqual([])
    child.kill("SIGINT")
    await expect.poll(async () => (await fetch(`http://127.0.0.1:${httpPort}/readyz`)).status, patient).toBe(503)
    child.kill("SIGTERM")
    expect(await child.exited).toBe(143)
    await expect(paid).rejects.toThrow()
    channel.close()
  })

  it("SIGINT without anything running exits 0", async () => {
    const child = start({ ...environment(sandbox), LOG_LEVEL: "info" })
    await listening(child)
    child.kill("SIGINT")
    expect(await child.exited).toBe(0)
    expect(child.stderr()).toBe("")
  })
})
