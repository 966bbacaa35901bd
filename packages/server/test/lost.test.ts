import { appendFileSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startSandbox } from "@connector-service/sandbox/Sandbox"
import { expect, it, onTestFinished } from "vitest"
import { freePorts, keeper, keptIn, nobody, server } from "./lost/processes.ts"

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

/** Whole numbers below a bound, always the same ones (Numerical Recipes' linear congruential generator). */
const numbers = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Takes a payment at the sandbox's Stripe, which tells three events of it. */
const take = (sandbox: string): Promise<Response> =>
  fetch(`${sandbox}/stripe/v1/payment_intents`, {
    method: "POST",
    headers: { authorization: "Bearer sk_test_lost", "content-type": "application/x-www-form-urlencoded" },
    body: "amount=500&currency=eur&confirm=true&payment_method=pm_card_visa&payment_method_types[]=card"
  })

const payments = 8
const rounds = 4

/** Keeps an event that was written as a line: its id is the id that it was sent under. */
const written = (file: string) => (line: string) => {
  const { id }: { readonly id: string } = JSON.parse(line)
  appendFileSync(file, `${id} ${id}\n`)
}

it.each(["http", "grpc", "stdout"] as const)(
  "whoever is killed at whatever moment, what is acknowledged is kept, and all arrives: %s",
  async (sink) => {
    const random = numbers({ http: 7, grpc: 11, stdout: 13 }[sink])
    const folder = mkdtempSync(join(tmpdir(), "lost-"))
    const file = join(folder, "kept")
    const [grpcPort = 0, httpPort = 0, sinkPort = 0] = await freePorts(3)
    const sandbox = await startSandbox()
    const processes = {
      server: server(
        {
          PORT: String(grpcPort),
          HTTP_PORT: String(httpPort),
          ACCOUNT_SANDBOX: JSON.stringify({ stripe: { webhookSecrets: [{ signingSecret: "whsec_sandbox" }] } }),
          EVENT_SINK: sink,
          ...(sink === "http" && { EVENT_URL: `http://127.0.0.1:${sinkPort}/`, EVENT_SECRETS: secret }),
          DELIVERY_LIMIT: "1 second"
        },
        sink === "stdout" ? written(file) : undefined
      ),
      keeper: {
        http: () => keeper("receiver", String(sinkPort), file, secret),
        grpc: () => keeper("subscriber", `127.0.0.1:${grpcPort}`, file),
        // the test reads the lines, and is not killed
        stdout: () => nobody
      }[sink]()
    }
    onTestFinished(async () => {
      await Promise.all([processes.server.end("SIGKILL"), processes.keeper.end("SIGKILL"), sandbox.close()])
      rmSync(folder, { recursive: true })
    })
    await processes.server.start()
    await processes.keeper.start()
    // Stripe tries again after 10 minutes, an hour and two: here within a second
    const url = `http://127.0.0.1:${httpPort}/webhooks/stripe/sandbox`
    await sandbox.addEndpoints({ processor: "stripe", url, time_scale: 1e-4 })

    const tries = () => sandbox.deliveries().reduce((sum, one) => sum + one.tries, 0)
    const acknowledged = () =>
      sandbox
        .deliveries()
        .filter((one) => one.acknowledged)
        .map(({ id }) => id)
    const kept = () => new Set(keptIn(file).map(([event]) => event))
    const missing = () => acknowledged().filter((id) => !kept().has(id))
    /** Sends again what Stripe has given up, as the Dashboard does when asked to. */
    const sendAgain = () =>
      Promise.all(
        sandbox
          .deliveries()
          .filter((one) => !one.acknowledged && one.tries > 0 && one.next_try === null)
          .map(({ id }) =>
            fetch(`${sandbox.url}/_sandbox/deliveries`, { method: "POST", body: JSON.stringify({ id }) })
          )
      )

    for (let round = 0; round < rounds; round += 1) {
      const until = tries() + 1 + random(2 * payments)
      const whom = (["server", sink === "stdout" ? "server" : "keeper"] as const)[random(2)] ?? "server"
      const signal = random(3) === 0 ? "SIGTERM" : "SIGKILL"
      const taken = Promise.all(Array.from({ length: payments }, () => take(sandbox.url)))
      // in the midst of them
      while (tries() < until) await new Promise((resolve) => setImmediate(resolve))
      await processes[whom].end(signal)
      expect(missing()).toEqual([])
      expect((await taken).map(({ status }) => status)).toEqual(Array.from({ length: payments }, () => 200))
      await sendAgain()
      await processes[whom].start()
    }

    const left = async () => {
      await sendAgain()
      return sandbox.deliveries().filter((one) => !one.acknowledged).length
    }
    await expect.poll(left, { interval: 100, timeout: 20_000 }).toBe(0)
    expect(sandbox.deliveries()).toHaveLength(3 * payments * rounds)
    expect(missing()).toEqual([])
    // some had to be sent again, or nothing was proven
    expect(tries()).toBeGreaterThan(3 * payments * rounds)

    const messages = new Map(keptIn(file))
    expect(keptIn(file).filter(([event, message]) => messages.get(event) !== message)).toEqual([])
    expect(new Set(messages.values()).size).toBe(messages.size)
  },
  60_000
)
